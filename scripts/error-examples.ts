/** For every code of an error, an answer as the server gives it: examples of the contract. A code without one does not compile. */
import { DomainError, ERROR_CODES, type ErrorCode, type ErrorDetails } from '../src/errors.js'
import { TIME_COLUMN_NAMES } from '../src/frames/time-column.js'
import { problemOf } from '../src/http/problem.js'

const RUN = '0a6f41e2-6f0e-4d53-8a52-2f5c9f5b1f0d'
const DATASET = '7d6f3a52-9a51-4a0b-9a3c-51f6f0f7c1de'
const JOB = '2db1b978-58d3-4b13-9598-8277f6d52018'
const REQUEST = '0b9f0a5e-61b7-4c5f-8c8e-8b2f1c0d7e11'

interface Sample {
  readonly message: string
  readonly details?: ErrorDetails
}

const SAMPLES: Record<ErrorCode, Sample> = {
  REQUEST_INVALID: {
    message: 'query /limit: must be integer',
    details: [{ in: 'query', pointer: '/limit', expected: 'must be integer' }],
  },
  JSON_MALFORMED: { message: 'byte 0: the body must be a JSON object, found "t"', details: { byte: 0 } },
  BODY_TOO_LARGE: { message: 'the body has more than 67108864 bytes', details: { limit: 67_108_864 } },
  BODY_TOO_SLOW: {
    message: 'less than 1000 bytes of the body a second came for 10 s',
    details: { seconds: 10, bytes: 420 },
  },
  MEDIA_TYPE_UNSUPPORTED: {
    message: 'media type "text/plain" is not read here; send application/json',
    details: { supported: ['application/json'] },
  },
  ROUTE_NOT_FOUND: { message: 'there is nothing at /api/dataset' },
  METHOD_NOT_ALLOWED: { message: 'PUT is not served here; use GET or POST', details: { allowed: ['GET', 'POST'] } },
  UNAUTHORIZED: { message: 'send a valid token in X-Stage1-Token; POST /api/auth/token issues one' },
  SECRET_WRONG: { message: 'the shared secret is wrong' },
  SCOPE_MISSING: {
    message: 'this needs a token with the scope write',
    details: { needed: 'write', scopes: ['read'] },
  },
  TOKEN_NOT_FOUND: { message: 'there is no token with this id' },
  RATE_LIMITED: {
    message: 'more than 6000 requests a minute, by the limit "token"; try again in 17 s',
    details: { name: 'token', limit: 6000, retry_after: 17 },
  },
  TOO_MANY_AT_ONCE: {
    message: 'this token has 8 exports open, and no more may be at once; try again when one has ended',
    details: { kind: 'exports', limit: 8 },
  },
  IDEMPOTENCY_KEY_REUSED: {
    message:
      'this Idempotency-Key was used for a request with another body; nothing was done. Make a new key for each request',
    details: [{ in: 'header', pointer: '/idempotency-key', expected: 'the body of the first request' }],
  },
  IDEMPOTENCY_IN_PROGRESS: {
    message: 'a request with this Idempotency-Key is at work; send this again shortly to get its answer',
  },
  DATASET_NOT_FOUND: {
    message: 'there is no dataset btc25_9; register it with POST /api/datasets first',
    details: { dataset_id: 'btc25_9' },
  },
  DATASET_UNKNOWN: {
    message: `dataset ${DATASET} is not registered; POST /api/datasets first, then save run ${RUN} again`,
    details: { dataset_id: DATASET, run_id: RUN },
  },
  DATASET_ID_IN_USE: {
    message: `dataset_id ${DATASET} belongs to dataset btc25_1; it can't name btc25_2 too`,
    details: { dataset_id: DATASET, dataset_slug: 'btc25_1' },
  },
  RUN_NOT_FOUND: { message: `there is no run ${RUN}`, details: { run_id: RUN } },
  SIMULATION_NOT_FOUND: { message: `there is no simulation ${RUN}`, details: { simulation_id: RUN } },
  JOB_NOT_FOUND: { message: `there is no job ${JOB}`, details: { job_id: JOB } },
  JOB_NOT_RETRYABLE: {
    message: `job ${JOB} can't be tried again: it is COMPLETED, and only a job that failed can be tried again`,
    details: { job_id: JOB },
  },
  JOB_CANCELLED: { message: 'the job was cancelled', details: { job_id: JOB } },
  QUEUE_FULL: {
    message: '1000 jobs of this token wait already; send this again when some of them have ended',
    details: { limit: 1000 },
  },
  UPLOAD_NOT_FOUND: {
    message: `there is no upload ${JOB}`,
    details: { upload_id: JOB },
  },
  UPLOAD_UNKNOWN: {
    message: `ohlcv_upload_id names upload ${JOB}, which is not there or has expired`,
    details: [{ in: 'body', pointer: '/ohlcv_upload_id', expected: 'an upload_id of POST /api/uploads' }],
  },
  DOWNLOAD_NOT_FOUND: {
    message: `there is no download ${JOB}, or it has expired`,
    details: { download_id: JOB },
  },
  RANGE_NOT_SATISFIABLE: {
    message: 'the file has 4688919 bytes, and the range begins behind them',
    details: { bytes: 4_688_919 },
  },
  EXPORT_TOO_LARGE: {
    message: 'the rows have more than 60000000 bytes; ask for less at a time',
    details: { limit: 60_000_000 },
  },
  MEASUREMENT_NOT_FOUND: { message: 'there is no measurement btc25_9_ohlcv', details: { name: 'btc25_9_ohlcv' } },
  MEASUREMENT_NAME_INVALID: {
    message: 'The name of a measurement is 1 to 127 letters, digits and underscores, and does not begin with a digit.',
    details: { name: 'a-b' },
  },
  MEASUREMENT_IN_USE: {
    message: `measurement btc25_1_ohlcv holds the rows of dataset ${DATASET}`,
    details: { measurement: 'btc25_1_ohlcv', dataset_id: DATASET },
  },
  MEASUREMENT_EXISTS: {
    message: 'measurement btc25_1_ohlcv exists, and mode=create makes new ones only; nothing was stored',
    details: { measurement: 'btc25_1_ohlcv' },
  },
  MEASUREMENT_DIFFERS: {
    message: 'measurement trades has partition_by WEEK, not DAY; leave out what differs, or send mode=replace',
    details: { measurement: 'trades', partition_by: { stored: 'WEEK', sent: 'DAY' } },
  },
  COLUMN_NAME_INVALID: {
    message: 'A column cannot be named "BB.width": QuestDB does not take ..',
    details: { column: 'BB.width', character: '.' },
  },
  COLUMN_TYPE_CONFLICT: {
    message: "column close of btc25_1_ohlcv is DOUBLE and can't take VARCHAR values",
    details: { column: 'close', stored: 'DOUBLE', sent: 'VARCHAR' },
  },
  COLUMN_NOT_NUMERIC: {
    message: "column note is of type VARCHAR and can't be plotted",
    details: [{ in: 'query', pointer: '/columns', column: 'note', expected: 'columns of numbers' }],
  },
  FOLD_DUPLICATE: {
    message: 'fold_number 17 was sent twice, at folds 17 and 312',
    details: { fold_number: 17, pointers: ['/folds/17/fold_number', '/folds/312/fold_number'] },
  },
  ROWS_COLLAPSE: {
    message:
      '1 of 4 rows agree with an earlier row in timestamp, the first is row 2, like row 0; nothing was stored. Name the columns that tell them apart in dedup_keys, or send on_duplicate=keep_last',
    details: {
      keys: ['timestamp'],
      collapsing: 1,
      rows: [{ earlier_row: 0, later_row: 2, key: { timestamp: '2024-01-01T00:00:00.000Z' } }],
    },
  },
  COUNT_MISMATCH: {
    message: 'fold_count says 312 folds but 130 came; nothing was stored',
    details: { declared: 312, received: 130 },
  },
  DIGEST_MISMATCH: {
    message: 'the body is not the one that Content-Digest declares; nothing was stored',
    details: {
      declared: 'sha-256=:5p/pXyeIfdTJjxFRjmAg1ZLzLA3ODr2Lw00y0EiUhHQ=:',
      received: 'sha-256=:LuhuI9L1BzEzInI09Igb2Pyy7qBY4KsvTSZsqG9Bjww=:',
    },
  },
  FRAME_MALFORMED: {
    message: 'the file does not begin and end as Parquet: it was cut, or is none',
    details: { byte: 0 },
  },
  FRAME_EMPTY: { message: 'the frame holds no rows; send at least one' },
  FRAME_UNASKED: {
    message: 'ohlcv was sent without record_questdb: true, so it would not be stored; nothing was registered',
    details: [{ in: 'body', pointer: '/record_questdb', expected: 'true, or no ohlcv' }],
  },
  CELL_INVALID: {
    message: 'row 400, column "close": expected a number or null, got "n/a"',
    details: { row: 400, column: 'close', value: 'n/a', expected: 'a number or null' },
  },
  TIMESTAMP_COLUMN_MISSING: {
    message: `line 1: no time column: one of ${TIME_COLUMN_NAMES.join(', ')}, or Date and Time, is needed; the columns are open, close`,
    details: {
      line: 1,
      accepted: [...TIME_COLUMN_NAMES, 'Date + Time'],
      found: ['open', 'close'],
    },
  },
  TIMESTAMP_OUT_OF_RANGE: {
    message:
      'row 0, column "timestamp": timestamp 1732831.2 is in no unit between 1980 and 2100; read as seconds it would be 1970-01-21',
    details: { row: 0, column: 'timestamp', value: 1_732_831.2, expected: 'a time from 1980 up to 2100' },
  },
  SUPERSEDED: { message: `run ${RUN} was saved again after this save was accepted` },
  CHANGED_MEANWHILE: {
    message: 'another request has changed the same at the same time, and nothing of this one was stored; send it again',
  },
  POSTGRES_UNAVAILABLE: { message: 'PostgreSQL does not answer; try again shortly' },
  QUESTDB_UNAVAILABLE: { message: 'QuestDB cannot be reached or broke the connection; try again shortly.' },
  QUESTDB_REFUSED: {
    message: 'QuestDB refused the statement: table is suspended [table=btc25_1_ohlcv]',
    details: { text: 'table is suspended [table=btc25_1_ohlcv]' },
  },
  SPOOL_UNAVAILABLE: { message: 'the store of files does not answer as it should' },
  QUERY_REFUSED: {
    message:
      'DROP is not run here; only statements that read are run here: SELECT, WITH … SELECT, EXPLAIN SELECT, SHOW TABLES (character 1)',
    details: { position: 0 },
  },
  SQL_INVALID: { message: 'Invalid column: nothing', details: { position: 7 } },
  INSUFFICIENT_STORAGE: { message: 'the disk of this server is full: make room there, then send this again' },
  DRAINING: { message: 'the server is stopping; try again shortly' },
  NOT_SERVED_HERE: { message: 'this server only runs jobs; send requests to one with the role api' },
  TIME_LIMIT: { message: 'the request took longer than its 60 s', details: { seconds: 60 } },
  CANCELLED: { message: 'the client has left' },
  INTERNAL: {
    message: `The server failed in a way it did not foresee; its log has the reason under ${REQUEST}.`,
    details: { request_id: REQUEST },
  },
}

interface Answer {
  readonly $ref?: string
  readonly content?: Record<string, { examples?: Record<string, { readonly value: unknown }> }>
}

interface Contract {
  readonly paths: Record<string, Record<string, { readonly responses?: Record<string, Answer> }>>
  readonly components: { readonly responses: Record<string, Answer> }
}

/** Gives each answer that is a problem an example of every code with its status. */
export function addErrorExamples({ paths, components }: Contract): void {
  for (const item of Object.values(paths))
    for (const { responses = {} } of Object.values(item))
      for (const [status, answer] of Object.entries(responses)) {
        const shared = answer.$ref?.replace('#/components/responses/', '')
        const problem = (shared === undefined ? answer : components.responses[shared])?.content?.[
          'application/problem+json'
        ]
        if (problem) problem.examples = examplesOf(Number(status))
      }
}

function examplesOf(status: number): Record<string, { value: unknown }> {
  return Object.fromEntries(
    ERROR_CODES.map((code): [string, { value: unknown }] => [code, { value: sampleOf(code) }]).filter(
      ([, { value }]) => (value as { status: number }).status === status,
    ),
  )
}

function sampleOf(code: ErrorCode): unknown {
  const { message, details = {} } = SAMPLES[code]
  const { body } = problemOf(new DomainError(code, message, details), REQUEST)
  return body
}
