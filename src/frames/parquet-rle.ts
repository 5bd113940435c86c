import { frameMalformed } from './refusal.js'

/**
 * `count` whole numbers of `width` bits in Parquet's mix of runs and packed groups, which must lie in `bytes`. Written here because a run in a
 * damaged file claims any length, and the library writes it out to its end.
 */
export function readRuns(bytes: Uint8Array, width: number, count: number): Uint32Array {
  if (width > 32) throw damaged()
  const values = new Uint32Array(count)
  if (width === 0) return values
  let at = 0
  let filled = 0
  while (filled < count) {
    let header = 0
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]
      if (byte === undefined || shift > 28) throw damaged()
      header += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) break
    }
    const length = Math.floor(header / 2)
    if (length === 0) throw damaged()
    if (header % 2 === 0) {
      const value = littleEndian(bytes, at, (width + 7) >> 3)
      at += (width + 7) >> 3
      const end = Math.min(count, filled + length)
      values.fill(value, filled, end)
      filled = end
    } else {
      const end = Math.min(count, filled + length * 8)
      const packed = Math.ceil(((end - filled) * width) / 8)
      if (at + packed > bytes.length) throw damaged()
      unpack(bytes, at, width, values, filled, end)
      at += length * width
      filled = end
    }
  }
  return values
}

function unpack(bytes: Uint8Array, at: number, width: number, values: Uint32Array, from: number, to: number): void {
  const mask = 2 ** width
  let held = 0
  let bits = 0
  let next = at
  for (let index = from; index < to; index++) {
    // Held in a double: up to 7 bits left over and 32 wanted are more than an integer operation takes.
    while (bits < width) {
      held += (bytes[next++] as number) * 2 ** bits
      bits += 8
    }
    values[index] = held % mask
    held = Math.floor(held / mask)
    bits -= width
  }
}

function littleEndian(bytes: Uint8Array, at: number, length: number): number {
  if (at + length > bytes.length) throw damaged()
  let value = 0
  for (let index = 0; index < length; index++) value += (bytes[at + index] as number) * 2 ** (8 * index)
  return value
}

function damaged(): Error {
  return frameMalformed('runs in a Parquet page are damaged')
}
