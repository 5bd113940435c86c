/** The thread that decodes and loads frames, one at a time; the event loop of the server never sees a row. */
import { parentPort, workerData } from 'node:worker_threads'
import { yieldToEventLoop } from '../background.js'
import { type ErrorRecord, fromErrorRecord, toErrorRecord } from '../errors.js'
import { QuestDbClient } from '../questdb/client.js'
import { load } from './load.js'
import type { Loaded, LoadPlan, LoadProgress } from './load-plan.js'
import { Relay } from './relay.js'

/** What every load of a thread works with. */
export interface WorkerSettings {
  readonly questdbUrl: string
  readonly questdbTimeoutMs: number
  /** The folder shared with QuestDB; empty for none. */
  readonly importDir: string
}

export type WorkerRequest =
  | { readonly load: LoadPlan }
  | { readonly cancel: ErrorRecord }
  /** The answer to `ready`. */
  | { readonly goAhead: true }

export type WorkerReply =
  | { readonly progress: LoadProgress }
  | { readonly loaded: Loaded }
  /** The rows are about to be sent to the measurement itself; answered by `goAhead` or `cancel`. */
  | { readonly ready: true }
  /** `stack` is for the log, when the error was not a domain error. */
  | { readonly failed: ErrorRecord; readonly stack?: string }
  /** Something for the log that is no end of the load. */
  | { readonly notice: string }

yieldToEventLoop()

const { questdbUrl, questdbTimeoutMs, importDir } = workerData as WorkerSettings
const client = new QuestDbClient(questdbUrl, { timeoutMs: questdbTimeoutMs })
const port = parentPort
if (!port) throw new Error('this file runs as a worker thread')
const reply = (message: WorkerReply) => port.postMessage(message)
const relay =
  importDir === ''
    ? undefined
    : new Relay(importDir, client, (reason) =>
        reply({ notice: `frames go to QuestDB as line protocol, not through questdb.import_dir: ${reason}` }),
      )

let running: AbortController | undefined
let goAhead = () => {}

port.on('message', (request: WorkerRequest) => {
  if ('cancel' in request) running?.abort(fromErrorRecord(request.cancel))
  else if ('goAhead' in request) goAhead()
  else void run(request.load)
})

async function run(plan: LoadPlan): Promise<void> {
  const abort = new AbortController()
  running = abort
  try {
    const loaded = await load(plan, {
      client,
      questdbUrl,
      questdbTimeoutMs,
      relay,
      signal: abort.signal,
      onProgress: throttled((progress) => reply({ progress })),
      beforeEffect: () => askWhether(abort.signal),
    })
    reply({ loaded })
  } catch (error) {
    const failed = toErrorRecord(error)
    reply(failed.code === 'INTERNAL' ? { failed, stack: String((error as Error)?.stack ?? error) } : { failed })
  } finally {
    running = undefined
  }
}

/** Resolves when the main thread says go ahead, rejects when it cancels. */
function askWhether(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = () => reject(signal.reason)
    signal.addEventListener('abort', refuse, { once: true })
    goAhead = () => {
      signal.removeEventListener('abort', refuse)
      resolve()
    }
    reply({ ready: true })
    if (signal.aborted) refuse()
  })
}

function throttled(show: (progress: LoadProgress) => void): (progress: LoadProgress) => void {
  let last = 0
  return (progress) => {
    const now = performance.now()
    if (now - last < 100) return
    last = now
    show(progress)
  }
}
