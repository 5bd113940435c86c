/** Every code of an error with its cause and its cure, for the docs. A code without them does not compile. */
import { DomainError, ERROR_CODES, type ErrorCode } from '../src/errors.js'
import { problemOf } from '../src/http/problem.js'

interface Explained {
  /** What has happened, as seen by the client. */
  readonly cause: string
  /** What to do about it. */
  readonly cure: string
}

const WAIT = 'Wait for `Retry-After`, then send the same again under the same `Idempotency-Key`.'
const BODY = 'Mend what `details` point at, and send it again.'

const CATALOGUE: Record<ErrorCode, Explained> = {
  REQUEST_INVALID: {
    cause:
      'A parameter, header or member of the body is not as the contract says, or its value has no place in the store.',
    cure: '`details` has a JSON pointer to each fault and says what was expected there. Nothing was stored.',
  },
  JSON_MALFORMED: {
    cause: 'The body is no JSON, no UTF-8, nested deeper than 64 levels, or has a member twice.',
    cure: 'Send what a JSON library writes; `details` tell the place.',
  },
  BODY_TOO_LARGE: {
    cause: 'The body, or the number of its members and items, exceeds a limit, which `details` name.',
    cure: 'Split it, upload frames with `POST /api/uploads`, or have the limit raised.',
  },
  BODY_TOO_SLOW: {
    cause: 'The body came with less than 1000 bytes a second for as long as `limits.slow_seconds`.',
    cure: 'Send it again over a better line, or in smaller portions.',
  },
  MEDIA_TYPE_UNSUPPORTED: {
    cause: 'The `Content-Type` is none that this operation reads, or the body is compressed.',
    cure: 'Send one of those that the contract lists, without `Content-Encoding`.',
  },
  ROUTE_NOT_FOUND: {
    cause: 'No operation has this path.',
    cure: 'Compare with the contract: paths are sensitive to case and to a slash at the end.',
  },
  METHOD_NOT_ALLOWED: { cause: 'The path has other methods than this one.', cure: 'Use one that `Allow` lists.' },
  UNAUTHORIZED: {
    cause: 'There is no token in `X-Stage1-Token`, or it is malformed, unknown, expired or revoked.',
    cure: 'Get one from `POST /api/auth/token`, and renew it before `expires_at`.',
  },
  SECRET_WRONG: {
    cause: 'The shared secret is not that of the server.',
    cure: 'Ask whoever runs the server. Wrong tries are counted.',
  },
  SCOPE_MISSING: {
    cause: 'The token is valid, but lacks the scope that the operation needs (`x-scope`).',
    cure: 'Use a token with the scope that `details` name.',
  },
  TOKEN_NOT_FOUND: { cause: 'No token has this id.', cure: 'List them with `GET /api/auth/tokens`.' },
  RATE_LIMITED: {
    cause: 'More requests came in a minute than the limit that `RateLimit-Policy` tells.',
    cure: 'Wait for `Retry-After`; send rows in larger portions rather than more requests.',
  },
  TOO_MANY_AT_ONCE: {
    cause: 'So many exports, queries or streams of this token run already as are allowed at the same time.',
    cure: 'End one of them, or wait for it.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    cause:
      'The `Idempotency-Key` was used for another request: `details` say whether its path, query or body differed.',
    cure: 'Make a new key for each request, and keep it only for repetitions of that one.',
  },
  IDEMPOTENCY_IN_PROGRESS: { cause: 'A request with this key is at work right now.', cure: WAIT },
  DATASET_NOT_FOUND: {
    cause: 'The path names no dataset by id, slug or former id.',
    cure: 'List them with `GET /api/datasets`.',
  },
  DATASET_UNKNOWN: {
    cause: 'A run names a dataset that is not registered.',
    cure: 'Register it with `POST /api/datasets`, then save the run again.',
  },
  DATASET_ID_IN_USE: {
    cause: 'The dataset_id belongs to a dataset with another slug.',
    cure: 'Leave the id out, or send the slug that it belongs to.',
  },
  RUN_NOT_FOUND: { cause: 'No run has this id.', cure: 'List them with `GET /api/runs`.' },
  SIMULATION_NOT_FOUND: { cause: 'No simulation has this id.', cure: 'List them with `GET /api/simulations`.' },
  JOB_NOT_FOUND: {
    cause: 'No job has this id; those that ended long ago are removed.',
    cure: 'List them with `GET /api/jobs`.',
  },
  JOB_NOT_RETRYABLE: {
    cause: 'The job did not fail, or it would fail again, or what it needs is no longer kept.',
    cure: 'Send the request that made it once more.',
  },
  JOB_CANCELLED: {
    cause: 'Somebody cancelled the job while the request waited for it. Nothing was stored.',
    cure: 'Send it again if it is still wanted.',
  },
  QUEUE_FULL: {
    cause: 'So many jobs of this token wait as are allowed.',
    cure: 'Send it again when some of them have ended.',
  },
  UPLOAD_NOT_FOUND: { cause: 'No upload has this id, or its time is over.', cure: 'Upload it again.' },
  UPLOAD_UNKNOWN: {
    cause: 'The body names an upload that is not there or has expired.',
    cure: 'Upload the frame again, then send the save with the new id.',
  },
  DOWNLOAD_NOT_FOUND: { cause: 'The file is not there, or its time is over.', cure: 'Export it again.' },
  RANGE_NOT_SATISFIABLE: {
    cause: 'The range begins behind the end of the file.',
    cure: '`Content-Range` tells how long the file is.',
  },
  EXPORT_TOO_LARGE: {
    cause: 'The export exceeds what a file, or a batch of the format, may hold.',
    cure: 'Ask for fewer rows or `columns`, or for CSV.',
  },
  MEASUREMENT_NOT_FOUND: {
    cause: 'QuestDB has no table of this name.',
    cure: 'List them with `GET /api/questdb/measurements`.',
  },
  MEASUREMENT_NAME_INVALID: {
    cause: 'The name is none that QuestDB takes, or one that the server keeps for itself.',
    cure: 'Use letters, digits, `_`, `-` and single dots.',
  },
  MEASUREMENT_IN_USE: {
    cause: 'The measurement holds the rows of another run or dataset, which these would be mixed with or replace.',
    cure: 'Choose another name; `details` tell whose it is.',
  },
  MEASUREMENT_EXISTS: {
    cause: '`mode=create`, and the measurement is there.',
    cure: 'Use `append` or `replace`, or another name.',
  },
  MEASUREMENT_DIFFERS: {
    cause: 'The measurement was made with other terms (partitions, deduplication keys) than the import asks for.',
    cure: 'Leave them out, or replace the measurement.',
  },
  COLUMN_NAME_INVALID: {
    cause: 'The frame has a column that QuestDB does not take, or two that differ by case only.',
    cure: 'Rename it.',
  },
  COLUMN_TYPE_CONFLICT: {
    cause: 'The stored column is of another type than the values that came.',
    cure: 'Convert the values, or replace the measurement.',
  },
  COLUMN_NOT_NUMERIC: {
    cause: 'A series was asked for of a column that holds no numbers.',
    cure: 'Ask for a numeric column.',
  },
  FOLD_DUPLICATE: {
    cause: 'Two folds of a save have the same number.',
    cure: 'Number the folds; `details` tell both places.',
  },
  ROWS_COLLAPSE: {
    cause: 'Rows of the frame have the same deduplication key, so that fewer would be stored than were sent.',
    cure: 'Name a column that tells them apart in `dedup_keys`, or allow it with `on_duplicate=keep_last`.',
  },
  COUNT_MISMATCH: {
    cause: 'The number that was declared is not that of what came. Nothing was stored.',
    cure: 'Send all of it; a body may have been cut.',
  },
  DIGEST_MISMATCH: {
    cause: 'The body is not the one that `Content-Digest` was made of.',
    cure: 'Send it again; it was changed on its way.',
  },
  FRAME_MALFORMED: { cause: 'The CSV, JSON rows, Arrow or Parquet can not be read to its end.', cure: BODY },
  FRAME_EMPTY: { cause: 'The frame has no row.', cure: 'Send at least one, or leave the frame out.' },
  FRAME_UNASKED: {
    cause: 'A registration carries frames without `record_questdb`.',
    cure: 'Say `record_questdb: true`, or send the frames by the append routes.',
  },
  CELL_INVALID: {
    cause: 'A cell can not be stored as its column: `details` tell row or line, column and value.',
    cure: BODY,
  },
  TIMESTAMP_COLUMN_MISSING: {
    cause: 'The frame has no column for the designated timestamp.',
    cure: 'Name it in `timestamp_column`, or call it `timestamp`.',
  },
  TIMESTAMP_OUT_OF_RANGE: {
    cause: 'A time lies outside 1980 to 2100 when read in the unit that was told or found by its magnitude.',
    cure: 'Correct the unit; the message says which one is likely.',
  },
  SUPERSEDED: {
    cause: 'The same was saved again by a later request, or another process has taken over the job.',
    cure: 'Read what is stored now; send this again under a new key only if it is still wanted.',
  },
  CHANGED_MEANWHILE: {
    cause: 'Another request changed the same at the same moment. Nothing of this one was stored.',
    cure: 'Send it again.',
  },
  POSTGRES_UNAVAILABLE: { cause: 'PostgreSQL does not answer, or was in the way of another request.', cure: WAIT },
  QUESTDB_UNAVAILABLE: { cause: 'QuestDB does not answer.', cure: WAIT },
  QUESTDB_REFUSED: {
    cause:
      'QuestDB can not do this with the table as it is: suspended, locked, or made in a way that it does not write to.',
    cure: 'The message tells why; whoever runs QuestDB can mend it.',
  },
  SPOOL_UNAVAILABLE: { cause: 'The folder or bucket for bodies can not be read or written.', cure: WAIT },
  QUERY_REFUSED: {
    cause: 'The statement is not a single SELECT, or names what the server does not show.',
    cure: 'The message names the word; write it as one SELECT over measurements.',
  },
  SQL_INVALID: { cause: 'QuestDB does not understand the statement.', cure: '`details` have the place in the text.' },
  INSUFFICIENT_STORAGE: {
    cause: 'A disk of the server or of an engine is full. Nothing was stored.',
    cure: 'Have room made, then send it again.',
  },
  DRAINING: { cause: 'This process is stopping.', cure: WAIT },
  NOT_SERVED_HERE: { cause: 'This process only runs jobs.', cure: 'Send it to a process with the role `api`.' },
  TIME_LIMIT: {
    cause: 'It took longer than the time limit.',
    cure: 'Ask for less, for more time with `?timeout=`, or for a job (`/async`).',
  },
  CANCELLED: {
    cause: 'The client closed the connection before the answer; seen in logs only.',
    cure: 'Send it again under the same `Idempotency-Key`.',
  },
  INTERNAL: {
    cause: 'The server failed in a way that it did not foresee.',
    cure:
      'Send the same again under the same `Idempotency-Key`; if it fails again, tell whoever runs the server the `request_id`, under which ' +
      'its log has the reason.',
  },
}

/** The catalogue as a table in Markdown, in the order of statuses. */
export function errorCatalogue(): string {
  const rows = ERROR_CODES.map((code) => ({
    code,
    status: problemOf(new DomainError(code, '', { bytes: 0 }), '').status,
  }))
    .sort((a, b) => a.status - b.status)
    .map(({ code, status }) => `| ${status} | \`${code}\` | ${CATALOGUE[code].cause} | ${CATALOGUE[code].cure} |`)
  return ['| Status | `code` | Cause | Cure |', '|---|---|---|---|', ...rows, ''].join('\n')
}
