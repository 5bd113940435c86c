/**
 * Pages of a Parquet column become buffers of Arrow: numbers are copied as they lie, validity keeps its packed bits, and text is
 * copied as bytes without becoming strings. Each object takes the cells of one column in one batch, page after page.
 */
import { DomainError } from '../errors.js'
import type { ArrowCells } from './arrow-writer.js'
import { BitWriter, copyBitRuns } from './bit-writer.js'
import { readRuns } from './parquet-rle.js'
import { unpackDeltas } from './parquet-values.js'
import { frameMalformed } from './refusal.js'

/** The parts of one page: levels tell which rows have values, and are left out where all have. */
export interface PageOfCells {
  readonly rows: number
  readonly levels: Uint8Array | undefined
  readonly values: Uint8Array
  readonly encoding: string
}

export interface CellsBuilder {
  dictionary(bytes: Uint8Array, count: number): void
  page(page: PageOfCells): void
  cells(): ArrowCells
}

/** Numbers and times of `width` bytes, each of which takes `stored` bytes in a page. */
export class NumberCells implements CellsBuilder {
  private readonly valid: BitWriter
  private readonly values: Uint8Array<ArrayBuffer>
  private at = 0

  constructor(
    private readonly rows: number,
    private readonly width: number,
    private readonly stored: number,
    private readonly column: string,
  ) {
    this.valid = new BitWriter(rows)
    this.values = new Uint8Array(Math.ceil((rows * width) / 8) * 8)
  }

  dictionary(): void {
    throw notKnown(this.column, 'a dictionary of numbers')
  }

  page({ rows, levels, values, encoding }: PageOfCells): void {
    if (encoding !== 'PLAIN') throw notKnown(this.column, encoding)
    const count = takeLevels(levels, rows, this.valid)
    if (values.length < count * this.stored) throw tooShort(this.column)
    const dense = values.subarray(0, count * this.stored)
    if (this.stored !== this.width) this.narrow(dense, count)
    else if (count === rows) this.values.set(dense, this.at * this.width)
    else this.spread(dense, rows)
    this.at += rows
  }

  cells(): ArrowCells {
    return withValidity(this.valid, this.rows, [this.values.subarray(0, this.rows * this.width)])
  }

  /** BYTE and SHORT, which Parquet holds as 32 bits; they have no NULL. */
  private narrow(dense: Uint8Array, count: number): void {
    const wide = new Int32Array(dense.slice().buffer)
    const narrow = this.width === 1 ? new Int8Array(this.values.buffer) : new Int16Array(this.values.buffer)
    for (let index = 0; index < count; index++) narrow[this.at + index] = wide[index] as number
  }

  /** Values move from the end of the page's place to their rows; each moves forward or stays, so none is lost. */
  private spread(dense: Uint8Array, rows: number): void {
    const start = this.at * this.width
    this.values.set(dense, start + rows * this.width - dense.length)
    const words = new Uint32Array(this.values.buffer)
    const each = this.width / 4
    const first = start / 4
    let from = first + rows * each - dense.length / 4
    for (let row = 0; row < rows; row++) {
      const to = first + row * each
      const has = this.valid.has(this.at + row)
      for (let word = 0; word < each; word++) words[to + word] = has ? (words[from++] as number) : 0
    }
  }
}

/** Booleans, which have no NULL in QuestDB. */
export class BooleanCells implements CellsBuilder {
  private readonly bits: BitWriter

  constructor(
    private readonly rows: number,
    private readonly column: string,
  ) {
    this.bits = new BitWriter(rows)
  }

  dictionary(): void {
    throw notKnown(this.column, 'a dictionary of booleans')
  }

  page({ rows, levels, values, encoding }: PageOfCells): void {
    if (encoding !== 'PLAIN' || levels !== undefined) throw notKnown(this.column, encoding)
    if (values.length * 8 < rows) throw tooShort(this.column)
    this.bits.copy(values, rows)
  }

  cells(): ArrowCells {
    return { nulls: 0, buffers: [NOTHING, bitsOf(this.bits, this.rows)] }
  }
}

/** Text that a batch may hold; offsets reach to 2 GB, and memory is to stay flat. */
const MOST_TEXT_BYTES = 128 * 1024 * 1024
/** Above this a call that copies a piece of memory is cheaper than a loop. */
const LOOP_BYTES = 24

export class TextCells implements CellsBuilder {
  private readonly valid: BitWriter
  private readonly offsets: Int32Array
  private bytes = new Uint8Array(4096)
  private end = 0
  private at = 0
  private entries: { readonly bytes: Uint8Array; readonly starts: Uint32Array; readonly ends: Uint32Array } | undefined

  constructor(
    private readonly rows: number,
    private readonly column: string,
  ) {
    this.valid = new BitWriter(rows)
    this.offsets = new Int32Array(rows + 1)
  }

  /** QuestDB begins a new dictionary for each partition, within one column chunk. */
  dictionary(bytes: Uint8Array, count: number): void {
    const starts = new Uint32Array(count)
    const ends = new Uint32Array(count)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    for (let index = 0, at = 0; index < count; index++) {
      if (at + 4 > bytes.length) throw tooShort(this.column)
      starts[index] = at + 4
      at += 4 + view.getUint32(at, true)
      if (at > bytes.length) throw tooShort(this.column)
      ends[index] = at
    }
    this.entries = { bytes, starts, ends }
  }

  page({ rows, levels, values, encoding }: PageOfCells): void {
    const count = takeLevels(levels, rows, this.valid)
    if (encoding === 'RLE_DICTIONARY') this.lookUp(values, rows, count)
    else if (encoding === 'DELTA_LENGTH_BYTE_ARRAY') this.append(values, rows, count)
    else throw notKnown(this.column, encoding)
    this.at += rows
  }

  cells(): ArrowCells {
    const offsets = new Uint8Array(this.offsets.buffer)
    return withValidity(this.valid, this.rows, [offsets, this.bytes.subarray(0, this.end)])
  }

  private lookUp(values: Uint8Array, rows: number, count: number): void {
    const { entries } = this
    if (entries === undefined) throw notKnown(this.column, 'no dictionary before its page')
    const { bytes, starts, ends } = entries
    const indices = count === 0 ? new Uint32Array(0) : readRuns(values.subarray(1), values[0] ?? 33, count)
    for (let row = 0, next = 0; row < rows; row++) {
      if (this.valid.has(this.at + row)) {
        const index = indices[next++] as number
        if (index >= starts.length) throw tooShort(this.column)
        this.add(bytes, starts[index] as number, ends[index] as number)
      }
      this.offsets[this.at + row + 1] = this.end
    }
  }

  private append(values: Uint8Array, rows: number, count: number): void {
    const { values: lengths, end } = unpackDeltas(values, count, 'INT32', this.column)
    let total = this.end
    for (let row = 0, next = 0; row < rows; row++) {
      if (this.valid.has(this.at + row)) total += Number(lengths[next++])
      this.offsets[this.at + row + 1] = total
    }
    const whole = end + total - this.end
    if (whole > values.length) throw tooShort(this.column)
    this.add(values, end, whole)
  }

  private add(source: Uint8Array, from: number, to: number): void {
    const length = to - from
    if (this.end + length > this.bytes.length) this.grow(this.end + length)
    if (length > LOOP_BYTES) this.bytes.set(source.subarray(from, to), this.end)
    else for (let index = 0; index < length; index++) this.bytes[this.end + index] = source[from + index] as number
    this.end += length
  }

  private grow(bytes: number): void {
    if (bytes > MOST_TEXT_BYTES) {
      throw new DomainError(
        'EXPORT_TOO_LARGE',
        `the texts of column ${JSON.stringify(this.column)} are so long that ${this.rows} rows of them have more than ${MOST_TEXT_BYTES} bytes: export them as CSV`,
        { column: this.column, limit: MOST_TEXT_BYTES },
      )
    }
    const larger = new Uint8Array(Math.min(MOST_TEXT_BYTES, bytes * 2))
    larger.set(this.bytes.subarray(0, this.end))
    this.bytes = larger
  }
}

const NOTHING = new Uint8Array(0)

/** How many of the page's rows have values. */
function takeLevels(levels: Uint8Array | undefined, rows: number, valid: BitWriter): number {
  const before = valid.ones
  if (levels === undefined) valid.fill(1, rows)
  else copyBitRuns(levels, rows, valid)
  return valid.ones - before
}

function withValidity(valid: BitWriter, rows: number, buffers: readonly Uint8Array[]): ArrowCells {
  const nulls = rows - valid.ones
  return { nulls, buffers: [nulls === 0 ? NOTHING : bitsOf(valid, rows), ...buffers] }
}

function bitsOf(bits: BitWriter, rows: number): Uint8Array {
  return bits.bytes.subarray(0, Math.ceil(rows / 8))
}

function tooShort(column: string): Error {
  return frameMalformed(`a page of column ${JSON.stringify(column)} has fewer bytes than its values need`, { column })
}

function notKnown(column: string, what: string): Error {
  return frameMalformed(
    `column ${JSON.stringify(column)} is written with ${what}, which QuestDB has not written before`,
    {
      column,
    },
  )
}
