/** Datasets as the desktop reads them from the list and from the detail. */
import { itemsOf, type Json, looseInt, objectOf, objectOrText, stringOf, textOf } from './values.js'

export interface DesktopDataset {
  readonly dataset_id: string
  readonly dataset_slug: string
  readonly symbol: string
  readonly granularity: string
  readonly source: string
  readonly bar_interval_ms: number
  readonly lookback_rows: number
  readonly first_ohlcv_ms: number
  readonly first_indicator_ms: number
  readonly ohlcv_rows: number
  readonly indicator_rows: number
  readonly ohlcv_measurement: string
  readonly indicator_measurement: string
  readonly ohlcv_first: string
  readonly indicator_first: string
  readonly ohlcv_last: string
  readonly indicator_last: string
  readonly run_count: number
  readonly simulation_count: number
  readonly updated_at: string
}

export function readDatasetList(text: string): DesktopDataset[] {
  return itemsOf(text, 'datasets').map(readItem)
}

/** The detail is the dataset itself: under a key of its own it would read as an empty record. */
export function readDataset(text: string): DesktopDataset {
  return readItem(objectOf(text))
}

/** Some values are looked for in the manifest first, some there last. */
function readItem(top: Json): DesktopDataset {
  const manifest = objectOrText(top.metadata) ?? {}
  const topFirst = (key: string, manifestKey = key) => looseInt(top[key]) || looseInt(manifest[manifestKey])
  const manifestFirst = (key: string, topKey: string) => looseInt(manifest[key]) || looseInt(top[topKey])
  const measurement = (key: string, ending: string) =>
    stringOf(manifest[key]) || stringOf(top[key]) || `${defaultMeasurement(textOf(top.dataset_slug))}_${ending}`
  const firstOhlcv = topFirst('first_ohlcv_ts', 'first_ohlcv_timestamp_ms')
  const firstIndicator = topFirst('first_indicator_ts', 'first_indicator_timestamp_ms')
  return {
    dataset_id: textOf(top.dataset_id),
    dataset_slug: textOf(top.dataset_slug),
    symbol: textOf(top.symbol),
    granularity: textOf(top.granularity),
    source: textOf(manifest.source),
    bar_interval_ms: topFirst('bar_interval_ms'),
    lookback_rows: topFirst('lookback_rows'),
    first_ohlcv_ms: firstOhlcv,
    first_indicator_ms: firstIndicator,
    ohlcv_rows: manifestFirst('ohlcv_rows', 'ohlcv_row_count'),
    indicator_rows: manifestFirst('indicator_rows', 'indicator_row_count'),
    ohlcv_measurement: measurement('ohlcv_measurement', 'ohlcv'),
    indicator_measurement: measurement('indicator_measurement', 'ind'),
    ohlcv_first: iso(firstOhlcv) || textOf(top.ohlcv_first_ts),
    indicator_first: iso(firstIndicator) || textOf(top.indicator_first_ts),
    ohlcv_last: textOf(top.ohlcv_last_ts) || iso(looseInt(manifest.last_ohlcv_timestamp_ms)),
    indicator_last: textOf(top.indicator_last_ts) || iso(looseInt(manifest.last_indicator_timestamp_ms)),
    run_count: looseInt(top.run_count),
    simulation_count: looseInt(top.simulation_count),
    updated_at: textOf(manifest.exported_at) || textOf(top.updated_at),
  }
}

function defaultMeasurement(slug: string): string {
  return slug.replace(/[^A-Za-z0-9_-]/g, '_')
}

function iso(ms: number): string {
  return ms > 0 ? new Date(ms).toISOString() : ''
}
