import { PassThrough, type Readable } from 'node:stream'
import { DomainError } from '../errors.js'
import type { QuestDbClient } from './client.js'
import { Dataset, type RowForm } from './dataset.js'
import { brokenConnection } from './failures.js'
import { relay } from './relay.js'
import { type Prefix, RowArrays, RowObjects } from './row-forms.js'
import { TextCells } from './text-cells.js'

/**
 * The rows of a SELECT as a stream of bytes, formatted by QuestDB.
 *
 * All resolve when the first bytes are there and reject for what goes wrong before: QUESTDB_REFUSED,
 * QUESTDB_UNAVAILABLE, TIME_LIMIT or the signal's reason. What goes wrong later destroys the stream with such an
 * error: it never ends as if it were whole. The signal, or destroying the stream, ends the query in QuestDB.
 *
 * Doubles are written with all the digits that bring back the same 64 bits (`1.0E10`), missing ones and NaN are null
 * (JSON, Parquet) or nothing (CSV), timestamps ISO text in UTC with six digits. Text in CSV is as QuestDB writes it: quotes
 * doubled, but a backslash as `\\` and a line break as `\n`. The SQL is run as it is: guard it first.
 */
export interface ReadOptions {
  readonly signal?: AbortSignal | undefined
  /** How long the first bytes may take; 60 s. */
  readonly timeoutMs?: number | undefined
}

export interface JsonOptions extends ReadOptions {
  /** What stands before the rows, beginning with `{`; `{` alone when left out. */
  readonly prefix?: Prefix
  /** LONG cells as JSON strings, for readers that would round numbers above 2^53. */
  readonly longsAsText?: boolean
}

export interface ExportOptions extends ReadOptions {
  /** How many seconds QuestDB may take for the whole export. */
  readonly timeoutS: number
}

/** `{…prefix…"dataset":[[cell,…],…],"count":N}`, rows untouched. */
export function streamJson(client: QuestDbClient, sql: string, options: JsonOptions = {}): Promise<Readable> {
  return streamDataset(client, sql, new RowArrays(options.prefix ?? '{'), options)
}

/** Like `streamJson`, but every cell is a JSON string, with the digits that QuestDB wrote, or null. */
export function streamTextCells(
  client: QuestDbClient,
  sql: string,
  options: ReadOptions & { readonly prefix?: Prefix } = {},
): Promise<Readable> {
  return streamDataset(client, sql, new TextCells(options.prefix ?? '{'), options)
}

/** `{…prefix…"rows":[{"column":cell,…},…],"count":N…suffix…}`; `suffix` begins with a comma. */
export function streamRowObjects(
  client: QuestDbClient,
  sql: string,
  options: JsonOptions & { readonly suffix?: string } = {},
): Promise<Readable> {
  return streamDataset(client, sql, new RowObjects(options.prefix ?? '{', options.suffix), options)
}

/** CSV with a header line of quoted names, line ends CRLF, missing cells empty and empty text `""`. */
export function streamCsv(client: QuestDbClient, sql: string, options: ExportOptions): Promise<Readable> {
  return streamExport(client, { query: sql }, options)
}

/** A Parquet file, compressed by Snappy, which every reader of Parquet knows; what is no column of Parquet is QUESTDB_REFUSED. */
export function streamParquet(client: QuestDbClient, sql: string, options: ExportOptions): Promise<Readable> {
  return streamExport(client, { query: sql, fmt: 'parquet', compression_codec: 'snappy' }, options)
}

/** A Parquet file for a reader of our own, uncompressed, which QuestDB makes and we read in the least time. */
export function streamPlainParquet(
  client: QuestDbClient,
  sql: string,
  { rowsPerGroup, ...options }: ExportOptions & { readonly rowsPerGroup: number },
): Promise<Readable> {
  const form = { compression_codec: 'uncompressed', statistics_enabled: 'false', row_group_size: String(rowsPerGroup) }
  return streamExport(client, { query: sql, fmt: 'parquet', ...form }, options)
}

async function streamExport(
  client: QuestDbClient,
  params: Readonly<Record<string, string>>,
  options: ExportOptions,
): Promise<Readable> {
  const { timeoutS, signal } = options
  const givenUpAt = performance.now() + timeoutS * 1_000
  const timeoutMs = options.timeoutMs ?? timeoutS * 1_000 + 5_000
  const { body } = await client.stream('/exp', { ...params, timeout: String(timeoutS) }, { signal, timeoutMs })
  return relay(body, new PassThrough(), (error) => {
    if (signal?.aborted) return signal.reason
    // When its time is up QuestDB just drops the connection, as it does for every failure behind the first byte.
    return performance.now() >= givenUpAt ? exportTooLong(timeoutS) : brokenConnection(error)
  })
}

async function streamDataset(
  client: QuestDbClient,
  sql: string,
  form: RowForm,
  { signal, timeoutMs, longsAsText = false }: JsonOptions,
): Promise<Readable> {
  const params = { query: sql, ...(longsAsText && { quoteLargeNum: 'true' }) }
  const { body } = await client.stream('/exec', params, { signal, timeoutMs })
  return relay(body, new Dataset(form), (error) => (signal?.aborted ? signal.reason : brokenConnection(error)))
}

function exportTooLong(timeoutS: number): DomainError {
  return new DomainError(
    'TIME_LIMIT',
    `QuestDB did not finish the export within ${timeoutS} s; ask for less at a time.`,
    {
      timeoutS,
    },
  )
}
