/** The frames of a dataset: bars and indicators, appended in batches and read in ranges. */
import type { Readable } from 'node:stream'
import { DomainError } from '../errors.js'
import type { FrameSource } from '../frames/open.js'
import type { SpooledBody } from '../frames/spooled.js'
import { queryTime } from '../frames/time.js'
import type { QuestDbClient } from '../questdb/client.js'
import { quoteIdentifier } from '../questdb/names.js'
import { streamRowObjects } from '../questdb/reading.js'
import { type RowRange, rangedSelect } from '../questdb/row-range.js'
import { tableColumns } from '../questdb/table-states.js'
import type { TransferService } from '../transfers/service.js'
import { type FrameKind, measurementOf } from './frame-kind.js'
import { type AppendReceipt, appendReceipt, frameLoad } from './frame-load.js'
import { type IndexRange, streamIndexMap } from './index-map.js'
import type { DatasetService } from './service.js'

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
    return appendReceipt(this.questdb, dataset, kind, result, spooled)
  }

  /**
   * Streams rows as `{"measurement", "total", "offset", "has_more", "rows": […], "count"}`.
   * @throws DomainError DATASET_NOT_FOUND; MEASUREMENT_NOT_FOUND while no row was ever appended; REQUEST_INVALID
   */
  async read(key: string, kind: FrameKind, wanted: RowsWanted, signal: AbortSignal): Promise<Readable> {
    const dataset = await this.datasets.require(key)
    const measurement = measurementOf(dataset, kind)
    const stored = await tableColumns(this.questdb, measurement, { signal })
    if (!stored)
      throw new DomainError('MEASUREMENT_NOT_FOUND', `dataset ${key} has no ${kind} rows yet`, { measurement })
    const designated = stored.find((column) => column.designated)?.name ?? 'timestamp'
    const others = stored.filter((column) => !column.designated).map((column) => column.name)
    const columns = selectList(designated, others, wanted.columns)
    const select = rangedSelect({ table: measurement, designated, columns }, rangeOf(wanted))
    const counted = await this.questdb.exec(select.count, { signal })
    const total = Number(counted.dataset[0]?.[0] ?? 0)
    const offset = wanted.offset ?? 0
    const head = { measurement, total, offset, has_more: wanted.limit !== undefined && offset + wanted.limit < total }
    return streamRowObjects(this.questdb, select.rows, { prefix: `${JSON.stringify(head).slice(0, -1)},`, signal })
  }

  /** The times of a frame's rows by index; see `streamIndexMap`. @throws DomainError DATASET_NOT_FOUND, REQUEST_INVALID */
  async indexMap(key: string, kind: FrameKind, range: IndexRange, signal: AbortSignal): Promise<Readable> {
    const dataset = await this.datasets.require(key)
    return streamIndexMap(this.questdb, measurementOf(dataset, kind), range, signal)
  }
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
function selectList(designated: string, others: readonly string[], asked: readonly string[] | undefined): string {
  const columns = chosenColumns(others, asked)
  const time = quoteIdentifier(designated)
  const millis = `cast(${time} AS long) / 1000 AS timestamp_ms`
  if (!asked && designated === 'timestamp' && columns.length === others.length) return `*, ${millis}`
  return [`${time} AS "timestamp"`, millis, ...columns.map(quoteIdentifier)].join(', ')
}

/** The stored columns that were asked for, in the table's order. @throws DomainError REQUEST_INVALID for one that is not stored */
function chosenColumns(stored: readonly string[], asked: readonly string[] | undefined): readonly string[] {
  // Rows carry their own `timestamp_ms`; a stored column of that name would stand twice.
  const others = stored.filter((name) => name.toLowerCase() !== 'timestamp_ms')
  if (!asked) return others
  const wanted = new Set(asked.map((name) => name.toLowerCase()))
  for (const time of ['timestamp', 'timestamp_ms']) wanted.delete(time)
  const chosen = others.filter((name) => wanted.delete(name.toLowerCase()))
  const [unknown] = wanted
  if (unknown !== undefined)
    throw new DomainError('REQUEST_INVALID', `there is no column ${unknown}`, [
      { in: 'query', pointer: '/columns', expected: others.slice(0, 100).join(', ') },
    ])
  return chosen
}
