/** A client's own SQL: guarded, run, and its rows passed through. */
import type { Readable } from 'node:stream'
import type { components } from '../../generated/api.js'
import { DomainError, isDomainError } from '../errors.js'
import type { QuestDbClient, ResultColumn } from '../questdb/client.js'
import { streamJson, streamTextCells } from '../questdb/reading.js'
import { guardedSelect } from '../questdb/select.js'

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
  const { sql, shift, ambiguous } = guardedSelect(request.sql)
  const options = { signal, timeoutMs: timeoutSeconds * 1000, prefix: headOf(request.sql) }
  try {
    if (ambiguous) await requireReading(client, sql, options)
    return await (request.cells === 'text' ? streamTextCells : streamJson)(client, sql, options)
  } catch (error) {
    throw isDomainError(error, 'QUESTDB_REFUSED') ? mistake(error, shift) : error
  }
}

/** The second look at a statement whose first word does not settle that it reads. */
async function requireReading(
  client: QuestDbClient,
  sql: string,
  options: { readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<void> {
  const kind = await client.kindOf(sql, options)
  if (kind === 'SELECT' || kind === 'EXPLAIN') return
  throw new DomainError('QUERY_REFUSED', `${kind} is not run here; only statements that read are`, { position: 0 })
}

function headOf(query: string): (columns: readonly ResultColumn[]) => string {
  return (columns) => {
    const head = { query, columns: columns.map(({ name }) => name), column_types: columns.map(typeOf) }
    return `${JSON.stringify(head).slice(0, -1)},`
  }
}

/** As QuestDB's list of a table's columns has it: `DOUBLE[]`, where the answer to a query says ARRAY. */
function typeOf({ type, elemType, dim = 1 }: ResultColumn): string {
  return elemType === undefined ? type : elemType + '[]'.repeat(dim)
}

/** QuestDB's own words and the place in the client's own text. */
function mistake(error: DomainError, shift: number): DomainError {
  const { text, position } = error.details as { text?: string; position?: number }
  const place = position === undefined ? {} : { position: Math.max(0, position - shift) }
  return new DomainError('SQL_INVALID', text ?? error.message, place, { cause: error })
}
