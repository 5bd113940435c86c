/** The times of a frame's rows by index, their position in ascending time: what turns a fold's indices into dates. */
import { Readable } from 'node:stream'
import { DomainError } from '../errors.js'
import type { QuestDbClient } from '../questdb/client.js'
import { quoteIdentifier } from '../questdb/names.js'
import { streamRowObjects } from '../questdb/reading.js'
import { tableBounds } from '../questdb/table-states.js'

/** Indices from `start` to just before `end`. */
export interface IndexRange {
  readonly start: number
  readonly end: number
}

/**
 * Streams `{"measurement", "start_index", "end_index", "total", "rows": [{"index", "timestamp_ms"}, …], "count"}` with every
 * index of the range that has a row; `end_index` tells where the rows end when the range reaches past them.
 * @throws DomainError REQUEST_INVALID when the range ends before it starts
 */
export async function streamIndexMap(
  questdb: QuestDbClient,
  measurement: string,
  { start, end }: IndexRange,
  signal: AbortSignal,
): Promise<Readable> {
  if (end < start)
    throw new DomainError('REQUEST_INVALID', `end_idx ${end} lies before start_idx ${start}`, [
      { in: 'query', pointer: '/end_idx', expected: `at least ${start}` },
    ])
  const { designated, count } = (await tableBounds(questdb, measurement, { signal })) ?? { designated: null, count: 0 }
  const total = designated === null ? 0 : count
  const stop = Math.max(start, Math.min(end, total))
  const head = JSON.stringify({ measurement, start_index: start, end_index: stop, total }).slice(0, -1)
  if (designated === null || stop === start) return Readable.from([`${head},"rows":[],"count":0}`])
  return streamRowObjects(questdb, selectTimes(measurement, designated, { start, end: stop }), {
    prefix: `${head},`,
    signal,
  })
}

function selectTimes(measurement: string, designated: string, { start, end }: IndexRange): string {
  const time = quoteIdentifier(designated)
  const rows = `SELECT ${time} AS t FROM ${quoteIdentifier(measurement)} ORDER BY ${time} LIMIT ${start}, ${end}`
  // QuestDB counts rows from 1.
  return `SELECT row_number() OVER () + ${start - 1} AS "index", cast(t AS long) / 1000 AS timestamp_ms FROM (${rows})`
}
