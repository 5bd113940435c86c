/** Bars and indicators, as the desktop uploads them and both clients read them. */
import * as assert from 'uvu/assert'
import { bars, ownDataset } from '../support/fixtures.js'
import { startServer } from '../support/server.js'
import { test } from '../support/test.js'
import { readDataset } from './desktop/dataset-reader.js'
import { readChart, readTimeSeries } from './desktop/rows-reader.js'
import { type Exported, exportDataset, must } from './desktop/sender.js'
import { Desktop, isSuccess } from './desktop/transport.js'
import { ask, failure, toast } from './web/transport.js'

const server = await startServer()
const desktop = new Desktop(server.url, server.token)
const { prefix } = server.engines
test.after(() => server.stop())

const FIRST = Date.UTC(2025, 0, 13, 2)
const HOUR = 3_600_000
/** The rows of the desktop's own export, beyond any default that would cut them. */
const BARS = 9227
const LOOKBACK = 1084

interface Frame {
  readonly count: number
  readonly rows: (Record<string, number | null> & { readonly timestamp: string })[]
}

const frame = async (path: string) => (await ask(server, 'GET', path)) as Frame
const dataset = ownDataset(prefix, 'real') as unknown as Exported
const sentBars = bars(BARS, FIRST)
/** As freshly loaded: seconds, with Date and Time as doubles; a value that is not finite is left out of its row. */
const sentIndicators = sentBars.slice(LOOKBACK).map((bar, i) => ({
  timestamp: bar.timestamp / 1000,
  Date: 20250227.0,
  Time: 200.0,
  RSI_14: 50 + Math.sin(i) * 30,
  ...(i === 7 ? {} : { TGT_315: Math.cos(i) / 3 }),
}))

test.before(async () => {
  await exportDataset(desktop, dataset, sentBars, sentIndicators)
})

const readBars = async (id = dataset.dataset_id) =>
  readChart((await must(desktop.get(`/api/datasets/${id}/ohlcv`))).text)
const readSeries = async (id = dataset.dataset_id) =>
  readTimeSeries((await must(desktop.get(`/api/datasets/${id}/indicators`))).text)

test('A3 #32: a read without a limit brings every row, and only a limit that was asked for cuts', async () => {
  assert.equal(
    await readBars(),
    sentBars.map(({ timestamp, ...values }) => ({ ms: timestamp, ...values })),
  )
  const series = await readSeries()
  assert.equal(
    series.columns.RSI_14,
    sentIndicators.map((row) => row.RSI_14),
  )
  assert.is((await frame(`/api/datasets/${dataset.dataset_id}/indicators?limit=3`)).count, 3)
})

test('A3 #33: a value that was left out is null for those who know null, and 0 for the desktop', async () => {
  const series = await readSeries()
  assert.equal(series.columns.TGT_315?.slice(6, 9), [Math.cos(6) / 3, 0, Math.cos(8) / 3])
  const { rows } = await frame(`/api/datasets/${dataset.dataset_id}/indicators?start_index=7&end_index=8`)
  assert.equal(
    rows.map((row) => row.TGT_315),
    [null],
  )
})

test('A3 #34: a row holds its time and the stored columns, so that no further number becomes an indicator', async () => {
  assert.equal(Object.keys((await readSeries()).columns), ['RSI_14', 'TGT_315'])
  const { rows } = await frame(`/api/datasets/${dataset.dataset_id}/indicators?limit=1`)
  const names = ['timestamp', 'Date', 'Time', 'RSI_14', 'TGT_315', 'timestamp_ms']
  assert.equal(Object.keys(rows[0] as object), names)
})

test('pain 15: a value that is not there is never the number 0', async () => {
  const { rows } = await frame(`/api/datasets/${dataset.dataset_id}/indicators?columns=TGT_315`)
  assert.is(rows.filter((row) => row.TGT_315 === null).length, 1)
  assert.is(rows.filter((row) => row.TGT_315 === 0).length, 0)
})

test('pain 17: bars of 2025 are shown in 2025', async () => {
  const series = await readSeries()
  const years = (times: number[]) => new Set(times.map((ms) => new Date(ms).getUTCFullYear()))
  assert.equal(years((await readBars()).map(({ ms }) => ms)), new Set([2025, 2026]))
  assert.equal(years(series.ms), new Set([2025, 2026]))
})

test('pain 18: times that were read and are sent again are not multiplied once more', async () => {
  const again = ownDataset(prefix, 'reloaded') as unknown as Exported
  const { ms, columns } = await readSeries()
  const rows = ms.slice(0, 20).map((timestamp, i) => ({ timestamp, RSI_14: columns.RSI_14?.[i] }))
  await exportDataset(desktop, again, [], rows)
  assert.equal((await readSeries(again.dataset_id)).ms, ms.slice(0, 20))
})

test('pain 19: every row carries its time in milliseconds and as text, whatever unit it came in', async () => {
  for (const [name, first] of [
    ['ohlcv', FIRST],
    ['indicators', FIRST + LOOKBACK * HOUR],
  ] as const) {
    const { rows } = await frame(`/api/datasets/${dataset.dataset_id}/${name}?limit=2`)
    assert.equal(
      rows.map((row) => row.timestamp_ms),
      [first, first + HOUR],
    )
    assert.equal(
      rows.map((row) => Date.parse(row.timestamp)),
      [first, first + HOUR],
    )
  }
})

test('pain 20: a part of the rows is read by index, so that nobody loads whole tables', async () => {
  const { rows, count } = await frame(`/api/datasets/${dataset.dataset_id}/indicators?start_index=654&end_index=678`)
  assert.is(count, 24)
  assert.equal(
    rows.map((row) => row.RSI_14),
    sentIndicators.slice(654, 678).map((row) => row.RSI_14),
  )
  const map = (await ask(server, 'GET', `/api/datasets/${dataset.dataset_id}/index_map?start_idx=654&end_idx=678`)) as {
    rows: { index: number; timestamp_ms: number }[]
  }
  assert.equal(
    map.rows,
    Array.from({ length: 24 }, (_, i) => ({ index: 654 + i, timestamp_ms: FIRST + (LOOKBACK + 654 + i) * HOUR })),
  )
  const manifest = (await ask(server, 'GET', `/api/datasets/${dataset.dataset_id}/manifest`)) as Record<string, unknown>
  assert.equal(
    [manifest.bar_interval_ms, manifest.ohlcv_rows, manifest.first_indicator_timestamp_ms],
    [HOUR, BARS, FIRST + LOOKBACK * HOUR],
  )
})

test('pain 21: an append that leaves gaps or begins too early is stored and told of', async () => {
  const gapped = ownDataset(prefix, 'gapped') as unknown as Exported
  await must(desktop.post('/api/datasets', gapped))
  const path = `/api/datasets/${gapped.dataset_id}`
  const warnings = async (frame: string, rows: readonly object[]) => {
    const { text } = await must(desktop.post(`${path}/${frame}/append`, { rows }))
    const receipt = JSON.parse(text) as { total_rows: number; warnings: string[] }
    assert.is(receipt.total_rows, rows.length)
    return receipt.warnings
  }
  const sent = bars(100, FIRST)
  const [gap, ...others] = await warnings('ohlcv', [...sent.slice(0, 40), ...sent.slice(50)])
  assert.match(gap as string, /^1 gap .* between rows that should be 3600000 ms apart|^1 gap between rows/)
  assert.equal(others, [])
  const early = await warnings('indicators', [{ timestamp: FIRST + 30 * HOUR, RSI_14: 51.5 }])
  assert.match(early.join(), /has 30 bars before it; the dataset's lookback_rows is 1084/)
})

test('pain 22: rows for a dataset that nobody registered are refused with its name, and what to do first', async () => {
  const path = `/api/datasets/${prefix}nobody/ohlcv/append`
  const answer = await desktop.post(path, { rows: bars(1) })
  assert.is(answer.status, 404)
  const text = await failure(server, 'POST', path, { rows: bars(1) })
  assert.match(text, /^HTTP 404: /)
  assert.match(toast(text), `${prefix}nobody`)
  assert.match(toast(text), 'POST /api/datasets')
})

test('pain 23: ten thousand rows go in one request', async () => {
  const batch = ownDataset(prefix, 'batch') as unknown as Exported
  await must(desktop.post('/api/datasets', batch))
  const answer = await must(desktop.post(`/api/datasets/${batch.dataset_id}/ohlcv/append`, { rows: bars(10_000) }))
  assert.ok(answer.continued, 'a body above 1 MiB waits for a 100')
  const { rows_received, rows_written } = JSON.parse(answer.text) as Record<string, number>
  assert.equal([rows_received, rows_written], [10_000, 10_000])
})

test('pain 25: a full batch of 150 indicators, thirty million bytes, is taken', async () => {
  const wide = ownDataset(prefix, 'wide') as unknown as Exported
  await must(desktop.post('/api/datasets', wide))
  const values = Object.fromEntries(Array.from({ length: 150 }, (_, c) => [`C${c}`, Math.PI * (c + 1)]))
  const rows = Array.from({ length: 10_000 }, (_, i) => ({ timestamp: FIRST + i * HOUR, ...values, C0: i + 0.5 }))
  const body = JSON.stringify({ rows })
  assert.ok(body.length > 30_000_000, `${body.length} bytes`)
  await must(desktop.send('POST', `/api/datasets/${wide.dataset_id}/indicators/append`, body))
  const { rows: read, count } = await frame(`/api/datasets/${wide.dataset_id}/indicators?columns=C0,C149`)
  assert.equal([count, read.at(-1)?.C0, read.at(-1)?.C149], [10_000, 9999.5, Math.PI * 150])
})

test('pain 42: rows are streamed, not gathered first', async () => {
  const answer = await must(desktop.get(`/api/datasets/${dataset.dataset_id}/ohlcv`))
  assert.is(answer.headers['transfer-encoding'], 'chunked')
  assert.is(answer.headers['content-length'], undefined)
  assert.is(readChart(answer.text).length, BARS)
})

test('pain 56: an export that is sent again leaves each row there once', async () => {
  const twice = ownDataset(prefix, 'twice') as unknown as Exported
  const rows = bars(30, FIRST)
  for (const close of [1, 2])
    await exportDataset(
      desktop,
      twice,
      rows.map((row) => ({ ...row, close })),
      rows,
    )
  const read = await readBars(twice.dataset_id)
  assert.equal([read.length, new Set(read.map(({ close }) => close))], [30, new Set([2])])
  assert.is((await readSeries(twice.dataset_id)).ms.length, 30)
})

test('pain 58: a frame longer than five thousand rows is not cut', async () => {
  assert.equal([(await readBars()).length, (await readSeries()).ms.length], [BARS, BARS - LOOKBACK])
})

test('pain 61: seconds of the indicators and milliseconds of the bars meet at the same bars', async () => {
  const [chart, series] = [await readBars(), await readSeries()]
  assert.equal(
    series.ms,
    chart.slice(LOOKBACK).map(({ ms }) => ms),
  )
  const mixed = ownDataset(prefix, 'mixed', { first_indicator_ts: 1_736_733_600, metadata: {} })
  await must(desktop.post('/api/datasets', mixed))
  const { first_ohlcv_ms, first_indicator_ms } = readDataset(
    (await desktop.get(`/api/datasets/${mixed.dataset_id}`)).text,
  )
  assert.equal([first_ohlcv_ms, first_indicator_ms], [1_732_831_200_000, 1_736_733_600_000])
})

test('a dataset without rows is told of in words, which the desktop shows as they are', async () => {
  const empty = ownDataset(prefix, 'empty')
  await must(desktop.post('/api/datasets', empty))
  const answer = await desktop.get(`/api/datasets/${empty.dataset_id}/ohlcv`)
  assert.not(isSuccess(answer))
  assert.match(toast(answer.text), 'has no ohlcv rows yet')
})

test.run()
