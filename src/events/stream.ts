/**
 * One client's stream: first what is stored after its number, in pages and as fast as it reads, then what the feed hands out.
 * The change-over is without gap or double: pages reach up to where the feed stands, and the stream subscribes in the same turn
 * of the event loop in which it finds itself there. A number above that, from a replica that is ahead, just waits. A burst that is more
 * than may wait sends the stream back to the pages, so a client is cut off only when it stops reading, never for being told much at once.
 */
import { Readable } from 'node:stream'
import { type EncodedEvent, encodeEvent, heartbeat, lost, opening, passes } from './encoding.js'
import type { EventFeed, Subscriber } from './feed.js'
import type { EventFilter, StoredEvent } from './repository.js'

const PAGE = 100
/** Where so much waits, no more is taken from the feed: the client is sent the rest from the table, as fast as it reads. */
const MOST_WAITING_BYTES = 1 << 20
/** A client that takes nothing for so long is cut off; it connects again and is sent from the table what it lacks. */
const STALLED_MS = 5000

export interface StreamOptions {
  readonly feed: EventFeed
  readonly filter: EventFilter
  /** The number after which events are wanted. */
  readonly since: number
  readonly heartbeatMs: number
  /** The next stored events up to a number, and the number up to which events have been removed. */
  readonly page: (
    after: number,
    upTo: number,
    filter: EventFilter,
    limit: number,
  ) => Promise<{ events: StoredEvent[]; removedUpTo: number }>
  /** Ends the stream. */
  readonly signal: AbortSignal
}

export class EventStream extends Readable implements Subscriber {
  readonly #options: StreamOptions
  readonly #heartbeat: NodeJS.Timeout
  #position: number
  #over = false
  /** Has left the feed, and will read from the table what it was not handed. */
  #behind = false
  #leave = () => {}
  #resume = () => {}

  constructor(options: StreamOptions) {
    super({ highWaterMark: 16 << 10 })
    this.#options = options
    this.#position = options.since
    this.#send(opening(this.#position))
    this.#heartbeat = setInterval(() => {
      if (this.readableLength === 0) this.#send(heartbeat(this.#position))
    }, options.heartbeatMs).unref()
    if (options.signal.aborted) this.#end()
    else options.signal.addEventListener('abort', this.#end, { once: true })
    this.#replay().catch((error: unknown) => this.destroy(error as Error))
  }

  hand(event: EncodedEvent): void {
    if (this.#behind || event.number <= this.#position) return
    if (this.readableLength > MOST_WAITING_BYTES) {
      this.#fallBehind()
      return
    }
    this.#position = event.number
    if (!passes(this.#options.filter, event)) return
    this.#send(event.bytes)
  }

  override _read(): void {
    this.#resume()
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#stop()
    done(error)
  }

  async #replay(): Promise<void> {
    const { feed, filter, page } = this.#options
    for (let upTo = feed.passed; this.#position < upTo && !this.#over; upTo = feed.passed) {
      const { events, removedUpTo } = await page(this.#position, upTo, filter, PAGE)
      if (removedUpTo > this.#position) this.#send(lost(this.#position, removedUpTo + 1))
      for (const event of events) {
        await this.#room()
        this.#position = event.event_id
        this.#send(encodeEvent(event).bytes)
      }
      if (events.length < PAGE) this.#position = upTo
    }
    if (!this.#over) this.#leave = feed.subscribe(this)
  }

  #fallBehind(): void {
    this.#behind = true
    this.#leave()
    this.#room()
      .then(() => {
        this.#behind = false
        return this.#replay()
      })
      .catch((error: unknown) => this.destroy(error as Error))
  }

  #send(block: string | Buffer): void {
    if (!this.#over) this.push(block)
  }

  /** Resolves when the client has taken what was sent. */
  async #room(): Promise<void> {
    while (!this.#over && this.readableLength >= this.readableHighWaterMark)
      await new Promise<void>((resolve) => {
        const stalled = setTimeout(() => this.destroy(new Error('a reader of events is too slow')), STALLED_MS)
        this.#resume = () => {
          clearTimeout(stalled)
          resolve()
        }
      })
  }

  /** An end that the client sees as one: it connects again, to another replica perhaps. */
  readonly #end = (): void => {
    if (this.#over) return
    this.#stop()
    this.push(null)
  }

  #stop(): void {
    this.#over = true
    clearInterval(this.#heartbeat)
    this.#leave()
    this.#resume()
    this.#options.signal.removeEventListener('abort', this.#end)
  }
}
