/** Gaps between the rows of a table: how many there are in a span of time, and where. */
import type { CallOptions, QuestDbClient } from './client.js'
import { quoteIdentifier } from './names.js'

/** Times are Unix ms. */
export interface Gaps {
  readonly count: number
  /** Of these, gaps from a Friday or Saturday to a Sunday or Monday (UTC) of at most four days. */
  readonly overWeekends: number
  /** The rows on both sides of the first gap. */
  readonly from: number
  readonly to: number
  readonly longestMs: number
}

export interface GapSearch {
  readonly table: string
  readonly designated: string
  readonly firstMs: number
  readonly lastMs: number
  /** Rows further apart than this have a gap between them. */
  readonly longerThanMs: number
}

/** The gaps between rows from `firstMs` to `lastMs` and the rows next to these on both sides; undefined when there are none. */
export async function findGaps(
  client: QuestDbClient,
  search: GapSearch,
  options: CallOptions = {},
): Promise<Gaps | undefined> {
  const [from, to] = await withNeighbours(client, search, options)
  const time = quoteIdentifier(search.designated)
  const rows = `SELECT ${time} AS t FROM ${quoteIdentifier(search.table)} WHERE ${time} >= ${from} AND ${time} <= ${to} ORDER BY ${time}`
  const steps = `SELECT t, p, cast(t AS long) - cast(p AS long) AS d FROM (SELECT t, lag(t) OVER () AS p FROM (${rows}))`
  const weekend = `day_of_week(p) IN (5, 6) AND day_of_week(t) IN (7, 1) AND d <= ${FOUR_DAYS_US}`
  const { dataset } = await client.exec(
    `SELECT count(), sum(CASE WHEN ${weekend} THEN 1 ELSE 0 END), cast(min(p) AS long) / 1000, cast(min(t) AS long) / 1000, max(d) / 1000
       FROM (${steps}) WHERE d > ${Math.ceil(search.longerThanMs * 1000)}`,
    options,
  )
  const [count, overWeekends, gapFrom, gapTo, longestMs] = (dataset[0] ?? []).map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ]
  return count > 0 ? { count, overWeekends, from: gapFrom, to: gapTo, longestMs } : undefined
}

const FOUR_DAYS_US = 4 * 24 * 3_600_000_000

/** Times in Unix µs of the last row before the span and the first one after it; the span's own where there are none. */
async function withNeighbours(
  client: QuestDbClient,
  { table, designated, firstMs, lastMs }: GapSearch,
  options: CallOptions,
): Promise<[from: string, to: string]> {
  const time = quoteIdentifier(designated)
  const [first, last] = [`${firstMs}000`, `${lastMs}999`]
  const name = quoteIdentifier(table)
  const { dataset } = await client.exec(
    `(SELECT 0 AS side, cast(${time} AS long) AS t FROM ${name} WHERE ${time} < ${first} ORDER BY ${time} DESC LIMIT 1)
     UNION ALL
     (SELECT 1 AS side, cast(${time} AS long) AS t FROM ${name} WHERE ${time} > ${last} ORDER BY ${time} LIMIT 1)`,
    options,
  )
  const at = (side: number) => dataset.find((row) => row[0] === side)?.[1]
  return [String(at(0) ?? first), String(at(1) ?? last)]
}
