/** The formats of exports: what each is called, and how its bytes come out of QuestDB. */
import type { Readable } from 'node:stream'
import { queryHead } from '../questdb/checked-sql.js'
import type { CallOptions, QuestDbClient } from '../questdb/client.js'
import { parquetSelect } from '../questdb/parquet-select.js'
import { streamCsv, streamJson, streamParquet } from '../questdb/reading.js'
import { requireArrowColumns, rowsPerBatch } from './arrow-columns.js'
import type { ArrowThread } from './arrow-thread.js'
import type { Selection } from './selection.js'

export const FORMATS = {
  csv: 'text/csv',
  parquet: 'application/vnd.apache.parquet',
  json: 'application/json',
  arrow: 'application/vnd.apache.arrow.stream',
} as const

export type Format = keyof typeof FORMATS

export interface ExportLimits {
  readonly signal: AbortSignal
  /** For the whole export, and for waiting until QuestDB has a place for it. */
  readonly timeoutSeconds: number
}

/** What exports read with. */
export interface ExportEngines {
  readonly questdb: QuestDbClient
  readonly arrow: ArrowThread
}

/**
 * Looks whether the format has a place for every column, before anything runs.
 * @throws DomainError REQUEST_INVALID naming the column
 */
export async function requireFormat(
  { questdb }: ExportEngines,
  { sql }: Selection,
  format: Format,
  options: CallOptions,
): Promise<void> {
  if (format === 'arrow') requireArrowColumns(await questdb.columnsOf(sql, options))
}

/**
 * The rows as QuestDB writes them, or as Arrow, once the first bytes are there; later failures destroy the stream.
 * @throws DomainError REQUEST_INVALID for a column that Arrow has no place for, SQL_INVALID, QUESTDB_UNAVAILABLE, TIME_LIMIT, or the signal's reason
 */
export async function streamRows(
  { questdb: client, arrow }: ExportEngines,
  { sql, query, explain }: Selection,
  format: Format,
  { signal, timeoutSeconds }: ExportLimits,
): Promise<Readable> {
  const limits = { signal, timeoutS: timeoutSeconds, timeoutMs: timeoutSeconds * 1000 }
  try {
    if (format === 'csv') return await streamCsv(client, sql, limits)
    if (format === 'json') return await streamJson(client, sql, { ...limits, prefix: queryHead(query) })
    const { sql: spared, columns } = await parquetSelect(client, sql, limits)
    if (format === 'parquet') return await streamParquet(client, spared, limits)
    requireArrowColumns(columns)
    return await arrow.stream({ sql: spared, timeoutSeconds, rowsPerGroup: rowsPerBatch(columns) }, signal)
  } catch (error) {
    throw explain(error)
  }
}
