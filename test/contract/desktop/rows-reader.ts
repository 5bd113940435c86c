/** Rows as the desktop's chart (bars) and its time series (indicators) read them. */
import { isObject, itemsOf, type Json, numberOf, timeOf } from './values.js'

export interface ChartBar {
  readonly ms: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
}

/** A row without a time is skipped; a value may be text; what is missing is 0. */
export function readChart(text: string): ChartBar[] {
  const number = (value: unknown) => (typeof value === 'string' ? Number(value) || 0 : numberOf(value))
  return rowsOf(text)
    .map((row) => ({
      ms: chartTime(row.timestamp_ms) || chartTime(row.timestamp),
      open: number(row.open),
      high: number(row.high),
      low: number(row.low),
      close: number(row.close),
      volume: number(row.volume),
    }))
    .filter((bar) => bar.ms !== 0)
}

/** Numbers are milliseconds whatever their size; text is a date in whole seconds, or digits. */
function chartTime(value: unknown): number {
  if (typeof value === 'number') return Math.trunc(value)
  if (typeof value === 'string' && /^\d+$/.test(value)) return Number(value)
  return Math.floor(timeOf(value) / 1000) * 1000
}

export interface TimeSeries {
  readonly ms: number[]
  /** Column by name; what is missing is 0. */
  readonly columns: Readonly<Record<string, number[]>>
}

const TIME_COLUMNS = ['timestamp', 'timestamp_ms', 'Date', 'Time']

/** The first row alone decides on the columns: a null there loses one, any further number there makes one. */
export function readTimeSeries(text: string): TimeSeries {
  const rows = rowsOf(text)
  const first = rows[0] ?? {}
  const names = Object.keys(first).filter((name) => typeof first[name] === 'number' && !TIME_COLUMNS.includes(name))
  if (names.includes('timestamp_unix')) throw new Error('timestamp_unix doubles the time column')
  return {
    ms: rows.map((row) => seriesTime(row.timestamp_ms) || seriesTime(row.timestamp)),
    columns: Object.fromEntries(names.map((name) => [name, rows.map((row) => numberOf(row[name]))])),
  }
}

function seriesTime(value: unknown): number {
  return typeof value === 'number' ? Math.trunc(value) : timeOf(value)
}

/** No rows are "no data". */
function rowsOf(text: string): Json[] {
  const rows = itemsOf(text, 'rows').filter(isObject)
  if (rows.length === 0) throw new Error('no data')
  return rows
}
