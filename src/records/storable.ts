/** What a value must be so that the engines keep it as it is. */
import { DomainError } from '../errors.js'
import { requireExact } from '../frames/json-exact.js'

const MAX_DEPTH = 64

/**
 * The value that text holds as JSON, held to the rules of a body; undefined when it is no JSON.
 * @throws DomainError as `requireKept` does
 */
export function jsonInText(text: string, pointer: string): unknown {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return undefined
  }
  requireKept(text, parsed, pointer)
  return parsed
}

/**
 * Refuses JSON that would not come back as it was sent.
 * @param text what `value` was parsed from
 * @throws DomainError as `refuseUnstorable` and `requireExact` do
 */
export function requireKept(text: string, value: unknown, pointer = ''): void {
  refuseUnstorable(value, pointer)
  requireExact(text, value, pointer)
}

/**
 * Refuses text that no engine can keep as it is: PostgreSQL takes no NUL, and half a surrogate pair has no UTF-8. Refuses
 * numbers that are beyond a double (`1e400`), which would come back as null.
 * Refuses values nested deeper than any payload is, before code that walks them runs out of stack.
 * @throws DomainError REQUEST_INVALID with a pointer to the first such text, JSON_MALFORMED for the nesting
 */
export function refuseUnstorable(value: unknown, pointer = ''): void {
  const path: (string | number)[] = []
  const refused = firstUnstorable(value, path)
  if (refused === undefined) return
  // Made only now: a body has a quarter of a million places.
  const at = pointer + path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
  throw refusal(refused, at)
}

type Refused = 'depth' | 'text' | 'number' | 'name'

/** Leaves in `path` the way to what is refused. */
function firstUnstorable(value: unknown, path: (string | number)[]): Refused | undefined {
  if (path.length > MAX_DEPTH) return 'depth'
  if (typeof value === 'string') return isStorable(value) ? undefined : 'text'
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : 'number'
  if (typeof value !== 'object' || value === null) return undefined
  const isList = Array.isArray(value)
  for (const key of isList ? value.keys() : Object.keys(value)) {
    path.push(key)
    const refused =
      // In code that copies members one by one it would not become a member but change what the object inherits.
      (key === '__proto__' ? 'name' : undefined) ??
      (typeof key === 'string' && !isStorable(key) ? 'text' : undefined) ??
      firstUnstorable((value as Record<string | number, unknown>)[key], path)
    if (refused !== undefined) return refused
    path.pop()
  }
  return undefined
}

function refusal(refused: Refused, pointer: string): DomainError {
  switch (refused) {
    case 'depth':
      return new DomainError('JSON_MALFORMED', `the body is nested deeper than ${MAX_DEPTH} levels`, {
        limit: MAX_DEPTH,
      })
    case 'text':
      return new DomainError('REQUEST_INVALID', `body ${pointer}: text must not hold U+0000 or half a surrogate pair`, [
        { in: 'body', pointer, expected: 'text without U+0000 and lone surrogates' },
      ])
    case 'number':
      return new DomainError('REQUEST_INVALID', `body ${pointer}: the number is beyond the range of a double`, [
        { in: 'body', pointer, expected: 'a number within ±1.7976931348623157e308' },
      ])
    case 'name':
      return new DomainError('REQUEST_INVALID', `body ${pointer}: no member may be called __proto__`, [
        { in: 'body', pointer, expected: 'a member of another name' },
      ])
  }
}

function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}
