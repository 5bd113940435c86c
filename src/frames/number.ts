/**
 * Numbers written as text, the same in a CSV cell and in a JSON string.
 *
 * The grammar: optional sign, digits, optional fraction, optional exponent; `.5` and `5.` are fine. No spaces,
 * no thousands separators, no decimal comma, no hexadecimal.
 */
const PLAIN_INTEGER = /^(?:0|-?[1-9]\d*)$/
const INTEGRAL = /^([+-]?\d+)(?:\.0*)?$/
const LEADING_ZERO = /^0\d+$/
const DECIMAL_COMMA = /^[+-]?[\d.' ]*\d,\d+(?:[eE][+-]?\d+)?$/
const SPELLED_NAN = /^[+-]?nan(?:\(\w*\))?$/i
const SPELLED_INFINITY = /^[+-]?inf(?:inity)?$/i

/** The least long is left out: QuestDB keeps it for "no value", so it would come back as missing. */
const MIN_LONG = -(2n ** 63n) + 1n
const MAX_LONG = 2n ** 63n - 1n

/** Longer digits can't fit a long; reading them as a bigint would only take time. */
const LONGEST_INTEGER = 40

/** Up to this many digits a whole number goes through a double unharmed, which is faster than through a bigint. */
const EXACT_DIGITS = 15

/**
 * The double nearest to the number written in `text`; NaN when it is not written as a number, an infinity
 * when it is one too large for a double.
 */
export function numberFromText(text: string): number {
  const last = text.length - 1
  if (last < 0) return Number.NaN
  // `Number` reads the grammar and more: spaces around it, "Infinity", and 0x, 0o, 0b. Three characters tell these.
  const first = text.charCodeAt(0)
  const startsLikeNumber = isDigit(first) || first === 0x2d || first === 0x2e || first === 0x2b
  const end = text.charCodeAt(last)
  if (!startsLikeNumber || !(isDigit(end) || end === 0x2e)) return Number.NaN
  if (last > 0 && first === 0x30 && isRadixLetter(text.charCodeAt(1))) return Number.NaN
  return Number(text)
}

/** Written the one way a long is printed: no plus, no leading zeros, no "-0". Size is another question. */
export function isPlainInteger(text: string): boolean {
  return PLAIN_INTEGER.test(text)
}

/** The long that plain digits write, or undefined when it does not fit 64 bits. */
export function longFromPlainInteger(text: string): bigint | undefined {
  if (text.length <= EXACT_DIGITS) return BigInt(Number(text))
  return boundedLong(text)
}

/** The long that `text` means, decimals allowed only when nothing follows the point but zeros; else undefined. */
export function longFromText(text: string): bigint | undefined {
  const integral = INTEGRAL.exec(text)
  if (integral !== null) return boundedLong((integral[1] as string).replace('+', ''))
  const value = numberFromText(text)
  return Number.isSafeInteger(value) ? BigInt(value) : undefined
}

/** True when no digit is lost in a double: it holds exactly this whole number, or prints it as it stands. */
export function fitsDouble(value: bigint): boolean {
  const double = Number(value)
  return BigInt(double) === value || String(double) === String(value)
}

/** Digits that begin with a zero they need not: a code or a clock time, which a number would change. */
export function hasLeadingZero(text: string): boolean {
  return LEADING_ZERO.test(text)
}

/** A number as countries with a decimal comma write it. */
export function hasDecimalComma(text: string): boolean {
  return DECIMAL_COMMA.test(text)
}

/** "NaN" in any case and as C++ on Windows prints it: a number that is not known. */
export function isSpelledNaN(text: string): boolean {
  return SPELLED_NAN.test(text)
}

export function isSpelledInfinity(text: string): boolean {
  return SPELLED_INFINITY.test(text)
}

function boundedLong(digits: string): bigint | undefined {
  if (digits.length > LONGEST_INTEGER) return undefined
  const value = BigInt(digits)
  return value >= MIN_LONG && value <= MAX_LONG ? value : undefined
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

function isRadixLetter(code: number): boolean {
  const letter = code | 0x20
  return letter === 0x78 || letter === 0x6f || letter === 0x62
}
