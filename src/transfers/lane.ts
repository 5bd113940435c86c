/** The way of rows into a staging table. */
import type { ColumnBatch, ColumnType } from '../frames/batch.js'

export interface LaneColumn {
  readonly name: string
  readonly type: ColumnType
}

export interface Lane {
  /**
   * Takes rows; returns when there is room for more, not when they are stored.
   *
   * @param columns those that the table has beside its time, in its order
   */
  send(batch: ColumnBatch, columns: readonly LaneColumn[]): Promise<void>
  /** Returns when the table may be given more columns. */
  settle(): Promise<void>
  /** Returns when all rows are stored; throws the first failure. */
  finish(): Promise<void>
  /** Gives up what is under way and leaves nothing behind but the rows that are stored. */
  close(): Promise<void>
}
