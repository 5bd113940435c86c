import { type CompressionCodec, type FileMetaData, parquetMetadata } from 'hyparquet'
import { DomainError } from '../errors.js'
import type { FrameFile } from './frame-file.js'
import { type ParquetField, readParquetSchema } from './parquet-schema.js'
import { endOfThrift } from './parquet-thrift.js'
import { frameMalformed } from './refusal.js'

/** Where the pages of one column lie in one row group: bytes [start, end) of the file. */
export interface ColumnChunk {
  readonly start: number
  readonly end: number
  readonly codec: CompressionCodec
}

export interface RowGroup {
  readonly rows: number
  /** In the order of the fields. */
  readonly chunks: readonly ColumnChunk[]
}

export interface ParquetFooter {
  readonly fields: readonly ParquetField[]
  readonly groups: readonly RowGroup[]
}

const MAGIC = 'PAR1'
const TAIL_BYTES = 8

/** A hundred columns in three hundred row groups take about as much. */
const MOST_FOOTER_BYTES = 8 * 1024 * 1024

/**
 * What the file says of itself, checked against the bytes it has: each chunk lies in the file, all together are no larger than it,
 * and all columns have as many values as there are rows. Throws `FRAME_MALFORMED`.
 */
export async function readParquetFooter(file: FrameFile): Promise<ParquetFooter> {
  const { metadata, start } = await readMetadata(file)
  try {
    const fields = readParquetSchema(metadata.schema)
    const groups = metadata.row_groups.map((group) => readGroup(group, fields, start))
    const bytes = groups.flatMap((group) => group.chunks).reduce((sum, chunk) => sum + chunk.end - chunk.start, 0)
    if (bytes > start) throw frameMalformed('the footer names more data than the file holds', { byte: start })
    const rows = groups.reduce((sum, group) => sum + group.rows, 0)
    if (rows !== Number(metadata.num_rows)) {
      throw frameMalformed(`the footer says ${metadata.num_rows} rows, and its row groups ${rows}`, { byte: start })
    }
    return { fields, groups }
  } catch (error) {
    throw asMalformed(error, start)
  }
}

/** The error as a refusal: a library that trips over metadata has met damaged metadata. */
export function asMalformed(error: unknown, byte: number): DomainError {
  return error instanceof DomainError ? error : frameMalformed('the metadata of the Parquet file is damaged', { byte })
}

/** Where the footer lies. Throws `FRAME_MALFORMED` for what is no Parquet file. */
export async function placeOfFooter(file: FrameFile): Promise<{ start: number; length: number }> {
  const cut = () => frameMalformed('the file does not begin and end as Parquet: it was cut, or is none', { byte: 0 })
  if (file.size < MAGIC.length + TAIL_BYTES) throw cut()
  const head = Buffer.from(await file.read(0, MAGIC.length))
  const tail = Buffer.from(await file.read(file.size - TAIL_BYTES, TAIL_BYTES))
  if (head.toString('latin1') !== MAGIC || tail.toString('latin1', 4) !== MAGIC) throw cut()
  const length = tail.readUInt32LE(0)
  const start = file.size - TAIL_BYTES - length
  if (start < MAGIC.length) {
    throw frameMalformed(`the footer says that it has ${length} bytes`, { byte: file.size - TAIL_BYTES })
  }
  return { start, length }
}

async function readMetadata(file: FrameFile): Promise<{ metadata: FileMetaData; start: number }> {
  const { start, length } = await placeOfFooter(file)
  if (length > MOST_FOOTER_BYTES) {
    throw frameMalformed(`the footer says that it has ${length} bytes`, { byte: file.size - TAIL_BYTES })
  }
  const bytes = await file.read(start, length + TAIL_BYTES)
  if (endOfThrift(bytes.subarray(0, length), 0) === undefined) throw asMalformed(undefined, start)
  try {
    return { metadata: parquetMetadata(bytes, { geoparquet: false }), start }
  } catch (error) {
    throw asMalformed(error, start)
  }
}

/** A row group, whose chunks must lie before `end`. Throws `FRAME_MALFORMED`. */
export function readGroup(
  group: FileMetaData['row_groups'][number],
  fields: readonly { readonly name: string; readonly layout: { readonly physical: unknown } }[],
  end: number,
): RowGroup {
  const rows = Number(group.num_rows)
  if (group.columns.length !== fields.length || !Number.isSafeInteger(rows) || rows < 0) {
    throw frameMalformed('a row group has other columns than the schema', { byte: end })
  }
  const chunks = group.columns.map(({ meta_data, file_path }, index): ColumnChunk => {
    const { name, layout } = fields[index] as (typeof fields)[number]
    const refuse = (what: string) => frameMalformed(`column ${JSON.stringify(name)} ${what}`, { column: name })
    if (meta_data === undefined || file_path) throw refuse('is encrypted or lies in another file')
    if (meta_data.path_in_schema.join('.') !== name || meta_data.type !== layout.physical) {
      throw refuse('is described in two ways that disagree')
    }
    if (Number(meta_data.num_values) !== rows) throw refuse('has another number of rows than its row group')
    const dictionary = Number(meta_data.dictionary_page_offset ?? 0)
    const data = Number(meta_data.data_page_offset)
    const start = dictionary > 0 ? Math.min(dictionary, data) : data
    const length = Number(meta_data.total_compressed_size)
    if (!(start >= MAGIC.length && length >= 0 && start + length <= end)) throw refuse('lies outside of the file')
    return { start, end: start + length, codec: meta_data.codec }
  })
  return { rows, chunks }
}
