/** The cells of one column as the body of a Parquet page: levels that tell which are there, and the plain values of those. */
import type { Column } from './batch.js'

/** Which rows have a value, as levels of one bit; the values that are there follow them. */
export interface PageBody {
  readonly pieces: readonly Uint8Array[]
  readonly bytes: number
}

/** The body of an optional column; without a column, of one in which every cell is missing. */
export function optionalCells(column: Column | undefined, rows: number): PageBody {
  const there = column === undefined ? 0 : countOf(column.valid, rows)
  if (column === undefined || there === 0) return bodyOf([levelRun(rows, 0)])
  if (there === rows) return bodyOf([levelRun(rows, 1), valuesOf(column, rows)])
  const { valid } = column as { valid: Uint8Array }
  return bodyOf([levelBits(valid, rows), valuesOf(withoutMissing(column, valid, rows, there), there)])
}

/** The body of a column that has a value in every row: whole numbers of 64 bits. */
export function requiredNumbers(values: BigInt64Array): PageBody {
  return bodyOf([bytesOf(values)])
}

function bodyOf(pieces: readonly Uint8Array[]): PageBody {
  return { pieces, bytes: pieces.reduce((sum, piece) => sum + piece.length, 0) }
}

function countOf(valid: Uint8Array | undefined, rows: number): number {
  if (valid === undefined) return rows
  let count = 0
  for (let row = 0; row < rows; row++) count += valid[row] as number
  return count
}

/** One level for all rows, behind the length of what tells it. */
function levelRun(rows: number, level: 0 | 1): Uint8Array {
  return withLength([...varint(rows * 2), level])
}

function levelBits(valid: Uint8Array, rows: number): Uint8Array {
  const packed = packBits(valid, rows)
  return withLength([...varint(packed.length * 2 + 1)], packed)
}

function withLength(head: readonly number[], rest: Uint8Array = new Uint8Array(0)): Uint8Array {
  const bytes = Buffer.allocUnsafe(4 + head.length + rest.length)
  bytes.writeUInt32LE(head.length + rest.length)
  bytes.set(head, 4)
  bytes.set(rest, 4 + head.length)
  return bytes
}

function varint(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80)
  return [...bytes, rest]
}

/** Eight rows a byte, the first in the lowest bit. */
function packBits(flags: Uint8Array, count: number): Uint8Array {
  const packed = new Uint8Array(Math.ceil(count / 8))
  for (let row = 0; row < count; row++) if (flags[row] !== 0) packed[row >> 3]! |= 1 << (row & 7)
  return packed
}

function valuesOf(column: Column, count: number): Uint8Array {
  switch (column.type) {
    case 'double':
    case 'long':
    case 'timestamp':
      return bytesOf(column.values)
    case 'boolean':
      return packBits(column.values, count)
    default:
      return plainTexts(column.values)
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array | BigInt64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

function withoutMissing(column: Column, valid: Uint8Array, rows: number, there: number): Column {
  switch (column.type) {
    case 'double':
      return { ...column, values: packed(column.values, new Float64Array(there), valid, rows) }
    case 'long':
    case 'timestamp':
      return { ...column, values: packed(column.values, new BigInt64Array(there), valid, rows) }
    case 'boolean':
      return { ...column, values: packed(column.values, new Uint8Array(there), valid, rows) }
    default:
      return { ...column, values: column.values.filter((_, row) => valid[row] !== 0) }
  }
}

function packed<T extends { [index: number]: unknown }>(from: T, to: T, valid: Uint8Array, rows: number): T {
  let at = 0
  for (let row = 0; row < rows; row++) if (valid[row] !== 0) to[at++] = from[row]
  return to
}

/** Each text as UTF-8 behind its length; half a surrogate pair, which has no UTF-8, becomes U+FFFD. */
function plainTexts(texts: readonly string[]): Uint8Array {
  let characters = 0
  for (const text of texts) characters += text.length
  const bytes = Buffer.allocUnsafe(4 * texts.length + 3 * characters)
  let at = 0
  for (const text of texts) {
    const length = putText(bytes, at + 4, text)
    bytes.writeUInt32LE(length, at)
    at += 4 + length
  }
  return bytes.subarray(0, at)
}

/** Short text is put down here as long as it is ASCII: a call into the library costs more than twenty characters. */
const SHORT_TEXT = 24

function putText(bytes: Buffer, at: number, text: string): number {
  const { length } = text
  if (length > SHORT_TEXT) return bytes.write(text, at)
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i)
    if (unit >= 0x80) return bytes.write(text, at)
    bytes[at + i] = unit
  }
  return length
}
