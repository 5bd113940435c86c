/** What a frame's columns turn out to be while its batches go by: renamed to their stored names, checked, remembered. */
import { DomainError } from '../errors.js'
import type { Column, ColumnBatch, ColumnType } from '../frames/batch.js'
import { microsToMillis } from '../frames/time.js'
import { requireColumnName } from '../questdb/names.js'
import type { FrameTimes, LoadPlan } from './load-plan.js'

export class FrameColumns {
  readonly #types = new Map<string, { readonly name: string; readonly type: ColumnType }>()
  #first: bigint | undefined
  #last: bigint | undefined
  #previous: bigint | undefined
  #unfilled: { readonly row: number; readonly column: string } | undefined
  #repeated = false
  #unordered: { rows: number; first: number } | undefined
  rows = 0

  constructor(private readonly plan: Pick<LoadPlan, 'required' | 'filled' | 'renamed' | 'expectedRows'>) {}

  /** Every column seen so far, in the order of appearance. */
  get seen(): { readonly name: string; readonly type: ColumnType }[] {
    return [...this.#types.values()]
  }

  /** The batch under stored names. @throws DomainError COLUMN_NAME_INVALID */
  take(batch: ColumnBatch): ColumnBatch {
    const columns = this.#renamed(batch.columns)
    for (const { name, type } of columns) {
      const key = name.toLowerCase()
      if (!this.#types.has(key)) this.#types.set(key, { name: requireColumnName(name), type })
    }
    this.#unfilled ??= this.#firstUnfilled(columns, batch.firstRow)
    for (let i = 0; i < batch.rows; i++) {
      const time = batch.timestamps[i] as bigint
      if (this.#first === undefined || time < this.#first) this.#first = time
      if (this.#last === undefined || time > this.#last) this.#last = time
      if (this.#previous !== undefined && time < this.#previous) this.#noteUnordered(this.rows + i)
      if (time === this.#previous) this.#repeated = true
      this.#previous = time
    }
    this.rows += batch.rows
    return { ...batch, columns }
  }

  /** Every row is later than the one before it, so that no two rows have the same key. */
  get strictlyIncreasing(): boolean {
    return !this.#repeated && this.#unordered === undefined
  }

  /** What the frame's times turned out to be. */
  times(): FrameTimes {
    return {
      firstMs: microsToMillis(this.#first ?? 0n),
      lastMs: microsToMillis(this.#last ?? 0n),
      ...(this.#unordered && { unordered: this.#unordered }),
    }
  }

  /** @throws DomainError FRAME_EMPTY without rows, COUNT_MISMATCH for another number than declared, FRAME_MALFORMED listing the required columns that never came, CELL_INVALID for a row without one */
  requireComplete(): void {
    if (this.rows === 0) throw new DomainError('FRAME_EMPTY', 'the frame holds no rows; send at least one')
    const { expectedRows } = this.plan
    if (expectedRows !== undefined && expectedRows !== this.rows)
      throw new DomainError(
        'COUNT_MISMATCH',
        `${expectedRows} rows were declared but ${this.rows} came; nothing was stored`,
        { declared: expectedRows, received: this.rows },
      )
    const missing = this.plan.required.filter((name) => !this.#types.has(name.toLowerCase()))
    if (missing.length > 0)
      throw new DomainError('FRAME_MALFORMED', `the frame lacks the column ${missing.join(', ')}`, {
        missing,
        found: this.seen.map((column) => column.name).slice(0, 100),
      })
    if (this.#unfilled) {
      const { row, column } = this.#unfilled
      throw new DomainError('CELL_INVALID', `row ${row} has no ${column}; nothing was stored`, { row, column })
    }
  }

  #firstUnfilled(columns: readonly Column[], firstRow: number): { row: number; column: string } | undefined {
    for (const name of this.plan.filled) {
      const column = columns.find((found) => found.name.toLowerCase() === name)
      const missing = column ? (column.valid?.indexOf(0) ?? -1) : 0
      if (missing >= 0) return { row: firstRow + missing, column: name }
    }
    return undefined
  }

  #noteUnordered(row: number): void {
    this.#unordered = { rows: (this.#unordered?.rows ?? 0) + 1, first: this.#unordered?.first ?? row }
  }

  /** A column under another known name gets the stored one, unless the frame has that too. */
  #renamed(columns: readonly Column[]): Column[] {
    const present = new Set(columns.map((column) => column.name.toLowerCase()))
    return columns.map((column) => {
      const stored = this.plan.renamed.get(column.name.toLowerCase())
      return stored !== undefined && !present.has(stored) ? { ...column, name: stored } : column
    })
  }
}
