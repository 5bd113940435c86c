/** A request's query, read strictly: what it would take a guess to read is refused. */
import { DomainError } from '../errors.js'

/**
 * Query parameters by name, a repeated one as a list; nothing in a name reaches into objects.
 * @throws DomainError REQUEST_INVALID for bytes that are no percent-encoded UTF-8, which would be replaced, and for U+0000
 */
export function queryOf(querystring: string): Record<string, string | string[]> {
  requireEncoded(querystring)
  const query: Record<string, string | string[]> = Object.create(null)
  for (const [name, value] of new URLSearchParams(querystring)) {
    if (value.includes('\0')) throw unfit(`/${name}`, 'text without U+0000')
    const before = query[name]
    query[name] = before === undefined ? value : [before, value].flat()
  }
  return query
}

function requireEncoded(querystring: string): void {
  // A byte beyond ASCII that comes as it is has been taken for a letter of Latin-1 by now.
  if (/[^!-~]/.test(querystring)) throw unfit('', 'what is not ASCII percent-encoded as UTF-8')
  try {
    decodeURIComponent(querystring)
  } catch {
    throw unfit('', 'percent-encoded UTF-8')
  }
}

function unfit(pointer: string, expected: string): DomainError {
  return new DomainError('REQUEST_INVALID', `query ${pointer}: expected ${expected}`, [
    { in: 'query', pointer, expected },
  ])
}
