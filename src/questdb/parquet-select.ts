/**
 * A SELECT on its way to QuestDB's Parquet writer.
 *
 * The writer of 9.3.4 takes whole pages of a table where it can, and then spoils VARCHAR: where all values of a partition have at most
 * nine bytes, which lie in the index of the column and not beside it, it writes NULL for each of them; and a row group that covers
 * several partitions gets several dictionaries, which no reader of Parquet has to expect. A limit that nothing reaches makes it take
 * row by row, which does both right and costs half the speed; statements without VARCHAR keep theirs.
 */
import type { CallOptions, QuestDbClient, ResultColumn } from './client.js'

const NO_LIMIT = Number.MAX_SAFE_INTEGER

export interface ParquetSelect {
  readonly sql: string
  /** Undefined when QuestDB tells no columns before it runs the statement, as for EXPLAIN. */
  readonly columns: readonly ResultColumn[] | undefined
}

/** @throws DomainError QUESTDB_REFUSED for a mistake in the statement, QUESTDB_UNAVAILABLE, TIME_LIMIT */
export async function parquetSelect(client: QuestDbClient, sql: string, options: CallOptions): Promise<ParquetSelect> {
  const columns = await client.columnsOf(sql, options)
  const spoiled = columns?.some(({ type }) => type === 'VARCHAR') ?? false
  return { sql: spoiled ? `SELECT * FROM (${sql}) LIMIT ${NO_LIMIT}` : sql, columns }
}
