/** The two frames of a dataset, and the tables that hold them. */
import type { StoredDataset } from './answer.js'

export type FrameKind = 'ohlcv' | 'indicators'

export function measurementOf(dataset: StoredDataset, kind: FrameKind): string {
  return kind === 'ohlcv' ? dataset.ohlcv_measurement : dataset.indicator_measurement
}
