/** A SELECT over a range of a table's rows: by time, by position, with limit, in either direction. */
import { quoteIdentifier } from './names.js'

export interface RowRange {
  /** Unix µs, both inclusive. */
  readonly fromMicros?: bigint | undefined
  readonly toMicros?: bigint | undefined
  /** Positions in ascending time counted from 0; the end is exclusive. */
  readonly startIndex?: number | undefined
  readonly endIndex?: number | undefined
  readonly offset?: number | undefined
  readonly limit?: number | undefined
  readonly descending?: boolean | undefined
}

export interface RangedSelect {
  readonly table: string
  readonly designated: string
  /** Select list, quoted already. */
  readonly columns: string
  /** Further columns to order by, within one time; quoted already. */
  readonly thenBy?: readonly string[]
  /** Further conditions, each valid SQL. */
  readonly where?: readonly string[]
}

/** The SELECT, and one that counts what it would find without `limit` and `offset`. */
export function rangedSelect(select: RangedSelect, range: RowRange): { rows: string; count: string } {
  const time = quoteIdentifier(select.designated)
  const conditions = [...(select.where ?? [])]
  if (range.fromMicros !== undefined) conditions.push(`${time} >= ${range.fromMicros}`)
  if (range.toMicros !== undefined) conditions.push(`${time} <= ${range.toMicros}`)
  const where = conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : ''
  const order = (direction: string) =>
    ` ORDER BY ${[time, ...(select.thenBy ?? [])].map((name) => `${name}${direction}`).join(', ')}`
  const all = `SELECT * FROM ${quoteIdentifier(select.table)}${where}`
  const ranged = hasIndices(range)
    ? `(${all}${order('')}${between(range.startIndex ?? 0, range.endIndex)})`
    : `(${all})`
  const page = between(range.offset ?? 0, range.limit === undefined ? undefined : (range.offset ?? 0) + range.limit)
  return {
    rows: `SELECT ${select.columns} FROM ${ranged}${order(range.descending ? ' DESC' : '')}${page}`,
    count: `SELECT count() FROM ${ranged}`,
  }
}

function hasIndices(range: RowRange): boolean {
  return range.startIndex !== undefined || range.endIndex !== undefined
}

/** QuestDB's LIMIT lower, upper: the rows at positions lower (inclusive) to upper (exclusive). */
function between(start: number, end: number | undefined): string {
  if (end === undefined) return start === 0 ? '' : ` LIMIT ${start}, ${Number.MAX_SAFE_INTEGER}`
  return ` LIMIT ${start}, ${Math.max(start, end)}`
}
