/** Where the columns of a record batch lie in its body, and their cells, some rows at a time. */
import type { ArrowBody, BodyHeader, RowsOfBatch } from './arrow-body.js'
import type { ArrowField, ArrowLayout, IntLayout, TextLayout } from './arrow-schema.js'
import { readViews, VIEW_BYTES, viewedBytes } from './arrow-text-views.js'
import { unpackBits } from './bits.js'
import { CellFaults, type LeftOutRows } from './left-out.js'
import { frameMalformed, unexpected } from './refusal.js'
import { TextBytes, textOutside } from './text-bytes.js'
import type { TypedCells } from './typed-cells.js'

/** One column of one record batch. `buffers` are the numbers of its buffers, without the one of missing cells. */
export interface ArrowColumn {
  readonly name: string
  readonly layout: ArrowLayout
  /** The buffer with a bit a row, 1 = the cell has a value; undefined when every cell has one. */
  readonly validity: number | undefined
  readonly buffers: readonly number[]
}

const MAX_LONG = 2n ** 63n - 1n

/** The texts of a dictionary, undefined where a cell is missing. */
export type ArrowDictionary = readonly (string | undefined)[]

/**
 * The columns of a batch in the order of the fields. Throws `FRAME_MALFORMED` when the batch has other columns or fewer bytes than its
 * number of rows needs, so that whoever reads cells may allocate for that number.
 */
export function placeColumns(
  fields: readonly Pick<ArrowField, 'name' | 'layout'>[],
  header: BodyHeader,
  body: ArrowBody,
): ArrowColumn[] {
  let buffer = 0
  let views = 0
  const columns = fields.map(({ name, layout }, index) => {
    const node = header.nodes[index]
    if (node === undefined || node.rows !== header.rows || !(node.nulls >= 0 && node.nulls <= node.rows)) {
      throw frameMalformed(`column ${JSON.stringify(name)} has another number of rows than its batch`, { column: name })
    }
    if (layout.kind === 'missing') return { name, layout, validity: undefined, buffers: [] }
    const validity = buffer++
    const textView = layout.kind === 'text view'
    const count = textView ? 1 + (header.viewBuffers[views++] ?? 0) : layout.kind === 'text' ? 2 : 1
    if (!(count >= 1 && buffer + count <= body.buffers)) {
      throw frameMalformed(`column ${JSON.stringify(name)} lacks its data`, { column: name })
    }
    const buffers = Array.from({ length: count }, (_, own) => buffer + own)
    buffer += count
    requireBytes(name, body.size(buffers[0] as number), bytesFor(layout, header.rows))
    if (node.nulls > 0) requireBytes(name, body.size(validity), Math.ceil(header.rows / 8))
    return { name, layout, validity: node.nulls > 0 ? validity : undefined, buffers }
  })
  if (header.nodes.length !== fields.length || buffer !== body.buffers) {
    throw frameMalformed('a record batch has other columns than the schema')
  }
  return columns
}

function bytesFor(layout: ArrowLayout, rows: number): number {
  switch (layout.kind) {
    case 'boolean':
      return Math.ceil(rows / 8)
    case 'text':
      return (rows + 1) * layout.offsetWidth
    case 'text view':
      return rows * VIEW_BYTES
    case 'dictionary':
      return rows * layout.index.width
    case 'missing':
      return 0
    default:
      return rows * layout.width
  }
}

function requireBytes(column: string, found: number, needed: number): void {
  if (!(found >= needed)) {
    throw frameMalformed(`column ${JSON.stringify(column)} has ${found} bytes where its rows need ${needed}`, {
      column,
    })
  }
}

/**
 * The cells of a column in these rows, in arrays of their own.
 * `CELL_INVALID` with row and column goes to `leftOut` for text that is no UTF-8 and for whole numbers of more than 63 bits.
 */
export async function readCells(
  column: ArrowColumn,
  body: ArrowBody,
  rows: RowsOfBatch,
  dictionary: ArrowDictionary | undefined,
  leftOut: LeftOutRows,
): Promise<TypedCells> {
  const { layout } = column
  if (layout.kind === 'missing') return { kind: 'missing' }
  const valid = column.validity === undefined ? undefined : await readBits(body, column.validity, rows)
  const presence = valid === undefined ? {} : { valid }
  const faults = new CellFaults(leftOut, column.name, rows.firstRow)
  const data = column.buffers[0] as number
  switch (layout.kind) {
    case 'float':
      return { kind: 'double', values: await readFloats(body, data, layout.width, rows), ...presence }
    case 'int':
      return { kind: 'long', values: await readLongs(body, data, layout, rows, valid, faults), ...presence }
    case 'boolean':
      return { kind: 'boolean', values: await readBits(body, data, rows), ...presence }
    case 'timestamp': {
      const int: IntLayout = { kind: 'int', width: layout.width, signed: true }
      const values = await readLongs(body, data, int, rows, valid, faults)
      if (layout.perValue !== 1n)
        for (let row = 0; row < values.length; row++) values[row] = (values[row] as bigint) * layout.perValue
      return { kind: 'timestamp', unit: layout.unit, values, ...presence }
    }
    case 'text':
    case 'text view':
      return { kind: 'text', values: await readTexts(column.buffers, layout, body, rows, valid, faults), ...presence }
    case 'dictionary': {
      const indices = await readLongs(body, data, layout.index, rows, valid, faults)
      return lookedUp(indices, valid, dictionary ?? [], column.name)
    }
  }
}

/** How many bytes the text of a column takes in these rows; with a dictionary at most as many. */
export async function textBytes(
  column: ArrowColumn,
  body: ArrowBody,
  { from, to }: RowsOfBatch,
  dictionary: ArrowDictionary | undefined,
): Promise<number> {
  const { layout } = column
  const data = column.buffers[0] as number
  if (layout.kind === 'text') {
    const first = await readOffsets(body, data, layout.offsetWidth, from, 1)
    const last = await readOffsets(body, data, layout.offsetWidth, to, 1)
    return (last[0] as number) - (first[0] as number)
  }
  if (layout.kind === 'text view') return viewedBytes(body, data, from, to)
  if (layout.kind !== 'dictionary' || dictionary === undefined) return 0
  return (to - from) * dictionary.reduce((longest, text) => Math.max(longest, text?.length ?? 0), 0)
}

async function readBits(body: ArrowBody, buffer: number, { from, to }: RowsOfBatch): Promise<Uint8Array<ArrayBuffer>> {
  const firstByte = from >> 3
  const bytes = await body.read(buffer, firstByte, ((to + 7) >> 3) - firstByte)
  return unpackBits(bytes, from - firstByte * 8, to - from)
}

async function readFloats(
  body: ArrowBody,
  buffer: number,
  width: 4 | 8,
  { from, to }: RowsOfBatch,
): Promise<Float64Array> {
  const bytes = await body.read(buffer, from * width, (to - from) * width)
  return width === 8 ? new Float64Array(bytes.buffer) : Float64Array.from(new Float32Array(bytes.buffer))
}

async function readLongs(
  body: ArrowBody,
  buffer: number,
  { width, signed }: IntLayout,
  { from, to }: RowsOfBatch,
  valid: Uint8Array | undefined,
  faults: CellFaults,
): Promise<BigInt64Array> {
  const { buffer: bytes } = await body.read(buffer, from * width, (to - from) * width)
  if (width === 8) {
    if (!signed) requireSigned(new BigUint64Array(bytes), valid, faults)
    return new BigInt64Array(bytes)
  }
  const narrow =
    width === 4 ? [Int32Array, Uint32Array] : width === 2 ? [Int16Array, Uint16Array] : [Int8Array, Uint8Array]
  const values = new (narrow[signed ? 0 : 1] as Int32ArrayConstructor)(bytes)
  const longs = new BigInt64Array(values.length)
  for (let row = 0; row < values.length; row++) longs[row] = BigInt(values[row] as number)
  return longs
}

function requireSigned(values: BigUint64Array, valid: Uint8Array | undefined, faults: CellFaults): void {
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as bigint
    if (value > MAX_LONG && valid?.[row] !== 0)
      faults.refuse(row, value, unexpected(value, 'a whole number up to 2^63 - 1'))
  }
}

async function readOffsets(
  body: ArrowBody,
  buffer: number,
  width: 4 | 8,
  from: number,
  count: number,
): Promise<ArrayLike<number>> {
  const { buffer: bytes } = await body.read(buffer, from * width, count * width)
  return width === 4 ? new Int32Array(bytes) : Float64Array.from(new BigInt64Array(bytes), Number)
}

async function readTexts(
  buffers: readonly number[],
  layout: TextLayout,
  body: ArrowBody,
  rows: RowsOfBatch,
  valid: Uint8Array | undefined,
  faults: CellFaults,
): Promise<string[]> {
  if (layout.kind === 'text view') return readViews(buffers, body, rows, valid, faults)
  const [offsetsAt, data] = buffers as [number, number]
  const count = rows.to - rows.from
  const offsets = await readOffsets(body, offsetsAt, layout.offsetWidth, rows.from, count + 1)
  const base = offsets[0] as number
  for (let row = 0; row < count; row++) {
    if ((offsets[row + 1] as number) < (offsets[row] as number)) throw textOutside(faults.place(row))
  }
  const text = new TextBytes(Buffer.from(await body.read(data, base, (offsets[count] as number) - base)))
  const texts: string[] = []
  for (let row = 0; row < count; row++) {
    const missing = valid?.[row] === 0
    const [start, end] = [(offsets[row] as number) - base, (offsets[row + 1] as number) - base]
    texts.push(missing ? '' : text.taken(start, end, row, faults))
  }
  return texts
}

function lookedUp(
  indices: BigInt64Array,
  valid: Uint8Array | undefined,
  dictionary: ArrowDictionary,
  column: string,
): TypedCells {
  const values: string[] = []
  let present = valid
  for (let row = 0; row < indices.length; row++) {
    const index = Number(indices[row])
    const missing = valid?.[row] === 0
    if (!missing && !(index >= 0 && index < dictionary.length)) {
      throw frameMalformed(
        `column ${JSON.stringify(column)} refers to entry ${index} of a dictionary that has ${dictionary.length}`,
        {
          column,
        },
      )
    }
    const text = missing ? undefined : dictionary[index]
    if (text === undefined && !missing) {
      present ??= new Uint8Array(indices.length).fill(1)
      present[row] = 0
    }
    values.push(text ?? '')
  }
  return { kind: 'text', values, ...(present === undefined ? {} : { valid: present }) }
}
