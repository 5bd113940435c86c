import type { Column, ColumnBatch } from './batch.js'
import type { LeaveOut } from './decode.js'
import { type Place, type Refusal, RowFault, refusedAt, unexpected } from './refusal.js'

const STORABLE = 'text without U+0000 and halves of surrogate pairs'

/**
 * The rows of a frame that are left out. Decoders read such a row like any other, so that all rows keep their places, and say what
 * is wrong with it; it is cut out of the batch when that is done, and told of then.
 */
export class LeftOutRows {
  /** By place in the whole frame. */
  private readonly faults = new Map<number, RowFault>()

  /** Without `leaveOut` no row may be left out. */
  constructor(private readonly leaveOut?: LeaveOut) {}

  /**
   * Leaves out the row that stands at this place in the whole frame; of several faults in a row the first one counts.
   * Throws what is no fault of one row, and every error when no row may be left out.
   */
  add(row: number, error: unknown): void {
    if (this.leaveOut === undefined || !(error instanceof RowFault)) throw error
    if (!this.faults.has(row)) this.faults.set(row, error)
  }

  /** Why this text, as it stands in a row that may be left out, can't be taken; undefined when it can, or when a later check will tell. */
  refusalOf(text: string): Refusal | undefined {
    if (this.leaveOut === undefined || this.leaveOut.takesText(text)) return undefined
    return unexpected(text, STORABLE)
  }

  /** The batch without them, which may leave it no row. */
  cutFrom(batch: ColumnBatch): ColumnBatch {
    if (this.leaveOut === undefined || this.faults.size === 0) return batch
    const kept: number[] = []
    for (let row = 0; row < batch.rows; row++) {
      const fault = this.faults.get(batch.firstRow + row)
      if (fault === undefined) kept.push(row)
      else {
        this.faults.delete(batch.firstRow + row)
        this.leaveOut.rejected(fault)
      }
    }
    return kept.length === batch.rows ? batch : only(batch, kept)
  }
}

/** Faults in cells of one column, in rows that are counted from row `firstRow` of the frame. */
export class CellFaults {
  constructor(
    private readonly leftOut: LeftOutRows,
    private readonly column: string,
    private readonly firstRow: number,
  ) {}

  place(row: number): Place {
    return { row: this.firstRow + row, column: this.column }
  }

  /** As `LeftOutRows.add`. */
  add(row: number, error: unknown): void {
    this.leftOut.add(this.firstRow + row, error)
  }

  refuse(row: number, value: unknown, refusal: Refusal): void {
    this.add(row, refusedAt(this.place(row), value, refusal))
  }

  /** Refuses text that can't be stored, where its row may be left out. */
  checkText(row: number, text: string): void {
    const refusal = this.leftOut.refusalOf(text)
    if (refusal !== undefined) this.refuse(row, text, refusal)
  }
}

function only(batch: ColumnBatch, rows: readonly number[]): ColumnBatch {
  const columns = batch.columns.map((column) => {
    const valid = column.valid === undefined ? {} : { valid: picked(column.valid, rows) }
    return { ...column, values: picked(column.values, rows), ...valid } as Column
  })
  return { ...batch, rows: rows.length, timestamps: picked(batch.timestamps, rows), columns }
}

function picked<V extends Column['values']>(values: V, rows: readonly number[]): V {
  if (Array.isArray(values)) return rows.map((row) => values[row]) as V
  const kept = new (values.constructor as new (length: number) => Exclude<V, string[]>)(rows.length)
  for (const [index, row] of rows.entries()) kept[index] = values[row] as never
  return kept
}
