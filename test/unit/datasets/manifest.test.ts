import * as assert from 'uvu/assert'
import { type DatasetFacts, type DatasetWrite, isUnknown, readManifest } from '../../../src/datasets/manifest.js'
import { DomainError, type ErrorCode } from '../../../src/errors.js'
import { test } from '../../support/test.js'

const FIRST_OHLCV = 1_732_831_200_000
const LAST_OHLCV = 1_766_044_800_000
const FIRST_INDICATOR = 1_736_733_600_000
const LAST_INDICATOR = 1_766_041_200_000

const MANIFEST = {
  version: 1,
  dataset_id: 'f33dff88-a44c-438b-ad85-234076b11dae',
  dataset_slug: 'btc25_3',
  symbol: 'BTC',
  granularity: '1h',
  source: 'laptop_imgui',
  ohlcv_measurement: 'btc25_3_ohlcv',
  indicator_measurement: 'btc25_3',
  bar_interval_ms: 3_600_000,
  lookback_rows: 1084,
  first_ohlcv_timestamp_ms: FIRST_OHLCV,
  last_ohlcv_timestamp_ms: LAST_OHLCV,
  first_indicator_timestamp_ms: FIRST_INDICATOR,
  last_indicator_timestamp_ms: LAST_INDICATOR,
  ohlcv_rows: 9227,
  indicator_rows: 8143,
  exported_at: '2025-11-06T13:05:17Z',
}

const FACTS: Omit<DatasetFacts, 'metadata'> = {
  symbol: 'BTC',
  granularity: '1h',
  source: 'laptop_imgui',
  bar_interval_ms: 3_600_000,
  lookback_rows: 1084,
  ohlcv_measurement: 'btc25_3_ohlcv',
  indicator_measurement: 'btc25_3',
  ohlcv_row_count: 9227,
  indicator_row_count: 8143,
  first_ohlcv_ts: FIRST_OHLCV,
  last_ohlcv_ts: LAST_OHLCV,
  first_indicator_ts: FIRST_INDICATOR,
  last_indicator_ts: LAST_INDICATOR,
}

function refused(body: DatasetWrite, code: ErrorCode): DomainError {
  try {
    readManifest(body)
  } catch (error) {
    if (error instanceof DomainError && error.code === code) return error
    throw error
  }
  throw new Error(`no ${code} for ${JSON.stringify(body)}`)
}

function pointerOf(error: DomainError): unknown {
  const [first] = [error.details].flat() as { pointer?: unknown }[]
  return first?.pointer
}

test('the metadata writer: names, counts and last times are lifted out of the manifest object', () => {
  const { metadata, ...facts } = readManifest({
    dataset_id: MANIFEST.dataset_id,
    dataset_slug: 'btc25_3',
    symbol: 'BTC',
    granularity: '1h',
    bar_interval_ms: 3_600_000,
    lookback_rows: 1084,
    first_ohlcv_ts: FIRST_OHLCV,
    first_indicator_ts: FIRST_INDICATOR,
    metadata: MANIFEST,
  })
  assert.equal(facts, FACTS)
  assert.equal(metadata, MANIFEST)
})

test('the client that creates right after it sends no symbol and the manifest as text, and says the same', () => {
  const { metadata, ...facts } = readManifest({
    dataset_id: MANIFEST.dataset_id,
    dataset_slug: 'btc25_3',
    granularity: '1h',
    bar_interval_ms: 3_600_000,
    lookback_rows: 1084,
    first_ohlcv_ts: FIRST_OHLCV,
    first_indicator_ts: FIRST_INDICATOR,
    metadata: JSON.stringify(MANIFEST),
  })
  assert.equal(facts, FACTS)
  assert.equal(metadata, MANIFEST)
})

test('the re-registration before a run says nothing: every fact is unknown', () => {
  const { metadata: _, ...facts } = readManifest({
    dataset_slug: 'btc25_3',
    symbol: '',
    granularity: 'unknown',
    bar_interval_ms: 0,
    lookback_rows: 0,
    first_indicator_ts: 0,
    metadata: { version: 1, granularity: 'UNKNOWN ', ohlcv_rows: 0, last_ohlcv_timestamp_ms: 0, source: ' ' },
  })
  for (const [key, value] of Object.entries(facts)) assert.ok(value === '' || value === 0, `${key} is ${value}`)
})

test('one request may carry bar times in milliseconds and indicator times in seconds; both are stored in milliseconds', () => {
  const facts = readManifest({
    dataset_slug: 'a',
    first_ohlcv_ts: FIRST_OHLCV,
    first_indicator_ts: FIRST_INDICATOR / 1000,
    metadata: { last_ohlcv_timestamp_ms: LAST_OHLCV, last_indicator_timestamp_ms: LAST_INDICATOR / 1000 },
  })
  assert.equal(
    [facts.first_ohlcv_ts, facts.first_indicator_ts, facts.last_ohlcv_ts, facts.last_indicator_ts],
    [FIRST_OHLCV, FIRST_INDICATOR, LAST_OHLCV, LAST_INDICATOR],
  )
})

test('a time may come in any unit, as digits or as ISO text', () => {
  const spellings = [FIRST_OHLCV, FIRST_OHLCV / 1000, FIRST_OHLCV * 1000, FIRST_OHLCV * 1e6, String(FIRST_OHLCV)]
  for (const spelling of [...spellings, new Date(FIRST_OHLCV).toISOString(), '2024-11-28T22:00:00Z'])
    assert.is(readManifest({ dataset_slug: 'a', first_ohlcv_ts: spelling }).first_ohlcv_ts, FIRST_OHLCV, `${spelling}`)
})

test('a field at the top wins over the manifest unless it says nothing', () => {
  const top = readManifest({
    dataset_slug: 'a',
    symbol: 'ETH',
    ohlcv_rows: 5,
    metadata: { symbol: 'BTC', ohlcv_rows: 9 },
  })
  assert.equal([top.symbol, top.ohlcv_row_count], ['ETH', 5])
  const silent = { dataset_slug: 'a', symbol: 'unknown', granularity: '', ohlcv_rows: 0, first_ohlcv_ts: 0 }
  const lifted = readManifest({
    ...silent,
    metadata: { symbol: 'BTC', granularity: '4h', ohlcv_rows: 9, first_ohlcv_timestamp_ms: FIRST_OHLCV },
  })
  assert.equal(
    [lifted.symbol, lifted.granularity, lifted.ohlcv_row_count, lifted.first_ohlcv_ts],
    ['BTC', '4h', 9, FIRST_OHLCV],
  )
})

test('zero as text says as little as zero: the manifest is asked then', () => {
  const facts = readManifest({
    dataset_slug: 'a',
    first_ohlcv_ts: '0',
    metadata: { first_ohlcv_timestamp_ms: FIRST_OHLCV },
  })
  assert.is(facts.first_ohlcv_ts, FIRST_OHLCV)
})

test('both names of a row count and of a time are read', () => {
  const facts = readManifest({
    dataset_slug: 'a',
    ohlcv_row_count: 7,
    indicator_row_count: 3,
    ohlcv_first_ts: FIRST_OHLCV / 1000,
    ohlcv_last_ts: LAST_OHLCV / 1000,
    indicator_first_ts: FIRST_INDICATOR,
    indicator_last_ts: LAST_INDICATOR,
  })
  assert.equal([facts.ohlcv_row_count, facts.indicator_row_count], [7, 3])
  assert.equal([facts.first_ohlcv_ts, facts.last_ohlcv_ts], [FIRST_OHLCV, LAST_OHLCV])
  assert.equal([facts.first_indicator_ts, facts.last_indicator_ts], [FIRST_INDICATOR, LAST_INDICATOR])
})

test('the bar length follows from the granularity when nobody gives it', () => {
  assert.is(readManifest({ dataset_slug: 'a', granularity: '240m' }).granularity, '4h')
  assert.is(readManifest({ dataset_slug: 'a', granularity: '240m' }).bar_interval_ms, 14_400_000)
  assert.is(readManifest({ dataset_slug: 'a', granularity: '4h', bar_interval_ms: 60_000 }).bar_interval_ms, 60_000)
})

test('keys that nobody declared are kept in the manifest, which has the last word on them', () => {
  const facts = readManifest({
    dataset_slug: 'a',
    exported_at: 'then',
    owner: 'me',
    metadata: { owner: 'you', depth: { a: [1] } },
  })
  assert.equal(facts.metadata, { exported_at: 'then', owner: 'you', depth: { a: [1] } })
})

test('counts in a manifest may be floats or digits, as the desktop reads them', () => {
  const metadata = { ohlcv_rows: '9227', indicator_rows: '8143.0', lookback_rows: 1084.0, bar_interval_ms: '3600000' }
  const facts = readManifest({ dataset_slug: 'a', metadata })
  const counts = [facts.ohlcv_row_count, facts.indicator_row_count, facts.lookback_rows, facts.bar_interval_ms]
  assert.equal(counts, [9227, 8143, 1084, 3_600_000])
})

test('what is no manifest, count, text or time is refused with its place', () => {
  const cases: [Record<string, unknown>, string, ErrorCode][] = [
    [{ metadata: 'not json' }, '/metadata', 'REQUEST_INVALID'],
    [{ metadata: '[1]' }, '/metadata', 'REQUEST_INVALID'],
    [{ metadata: '5' }, '/metadata', 'REQUEST_INVALID'],
    [{ metadata: [MANIFEST] }, '/metadata', 'REQUEST_INVALID'],
    [{ metadata: 7 }, '/metadata', 'REQUEST_INVALID'],
    [{ metadata: { ohlcv_rows: -1 } }, '/ohlcv_rows', 'REQUEST_INVALID'],
    [{ metadata: { ohlcv_rows: 1.5 } }, '/ohlcv_rows', 'REQUEST_INVALID'],
    [{ metadata: { indicator_rows: 'many' } }, '/indicator_rows', 'REQUEST_INVALID'],
    [{ metadata: { lookback_rows: {} } }, '/lookback_rows', 'REQUEST_INVALID'],
    [{ metadata: { symbol: ['BTC'] } }, '/symbol', 'REQUEST_INVALID'],
    [{ first_ohlcv_ts: 'yesterday' }, '/first_ohlcv_ts', 'REQUEST_INVALID'],
    [{ first_ohlcv_ts: {} }, '/first_ohlcv_ts', 'REQUEST_INVALID'],
    [{ first_indicator_ts: 1_732_831 }, '/first_indicator_ts', 'TIMESTAMP_OUT_OF_RANGE'],
    [{ metadata: { last_ohlcv_timestamp_ms: 5 } }, '/last_ohlcv_ts', 'TIMESTAMP_OUT_OF_RANGE'],
  ]
  for (const [fields, pointer, code] of cases)
    assert.is(pointerOf(refused({ dataset_slug: 'a', ...fields }, code)), pointer, JSON.stringify(fields))
})

test('a measurement that no table can be called is refused by name', () => {
  for (const name of ['btc-25', '1btc', 'a b', 'stage1_staged_x', 'x'.repeat(128), 'a";drop table b'])
    assert.equal(
      (
        refused({ dataset_slug: 'a', metadata: { ohlcv_measurement: name } }, 'MEASUREMENT_NAME_INVALID').details as {
          name: string
        }
      ).name,
      name,
    )
})

test('unknown is what says nothing, and nothing else', () => {
  for (const value of [undefined, null, 0, '', '  ', 'unknown', ' Unknown ']) assert.ok(isUnknown(value), `${value}`)
  for (const value of [false, 1, -1, 'BTC', 'unknowns', [], {}]) assert.not(isUnknown(value), JSON.stringify(value))
})

test.run()
