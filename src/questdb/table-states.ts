import type { CallOptions, ExecResult, QuestDbClient } from './client.js'
import { isMissingTable } from './failures.js'
import { isReservedName, quoteIdentifier, quoteText, STAGED_PREFIX } from './names.js'

/** A point in time as QuestDB writes it (ISO, all its digits) and as whole milliseconds since 1970. */
export interface Instant {
  readonly ms: number
  readonly iso: string
}

/** Rows and times of what is visible to a query now. */
export interface Bounds {
  readonly count: number
  readonly first: Instant | null
  readonly last: Instant | null
}

export interface TableColumn {
  readonly name: string
  /** QuestDB's own name of the type. */
  readonly type: string
  readonly designated: boolean
  readonly upsertKey: boolean
}

export interface TableState extends Bounds {
  readonly name: string
  readonly designatedTimestamp: string | null
  readonly partitionBy: string
  readonly walEnabled: boolean
  readonly dedup: boolean
  /** True when QuestDB stopped making new rows visible because applying them failed. */
  readonly suspended: boolean
  /** Committed transactions that are not visible yet. */
  readonly lag: number
}

/**
 * All tables that belong to clients, by name, with their row counts: those of QuestDB itself and staged ones are
 * left out. Two queries whatever the number of tables; a count that QuestDB does not have at hand costs one more.
 *
 * @param filter `names` (any case) and `prefix` narrow it; a name without a table has no entry
 */
export async function tableStates(
  client: QuestDbClient,
  filter: { readonly names?: readonly string[]; readonly prefix?: string } = {},
  options: CallOptions = {},
): Promise<TableState[]> {
  const wanted = filter.names && new Set(filter.names.map((name) => name.toLowerCase()))
  const { states } = await pageOfStates(client, { ...filter, wanted }, undefined, options)
  return states
}

/**
 * A page of the tables whose names begin with `prefix` (any case), and how many there are. Of tables that are not on the page
 * nothing more is asked, since QuestDB does not keep the figures of thousands ready.
 */
export function listTableStates(
  client: QuestDbClient,
  prefix: string,
  page: { readonly offset: number; readonly limit: number },
  options: CallOptions = {},
): Promise<{ states: TableState[]; total: number }> {
  return pageOfStates(client, { prefix }, page, options)
}

async function pageOfStates(
  client: QuestDbClient,
  { prefix = '', wanted }: { readonly prefix?: string; readonly wanted?: ReadonlySet<string> | undefined },
  page: { readonly offset: number; readonly limit: number } | undefined,
  options: CallOptions,
): Promise<{ states: TableState[]; total: number }> {
  const [tables, wal] = await Promise.all([client.exec(TABLES, options), client.exec(WAL_STATES, options)])
  const transactions = new Map(wal.dataset.map((row) => [row[0], walStateOf(row)]))
  const found = tables.dataset.filter(([cell]) => {
    const name = String(cell).toLowerCase()
    return !isReservedName(name) && name.startsWith(prefix.toLowerCase()) && (wanted?.has(name) ?? true)
  })
  const states: TableState[] = []
  for (const row of page ? found.slice(page.offset, page.offset + page.limit) : found)
    states.push(await stateOf(client, row, transactions.get(row[0]) ?? NO_WAL, options))
  return { states, total: found.length }
}

/** The names of staged tables, wherever they come from. */
export async function listStagedTables(client: QuestDbClient, options: CallOptions = {}): Promise<string[]> {
  const { dataset } = await client.exec('SELECT table_name FROM tables() ORDER BY table_name', options)
  return dataset.map(([name]) => String(name)).filter((name) => name.toLowerCase().startsWith(STAGED_PREFIX))
}

/** The columns of a table in their order, or null when there is no such table. */
export async function tableColumns(
  client: QuestDbClient,
  name: string,
  options: CallOptions = {},
): Promise<TableColumn[] | null> {
  const sql = `SELECT "column", "type", designated, upsertKey FROM table_columns(${quoteText(name)})`
  const found = await unlessMissing(client.exec(sql, options))
  return (
    found?.dataset.map(([column, type, designated, upsertKey]) => ({
      name: String(column),
      type: String(type),
      designated: designated === true,
      upsertKey: upsertKey === true,
    })) ?? null
  )
}

/** The number that QuestDB has given a table: it stays over a rename, and no other table gets it. Null when there is none. */
export async function tableId(client: QuestDbClient, name: string, options: CallOptions = {}): Promise<number | null> {
  const { dataset } = await client.exec(`SELECT id FROM tables() WHERE table_name = ${quoteText(name)}`, options)
  return dataset[0] === undefined ? null : Number(dataset[0][0])
}

/**
 * Counts the visible rows and finds their first and last time, exactly; null when there is no such table.
 * `designated` is the table's designated timestamp, null for a table without one.
 */
export async function exactBounds(
  client: QuestDbClient,
  name: string,
  designated: string | null = 'timestamp',
  options: CallOptions = {},
): Promise<Bounds | null> {
  const time = designated === null ? null : quoteIdentifier(designated)
  const times = time === null ? 'null, null' : `min(${time}), max(${time})`
  const found = await unlessMissing(client.exec(`SELECT count(), ${times} FROM ${quoteIdentifier(name)}`, options))
  if (found === null) return null
  const [count, first, last] = found.dataset[0] ?? []
  return { count: Number(count), first: instant(first), last: instant(last) }
}

/** `exactBounds` for a table whose designated timestamp is not known yet, with its name; null when there is no such table. */
export async function tableBounds(
  client: QuestDbClient,
  name: string,
  options: CallOptions = {},
): Promise<(Bounds & { readonly designated: string | null }) | null> {
  const columns = await tableColumns(client, name, options)
  const designated = columns?.find((column) => column.designated)?.name ?? null
  const bounds = columns && (await exactBounds(client, name, designated, options))
  return bounds && { ...bounds, designated }
}

const TABLES = `SELECT table_name, table_row_count, table_min_timestamp, table_max_timestamp,
  designatedTimestamp, partitionBy, walEnabled, dedup FROM tables() WHERE table_type <> 'V' ORDER BY table_name`

const WAL_STATES = 'SELECT name, suspended, sequencerTxn, writerTxn FROM wal_tables()'

interface WalState {
  readonly suspended: boolean
  readonly sequenced: number
  readonly applied: number
}

const NO_WAL: WalState = { suspended: false, sequenced: 0, applied: 0 }

function walStateOf([, suspended, sequenced, applied]: readonly unknown[]): WalState {
  return { suspended: suspended === true, sequenced: Number(sequenced), applied: Number(applied) }
}

async function stateOf(
  client: QuestDbClient,
  [cell, count, first, last, designated, partitionBy, walEnabled, dedup]: readonly unknown[],
  wal: WalState,
  options: CallOptions,
): Promise<TableState> {
  const name = String(cell)
  const designatedTimestamp = designated === null || designated === '' ? null : String(designated)
  const known = { count: Number(count ?? 0), first: instant(first), last: instant(last) }
  // QuestDB keeps these figures in memory for about a thousand tables, and changes them one by one shortly after rows
  // have become visible. None is also what a table without a row has.
  const unsettled = known.count > 0 ? known.first === null || known.last === null : wal.applied > 0
  const unknown = designatedTimestamp === null || walEnabled !== true ? count === null : unsettled
  return {
    name,
    ...((unknown && (await exactBounds(client, name, designatedTimestamp, options))) || known),
    designatedTimestamp,
    partitionBy: String(partitionBy),
    walEnabled: walEnabled === true,
    dedup: dedup === true,
    suspended: wal.suspended,
    lag: Math.max(0, wal.sequenced - wal.applied),
  }
}

async function unlessMissing(answer: Promise<ExecResult>): Promise<ExecResult | null> {
  try {
    return await answer
  } catch (error) {
    if (isMissingTable(error)) return null
    throw error
  }
}

function instant(cell: unknown): Instant | null {
  return typeof cell === 'string' ? { ms: Date.parse(cell), iso: cell } : null
}
