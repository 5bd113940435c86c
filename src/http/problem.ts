/** The one place that knows HTTP statuses: any error becomes an RFC 9457 problem. */
import { STATUS_CODES } from 'node:http'
import { DomainError, type ErrorCode, knownError } from '../errors.js'

const STATUS: Record<ErrorCode, number> = {
  REQUEST_INVALID: 400,
  JSON_MALFORMED: 400,
  BODY_TOO_LARGE: 413,
  BODY_TOO_SLOW: 408,
  MEDIA_TYPE_UNSUPPORTED: 415,
  ROUTE_NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  UNAUTHORIZED: 401,
  SECRET_WRONG: 401,
  SCOPE_MISSING: 403,
  TOKEN_NOT_FOUND: 404,
  RATE_LIMITED: 429,
  TOO_MANY_AT_ONCE: 429,
  IDEMPOTENCY_KEY_REUSED: 422,
  IDEMPOTENCY_IN_PROGRESS: 409,
  DATASET_NOT_FOUND: 404,
  DATASET_UNKNOWN: 409,
  DATASET_ID_IN_USE: 409,
  RUN_NOT_FOUND: 404,
  SIMULATION_NOT_FOUND: 404,
  JOB_NOT_FOUND: 404,
  JOB_NOT_RETRYABLE: 409,
  JOB_CANCELLED: 409,
  QUEUE_FULL: 429,
  UPLOAD_NOT_FOUND: 404,
  UPLOAD_UNKNOWN: 409,
  DOWNLOAD_NOT_FOUND: 404,
  RANGE_NOT_SATISFIABLE: 416,
  EXPORT_TOO_LARGE: 422,
  MEASUREMENT_NOT_FOUND: 404,
  MEASUREMENT_NAME_INVALID: 422,
  MEASUREMENT_IN_USE: 409,
  MEASUREMENT_EXISTS: 409,
  MEASUREMENT_DIFFERS: 409,
  COLUMN_NAME_INVALID: 422,
  COLUMN_TYPE_CONFLICT: 409,
  COLUMN_NOT_NUMERIC: 422,
  FOLD_DUPLICATE: 422,
  ROWS_COLLAPSE: 422,
  COUNT_MISMATCH: 422,
  DIGEST_MISMATCH: 422,
  FRAME_MALFORMED: 422,
  FRAME_EMPTY: 422,
  FRAME_UNASKED: 422,
  CELL_INVALID: 422,
  TIMESTAMP_COLUMN_MISSING: 422,
  TIMESTAMP_OUT_OF_RANGE: 422,
  SUPERSEDED: 409,
  CHANGED_MEANWHILE: 409,
  POSTGRES_UNAVAILABLE: 503,
  QUESTDB_UNAVAILABLE: 503,
  INSUFFICIENT_STORAGE: 507,
  QUESTDB_REFUSED: 409,
  SPOOL_UNAVAILABLE: 503,
  QUERY_REFUSED: 400,
  SQL_INVALID: 400,
  DRAINING: 503,
  NOT_SERVED_HERE: 503,
  TIME_LIMIT: 504,
  CANCELLED: 499,
  INTERNAL: 500,
}

/** Seconds after which a try may succeed, for the codes where waiting helps. */
const RETRY_AFTER: Partial<Record<ErrorCode, number>> = {
  POSTGRES_UNAVAILABLE: 2,
  QUESTDB_UNAVAILABLE: 2,
  SPOOL_UNAVAILABLE: 2,
  INSUFFICIENT_STORAGE: 30,
  DRAINING: 5,
  IDEMPOTENCY_IN_PROGRESS: 2,
  QUEUE_FULL: 10,
  TOO_MANY_AT_ONCE: 2,
}

export interface Problem {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: {
    readonly type: string
    readonly title: string
    readonly status: number
    readonly error: string
    readonly message: string
    readonly code: ErrorCode
    readonly details: unknown
    readonly request_id: string
  }
}

/** Any thrown value as a problem. What is not a domain error tells nothing but the request's id, under which it is logged. */
export function problemOf(error: unknown, requestId: string): Problem {
  const known = knownError(error)
  const code = known?.code ?? 'INTERNAL'
  const status = STATUS[code]
  const message =
    known?.message ?? `The server failed in a way it did not foresee; its log has the reason under ${requestId}.`
  const retryAfter = retryAfterOf(code, known?.details)
  return {
    status,
    headers: {
      ...(retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) }),
      ...(code === 'RANGE_NOT_SATISFIABLE' ? contentRangeOf(known?.details) : {}),
      ...(status === 401 ? { 'WWW-Authenticate': 'ApiKey header="X-Stage1-Token"' } : {}),
    },
    body: {
      type: `urn:stage1:problem:${code}`,
      title: STATUS_CODES[status] ?? 'Client Closed Request',
      status,
      error: message.slice(0, 4000),
      message: message.slice(0, 4000),
      code,
      details: known?.details ?? { request_id: requestId },
      request_id: requestId,
    },
  }
}

/** True when nothing was stored and nothing goes on: it is for the client to send something else, or at another time. */
export function isRefusal(error: unknown): boolean {
  if (!(error instanceof DomainError)) return false
  // A client that has left did not see whether anything was stored; what was superseded goes on elsewhere.
  return STATUS[error.code] < 500 && error.code !== 'CANCELLED' && error.code !== 'SUPERSEDED'
}

function retryAfterOf(code: ErrorCode, details: unknown): number | undefined {
  const given = (details as { retry_after?: unknown } | undefined)?.retry_after
  return typeof given === 'number' ? given : RETRY_AFTER[code]
}

/** A 416 says how long the file is (RFC 9110 §14.4). */
function contentRangeOf(details: unknown): Record<string, string> {
  const { bytes } = details as { bytes: number }
  return { 'Content-Range': `bytes */${bytes}` }
}
