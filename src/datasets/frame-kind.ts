/** The two frames of a dataset, and the tables that hold them. */
import type { NamedTables } from './answer.js'

export type FrameKind = 'ohlcv' | 'indicators'

export function measurementOf(dataset: NamedTables, kind: FrameKind): string {
  return kind === 'ohlcv' ? dataset.ohlcv_measurement : dataset.indicator_measurement
}
