/**
 * A sample in the shape of rows. minmax gives two rows for a bucket, at the times of its first and last row, in which each column
 * has its two extremes in the order in which they came; ohlc gives one, in which bars stay bars.
 */
import type { CallOptions, QuestDbClient } from './client.js'
import {
  type Bucket,
  bucketMs,
  type Cells,
  type SampledRows,
  type SampleMethod,
  sampleBuckets,
  spanOf,
} from './sampling.js'

export interface SampleWanted {
  readonly maxPoints: number
  readonly method: SampleMethod
}

/** How an answer with rows is labelled. */
export type SampleLabel =
  | { readonly sampled: false; readonly source_rows: number }
  | {
      readonly sampled: true
      readonly source_rows: number
      readonly method: SampleMethod
      readonly bucket_ms: number
    }

export interface SampledRow {
  readonly iso: string
  readonly ms: number
  /** In the order of the columns. */
  readonly values: readonly (number | null)[]
}

/** The label, and the rows unless all of them are few enough to be sent. */
export async function sampledRows(
  client: QuestDbClient,
  source: SampledRows,
  { maxPoints, method }: SampleWanted,
  options: CallOptions,
): Promise<{ label: SampleLabel; rows?: SampledRow[] }> {
  const span = await spanOf(client, source, options)
  if (span.count <= maxPoints) return { label: { sampled: false, source_rows: span.count } }
  const length = bucketMs(span, method === 'minmax' ? Math.floor(maxPoints / 2) : maxPoints)
  const buckets = await sampleBuckets(client, source, span, method, length, options)
  const roles = source.columns.map(barRole)
  const rows = buckets.flatMap((bucket) => (method === 'minmax' ? extremesOf(bucket) : [barOf(bucket, roles)]))
  return { label: { sampled: true, source_rows: span.count, method, bucket_ms: length }, rows }
}

/** What a column is within a bar, by its name; any other column has its last value there. */
export type BarRole = 'open' | 'high' | 'low' | 'close' | 'volume'

export function barRole(column: string): BarRole {
  const name = column.toLowerCase()
  return name === 'open' || name === 'high' || name === 'low' || name === 'volume' ? name : 'close'
}

/** A column's one value in a bar. */
export function valueInBar({ first, high, low, last, sum }: Cells, role: BarRole): number | null {
  return { open: first?.value ?? null, high, low, close: last?.value ?? null, volume: sum }[role]
}

function extremesOf({ rows, from, to, cells }: Bucket): SampledRow[] {
  const first = { ...from, values: cells.map((cell) => cell.first?.value ?? null) }
  return rows === 1 ? [first] : [first, { ...to, values: cells.map((cell) => cell.last?.value ?? null) }]
}

function barOf({ from, cells }: Bucket, roles: readonly BarRole[]): SampledRow {
  return { ...from, values: cells.map((cell, i) => valueInBar(cell, roles[i] as BarRole)) }
}
