/** A client's own SQL on its way to QuestDB: checked before it is sent, and its mistakes told in the client's own terms. */
import { DomainError, isDomainError } from '../errors.js'
import type { CallOptions, QuestDbClient, ResultColumn } from './client.js'
import { type GuardedSelect, guardedSelect } from './select.js'

/**
 * The statement as it may be sent; what the guard can't settle by the first word is settled by QuestDB.
 * @param always asks QuestDB in any case, so that a mistake is found before anything runs
 * @throws DomainError QUERY_REFUSED for what does not only read, SQL_INVALID with QuestDB's own words
 */
export async function checkedSelect(
  client: QuestDbClient,
  text: string,
  options: CallOptions & { readonly always?: boolean },
): Promise<GuardedSelect> {
  const guarded = guardedSelect(text)
  if (!guarded.ambiguous && !options.always) return guarded
  const kind = await client.kindOf(guarded.sql, options).catch((error: unknown) => {
    throw sqlMistake(error, guarded.shift)
  })
  if (guarded.ambiguous && kind !== 'SELECT' && kind !== 'EXPLAIN')
    throw new DomainError('QUERY_REFUSED', `${kind} is not run here; only statements that read are`, { position: 0 })
  return guarded
}

/** What QuestDB refused of a client's SQL as SQL_INVALID, in its own words and with the place in the client's own text. */
export function sqlMistake(error: unknown, shift: number): unknown {
  if (!isDomainError(error, 'QUESTDB_REFUSED')) return error
  const { text, position } = error.details as { text?: string; position?: number }
  const place = position === undefined ? {} : { position: Math.max(0, position - shift) }
  return new DomainError('SQL_INVALID', text ?? error.message, place, { cause: error })
}

/** What stands before the rows of a query in JSON: `{"query", "columns", "column_types",`. */
export function queryHead(query: string): (columns: readonly ResultColumn[]) => string {
  return (columns) => {
    const head = { query, columns: columns.map(({ name }) => name), column_types: columns.map(typeOf) }
    return `${JSON.stringify(head).slice(0, -1)},`
  }
}

/** As QuestDB's list of a table's columns has it: `DOUBLE[]`, where the answer to a query says ARRAY. */
function typeOf({ type, elemType, dim = 1 }: ResultColumn): string {
  return elemType === undefined ? type : elemType + '[]'.repeat(dim)
}
