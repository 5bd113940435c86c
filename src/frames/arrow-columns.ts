/** Where the columns of a record batch lie in its body, and their cells, some rows at a time. */
import type { ArrowBody, BodyHeader } from './arrow-body.js'
import type { ArrowField, ArrowLayout, IntLayout, TextLayout } from './arrow-schema.js'
import { unpackBits } from './bits.js'
import { frameMalformed, type Place, refusedAt, unexpected } from './refusal.js'
import { TextBytes } from './text-bytes.js'
import type { TypedCells } from './typed-cells.js'

/** One column of one record batch. `buffers` are the numbers of its buffers, without the one of missing cells. */
export interface ArrowColumn {
  readonly name: string
  readonly layout: ArrowLayout
  /** The buffer with a bit a row, 1 = the cell has a value; undefined when every cell has one. */
  readonly validity: number | undefined
  readonly buffers: readonly number[]
}

const VIEW_BYTES = 16
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

/** Rows [from, to) of a batch whose first row is row `firstRow` of the frame. */
export interface RowsOfBatch {
  readonly from: number
  readonly to: number
  readonly firstRow: number
}

/**
 * The cells of a column in these rows, in arrays of their own.
 * Throws `CELL_INVALID` with row and column for text that is no UTF-8 and for whole numbers of more than 63 bits.
 */
export async function readCells(
  column: ArrowColumn,
  body: ArrowBody,
  rows: RowsOfBatch,
  dictionary: ArrowDictionary | undefined,
): Promise<TypedCells> {
  const { layout } = column
  if (layout.kind === 'missing') return { kind: 'missing' }
  const valid = column.validity === undefined ? undefined : await readBits(body, column.validity, rows)
  const presence = valid === undefined ? {} : { valid }
  const place = (row: number): Place => ({ row: rows.firstRow + row, column: column.name })
  const data = column.buffers[0] as number
  switch (layout.kind) {
    case 'float':
      return { kind: 'double', values: await readFloats(body, data, layout.width, rows), ...presence }
    case 'int':
      return { kind: 'long', values: await readLongs(body, data, layout, rows, valid, place), ...presence }
    case 'boolean':
      return { kind: 'boolean', values: await readBits(body, data, rows), ...presence }
    case 'timestamp': {
      const int: IntLayout = { kind: 'int', width: layout.width, signed: true }
      const values = await readLongs(body, data, int, rows, valid, place)
      if (layout.perValue !== 1n)
        for (let row = 0; row < values.length; row++) values[row] = (values[row] as bigint) * layout.perValue
      return { kind: 'timestamp', unit: layout.unit, values, ...presence }
    }
    case 'text':
    case 'text view':
      return { kind: 'text', values: await readTexts(column.buffers, layout, body, rows, valid, place), ...presence }
    case 'dictionary': {
      const indices = await readLongs(body, data, layout.index, rows, valid, place)
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
  if (layout.kind === 'text view') {
    const views = await body.read(data, from * VIEW_BYTES, (to - from) * VIEW_BYTES)
    const view = new DataView(views.buffer)
    let bytes = 0
    for (let at = 0; at < views.length; at += VIEW_BYTES) bytes += Math.max(0, view.getInt32(at, true))
    return bytes
  }
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
  place: (row: number) => Place,
): Promise<BigInt64Array> {
  const { buffer: bytes } = await body.read(buffer, from * width, (to - from) * width)
  if (width === 8) {
    if (!signed) requireSigned(new BigUint64Array(bytes), valid, place)
    return new BigInt64Array(bytes)
  }
  const narrow =
    width === 4 ? [Int32Array, Uint32Array] : width === 2 ? [Int16Array, Uint16Array] : [Int8Array, Uint8Array]
  const values = new (narrow[signed ? 0 : 1] as Int32ArrayConstructor)(bytes)
  const longs = new BigInt64Array(values.length)
  for (let row = 0; row < values.length; row++) longs[row] = BigInt(values[row] as number)
  return longs
}

function requireSigned(values: BigUint64Array, valid: Uint8Array | undefined, place: (row: number) => Place): void {
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as bigint
    if (value > MAX_LONG && valid?.[row] !== 0)
      throw refusedAt(place(row), value, unexpected(value, 'a whole number up to 2^63 - 1'))
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
  place: (row: number) => Place,
): Promise<string[]> {
  if (layout.kind === 'text view') return readViews(buffers, body, rows, valid, place)
  const [offsetsAt, data] = buffers as [number, number]
  const count = rows.to - rows.from
  const offsets = await readOffsets(body, offsetsAt, layout.offsetWidth, rows.from, count + 1)
  const base = offsets[0] as number
  for (let row = 0; row < count; row++) {
    if ((offsets[row + 1] as number) < (offsets[row] as number)) throw badText(place(row))
  }
  const text = new TextBytes(Buffer.from(await body.read(data, base, (offsets[count] as number) - base)))
  const texts: string[] = []
  for (let row = 0; row < count; row++) {
    const missing = valid?.[row] === 0
    const [start, end] = [(offsets[row] as number) - base, (offsets[row + 1] as number) - base]
    texts.push(missing ? '' : text.text(start, end, () => place(row)))
  }
  return texts
}

/** Views hold short text themselves; of longer text they tell the buffer and the place. */
async function readViews(
  buffers: readonly number[],
  body: ArrowBody,
  { from, to }: RowsOfBatch,
  valid: Uint8Array | undefined,
  place: (row: number) => Place,
): Promise<string[]> {
  const bytes = await body.read(buffers[0] as number, from * VIEW_BYTES, (to - from) * VIEW_BYTES)
  const views = Buffer.from(bytes.buffer)
  const pieces = new ViewedBuffers(buffers.slice(1), body)
  const texts: string[] = []
  for (let row = 0; row < to - from; row++) {
    const at = row * VIEW_BYTES
    const length = views.readInt32LE(at)
    if (valid?.[row] === 0) texts.push('')
    else if (length < 0) throw badText(place(row))
    else if (length <= VIEW_BYTES - 4) {
      texts.push(new TextBytes(views.subarray(at + 4, at + 4 + length)).text(0, length, () => place(row)))
    } else {
      const own = await pieces.read(views.readInt32LE(at + 8), views.readInt32LE(at + 12), length)
      if (own === undefined) throw badText(place(row))
      texts.push(new TextBytes(own).text(0, length, () => place(row)))
    }
  }
  return texts
}

const PIECE_BYTES = 256 * 1024

/** The data buffers of text views. Views mostly go through them in order, so each is read a piece at a time. */
class ViewedBuffers {
  private readonly pieces = new Map<number, { from: number; bytes: Buffer }>()

  constructor(
    private readonly buffers: readonly number[],
    private readonly body: ArrowBody,
  ) {}

  /** Undefined when there is no such buffer. */
  async read(index: number, from: number, length: number): Promise<Buffer | undefined> {
    const buffer = this.buffers[index]
    if (buffer === undefined) return undefined
    let piece = this.pieces.get(index)
    if (piece === undefined || from < piece.from || from + length > piece.from + piece.bytes.length) {
      const most = Math.max(length, Math.min(PIECE_BYTES, this.body.size(buffer) - from))
      piece = { from, bytes: Buffer.from((await this.body.read(buffer, from, most)).buffer) }
      this.pieces.set(index, piece)
    }
    return piece.bytes.subarray(from - piece.from, from - piece.from + length)
  }
}

function badText(place: Place): Error {
  return frameMalformed(
    `row ${place.row}, column ${JSON.stringify(place.column)}: the text lies outside of its column`,
    {
      ...place,
    },
  )
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
