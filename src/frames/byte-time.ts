import { wholeFromBytes } from './byte-number.js'
import { microsFromNumber, type TimeUnit } from './time.js'

const ZERO = 0x30
const MICRO_DIGITS = 6
const DAY_SECONDS = 86_400

/** 1980-01-01 and 2100-01-01, UTC: what lies outside is left to the rules that say why it is refused. */
const FIRST_YEAR = 1980
const END_YEAR = 2100

/** Where the punctuation of `2024-04-01T04:00:00` stands. */
const SECOND_END = 19

/** Microseconds since 1970 of a time in bytes [start, end), by the rule of time.ts; NaN for any but the usual spellings. */
export function microsFromBytes(bytes: Uint8Array, start: number, end: number, unit: TimeUnit | undefined): number {
  const first = bytes[start + 4] as number
  if (first === 0x2d && end - start >= SECOND_END) return microsOfIsoBytes(bytes, start, end)
  const value = wholeFromBytes(bytes, start, end)
  return microsFromNumber(value, unit) ?? Number.NaN
}

/** `2024-04-01T04:00:00`, with or without a fraction of up to six digits and `Z`; a space may stand for the `T`. */
function microsOfIsoBytes(bytes: Uint8Array, start: number, end: number): number {
  const between = bytes[start + 10]
  const punctuated =
    bytes[start + 7] === 0x2d &&
    (between === 0x54 || between === 0x20) &&
    bytes[start + 13] === 0x3a &&
    bytes[start + 16] === 0x3a
  if (!punctuated) return Number.NaN
  const year = pair(bytes, start) * 100 + pair(bytes, start + 2)
  const month = pair(bytes, start + 5)
  const day = pair(bytes, start + 8)
  const hour = pair(bytes, start + 11)
  const minute = pair(bytes, start + 14)
  const second = pair(bytes, start + 17)
  // Comparisons with NaN are false, so that a byte that is no digit ends here too.
  const real =
    year >= FIRST_YEAR && year < END_YEAR && month >= 1 && month <= 12 && hour <= 23 && minute <= 59 && second <= 59
  if (!real || !(day >= 1 && day <= daysIn(year, month))) return Number.NaN
  const micros = fractionOf(bytes, start + SECOND_END, end)
  return (daysSince1970(year, month, day) * DAY_SECONDS + hour * 3600 + minute * 60 + second) * 1e6 + micros
}

/** Microseconds of what follows the seconds: nothing, `Z`, or a point and up to six digits before either. */
function fractionOf(bytes: Uint8Array, from: number, end: number): number {
  const last = bytes[end - 1] === 0x5a ? end - 1 : end
  if (last <= from) return last === from ? 0 : Number.NaN
  const digits = last - from - 1
  if (bytes[from] !== 0x2e || digits < 1 || digits > MICRO_DIGITS) return Number.NaN
  let micros = 0
  for (let at = from + 1; at < last; at++) {
    const digit = (bytes[at] as number) - ZERO
    if (digit < 0 || digit > 9) return Number.NaN
    micros = micros * 10 + digit
  }
  return micros * 10 ** (MICRO_DIGITS - digits)
}

function pair(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] as number) - ZERO
  const ones = (bytes[at + 1] as number) - ZERO
  return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? Number.NaN : tens * 10 + ones
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** Days from 1970-01-01 in the Gregorian calendar; the year is counted from March, so that a leap day is its last. */
function daysSince1970(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400)
  return marchYear * 365 + leapDays + dayOfYear - 719_468
}
