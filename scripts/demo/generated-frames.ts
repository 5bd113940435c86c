/** What the demo uploads: bars, indicators and predictions that look like a desktop's, the same in every run. */
import { Random } from './random.js'

/** A row as it is sent: a `timestamp` and numbers; a value that is not known has no key. */
export type Row = Readonly<Record<string, number>>

/** What the predictions need to know of a fold. */
export interface TestSpan {
  readonly fold_number: number
  /** Position of the first test row among the indicator rows. */
  readonly test_start_idx: number
  /** Position after the last one. */
  readonly test_end_idx: number
  readonly thresholds: Readonly<Record<string, number>>
}

export const BAR_MS = 3_600_000
export const BARS = 9_227
/** Bars at the beginning for which the longest indicator has no value yet. */
export const LOOKBACK = 1_084
const LAST_BAR = Date.UTC(2025, 10, 3, 4)

export const INDICATORS = [
  ...['MAX_CVR', 'VWMA_RATIO_S', 'CMMA_S', 'ATR_RATIO_M', 'PCO_10_20', 'PVR_10_20', 'PVR_20_4', 'BOL_WIDTH_S'],
  ...['VOL_MOM_S', 'TGT_315', 'RSI_S', 'RSI_M', 'STOCH_S', 'STOCH_M', 'ADX_S', 'ADX_M', 'AROON_UP_M', 'AROON_DN_M'],
  ...['MACD_S', 'MACD_M', 'LIN_ATR_S', 'LIN_ATR_M', 'CMMA_M', 'BOL_WIDTH_M', 'VOL_MOM_M', 'FTI_LOW', 'ENTROPY_S'],
  ...['MUTUAL_INF_S', 'REACT_S', 'ANY_DOUBLE'],
] as const
const TARGET = 'TGT_315'
const SHARE_MISSING = 0.01

/** Hourly bars of a price that walks at random; `timestamp` in milliseconds. */
export function generateBars(): Row[] {
  const random = new Random(1)
  const first = LAST_BAR - (BARS - 1) * BAR_MS
  let price = 62_500
  return Array.from({ length: BARS }, (_, i) => {
    const open = price
    const close = open * Math.exp(random.normal() * 0.005)
    price = close
    return {
      timestamp: first + i * BAR_MS,
      open,
      high: Math.max(open, close) * (1 + Math.abs(random.normal()) * 0.002),
      low: Math.min(open, close) * (1 - Math.abs(random.normal()) * 0.002),
      close,
      volume: Math.exp(7 + random.normal()),
    }
  })
}

/** A row for each bar after the lookback, here and there without a value; `timestamp` in seconds, as desktops send it. */
export function generateIndicators(bars: readonly Row[]): Row[] {
  const random = new Random(2)
  const state = INDICATORS.map(() => 0)
  return bars.slice(LOOKBACK).map((bar) => {
    const row: Record<string, number> = { timestamp: (bar.timestamp as number) / 1000 }
    INDICATORS.forEach((name, k) => {
      state[k] = (state[k] as number) * 0.95 + random.normal() * 10 ** ((k % 7) - 3)
      const value = name === 'ANY_DOUBLE' ? random.anyDouble() : (state[k] as number)
      if (name === TARGET || random.uniform() >= SHARE_MISSING) row[name] = value
    })
    return row
  })
}

/** A prediction for each test row of each fold; `timestamp` in milliseconds. Models compute in single precision. */
export function generatePredictions(folds: readonly TestSpan[], indicators: readonly Row[]): Row[] {
  const random = new Random(3)
  return folds.flatMap((fold) =>
    indicators.slice(fold.test_start_idx, fold.test_end_idx).map((row, i) => ({
      timestamp: (row.timestamp as number) * 1000,
      bar_index: fold.test_start_idx + i,
      fold_number: fold.fold_number,
      prediction: Math.fround(random.normal() * 120),
      target_value: row[TARGET] as number,
      long_threshold: fold.thresholds.long_optimal as number,
      short_threshold: fold.thresholds.short_optimal as number,
    })),
  )
}
