/** What an error of PostgreSQL means: it can't be reached, a value has no place in it, or two requests met. */
import { DomainError, diskFull, isDomainError } from '../errors.js'

/**
 * Classes 08 (connection), 53 (resources), 57 (shutdown, cancel, time limit) of PostgreSQL's error codes, 25P03 (a transaction that was
 * silent for too long), and the client's own.
 */
const AWAY_SQLSTATE = /^(08|53|57|25P03)/
const AWAY_SYSTEM = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'EAI_AGAIN',
])
const AWAY_TEXT =
  /timeout exceeded when trying to connect|Connection terminated|Query read timeout|Client has encountered a connection error|Cannot use a pool after/i

/** The connection broke, or PostgreSQL ended the session. */
const SESSION_ENDED_SQLSTATE = /^(08|57P0)/

const DISK_FULL = '53100'

/**
 * What only a value can cause: class 22 (too long, out of range, no such date, not the encoding, no JSON, …), a value that is
 * missing (23502) or forbidden (23514), and class 54 (more or deeper than PostgreSQL holds).
 */
const VALUE_SQLSTATE = /^(22|54|23502|23514)/
/** What was looked up before has been made, changed or removed by another since: 23503, 23505, 23P01. */
const CHANGED_SQLSTATE = /^23(503|505|P01)/
/** Two transactions in each other's way, of which PostgreSQL has ended this one (40001, 40P01), or a lock not to be had (55P03). */
const COLLISION_SQLSTATE = /^(40001|40P01|55P03)/

/** The error as the domain knows it; one that nobody foresaw unchanged. PostgreSQL's own words are for the log: they name tables. */
export function fromPostgres(error: unknown): unknown {
  if (error instanceof DomainError) return error
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown }
  if (code === DISK_FULL) return diskFull('PostgreSQL', { cause: error })
  if (typeof code === 'string') {
    if (VALUE_SQLSTATE.test(code))
      return new DomainError('REQUEST_INVALID', "a value of this request can't be stored; nothing was", [], {
        cause: error,
      })
    if (CHANGED_SQLSTATE.test(code))
      return new DomainError(
        'CHANGED_MEANWHILE',
        'another request has changed the same at the same time, and nothing of this one was stored; send it again',
        {},
        { cause: error },
      )
    if (COLLISION_SQLSTATE.test(code))
      return new DomainError(
        'POSTGRES_UNAVAILABLE',
        "this request and another were in each other's way, and nothing of this one was stored; try again shortly",
        {},
        { cause: error },
      )
  }
  const away =
    (typeof code === 'string' && (AWAY_SYSTEM.has(code) || AWAY_SQLSTATE.test(code))) ||
    (typeof message === 'string' && AWAY_TEXT.test(message))
  if (!away) return error
  return new DomainError('POSTGRES_UNAVAILABLE', 'PostgreSQL does not answer; try again shortly', {}, { cause: error })
}

/**
 * Whether a statement that failed so may have been committed all the same: its connection ended before PostgreSQL said how it went. An error
 * that PostgreSQL has told, other than that of a session that it ends (57P01 to 57P03), means that nothing was.
 */
export function mayBeCommitted(error: unknown): boolean {
  if (!isDomainError(error, 'POSTGRES_UNAVAILABLE')) return false
  const { code } = (error.cause ?? {}) as { code?: unknown }
  return typeof code !== 'string' || AWAY_SYSTEM.has(code) || SESSION_ENDED_SQLSTATE.test(code)
}
