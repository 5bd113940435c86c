/**
 * The one rule for units of time. Every number or text that means an instant, wherever it comes in, passes here
 * exactly once and leaves as microseconds since 1970, UTC.
 *
 * A whole number is in seconds, milliseconds, microseconds or nanoseconds, and its magnitude tells which: between
 * 1980 and 2100 the four ranges of values don't overlap. A value in none of them is refused with the date it would
 * have been, because a time in 1970 or in the year 55969 is a mistake that only its sender can mend. A declared
 * unit doesn't change what a value means; it must agree with it.
 *
 * Microseconds in that window are safe integers, so they are plain numbers here. Text and bigints are exact, digits
 * finer than a microsecond cut; a nanosecond count in a JavaScript number has lost its last digits already and is
 * rounded, which gives back the instant that was meant whenever it was a whole microsecond.
 */
import { readIso } from './iso.js'
import { type Place, type Refusal, refusedAt, unexpected } from './refusal.js'

export type TimeUnit = 's' | 'ms' | 'us' | 'ns'

/** 1980-01-01 and 2100-01-01, UTC, in seconds: the first is inside the window, the second is not. */
const FIRST_SECOND = 315_532_800
const END_SECOND = 4_102_444_800

const PER_SECOND: Readonly<Record<TimeUnit, number>> = { s: 1, ms: 1e3, us: 1e6, ns: 1e9 }
const UNIT_NAMES: Readonly<Record<TimeUnit, string>> = {
  s: 'seconds',
  ms: 'milliseconds',
  us: 'microseconds',
  ns: 'nanoseconds',
}

const WHOLE = /^[1-9]\d*$/
const DECIMAL = /^([1-9]\d*)\.(\d*)$/
const NUMERIC = /^[+-]?\d+(?:\.\d*)?$/

/** The shortest count of nanoseconds in the window has this many digits; no other unit's count has as many. */
const NANO_DIGITS = 18

/** Below the first nanosecond of the window and above the last value of any other unit's. */
const LEAST_NANOS = 10n ** 17n

export const TIME_EXPECTED =
  'a time: seconds, milliseconds, microseconds or nanoseconds since 1970, or text such as 2024-04-01T04:00:00Z'

/** The unit whose window between 1980 and 2100 holds `value`, if any does. */
export function unitOf(value: number): TimeUnit | undefined {
  if (inWindow(value, 's')) return 's'
  if (inWindow(value, 'ms')) return 'ms'
  if (inWindow(value, 'us')) return 'us'
  if (inWindow(value, 'ns')) return 'ns'
  return undefined
}

/**
 * Microseconds of a number; undefined when it is in no window, in another than `unit`'s, or a fraction of a
 * microsecond. Seconds and milliseconds may have fractions.
 */
export function microsFromNumber(value: number, unit?: TimeUnit): number | undefined {
  const seen = unitOf(value)
  if (seen === undefined || (unit !== undefined && unit !== seen)) return undefined
  if (seen === 's') return Math.round(value * 1e6)
  if (seen === 'ms') return Math.round(value * 1e3)
  // Divided as a bigint: from 2041 on, the quotient as a double is only good to half a microsecond.
  if (seen === 'ns') return Number((BigInt(value) + 500n) / 1000n)
  return Number.isInteger(value) ? value : undefined
}

/** Microseconds of a whole number, exact, what is finer cut; undefined as for `microsFromNumber`. */
export function microsFromLong(value: bigint, unit?: TimeUnit): bigint | undefined {
  if (value < LEAST_NANOS) {
    const micros = microsFromNumber(Number(value), unit)
    return micros === undefined ? undefined : BigInt(micros)
  }
  const micros = value / 1000n
  return (unit ?? 'ns') === 'ns' && inWindow(Number(micros), 'us') ? micros : undefined
}

/** True when each of these is a count of microseconds between 1980 and 2100. */
export function areMicros(values: BigInt64Array): boolean {
  // As words: a bigint for each value would take ten times as long.
  const words = new Int32Array(values.buffer, values.byteOffset, values.length * 2)
  for (let at = 0; at < words.length; at += 2)
    if (!inWindow((words[at + 1] as number) * 2 ** 32 + ((words[at] as number) >>> 0), 'us')) return false
  return true
}

/** Microseconds of digits, decimals or ISO 8601 text; undefined when it is none of these or out of the window. */
export function microsFromText(text: string, unit?: TimeUnit): number | undefined {
  if (WHOLE.test(text)) return microsFromDigits(text, unit)
  const decimal = DECIMAL.exec(text)
  if (decimal !== null) return microsFromDecimal(decimal[1] as string, decimal[2] as string, unit)
  return microsFromIso(text)
}

/** Microseconds of ISO 8601 text; undefined when it isn't such text or lies outside 1980–2100. */
export function microsFromIso(text: string): number | undefined {
  const instant = readIso(text)
  return instant === undefined || !inWindow(instant.second, 's') ? undefined : instant.second * 1e6 + instant.micros
}

/**
 * Microseconds of anything that may mean a time: a number, a bigint, digits, ISO 8601 text.
 * Throws `TIMESTAMP_OUT_OF_RANGE` for a time outside the window or in another unit than declared, and for what
 * is no time `CELL_INVALID`, or `REQUEST_INVALID` when `place` is a pointer into a request.
 */
export function timeToMicros(value: unknown, unit: TimeUnit | undefined, place: Place): number {
  const micros = tryMicros(value, unit)
  if (micros === undefined) throw timeError(value, unit, place)
  return micros
}

/** As `timeToMicros`, in whole milliseconds since 1970. */
export function timeToMillis(value: unknown, place: Place = {}): number {
  return microsToMillis(timeToMicros(value, undefined, place))
}

/** Milliseconds since 1970 of a time that may be unknown: null for 0, '0', '', null and undefined. Throws as `timeToMicros`. */
export function optionalTimeToMillis(value: unknown, place: Place = {}): number | null {
  if (value === null || value === undefined || value === '' || value === '0' || value === 0 || value === 0n) return null
  return timeToMillis(value, place)
}

/** A time given as a query parameter, in microseconds since 1970; undefined when it was not given. Throws as `timeToMicros`. */
export function queryTime(text: string | undefined, parameter: string): bigint | undefined {
  return text === undefined ? undefined : BigInt(timeToMicros(text, undefined, { pointer: `/${parameter}` }))
}

/** The error for a value that `timeToMicros` or its faster parts did not take. */
export function timeError(value: unknown, unit: TimeUnit | undefined, place: Place): Error {
  const refusal = refuseTime(value, unit)
  const outsideFrames = place.pointer !== undefined && refusal.code === 'CELL_INVALID'
  return refusedAt(place, value, outsideFrames ? { ...refusal, code: 'REQUEST_INVALID' } : refusal)
}

/** Whole milliseconds since 1970; what is finer is cut. */
export function microsToMillis(micros: number | bigint): number {
  return Math.floor(Number(micros) / 1e3)
}

/** ISO 8601 text in UTC with three digits after the second, or six when the time is finer than a millisecond. */
export function microsToIso(micros: number | bigint): string {
  const millis = microsToMillis(micros)
  const rest = Number(micros) - millis * 1e3
  const text = new Date(millis).toISOString()
  return rest === 0 ? text : `${text.slice(0, -1)}${String(rest).padStart(3, '0')}Z`
}

/** Why a value is not a time, in words that name the unit and date it would have been. */
export function refuseTime(value: unknown, unit: TimeUnit | undefined): Refusal {
  const text = typeof value === 'string' ? value : String(value)
  const isNumber =
    typeof value === 'number' ? Number.isFinite(value) : typeof value === 'bigint' || isNumericText(value)
  if (isNumber) return refuseNumber(text, Number(text), unit)
  if (typeof value === 'string' && readIso(value) !== undefined)
    return outOfRange(`timestamp ${text} is not between 1980 and 2100`)
  return unexpected(value, TIME_EXPECTED)
}

function refuseNumber(text: string, value: number, unit: TimeUnit | undefined): Refusal {
  const seen = unitOf(value)
  if (seen !== undefined && unit !== undefined && seen !== unit) {
    return outOfRange(
      `timestamp ${text} does not fit the declared unit, ${UNIT_NAMES[unit]} (it would be ${dateText(value, unit)}); ` +
        `it looks like ${UNIT_NAMES[seen]}, which gives ${dateText(value, seen)}`,
    )
  }
  if (seen === undefined) {
    const likely = unit ?? likelyUnit(value)
    return outOfRange(
      `timestamp ${text} is in no unit between 1980 and 2100; ` +
        `read as ${UNIT_NAMES[likely]} it would be ${dateText(value, likely)}`,
    )
  }
  return unexpected(text, `whole ${UNIT_NAMES[seen]} (only seconds and milliseconds may have a fraction)`)
}

function outOfRange(sentence: string): Refusal {
  return { code: 'TIMESTAMP_OUT_OF_RANGE', sentence, expected: 'a time from 1980 up to 2100' }
}

function tryMicros(value: unknown, unit: TimeUnit | undefined): number | undefined {
  if (typeof value === 'number') return microsFromNumber(value, unit)
  if (typeof value === 'bigint') return microsFromText(String(value), unit)
  return typeof value === 'string' ? microsFromText(value, unit) : undefined
}

function microsFromDigits(digits: string, unit: TimeUnit | undefined): number | undefined {
  if (digits.length < NANO_DIGITS) return microsFromNumber(Number(digits), unit)
  return unitOfDigits(digits) === 'ns' && (unit ?? 'ns') === 'ns' ? Number(digits.slice(0, -3)) : undefined
}

function microsFromDecimal(whole: string, fraction: string, unit: TimeUnit | undefined): number | undefined {
  const micros = microsFromDigits(whole, unit)
  if (micros === undefined) return undefined
  const digits = { s: 6, ms: 3, us: 0, ns: 0 }[unitOfDigits(whole) as TimeUnit]
  if (digits === 0) return Number(fraction) === 0 ? micros : undefined
  return micros + Number(fraction.slice(0, digits).padEnd(digits, '0'))
}

/** As `unitOf`, but exact at the edges: a double cannot tell the last nanosecond of 2099 from the first of 2100. */
function unitOfDigits(digits: string): TimeUnit | undefined {
  if (digits.length < NANO_DIGITS) return unitOf(Number(digits))
  return inWindow(Number(digits.slice(0, -3)), 'us') ? 'ns' : undefined
}

function inWindow(value: number, unit: TimeUnit): boolean {
  return value >= FIRST_SECOND * PER_SECOND[unit] && value < END_SECOND * PER_SECOND[unit]
}

/** The unit that a value of this size is in when dates outside the window are allowed. */
function likelyUnit(value: number): TimeUnit {
  const size = Math.abs(value)
  if (size >= 1e16) return 'ns'
  if (size >= 1e13) return 'us'
  return size >= 1e11 ? 'ms' : 's'
}

function dateText(value: number, unit: TimeUnit): string {
  const date = new Date((value / PER_SECOND[unit]) * 1e3)
  if (Number.isNaN(date.getTime())) return 'beyond any calendar'
  const year = date.getUTCFullYear()
  return year > 9999 || year < 0 ? `in the year ${year}` : date.toISOString().slice(0, 10)
}

function isNumericText(value: unknown): boolean {
  return typeof value === 'string' && NUMERIC.test(value)
}
