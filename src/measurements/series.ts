/** The numbers of a measurement as a plot needs them: a list of times and values for each column, few enough to draw. */
import type { components } from '../../generated/api.js'
import { DomainError } from '../errors.js'
import { queryTime } from '../frames/time.js'
import type { CallOptions, QuestDbClient } from '../questdb/client.js'
import { isReservedName, quoteIdentifier } from '../questdb/names.js'
import { rangedSelect } from '../questdb/row-range.js'
import { numericColumns } from '../questdb/sampled-columns.js'
import { barRole, valueInBar } from '../questdb/sampled-rows.js'
import {
  type Bucket,
  bucketMs,
  type Cells,
  type SampledRows,
  type SampleMethod,
  type Span,
  sampleBuckets,
  spanOf,
} from '../questdb/sampling.js'
import { type TableColumn, tableColumns } from '../questdb/table-states.js'

export type Series = components['schemas']['Series']
type SeriesColumn = components['schemas']['SeriesColumn']

export interface SeriesWanted {
  readonly columns?: readonly string[]
  readonly start_timestamp?: string
  readonly end_timestamp?: string
  readonly max_points: number
  readonly method: SampleMethod
}

/**
 * Every row where there are few enough, else a sample that keeps the extremes of every column.
 * @throws DomainError MEASUREMENT_NOT_FOUND, COLUMN_NOT_NUMERIC, REQUEST_INVALID, TIMESTAMP_OUT_OF_RANGE
 */
export async function readSeries(
  client: QuestDbClient,
  measurement: string,
  wanted: SeriesWanted,
  options: CallOptions,
): Promise<Series> {
  const { max_points: most, method } = wanted
  const source = await sourceOf(client, measurement, wanted, options)
  const span = await spanOf(client, source, options)
  const times = span.count === 0 ? {} : { first_ts_ms: micros(span.first), last_ts_ms: micros(span.last) }
  const head = { measurement, method, source_rows: span.count, ...times }
  if (span.count <= most) return { ...head, sampled: false, series: await everyRow(client, source, span, options) }
  const length = bucketMs(span, method === 'minmax' ? Math.floor(most / 2) : most)
  const buckets = await sampleBuckets(client, source, span, method, length, options)
  const bars = method === 'ohlc' && isBars(source.columns)
  const series = source.columns.map((column, i) =>
    method === 'minmax'
      ? extremesOf(column, i, buckets)
      : bars
        ? inBars(column, i, buckets)
        : ohlcOf(column, i, buckets),
  )
  return { ...head, sampled: true, bucket_ms: length, series }
}

async function sourceOf(
  client: QuestDbClient,
  measurement: string,
  wanted: SeriesWanted,
  options: CallOptions,
): Promise<SampledRows> {
  const range = {
    fromMicros: queryTime(wanted.start_timestamp, 'start_timestamp'),
    toMicros: queryTime(wanted.end_timestamp, 'end_timestamp'),
  }
  const stored = isReservedName(measurement) ? null : await tableColumns(client, measurement, options)
  if (!stored) throw new DomainError('MEASUREMENT_NOT_FOUND', `there is no measurement ${measurement}`, { measurement })
  const designated = stored.find((column) => column.designated)?.name
  if (designated === undefined)
    throw new DomainError('REQUEST_INVALID', `${measurement} has no time to plot by`, [
      { in: 'path', pointer: '/name', expected: 'a measurement with a time' },
    ])
  const others = stored.filter((column) => !column.designated)
  const chosen = wanted.columns === undefined ? others : wanted.columns.map((name, i) => named(others, name, i))
  const columns = numericColumns([...new Set(chosen)], wanted.columns !== undefined, wanted.max_points).map(
    ({ name }) => name,
  )
  const list = [designated, ...columns].map(quoteIdentifier).join(', ')
  return {
    rows: rangedSelect({ table: measurement, designated, columns: list }, range).rows,
    time: designated,
    columns,
  }
}

function named(stored: readonly TableColumn[], name: string, place: number): TableColumn {
  const found = stored.find((column) => column.name.toLowerCase() === name.toLowerCase())
  if (found) return found
  const expected = stored
    .slice(0, 100)
    .map((column) => column.name)
    .join(', ')
  throw new DomainError('REQUEST_INVALID', `there is no column ${name} to plot`, [
    { in: 'query', pointer: `/columns/${place}`, expected },
  ])
}

async function everyRow(
  client: QuestDbClient,
  { rows, time, columns }: SampledRows,
  { count }: Span,
  options: CallOptions,
): Promise<SeriesColumn[]> {
  if (count === 0) return columns.map((column) => ({ column, timestamp_ms: [], values: [] }))
  const values = columns.map((name) => `, cast(${quoteIdentifier(name)} AS double)`).join('')
  const { dataset } = await client.exec(
    `SELECT cast(${quoteIdentifier(time)} AS long)${values} FROM (${rows})`,
    options,
  )
  return columns.map((column, i) => {
    const points = dataset.filter((row) => row[i + 1] !== null)
    return {
      column,
      timestamp_ms: points.map((row) => micros(Number(row[0]))),
      values: points.map((row) => row[i + 1] as number),
    }
  })
}

function extremesOf(column: string, index: number, buckets: readonly Bucket[]): SeriesColumn {
  const points = buckets.flatMap(({ cells }) => {
    const { first, last, high, low } = cells[index] as Cells
    return first === null || last === null ? [] : high === low ? [first] : [first, last]
  })
  return { column, timestamp_ms: points.map(({ ms }) => ms), values: points.map(({ value }) => value) }
}

function ohlcOf(column: string, index: number, buckets: readonly Bucket[]): SeriesColumn {
  const filled = buckets.filter(({ cells }) => cells[index]?.first)
  const of = (role: 'open' | 'high' | 'low' | 'close') =>
    filled.map(({ cells }) => valueInBar(cells[index] as Cells, role) as number)
  return {
    column,
    timestamp_ms: filled.map(({ from }) => from.ms),
    open: of('open'),
    high: of('high'),
    low: of('low'),
    close: of('close'),
  }
}

/** A column of bars: the first open, the highest high, the lowest low, the last close and all the volume. */
function inBars(column: string, index: number, buckets: readonly Bucket[]): SeriesColumn {
  if (!BARS.includes(column.toLowerCase()) && column.toLowerCase() !== 'volume') return ohlcOf(column, index, buckets)
  const filled = buckets.filter(({ cells }) => cells[index]?.first)
  return {
    column,
    timestamp_ms: filled.map(({ from }) => from.ms),
    values: filled.map(({ cells }) => valueInBar(cells[index] as Cells, barRole(column)) as number),
  }
}

const BARS = ['open', 'high', 'low', 'close']

function isBars(columns: readonly string[]): boolean {
  const names = columns.map((name) => name.toLowerCase())
  return BARS.every((name) => names.includes(name))
}

function micros(time: number): number {
  return Math.floor(time / 1000)
}
