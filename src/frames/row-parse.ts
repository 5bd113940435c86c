import { DomainError } from '../errors.js'
import { countMembers } from './json-exact.js'
import { COMMA, isJsonSpace, ValueScanner } from './json-scan.js'
import type { RowSlice } from './row-slices.js'

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * The row objects of a slice. Throws `JSON_MALFORMED` with `row` and `byte` for the first that is not valid JSON in UTF-8, or
 * has a member twice.
 */
export function parseRows(slice: RowSlice): Record<string, unknown>[] {
  let rows: Record<string, unknown>[]
  try {
    rows = JSON.parse(`[${UTF8.decode(slice.bytes)}]`)
  } catch {
    throw blame(slice)
  }
  if (countMembers(rows) !== slice.members) throw blame(slice)
  return rows
}

/** Parses the rows one by one to find which of them can't be. */
function blame(slice: RowSlice): DomainError {
  let from = 0
  for (let row = 0; row < slice.rows; row++) {
    while (isJsonSpace(slice.bytes[from] as number) || slice.bytes[from] === COMMA) from++
    const scanner = new ValueScanner(1)
    const end = scanner.scan(slice.bytes, from, 0)
    const fault = faultOf(slice.bytes.subarray(from, end), scanner.names)
    if (fault !== undefined) return malformed(slice.firstRow + row, slice.firstByte + from, fault)
    from = end
  }
  return malformed(slice.firstRow, slice.firstByte, 'is not valid JSON')
}

function faultOf(bytes: Uint8Array, members: number): string | undefined {
  try {
    const row: unknown = JSON.parse(UTF8.decode(bytes))
    return countMembers(row) === members ? undefined : 'has two members of one name'
  } catch (error) {
    return error instanceof SyntaxError ? `is not valid JSON: ${error.message}` : 'is not valid UTF-8'
  }
}

function malformed(row: number, byte: number, fault: string): DomainError {
  return new DomainError('JSON_MALFORMED', `row ${row}, which begins at byte ${byte}, ${fault}`, { row, byte })
}
