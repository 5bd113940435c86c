import { isUtf8 } from 'node:buffer'

const LONGEST_SEQUENCE = 4

/**
 * Passes on text that is valid UTF-8, in order, and stops at the first byte that is not. A character cut in two by
 * the end of a chunk is held back until the rest of it comes.
 */
export class Utf8Gate {
  private held: Buffer = Buffer.alloc(0)

  /** The valid text up to here; `broken` when something that is no UTF-8 follows it, after which no more may be pushed. */
  push(chunk: Buffer): { text: Buffer; broken: boolean } {
    const bytes = this.held.length === 0 ? chunk : Buffer.concat([this.held, chunk])
    const end = bytes.length - unfinishedTail(bytes)
    const text = bytes.subarray(0, end)
    this.held = Buffer.from(bytes.subarray(end))
    if (isUtf8(text)) return { text, broken: false }
    return { text: text.subarray(0, validLength(text)), broken: true }
  }

  /** False when the source ended in the middle of a character. */
  end(): boolean {
    return this.held.length === 0
  }
}

/** Length of the last character when only its beginning is there, else 0. */
function unfinishedTail(bytes: Buffer): number {
  for (let back = 1; back < LONGEST_SEQUENCE && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] as number
    if (byte < 0x80) return 0
    if (byte >= 0xc0) return sequenceLength(byte) > back ? back : 0
  }
  return 0
}

function sequenceLength(lead: number): number {
  if (lead >= 0xf0) return 4
  if (lead >= 0xe0) return 3
  return lead >= 0xc0 ? 2 : 1
}

/** How many bytes from the start of `text` are whole, valid characters. */
function validLength(text: Buffer): number {
  let at = 0
  while (at < text.length) {
    const lead = text[at] as number
    const length = sequenceLength(lead)
    if (lead >= 0x80 && !isUtf8(text.subarray(at, at + length))) return at
    at += length
  }
  return at
}
