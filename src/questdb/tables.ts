import { setTimeout as sleep } from 'node:timers/promises'
import type { ColumnType } from '../frames/batch.js'
import type { CallOptions, QuestDbClient } from './client.js'
import { questDbType } from './column-types.js'
import { isDuplicateColumn } from './failures.js'
import { quoteIdentifier, requireColumnName, stagedTableName } from './names.js'
import { encodedLength, STATEMENT_LIMIT } from './statement.js'

export interface NewColumn {
  readonly name: string
  readonly type: ColumnType
}

/** The spans of time that a table is divided into. */
export type PartitionBy = 'HOUR' | 'DAY' | 'WEEK' | 'MONTH' | 'YEAR'

export interface NewTable {
  readonly name: string
  /** Without the designated timestamp, which is always the first column and called `timestamp`. */
  readonly columns: readonly NewColumn[]
  readonly partitionBy: PartitionBy
  /** Of two rows that agree in `timestamp` and all of these the later one stays; `timestamp` need not be named. */
  readonly dedupKeys: readonly string[]
}

/**
 * Creates a write-ahead table with deduplication. Fails with COLUMN_NAME_INVALID, or with QUESTDB_REFUSED when the
 * table exists. Up to 2 000 columns; about 700 fit into one statement, more take some intermediate tables.
 */
export async function createTable(client: QuestDbClient, table: NewTable, options: CallOptions = {}): Promise<void> {
  const declared = [DESIGNATED, ...table.columns.map(declaration)]
  const rest = `TIMESTAMP("timestamp") PARTITION BY ${table.partitionBy} WAL DEDUP UPSERT KEYS(${upsertKeys(table.dedupKeys)})`
  const create = `CREATE TABLE ${quoteIdentifier(table.name)}`
  const whole = `${create} (${declared.join(',')}) ${rest}`
  if (encodedLength(whole) <= STATEMENT_LIMIT) return client.run(whole, options)
  await fromParts(client, declared, (parts) => `${create} AS (SELECT * FROM ${parts} LIMIT 0) ${rest}`, options)
}

/**
 * Adds the columns that are not there yet; one that is there with another type is QUESTDB_REFUSED.
 * QuestDB takes one column a statement here, 5 to 10 ms each, and queries may see some of them before the rest.
 */
export async function addColumns(
  client: QuestDbClient,
  table: string,
  columns: readonly NewColumn[],
  options: CallOptions = {},
): Promise<void> {
  for (const column of columns) {
    await addColumn(client, table, column, options)
  }
}

/**
 * IF NOT EXISTS does not hold against another who adds the column at the same moment: QuestDB answers `duplicate
 * column`. Asked again, it sees the column and says whether its type is the one wanted.
 */
async function addColumn(client: QuestDbClient, table: string, column: NewColumn, options: CallOptions): Promise<void> {
  const statement = `ALTER TABLE ${quoteIdentifier(table)} ADD COLUMN IF NOT EXISTS ${declaration(column)}`
  for (let attempt = 1; ; attempt++) {
    try {
      return await client.run(statement, options)
    } catch (error) {
      if (attempt === 20 || !isDuplicateColumn(error)) throw error
      await sleep(10 * attempt, undefined, { signal: options.signal })
    }
  }
}

/**
 * Turns deduplication on, or gives it other keys; rows that are stored already stay as they are. `designated` is the
 * table's designated timestamp, which is always a key.
 */
export function enableDedup(
  client: QuestDbClient,
  table: string,
  keys: readonly string[],
  options: CallOptions & { readonly designated?: string } = {},
): Promise<void> {
  const time = options.designated ?? 'timestamp'
  const others = keys.filter((key) => key !== 'timestamp' && key.toLowerCase() !== time.toLowerCase())
  const all = [...new Set([time, ...others])].map(quoteIdentifier).join(',')
  return client.run(`ALTER TABLE ${quoteIdentifier(table)} DEDUP ENABLE UPSERT KEYS(${all})`, options)
}

/**
 * Drops the table if it exists. Rows sent afterwards over a connection that wrote to it before are acknowledged and
 * lost, even when the table exists again: give each load its own LineWriter.
 */
export function dropTable(client: QuestDbClient, table: string, options: CallOptions = {}): Promise<void> {
  return client.run(`DROP TABLE IF EXISTS ${quoteIdentifier(table)}`, options)
}

/** Renames a table; QUESTDB_REFUSED when the new name is taken. Two renames are not one: others see the gap. */
export function renameTable(client: QuestDbClient, from: string, to: string, options: CallOptions = {}): Promise<void> {
  return client.run(`RENAME TABLE ${quoteIdentifier(from)} TO ${quoteIdentifier(to)}`, options)
}

/**
 * Copies the visible rows of one table into another as one transaction: all or nothing, whatever their number.
 * Wait until `from` is visible first, and until `to` is afterwards.
 *
 * @param columns what to copy, the designated timestamp included; left out, the tables must have the same columns
 *   in the same order (and their number does not matter)
 * @param options `designated` is what `to` calls the column that is `timestamp` in `from`
 */
export function insertSelect(
  client: QuestDbClient,
  from: string,
  to: string,
  columns?: readonly string[],
  options: CallOptions & { readonly designated?: string } = {},
): Promise<void> {
  const names = columns?.map(quoteIdentifier).join(',')
  const into = columns?.map((name) => quoteIdentifier(name === 'timestamp' ? (options.designated ?? name) : name))
  const target = into === undefined ? quoteIdentifier(to) : `${quoteIdentifier(to)} (${into.join(',')})`
  // ATOMIC: without it QuestDB commits every million rows, and a failure leaves those behind.
  return client.run(`INSERT ATOMIC INTO ${target} SELECT ${names ?? '*'} FROM ${quoteIdentifier(from)}`, options)
}

const DESIGNATED = '"timestamp" TIMESTAMP'

/**
 * A write-ahead table takes new columns one at a time, so a table too wide for one statement is made from the
 * join of plain tables that together have its columns.
 */
async function fromParts(
  client: QuestDbClient,
  declared: readonly string[],
  statement: (parts: string) => string,
  options: CallOptions,
): Promise<void> {
  const parts: string[] = []
  try {
    for (const columns of piecesThatFit(declared)) {
      const part = stagedTableName()
      parts.push(quoteIdentifier(part))
      await client.run(`CREATE TABLE ${quoteIdentifier(part)} (${columns.join(',')})`, options)
    }
    await client.run(statement(parts.join(' CROSS JOIN ')), options)
  } finally {
    // Not under the caller's signal: what was begun is cleared away also after an abort.
    await Promise.allSettled(parts.map((part) => client.run(`DROP TABLE IF EXISTS ${part}`)))
  }
}

function piecesThatFit(declared: readonly string[]): string[][] {
  const pieces: string[][] = [[]]
  let used = 0
  for (const column of declared) {
    const length = encodedLength(`,${column}`)
    if (used + length > STATEMENT_LIMIT) {
      pieces.push([])
      used = 0
    }
    pieces.at(-1)?.push(column)
    used += length
  }
  return pieces
}

function declaration({ name, type }: NewColumn): string {
  return `${quoteIdentifier(requireColumnName(name))} ${questDbType(type)}`
}

function upsertKeys(keys: readonly string[]): string {
  return [...new Set(['timestamp', ...keys])].map(quoteIdentifier).join(',')
}
