import type { Readable } from 'node:stream'
import type { components } from '../../generated/api.js'
import { DomainError } from '../errors.js'
import type { QuestDbClient } from '../questdb/client.js'
import { isReservedName, quoteIdentifier } from '../questdb/names.js'
import { despiteReplacement } from '../questdb/replaced.js'
import { listTableStates, type TableState, tableBounds, tableColumns, tableStates } from '../questdb/table-states.js'
import { type QueryLimits, type QueryRequest, streamQuery } from './query.js'
import { readSeries, type Series, type SeriesWanted } from './series.js'

export type Measurement = components['schemas']['Measurement']
export type MeasurementDetail = components['schemas']['MeasurementDetail']
export type { TableState }

/** Rows that the detail shows. */
const SAMPLE_ROWS = 5

/** What lies in QuestDB: its tables, their columns, their health, and what queries find in them. */
export class QuestDbService {
  constructor(private readonly questdb: QuestDbClient) {}

  /** The measurements whose names begin with `prefix` (any case), by name. */
  async list(prefix: string, page: { limit: number; offset: number }, signal: AbortSignal) {
    const { states, total } = await listTableStates(this.questdb, prefix, page, { signal })
    return { measurements: states.map(toMeasurement), total }
  }

  /** @throws DomainError MEASUREMENT_NOT_FOUND */
  detail(name: string, signal: AbortSignal): Promise<MeasurementDetail> {
    return despiteReplacement(() => this.#detail(name, signal), signal)
  }

  async #detail(name: string, signal: AbortSignal): Promise<MeasurementDetail> {
    const [state] = isReservedName(name) ? [] : await tableStates(this.questdb, { names: [name] }, { signal })
    const columns = state && (await tableColumns(this.questdb, state.name, { signal }))
    if (!state || !columns) throw new DomainError('MEASUREMENT_NOT_FOUND', `there is no measurement ${name}`, { name })
    const sample = await this.questdb.exec(`SELECT * FROM ${quoteIdentifier(state.name)} LIMIT ${SAMPLE_ROWS}`, {
      signal,
    })
    const rows = sample.dataset.map((row) =>
      Object.fromEntries(sample.columns.map((column, i) => [column.name, shownCell(row[i], column.type)])),
    )
    return {
      ...toMeasurement(state),
      columns: columns.map(({ name: column, type }) => ({ name: column, type })),
      sample_row_count: rows.length,
      sample: rows,
    }
  }

  /**
   * Streams what a statement that only reads finds, as `{"query", "columns", "column_types", "dataset": […], "count"}`.
   * @throws DomainError QUERY_REFUSED, SQL_INVALID, TIME_LIMIT
   */
  query(request: QueryRequest, limits: QueryLimits): Promise<Readable> {
    return despiteReplacement(() => streamQuery(this.questdb, request, limits), limits.signal)
  }

  /**
   * The numbers of a measurement for a plot.
   * @throws DomainError MEASUREMENT_NOT_FOUND, COLUMN_NOT_NUMERIC, REQUEST_INVALID, TIMESTAMP_OUT_OF_RANGE
   */
  series(name: string, wanted: SeriesWanted, signal: AbortSignal): Promise<Series> {
    return despiteReplacement(() => readSeries(this.questdb, name, wanted, { signal }), signal)
  }

  /** Rows and bounds (Unix ms) of a table, exactly; undefined when it is not there or has no row. */
  async bounds(
    name: string,
    signal: AbortSignal,
  ): Promise<{ rows: number; firstMs: number; lastMs: number } | undefined> {
    const found = await tableBounds(this.questdb, name, { signal })
    if (!found || found.count === 0) return undefined
    return { rows: found.count, firstMs: found.first?.ms ?? 0, lastMs: found.last?.ms ?? 0 }
  }

  /** The state of these tables by lower-case name; a name without a table has no entry. */
  async states(
    names: readonly string[],
    options: { signal?: AbortSignal; timeoutMs?: number },
  ): Promise<Map<string, TableState>> {
    const states = await tableStates(this.questdb, { names }, options)
    return new Map(states.map((state) => [state.name.toLowerCase(), state]))
  }
}

/** Whole numbers come as text so that no digit is lost; those that fit a JSON number are shown as one. */
function shownCell(cell: unknown, type: string): unknown {
  return type === 'LONG' && typeof cell === 'string' && Number.isSafeInteger(Number(cell)) ? Number(cell) : cell
}

function toMeasurement(state: TableState): Measurement {
  const first = state.first?.iso ?? ''
  const last = state.last?.iso ?? ''
  const designated = state.designatedTimestamp ?? ''
  return {
    name: state.name,
    row_count: state.count,
    rowCount: state.count,
    first_ts: first,
    last_ts: last,
    firstTimestamp: first,
    lastTimestamp: last,
    first_ts_ms: state.first?.ms ?? 0,
    last_ts_ms: state.last?.ms ?? 0,
    designated_timestamp: designated,
    designatedTimestamp: designated,
    partition_by: state.partitionBy,
    partitionBy: state.partitionBy,
    suspended: state.suspended,
  }
}
