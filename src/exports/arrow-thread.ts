import { Readable } from 'node:stream'
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import { DomainError, fromErrorRecord, toErrorRecord } from '../errors.js'
import type { ArrowReply, ArrowRequest, ArrowSettings, ArrowWork } from './arrow-work.js'

/**
 * One thread for all Arrow exports, beside the threads of imports: an export waits for its reader most of the time, so a thread
 * of the imports' pool would be taken away for hours, and one thread serves many readers. It starts with the first export,
 * and anew after it has died; what it was sending then is cut off.
 */
export class ArrowThread {
  #worker: Worker | undefined

  constructor(private readonly settings: ArrowSettings) {}

  /**
   * The rows as an Arrow IPC stream, once the first bytes are there; later failures destroy it. The signal, or destroying the
   * stream, ends the query and the work.
   * @throws DomainError QUESTDB_REFUSED, QUESTDB_UNAVAILABLE, TIME_LIMIT, EXPORT_TOO_LARGE, or the signal's reason
   */
  async stream(work: ArrowWork, signal: AbortSignal): Promise<Readable> {
    signal.throwIfAborted()
    const { port1, port2 } = new MessageChannel()
    const stream = new ArrowStream(port1)
    const leave = () => stream.destroy(signal.reason as Error)
    signal.addEventListener('abort', leave, { once: true })
    stream.once('close', () => signal.removeEventListener('abort', leave))
    this.#started().postMessage({ work, port: port2 }, [port2])
    await stream.begun
    return stream
  }

  async close(): Promise<void> {
    await this.#worker?.terminate()
  }

  #started(): Worker {
    if (this.#worker) return this.#worker
    const worker = new Worker(new URL('./arrow-worker.js', import.meta.url), { workerData: this.settings })
    worker.unref()
    // Its streams see their ports close; without a listener an error would end the process.
    worker.on('error', () => {})
    worker.once('exit', () => {
      if (this.#worker === worker) this.#worker = undefined
    })
    this.#worker = worker
    return worker
  }
}

/** What one export sends, asked for chunk by chunk. */
class ArrowStream extends Readable {
  readonly begun: Promise<void>
  #begin = () => {}
  #ended = false

  constructor(private readonly port: MessagePort) {
    super({ highWaterMark: 1 })
    this.begun = new Promise((resolve, reject) => {
      this.#begin = resolve
      // Whoever reads learns of errors; without a listener, one that comes before the reader would end the process.
      this.on('error', reject)
    })
    this.begun.catch(() => {})
    port.on('message', (reply: ArrowReply) => this.#take(reply))
    port.on('close', () => this.#ended || this.destroy(new Error('the thread that makes Arrow ended')))
    this.#tell('more')
  }

  override _read(): void {
    this.#tell('more')
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (!this.#ended)
      this.#tell({ cancel: toErrorRecord(error ?? new DomainError('CANCELLED', 'the reader has left')) })
    this.port.close()
    done(error)
  }

  #take(reply: ArrowReply): void {
    if (reply === 'end') {
      this.#ended = true
      this.push(null)
    } else if ('failed' in reply) {
      this.#ended = true
      this.destroy(reply.stack ? new Error(reply.stack) : fromErrorRecord(reply.failed))
    } else {
      this.push(Buffer.from(reply.chunk.buffer))
      this.#begin()
    }
  }

  #tell(request: ArrowRequest): void {
    this.port.postMessage(request)
  }
}
