import type { Column, ColumnType } from './batch.js'
import { type ColumnBuilder, type LongBuilder, newBuilder } from './builders.js'
import { isSpelledNaN, longFromText, numberFromText } from './number.js'
import { type Refusal, unexpected } from './refusal.js'
import { microsFromNumber, microsFromText, refuseTime } from './time.js'

/**
 * One column of a frame that came as JSON rows: turns its members into values of one type. A declared type is kept
 * to; otherwise the first value that is not null makes it a column of doubles, of booleans or of text. Longs are
 * never guessed: JSON has only one kind of number, and a price without decimals is no count. A column that has
 * shown no value yet has no type and no part in its batches.
 */
export class RowColumn {
  private type: ColumnType | undefined
  private builder: ColumnBuilder | undefined

  constructor(
    readonly name: string,
    declared: ColumnType | undefined,
  ) {
    this.type = declared
  }

  /** Takes a value that is not null. Returns why it can't, if so. */
  read(value: unknown, row: number): Refusal | undefined {
    if (this.type === undefined) {
      const type = TYPE_OF_VALUE.get(typeof value)
      if (type === undefined) return unexpected(value, 'a number, text, true, false or null')
      this.type = type
    }
    this.builder ??= newBuilder(this.type)
    const builder = this.builder
    switch (builder.type) {
      case 'double': {
        const number = typeof value === 'number' ? value : numberFromOther(value)
        if (Number.isFinite(number)) builder.set(row, number)
        else if (typeof value !== 'string' || !isSpelledNaN(value)) return refuseNumber(value)
        return undefined
      }
      case 'long':
        return readLong(builder, value, row)
      case 'boolean': {
        const bit = booleanOf(value)
        if (bit === undefined) return unexpected(value, 'true, false or null')
        builder.set(row, bit)
        return undefined
      }
      case 'timestamp': {
        const micros = microsOf(value)
        if (micros === undefined) return refuseTime(value, undefined)
        builder.set(row, micros)
        return undefined
      }
      default:
        if (typeof value !== 'string') return unexpected(value, 'text or null')
        builder.set(row, value)
        return undefined
    }
  }

  /** The column's part of a batch of `rows` rows, or undefined while it has no type. The next value begins a new batch. */
  finish(rows: number): Column | undefined {
    if (this.type === undefined) return undefined
    const builder = this.builder ?? newBuilder(this.type)
    this.builder = undefined
    return builder.finish(this.name, rows)
  }
}

const TYPE_OF_VALUE: ReadonlyMap<string, ColumnType> = new Map([
  ['number', 'double'],
  ['boolean', 'boolean'],
  ['string', 'varchar'],
])

/** The time of a JSON value in microseconds; undefined when it means none. */
function microsOf(value: unknown): number | undefined {
  if (typeof value === 'number') return microsFromNumber(value)
  return typeof value === 'string' ? microsFromText(value) : undefined
}

/** Clients send booleans, and numbers as text, where a double is wanted. NaN here means that it is neither. */
function numberFromOther(value: unknown): number {
  if (typeof value === 'string') return numberFromText(value)
  if (typeof value === 'boolean') return value ? 1 : 0
  return Number.NaN
}

function booleanOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value
  if (value === 1) return true
  return value === 0 ? false : undefined
}

function readLong(builder: LongBuilder, value: unknown, row: number): Refusal | undefined {
  if (Number.isSafeInteger(value)) builder.set(row, BigInt(value as number))
  else if (typeof value === 'string') {
    const long = longFromText(value)
    if (long === undefined) return unexpected(value, 'a whole number that fits 64 bits, or null')
    builder.set(row, long)
  } else if (Number.isInteger(value)) {
    return unexpected(value, 'a whole number up to 2^53 (send a larger one as text), or null')
  } else return unexpected(value, 'a whole number or null')
  return undefined
}

function refuseNumber(value: unknown): Refusal {
  const infinite =
    typeof value === 'number' || (typeof value === 'string' && Math.abs(numberFromText(value)) === Infinity)
  return unexpected(value, infinite ? 'a finite number or null' : 'a number or null')
}
