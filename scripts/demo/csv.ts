/** CSV as the demo sends and receives it: numbers only, so that nothing needs quotes but the names in the header. */
import type { Row } from './generated-frames.js'

/** A header line, then a line a row; a value that is not known is an empty cell. */
export function toCsv(columns: readonly string[], rows: readonly Row[]): string {
  const lines = rows.map((row) => columns.map((name) => cell(row[name])).join(','))
  return `${[columns.join(','), ...lines].join('\n')}\n`
}

/** Rows by column name; an empty cell is null. */
export function fromCsv(text: string): Record<string, number | null>[] {
  const [header = '', ...lines] = text.trimEnd().split(/\r?\n/)
  const columns = header.split(',').map((name) => name.replaceAll('"', ''))
  return lines.map((line) => {
    const cells = line.split(',')
    return Object.fromEntries(columns.map((name, i) => [name, cells[i] ? Number(cells[i]) : null]))
  })
}

/** A whole number beyond 2^53 gets an exponent: without one it would pass for an integer whose every digit counts. */
function cell(value: number | undefined): string {
  if (value === undefined) return ''
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? value.toExponential() : String(value)
}
