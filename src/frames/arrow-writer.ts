/**
 * Writes an Arrow IPC stream: a schema, record batches, and the end marker. Buffers are taken as they are, uncompressed and
 * without dictionaries, which every reader of Arrow knows.
 */
import { type FlatTableValue, type FlatValue, writeFlat } from './arrow-writer-flat.js'

/** The type of a column; numbers of `int` and `float` have this many bits, times are in UTC. */
export type ArrowType =
  | { readonly kind: 'int'; readonly bits: 8 | 16 | 32 | 64 }
  | { readonly kind: 'float'; readonly bits: 32 | 64 }
  | { readonly kind: 'bool' }
  | { readonly kind: 'timestamp'; readonly unit: 'ms' | 'us' | 'ns' }
  | { readonly kind: 'utf8' }

export interface ArrowColumnType {
  readonly name: string
  readonly type: ArrowType
  readonly nullable: boolean
}

/** The cells of a column in one batch, as Arrow lays them out. */
export interface ArrowCells {
  readonly nulls: number
  /** Validity (empty without nulls), offsets of text, values. */
  readonly buffers: readonly Uint8Array[]
}

export const END_OF_STREAM = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0)

const METADATA_V5 = 4
const SCHEMA = 1
const RECORD_BATCH = 3
const PREFIX_BYTES = 8
/** Readers that compute on the bytes where they lie want more than the 8 that the format asks for. */
const ALIGNMENT = 64

export function schemaMessage(columns: readonly ArrowColumnType[]): Uint8Array<ArrayBuffer> {
  const fields = columns.map(({ name, type, nullable }): FlatTableValue => {
    const { number, table } = typeOf(type)
    return {
      table: [{ text: name }, int8(nullable ? 1 : 0), int8(number), table, undefined, { tables: [] }],
    }
  })
  return message(SCHEMA, { table: [int16(0), { tables: fields }] }, [])
}

/** A batch of rows, in memory of its own; `cells` in the order of the schema. */
export function batchMessage(rows: number, cells: readonly ArrowCells[]): Uint8Array<ArrayBuffer> {
  const buffers = cells.flatMap((column) => column.buffers)
  let at = 0
  const places = buffers.map(({ length }): [number, number] => {
    const start = at
    at += padded(length)
    return [start, length]
  })
  const nodes = cells.map(({ nulls }): [number, number] => [rows, nulls])
  return message(RECORD_BATCH, { table: [{ long: rows }, { pairs: nodes }, { pairs: places }] }, buffers)
}

function message(kind: number, header: FlatTableValue, buffers: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bodyBytes = buffers.reduce((sum, { length }) => sum + padded(length), 0)
  const metadata = writeFlat({ table: [int16(METADATA_V5), int8(kind), header, { long: bodyBytes }] })
  const bodyStart = padded(PREFIX_BYTES + metadata.length)
  const bytes = new Uint8Array(bodyStart + bodyBytes)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, 0xffffffff, true)
  view.setInt32(4, bodyStart - PREFIX_BYTES, true)
  bytes.set(metadata, PREFIX_BYTES)
  let at = bodyStart
  for (const buffer of buffers) {
    bytes.set(buffer, at)
    at += padded(buffer.length)
  }
  return bytes
}

/** The type's number and table in Arrow's Schema.fbs. */
function typeOf(type: ArrowType): { number: number; table: FlatTableValue } {
  switch (type.kind) {
    case 'int':
      return { number: 2, table: { table: [{ int: type.bits, bytes: 4 }, int8(1)] } }
    case 'float':
      return { number: 3, table: { table: [int16(type.bits === 32 ? 1 : 2)] } }
    case 'utf8':
      return { number: 5, table: { table: [] } }
    case 'bool':
      return { number: 6, table: { table: [] } }
    case 'timestamp':
      return { number: 10, table: { table: [int16({ ms: 1, us: 2, ns: 3 }[type.unit]), { text: 'UTC' }] } }
  }
}

function int8(int: number): FlatValue {
  return { int, bytes: 1 }
}

function int16(int: number): FlatValue {
  return { int, bytes: 2 }
}

function padded(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT
}
