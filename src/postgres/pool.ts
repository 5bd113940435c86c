/** Connections to PostgreSQL, with limits that end a wait when the server hangs (a plain pool waits for ever). */
import { Kysely, PostgresDialect, type PostgresPoolClient } from 'kysely'
import pg from 'pg'
import { isDomainError } from '../errors.js'
import { fromPostgres } from './failure.js'
import type { Database } from './schema.js'

export interface PoolOptions {
  readonly url: string
  readonly size: number
  readonly connectSeconds: number
  readonly statementSeconds: number
  /**
   * A transaction in which nothing is said for so long is ended by PostgreSQL: the process that stands still in it would keep its locks
   * from all others.
   */
  readonly silentTransactionSeconds: number
  /** Told when an idle connection breaks; the pool replaces it by itself. */
  readonly onIdleError: (error: Error) => void
}

const INT8_OID = 20
pg.types.setTypeParser(INT8_OID, Number)

export function createPool(options: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.size,
    connectionTimeoutMillis: options.connectSeconds * 1000,
    statement_timeout: options.statementSeconds * 1000,
    // A stopped server can't obey its own statement_timeout; this one is the client's.
    query_timeout: options.statementSeconds * 1000 + 1000,
    idle_in_transaction_session_timeout: options.silentTransactionSeconds * 1000,
    keepAlive: true,
    application_name: 'stage1',
    options: '-c timezone=UTC',
  })
  pool.on('error', options.onIdleError)
  // A connection may break between two statements of a transaction; without a listener that would end the process.
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

/** Kysely on the pool; an engine that is away shows as DomainError POSTGRES_UNAVAILABLE. */
export function createDatabase(pool: pg.Pool): Kysely<Database> {
  return new Kysely<Database>({
    dialect: new PostgresDialect({
      pool: {
        connect: async () => guarded(await pool.connect().catch(rethrow)),
        end: () => pool.end(),
      },
    }),
  })
}

/** A connection that failed is closed when it comes back: a statement that hung may still be running on it. */
function guarded(client: pg.PoolClient): PostgresPoolClient {
  let broken = false
  const fail = (error: unknown): never => {
    const known = fromPostgres(error)
    broken ||= isDomainError(known, 'POSTGRES_UNAVAILABLE')
    throw known
  }
  return {
    query: ((...parameters: Parameters<pg.PoolClient['query']>) =>
      (client.query(...parameters) as unknown as Promise<unknown>).catch(fail)) as PostgresPoolClient['query'],
    release: () => client.release(broken),
  }
}

function rethrow(error: unknown): never {
  throw fromPostgres(error)
}
