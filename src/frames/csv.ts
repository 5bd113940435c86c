/**
 * Reads a frame from CSV text.
 *
 * It promises columns of one type each, times in microseconds UTC, and that nothing is guessed away: every cell is
 * either a value of its column's type, or empty (missing), or the reading ends with the line, the column and the
 * value, unless such rows are to be left out. It reads what spreadsheets, pandas and databases write (quotes, CRLF, a byte order mark, quoted line
 * breaks), not what needs guessing: semicolons, decimal commas, rows of uneven length, text that is no UTF-8.
 * It is a stream: memory holds one batch, a source that ends early or breaks passes its error on, and leaving the
 * generator closes the source. Which rows were handed out before an error says nothing about the rest of the frame:
 * whoever stores batches must be able to drop them. A frame with a header and no rows gives no batch.
 */
import { DomainError } from '../errors.js'
import type { ColumnBatch } from './batch.js'
import { TimestampBuilder } from './builders.js'
import { microsFromBytes } from './byte-time.js'
import { CLOCK_EXPECTED, ClockReader, DATE_EXPECTED, microsOfDate } from './clock.js'
import { ColumnNames } from './column-names.js'
import { type CsvBlock, csvBlocks } from './csv-blocks.js'
import { CsvColumn } from './csv-column.js'
import type { PlainRows } from './csv-plain.js'
import { emptyTexts } from './csv-quotes.js'
import type { CsvRow } from './csv-rows.js'
import { ColumnWidened, type DecodeOptions, isFullBatch, typesByName } from './decode.js'
import { LeftOutRows } from './left-out.js'
import { numberFromText } from './number.js'
import { type Refusal, RowFault, refusedAt, unexpected } from './refusal.js'
import { microsFromIso, microsFromText, refuseTime } from './time.js'
import { findTimeSource } from './time-column.js'

/**
 * The batches of a CSV text whose first line names the columns. Rows keep their order.
 * Throws `FRAME_MALFORMED`, `TIMESTAMP_COLUMN_MISSING`, `TIMESTAMP_OUT_OF_RANGE` and `CELL_INVALID` with `line`
 * (1-based) and `column`; `ColumnWidened` when the frame must be read again with one more type known.
 */
export async function* decodeCsv(
  source: AsyncIterable<Uint8Array>,
  options: DecodeOptions,
): AsyncGenerator<ColumnBatch> {
  let frame: CsvFrame | undefined
  for await (const block of csvBlocks(source)) {
    const count = block.kind === 'plain' ? block.rows.rows : block.rows.length
    for (let at = 0; at < count; at++) {
      if (frame === undefined) frame = new CsvFrame(rowOf(block, at), options)
      else if (block.kind === 'plain' ? frame.readPlain(block.rows, at) : frame.read(block.rows[at] as CsvRow))
        yield frame.takeBatch()
    }
  }
  if (frame === undefined) {
    throw malformed(1, 'there is no text: the first line must name the columns, the rows follow it')
  }
  if (frame.rows > 0) yield frame.takeBatch()
}

/** How the time of a row is read: from one cell, or from a date and a time of day. */
type TimeCells =
  | { readonly kind: 'cell'; readonly index: number }
  | { readonly kind: 'date and time'; readonly date: number; readonly time: number; readonly clock: ClockReader }

/** A column that must be wider when the frame is read again. */
type Widened = Pick<ColumnWidened, 'column' | 'to'>

class CsvFrame {
  rows = 0
  private firstRow = 0
  private bytes = 0
  private times = new TimestampBuilder()
  private readonly names: readonly string[]
  private readonly timeCells: TimeCells
  /** By cell; undefined for the time column. */
  private readonly columns: readonly (CsvColumn | undefined)[]
  private readonly leftOut: LeftOutRows
  /** What looks at each text before its column does; none where no row may be left out. */
  private readonly texts: LeftOutRows | undefined

  constructor(
    header: CsvRow,
    private readonly options: DecodeOptions,
  ) {
    this.names = checkHeader(header)
    this.timeCells = findTimeCells(this.names, options.timestampColumn, header.line)
    const types = typesByName(options)
    const otherwise = options.otherwise === 'double' ? 'double' : undefined
    const timeIndex = this.timeCells.kind === 'cell' ? this.timeCells.index : -1
    this.columns = this.names.map((name, index) =>
      index === timeIndex
        ? undefined
        : new CsvColumn(name, types.get(name.toLowerCase()) ?? otherwise, options.widened?.get(name)),
    )
    this.leftOut = new LeftOutRows(options.leaveOut)
    this.texts = options.leaveOut === undefined ? undefined : this.leftOut
  }

  /** Takes one row in; true when the batch is full. */
  read(row: CsvRow): boolean {
    try {
      this.readCells(row)
    } catch (error) {
      this.leaveOut(error)
    }
    return this.advance(row.bytes.length)
  }

  /** As `read`, for a row without quotes: the usual numbers and times are read from its bytes. */
  readPlain(plain: PlainRows, at: number): boolean {
    try {
      this.readPlainCells(plain, at)
    } catch (error) {
      this.leaveOut(error)
    }
    return this.advance(plain.bytesOf(at))
  }

  /** The rows read since the last batch, without those left out. */
  takeBatch(): ColumnBatch {
    const { rows, firstRow } = this
    const columns = this.columns.flatMap((column) => column?.finish(rows) ?? [])
    const timestamps = this.times.finish('timestamp', rows).values
    this.times = new TimestampBuilder(rows)
    this.firstRow += rows
    this.rows = 0
    this.bytes = 0
    return this.leftOut.cutFrom({ rows, firstRow, timestamps, columns })
  }

  private leaveOut(error: unknown): void {
    this.leftOut.add(this.firstRow + this.rows, error)
    for (const column of this.columns) column?.forget(this.rows)
  }

  private advance(bytes: number): boolean {
    this.rows++
    this.bytes += bytes
    return isFullBatch(this.rows, this.columns.length, this.bytes, this.options)
  }

  private readCells(row: CsvRow): void {
    const { cells } = row
    if (cells.length !== this.columns.length) throw ragged(row, this.columns.length)
    this.times.set(this.rows, this.timeOf(row))
    let quoted: ReadonlySet<number> | undefined
    let widened: Widened | undefined
    for (let index = 0; index < cells.length; index++) {
      const column = this.columns[index]
      const cell = cells[index] as string
      if (column === undefined) continue
      if (cell === '') {
        if (!column.mayBeText) continue
        quoted ??= emptyTexts(row.bytes)
        if (!quoted.has(index)) continue
      }
      const wider = this.readText(column, cell, index, () => row)
      widened ??= wider
    }
    // Only now: a row that is left out for one of its cells widens no column.
    if (widened !== undefined) throw new ColumnWidened(widened.column, widened.to)
  }

  private readPlainCells(plain: PlainRows, at: number): void {
    const { columns, rows } = this
    const cells = plain.cellsOf(at)
    if (cells !== columns.length) throw ragged(plain.row(at), columns.length)
    this.times.set(rows, this.timeOfPlain(plain, at))
    let widened: Widened | undefined
    for (let index = 0; index < cells; index++) {
      const start = plain.cellStart(at, index)
      const end = plain.cellEnd(at, index)
      const column = columns[index]
      if (column === undefined || start === end || column.readBytes(plain.bytes, start, end, rows)) continue
      const wider = this.readText(column, plain.textOf(at, index), index, () => plain.row(at))
      widened ??= wider
    }
    if (widened !== undefined) throw new ColumnWidened(widened.column, widened.to)
  }

  /** Gives the column its cell. Returned, not thrown: that it must be wider, since a later cell may still refuse the row. */
  private readText(column: CsvColumn, cell: string, index: number, row: () => CsvRow): Widened | undefined {
    const refusal = this.texts?.refusalOf(cell) ?? column.read(cell, this.rows)
    if (refusal === undefined) return undefined
    if (typeof refusal !== 'string') throw this.refused(row(), index, refusal)
    return { column: column.name, to: refusal }
  }

  private timeOfPlain(plain: PlainRows, at: number): number {
    const { timeCells } = this
    if (timeCells.kind === 'date and time') return this.timeOf(plain.row(at))
    const { index } = timeCells
    const start = plain.cellStart(at, index)
    const micros = microsFromBytes(plain.bytes, start, plain.cellEnd(at, index), this.options.timestampUnit)
    return Number.isNaN(micros) ? this.timeOf(plain.row(at)) : micros
  }

  private timeOf(row: CsvRow): number {
    const { timeCells } = this
    if (timeCells.kind === 'date and time') {
      const date = microsOfDate(row.cells[timeCells.date] as string)
      if (date === undefined) throw this.unexpectedCell(row, timeCells.date, DATE_EXPECTED)
      const clock = timeCells.clock.micros(row.cells[timeCells.time] as string)
      if (clock === undefined) throw this.unexpectedCell(row, timeCells.time, CLOCK_EXPECTED)
      return date + clock
    }
    const cell = row.cells[timeCells.index] as string
    const unit = this.options.timestampUnit
    const micros = microsFromText(cell, unit)
    if (micros === undefined) throw this.refused(row, timeCells.index, refuseTime(cell, unit))
    return micros
  }

  private unexpectedCell(row: CsvRow, index: number, expected: string): DomainError {
    return this.refused(row, index, unexpected(row.cells[index], expected))
  }

  private refused(row: CsvRow, index: number, refusal: Refusal): DomainError {
    return refusedAt({ line: lineOfCell(row, index), column: this.names[index] as string }, row.cells[index], refusal)
  }
}

function rowOf(block: CsvBlock, at: number): CsvRow {
  return block.kind === 'plain' ? block.rows.row(at) : (block.rows[at] as CsvRow)
}

function checkHeader(header: CsvRow): readonly string[] {
  const { cells, line } = header
  const only = cells.length === 1 ? (cells[0] as string) : ''
  if (only.includes(';') || only.includes('\t')) {
    throw malformed(
      line,
      'cells must be separated by commas: semicolon- or tab-delimited files and decimal commas are not accepted',
    )
  }
  if (cells.some((cell) => /[\r\n]/.test(cell))) {
    throw malformed(
      line,
      'a column name holds a line break: end lines with LF or CRLF, and quote no line breaks in names',
    )
  }
  if (cells.every((cell) => !Number.isNaN(numberFromText(cell)) || microsFromIso(cell) !== undefined)) {
    throw malformed(
      line,
      'the first line must name the columns, and this one holds numbers: put a header line before it',
    )
  }
  const names = new ColumnNames()
  for (const cell of cells) names.add(cell, { line })
  return cells
}

function findTimeCells(names: readonly string[], chosen: string | undefined, line: number): TimeCells {
  const source = findTimeSource(names, chosen, { line })
  if (source.kind === 'column') return { kind: 'cell', index: names.indexOf(source.column) }
  return {
    kind: source.kind,
    date: names.indexOf(source.date),
    time: names.indexOf(source.time),
    clock: new ClockReader(),
  }
}

/** The line a cell begins on: quoted cells before it may have carried the row over several. */
function lineOfCell(row: CsvRow, index: number): number {
  return row.cells.slice(0, index).reduce((line, cell) => line + cell.split('\n').length - 1, row.line)
}

function ragged(row: CsvRow, expected: number): RowFault {
  const found = row.cells.length
  const sentence = `the row has ${found} cells and the header names ${expected} columns`
  return new RowFault('FRAME_MALFORMED', `line ${row.line}: ${sentence}`, {
    line: row.line,
    cells: found,
    columns: expected,
    value: `${found} cells`,
    expected: `${expected} cells`,
  })
}

function malformed(line: number, sentence: string): DomainError {
  return new DomainError('FRAME_MALFORMED', `line ${line}: ${sentence}`, { line })
}
