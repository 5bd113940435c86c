/**
 * Locks by name that hold across processes: PostgreSQL's session-level advisory locks, on connections of their own, so that
 * a wait for a lock can't use up the connections that statements need. The lock goes with its connection: a process that
 * dies frees it at once. One lock at a time per caller: a second one inside could wait for ever.
 */
import pg from 'pg'
import { DomainError } from '../errors.js'
import { fromPostgres } from './failure.js'

export interface HeldLock {
  /** @throws DomainError POSTGRES_UNAVAILABLE when the lock's connection broke and somebody else may hold it now */
  assertHeld(): void
}

export class NamedLocks {
  readonly #pool: pg.Pool

  constructor(url: string, size: number) {
    this.#pool = new pg.Pool({
      connectionString: url,
      max: size,
      application_name: 'stage1-locks',
      connectionTimeoutMillis: 60_000,
    })
    this.#pool.on('error', () => {})
  }

  /** Runs `work` while holding the lock; waits for it as long as `signal` lets it. */
  async withLock<T>(name: string, signal: AbortSignal, work: (lock: HeldLock) => Promise<T>): Promise<T> {
    const client = await this.#connect()
    let broken: Error | undefined
    const onError = (error: Error) => {
      broken = error
    }
    client.on('error', onError)
    try {
      await acquire(client, name, signal)
      return await work({
        assertHeld: () => {
          if (broken)
            throw new DomainError('POSTGRES_UNAVAILABLE', 'PostgreSQL went away while a lock was held; try again', {})
        },
      })
    } finally {
      const unlocked = broken
        ? false
        : await client.query('select pg_advisory_unlock_all()').then(
            () => true,
            () => false,
          )
      client.off('error', onError)
      client.release(!unlocked)
    }
  }

  /** Runs `work` if nobody holds the lock, else returns undefined at once. */
  async tryLock<T>(name: string, work: () => Promise<T>): Promise<T | undefined> {
    const client = await this.#connect()
    try {
      const { rows } = await client.query('select pg_try_advisory_lock(hashtextextended($1, 0)) as taken', [name])
      return rows[0]?.taken ? await work() : undefined
    } finally {
      const unlocked = await client.query('select pg_advisory_unlock_all()').then(
        () => true,
        () => false,
      )
      client.release(!unlocked)
    }
  }

  close(): Promise<void> {
    return this.#pool.end()
  }

  #connect(): Promise<pg.PoolClient> {
    return this.#pool.connect().catch((error: unknown) => {
      throw fromPostgres(error)
    })
  }
}

/** Polls instead of waiting inside PostgreSQL, so that a caller who gives up leaves nothing behind. */
async function acquire(client: pg.PoolClient, name: string, signal: AbortSignal): Promise<void> {
  for (let waitMs = 2; ; waitMs = Math.min(waitMs * 2, 100)) {
    signal.throwIfAborted()
    const { rows } = await client
      .query('select pg_try_advisory_lock(hashtextextended($1, 0)) as taken', [name])
      .catch((error: unknown) => {
        throw fromPostgres(error)
      })
    if (rows[0]?.taken) return
    await new Promise((resolve) => setTimeout(resolve, waitMs))
  }
}
