/** Which columns an Arrow export has a place for, and how many rows of them make a batch. */
import { DomainError } from '../errors.js'
import type { ResultColumn } from '../questdb/client.js'

/** Bytes of a cell in a batch; of text a guess. */
const BYTES: Readonly<Record<string, number>> = {
  BOOLEAN: 1,
  BYTE: 1,
  SHORT: 2,
  INT: 4,
  FLOAT: 4,
  LONG: 8,
  DOUBLE: 8,
  DATE: 8,
  TIMESTAMP: 8,
  TIMESTAMP_NS: 8,
  STRING: 32,
  VARCHAR: 32,
  SYMBOL: 32,
}

/** What one batch takes: as much lies in memory twice for each export whose reader is slow. */
const BATCH_BYTES = 2 * 1024 * 1024
const MOST_ROWS = 32_768
const LEAST_ROWS = 256

/** @throws DomainError REQUEST_INVALID naming the first column that has no place, and what to ask for instead */
export function requireArrowColumns(columns: readonly ResultColumn[] | undefined): void {
  const odd = columns?.find(({ type }) => BYTES[type] === undefined)
  if (odd === undefined) return
  const cure =
    odd.type === 'BINARY' ? 'leave it out' : `ask for cast("${odd.name}" as varchar) in sql, or for another format`
  throw new DomainError(
    'REQUEST_INVALID',
    `column ${JSON.stringify(odd.name)} is of type ${odd.type}, which an Arrow export has no place for: ${cure}`,
    [{ in: 'body', pointer: '/format', column: odd.name, expected: 'columns of numbers, booleans, text and times' }],
  )
}

/** How many rows a batch has. */
export function rowsPerBatch(columns: readonly ResultColumn[] | undefined): number {
  const bytes = (columns ?? []).reduce((sum, { type }) => sum + (BYTES[type] ?? 0), 1)
  return Math.max(LEAST_ROWS, Math.min(MOST_ROWS, Math.floor(BATCH_BYTES / bytes)))
}
