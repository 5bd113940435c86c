import { parquetHeader } from 'hyparquet/src/column.js'
import type { FrameFile } from './frame-file.js'
import { decompressPage } from './parquet-codecs.js'
import { asMalformed, type ColumnChunk } from './parquet-footer.js'
import { readRuns } from './parquet-rle.js'
import type { ParquetField, ParquetLayout } from './parquet-schema.js'
import { endOfThrift } from './parquet-thrift.js'
import { readValues } from './parquet-values.js'
import { frameMalformed } from './refusal.js'
import { type Dense, spread, type TypedCells } from './typed-cells.js'

/** A header may hold the least and greatest text of its page. */
const FIRST_HEADER_BYTES = 1024
const MOST_HEADER_BYTES = 4 * 1024 * 1024

/** A page as it lies in the file: bytes [start, end) after its header. */
export interface StoredPage {
  readonly kind: 'data' | 'data 2' | 'dictionary' | 'other'
  readonly start: number
  readonly end: number
  /** Bytes once decompressed. */
  readonly size: number
  /** Rows of a page of data, missing cells among them; entries of a dictionary. */
  readonly count: number
  readonly encoding: string
  /** How the levels, which tell the missing cells, are written in a page of the first kind. */
  readonly levelEncoding: string
  /** How many bytes they have in a page of the second kind, where they stand before what may be compressed. */
  readonly levelBytes: number
  readonly compressed: boolean
}

/** A column whose cells may have values. */
export type ValueField = ParquetField & { readonly layout: Exclude<ParquetLayout, { kind: 'missing' }> }

/** The page that begins at `at`, whose header is read and checked against the chunk. Throws `FRAME_MALFORMED`. */
export async function pageAt(file: Pick<FrameFile, 'read'>, at: number, chunk: ColumnChunk): Promise<StoredPage> {
  for (let most = FIRST_HEADER_BYTES; ; most *= 16) {
    const bytes = await file.read(at, Math.min(most, chunk.end - at))
    const headerEnd = endOfThrift(bytes, 0)
    if (headerEnd === undefined && bytes.length < chunk.end - at && most < MOST_HEADER_BYTES) continue
    if (headerEnd === undefined) throw asMalformed(undefined, at)
    const page = readHeader(bytes, at, at + headerEnd)
    if (page.end > chunk.end) {
      throw frameMalformed(
        `a page says that it has ${page.end - page.start} bytes, and its column has ${chunk.end - page.start} left`,
        { byte: at },
      )
    }
    return page
  }
}

function readHeader(bytes: Uint8Array, at: number, start: number): StoredPage {
  try {
    const header = parquetHeader({ view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 })
    // The library takes the kind of a field from the file, so what should be a number may be anything.
    const whole = (value: unknown): number => {
      if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value
      throw new RangeError('a header holds something else where a count should be')
    }
    const [v1, v2] = [header.data_page_header, header.data_page_header_v2]
    const kind = ({ DATA_PAGE: 'data', DATA_PAGE_V2: 'data 2', DICTIONARY_PAGE: 'dictionary' } as const)[
      header.type as string
    ]
    const own = kind === 'data' ? v1 : kind === 'data 2' ? v2 : header.dictionary_page_header
    if (v2 !== undefined && kind === 'data 2' && whole(v2.repetition_levels_byte_length) !== 0)
      throw new RangeError('a flat column has levels of repetition')
    return {
      kind: kind ?? 'other',
      start,
      end: start + whole(header.compressed_page_size),
      size: whole(header.uncompressed_page_size),
      count: kind === undefined ? 0 : whole(own?.num_values),
      encoding: String(own?.encoding),
      levelEncoding: String(v1?.definition_level_encoding),
      levelBytes: kind === 'data 2' ? whole(v2?.definition_levels_byte_length) : 0,
      compressed: v2?.is_compressed !== false,
    }
  } catch (error) {
    throw asMalformed(error, at)
  }
}

/** The values of a dictionary page. */
export function readDictionary(bytes: Uint8Array, page: StoredPage, field: ValueField, chunk: ColumnChunk): Dense {
  return readValues(decompressPage(chunk.codec, bytes, page.size), field.layout, 'PLAIN', page.count, field.name)
}

/** The cells of a data page, one for each of its rows. */
export function readCellsOfPage(
  bytes: Uint8Array,
  page: StoredPage,
  field: ValueField,
  chunk: ColumnChunk,
  dictionary: Dense | undefined,
): TypedCells {
  const rows = page.count
  const { levels, values, encoding } = partsOf(bytes, page, field, chunk)
  const valid = levels === undefined ? undefined : Uint8Array.from(readRuns(levels, 1, rows))
  let count = rows
  if (valid !== undefined) for (let row = 0; row < rows; row++) count -= 1 - (valid[row] as number)
  const dense = encoding.endsWith('_DICTIONARY')
    ? lookedUp(values, count, dictionary, field)
    : field.layout.kind === 'boolean' && encoding === 'RLE'
      ? Uint8Array.from(readRuns(values.subarray(4), 1, count))
      : readValues(values, field.layout, encoding, count, field.name)
  return toCells(
    field.layout,
    valid === undefined || count === rows ? dense : spread(dense, valid),
    count < rows ? valid : undefined,
  )
}

export interface PageParts {
  /** Which rows have values; undefined when all have. */
  readonly levels: Uint8Array | undefined
  readonly values: Uint8Array
  readonly encoding: string
}

/** A data page, decompressed and taken apart. Throws `FRAME_MALFORMED`. */
export function partsOf(
  bytes: Uint8Array,
  page: StoredPage,
  field: Pick<ParquetField, 'name' | 'optional'>,
  chunk: ColumnChunk,
): PageParts {
  const { encoding, levelBytes } = page
  if (page.kind === 'data 2') {
    if (levelBytes > bytes.length || levelBytes > page.size) throw odd(field, 'levels that are longer than their page')
    const stored = bytes.subarray(levelBytes)
    const whole = !page.compressed || stored.length === 0
    const values = whole ? stored : decompressPage(chunk.codec, stored, page.size - levelBytes)
    return { levels: field.optional ? bytes.subarray(0, levelBytes) : undefined, values, encoding }
  }
  const whole = decompressPage(chunk.codec, bytes, page.size)
  if (!field.optional) return { levels: undefined, values: whole, encoding }
  if (page.levelEncoding !== 'RLE') throw odd(field, `levels in ${page.levelEncoding}`)
  const view = new DataView(whole.buffer, whole.byteOffset, whole.byteLength)
  const end = whole.length < 4 ? Number.POSITIVE_INFINITY : 4 + view.getUint32(0, true)
  if (end > whole.length) throw odd(field, 'levels that are longer than their page')
  return { levels: whole.subarray(4, end), values: whole.subarray(end), encoding }
}

function lookedUp(bytes: Uint8Array, count: number, dictionary: Dense | undefined, field: ValueField): Dense {
  if (dictionary === undefined) throw odd(field, 'a page that refers to a dictionary and none before it')
  const indices = count === 0 ? new Uint32Array(0) : readRuns(bytes.subarray(1), bytes[0] ?? 33, count)
  for (const index of indices) {
    if (index >= dictionary.length) throw odd(field, `an entry ${index} in a dictionary that has ${dictionary.length}`)
  }
  if (Array.isArray(dictionary)) return Array.from(indices, (index) => dictionary[index] as string)
  const values = new (dictionary.constructor as new (rows: number) => Exclude<Dense, string[]>)(count)
  for (let index = 0; index < count; index++) values[index] = dictionary[indices[index] as number] as never
  return values
}

function toCells(layout: ValueField['layout'], values: Dense, valid: Uint8Array | undefined): TypedCells {
  const kind = { float: 'double', int: 'long', boolean: 'boolean', text: 'text', timestamp: 'timestamp' }[layout.kind]
  const unit = layout.kind === 'timestamp' ? { unit: layout.unit } : {}
  return { kind, values, ...unit, ...(valid === undefined ? {} : { valid }) } as TypedCells
}

function odd(field: Pick<ParquetField, 'name'>, what: string): Error {
  return frameMalformed(`column ${JSON.stringify(field.name)} has ${what}: the file is damaged`, { column: field.name })
}
