/**
 * Turns a JSON string, given as it stands in a body with its quotes, into the UTF-8 text it means, as a stream.
 *
 * CSV text arrives inside JSON, and a hundred megabytes of it must neither be held nor parsed as one value. Every
 * chunk gives at most one chunk that is no longer than itself. Escapes may be cut anywhere by the chunks' borders.
 * It refuses what JSON refuses (unknown escapes, raw control characters, text after the closing quote, no closing
 * quote) and lone surrogates, which no UTF-8 text can hold; each is a `JSON_MALFORMED` with its byte. Raw bytes above
 * 127 pass unchecked: the reader of the text checks that it is UTF-8.
 */
import type { DomainError } from '../errors.js'
import { pieces } from './bytes.js'
import { BACKSLASH, jsonMalformed, QUOTE } from './json-scan.js'

/** `\uD83D\uDE00`: the longest escape that makes one character. */
const LONGEST_ESCAPE = 12

/** Escaped character by the byte after the backslash; 0 for those that may not follow one. */
const SIMPLE_ESCAPES = new Uint8Array(256)
for (const [letter, meaning] of Object.entries({
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
})) {
  SIMPLE_ESCAPES[letter.charCodeAt(0)] = meaning.charCodeAt(0)
}

/** 1 for bytes that stand for themselves inside a JSON string. */
const PLAIN = new Uint8Array(256).fill(1, 0x20)
PLAIN[QUOTE] = 0
PLAIN[BACKSLASH] = 0

/**
 * The content of the JSON string in `source`, whose first byte must be its opening quote and whose last its closing
 * one. `firstByte` is the position of that quote in the body, for errors.
 */
export async function* unescapeString(source: AsyncIterable<Uint8Array>, firstByte = 0): AsyncGenerator<Uint8Array> {
  const unescaper = new Unescaper(firstByte)
  for await (const piece of pieces(source)) {
    const text = unescaper.push(piece)
    if (text.length > 0) yield text
  }
  unescaper.end()
}

class Unescaper {
  private state: 'before' | 'inside' | 'after' = 'before'
  /** The beginning of an escape that the last chunk cut. */
  private held: Buffer = Buffer.alloc(0)
  private position: number

  constructor(firstByte: number) {
    this.position = firstByte
  }

  push(piece: Buffer): Buffer {
    const bytes = this.held.length === 0 ? piece : Buffer.concat([this.held, piece])
    const out = Buffer.allocUnsafeSlow(bytes.length)
    let at = 0
    if (this.state === 'before') at = this.open(bytes)
    let written = 0
    while (at < bytes.length && this.state === 'inside') {
      const end = endOfPlain(bytes, at)
      copy(bytes, at, end, out, written)
      written += end - at
      at = end
      if (at === bytes.length) break
      if (bytes[at] !== BACKSLASH) at = this.close(bytes, at)
      else {
        const escaped = this.readEscape(bytes, at)
        if (escaped === undefined) break
        written +=
          escaped.code < 0x80
            ? writeByte(out, written, escaped.code)
            : out.write(String.fromCodePoint(escaped.code), written)
        at += escaped.length
      }
    }
    if (this.state === 'after' && at < bytes.length)
      throw this.malformed(at, 'text follows the closing quote of the string')
    this.held = bytes.subarray(at)
    this.position += at
    return out.subarray(0, written)
  }

  end(): void {
    if (this.state !== 'after')
      throw this.malformed(this.held.length, 'the string ends early: its closing quote is missing')
  }

  private open(bytes: Buffer): number {
    if (bytes[0] !== QUOTE) throw this.malformed(0, 'expected a string')
    this.state = 'inside'
    return 1
  }

  private close(bytes: Buffer, at: number): number {
    if (bytes[at] !== QUOTE) throw this.malformed(at, 'a control character must be escaped in a JSON string')
    this.state = 'after'
    return at + 1
  }

  /** The character that the escape at `at` means and the escape's length; undefined when the chunk cuts it. */
  private readEscape(bytes: Buffer, at: number): { code: number; length: number } | undefined {
    if (at + 1 >= bytes.length) return undefined
    const letter = bytes[at + 1] as number
    if (letter !== 0x75) {
      const code = SIMPLE_ESCAPES[letter] as number
      if (code === 0) throw this.malformed(at, 'this escape is not known in JSON')
      return { code, length: 2 }
    }
    const unit = this.readUnit(bytes, at)
    if (unit === undefined) return undefined
    if (unit < 0xd800 || unit > 0xdfff) return { code: unit, length: 6 }
    const low = unit < 0xdc00 ? this.readLowSurrogate(bytes, at + 6) : -1
    if (low === undefined) return undefined
    if (low === -1) throw this.malformed(at, 'half of a surrogate pair stands alone')
    return { code: 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00), length: LONGEST_ESCAPE }
  }

  /** The second half of a pair; -1 when something else is there, undefined when the chunk ends too soon to tell. */
  private readLowSurrogate(bytes: Buffer, at: number): number | undefined {
    if (at < bytes.length && bytes[at] !== BACKSLASH) return -1
    if (at + 1 < bytes.length && bytes[at + 1] !== 0x75) return -1
    const unit = this.readUnit(bytes, at)
    return unit === undefined || (unit >= 0xdc00 && unit <= 0xdfff) ? unit : -1
  }

  /** The four hexadecimal digits of the `\u` escape at `at`; undefined when they aren't all there yet. */
  private readUnit(bytes: Buffer, at: number): number | undefined {
    let unit = 0
    for (let digit = at + 2; digit < at + 6; digit++) {
      if (digit >= bytes.length) return undefined
      const value = hexDigit(bytes[digit] as number)
      if (value === -1) throw this.malformed(at, '\\u must be followed by four hexadecimal digits')
      unit = unit * 16 + value
    }
    return unit
  }

  private malformed(at: number, sentence: string): DomainError {
    return jsonMalformed(this.position + at, sentence)
  }
}

function endOfPlain(bytes: Buffer, from: number): number {
  let at = from
  while (at < bytes.length && PLAIN[bytes[at] as number] === 1) at++
  return at
}

function copy(bytes: Buffer, from: number, to: number, out: Buffer, written: number): void {
  // A few bytes are copied faster here than by a call into native code.
  if (to - from > 64) bytes.copy(out, written, from, to)
  else for (let at = from, put = written; at < to; at++, put++) out[put] = bytes[at] as number
}

function writeByte(out: Buffer, at: number, byte: number): number {
  out[at] = byte
  return 1
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}
