/** Lists in the older shape: a bare array, which can't say that there is more, so it is whole or refused. */
import { DomainError } from '../errors.js'

/** The most records that such a list sends when no page was asked for. */
const MOST = 10_000

/** How many rows to ask for: the page's limit, or one more than may be sent. */
export function olderListLimit(limit: number | undefined): number {
  return limit ?? MOST + 1
}

/** @throws DomainError REQUEST_INVALID when there are more rows than one list may hold; `path` is where they come in pages */
export function requireOlderList(rows: readonly unknown[], noun: string, path: string): void {
  if (rows.length <= MOST) return
  throw new DomainError(
    'REQUEST_INVALID',
    `there are more than ${MOST} ${noun}; send limit and offset, or use ${path}`,
    [{ in: 'query', pointer: '/limit', expected: `at most ${MOST}` }],
  )
}
