/**
 * The errors the domain can raise. Each has a code that programs act on, a sentence that tells a person
 * what to do, and details that point at the place (JSON pointer, row, line, column). Nothing in here knows
 * HTTP: `http/problem.ts` gives each code its status.
 */
export const ERROR_CODES = [
  'REQUEST_INVALID',
  'JSON_MALFORMED',
  'BODY_TOO_LARGE',
  'BODY_TOO_SLOW',
  'MEDIA_TYPE_UNSUPPORTED',
  'ROUTE_NOT_FOUND',
  'METHOD_NOT_ALLOWED',
  'UNAUTHORIZED',
  'SECRET_WRONG',
  'SCOPE_MISSING',
  'TOKEN_NOT_FOUND',
  'RATE_LIMITED',
  'TOO_MANY_AT_ONCE',
  'IDEMPOTENCY_KEY_REUSED',
  'IDEMPOTENCY_IN_PROGRESS',
  'DATASET_NOT_FOUND',
  'DATASET_UNKNOWN',
  'DATASET_ID_IN_USE',
  'RUN_NOT_FOUND',
  'SIMULATION_NOT_FOUND',
  'JOB_NOT_FOUND',
  'JOB_NOT_RETRYABLE',
  'JOB_CANCELLED',
  'QUEUE_FULL',
  'UPLOAD_NOT_FOUND',
  'UPLOAD_UNKNOWN',
  'DOWNLOAD_NOT_FOUND',
  'RANGE_NOT_SATISFIABLE',
  'EXPORT_TOO_LARGE',
  'MEASUREMENT_NOT_FOUND',
  'MEASUREMENT_NAME_INVALID',
  'MEASUREMENT_IN_USE',
  'MEASUREMENT_EXISTS',
  'MEASUREMENT_DIFFERS',
  'COLUMN_NAME_INVALID',
  'COLUMN_TYPE_CONFLICT',
  'COLUMN_NOT_NUMERIC',
  'FOLD_DUPLICATE',
  'ROWS_COLLAPSE',
  'COUNT_MISMATCH',
  'DIGEST_MISMATCH',
  'FRAME_MALFORMED',
  'FRAME_EMPTY',
  'FRAME_UNASKED',
  'CELL_INVALID',
  'TIMESTAMP_COLUMN_MISSING',
  'TIMESTAMP_OUT_OF_RANGE',
  'SUPERSEDED',
  'CHANGED_MEANWHILE',
  'POSTGRES_UNAVAILABLE',
  'QUESTDB_UNAVAILABLE',
  'QUESTDB_REFUSED',
  'SPOOL_UNAVAILABLE',
  'QUERY_REFUSED',
  'SQL_INVALID',
  'INSUFFICIENT_STORAGE',
  'DRAINING',
  'NOT_SERVED_HERE',
  'TIME_LIMIT',
  'CANCELLED',
  'INTERNAL',
] as const

export type ErrorCode = (typeof ERROR_CODES)[number]

/** Where and what: `pointer` (RFC 6901), `row` (0-based, JSON rows), `line` (1-based, text), `column`, `value`, … */
export type ErrorDetails = Readonly<Record<string, unknown>> | readonly Readonly<Record<string, unknown>>[]

export class DomainError extends Error {
  override readonly name = 'DomainError'

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: ErrorDetails = {},
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

/** True for an error of the given code, or for any domain error when no code is given. */
export function isDomainError(error: unknown, code?: ErrorCode): error is DomainError {
  return error instanceof DomainError && (code === undefined || error.code === code)
}

/** What the system says of a disk, or of a share of one, that has no room. */
const NO_ROOM = new Set(['ENOSPC', 'EDQUOT'])

/** The thrown value as the domain knows it; undefined when nobody foresaw it. */
export function knownError(error: unknown): DomainError | undefined {
  if (error instanceof DomainError) return error
  const { code } = (error ?? {}) as { code?: unknown }
  return typeof code === 'string' && NO_ROOM.has(code) ? diskFull('this server', { cause: error }) : undefined
}

/** @param whose names the server or the engine for people */
export function diskFull(whose: string, options?: ErrorOptions): DomainError {
  const sentence = `the disk of ${whose} is full: make room there, then send this again`
  return new DomainError('INSUFFICIENT_STORAGE', sentence, {}, options)
}

/** A domain error as plain data, so that it can cross to another thread or be stored with a job. */
export interface ErrorRecord {
  readonly code: ErrorCode
  readonly message: string
  readonly details: ErrorDetails
}

/** Any thrown value as a record; what is not a domain error keeps its text out of sight of clients. */
export function toErrorRecord(error: unknown): ErrorRecord {
  const known = knownError(error)
  if (known) return { code: known.code, message: known.message, details: known.details }
  return { code: 'INTERNAL', message: 'An unexpected error ended the work; the server log has it.', details: {} }
}

export function fromErrorRecord(record: ErrorRecord): DomainError {
  return new DomainError(record.code, record.message, record.details)
}

/** The text as PostgreSQL takes it, which keeps what became of jobs: U+0000 and halves of surrogate pairs become U+FFFD. */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd')
}
