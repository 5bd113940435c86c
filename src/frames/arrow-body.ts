import type { FlatTable } from './arrow-flatbuffer.js'
import { type ArrowMessage, understood } from './arrow-messages.js'
import type { FrameFile } from './frame-file.js'
import { decompressLz4Frame } from './lz4.js'
import { frameMalformed } from './refusal.js'
import { decompressZstd, loadZstd } from './zstd.js'

/** Bytes that the compressed buffers of one message may have in all: 1000 columns of pandas' usual 65 536 rows. */
const MOST_COMPRESSED_BYTES = 512 * 1024 * 1024

/** What a message's header says of the rows in its body; counts are not checked yet. */
export interface BodyHeader {
  readonly rows: number
  readonly nodes: readonly { readonly rows: number; readonly nulls: number }[]
  readonly buffers: readonly { readonly start: number; readonly length: number }[]
  /** How many data buffers each column of text views has. */
  readonly viewBuffers: readonly number[]
  readonly codec: 'lz4' | 'zstd' | undefined
}

/** Rows [from, to) of a batch whose first row is row `firstRow` of the frame. */
export interface RowsOfBatch {
  readonly from: number
  readonly to: number
  readonly firstRow: number
}

/** @param header the table RecordBatch of Arrow's Message.fbs */
export function readBodyHeader(header: FlatTable, message: ArrowMessage): BodyHeader {
  const byte = message.body.start
  const pair = (view: DataView, at: number) => [view.getBigInt64(at, true), view.getBigInt64(at + 8, true)].map(Number)
  return understood(byte, () => {
    const compression = header.table(3)
    const codec = compression && (['lz4', 'zstd'] as const)[compression.int(0, 1, 0)]
    if (compression && codec === undefined) throw frameMalformed('the compression is neither LZ4 nor ZSTD', { byte })
    return {
      rows: header.long(0),
      nodes: header.structs(1, 16, pair).map(([rows = 0, nulls = 0]) => ({ rows, nulls })),
      buffers: header.structs(2, 16, pair).map(([start = 0, length = 0]) => ({ start, length })),
      viewBuffers: header.structs(4, 8, (view, at) => Number(view.getBigInt64(at, true))),
      codec,
    }
  })
}

/**
 * The buffers of one message. What is not compressed stays in the file and is read in the pieces that are asked for, so a batch may be
 * as large as a disk; what is compressed has to be decompressed whole, and is bounded.
 */
export class ArrowBody {
  private readonly decompressed = new Map<number, Uint8Array<ArrayBuffer>>()

  private constructor(
    private readonly file: FrameFile,
    private readonly header: BodyHeader,
    private readonly start: number,
    /** Bytes of each buffer once decompressed. */
    private readonly sizes: readonly number[],
  ) {}

  /** Throws `FRAME_MALFORMED` when a buffer lies outside the message, or when they are too large once decompressed. */
  static async open(file: FrameFile, header: BodyHeader, message: ArrowMessage): Promise<ArrowBody> {
    const { start, length } = message.body
    for (const buffer of header.buffers) {
      if (!(buffer.start >= 0 && buffer.length >= 0 && buffer.start + buffer.length <= length)) {
        throw frameMalformed('a buffer lies outside of its message', { byte: start })
      }
    }
    if (header.codec === 'zstd') await loadZstd()
    const sizes = header.codec
      ? await decompressedSizes(file, header, start)
      : header.buffers.map(({ length: own }) => own)
    return new ArrowBody(file, header, start, sizes)
  }

  get buffers(): number {
    return this.sizes.length
  }

  size(buffer: number): number {
    return this.sizes[buffer] ?? 0
  }

  /** Bytes [from, from + length) of a buffer, in memory of their own. */
  async read(buffer: number, from: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    if (!(from >= 0 && length >= 0 && from + length <= this.size(buffer))) {
      throw frameMalformed(`a buffer has ${this.size(buffer)} bytes and ${from + length} are needed`, {
        byte: this.start,
      })
    }
    if (length === 0) return new Uint8Array(0)
    if (this.header.codec === undefined) return this.file.read(this.placeOf(buffer).start + from, length)
    let whole = this.decompressed.get(buffer)
    if (whole === undefined) {
      whole = await this.decompress(buffer)
      this.decompressed.set(buffer, whole)
    }
    return whole.slice(from, from + length)
  }

  private async decompress(buffer: number): Promise<Uint8Array<ArrayBuffer>> {
    const { start, length } = this.placeOf(buffer)
    const bytes = await this.file.read(start + LENGTH_BYTES, length - LENGTH_BYTES)
    const size = this.size(buffer)
    // A buffer that would not shrink is left as it is, and its length says so.
    if (size === bytes.length && (await isLeftAlone(this.file, start))) return bytes
    return this.header.codec === 'lz4' ? decompressLz4Frame(bytes, size) : decompressZstd(bytes, size)
  }

  private placeOf(buffer: number): { start: number; length: number } {
    const { start, length } = this.header.buffers[buffer] as { start: number; length: number }
    return { start: this.start + start, length }
  }
}

/** Before each compressed buffer stands its length once decompressed. */
const LENGTH_BYTES = 8

async function decompressedSizes(file: FrameFile, header: BodyHeader, bodyStart: number): Promise<number[]> {
  const sizes: number[] = []
  let total = 0
  for (const { start, length } of header.buffers) {
    const size = length === 0 ? 0 : await decompressedSize(file, bodyStart + start, length)
    total += size
    if (!(size >= 0) || length > MOST_COMPRESSED_BYTES || total > MOST_COMPRESSED_BYTES) {
      throw frameMalformed(
        `a compressed record batch has more than ${MOST_COMPRESSED_BYTES} bytes: write it in smaller batches, or uncompressed`,
        { byte: bodyStart + start },
      )
    }
    sizes.push(size)
  }
  return sizes
}

async function decompressedSize(file: FrameFile, start: number, length: number): Promise<number> {
  if (length < LENGTH_BYTES) throw frameMalformed('a compressed buffer lacks its length', { byte: start })
  const size = await writtenLength(file, start)
  return size === -1 ? length - LENGTH_BYTES : size
}

async function isLeftAlone(file: FrameFile, start: number): Promise<boolean> {
  return (await writtenLength(file, start)) === -1
}

async function writtenLength(file: FrameFile, start: number): Promise<number> {
  const bytes = await file.read(start, LENGTH_BYTES)
  return Number(new DataView(bytes.buffer).getBigInt64(0, true))
}
