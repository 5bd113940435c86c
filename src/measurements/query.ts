/** A client's own SQL: guarded, run, and its rows passed through. */
import type { Readable } from 'node:stream'
import type { components } from '../../generated/api.js'
import { checkedSelect, queryHead, sqlMistake } from '../questdb/checked-sql.js'
import type { QuestDbClient } from '../questdb/client.js'
import { streamJson, streamTextCells } from '../questdb/reading.js'

export type QueryRequest = components['schemas']['QueryRequest']

export interface QueryLimits {
  readonly signal: AbortSignal
  readonly timeoutSeconds: number
}

/**
 * Resolves when the first rows are there; the signal, or destroying the stream, ends the query in QuestDB.
 * @throws DomainError QUERY_REFUSED for what does not only read, SQL_INVALID with QuestDB's own words, TIME_LIMIT
 */
export async function streamQuery(
  client: QuestDbClient,
  request: QueryRequest,
  { signal, timeoutSeconds }: QueryLimits,
): Promise<Readable> {
  const options = { signal, timeoutMs: timeoutSeconds * 1000, prefix: queryHead(request.sql) }
  const { sql, shift } = await checkedSelect(client, request.sql, options)
  try {
    return await (request.cells === 'text' ? streamTextCells : streamJson)(client, sql, options)
  } catch (error) {
    throw sqlMistake(error, shift)
  }
}
