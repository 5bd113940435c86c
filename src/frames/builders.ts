import type { BooleanColumn, ColumnType, DoubleColumn, LongColumn, TextColumn, TimestampColumn } from './batch.js'

/** Small frames are common, and a frame may have a thousand columns: arrays start small and double unless more rows are expected. */
const FIRST_CAPACITY = 256
const WORD = 2 ** 32

/**
 * The cells of one column of one batch while it is being filled. Rows come in ascending order; a row that is
 * skipped has no value. `finish` hands the arrays out, after which the builder must not be used again.
 */
abstract class Growing {
  private filled = 0
  private valid: Uint8Array | undefined

  constructor(private capacity: number) {}

  protected abstract resize(capacity: number): void

  /** Says that `row` has a value and makes room for it. */
  protected mark(row: number): void {
    if (row >= this.capacity) this.grow(row + 1)
    if (this.valid !== undefined) this.valid[row] = 1
    else if (row === this.filled) this.filled++
    else this.beginValid()[row] = 1
  }

  /** True when `row` was marked. */
  has(row: number): boolean {
    return this.valid === undefined ? row < this.filled : this.valid[row] === 1
  }

  /** Makes the arrays at least `rows` long and tells which rows have values. */
  protected presence(rows: number): { valid?: Uint8Array } {
    if (rows > this.capacity) this.grow(rows)
    if (this.valid === undefined && this.filled >= rows) return {}
    return { valid: (this.valid ?? this.beginValid()).subarray(0, rows) }
  }

  private beginValid(): Uint8Array {
    this.valid = new Uint8Array(this.capacity).fill(1, 0, this.filled)
    return this.valid
  }

  private grow(least: number): void {
    while (this.capacity < least) this.capacity *= 2
    if (this.valid !== undefined) this.valid = longer(this.valid, new Uint8Array(this.capacity))
    this.resize(this.capacity)
  }
}

export class DoubleBuilder extends Growing {
  readonly type = 'double'
  private values: Float64Array

  constructor(rows = FIRST_CAPACITY) {
    super(rows)
    this.values = new Float64Array(rows).fill(Number.NaN)
  }

  set(row: number, value: number): void {
    this.mark(row)
    this.values[row] = value
  }

  finish(name: string, rows: number): DoubleColumn {
    const presence = this.presence(rows)
    return { name, type: this.type, values: this.values.subarray(0, rows), ...presence }
  }

  protected resize(capacity: number): void {
    this.values = longer(this.values, new Float64Array(capacity).fill(Number.NaN))
  }
}

/** 64-bit whole numbers. As words they are written without a bigint for each, which would be most of the work. */
abstract class Words extends Growing {
  protected values: BigInt64Array
  private words: Int32Array

  constructor(rows: number) {
    super(rows)
    this.values = new BigInt64Array(rows)
    this.words = new Int32Array(this.values.buffer)
  }

  /** `value` is a safe integer. */
  protected setWhole(row: number, value: number): void {
    this.mark(row)
    const high = Math.floor(value / WORD)
    this.words[2 * row] = value - high * WORD
    this.words[2 * row + 1] = high
  }

  protected resize(capacity: number): void {
    this.values = longer(this.values, new BigInt64Array(capacity))
    this.words = new Int32Array(this.values.buffer)
  }
}

export class LongBuilder extends Words {
  readonly type = 'long'

  constructor(rows = FIRST_CAPACITY) {
    super(rows)
  }

  /** As `set`, of a safe integer. */
  setSafe(row: number, value: number): void {
    this.setWhole(row, value)
  }

  set(row: number, value: bigint): void {
    this.mark(row)
    this.values[row] = value
  }

  get(row: number): bigint | undefined {
    return this.has(row) ? this.values[row] : undefined
  }

  finish(name: string, rows: number): LongColumn {
    const presence = this.presence(rows)
    return { name, type: this.type, values: this.values.subarray(0, rows), ...presence }
  }
}

export class TimestampBuilder extends Words {
  readonly type = 'timestamp'

  constructor(rows = FIRST_CAPACITY) {
    super(rows)
  }

  /** `micros` is microseconds since 1970, UTC, a safe integer. */
  set(row: number, micros: number): void {
    this.setWhole(row, micros)
  }

  finish(name: string, rows: number): TimestampColumn {
    const presence = this.presence(rows)
    return { name, type: this.type, values: this.values.subarray(0, rows), ...presence }
  }
}

export class BooleanBuilder extends Growing {
  readonly type = 'boolean'
  private values: Uint8Array

  constructor(rows = FIRST_CAPACITY) {
    super(rows)
    this.values = new Uint8Array(rows)
  }

  set(row: number, value: boolean): void {
    this.mark(row)
    this.values[row] = value ? 1 : 0
  }

  finish(name: string, rows: number): BooleanColumn {
    const presence = this.presence(rows)
    return { name, type: this.type, values: this.values.subarray(0, rows), ...presence }
  }

  protected resize(capacity: number): void {
    this.values = longer(this.values, new Uint8Array(capacity))
  }
}

export class TextBuilder extends Growing {
  private readonly values: string[] = []

  constructor(readonly type: 'varchar' | 'symbol') {
    super(FIRST_CAPACITY)
  }

  set(row: number, value: string): void {
    this.mark(row)
    while (this.values.length < row) this.values.push('')
    this.values[row] = value
  }

  finish(name: string, rows: number): TextColumn {
    const presence = this.presence(rows)
    while (this.values.length < rows) this.values.push('')
    return { name, type: this.type, values: this.values, ...presence }
  }

  /** A plain array grows by itself. */
  protected resize(): void {}
}

export type ColumnBuilder = DoubleBuilder | LongBuilder | TimestampBuilder | BooleanBuilder | TextBuilder

/** `rows` is how many are expected, if that is known. */
export function newBuilder(type: ColumnType, rows?: number): ColumnBuilder {
  switch (type) {
    case 'double':
      return new DoubleBuilder(rows)
    case 'long':
      return new LongBuilder(rows)
    case 'timestamp':
      return new TimestampBuilder(rows)
    case 'boolean':
      return new BooleanBuilder(rows)
    case 'varchar':
    case 'symbol':
      return new TextBuilder(type)
  }
}

function longer<T extends Float64Array | BigInt64Array | Uint8Array>(from: T, to: T): T {
  if (from instanceof BigInt64Array) (to as BigInt64Array).set(from)
  else (to as Float64Array | Uint8Array).set(from as Float64Array | Uint8Array)
  return to
}
