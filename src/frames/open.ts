import { createReadStream } from 'node:fs'
import { decodeArrow } from './arrow.js'
import type { ColumnBatch } from './batch.js'
import { decodeCsv } from './csv.js'
import type { DecodeOptions } from './decode.js'
import { FrameFile } from './frame-file.js'
import { decodeParquet } from './parquet.js'
import { decodeRows } from './rows.js'
import { unescapeString } from './unescape.js'

/** Bytes [start, end) of a file. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/** A frame at rest: a file or a part of one. */
export interface FrameSource {
  readonly path: string
  /** 'csv' is text with a header line, 'rows' a JSON array of row objects, 'arrow' an IPC stream or file. */
  readonly format: 'csv' | 'rows' | 'arrow' | 'parquet'
  /** The part of the file that is the frame; all of it unless told. */
  readonly range?: ByteRange
  /** The frame is the content of a JSON string, and the range holds that string with its quotes. */
  readonly quoted?: boolean
}

const READ_BYTES = 256 * 1024

/** The bytes of a file, or of a range of it, 256 KiB at a time. The file is closed when the loop over them ends, however it ends. */
export async function* frameBytes(path: string, range?: ByteRange): AsyncGenerator<Uint8Array> {
  if (range !== undefined && range.end <= range.start) return
  // The stream's own end is inclusive.
  const bounds = range === undefined ? {} : { start: range.start, end: range.end - 1 }
  yield* createReadStream(path, { ...bounds, highWaterMark: READ_BYTES })
}

/**
 * The batches of a frame at rest; errors as `decodeCsv`, `decodeRows`, `decodeArrow`, `decodeParquet` and `unescapeString` throw them, byte positions
 * counted from the start of the file. `onBytes` hears, chunk by chunk, how many bytes of the frame have been read.
 */
export function decodeFrame(
  source: FrameSource,
  options: DecodeOptions,
  onBytes?: (bytesRead: number) => void,
): AsyncGenerator<ColumnBatch> {
  if (source.format === 'arrow') return decodeFile(source.path, (file) => decodeArrow(file, options), onBytes)
  if (source.format === 'parquet') return decodeFile(source.path, (file) => decodeParquet(file, options), onBytes)
  const firstByte = source.range?.start ?? 0
  const raw = counted(frameBytes(source.path, source.range), onBytes)
  const bytes = source.quoted ? unescapeString(raw, firstByte) : raw
  return source.format === 'csv' ? decodeCsv(bytes, options) : decodeRows(bytes, options, source.quoted ? 0 : firstByte)
}

async function* decodeFile(
  path: string,
  decode: (file: FrameFile) => AsyncGenerator<ColumnBatch>,
  onBytes: ((bytesRead: number) => void) | undefined,
): AsyncGenerator<ColumnBatch> {
  const file = await FrameFile.open(path, onBytes)
  try {
    yield* decode(file)
  } finally {
    await file.close()
  }
}

async function* counted(
  source: AsyncIterable<Uint8Array>,
  onBytes: ((bytesRead: number) => void) | undefined,
): AsyncGenerator<Uint8Array> {
  let bytesRead = 0
  for await (const chunk of source) {
    bytesRead += chunk.length
    onBytes?.(bytesRead)
    yield chunk
  }
}
