/**
 * ISO 8601 text as clients and databases write it: `2024-04-01`, `2024-04-01T04:00:00Z`,
 * `2024-04-01 04:00:00.123456+0200`. No zone means UTC.
 */
const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:Z|([+-])(\d\d)(?::?(\d\d))?)?)?$/i

export interface Instant {
  /** Whole seconds since 1970, UTC. */
  readonly second: number
  /** 0–999 999; finer digits are cut. */
  readonly micros: number
}

/** The instant that ISO text names, or undefined when it isn't such text or names no real day or time. */
export function readIso(text: string): Instant | undefined {
  const parts = ISO.exec(text)
  if (parts === null) return undefined
  const midnight = secondOfDate(Number(parts[1]), Number(parts[2]), Number(parts[3]))
  const clock = secondOfClock(Number(parts[4] ?? 0), Number(parts[5] ?? 0), Number(parts[6] ?? 0))
  const zone = secondOfClock(Number(parts[9] ?? 0), Number(parts[10] ?? 0), 0)
  if (midnight === undefined || clock === undefined || zone === undefined) return undefined
  const east = parts[8] === '-' ? -zone : zone
  return { second: midnight + clock - east, micros: Number((parts[7] ?? '').slice(0, 6).padEnd(6, '0')) }
}

/** Seconds from 1970 to the start of a day, UTC; undefined when the calendar has no such day. */
export function secondOfDate(year: number, month: number, day: number): number | undefined {
  const millis = Date.UTC(year, month - 1, day)
  const date = new Date(millis)
  // Date.UTC carries over (31 April becomes 1 May) and takes years below 100 for 19xx: such a date comes back changed.
  if (date.getUTCFullYear() !== year || date.getUTCMonth() !== month - 1) return undefined
  return millis / 1000
}

/** Seconds from midnight; undefined when there is no such time of day. */
export function secondOfClock(hour: number, minute: number, second: number): number | undefined {
  if (hour > 23 || minute > 59 || second > 59) return undefined
  return hour * 3600 + minute * 60 + second
}
