/**
 * Makes an Arrow IPC stream of a Parquet file as QuestDB writes it: uncompressed or not, a record batch for each row group, read
 * column after column, so memory holds one batch. A file of a stranger is for parquet.ts: here pages are trusted to be in the
 * few encodings that QuestDB uses, and refused otherwise.
 */
import type { SchemaElement } from 'hyparquet'
import { BooleanCells, type CellsBuilder, NumberCells, TextCells } from './arrow-cells.js'
import {
  type ArrowCells,
  type ArrowColumnType,
  type ArrowType,
  batchMessage,
  END_OF_STREAM,
  schemaMessage,
} from './arrow-writer.js'
import type { FrameFile } from './frame-file.js'
import { decompressPage } from './parquet-codecs.js'
import type { ColumnChunk } from './parquet-footer.js'
import { openDirectory } from './parquet-groups.js'
import { pageAt, partsOf } from './parquet-page.js'
import { frameMalformed } from './refusal.js'

interface Field extends ArrowColumnType {
  readonly optional: boolean
  readonly layout: { readonly physical: string }
}

/**
 * The messages of the stream, each in memory of its own. Throws `FRAME_MALFORMED` for a file that QuestDB would not write,
 * `EXPORT_TOO_LARGE` for texts that no batch holds.
 */
export async function* arrowFromParquet(file: FrameFile): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const directory = await openDirectory(file)
  const fields = directory.schema.slice(1).map(readField)
  yield schemaMessage(fields)
  let left = directory.rows
  for await (const { rows, chunks } of directory.groups(fields)) {
    left -= rows
    const cells: ArrowCells[] = []
    for (const [index, field] of fields.entries()) {
      cells.push(await readChunk(file, field, chunks[index] as ColumnChunk, rows))
    }
    yield batchMessage(rows, cells)
  }
  if (left !== 0) throw frameMalformed(`the row groups have ${-left} rows more than the file`)
  yield END_OF_STREAM.slice()
}

async function readChunk(file: FrameFile, field: Field, chunk: ColumnChunk, rows: number): Promise<ArrowCells> {
  const builder = builderOf(field, rows)
  // A chunk is read at once: it is a part of one batch, and a file asked for page by page takes more calls.
  const bytes = await file.read(chunk.start, chunk.end - chunk.start)
  const read = async (at: number, length: number) => bytes.subarray(at - chunk.start, at - chunk.start + length)
  let at = chunk.start
  for (let missing = rows; missing > 0; ) {
    if (at >= chunk.end) throw malformed(field, 'fewer rows')
    const page = await pageAt({ read: read as FrameFile['read'] }, at, chunk)
    at = page.end
    const stored = bytes.subarray(page.start - chunk.start, page.end - chunk.start)
    if (page.kind === 'dictionary') builder.dictionary(decompressPage(chunk.codec, stored, page.size), page.count)
    if (page.kind !== 'data') continue
    if (page.count > missing) throw malformed(field, 'more rows')
    builder.page({ rows: page.count, ...partsOf(stored, page, field, chunk) })
    missing -= page.count
  }
  return builder.cells()
}

function builderOf({ name, type, layout }: Field, rows: number): CellsBuilder {
  switch (type.kind) {
    case 'utf8':
      return new TextCells(rows, name)
    case 'bool':
      return new BooleanCells(rows, name)
    case 'timestamp':
      return new NumberCells(rows, 8, 8, name)
    default:
      return new NumberCells(rows, type.bits / 8, ['INT32', 'FLOAT'].includes(layout.physical) ? 4 : 8, name)
  }
}

function readField(element: SchemaElement): Field {
  const optional = element.repetition_type !== 'REQUIRED'
  const type = typeOf(element, optional)
  if (type === undefined || element.num_children !== undefined || element.repetition_type === 'REPEATED')
    throw frameMalformed(`column ${JSON.stringify(element.name)} has no type of Arrow`, { column: element.name })
  return { name: element.name, type, nullable: optional, optional, layout: { physical: element.type as string } }
}

/** What QuestDB means by a column: its GEOHASH are numbers of a named width that may be missing, which BYTE and SHORT never are. */
function typeOf({ type, converted_type, logical_type }: SchemaElement, optional: boolean): ArrowType | undefined {
  const unit = logical_type?.type === 'TIMESTAMP' ? logical_type.unit : undefined
  switch (type) {
    case 'DOUBLE':
      return { kind: 'float', bits: 64 }
    case 'FLOAT':
      return { kind: 'float', bits: 32 }
    case 'BOOLEAN':
      return optional ? undefined : { kind: 'bool' }
    case 'BYTE_ARRAY':
      return converted_type === 'UTF8' ? { kind: 'utf8' } : undefined
    case 'INT32':
      if (logical_type === undefined) return { kind: 'int', bits: 32 }
      if (converted_type === 'INT_8' && !optional) return { kind: 'int', bits: 8 }
      return converted_type === 'INT_16' && !optional ? { kind: 'int', bits: 16 } : undefined
    case 'INT64':
      if (unit) return { kind: 'timestamp', unit: ({ MILLIS: 'ms', MICROS: 'us', NANOS: 'ns' } as const)[unit] }
      return logical_type === undefined ? { kind: 'int', bits: 64 } : undefined
    default:
      return undefined
  }
}

function malformed({ name }: Field, what: string): Error {
  return frameMalformed(`column ${JSON.stringify(name)} has ${what} than its row group`, { column: name })
}
