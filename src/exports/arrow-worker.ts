/**
 * The thread that makes Arrow of rows. QuestDB's Parquet has its directory at its end, so it is written to a file first; the file has
 * no name any more when its first byte comes, so the disk is free again whatever ends this. Many exports go on side by side, each a
 * batch at a time when its reader asks for one: a slow reader holds up nobody.
 */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { yieldToEventLoop } from '../background.js'
import { DomainError, fromErrorRecord, isDomainError, toErrorRecord } from '../errors.js'
import { arrowFromParquet } from '../frames/arrow-from-parquet.js'
import { BatchedFile } from '../frames/batched-file.js'
import { FrameFile } from '../frames/frame-file.js'
import { QuestDbClient } from '../questdb/client.js'
import { unavailable } from '../questdb/failures.js'
import { streamPlainParquet } from '../questdb/reading.js'
import type { ArrowReply, ArrowRequest, ArrowSettings, ArrowWork } from './arrow-work.js'

const { questdbUrl, questdbTimeoutMs, folder, maxBytes } = workerData as ArrowSettings
const client = new QuestDbClient(questdbUrl, { timeoutMs: questdbTimeoutMs })

yieldToEventLoop()
parentPort?.on('message', ({ work, port }: { work: ArrowWork; port: MessagePort }) => {
  void run(work, port)
})

async function run(work: ArrowWork, port: MessagePort): Promise<void> {
  const reply = (message: ArrowReply, transfer: readonly ArrayBuffer[] = []) => port.postMessage(message, transfer)
  const abort = new AbortController()
  const reader = new Reader(port, abort)
  try {
    const { file, close } = await spooled(work, abort.signal)
    try {
      for await (const chunk of arrowFromParquet(file)) {
        await reader.wants(abort.signal)
        reply({ chunk }, [chunk.buffer])
      }
    } finally {
      await close()
    }
    reply('end')
  } catch (error) {
    const failed = toErrorRecord(misread(error))
    reply(failed.code === 'INTERNAL' ? { failed, stack: String((error as Error)?.stack ?? error) } : { failed })
  } finally {
    port.close()
  }
}

/** How many chunks the reader has asked for; its leaving ends the work. */
class Reader {
  #asked = 0

  constructor(
    private readonly port: MessagePort,
    abort: AbortController,
  ) {
    port.on('message', (message: ArrowRequest) => {
      if (message === 'more') this.#asked++
      else abort.abort(fromErrorRecord(message.cancel))
    })
    port.on('close', () => abort.abort(new DomainError('CANCELLED', 'the reader has left')))
  }

  /** Resolves when a chunk is asked for; rejects with the signal's reason. */
  async wants(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    while (this.#asked === 0) {
      await once(this.port, 'message', { signal }).catch(() => signal.throwIfAborted())
    }
    this.#asked--
  }
}

/** Bytes of all files that wait here. */
let held = 0

/** QuestDB's answer as a file without a name. @throws DomainError EXPORT_TOO_LARGE, what QuestDB says, or the signal's reason */
async function spooled(work: ArrowWork, signal: AbortSignal): Promise<{ file: FrameFile; close: () => Promise<void> }> {
  signal.throwIfAborted()
  const limits = { signal, timeoutS: work.timeoutSeconds, timeoutMs: work.timeoutSeconds * 1000 }
  const rows = await streamPlainParquet(client, work.sql, { ...limits, rowsPerGroup: work.rowsPerGroup })
  const handle = await nameless()
  const batched = new BatchedFile(handle)
  let bytes = 0
  const close = async () => {
    held -= bytes
    await batched.settle()
    await handle.close()
  }
  try {
    for await (const chunk of rows as AsyncIterable<Buffer>) {
      bytes += chunk.length
      held += chunk.length
      if (bytes > maxBytes) throw tooLarge()
      if (held > maxBytes) throw unavailable('Other exports take all the room for files; try again shortly.')
      await batched.write(chunk)
    }
    await batched.end()
    return { file: await FrameFile.over(handle), close }
  } catch (error) {
    await close()
    throw error
  } finally {
    rows.destroy()
  }
}

async function nameless(): Promise<FileHandle> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, `${randomUUID()}.rows`)
  const handle = await open(path, 'wx+', 0o600)
  await rm(path)
  return handle
}

function tooLarge(): DomainError {
  return new DomainError('EXPORT_TOO_LARGE', `the rows have more than ${maxBytes} bytes; ask for less at a time`, {
    limit: maxBytes,
  })
}

/** A file that can't be read is no fault of whoever asked for rows. */
function misread(error: unknown): unknown {
  return isDomainError(error, 'FRAME_MALFORMED')
    ? unavailable('What QuestDB sent cannot be made Arrow of.', { text: error.message })
    : error
}
