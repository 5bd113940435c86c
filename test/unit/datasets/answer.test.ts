import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { renderDataset, renderState, type StoredDataset } from '../../../src/datasets/answer.js'
import type { TableState } from '../../../src/questdb/table-states.js'
import { test } from '../../support/test.js'

const STORED: StoredDataset = {
  dataset_id: 'f33dff88-a44c-438b-ad85-234076b11dae',
  dataset_slug: 'btc25_3',
  alias_ids: ['8620f8da-8f74-4dd9-8ee2-d14d2c672873'],
  symbol: 'BTC',
  granularity: '1h',
  source: 'laptop_imgui',
  bar_interval_ms: 3_600_000,
  lookback_rows: 1084,
  ohlcv_measurement: 'btc25_3_OHLCV',
  indicator_measurement: 'btc25_3',
  ohlcv_row_count: 9227,
  indicator_row_count: 8143,
  first_ohlcv_ts: 1_732_831_200_000,
  last_ohlcv_ts: 1_766_044_800_000,
  first_indicator_ts: 1_736_733_600_999,
  last_indicator_ts: 0,
  metadata: { version: 2, ohlcv_rows: 1, symbol: 'stale', exported_at: '2025-11-06T13:05:17Z', note: { a: [1] } },
  run_count: 3,
  simulation_count: 2,
  created_at: new Date('2025-11-06T13:05:17.123Z'),
  updated_at: new Date('2025-11-07T00:00:00.000Z'),
}

function table(name: string, over: Partial<TableState> = {}): TableState {
  return {
    name,
    count: 10_000,
    first: { ms: 1_600_000_000_000, iso: '2020-09-13T12:26:40.000000Z' },
    last: { ms: 1_600_003_600_500, iso: '2020-09-13T13:26:40.500000Z' },
    designatedTimestamp: 'timestamp',
    partitionBy: 'MONTH',
    walEnabled: true,
    dedup: true,
    suspended: false,
    lag: 0,
    ...over,
  }
}

const statesOf = (...tables: TableState[]) => new Map(tables.map((state) => [state.name.toLowerCase(), state]))

test('without an answer of QuestDB the registered figures are shown', () => {
  const shown = renderDataset(STORED, undefined)
  assert.equal([shown.ohlcv_rows, shown.ohlcv_row_count, shown.metadata?.ohlcv_rows], [9227, 9227, 9227])
  assert.equal([shown.indicator_rows, shown.indicator_row_count, shown.metadata?.indicator_rows], [8143, 8143, 8143])
  assert.equal([shown.first_ohlcv_ts, shown.ohlcv_first_ts], [1_732_831_200_000, 1_732_831_200])
  assert.equal([shown.last_ohlcv_ts, shown.ohlcv_last_ts], [1_766_044_800_000, 1_766_044_800])
  assert.equal([shown.ohlcv_first_iso, shown.ohlcv_last_iso], ['2024-11-28T22:00:00.000Z', '2025-12-18T08:00:00.000Z'])
})

test('live figures stand over registered ones and over a stale manifest', () => {
  const shown = renderDataset(STORED, statesOf(table('btc25_3_ohlcv'), table('btc25_3', { count: 7 })))
  assert.equal([shown.ohlcv_rows, shown.ohlcv_row_count, shown.metadata?.ohlcv_rows], [10_000, 10_000, 10_000])
  assert.equal([shown.indicator_rows, shown.indicator_row_count, shown.metadata?.indicator_rows], [7, 7, 7])
  assert.equal([shown.first_ohlcv_ts, shown.last_ohlcv_ts], [1_600_000_000_000, 1_600_003_600_500])
  assert.equal([shown.ohlcv_first_ts, shown.ohlcv_last_ts], [1_600_000_000, 1_600_003_600])
  const { first_ohlcv_timestamp_ms: first, last_ohlcv_timestamp_ms: last } = shown.metadata as Record<string, unknown>
  assert.equal([first, last], [1_600_000_000_000, 1_600_003_600_500])
})

test('an empty or missing table does not unsay what a client registered', () => {
  const empty = table('btc25_3_ohlcv', { count: 0, first: null, last: null })
  for (const states of [statesOf(empty), statesOf()]) {
    const shown = renderDataset(STORED, states)
    assert.equal([shown.ohlcv_rows, shown.first_ohlcv_ts], [9227, 1_732_831_200_000])
  }
})

test('what is unknown is 0 in every time and count, and empty as ISO text', () => {
  const shown = renderDataset(STORED, undefined)
  const { last_indicator_timestamp_ms: inManifest } = shown.metadata as Record<string, unknown>
  assert.equal([shown.last_indicator_ts, shown.indicator_last_ts, shown.indicator_last_iso, inManifest], [0, 0, '', 0])
})

test('seconds are the milliseconds beside them, cut, for any table', () => {
  fc.assert(
    fc.property(fc.integer({ min: 315_532_800_000, max: 4_102_444_799_999 }), (ms) => {
      const state = table('btc25_3_ohlcv', { first: { ms, iso: '' }, last: { ms, iso: '' } })
      const shown = renderDataset(STORED, statesOf(state))
      assert.equal([shown.first_ohlcv_ts, shown.ohlcv_first_ts], [ms, Math.floor(ms / 1000)])
      assert.equal([shown.last_ohlcv_ts, shown.ohlcv_last_ts], [ms, Math.floor(ms / 1000)])
      assert.is(Date.parse(shown.ohlcv_first_iso ?? ''), ms)
    }),
  )
})

test('every value has both names that clients look for, and the manifest agrees with them', () => {
  const shown = renderDataset(STORED, undefined)
  assert.equal([shown.run_count, shown.related_runs], [3, 3])
  assert.equal([shown.simulation_count, shown.related_simulations], [2, 2])
  const same = ['dataset_id', 'dataset_slug', 'symbol', 'granularity', 'source', 'ohlcv_measurement'] as const
  for (const key of [...same, 'indicator_measurement', 'bar_interval_ms', 'lookback_rows'] as const)
    assert.equal([shown[key], shown.metadata?.[key]], [STORED[key], STORED[key]], key)
})

test('what a client put into its manifest comes back: its version, its export time, its own keys', () => {
  const { version, exported_at, note } = renderDataset(STORED, undefined).metadata as Record<string, unknown>
  assert.equal({ version, exported_at, note }, { version: 2, exported_at: '2025-11-06T13:05:17Z', note: { a: [1] } })
  const { metadata } = renderDataset({ ...STORED, metadata: {} }, undefined)
  assert.is(metadata?.version, 1, 'a dataset without a manifest gets one')
})

test('a dataset without aliases has an empty list of them', () => {
  assert.equal(renderDataset(STORED, undefined).alias_ids, ['8620f8da-8f74-4dd9-8ee2-d14d2c672873'])
  assert.equal(renderDataset({ ...STORED, alias_ids: null }, undefined).alias_ids, [])
})

test('the state of the tables says what QuestDB has, whatever the case of the names', () => {
  const states = statesOf(table('btc25_3_ohlcv', { lag: 4 }), table('btc25_3', { suspended: true }))
  const state = renderState(STORED, states)
  assert.equal(state.ohlcv, {
    measurement: 'btc25_3_OHLCV',
    status: 'ok',
    exists: true,
    rows: 10_000,
    first_ts_ms: 1_600_000_000_000,
    last_ts_ms: 1_600_003_600_500,
    suspended: false,
    lag: 4,
  })
  assert.equal([state.status, state.indicators?.status, state.indicators?.suspended], ['ok', 'suspended', true])
})

test('a missing table and an engine that is away are told apart', () => {
  assert.equal(renderState(STORED, statesOf()), {
    status: 'ok',
    ohlcv: { measurement: 'btc25_3_OHLCV', status: 'missing', exists: false },
    indicators: { measurement: 'btc25_3', status: 'missing', exists: false },
  })
  assert.equal(renderState(STORED, undefined), {
    status: 'unknown',
    ohlcv: { measurement: 'btc25_3_OHLCV', status: 'unknown' },
    indicators: { measurement: 'btc25_3', status: 'unknown' },
  })
})

test.run()
