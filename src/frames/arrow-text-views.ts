/** Text views of Arrow (Utf8View): sixteen bytes a row, which hold short text themselves and of longer text tell the buffer and the place. */
import type { ArrowBody, RowsOfBatch } from './arrow-body.js'
import type { CellFaults } from './left-out.js'
import { TextBytes, textOutside } from './text-bytes.js'

export const VIEW_BYTES = 16

/** How many bytes the text in rows [from, to) takes. */
export async function viewedBytes(body: ArrowBody, buffer: number, from: number, to: number): Promise<number> {
  const views = await body.read(buffer, from * VIEW_BYTES, (to - from) * VIEW_BYTES)
  const view = new DataView(views.buffer)
  let bytes = 0
  for (let at = 0; at < views.length; at += VIEW_BYTES) bytes += Math.max(0, view.getInt32(at, true))
  return bytes
}

/** The texts of these rows; what is no UTF-8 goes to `faults`. Throws `FRAME_MALFORMED` for a view that leads outside of its buffers. */
export async function readViews(
  buffers: readonly number[],
  body: ArrowBody,
  { from, to }: RowsOfBatch,
  valid: Uint8Array | undefined,
  faults: CellFaults,
): Promise<string[]> {
  const bytes = await body.read(buffers[0] as number, from * VIEW_BYTES, (to - from) * VIEW_BYTES)
  const views = Buffer.from(bytes.buffer)
  const pieces = new ViewedBuffers(buffers.slice(1), body)
  const texts: string[] = []
  for (let row = 0; row < to - from; row++) {
    const at = row * VIEW_BYTES
    const length = views.readInt32LE(at)
    if (valid?.[row] === 0) texts.push('')
    else if (length < 0) throw textOutside(faults.place(row))
    else if (length <= VIEW_BYTES - 4) {
      texts.push(new TextBytes(views.subarray(at + 4, at + 4 + length)).taken(0, length, row, faults))
    } else {
      const own = await pieces.read(views.readInt32LE(at + 8), views.readInt32LE(at + 12), length)
      if (own === undefined) throw textOutside(faults.place(row))
      texts.push(new TextBytes(own).taken(0, length, row, faults))
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
