/** What decoders take in at once, in bytes: small enough to keep memory flat, large enough to keep calls few. */
const PIECE_BYTES = 256 * 1024

/** A byte source as Buffers of a bounded size, whatever the size of what it gives. Nothing is copied. */
export async function* pieces(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    for (let from = 0; from < chunk.length; from += PIECE_BYTES) {
      yield Buffer.from(chunk.buffer, chunk.byteOffset + from, Math.min(PIECE_BYTES, chunk.length - from))
    }
  }
}

/** How many bytes of `bytes` from `from` up to `to` are line feeds. */
export function countLines(bytes: Buffer, from = 0, to = bytes.length): number {
  let lines = 0
  for (let at = bytes.indexOf(0x0a, from); at !== -1 && at < to; at = bytes.indexOf(0x0a, at + 1)) lines++
  return lines
}
