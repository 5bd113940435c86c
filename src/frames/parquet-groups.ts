/**
 * The row groups of a Parquet file, one at a time: the footer of a large file names hundreds of thousands of chunks, and whoever
 * goes through them in order needs those of one group only. The library that knows the footer reads it whole, so it is given
 * footers of one group each.
 */
import { type FileMetaData, parquetMetadata, type SchemaElement } from 'hyparquet'
import type { FrameFile } from './frame-file.js'
import { loadCodecs } from './parquet-codecs.js'
import { asMalformed, placeOfFooter, type RowGroup, readGroup } from './parquet-footer.js'
import { endOfField, endOfThrift, listAt } from './parquet-thrift.js'

const NUM_ROWS = 3
/** Of a field that follows the one before it: a list; and of a list: it holds structs, none or one. */
const LIST_NEXT = 0x19
const NO_STRUCT = 0x0c
const ONE_STRUCT = 0x1c
const STOP = 0
const FIRST_BYTES = 64 * 1024

export interface ParquetDirectory {
  readonly schema: readonly SchemaElement[]
  readonly rows: number
  /** In the order of the file; `fields` as the schema names them. Throws `FRAME_MALFORMED`. */
  groups(fields: Parameters<typeof readGroup>[1]): AsyncGenerator<RowGroup>
}

/** Reads what stands before the row groups. Throws `FRAME_MALFORMED`. */
export async function openDirectory(file: FrameFile): Promise<ParquetDirectory> {
  const { start, length } = await placeOfFooter(file)
  const end = start + length
  const head = await readUntil(file, start, end, (bytes) => {
    const rowsEnd = endOfField(bytes, NUM_ROWS)
    if (rowsEnd === undefined || bytes[rowsEnd] === undefined) return undefined
    if (bytes[rowsEnd] !== LIST_NEXT) throw asMalformed(undefined, start)
    const groups = listAt(bytes, rowsEnd + 1)
    return groups && { bytes: bytes.slice(0, rowsEnd), count: groups.length, at: start + groups.start }
  })
  const { schema, num_rows } = parsed([head.bytes, Uint8Array.of(LIST_NEXT, NO_STRUCT, STOP)], start)
  async function* groups(fields: Parameters<typeof readGroup>[1]): AsyncGenerator<RowGroup> {
    let at = head.at
    for (let index = 0; index < head.count; index++) {
      const group = await readUntil(file, at, end, (bytes) => {
        const groupEnd = endOfThrift(bytes, 0)
        return groupEnd === undefined ? undefined : bytes.slice(0, groupEnd)
      })
      at += group.length
      const parts = [head.bytes, Uint8Array.of(LIST_NEXT, ONE_STRUCT), group, Uint8Array.of(STOP)]
      const found = readGroup(parsed(parts, start).row_groups[0] as FileMetaData['row_groups'][number], fields, start)
      await loadCodecs(found.chunks)
      yield found
    }
  }
  return { schema, rows: Number(num_rows), groups }
}

/** What `read` makes of the bytes from `at` on, given more of them until it is content. */
async function readUntil<T>(
  file: FrameFile,
  at: number,
  end: number,
  read: (bytes: Uint8Array) => T | undefined,
): Promise<T> {
  for (let most = FIRST_BYTES; ; most *= 8) {
    const length = Math.min(most, end - at)
    const found = read(await file.read(at, length))
    if (found !== undefined) return found
    if (length === end - at) throw asMalformed(undefined, at)
  }
}

function parsed(parts: readonly Uint8Array[], byte: number): FileMetaData {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  const footer = Buffer.alloc(length + 8)
  let at = 0
  for (const part of parts) {
    footer.set(part, at)
    at += part.length
  }
  footer.writeUInt32LE(length, at)
  footer.write('PAR1', at + 4)
  try {
    return parquetMetadata(footer.buffer.slice(footer.byteOffset, footer.byteOffset + footer.length) as ArrayBuffer, {
      geoparquet: false,
    })
  } catch (error) {
    throw asMalformed(error, byte)
  }
}
