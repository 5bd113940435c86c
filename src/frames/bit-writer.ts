import { frameMalformed } from './refusal.js'

const ONES = Uint8Array.from({ length: 256 }, (_, byte) => {
  let ones = 0
  for (let rest = byte; rest > 0; rest &= rest - 1) ones++
  return ones
})

/** A row of bits, least significant first, as Arrow keeps validity and booleans, filled from its beginning. */
export class BitWriter {
  readonly bytes: Uint8Array
  private at = 0
  private set = 0

  constructor(bits: number) {
    // One byte more, so that a byte across a border never needs a check.
    this.bytes = new Uint8Array(Math.ceil(bits / 8) + 1)
  }

  /** Bits so far that are 1. */
  get ones(): number {
    return this.set
  }

  has(bit: number): boolean {
    return (((this.bytes[bit >> 3] as number) >> (bit & 7)) & 1) === 1
  }

  /** The first `count` bits of `source`. */
  copy(source: Uint8Array, count: number): void {
    const shift = this.at & 7
    let to = this.at >> 3
    for (let index = 0, left = count; left > 0; index++, left -= 8, to++) {
      const byte = left >= 8 ? (source[index] as number) : (source[index] as number) & ((1 << left) - 1)
      this.set += ONES[byte] as number
      this.bytes[to] = (this.bytes[to] as number) | (byte << shift)
      if (shift > 0) this.bytes[to + 1] = byte >> (8 - shift)
    }
    this.at += count
  }

  fill(bit: 0 | 1, count: number): void {
    if (bit === 1) {
      let at = this.at
      const end = at + count
      for (; at < end && (at & 7) !== 0; at++) this.one(at)
      const whole = (end >> 3) << 3
      if (whole > at) {
        this.bytes.fill(0xff, at >> 3, whole >> 3)
        at = whole
      }
      for (; at < end; at++) this.one(at)
      this.set += count
    }
    this.at += count
  }

  private one(bit: number): void {
    this.bytes[bit >> 3] = (this.bytes[bit >> 3] as number) | (1 << (bit & 7))
  }
}

/**
 * Appends `count` bits that Parquet holds as runs of equal bits and packed groups, without unpacking them.
 * Throws `FRAME_MALFORMED` when the bytes hold fewer.
 */
export function copyBitRuns(runs: Uint8Array, count: number, to: BitWriter): void {
  for (let at = 0, left = count; left > 0; ) {
    let header = 0
    for (let shift = 0; ; shift += 7) {
      const byte = runs[at++]
      if (byte === undefined || shift > 28) throw damaged()
      header += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) break
    }
    const packed = header % 2 === 1
    const length = Math.min(left, Math.floor(header / 2) * (packed ? 8 : 1))
    const bytes = packed ? Math.ceil(length / 8) : 1
    if (length === 0 || at + bytes > runs.length) throw damaged()
    if (packed) to.copy(runs.subarray(at, at + bytes), length)
    else to.fill(((runs[at] as number) & 1) as 0 | 1, length)
    at += bytes
    left -= length
  }
}

function damaged(): Error {
  return frameMalformed('runs in a Parquet page are damaged')
}
