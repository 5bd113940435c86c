/**
 * What a client says of a dataset, brought to one form. Three senders write it differently: with fields at the top, with a
 * manifest object in `metadata`, or with that object as JSON text; measurement names, counts and last times often stand only
 * in the manifest. A field at the top wins over the manifest; unknown is '' for text and 0 for numbers and times.
 */
import type { components } from '../../generated/api.js'
import { DomainError } from '../errors.js'
import { optionalTimeToMillis } from '../frames/time.js'
import { requireMeasurementName } from '../questdb/names.js'
import { jsonInText } from '../records/storable.js'
import { canonicalGranularity, granularityMs } from './granularity.js'

export type DatasetWrite = components['schemas']['DatasetWrite']

/** A dataset's own facts; times are Unix ms. */
export interface DatasetFacts {
  readonly symbol: string
  readonly granularity: string
  readonly source: string
  readonly bar_interval_ms: number
  readonly lookback_rows: number
  readonly ohlcv_measurement: string
  readonly indicator_measurement: string
  readonly ohlcv_row_count: number
  readonly indicator_row_count: number
  readonly first_ohlcv_ts: number
  readonly last_ohlcv_ts: number
  readonly first_indicator_ts: number
  readonly last_indicator_ts: number
  readonly metadata: Record<string, unknown>
}

/** Keys of the body that have a column or are part of the request; any other key is kept in the manifest. */
const KNOWN_KEYS = new Set([
  'dataset_id',
  'dataset_slug',
  'symbol',
  'granularity',
  'source',
  'bar_interval_ms',
  'lookback_rows',
  'ohlcv_measurement',
  'indicator_measurement',
  'ohlcv_rows',
  'indicator_rows',
  'ohlcv_row_count',
  'indicator_row_count',
  'first_ohlcv_ts',
  'last_ohlcv_ts',
  'first_indicator_ts',
  'last_indicator_ts',
  'ohlcv_first_ts',
  'ohlcv_last_ts',
  'indicator_first_ts',
  'indicator_last_ts',
  'created_at',
  'metadata',
  'record_questdb',
  'ohlcv',
  'ohlcv_csv',
  'ohlcv_upload_id',
  'indicators',
  'indicators_csv',
  'indicator_upload_id',
])

/** @throws DomainError REQUEST_INVALID, TIMESTAMP_OUT_OF_RANGE or MEASUREMENT_NAME_INVALID naming the field */
export function readManifest(body: DatasetWrite): DatasetFacts {
  const manifest = readMetadata(body.metadata)
  const first = (...values: unknown[]) => values.find((value) => !isUnknown(value))
  const text = (field: string, ...values: unknown[]) => asText(field, first(...values))
  const figure = (...values: unknown[]) => values.find((value) => !isUnknown(value) && !isZeroText(value))
  const count = (field: string, ...values: unknown[]) => asCount(field, figure(...values))
  const time = (field: string, ...values: unknown[]) => asTime(field, figure(...values))
  const measurement = (field: 'ohlcv_measurement' | 'indicator_measurement') => {
    const name = text(field, body[field], manifest[field])
    return name === '' ? '' : requireMeasurementName(name)
  }

  const granularity = canonicalGranularity(text('granularity', body.granularity, manifest.granularity))
  return {
    symbol: text('symbol', body.symbol, manifest.symbol),
    granularity,
    source: text('source', body.source, manifest.source),
    bar_interval_ms:
      count('bar_interval_ms', body.bar_interval_ms, manifest.bar_interval_ms) || granularityMs(granularity),
    lookback_rows: count('lookback_rows', body.lookback_rows, manifest.lookback_rows),
    ohlcv_measurement: measurement('ohlcv_measurement'),
    indicator_measurement: measurement('indicator_measurement'),
    ohlcv_row_count: count('ohlcv_rows', body.ohlcv_rows, body.ohlcv_row_count, manifest.ohlcv_rows),
    indicator_row_count: count(
      'indicator_rows',
      body.indicator_rows,
      body.indicator_row_count,
      manifest.indicator_rows,
    ),
    first_ohlcv_ts: time('first_ohlcv_ts', body.first_ohlcv_ts, body.ohlcv_first_ts, manifest.first_ohlcv_timestamp_ms),
    last_ohlcv_ts: time('last_ohlcv_ts', body.last_ohlcv_ts, body.ohlcv_last_ts, manifest.last_ohlcv_timestamp_ms),
    first_indicator_ts: time(
      'first_indicator_ts',
      body.first_indicator_ts,
      body.indicator_first_ts,
      manifest.first_indicator_timestamp_ms,
    ),
    last_indicator_ts: time(
      'last_indicator_ts',
      body.last_indicator_ts,
      body.indicator_last_ts,
      manifest.last_indicator_timestamp_ms,
    ),
    metadata: { ...furtherKeys(body), ...manifest },
  }
}

/** Whether a value says nothing: absent, empty, 0 or the word `unknown`. */
export function isUnknown(value: unknown): boolean {
  if (typeof value === 'string') return value.trim() === '' || value.trim().toLowerCase() === 'unknown'
  return value === undefined || value === null || value === 0
}

function isZeroText(value: unknown): boolean {
  return typeof value === 'string' && /^0+(\.0+)?$/.test(value.trim())
}

function readMetadata(metadata: unknown): Record<string, unknown> {
  if (isUnknown(metadata)) return {}
  const parsed = typeof metadata === 'string' ? jsonInText(metadata, '/metadata') : metadata
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed as Record<string, unknown>
  throw invalid('metadata', 'an object, or text that holds one as JSON')
}

function furtherKeys(body: DatasetWrite): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).filter(([key]) => !KNOWN_KEYS.has(key)))
}

/** Characters at most, wherever the field stands. */
const MOST_CHARACTERS: Readonly<Record<string, number>> = { symbol: 127, granularity: 40, source: 200 }

function asText(field: string, value: unknown): string {
  if (value === undefined) return ''
  if (typeof value === 'string') {
    const most = MOST_CHARACTERS[field]
    if (most === undefined || value.trim().length <= most) return value.trim()
    throw invalid(field, `text of at most ${most} characters`)
  }
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw invalid(field, 'text')
}

function asCount(field: string, value: unknown): number {
  if (value === undefined) return 0
  const number = typeof value === 'string' && /^\d{1,16}(\.0+)?$/.test(value) ? Number(value) : value
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) return number
  throw invalid(field, 'a whole number of 0 or more')
}

function asTime(field: string, value: unknown): number {
  return optionalTimeToMillis(value, { pointer: `/${field}` }) ?? 0
}

/** A field of a registration that is not what it has to be. */
export function invalid(field: string, expected: string): DomainError {
  return new DomainError('REQUEST_INVALID', `${field}: expected ${expected}`, [
    { in: 'body', pointer: `/${field}`, expected },
  ])
}
