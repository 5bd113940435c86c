import { secondOfClock, secondOfDate } from './iso.js'
import { unitOf } from './time.js'

const DATE = /^(?:(\d{4})-(\d\d)-(\d\d)|(\d{4})(\d\d)(\d\d)(?:\.0*)?)$/
const CLOCK_DIGITS = /^(\d{1,6})(?:\.0*)?$/
const CLOCK_COLONS = /^(\d{1,2}):(\d\d)(?::(\d\d))?$/

export const DATE_EXPECTED = 'a date such as 2024-04-01 or 20240401, from 1980 up to 2100'
export const CLOCK_EXPECTED = 'a time of day: HHMMSS, HHMM or HH:MM:SS, the same way in every row'

/** The start of a day in microseconds since 1970, UTC; undefined when the text is no date between 1980 and 2100. */
export function microsOfDate(text: string): number | undefined {
  const parts = DATE.exec(text)
  if (parts === null) return undefined
  const second = secondOfDate(Number(parts[1] ?? parts[4]), Number(parts[2] ?? parts[5]), Number(parts[3] ?? parts[6]))
  return second !== undefined && unitOf(second) === 's' ? second * 1e6 : undefined
}

/**
 * Reads the `Time` column that goes with a `Date` column. Digits are HHMMSS when there are five or six and HHMM
 * when there are four or fewer, because leading zeros are often lost. "500" is then ambiguous (05:00 or 00:05:00),
 * so one frame is held to one form: once a row has shown six digits, short ones are read as HHMMSS too, and a row
 * that turns to HHMMSS after others were read as HHMM is refused instead of leaving those others at wrong times.
 */
export class ClockReader {
  private form: 'HHMM' | 'HHMMSS' | undefined

  /** Microseconds since midnight; undefined when the text is no time of day in this frame's form. */
  micros(text: string): number | undefined {
    const colons = CLOCK_COLONS.exec(text)
    if (colons !== null) return clockMicros(Number(colons[1]), Number(colons[2]), Number(colons[3] ?? 0))
    const digits = CLOCK_DIGITS.exec(text)?.[1]
    if (digits === undefined) return undefined
    const value = Number(digits)
    const shown = digits.length > 4 ? 'HHMMSS' : 'HHMM'
    // Midnight reads the same either way, so "0" decides nothing.
    if (value !== 0 || shown === 'HHMMSS') this.form ??= shown
    if (shown === 'HHMMSS' && this.form === 'HHMM') return undefined
    const seconds = this.form === 'HHMMSS' ? value : value * 100
    return clockMicros(Math.floor(seconds / 10_000), Math.floor(seconds / 100) % 100, seconds % 100)
  }
}

function clockMicros(hour: number, minute: number, second: number): number | undefined {
  const seconds = secondOfClock(hour, minute, second)
  return seconds === undefined ? undefined : seconds * 1e6
}
