/** A dataset in the three forms in which a desktop registers it: when it is exported, right after, and before each run. */
import { BAR_MS, LOOKBACK, type Row } from './generated-frames.js'

export interface DatasetNames {
  readonly dataset_id: string
  readonly dataset_slug: string
  readonly ohlcv_measurement: string
  readonly indicator_measurement: string
}

type Body = Readonly<Record<string, unknown>>

/** What is known of it stands in the manifest, an object; indicator times are in seconds, as the frame has them. */
export function exported(names: DatasetNames, bars: readonly Row[], indicators: readonly Row[]): Body {
  return {
    dataset_id: names.dataset_id,
    dataset_slug: names.dataset_slug,
    symbol: 'BTC',
    granularity: '1h',
    bar_interval_ms: BAR_MS,
    lookback_rows: LOOKBACK,
    first_ohlcv_ts: bars[0]?.timestamp,
    first_indicator_ts: indicators[0]?.timestamp,
    metadata: {
      version: 1,
      ...names,
      symbol: 'BTC',
      granularity: '1h',
      source: 'laptop_imgui',
      bar_interval_ms: BAR_MS,
      lookback_rows: LOOKBACK,
      first_ohlcv_timestamp_ms: bars[0]?.timestamp,
      last_ohlcv_timestamp_ms: bars.at(-1)?.timestamp,
      first_indicator_timestamp_ms: indicators[0]?.timestamp,
      last_indicator_timestamp_ms: indicators.at(-1)?.timestamp,
      ohlcv_rows: bars.length,
      indicator_rows: indicators.length,
      exported_at: '2025-11-06T13:05:17Z',
    },
  }
}

/** The same without the symbol, the manifest as JSON text. */
export function exportedAgain(names: DatasetNames, bars: readonly Row[], indicators: readonly Row[]): Body {
  const { symbol: _, metadata, ...body } = exported(names, bars, indicators)
  return { ...body, metadata: JSON.stringify(metadata) }
}

/** What a desktop sends of a dataset that it did not export itself: next to nothing is known. */
export function ensured(names: DatasetNames): Body {
  const unknown = {
    symbol: names.dataset_slug,
    granularity: 'unknown',
    bar_interval_ms: 0,
    lookback_rows: 0,
  }
  return {
    dataset_id: names.dataset_id,
    dataset_slug: names.dataset_slug,
    ...unknown,
    metadata: {
      version: 1,
      dataset_id: names.dataset_id,
      dataset_slug: names.dataset_slug,
      ...unknown,
      source: '',
      first_ohlcv_timestamp_ms: 0,
      last_ohlcv_timestamp_ms: 0,
      first_indicator_timestamp_ms: 0,
      last_indicator_timestamp_ms: 0,
      ohlcv_rows: 0,
      indicator_rows: 0,
    },
  }
}
