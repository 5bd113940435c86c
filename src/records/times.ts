/** Times of records as clients write and read them. */
import { optionalTimeToMillis } from '../frames/time.js'

/** Null for a time that is unknown: absent, empty or 0. @throws DomainError REQUEST_INVALID, TIMESTAMP_OUT_OF_RANGE */
export function optionalDate(value: unknown, pointer: string): Date | null {
  const millis = optionalTimeToMillis(value, { pointer })
  return millis === null ? null : new Date(millis)
}

/** Whole seconds without a fraction, as the desktop writes them; '' when unknown. */
export function isoSeconds(time: Date | null): string {
  return time ? time.toISOString().replace('.000Z', 'Z') : ''
}
