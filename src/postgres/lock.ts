/**
 * Locks by name that hold across processes: PostgreSQL's session-level advisory locks, on connections of their own, so that
 * a wait for a lock can't use up the connections that statements need. The lock goes with its connection: a process that
 * dies frees it at once, and whoever goes on after its connection broke holds nothing: hence `requireHeld`. One lock at a time per
 * caller: a second one inside could wait for ever.
 */
import pg from 'pg'
import { DomainError } from '../errors.js'
import { fromPostgres } from './failure.js'

export interface LockOptions {
  readonly url: string
  /** How many locks this process may hold at a time; whoever waits for a lock takes no place from others. */
  readonly size: number
  readonly connectSeconds: number
  readonly statementSeconds: number
}

export interface HeldLock {
  /**
   * Asks PostgreSQL, since a process that stood still does not know what it has lost meanwhile.
   * @throws DomainError POSTGRES_UNAVAILABLE when the lock's connection broke and somebody else may hold it now
   */
  requireHeld(): Promise<void>
}

export class NamedLocks {
  readonly #pool: pg.Pool
  readonly #waiting: (() => void)[] = []
  #places: number

  constructor({ url, size, connectSeconds, statementSeconds }: LockOptions) {
    this.#places = size
    this.#pool = new pg.Pool({
      connectionString: url,
      max: size,
      application_name: 'stage1-locks',
      connectionTimeoutMillis: connectSeconds * 1000,
      // Asking for a lock never waits in PostgreSQL, so a server that takes longer is away.
      query_timeout: statementSeconds * 1000,
      keepAlive: true,
    })
    this.#pool.on('error', () => {})
    this.#pool.on('connect', (client) => client.on('error', () => {}))
  }

  /** Runs `work` while holding the lock; waits for it as long as `signal` lets it. */
  async withLock<T>(name: string, signal: AbortSignal, work: (lock: HeldLock) => Promise<T>): Promise<T> {
    // Polled instead of waited for inside PostgreSQL, so that a caller who gives up leaves nothing behind.
    for (let pauseMs = 2; ; pauseMs = Math.min(pauseMs * 2, 100)) {
      const done = await this.tryLock(name, signal, async (lock) => ({ result: await work(lock) }))
      if (done) return done.result
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }

  /** Runs `work` if nobody holds the lock, else returns undefined at once. */
  async tryLock<T>(name: string, signal: AbortSignal, work: (lock: HeldLock) => Promise<T>): Promise<T | undefined> {
    return this.#onConnection(signal, async (client, lock) =>
      (await tryAcquire(client, name)) ? work(lock) : undefined,
    )
  }

  close(): Promise<void> {
    return this.#pool.end()
  }

  async #onConnection<T>(signal: AbortSignal, work: (client: pg.PoolClient, lock: HeldLock) => Promise<T>): Promise<T> {
    await this.#takePlace(signal)
    try {
      const client = await this.#pool.connect().catch(rethrow)
      let broken = false
      const onError = () => {
        broken = true
      }
      client.on('error', onError)
      try {
        return await work(client, {
          requireHeld: () =>
            client.query('select').then(
              () => {},
              (error: unknown) => {
                broken = true
                throw lockLost(error)
              },
            ),
        })
      } finally {
        const freed = !broken && (await client.query('select pg_advisory_unlock_all()').then(Boolean, () => false))
        client.off('error', onError)
        client.release(!freed)
      }
    } finally {
      this.#givePlace()
    }
  }

  async #takePlace(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    if (this.#places > 0) {
      this.#places--
      return
    }
    await new Promise<void>((resolve, reject) => {
      const take = () => {
        signal.removeEventListener('abort', leave)
        resolve()
      }
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(take), 1)
        reject(signal.reason)
      }
      this.#waiting.push(take)
      signal.addEventListener('abort', leave, { once: true })
    })
  }

  #givePlace(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#places++
  }
}

async function tryAcquire(client: pg.PoolClient, name: string): Promise<boolean> {
  const { rows } = await client
    .query('select pg_try_advisory_lock(hashtextextended($1, 0)) as taken', [name])
    .catch(rethrow)
  return rows[0]?.taken === true
}

function lockLost(cause: unknown): DomainError {
  const sentence = 'PostgreSQL went away while a lock was held; try again'
  return new DomainError('POSTGRES_UNAVAILABLE', sentence, {}, { cause })
}

function rethrow(error: unknown): never {
  throw fromPostgres(error)
}
