/** How the desktop takes single values out of JSON: what has the wrong type counts as absent. */

export type Json = Record<string, unknown>

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The object at the top; anything else is not read. */
export function objectOf(text: string): Json {
  const value: unknown = JSON.parse(text)
  if (!isObject(value)) throw new Error('the desktop reads objects only')
  return value
}

/** The array under `key`, of which only objects are read; without it there is nothing to show. */
export function itemsOf(text: string, key: string): Json[] {
  const items = objectOf(text)[key]
  if (!Array.isArray(items)) throw new Error(`Failed to parse: no array "${key}"`)
  return items.filter(isObject)
}

/** Strings only. */
export function stringOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** Strings, and numbers and booleans as text. */
export function textOf(value: unknown): string {
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : stringOf(value)
}

/** Integers, floats without their fraction, and decimal strings. */
export function looseInt(value: unknown): number {
  if (typeof value === 'number') return Math.trunc(value)
  return typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : 0
}

/** JSON integers only: neither text nor booleans. */
export function strictInt(value: unknown, otherwise = 0): number {
  return Number.isInteger(value) ? (value as number) : otherwise
}

/** Numbers only. */
export function numberOf(value: unknown, otherwise = 0): number {
  return typeof value === 'number' ? value : otherwise
}

/** An object, or text that holds one; undefined for all else. */
export function objectOrText(value: unknown): Json | undefined {
  const found: unknown = typeof value === 'string' ? JSON.parse(value) : value
  return isObject(found) ? found : undefined
}

/** An object as JSON text, or text as it is. */
export function jsonText(value: unknown): string {
  return isObject(value) ? JSON.stringify(value) : stringOf(value)
}

/** `YYYY-MM-DD`, `T` or a space, `HH:MM:SS`, optional fraction, `Z` or an offset; Unix ms, 0 when it is none. */
export function timeOf(value: unknown): number {
  const text = stringOf(value)
  if (!/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d(:?\d\d)?)$/.test(text)) return 0
  return Date.parse(
    text
      .replace(' ', 'T')
      .replace(/([+-]\d\d)$/, '$1:00')
      .replace(/([+-]\d\d)(\d\d)$/, '$1:$2'),
  )
}
