/** A dataset as answers show it: stored facts, QuestDB's live figures over them, and every spelling that a client reads. */
import type { components } from '../../generated/api.js'
import type { TableState } from '../measurements/service.js'
import type { DatasetFacts } from './manifest.js'

export type Dataset = components['schemas']['Dataset']
export type DatasetManifest = components['schemas']['DatasetManifest']

export interface StoredDataset extends DatasetFacts {
  readonly dataset_id: string
  readonly dataset_slug: string
  readonly alias_ids: readonly string[] | null
  readonly run_count: number
  readonly simulation_count: number
  readonly created_at: Date
  readonly updated_at: Date
}

/** Whose frames lie in which tables. */
export type NamedTables = Pick<StoredDataset, 'dataset_id' | 'ohlcv_measurement' | 'indicator_measurement'>

/** States by lower-case measurement name; undefined when QuestDB did not answer. */
export type States = ReadonlyMap<string, TableState> | undefined

export function renderDataset(stored: StoredDataset, states: States): Dataset {
  const ohlcv = figures(states?.get(stored.ohlcv_measurement.toLowerCase()), {
    rows: stored.ohlcv_row_count,
    first: stored.first_ohlcv_ts,
    last: stored.last_ohlcv_ts,
  })
  const indicator = figures(states?.get(stored.indicator_measurement.toLowerCase()), {
    rows: stored.indicator_row_count,
    first: stored.first_indicator_ts,
    last: stored.last_indicator_ts,
  })
  return {
    dataset_id: stored.dataset_id,
    dataset_slug: stored.dataset_slug,
    alias_ids: [...(stored.alias_ids ?? [])],
    symbol: stored.symbol,
    granularity: stored.granularity,
    source: stored.source,
    bar_interval_ms: stored.bar_interval_ms,
    lookback_rows: stored.lookback_rows,
    ohlcv_measurement: stored.ohlcv_measurement,
    indicator_measurement: stored.indicator_measurement,
    ohlcv_rows: ohlcv.rows,
    ohlcv_row_count: ohlcv.rows,
    indicator_rows: indicator.rows,
    indicator_row_count: indicator.rows,
    ohlcv_first_ts: seconds(ohlcv.first),
    ohlcv_last_ts: seconds(ohlcv.last),
    indicator_first_ts: seconds(indicator.first),
    indicator_last_ts: seconds(indicator.last),
    first_ohlcv_ts: ohlcv.first,
    last_ohlcv_ts: ohlcv.last,
    first_indicator_ts: indicator.first,
    last_indicator_ts: indicator.last,
    ohlcv_first_iso: iso(ohlcv.first),
    ohlcv_last_iso: iso(ohlcv.last),
    indicator_first_iso: iso(indicator.first),
    indicator_last_iso: iso(indicator.last),
    run_count: stored.run_count,
    related_runs: stored.run_count,
    simulation_count: stored.simulation_count,
    related_simulations: stored.simulation_count,
    created_at: stored.created_at.toISOString(),
    updated_at: stored.updated_at.toISOString(),
    metadata: manifest(stored, ohlcv, indicator),
  }
}

/** The manifest by itself, with the state of the tables whose figures it tells. */
export function renderManifest(stored: StoredDataset, states: States): DatasetManifest {
  const { metadata } = renderDataset(stored, states)
  return { ...(metadata as DatasetManifest), questdb_state: renderState(stored, states) }
}

/** The tables' health, for the detail. */
export function renderState(stored: StoredDataset, states: States): NonNullable<Dataset['questdb_state']> {
  const table = (measurement: string) => {
    if (!states) return { measurement, status: 'unknown' }
    const state = states.get(measurement.toLowerCase())
    if (!state) return { measurement, status: 'missing', exists: false }
    return {
      measurement,
      status: state.suspended ? 'suspended' : 'ok',
      exists: true,
      rows: state.count,
      first_ts_ms: state.first?.ms ?? 0,
      last_ts_ms: state.last?.ms ?? 0,
      suspended: state.suspended,
      lag: state.lag,
    }
  }
  return {
    status: states ? 'ok' : 'unknown',
    ohlcv: table(stored.ohlcv_measurement),
    indicators: table(stored.indicator_measurement),
  }
}

interface Figures {
  readonly rows: number
  /** Unix ms; 0 = unknown. */
  readonly first: number
  readonly last: number
}

/** A table with rows speaks for itself; an empty or missing one does not unsay what a client registered. */
function figures(live: TableState | undefined, registered: Figures): Figures {
  if (!live || live.count === 0) return registered
  return { rows: live.count, first: live.first?.ms ?? 0, last: live.last?.ms ?? 0 }
}

/**
 * The manifest as the client sent it with today's figures written over it: the desktop believes the manifest before the
 * fields around it, so stale figures there would hide live ones.
 */
function manifest(stored: StoredDataset, ohlcv: Figures, indicator: Figures): Record<string, unknown> {
  return {
    version: 1,
    ...stored.metadata,
    dataset_id: stored.dataset_id,
    dataset_slug: stored.dataset_slug,
    symbol: stored.symbol,
    granularity: stored.granularity,
    source: stored.source,
    ohlcv_measurement: stored.ohlcv_measurement,
    indicator_measurement: stored.indicator_measurement,
    bar_interval_ms: stored.bar_interval_ms,
    lookback_rows: stored.lookback_rows,
    ohlcv_rows: ohlcv.rows,
    indicator_rows: indicator.rows,
    first_ohlcv_timestamp_ms: ohlcv.first,
    last_ohlcv_timestamp_ms: ohlcv.last,
    first_indicator_timestamp_ms: indicator.first,
    last_indicator_timestamp_ms: indicator.last,
  }
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000)
}

function iso(ms: number): string {
  return ms > 0 ? new Date(ms).toISOString() : ''
}
