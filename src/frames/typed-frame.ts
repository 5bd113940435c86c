import type { Column, ColumnBatch, ColumnType } from './batch.js'
import { CLOCK_EXPECTED, ClockReader, DATE_EXPECTED, microsOfDate } from './clock.js'
import { ColumnNames } from './column-names.js'
import { type DecodeOptions, typesByName } from './decode.js'
import { CellFaults, LeftOutRows } from './left-out.js'
import { refusedAt, unexpected } from './refusal.js'
import { areMicros, microsFromLong, TIME_EXPECTED, timeToMicros } from './time.js'
import { findTimeSource } from './time-column.js'
import type { TypedCells, TypedField } from './typed-cells.js'
import { columnFrom } from './typed-column.js'

/** How the time of a row is read: from one column, or from a date and a time of day. */
type TimeCells =
  | { readonly kind: 'column'; readonly index: number }
  | { readonly kind: 'date and time'; readonly date: number; readonly time: number; readonly clock: ClockReader }

/**
 * A frame in a format that names the type of each column: finds the time, and makes batches of cells.
 * The constructor throws `FRAME_MALFORMED`, `COLUMN_NAME_INVALID` and `TIMESTAMP_COLUMN_MISSING` for what is wrong with the columns.
 */
export class TypedFrame {
  private readonly timeCells: TimeCells
  /** By field; undefined for the time column and for columns without a type. */
  private readonly types: readonly (ColumnType | undefined)[]
  private firstRow = 0
  readonly leftOut: LeftOutRows

  constructor(
    private readonly fields: readonly TypedField[],
    private readonly options: DecodeOptions,
  ) {
    this.leftOut = new LeftOutRows(options.leaveOut)
    const names = new ColumnNames()
    for (const { name } of fields) names.add(name, {})
    this.timeCells = this.findTime()
    const declared = typesByName(options)
    const timeIndex = this.timeCells.kind === 'column' ? this.timeCells.index : -1
    this.types = fields.map(({ name, type }, index) => {
      if (index === timeIndex || type === 'missing') return undefined
      return declared.get(name.toLowerCase()) ?? (options.otherwise === 'double' ? 'double' : type)
    })
  }

  /**
   * The next rows of the frame, from the cells of every field, without those left out.
   * Throws `CELL_INVALID` and `TIMESTAMP_OUT_OF_RANGE` with `row` (0-based) and `column`.
   */
  batch(cells: readonly TypedCells[], rows: number): ColumnBatch {
    const { firstRow } = this
    const timestamps = this.times(cells, rows)
    const columns: Column[] = []
    for (let index = 0; index < cells.length; index++) {
      const type = this.types[index]
      if (type === undefined) continue
      const name = this.nameOf(index)
      const faults = new CellFaults(this.leftOut, name, firstRow)
      columns.push(columnFrom(name, cells[index] as TypedCells, type, rows, faults))
    }
    this.firstRow += rows
    return this.leftOut.cutFrom({ rows, firstRow, timestamps, columns })
  }

  /** Place in the whole frame of the row that the next batch begins with. */
  get nextRow(): number {
    return this.firstRow
  }

  private findTime(): TimeCells {
    const names = this.fields.map((field) => field.name)
    const source = findTimeSource(names, this.options.timestampColumn, {})
    if (source.kind === 'column') return { kind: 'column', index: names.indexOf(source.column) }
    const time = names.indexOf(source.time)
    // A column "Time" that holds instants is the time, whatever "Date" says beside it.
    if (this.fields[time]?.type === 'timestamp') return { kind: 'column', index: time }
    return { kind: source.kind, date: names.indexOf(source.date), time, clock: new ClockReader() }
  }

  private times(cells: readonly TypedCells[], rows: number): BigInt64Array {
    const { timeCells } = this
    const column = timeCells.kind === 'column' ? cells[timeCells.index] : undefined
    if (column?.kind === 'timestamp' && column.unit === 'us' && !column.valid && areMicros(column.values))
      return column.values
    const micros = new BigInt64Array(rows)
    for (let row = 0; row < rows; row++) {
      try {
        micros[row] = this.microsOf(cells, row)
      } catch (error) {
        this.leftOut.add(this.firstRow + row, error)
      }
    }
    return micros
  }

  private microsOf(cells: readonly TypedCells[], row: number): bigint {
    const { timeCells } = this
    if (timeCells.kind === 'date and time') return BigInt(this.dateAndTime(timeCells, cells, row))
    return this.timeOf(cells[timeCells.index] as TypedCells, row, timeCells.index)
  }

  private timeOf(cells: TypedCells, row: number, index: number): bigint {
    const place = { row: this.firstRow + row, column: this.nameOf(index) }
    const value = cellOf(cells, row)
    if (value === undefined) throw refusedAt(place, null, unexpected(null, TIME_EXPECTED))
    const unit = cells.kind === 'timestamp' ? cells.unit : this.options.timestampUnit
    const exact = typeof value === 'bigint' ? microsFromLong(value, unit) : undefined
    return exact ?? BigInt(timeToMicros(value, unit, place))
  }

  private dateAndTime(
    { date, time, clock }: TimeCells & { kind: 'date and time' },
    cells: readonly TypedCells[],
    row: number,
  ): number {
    const dateCells = cells[date] as TypedCells
    const day = dateCells.kind === 'timestamp' ? this.timeOf(dateCells, row, date) : undefined
    const dateText = textOf(dateCells, row)
    const timeText = textOf(cells[time] as TypedCells, row)
    const start = day === undefined ? microsOfDate(dateText) : Number(day)
    if (start === undefined) throw this.refused(row, date, dateText, DATE_EXPECTED)
    const sinceMidnight = clock.micros(timeText)
    if (sinceMidnight === undefined) throw this.refused(row, time, timeText, CLOCK_EXPECTED)
    return start + sinceMidnight
  }

  private refused(row: number, index: number, value: string, expected: string): Error {
    return refusedAt({ row: this.firstRow + row, column: this.nameOf(index) }, value, unexpected(value, expected))
  }

  private nameOf(index: number): string {
    return (this.fields[index] as TypedField).name
  }
}

function cellOf(cells: TypedCells, row: number): number | bigint | string | undefined {
  return cells.kind === 'missing' || cells.valid?.[row] === 0 ? undefined : cells.values[row]
}

function textOf(cells: TypedCells, row: number): string {
  return String(cellOf(cells, row) ?? '')
}
