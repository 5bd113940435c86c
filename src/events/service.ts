import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { DomainError } from '../errors.js'
import { type Handle, inTransaction } from '../postgres/handle.js'
import type { EventFeed } from './feed.js'
import * as repository from './repository.js'
import { EventStream, type StreamOptions } from './stream.js'

export type { EventFilter, NewEvent } from './repository.js'

/**
 * Stores events as a part of a transaction and has them told when it is committed. Should be among its last statements: readers
 * wait for a transaction that holds a lower number than the one they want to pass.
 */
export function recordEvents(tx: Handle, events: readonly repository.NewEvent[]): Promise<void> {
  return repository.insertEvents(tx, events)
}

export interface EventParts {
  readonly db: Handle
  readonly feed: EventFeed
  /** How often a stream says that it stands. */
  readonly heartbeatSeconds: number
  /** How long events are kept. */
  readonly keepDays: number
}

const READY_LIMIT_MS = 5000
const REMOVED_AT_A_TIME = 5000

/** What has happened, as streams that miss nothing. */
export class EventService {
  constructor(private readonly parts: EventParts) {}

  /**
   * The events after a number, or from now on, until the signal ends them.
   * @throws DomainError REQUEST_INVALID for a number that was never given, POSTGRES_UNAVAILABLE
   */
  async stream(
    filter: repository.EventFilter,
    since: { number: number; from: { in: string; pointer: string } } | undefined,
    signal: AbortSignal,
  ): Promise<Readable> {
    const { feed, heartbeatSeconds } = this.parts
    if (since) await this.#requireGiven(since)
    const now = await this.position()
    return new EventStream({
      feed,
      filter,
      since: since?.number ?? now,
      heartbeatMs: heartbeatSeconds * 1000,
      page: this.#page,
      signal,
    })
  }

  /**
   * The number after which comes all that happens from now on. Not the highest number there is: one below it may still be committed.
   * @throws DomainError POSTGRES_UNAVAILABLE
   */
  async position(): Promise<number> {
    const { feed } = this.parts
    if (!(await within(READY_LIMIT_MS, feed.ready)))
      throw new DomainError('POSTGRES_UNAVAILABLE', 'the server does not know yet what has happened; try again shortly')
    return feed.passed
  }

  /** Removes events that are older than they are kept, in steps that hold up nobody. */
  async sweep(): Promise<void> {
    const { db, keepDays } = this.parts
    const remove = (tx: Handle) => repository.removeEvents(tx, keepDays, REMOVED_AT_A_TIME)
    while ((await inTransaction(db, remove)) === REMOVED_AT_A_TIME);
  }

  readonly #page: StreamOptions['page'] = async (after, upTo, filter, limit) => {
    const events = await repository.findEvents(this.parts.db, after, { limit, upTo, filter })
    // Asked after the events, so that it tells of all that they may lack.
    return { events, removedUpTo: await repository.removedUpTo(this.parts.db) }
  }

  async #requireGiven({ number, from }: { number: number; from: { in: string; pointer: string } }): Promise<void> {
    const last = await repository.lastNumber(this.parts.db)
    if (number <= last) return
    throw new DomainError('REQUEST_INVALID', `there is no event ${number} yet; the last one is ${last}`, [
      { ...from, expected: `a number up to ${last}` },
    ])
  }
}

async function within(limitMs: number, done: Promise<void>): Promise<boolean> {
  const late = new AbortController()
  try {
    return await Promise.race([done.then(() => true), sleep(limitMs, false, { signal: late.signal })])
  } finally {
    late.abort()
  }
}
