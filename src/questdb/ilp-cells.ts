/**
 * Values as the bytes of line protocol, put at a place in a buffer; each returns the place behind them.
 * The caller has made sure of the room, and of four bytes more.
 */

/** The longest 64-bit integer, with its sign. */
export const DIGITS_MAX = 20

/** What becomes of each ASCII character: 0 as it is, 1 behind a backslash, 2 refused. */
export type Escapes = Uint8Array

export const UNQUOTED: Escapes = escapes(' ,=\n\r\\')
export const QUOTED: Escapes = escapes('"\n\r\\')

const BACKSLASH = 0x5c
const MINUS = 0x2d

/** Text as UTF-8 with its escapes; -1 when it has a character that must not or cannot be written. */
export function putText(bytes: Uint8Array, at: number, text: string, rules: Escapes): number {
  const length = text.length
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) {
      const rule = rules[unit]!
      if (rule !== 0) {
        if (rule === 2) return -1
        bytes[at++] = BACKSLASH
      }
      bytes[at++] = unit
    } else if (unit < 0x800) {
      bytes[at++] = 0xc0 | (unit >> 6)
      bytes[at++] = 0x80 | (unit & 0x3f)
    } else if (unit < 0xd800 || unit > 0xdfff) {
      bytes[at++] = 0xe0 | (unit >> 12)
      bytes[at++] = 0x80 | ((unit >> 6) & 0x3f)
      bytes[at++] = 0x80 | (unit & 0x3f)
    } else {
      const low = unit < 0xdc00 && ++i < length ? text.charCodeAt(i) : 0
      if (low < 0xdc00 || low > 0xdfff) return -1
      const point = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00)
      bytes[at++] = 0xf0 | (point >> 18)
      bytes[at++] = 0x80 | ((point >> 12) & 0x3f)
      bytes[at++] = 0x80 | ((point >> 6) & 0x3f)
      bytes[at++] = 0x80 | (point & 0x3f)
    }
  }
  return at
}

/** Whether `putText` writes this text. */
export function isWritable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}

/** The 64-bit integer whose lower and upper halves are given, in decimal digits. */
export function putInteger(view: DataView, at: number, low: number, high: number): number {
  const value = high * 0x1_0000_0000 + (low >>> 0)
  if (value > Number.MAX_SAFE_INTEGER || value < -Number.MAX_SAFE_INTEGER) return putLargeInteger(view, at, low, high)
  if (value >= 0) return putNatural(view, at, value)
  view.setUint8(at, MINUS)
  return putNatural(view, at + 1, -value)
}

function putLargeInteger(view: DataView, at: number, low: number, high: number): number {
  const digits = ((BigInt(high) << 32n) | BigInt(low >>> 0)).toString()
  for (let i = 0; i < digits.length; i++) view.setUint8(at++, digits.charCodeAt(i))
  return at
}

function putNatural(view: DataView, at: number, value: number): number {
  if (value < 1e8) return putShort(view, at, value)
  const upper = Math.floor(value / 1e8)
  const end = putShort(view, at, upper)
  const lower = value - upper * 1e8
  const head = (lower / 1e4) | 0
  view.setInt32(end, FOUR_DIGITS[head]!, true)
  view.setInt32(end + 4, FOUR_DIGITS[lower - head * 1e4]!, true)
  return end + 8
}

/** Up to eight digits, without leading zeros. */
function putShort(view: DataView, at: number, value: number): number {
  if (value < 1e4) return putUpToFour(view, at, value)
  const head = (value / 1e4) | 0
  const end = putUpToFour(view, at, head)
  view.setInt32(end, FOUR_DIGITS[value - head * 1e4]!, true)
  return end + 4
}

function putUpToFour(view: DataView, at: number, value: number): number {
  const length = value >= 1000 ? 4 : value >= 100 ? 3 : value >= 10 ? 2 : 1
  view.setInt32(at, FOUR_DIGITS[value]! >>> (8 * (4 - length)), true)
  return at + length
}

/** "0000" to "9999", each as the integer that stores it in one go. */
const FOUR_DIGITS = Int32Array.from({ length: 10_000 }, (_, value) => {
  return Buffer.from(String(value).padStart(4, '0')).readInt32LE()
})

function escapes(characters: string): Escapes {
  const rules = new Uint8Array(128)
  for (const character of characters) rules[character.charCodeAt(0)] = 1
  rules[0] = 2
  return rules
}
