/** What a load is told and what it tells back; plain data, since it crosses to a worker thread. */
import type { ColumnType } from '../frames/batch.js'
import type { FrameSource } from '../frames/open.js'
import type { TimeUnit } from '../frames/time.js'
import type { PartitionBy } from '../questdb/tables.js'
import type { Rejected } from './rejected-rows.js'

export interface LoadPlan {
  readonly source: FrameSource
  /** The measurement that the rows are for. */
  readonly target: string
  /** Table to fill when the target can't take the rows in one atomic request. */
  readonly stagingTable: string
  /** `append`: rows join what is there; `replace`: they take its place; `create`: nothing may be there. */
  readonly mode: 'append' | 'replace' | 'create'
  /** An earlier start of the same job has put its table in place, so that `create` finds its own. */
  readonly madeBefore?: boolean
  /** Columns that tell rows apart: of two rows that agree in all of them the later one stays. */
  readonly dedupKeys: readonly string[]
  /** Columns that tell rows apart as well where the frame has them. */
  readonly dedupKeysIfPresent: readonly string[]
  readonly partitionBy: PartitionBy
  /** What the client itself said of the table: an append to one that differs is refused. */
  readonly declared?: { readonly dedupKeys?: readonly string[]; readonly partitionBy?: PartitionBy }
  /**
   * What becomes of rows of this frame that agree in all keys: `refuse` stores nothing, `keep_last` keeps the last of them.
   * Without it one of them stays, the last where one request carries them all.
   */
  readonly onDuplicate?: 'refuse' | 'keep_last'
  readonly timestampColumn?: string
  readonly timestampUnit?: TimeUnit
  /** Columns whose type is known beforehand; others by `otherwise`. */
  readonly types: ReadonlyMap<string, ColumnType>
  readonly otherwise: 'infer' | 'double'
  /** Columns without which the frame is refused. */
  readonly required: readonly string[]
  /** Columns of which each row must have a value. */
  readonly filled: readonly string[]
  /** So many rows were declared; another number stores nothing. */
  readonly expectedRows?: number
  /** Rows that can't be taken are left out, and listed in a new file here; without it the first of them refuses the frame. */
  readonly rejectedFile?: string
  /** Other names of a column (lower case → stored name). */
  readonly renamed: ReadonlyMap<string, string>
}

/** The times of a frame as it came. */
export interface FrameTimes {
  /** Earliest and latest, Unix ms. */
  readonly firstMs: number
  readonly lastMs: number
  /** Rows earlier than the row before them, and the first such row counted from 0; absent when all were in order. */
  readonly unordered?: { readonly rows: number; readonly first: number }
}

/** The rows of a frame in QuestDB, readable, and where they lie. */
export interface Loaded extends FrameTimes {
  /** `target`: already in the measurement; `staging`: in the staging table, to be published. */
  readonly place: 'target' | 'staging'
  /** Rows of the frame, without those left out. */
  readonly rowsReceived: number
  /** Rows that were left out, where that was asked for. */
  readonly rejected?: Rejected
  /** Rows by which the table they went to has grown. */
  readonly rowsAdded: number
  /** Rows that the table has now. */
  readonly totalRows: number
  readonly columns: readonly { readonly name: string; readonly type: ColumnType }[]
}

export interface LoadProgress {
  readonly bytesRead: number
  readonly rows: number
}

/** The keys for a table made from a frame with these columns. */
export function dedupKeysFor(
  plan: Pick<LoadPlan, 'dedupKeys' | 'dedupKeysIfPresent'>,
  columns: readonly { readonly name: string }[],
): string[] {
  const present = new Set(columns.map((column) => column.name.toLowerCase()))
  return [...plan.dedupKeys, ...plan.dedupKeysIfPresent.filter((key) => present.has(key))]
}
