import { ZSTDDecoder } from 'zstddec'
import { frameMalformed } from './refusal.js'

const decoder = new ZSTDDecoder()

/** Has to be awaited in a thread before anything is decompressed in it: the decoder is compiled when it is first needed. */
export function loadZstd(): Promise<void> {
  return decoder.init()
}

/**
 * The content of Zstandard frames, which must be exactly `length` bytes. Throws `FRAME_MALFORMED` when it is not, or is damaged.
 * The decoder is Zstandard's own, made for the web: one written in JavaScript was found to spin for ever on damaged blocks.
 */
export function decompressZstd(input: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  // Asked for no bytes, the decoder would make as many as the frame claims.
  const content = decoder.decode(input, Math.max(1, length))
  if (content.length === length) return content as Uint8Array<ArrayBuffer>
  throw frameMalformed('data that is said to be compressed with Zstandard can not be decompressed: it is damaged')
}
