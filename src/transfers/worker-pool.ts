/** The worker threads: a load waits for a free one; a thread that dies is replaced and its load fails. */
import { Worker } from 'node:worker_threads'
import { fromErrorRecord, toErrorRecord } from '../errors.js'
import type { Loaded, LoadPlan, LoadProgress } from './load-plan.js'
import type { WorkerReply, WorkerRequest, WorkerSettings } from './worker.js'

/** A thread that dies is replaced after this pause, so that one that can't even start does not eat the processor. */
const RESPAWN_PAUSE_MS = 500

export class WorkerPool {
  readonly #free: Worker[] = []
  readonly #all = new Set<Worker>()
  readonly #waiting: ((worker: Worker) => void)[] = []
  #closed = false

  constructor(
    size: number,
    private readonly settings: WorkerSettings,
    private readonly onNotice: (sentence: string) => void,
  ) {
    for (let i = 0; i < size; i++) this.#spawn()
  }

  /**
   * Loads a frame in a worker. `beforeEffect` runs before rows go to the measurement itself; when it throws, none do.
   * @throws DomainError as `load` does; the signal's reason when it ends first
   */
  async run(plan: LoadPlan, signal: AbortSignal, hooks: RunHooks): Promise<Loaded> {
    const worker = await this.#acquire(signal)
    try {
      return await runIn(worker, plan, signal, { ...hooks, onNotice: this.onNotice })
    } finally {
      this.#release(worker)
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    const workers = [...this.#all]
    this.#all.clear()
    await Promise.all(workers.map((worker) => worker.terminate()))
  }

  #spawn(): void {
    const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: this.settings })
    worker.unref()
    this.#all.add(worker)
    worker.once('exit', () => {
      const at = this.#free.indexOf(worker)
      if (at >= 0) this.#free.splice(at, 1)
      if (this.#all.delete(worker)) setTimeout(() => this.#closed || this.#spawn(), RESPAWN_PAUSE_MS).unref()
    })
    // An error is told to the load that runs in the worker; without a listener it would end the process.
    worker.on('error', () => {})
    this.#release(worker)
  }

  #acquire(signal: AbortSignal): Promise<Worker> {
    signal.throwIfAborted()
    const worker = this.#free.pop()
    if (worker) return Promise.resolve(worker)
    return new Promise((resolve, reject) => {
      const take = (free: Worker) => {
        signal.removeEventListener('abort', leave)
        resolve(free)
      }
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(take), 1)
        reject(signal.reason)
      }
      this.#waiting.push(take)
      signal.addEventListener('abort', leave, { once: true })
    })
  }

  #release(worker: Worker): void {
    if (!this.#all.has(worker)) return
    const next = this.#waiting.shift()
    if (next) next(worker)
    else this.#free.push(worker)
  }
}

export interface RunHooks {
  readonly onProgress: (progress: LoadProgress) => void
  readonly beforeEffect: () => Promise<void>
}

interface Hooks extends RunHooks {
  readonly onNotice: (sentence: string) => void
}

function runIn(worker: Worker, plan: LoadPlan, signal: AbortSignal, hooks: Hooks): Promise<Loaded> {
  const tell = (request: WorkerRequest) => worker.postMessage(request)
  return new Promise<Loaded>((resolve, reject) => {
    const cancel = () => tell({ cancel: toErrorRecord(signal.reason) })
    const answerWhether = () => {
      hooks.beforeEffect().then(
        () => tell({ goAhead: true }),
        (error: unknown) => tell({ cancel: toErrorRecord(error) }),
      )
    }
    const done = () => {
      worker.off('message', onReply)
      worker.off('exit', onExit)
      worker.off('error', onFault)
      signal.removeEventListener('abort', cancel)
    }
    const onReply = (message: WorkerReply) => {
      if ('notice' in message) return hooks.onNotice(message.notice)
      if ('progress' in message) return hooks.onProgress(message.progress)
      if ('ready' in message) return answerWhether()
      done()
      if ('loaded' in message) resolve(message.loaded)
      else reject(message.stack ? new Error(message.stack) : fromErrorRecord(message.failed))
    }
    const onFault = (error: Error) => {
      done()
      reject(error)
    }
    const onExit = () => onFault(new Error('the worker thread ended while it loaded a frame'))
    worker.on('message', onReply)
    worker.once('exit', onExit)
    worker.once('error', onFault)
    signal.addEventListener('abort', cancel, { once: true })
    tell({ load: plan })
    if (signal.aborted) cancel()
  })
}
