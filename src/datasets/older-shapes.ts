/** A dataset as clients of 2025 ask for it: its indicator rows only, with names in both spellings. */
import type { components } from '../../generated/api.js'
import type { Dataset } from './answer.js'

export type IndicatorDataset = components['schemas']['IndicatorDataset']

export function renderIndicatorDataset(dataset: Dataset): IndicatorDataset {
  const { dataset_id, dataset_slug, symbol, granularity, source, created_at, updated_at } = dataset
  const table = dataset.indicator_measurement ?? ''
  const rows = dataset.indicator_rows ?? 0
  return {
    dataset_id,
    datasetId: dataset_id,
    dataset_slug,
    symbol,
    granularity,
    source,
    questdb_tag: table,
    questdbTag: table,
    questdb_measurement: table,
    row_count: rows,
    rowCount: rows,
    first_bar_ts: dataset.indicator_first_iso,
    last_bar_ts: dataset.indicator_last_iso,
    created_at,
    updated_at,
  } as IndicatorDataset
}
