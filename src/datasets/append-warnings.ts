/**
 * What looks odd in rows that were just appended, held against what the dataset's manifest promises: bars one interval apart,
 * and indicators that begin only after the bars they look back on. The rows stay stored: markets close at night and at
 * weekends, and a batch may come before the one that fills its gap. One sentence for each oddity, however often it occurs.
 */
import type { QuestDbClient } from '../questdb/client.js'
import { findGaps } from '../questdb/gaps.js'
import { quoteIdentifier } from '../questdb/names.js'
import { tableColumns } from '../questdb/table-states.js'
import type { LoadResult } from '../transfers/service.js'
import type { FrameKind } from './frame-load.js'
import type { StoredDataset } from './service.js'

/** How long a receipt waits for these. */
const LIMIT_MS = 2000
/** Days have 23 to 25 hours where clocks are changed, and an interval may be an average: a longer step than this many bars is a gap. */
const TOLERATED_BARS = 1.5

export async function appendWarnings(
  questdb: QuestDbClient,
  dataset: StoredDataset,
  kind: FrameKind,
  loaded: LoadResult,
): Promise<string[]> {
  const found = await Promise.allSettled([
    orderWarning(loaded),
    gapWarning(questdb, dataset, kind, loaded),
    kind === 'indicators' ? lookbackWarning(questdb, dataset, loaded) : undefined,
  ])
  const warnings = found.flatMap((result) => (result.status === 'fulfilled' && result.value ? [result.value] : []))
  const unchecked = found.some((result) => result.status === 'rejected')
  return unchecked
    ? [...warnings, 'stored, but not checked for gaps and lookback: QuestDB did not answer in time']
    : warnings
}

function orderWarning({ unordered }: LoadResult): string | undefined {
  if (!unordered) return undefined
  const { rows, first } = unordered
  return rows === 1
    ? `row ${first} is earlier than the row before it; rows are kept in the order of time`
    : `${rows} rows are earlier than the row before them, the first is row ${first}; rows are kept in the order of time`
}

async function gapWarning(
  questdb: QuestDbClient,
  dataset: StoredDataset,
  kind: FrameKind,
  { firstMs, lastMs }: LoadResult,
): Promise<string | undefined> {
  const interval = dataset.bar_interval_ms
  if (interval === 0) return undefined
  const table = kind === 'ohlcv' ? dataset.ohlcv_measurement : dataset.indicator_measurement
  const designated = await designatedOf(questdb, table)
  if (designated === undefined) return undefined
  const gaps = await findGaps(
    questdb,
    { table, designated, firstMs, lastMs, longerThanMs: interval * TOLERATED_BARS },
    { timeoutMs: LIMIT_MS },
  )
  if (!gaps) return undefined
  const { count, overWeekends, from, to, longestMs } = gaps
  const many = count === 1 ? '1 gap' : `${count} gaps`
  const weekends = overWeekends === 0 ? '' : ` (${overWeekends} over a weekend)`
  const longest = count === 1 ? '' : `, the longest has ${bars(longestMs, interval)}`
  return `${many}${weekends} between rows that should be ${interval} ms apart: the first is from ${iso(from)} to ${iso(to)}${longest}`
}

/** Indicators that have fewer bars before them than they look back on were made from other bars than those stored. */
async function lookbackWarning(
  questdb: QuestDbClient,
  { lookback_rows: promised, ohlcv_measurement }: StoredDataset,
  { firstMs }: LoadResult,
): Promise<string | undefined> {
  if (promised === 0) return undefined
  const designated = await designatedOf(questdb, ohlcv_measurement)
  if (designated === undefined) return undefined
  const { dataset } = await questdb.exec(
    `SELECT count() FROM ${quoteIdentifier(ohlcv_measurement)} WHERE ${quoteIdentifier(designated)} < ${firstMs}000`,
    { timeoutMs: LIMIT_MS },
  )
  const before = Number(dataset[0]?.[0] ?? 0)
  return before < promised
    ? `the first indicator row, ${iso(firstMs)}, has ${before} bars before it; the dataset's lookback_rows is ${promised}`
    : undefined
}

async function designatedOf(questdb: QuestDbClient, table: string): Promise<string | undefined> {
  const columns = await tableColumns(questdb, table, { timeoutMs: LIMIT_MS })
  return columns?.find((column) => column.designated)?.name
}

function bars(ms: number, interval: number): string {
  return `${Math.round(ms / interval) - 1} missing bars`
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
