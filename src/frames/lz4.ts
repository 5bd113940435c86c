import { frameMalformed } from './refusal.js'

const FRAME_MAGIC = 0x184d2204
const UNCOMPRESSED_BLOCK = 0x80000000

/** Flags of a frame's descriptor. */
const BLOCK_CHECKSUMS = 0x10
const CONTENT_SIZE = 0x08
const DICTIONARY_ID = 0x01

const LEAST_MATCH = 4

/**
 * The content of an LZ4 frame, which must be exactly `length` bytes. Checksums are not verified.
 * Throws `FRAME_MALFORMED` when it is another number of bytes or no LZ4 frame; it never writes or reads outside.
 */
export function decompressLz4Frame(input: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength)
  if (input.length < 11 || view.getUint32(0, true) !== FRAME_MAGIC) throw damaged()
  const flags = input[4] as number
  const blockTail = flags & BLOCK_CHECKSUMS ? 4 : 0
  let at = 7 + (flags & CONTENT_SIZE ? 8 : 0) + (flags & DICTIONARY_ID ? 4 : 0)
  const output = new Uint8Array(length)
  let written = 0
  for (;;) {
    if (at + 4 > input.length) throw damaged()
    const header = view.getUint32(at, true)
    at += 4
    if (header === 0) break
    const size = header % UNCOMPRESSED_BLOCK
    if (at + size > input.length) throw damaged()
    const block = input.subarray(at, at + size)
    if (header >= UNCOMPRESSED_BLOCK) {
      if (written + size > length) throw damaged()
      output.set(block, written)
      written += size
    } else written = decompressBlock(block, output, written)
    at += size + blockTail
  }
  if (written !== length) throw damaged()
  return output
}

/** The content of one LZ4 block without a frame, which must be exactly `length` bytes. Throws as `decompressLz4Frame`. */
export function decompressLz4Block(input: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const output = new Uint8Array(length)
  if (decompressBlock(input, output, 0) !== length) throw damaged()
  return output
}

/** Writes a block's content to `output` from `from` on and returns where it ends. Matches may reach into what is there already. */
function decompressBlock(input: Uint8Array, output: Uint8Array, from: number): number {
  let at = 0
  let written = from
  const longer = (nibble: number): number => {
    let count = nibble
    if (nibble !== 15) return count
    for (;;) {
      if (at >= input.length) throw damaged()
      const more = input[at++] as number
      count += more
      if (more !== 255) return count
    }
  }
  while (at < input.length) {
    const token = input[at++] as number
    const literals = longer(token >> 4)
    if (at + literals > input.length || written + literals > output.length) throw damaged()
    if (literals > 32) output.set(input.subarray(at, at + literals), written)
    else for (let i = 0; i < literals; i++) output[written + i] = input[at + i] as number
    at += literals
    written += literals
    // The last sequence of a block has no match.
    if (at === input.length) return written
    if (at + 2 > input.length) throw damaged()
    const distance = (input[at] as number) | ((input[at + 1] as number) << 8)
    at += 2
    const matched = longer(token & 15) + LEAST_MATCH
    if (distance === 0 || distance > written || written + matched > output.length) throw damaged()
    if (distance >= matched && matched > 32)
      output.copyWithin(written, written - distance, written - distance + matched)
    else for (let i = 0; i < matched; i++) output[written + i] = output[written + i - distance] as number
    written += matched
  }
  return written
}

function damaged(): Error {
  return frameMalformed('data that is said to be compressed with LZ4 can not be decompressed: it is damaged')
}
