/** CSV texts that look like what clients import. */

export const FIRST_MS = Date.UTC(2024, 0, 1)

/** `rows` minutes from 2024 on: `timestamp`, a whole number `n` counted from 0, and `more` columns of decimals. */
export function minutesCsv(rows: number, more = 1): string {
  const names = Array.from({ length: more }, (_, i) => `c${i}`)
  const lines = [`timestamp,n,${names.join(',')}`]
  for (let n = 0; n < rows; n++) {
    let line = `${FIRST_MS + n * 60_000},${n}`
    for (let c = 0; c < more; c++) line += `,${(n % 1000) + c}.5`
    lines.push(line)
  }
  return `${lines.join('\n')}\n`
}

/** As `minutesCsv`, with a quote at the start that makes reading take ten times as long: for tests that need a load to be under way. */
export function laboriousCsv(rows: number, more = 1): string {
  return minutesCsv(rows, more).replace(/\n(\d+)/, '\n"$1"')
}

/** A CSV of rows that are given as objects; cells are quoted where they must be, null is an empty cell. */
export function csvOf(rows: readonly Readonly<Record<string, string | number | bigint | boolean | null>>[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const line = (cells: readonly unknown[]) => cells.map(cellText).join(',')
  return `${[line(names), ...rows.map((row) => line(names.map((name) => row[name])))].join('\n')}\n`
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return ''
  const text = String(value)
  return typeof value === 'string' && (text === '' || /[",\r\n]/.test(text)) ? `"${text.replaceAll('"', '""')}"` : text
}
