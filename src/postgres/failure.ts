/** Tells "PostgreSQL can't be reached" from "PostgreSQL refused the statement". */
import { DomainError, diskFull } from '../errors.js'

/** Classes 08 (connection), 53 (resources), 57 (shutdown, cancel, time limit) of PostgreSQL's error codes, and the client's own. */
const AWAY_SQLSTATE = /^(08|53|57)/
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

const DISK_FULL = '53100'

/** The error as the domain knows it when PostgreSQL is away or has no room; any other error unchanged. */
export function fromPostgres(error: unknown): unknown {
  if (error instanceof DomainError) return error
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown }
  if (code === DISK_FULL) return diskFull('PostgreSQL', { cause: error })
  const away =
    (typeof code === 'string' && (AWAY_SYSTEM.has(code) || AWAY_SQLSTATE.test(code))) ||
    (typeof message === 'string' && AWAY_TEXT.test(message))
  if (!away) return error
  return new DomainError('POSTGRES_UNAVAILABLE', 'PostgreSQL does not answer; try again shortly', {}, { cause: error })
}
