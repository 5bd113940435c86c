/**
 * Hands out the events of all replicas in the order of their numbers, each once, to whoever listens in this process.
 *
 * A number is given when a row is inserted, but the row is seen when its transaction is committed, so 8 may be there before 7;
 * and 7 may never come, because numbers of what is rolled back are void. A reader that passed 7 too early would lose it. So:
 * numbers that follow each other are passed. At a gap, the highest number that was seen says that all below it have been given.
 * A writer takes a RowExclusiveLock on the table before it asks for its number, and keeps it until its transaction has ended and
 * is visible (PostgreSQL makes a commit visible first and frees its locks then). So whoever may still fill the gap is among those
 * that hold that lock now. They are noted, once: writers that come later get higher numbers and can't keep the gap open. When
 * none of the noted is left, one more look shows all that the gap will ever hold, and the rest of it is void.
 * Transactions that write no events hold no such lock, however long they run. Old events are removed below what was passed,
 * where nobody looks. Where the feed begins, the last number given is treated as the far side of a gap.
 */
import type { Handle } from '../postgres/handle.js'
import type { Listener } from '../postgres/listener.js'
import { type EncodedEvent, encodeEvent } from './encoding.js'
import * as repository from './repository.js'

const BATCH = 500
/** A notification may get lost with its connection. */
const LOOK_EVERY_MS = 5000
const LONGEST_PAUSE_MS = 200
/** How long events are handed out before others get their turn. */
const TURN_MS = 20

export interface Subscriber {
  /** Is given every event, in order, beginning with those that were passed to the others before it came. */
  hand(event: EncodedEvent): void
}

export interface FeedOptions {
  readonly db: Handle
  readonly listener: Listener
  /** Told once for each time that PostgreSQL does not answer. */
  readonly onError: (error: unknown) => void
}

export class EventFeed {
  readonly #subscribers = new Set<Subscriber>()
  readonly #stopped = new AbortController()
  readonly #ready: Promise<void>
  #becomeReady = () => {}
  #passed: number | undefined
  /** Everything up to this number is as it will stay. */
  #settled = 0
  #wake = () => {}
  #woken = false
  #running: Promise<void> | undefined

  constructor(private readonly options: FeedOptions) {
    this.#ready = new Promise((resolve) => {
      this.#becomeReady = resolve
    })
  }

  /** Begins with what is committed from now on. */
  start(): void {
    const { listener } = this.options
    const wake = () => {
      this.#woken = true
      this.#wake()
    }
    listener.on(repository.EVENTS_CHANNEL, wake)
    listener.onGap(wake)
    this.#stopped.signal.addEventListener('abort', wake)
    this.#running = this.#run()
  }

  async stop(): Promise<void> {
    this.#stopped.abort()
    await this.#running
  }

  /** Resolves when the feed knows where it begins. */
  get ready(): Promise<void> {
    return this.#ready
  }

  /** Every event up to this number has been handed out, and none will come that has a lower one. */
  get passed(): number {
    return this.#passed ?? 0
  }

  /** Hands events above `passed` to the subscriber from now on; returns what ends that. */
  subscribe(subscriber: Subscriber): () => void {
    this.#subscribers.add(subscriber)
    return () => this.#subscribers.delete(subscriber)
  }

  async #run(): Promise<void> {
    for (let failed = false; !this.#stopped.signal.aborted; ) {
      try {
        this.#woken = false
        if (await this.#advance()) continue
        failed = false
      } catch (error) {
        if (!failed && !this.#stopped.signal.aborted) this.options.onError(error)
        failed = true
      }
      await this.#pause(failed ? LONGEST_PAUSE_MS : LOOK_EVERY_MS)
    }
  }

  /** One step; false when there is nothing to do. */
  async #advance(): Promise<boolean> {
    const { db } = this.options
    if (this.#passed === undefined) {
      this.#passed = await this.#settle(await repository.lastNumber(db))
      this.#becomeReady()
      return true
    }
    const seen = await repository.findEvents(db, this.#passed, { limit: BATCH })
    const last = seen.at(-1)
    if (!last) return false
    const passable = this.#passable(seen, this.#passed)
    if (passable.length > 0) await this.#handOut(passable)
    else this.#settled = await this.#settle(last.event_id)
    return true
  }

  /** The beginning of these events that nothing can come before any more. */
  #passable(seen: readonly repository.StoredEvent[], passed: number): readonly repository.StoredEvent[] {
    const gap = seen.findIndex(({ event_id }, i) => {
      const before = seen[i - 1]?.event_id ?? passed
      return event_id !== before + 1 && event_id > this.#settled
    })
    return gap < 0 ? seen : seen.slice(0, gap)
  }

  /** Waits for all that write events now, so that everything up to a number that was given before is as it will stay. */
  async #settle(upTo: number): Promise<number> {
    const { db } = this.options
    let writers = await repository.findWriters(db)
    for (let pauseMs = 5; writers.length > 0; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      this.#woken = false
      await this.#pause(pauseMs)
      this.#stopped.signal.throwIfAborted()
      const still = new Set(await repository.findWriters(db))
      writers = writers.filter((writer) => still.has(writer))
    }
    return upTo
  }

  /** `passed` moves when all have got all of it: who subscribes meanwhile is reached by this round too. */
  async #handOut(events: readonly repository.StoredEvent[]): Promise<void> {
    const encoded = events.map(encodeEvent)
    let turn = performance.now()
    for (const subscriber of this.#subscribers) {
      for (const event of encoded) subscriber.hand(event)
      if (performance.now() - turn < TURN_MS) continue
      await new Promise((resolve) => setImmediate(resolve))
      turn = performance.now()
    }
    this.#passed = events.at(-1)?.event_id ?? this.#passed
  }

  async #pause(ms: number): Promise<void> {
    if (this.#woken || this.#stopped.signal.aborted) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
