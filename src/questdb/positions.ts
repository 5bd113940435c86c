/** The times of a table's rows by their position in ascending time, counted from 0. */
import type { CallOptions, QuestDbClient } from './client.js'
import { quoteIdentifier } from './names.js'
import { exactBounds, tableColumns } from './table-states.js'

/** So many positions go into one statement, whose length is bounded. */
const POSITIONS_A_STATEMENT = 2000

export interface PositionTimes {
  /** Rows of the table; 0 when there is no such table. */
  readonly rows: number
  /** Unix ms by position; a position beyond the last row has none. */
  readonly times: ReadonlyMap<number, number>
}

export async function timesAtPositions(
  client: QuestDbClient,
  table: string,
  positions: readonly number[],
  options: CallOptions = {},
): Promise<PositionTimes> {
  const times = new Map<number, number>()
  const columns = await tableColumns(client, table, options)
  const designated = columns?.find((column) => column.designated)?.name
  if (designated === undefined) return { rows: 0, times }
  const rows = (await exactBounds(client, table, designated, options))?.count ?? 0
  const sorted = positions.filter((position) => position < rows).sort((a, b) => a - b)
  const time = quoteIdentifier(designated)
  for (let i = 0; i < sorted.length; i += POSITIONS_A_STATEMENT) {
    const part = sorted.slice(i, i + POSITIONS_A_STATEMENT)
    const numbered = `SELECT row_number() OVER (ORDER BY ${time}) AS n, ${time} AS t FROM ${quoteIdentifier(table)}`
    const { dataset } = await client.exec(
      `SELECT n, cast(t AS long) / 1000 FROM (${numbered}) WHERE n IN (${part.map((position) => position + 1).join(',')})`,
      options,
    )
    // QuestDB counts rows from 1.
    for (const [position, ms] of dataset) times.set(Number(position) - 1, Number(ms))
  }
  return { rows, times }
}
