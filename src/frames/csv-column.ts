import type { Column, ColumnType } from './batch.js'
import { type ColumnBuilder, DoubleBuilder, type LongBuilder, newBuilder, TextBuilder } from './builders.js'
import { doubleFromBytes, wholeFromBytes } from './byte-number.js'
import type { ColumnWidened } from './decode.js'
import {
  fitsDouble,
  hasDecimalComma,
  hasLeadingZero,
  isPlainInteger,
  isSpelledInfinity,
  isSpelledNaN,
  longFromPlainInteger,
  longFromText,
  numberFromText,
} from './number.js'
import { type Refusal, unexpected } from './refusal.js'
import { microsFromText, refuseTime } from './time.js'

/** Whole numbers of fewer characters than this are exact in a double. */
const INEXACT_CHARACTERS = 16
/** Longer ones overflow a double, which is refused for itself. */
const DOUBLE_DIGITS = 310

interface Found {
  readonly type: ColumnType | undefined
  readonly builder: ColumnBuilder | undefined
  readonly allFitDouble: boolean
}

/**
 * One column of a CSV frame: turns its cells into values of one type, which is either declared or found out.
 *
 * Found out means: the first cell that is not empty makes it a column of numbers, of booleans or of text. Numbers
 * are longs while every cell is a plain integer that fits 64 bits. The first other number widens the column to
 * double, the first integer with leading zeros to text, since it is a code and not a quantity. What the batch has so
 * far is converted; when earlier batches are out already the frame must be read again (`ColumnWidened`). A column that mixes
 * decimals with integers that no double holds is refused, whichever came first. Text among numbers is refused,
 * never taken for a missing value. A column that has shown no value yet has no type and no part in its batches.
 */
export class CsvColumn {
  private type: ColumnType | undefined
  private builder: ColumnBuilder | undefined
  private handedOut = false
  private expectedRows: number | undefined
  private allFitDouble = true
  /** Rows of the batch with empty text, and whether earlier batches had any, while it is not known if the column is text. */
  private empties: number[] = []
  private hadEmpties = false
  /** What was found out before a cell of this row of the batch changed it. */
  private before: (Found & { readonly row: number }) | undefined

  /** `begun` is what an earlier reading has found the column to be. */
  constructor(
    readonly name: string,
    private readonly declared: ColumnType | undefined,
    begun?: ColumnWidened['to'],
  ) {
    this.type = declared ?? begun
  }

  /** True when an empty cell in quotes is a value, empty text, or may turn out to be one. */
  get mayBeText(): boolean {
    return this.type === undefined || this.type === 'varchar' || this.type === 'symbol'
  }

  /**
   * Takes a cell that has a value: one that isn't empty, or empty text. Returns why it can't, if so: for a fault of the cell, or
   * since the frame must be read again with the column as wide as it says.
   */
  read(cell: string, row: number): Refusal | ColumnWidened['to'] | undefined {
    if (this.type === undefined) {
      if (cell === '') return this.noteEmpty(row)
      if (hasDecimalComma(cell)) return decimalComma(cell)
      const type = classOf(cell)
      if (type === 'varchar' && this.hadEmpties) return 'varchar'
      this.remember(row)
      this.type = type
      if (type === 'varchar') this.builder = this.takeEmpties()
    }
    this.builder ??= newBuilder(this.type, this.expectedRows)
    const builder = this.builder
    switch (builder.type) {
      case 'double': {
        const value = numberFromText(cell)
        if (!Number.isFinite(value)) return this.readOddNumber(builder, cell, row)
        if (this.declared === undefined && isBeyondDouble(cell)) return mixedColumn(cell)
        builder.set(row, value)
        return undefined
      }
      case 'long':
        return this.declared === undefined ? this.readInteger(builder, cell, row) : readLong(builder, cell, row)
      case 'boolean': {
        const value = booleanFromText(cell) ?? (this.declared && bitFromText(cell))
        if (value === undefined) return unexpected(cell, 'true or false')
        builder.set(row, value)
        return undefined
      }
      case 'timestamp': {
        const micros = microsFromText(cell)
        if (micros === undefined) return refuseTime(cell, undefined)
        builder.set(row, micros)
        return undefined
      }
      default:
        builder.set(row, cell)
        return undefined
    }
  }

  /**
   * Takes a cell without quotes by its bytes [start, end); false when it must come as text, which says what to make of it. The
   * first cell of a batch always must.
   */
  readBytes(bytes: Uint8Array, start: number, end: number, row: number): boolean {
    const { builder } = this
    if (builder?.type === 'double') {
      const value = doubleFromBytes(bytes, start, end)
      if (Number.isNaN(value)) return false
      builder.set(row, value)
      return true
    }
    if (builder?.type !== 'long') return false
    const value = wholeFromBytes(bytes, start, end)
    if (Number.isNaN(value)) return false
    builder.setSafe(row, value)
    return true
  }

  /** The column's part of a batch of `rows` rows, or undefined while it has no type. The next cell begins a new batch. */
  finish(rows: number): Column | undefined {
    this.hadEmpties ||= this.empties.length > 0
    this.empties = []
    if (this.type === undefined) return undefined
    const builder = this.builder ?? newBuilder(this.type)
    this.builder = undefined
    this.before = undefined
    this.handedOut = true
    if (rows > 0) this.expectedRows = rows
    return builder.finish(this.name, rows)
  }

  /** Forgets what was found out by the cell in this row of the batch, which is the last one read and is left out. */
  forget(row: number): void {
    if (this.before?.row !== row) return
    this.type = this.before.type
    this.builder = this.before.builder
    this.allFitDouble = this.before.allFitDouble
  }

  private noteEmpty(row: number): undefined {
    this.empties.push(row)
  }

  private takeEmpties(): TextBuilder {
    const texts = new TextBuilder('varchar')
    for (const row of this.empties) texts.set(row, '')
    return texts
  }

  private remember(row: number): void {
    if (this.before?.row === row) return
    this.before = { row, type: this.type, builder: this.builder, allFitDouble: this.allFitDouble }
  }

  private readInteger(builder: LongBuilder, cell: string, row: number): Refusal | ColumnWidened['to'] | undefined {
    const value = isPlainInteger(cell) ? longFromPlainInteger(cell) : undefined
    if (value !== undefined) {
      if (cell.length >= INEXACT_CHARACTERS && this.allFitDouble && !fitsDouble(value)) {
        this.remember(row)
        this.allFitDouble = false
      }
      builder.set(row, value)
      return undefined
    }
    if (isSpelledNaN(cell)) return undefined
    if (hasLeadingZero(cell)) return this.widen(builder, 'varchar', cell, row)
    if (!Number.isFinite(numberFromText(cell))) return refuseNumber(cell)
    return this.allFitDouble ? this.widen(builder, 'double', cell, row) : mixedColumn(cell)
  }

  private widen(
    from: LongBuilder,
    to: ColumnWidened['to'],
    cell: string,
    row: number,
  ): Refusal | ColumnWidened['to'] | undefined {
    if (this.handedOut) return to
    this.remember(row)
    this.type = to
    this.builder = to === 'double' ? toDoubles(from, row) : toText(from, row)
    return this.read(cell, row)
  }

  private readOddNumber(builder: DoubleBuilder, cell: string, row: number): Refusal | undefined {
    if (isSpelledNaN(cell)) return undefined
    const truth = this.declared && booleanFromText(cell)
    if (truth === undefined) return refuseNumber(cell)
    builder.set(row, truth ? 1 : 0)
    return undefined
  }
}

function classOf(cell: string): ColumnType {
  if (isPlainInteger(cell) && longFromPlainInteger(cell) !== undefined) return 'long'
  if (hasLeadingZero(cell)) return 'varchar'
  if (!Number.isNaN(numberFromText(cell)) || isSpelledNaN(cell) || isSpelledInfinity(cell)) return 'double'
  return booleanFromText(cell) === undefined ? 'varchar' : 'boolean'
}

function readLong(builder: LongBuilder, cell: string, row: number): Refusal | undefined {
  const value = longFromText(cell)
  if (value !== undefined) builder.set(row, value)
  else if (!isSpelledNaN(cell)) return refuseLong(cell)
  return undefined
}

function booleanFromText(cell: string): boolean | undefined {
  const lower = cell.length <= 5 ? cell.toLowerCase() : ''
  if (lower === 'true') return true
  return lower === 'false' ? false : undefined
}

function bitFromText(cell: string): boolean | undefined {
  if (cell === '1') return true
  return cell === '0' ? false : undefined
}

/** A whole number that no double holds: as a double it would come back as another number. */
function isBeyondDouble(cell: string): boolean {
  if (cell.length < INEXACT_CHARACTERS || cell.length > DOUBLE_DIGITS || !isPlainInteger(cell)) return false
  return !fitsDouble(BigInt(cell))
}

function toDoubles(longs: LongBuilder, rows: number): DoubleBuilder {
  const doubles = new DoubleBuilder()
  for (let row = 0; row < rows; row++) {
    const value = longs.get(row)
    if (value !== undefined) doubles.set(row, Number(value))
  }
  return doubles
}

/** Plain integers have one spelling, so their text comes back as it was. */
function toText(longs: LongBuilder, rows: number): TextBuilder {
  const texts = new TextBuilder('varchar')
  for (let row = 0; row < rows; row++) {
    const value = longs.get(row)
    if (value !== undefined) texts.set(row, String(value))
  }
  return texts
}

function refuseNumber(cell: string): Refusal {
  if (hasDecimalComma(cell)) return decimalComma(cell)
  const endless = isSpelledInfinity(cell) || !Number.isNaN(numberFromText(cell))
  return endless
    ? unexpected(cell, 'a finite number (leave the cell empty when there is none)')
    : unexpected(cell, 'a number')
}

function refuseLong(cell: string): Refusal {
  if (hasDecimalComma(cell)) return decimalComma(cell)
  return unexpected(
    cell,
    Number.isInteger(numberFromText(cell)) ? 'a whole number that fits 64 bits' : 'a whole number',
  )
}

function decimalComma(cell: string): Refusal {
  const { code, sentence } = unexpected(cell, 'a number with a decimal point')
  const why = 'decimal commas and semicolon-delimited files are not accepted'
  return { code, sentence: `${sentence}: ${why}`, expected: 'a number with a decimal point' }
}

function mixedColumn(cell: string): Refusal {
  const { code, sentence } = unexpected(cell, 'all whole numbers or none')
  const why = 'the column mixes integers beyond 2^53 with decimals, and no number type holds both exactly'
  return { code, sentence: `${sentence}: ${why}`, expected: 'all whole numbers or none' }
}
