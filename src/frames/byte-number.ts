/**
 * Numbers and instants read straight from the bytes of their text, several times faster than by way of a string.
 *
 * Only the usual spellings are read here, and a result is exactly what the rules for text give (number.ts, time.ts): NaN means
 * "not taken", never "not a number", and whoever gets it reads the text instead.
 */
const ZERO = 0x30
const NINE = 0x39
const MINUS = 0x2d
const POINT = 0x2e
const EXPONENT = 0x65

/** Whole numbers of so many digits are exact in a double whatever they are. */
const EXACT_DIGITS = 15
const MOST_DIGITS = 19

/** The powers of ten that a double holds exactly. */
const TENS = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`))

/** Splits a double into halves whose products are exact (Dekker 1971). */
const SPLITTER = 2 ** 27 + 1

/** Far above the error of the quotient below, relative to it, and far below half of a double's last place. */
const DOUBT = 2 ** -97

/**
 * The double nearest to the number written in bytes [start, end): digits with an optional minus, fraction and exponent. Not
 * taken: whole numbers of more than 15 digits, more than 19 significant digits, and powers of ten that a double does not hold.
 */
export function doubleFromBytes(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  const negative = bytes[at] === MINUS
  if (negative) at++
  let high = 0
  let low = 0
  let digits = 0
  let seen = 0
  let fraction = 0
  let pointAt = -1
  for (; at < end; at++) {
    const byte = bytes[at] as number
    if (byte >= ZERO && byte <= NINE) {
      seen++
      if (digits === 0 && byte === ZERO) continue
      digits++
      if (digits <= EXACT_DIGITS) high = high * 10 + (byte - ZERO)
      else low = low * 10 + (byte - ZERO)
    } else if (byte === POINT && pointAt < 0) pointAt = at
    else break
  }
  if (seen === 0 || digits > MOST_DIGITS) return Number.NaN
  if (pointAt >= 0) fraction = at - pointAt - 1
  let exponent = 0
  if (at < end) {
    exponent = exponentAt(bytes, at, end)
    if (Number.isNaN(exponent)) return Number.NaN
  }
  const size = scaled(high, low, digits, fraction - exponent, pointAt < 0)
  return negative ? -size : size
}

/** The whole number written in bytes [start, end) the one way that it is printed, up to 2^53; NaN when it is not taken. */
export function wholeFromBytes(bytes: Uint8Array, start: number, end: number): number {
  const negative = bytes[start] === MINUS
  const first = negative ? start + 1 : start
  const digits = end - first
  if (digits < 1 || digits > EXACT_DIGITS + 1) return Number.NaN
  if (bytes[first] === ZERO && (digits > 1 || negative)) return Number.NaN
  let value = 0
  for (let at = first; at < end; at++) {
    const digit = (bytes[at] as number) - ZERO
    if (digit < 0 || digit > 9) return Number.NaN
    value = value * 10 + digit
  }
  if (value > Number.MAX_SAFE_INTEGER) return Number.NaN
  return negative ? -value : value
}

/** `e`, an optional sign and at most three digits, up to the end. */
function exponentAt(bytes: Uint8Array, from: number, end: number): number {
  if (((bytes[from] as number) | 0x20) !== EXPONENT) return Number.NaN
  let at = from + 1
  const sign = bytes[at]
  if (sign === MINUS || sign === 0x2b) at++
  if (at === end || end - at > 3) return Number.NaN
  let value = 0
  for (; at < end; at++) {
    const digit = (bytes[at] as number) - ZERO
    if (digit < 0 || digit > 9) return Number.NaN
    value = value * 10 + digit
  }
  return sign === MINUS ? -value : value
}

/** (high and low, read as one row of digits) / 10^scale. */
function scaled(high: number, low: number, digits: number, scale: number, whole: boolean): number {
  if (high === 0) return 0
  if (digits <= EXACT_DIGITS) {
    // One rounding of exact operands is the nearest double (Clinger 1990).
    if (scale >= 0 && scale <= 22) return high / (TENS[scale] as number)
    return scale < 0 && scale >= -22 ? high * (TENS[-scale] as number) : Number.NaN
  }
  if (whole || scale < 1 || scale > 22) return Number.NaN
  return quotient(high, low, TENS[digits - EXACT_DIGITS] as number, TENS[scale] as number)
}

/**
 * (high × ten + low) / divisor, rounded once. The dividend is kept as the exact sum of two doubles, and the rest of the first
 * quotient is divided again; NaN where that leaves a doubt between two neighbours.
 */
function quotient(high: number, low: number, ten: number, divisor: number): number {
  const upper = Math.floor(high / 0x2000000) * 0x2000000
  const most = upper * ten
  const least = (high - upper) * ten + low
  const sum = most + least
  const rest = least - (sum - most)
  const first = sum / divisor
  const product = first * divisor
  const second = (sum - product - productError(first, divisor, product) + rest) / divisor
  const nearest = first + second
  const doubt = first * DOUBT
  return first + (second + doubt) === nearest && first + (second - doubt) === nearest ? nearest : Number.NaN
}

/** What the rounded product lacks: a × b − product, exactly (Dekker 1971). */
function productError(a: number, b: number, product: number): number {
  const aSplit = a * SPLITTER
  const aHigh = aSplit - (aSplit - a)
  const aLow = a - aHigh
  const bSplit = b * SPLITTER
  const bHigh = bSplit - (bSplit - b)
  const bLow = b - bHigh
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow)
}
