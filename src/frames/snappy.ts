import { frameMalformed } from './refusal.js'

/**
 * The content of a raw Snappy block, which must be exactly `length` bytes. Throws `FRAME_MALFORMED` when it is another number of bytes
 * or no Snappy; it never reads or writes outside, and each step goes on in the input, so it ends.
 */
export function decompressSnappy(input: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  let at = 0
  const byte = (): number => {
    const value = input[at++]
    if (value === undefined) throw damaged()
    return value
  }
  const littleEndian = (bytes: number): number => {
    let value = 0
    for (let index = 0; index < bytes; index++) value += byte() * 2 ** (8 * index)
    return value
  }
  let declared = 0
  for (let shift = 0; ; shift += 7) {
    const part = byte()
    declared += (part & 0x7f) * 2 ** shift
    if (part < 0x80) break
    if (shift > 28) throw damaged()
  }
  if (declared !== length) throw damaged()
  const output = new Uint8Array(length)
  let written = 0
  while (at < input.length) {
    const tag = byte()
    const kind = tag & 3
    if (kind === 0) {
      const short = (tag >> 2) + 1
      const literals = short <= 60 ? short : littleEndian(short - 60) + 1
      if (at + literals > input.length || written + literals > length) throw damaged()
      if (literals > 32) output.set(input.subarray(at, at + literals), written)
      else for (let index = 0; index < literals; index++) output[written + index] = input[at + index] as number
      at += literals
      written += literals
      continue
    }
    const matched = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1
    const distance = kind === 1 ? (tag >> 5) * 256 + byte() : littleEndian(kind === 2 ? 2 : 4)
    if (distance === 0 || distance > written || written + matched > length) throw damaged()
    for (let index = 0; index < matched; index++) output[written + index] = output[written + index - distance] as number
    written += matched
  }
  if (written !== length) throw damaged()
  return output
}

function damaged(): Error {
  return frameMalformed('data that is said to be compressed with Snappy can not be decompressed: it is damaged')
}
