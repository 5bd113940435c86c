import { DomainError } from '../errors.js'
import { COMMA, isJsonSpace, ValueScanner } from './json-scan.js'
import type { RowSlice } from './row-slices.js'

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The row objects of a slice. Throws `JSON_MALFORMED` with `row` and `byte` for the first that is not valid JSON in UTF-8. */
export function parseRows(slice: RowSlice): Record<string, unknown>[] {
  try {
    return JSON.parse(`[${UTF8.decode(slice.bytes)}]`)
  } catch {
    throw blame(slice)
  }
}

/** Parses the rows one by one to find which of them can't be. */
function blame(slice: RowSlice): DomainError {
  let from = 0
  for (let row = 0; row < slice.rows; row++) {
    while (isJsonSpace(slice.bytes[from] as number) || slice.bytes[from] === COMMA) from++
    const end = new ValueScanner(1).scan(slice.bytes, from, 0)
    try {
      JSON.parse(UTF8.decode(slice.bytes.subarray(from, end)))
    } catch (error) {
      return malformed(slice.firstRow + row, slice.firstByte + from, error)
    }
    from = end
  }
  return malformed(slice.firstRow, slice.firstByte, undefined)
}

function malformed(row: number, byte: number, error: unknown): DomainError {
  const why = error instanceof SyntaxError ? `is not valid JSON: ${error.message}` : 'is not valid UTF-8'
  return new DomainError('JSON_MALFORMED', `row ${row}, which begins at byte ${byte}, ${why}`, { row, byte })
}
