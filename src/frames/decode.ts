import type { ColumnType } from './batch.js'
import type { RowFault } from './refusal.js'
import type { TimeUnit } from './time.js'

/** How rows that can't be taken are left out. */
export interface LeaveOut {
  /** Told of each such row, in the order of the frame: the first fault that was found in it. */
  rejected(fault: RowFault): void
  /** Whether this text can be stored. */
  takesText(text: string): boolean
}

/** What a decoder is told about the frame it reads. */
export interface DecodeOptions {
  /** The column that holds the time. Without it the usual names are looked for (time-column.ts). */
  readonly timestampColumn?: string
  /** The unit of whole numbers in the time column. Without it their magnitude tells (time.ts). */
  readonly timestampUnit?: TimeUnit
  /** Types that are known already, such as those of the table the rows go to. Names match whatever their case. */
  readonly types?: ReadonlyMap<string, ColumnType>
  /** Columns that `types` does not name: find out by their cells, or take them all as doubles. */
  readonly otherwise: 'infer' | 'double'
  /** Columns that were read as whole numbers before and turned out to be wider; as `ColumnWidened` said it. */
  readonly widened?: ReadonlyMap<string, ColumnWidened['to']>
  /** Rows that can't be taken are left out. Without it the first of them ends the reading. */
  readonly leaveOut?: LeaveOut
  /** Rows in a batch, 10 000 unless told. A batch of very wide rows may hold fewer. */
  readonly batchRows?: number
}

const DEFAULT_BATCH_ROWS = 10_000

/** 10 000 rows with 150 indicators, about 40 MB of text, still make one batch; rows of long text do not. */
export const BATCH_BYTES = 64 * 1024 * 1024

/** 72 MB of doubles and their presence: with 800 columns 10 000 rows still make one batch. */
const BATCH_CELLS = 8_000_000

/** True when a batch takes no more rows: it has as many as asked for, or memory would not stay flat with more. */
export function isFullBatch(rows: number, columns: number, bytes: number, options: DecodeOptions): boolean {
  return rows >= (options.batchRows ?? DEFAULT_BATCH_ROWS) || bytes >= BATCH_BYTES || rows * columns >= BATCH_CELLS
}

/** How many rows of so many columns make a batch, when all of them are there to choose from. */
export function rowsPerBatch(columns: number, options: DecodeOptions): number {
  return Math.max(1, Math.min(options.batchRows ?? DEFAULT_BATCH_ROWS, Math.floor(BATCH_CELLS / Math.max(1, columns))))
}

/** Known types by lower-case name, since QuestDB's column names are the same in any case. */
export function typesByName(options: DecodeOptions): ReadonlyMap<string, ColumnType> {
  return new Map([...(options.types ?? [])].map(([name, type]) => [name.toLowerCase(), type]))
}

/**
 * A column read as whole numbers in batches already handed out turns out to hold something wider. Not a
 * fault of the frame: read it again from its first byte with `widened` saying `to` for this column.
 */
export class ColumnWidened extends Error {
  override readonly name = 'ColumnWidened'

  constructor(
    readonly column: string,
    readonly to: 'double' | 'varchar',
  ) {
    super(
      `column ${JSON.stringify(column)} began as whole numbers and holds ${to} values later: read it again as ${to}`,
    )
  }
}
