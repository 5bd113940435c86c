/** The frames of a dataset: bars and indicators, appended in batches and read in ranges. */

import { Readable } from 'node:stream'
import { DomainError } from '../errors.js'
import type { FrameSource } from '../frames/open.js'
import type { SpooledBody } from '../frames/spooled.js'
import { queryTime } from '../frames/time.js'
import type { QuestDbClient } from '../questdb/client.js'
import { quoteIdentifier } from '../questdb/names.js'
import { streamRowObjects } from '../questdb/reading.js'
import { despiteReplacement } from '../questdb/replaced.js'
import { type RowRange, rangedSelect } from '../questdb/row-range.js'
import { numericColumns } from '../questdb/sampled-columns.js'
import { type SampledRow, sampledRows } from '../questdb/sampled-rows.js'
import type { SampleMethod } from '../questdb/sampling.js'
import { type TableColumn, tableColumns } from '../questdb/table-states.js'
import type { TransferService } from '../transfers/service.js'
import { type FrameKind, measurementOf } from './frame-kind.js'
import { type AppendReceipt, appendReceipt, frameLoad } from './frame-load.js'
import { type IndexRange, streamIndexMap } from './index-map.js'
import type { DatasetService, StoredDataset } from './service.js'

/** The rows asked for, as the contract's query parameters name them. */
export interface RowsWanted {
  readonly start_timestamp?: string
  readonly end_timestamp?: string
  readonly start_index?: number
  readonly end_index?: number
  readonly offset?: number
  readonly limit?: number
  readonly desc?: boolean
  readonly columns?: readonly string[]
  /** Without it every row is sent. */
  readonly max_points?: number
  readonly method?: SampleMethod
}

export class DatasetFrames {
  constructor(
    private readonly datasets: DatasetService,
    private readonly transfers: TransferService,
    private readonly questdb: QuestDbClient,
  ) {}

  /**
   * Adds rows to a frame; the same rows again change nothing.
   * @throws DomainError DATASET_NOT_FOUND, or what is wrong with a row
   */
  async append(key: string, kind: FrameKind, spooled: SpooledBody, signal: AbortSignal): Promise<AppendReceipt> {
    const dataset = await this.datasets.require(key)
    const rows = spooled.members.get('rows')
    if (rows?.kind !== 'array')
      throw new DomainError('REQUEST_INVALID', 'rows is required: an array of row objects', [
        { in: 'body', pointer: '/rows', expected: 'an array' },
      ])
    const source: FrameSource = { path: spooled.path, format: 'rows', range: { start: rows.start, end: rows.end } }
    const result = await this.transfers.load(frameLoad(dataset, kind, source), { signal })
    await this.datasets.tellRowsChanged(dataset, kind, result)
    return appendReceipt(this.questdb, dataset, kind, result, spooled)
  }

  /**
   * Streams rows as `{"measurement", "total", "offset", "has_more", "rows": […], "count"}`; at most `max_points` of them, sampled and
   * labelled so, where that is asked for.
   * @throws DomainError DATASET_NOT_FOUND; MEASUREMENT_NOT_FOUND while no row was ever appended; REQUEST_INVALID; COLUMN_NOT_NUMERIC
   */
  async read(key: string, kind: FrameKind, wanted: RowsWanted, signal: AbortSignal): Promise<Readable> {
    const dataset = await this.datasets.require(key)
    return despiteReplacement(() => this.#read(dataset, kind, wanted, signal), signal)
  }

  async #read(dataset: StoredDataset, kind: FrameKind, wanted: RowsWanted, signal: AbortSignal): Promise<Readable> {
    const measurement = measurementOf(dataset, kind)
    const stored = await tableColumns(this.questdb, measurement, { signal })
    if (!stored)
      throw new DomainError('MEASUREMENT_NOT_FOUND', `dataset ${dataset.dataset_slug} has no ${kind} rows yet`, {
        measurement,
      })
    const designated = stored.find((column) => column.designated)?.name ?? 'timestamp'
    const others = stored.filter((column) => !column.designated)
    const columns = chosenColumns(others, wanted.columns)
    const all = !wanted.columns && columns.length === others.length
    const select = rangedSelect(
      { table: measurement, designated, columns: selectList(designated, columns, all) },
      rangeOf(wanted),
    )
    const counted = await this.questdb.exec(select.count, { signal })
    const total = Number(counted.dataset[0]?.[0] ?? 0)
    const offset = wanted.offset ?? 0
    const head = { measurement, total, offset, has_more: wanted.limit !== undefined && offset + wanted.limit < total }
    const sample =
      wanted.max_points === undefined ? undefined : await this.#sample(measurement, designated, columns, wanted, signal)
    if (sample?.rows) return sampleAnswer({ ...head, ...sample.label }, sample.columns, sample.rows)
    const labelled = { ...head, ...sample?.label }
    return streamRowObjects(this.questdb, select.rows, { prefix: `${JSON.stringify(labelled).slice(0, -1)},`, signal })
  }

  /** The rows that were asked for, made few. */
  async #sample(
    table: string,
    designated: string,
    stored: readonly TableColumn[],
    { max_points: maxPoints = 0, method = 'minmax', ...wanted }: RowsWanted,
    signal: AbortSignal,
  ) {
    const columns = numericColumns(stored, wanted.columns !== undefined, maxPoints).map(({ name }) => name)
    const list = [designated, ...columns].map(quoteIdentifier).join(', ')
    const { rows } = rangedSelect({ table, designated, columns: list }, rangeOf(wanted))
    const source = { rows, time: designated, columns }
    const sample = await sampledRows(this.questdb, source, { maxPoints, method }, { signal })
    return { ...sample, columns, ...(sample.rows && wanted.desc ? { rows: sample.rows.reverse() } : {}) }
  }

  /** The times of a frame's rows by index; see `streamIndexMap`. @throws DomainError DATASET_NOT_FOUND, REQUEST_INVALID */
  async indexMap(key: string, kind: FrameKind, range: IndexRange, signal: AbortSignal): Promise<Readable> {
    const dataset = await this.datasets.require(key)
    return despiteReplacement(() => streamIndexMap(this.questdb, measurementOf(dataset, kind), range, signal), signal)
  }
}

function sampleAnswer(head: object, columns: readonly string[], sample: readonly SampledRow[]): Readable {
  const rows = sample.map(({ iso, ms, values }) => ({
    timestamp: iso,
    timestamp_ms: ms,
    ...Object.fromEntries(columns.map((name, i) => [name, values[i]])),
  }))
  return Readable.from([JSON.stringify({ ...head, rows, count: rows.length })], { objectMode: false })
}

function rangeOf(wanted: RowsWanted): RowRange {
  return {
    fromMicros: queryTime(wanted.start_timestamp, 'start_timestamp'),
    toMicros: queryTime(wanted.end_timestamp, 'end_timestamp'),
    startIndex: wanted.start_index,
    endIndex: wanted.end_index,
    offset: wanted.offset,
    limit: wanted.limit,
    descending: wanted.desc,
  }
}

/** All columns go by their star where they can: two thousand names are more than a statement may be long. */
function selectList(designated: string, columns: readonly TableColumn[], all: boolean): string {
  const time = quoteIdentifier(designated)
  const millis = `cast(${time} AS long) / 1000 AS timestamp_ms`
  if (all && designated === 'timestamp') return `*, ${millis}`
  return [`${time} AS "timestamp"`, millis, ...columns.map(({ name }) => quoteIdentifier(name))].join(', ')
}

/** The stored columns that were asked for, in the table's order. @throws DomainError REQUEST_INVALID for one that is not stored */
function chosenColumns(stored: readonly TableColumn[], asked: readonly string[] | undefined): readonly TableColumn[] {
  // Rows carry their own `timestamp_ms`; a stored column of that name would stand twice.
  const others = stored.filter(({ name }) => name.toLowerCase() !== 'timestamp_ms')
  if (!asked) return others
  const wanted = new Set(asked.map((name) => name.toLowerCase()))
  for (const time of ['timestamp', 'timestamp_ms']) wanted.delete(time)
  const chosen = others.filter(({ name }) => wanted.delete(name.toLowerCase()))
  const [unknown] = wanted
  if (unknown !== undefined)
    throw new DomainError('REQUEST_INVALID', `there is no column ${unknown}`, [
      {
        in: 'query',
        pointer: '/columns',
        expected: others
          .slice(0, 100)
          .map(({ name }) => name)
          .join(', '),
      },
    ])
  return chosen
}
