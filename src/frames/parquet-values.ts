/** Values of a page or a dictionary, one after the other, without the missing ones. */
import { deltaBinaryUnpack } from 'hyparquet/src/delta.js'
import { unpackBits } from './bits.js'
import type { ParquetLayout } from './parquet-schema.js'
import { frameMalformed } from './refusal.js'
import { TextBytes } from './text-bytes.js'
import type { Dense } from './typed-cells.js'

export type Encoding =
  | 'PLAIN'
  | 'BYTE_STREAM_SPLIT'
  | 'DELTA_BINARY_PACKED'
  | 'DELTA_LENGTH_BYTE_ARRAY'
  | 'DELTA_BYTE_ARRAY'

const WIDTHS = { INT32: 4, INT64: 8, FLOAT: 4, DOUBLE: 8, INT96: 12 } as const

/** All texts of one page that is packed by common beginnings, which may be far larger than the page. */
const MOST_SHARED_BYTES = 256 * 1024 * 1024

/** `count` values. Throws `FRAME_MALFORMED` when the bytes hold fewer, before anything is made for them; `CELL_INVALID` for text that is no UTF-8. */
export function readValues(
  bytes: Uint8Array,
  layout: Exclude<ParquetLayout, { kind: 'missing' }>,
  encoding: string,
  count: number,
  column: string,
): Dense {
  const physical = layout.physical
  if (physical === 'BOOLEAN') {
    if (encoding !== 'PLAIN') throw notRead(encoding, column)
    requireBytes(bytes, Math.ceil(count / 8), column)
    return unpackBits(bytes, 0, count)
  }
  if (physical === 'BYTE_ARRAY') return readTexts(bytes, encoding, count, column)
  if (encoding === 'DELTA_BINARY_PACKED' && (physical === 'INT32' || physical === 'INT64')) {
    return toNumbers(layout, unpackDeltas(bytes, count, physical, column).values.buffer)
  }
  const width = WIDTHS[physical]
  requireBytes(bytes, count * width, column)
  if (encoding === 'PLAIN') return toNumbers(layout, bytes.slice(0, count * width).buffer)
  if (encoding === 'BYTE_STREAM_SPLIT' && physical !== 'INT96')
    return toNumbers(layout, joined(bytes, count, width).buffer)
  throw notRead(encoding, column)
}

function toNumbers(layout: Exclude<ParquetLayout, { kind: 'missing' }>, bytes: ArrayBuffer): Dense {
  if (layout.physical === 'DOUBLE') return new Float64Array(bytes)
  if (layout.physical === 'FLOAT') return Float64Array.from(new Float32Array(bytes))
  const longs =
    layout.physical === 'INT64'
      ? new BigInt64Array(bytes)
      : layout.physical === 'INT96'
        ? nanoseconds(bytes)
        : BigInt64Array.from(
            layout.kind === 'int' && !layout.signed ? new Uint32Array(bytes) : new Int32Array(bytes),
            BigInt,
          )
  if (layout.kind === 'timestamp' && layout.perValue !== 1n)
    for (let index = 0; index < longs.length; index++) longs[index] = (longs[index] as bigint) * layout.perValue
  return longs
}

const JULIAN_DAY_OF_1970 = 2_440_588n
const NANOSECONDS_OF_DAY = 86_400_000_000_000n

/** Nanoseconds of the day and a Julian day, as Spark and Impala write times. */
function nanoseconds(bytes: ArrayBuffer): BigInt64Array {
  const view = new DataView(bytes)
  const count = bytes.byteLength / WIDTHS.INT96
  const longs = new BigInt64Array(count)
  for (let index = 0; index < count; index++) {
    const day = BigInt(view.getUint32(index * WIDTHS.INT96 + 8, true)) - JULIAN_DAY_OF_1970
    longs[index] = day * NANOSECONDS_OF_DAY + view.getBigInt64(index * WIDTHS.INT96, true)
  }
  return longs
}

function joined(bytes: Uint8Array, count: number, width: number): Uint8Array<ArrayBuffer> {
  const values = new Uint8Array(count * width)
  for (let part = 0; part < width; part++) {
    for (let index = 0; index < count; index++) values[index * width + part] = bytes[part * count + index] as number
  }
  return values
}

function readTexts(bytes: Uint8Array, encoding: string, count: number, column: string): string[] {
  if (encoding === 'PLAIN') return plainTexts(bytes, count, column)
  if (encoding === 'DELTA_LENGTH_BYTE_ARRAY') {
    const { values: lengths, end } = unpackDeltas(bytes, count, 'INT32', column)
    return textsOfLengths(bytes.subarray(end), lengths, column)
  }
  if (encoding === 'DELTA_BYTE_ARRAY') return sharedTexts(bytes, count, column)
  throw notRead(encoding, column)
}

function plainTexts(bytes: Uint8Array, count: number, column: string): string[] {
  requireBytes(bytes, count * 4, column)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const text = new TextBytes(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  const texts: string[] = []
  for (let index = 0, at = 0; index < count; index++) {
    const end = at + 4 <= bytes.length ? at + 4 + view.getUint32(at, true) : Number.POSITIVE_INFINITY
    if (end > bytes.length) throw tooShort(column)
    texts.push(text.text(at + 4, end, () => ({ column })))
    at = end
  }
  return texts
}

function textsOfLengths(bytes: Uint8Array, lengths: ArrayLike<number | bigint>, column: string): string[] {
  const text = new TextBytes(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  const texts: string[] = []
  for (let index = 0, at = 0; index < lengths.length; index++) {
    const end = at + Number(lengths[index])
    if (!(end >= at && end <= bytes.length)) throw tooShort(column)
    texts.push(text.text(at, end, () => ({ column })))
    at = end
  }
  return texts
}

/** Each text is the beginning of the one before it, and an ending of its own. */
function sharedTexts(bytes: Uint8Array, count: number, column: string): string[] {
  const shared = unpackDeltas(bytes, count, 'INT32', column)
  const own = unpackDeltas(bytes.subarray(shared.end), count, 'INT32', column)
  const endings = Buffer.from(bytes.subarray(shared.end + own.end))
  const texts: string[] = []
  let before: Buffer = Buffer.alloc(0)
  let at = 0
  let total = 0
  for (let index = 0; index < count; index++) {
    const length = Number(shared.values[index])
    const end = at + Number(own.values[index])
    total += length + end - at
    if (!(length >= 0 && length <= before.length && end >= at && end <= endings.length) || total > MOST_SHARED_BYTES)
      throw tooShort(column)
    before =
      length === 0 ? endings.subarray(at, end) : Buffer.concat([before.subarray(0, length), endings.subarray(at, end)])
    texts.push(new TextBytes(before).text(0, before.length, () => ({ column })))
    at = end
  }
  return texts
}

/** Whole numbers packed as differences, and where they end. Throws `FRAME_MALFORMED`. */
export function unpackDeltas(
  bytes: Uint8Array,
  count: number,
  physical: 'INT32' | 'INT64',
  column: string,
): { values: Int32Array<ArrayBuffer> | BigInt64Array<ArrayBuffer>; end: number } {
  const values = physical === 'INT32' ? new Int32Array(count) : new BigInt64Array(count)
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 }
  try {
    requireSaneBlocks(bytes, count)
    deltaBinaryUnpack(reader, count, values)
  } catch {
    throw frameMalformed(`column ${JSON.stringify(column)}: its differences are damaged`, { column })
  }
  return { values, end: reader.offset }
}

/** The library makes as many widths as a block claims to have parts. */
function requireSaneBlocks(bytes: Uint8Array, count: number): void {
  let at = 0
  const header = [0, 0, 0].map(() => {
    let value = 0
    for (let shift = 0; shift <= 28; shift += 7) {
      const byte = bytes[at++] ?? 0
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
    return Number.NaN
  })
  const [block = 0, parts = 0, values = 0] = header
  if (!(block > 0 && block <= 1_048_576 && parts > 0 && parts <= 4096 && block % parts === 0 && values === count)) {
    throw new RangeError('a block of differences has an odd size')
  }
}

function requireBytes(bytes: Uint8Array, needed: number, column: string): void {
  if (bytes.length < needed) throw tooShort(column)
}

function tooShort(column: string): Error {
  return frameMalformed(`a page of column ${JSON.stringify(column)} has fewer bytes than its values need`, { column })
}

function notRead(encoding: string, column: string): Error {
  return frameMalformed(`column ${JSON.stringify(column)} has the encoding ${encoding}, which is not read`, { column })
}
