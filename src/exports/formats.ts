/** The formats of exports: what each is called, and how its bytes come out of QuestDB. */
import type { Readable } from 'node:stream'
import { queryHead } from '../questdb/checked-sql.js'
import type { QuestDbClient } from '../questdb/client.js'
import { streamCsv, streamJson, streamParquet } from '../questdb/reading.js'
import type { Selection } from './selection.js'

export const FORMATS = {
  csv: 'text/csv',
  parquet: 'application/vnd.apache.parquet',
  json: 'application/json',
} as const

export type Format = keyof typeof FORMATS

export interface ExportLimits {
  readonly signal: AbortSignal
  /** For the whole export, and for waiting until QuestDB has a place for it. */
  readonly timeoutSeconds: number
}

/**
 * The rows as QuestDB writes them, once the first bytes are there; later failures destroy the stream.
 * @throws DomainError SQL_INVALID, QUESTDB_UNAVAILABLE, TIME_LIMIT, or the signal's reason
 */
export async function streamRows(
  client: QuestDbClient,
  { sql, query, explain }: Selection,
  format: Format,
  { signal, timeoutSeconds }: ExportLimits,
): Promise<Readable> {
  const limits = { signal, timeoutS: timeoutSeconds, timeoutMs: timeoutSeconds * 1000 }
  try {
    if (format === 'csv') return await streamCsv(client, sql, limits)
    if (format === 'parquet') return await streamParquet(client, sql, limits)
    return await streamJson(client, sql, { ...limits, prefix: queryHead(query) })
  } catch (error) {
    throw explain(error)
  }
}
