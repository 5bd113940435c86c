/** Datasets, as the two clients register, list and read them. */
import { randomUUID } from 'node:crypto'
import * as assert from 'uvu/assert'
import { bars, datasetBodies, ownDataset, ownRun, ownSimulation } from '../support/fixtures.js'
import { startServer } from '../support/server.js'
import { test } from '../support/test.js'
import { type DesktopDataset, readDataset, readDatasetList } from './desktop/dataset-reader.js'
import { creatorBody, type Exported, ensureBody, exportDataset, must, writerBody } from './desktop/sender.js'
import { Desktop, isSuccess } from './desktop/transport.js'
import { readDatasets } from './web/readers.js'
import { ask } from './web/transport.js'

const server = await startServer()
const desktop = new Desktop(server.url, server.token)
const { prefix } = server.engines
test.after(() => server.stop())

const FIRST = Date.UTC(2024, 10, 28, 22)
const HOUR = 3_600_000

async function detail(key: string): Promise<DesktopDataset> {
  return readDataset((await must(desktop.get(`/api/datasets/${key}`))).text)
}

async function listed(slug: string): Promise<DesktopDataset> {
  const page = await must(desktop.get('/api/datasets?limit=200&offset=0'))
  return readDatasetList(page.text).find((item) => item.dataset_slug === slug) as DesktopDataset
}

async function raw(key: string): Promise<Record<string, unknown> & { metadata: Record<string, unknown> }> {
  return (await ask(server, 'GET', `/api/datasets/${key}`)) as never
}

function exported(name: string, over: Record<string, unknown> = {}): Exported {
  return ownDataset(prefix, name, over) as unknown as Exported
}

/** Registered, with twelve bars and ten rows of indicators, though its manifest tells of thousands. */
async function withRows(name: string): Promise<Exported> {
  const dataset = exported(name)
  const rows = bars(12)
  await exportDataset(
    desktop,
    dataset,
    rows,
    rows.slice(2).map(({ timestamp, close }) => ({ timestamp, RSI_14: close / 2 })),
  )
  return dataset
}

test('the seven datasets of the desktop are read back by both clients', async () => {
  for (const body of datasetBodies()) await must(desktop.post('/api/datasets', body))
  for (const body of datasetBodies()) {
    const { metadata } = body
    const one = await detail(body.dataset_id)
    assert.equal(await listed(body.dataset_slug), one, 'the list says the same as the detail')
    assert.equal([one.dataset_id, one.dataset_slug, one.symbol], [body.dataset_id, body.dataset_slug, body.symbol])
    assert.equal([one.ohlcv_rows, one.indicator_rows], [metadata.ohlcv_rows, metadata.indicator_rows])
    assert.equal(
      [one.source, one.ohlcv_measurement, one.indicator_measurement, one.updated_at],
      [
        metadata.source,
        metadata.ohlcv_measurement,
        metadata.indicator_measurement,
        metadata.exported_at ?? one.updated_at,
      ],
    )
    assert.equal([one.first_ohlcv_ms, one.first_indicator_ms], [body.first_ohlcv_ts ?? 0, body.first_indicator_ts ?? 0])
  }
  const shown = readDatasets(await ask(server, 'GET', '/api/datasets?limit=100&offset=0'))
  const sent = datasetBodies().map(({ dataset_id, dataset_slug, symbol }) => ({ dataset_id, dataset_slug, symbol }))
  for (const item of sent)
    assert.equal(
      shown.filter(({ dataset_id }) => dataset_id === item.dataset_id),
      [item],
    )
})

test('A3 #1: live row counts stand under every name, and over those of the manifest', async () => {
  const { dataset_slug } = await withRows('counts')
  for (const read of [await detail(dataset_slug), await listed(dataset_slug)])
    assert.equal([read.ohlcv_rows, read.indicator_rows], [12, 10])
  const { metadata, ...top } = await raw(dataset_slug)
  assert.equal([top.ohlcv_rows, top.ohlcv_row_count, metadata.ohlcv_rows], [12, 12, 12])
  assert.equal([top.indicator_rows, top.indicator_row_count, metadata.indicator_rows], [10, 10, 10])
})

test('A3 #2: time bounds are in seconds, milliseconds and ISO text, each under its own name', async () => {
  const { dataset_slug } = await withRows('bounds')
  const read = await detail(dataset_slug)
  assert.equal([read.first_ohlcv_ms, read.first_indicator_ms], [FIRST, FIRST + 2 * HOUR])
  assert.equal([read.ohlcv_first, read.indicator_first], ['2024-11-28T22:00:00.000Z', '2024-11-29T00:00:00.000Z'])
  const last = FIRST + 11 * HOUR
  assert.is(read.ohlcv_last, String(last / 1000), 'the desktop shows the digits that it gets')
  const { metadata, ...top } = await raw(dataset_slug)
  assert.equal([top.ohlcv_first_ts, top.ohlcv_last_ts], [FIRST / 1000, last / 1000])
  assert.equal([top.indicator_first_ts, top.indicator_last_ts], [FIRST / 1000 + 7200, last / 1000])
  assert.equal([top.last_ohlcv_ts, metadata.last_ohlcv_timestamp_ms], [last, last])
  assert.equal([top.last_indicator_ts, metadata.last_indicator_timestamp_ms], [last, last])
  assert.equal([top.ohlcv_last_iso, top.indicator_last_iso], Array(2).fill(new Date(last).toISOString()))
})

test('A3 #3: runs and simulations are counted under both names', async () => {
  const dataset = exported('related')
  await must(desktop.post('/api/datasets', dataset))
  const run = ownRun(prefix, dataset.dataset_id, 1)
  await must(desktop.post('/api/runs', run))
  for (let i = 0; i < 2; i++) await must(desktop.post('/api/simulations', ownSimulation(1, { run_id: run.run.run_id })))
  for (const read of [await detail(dataset.dataset_id), await listed(dataset.dataset_slug)])
    assert.equal([read.run_count, read.simulation_count], [1, 2])
  const { related_runs, related_simulations } = await raw(dataset.dataset_id)
  assert.equal([related_runs, related_simulations], [1, 2])
})

test('A3 #4: source stands in both places, and the time of the export beside that of the last change', async () => {
  const dataset = exported('places')
  const before = Date.now()
  await must(desktop.post('/api/datasets', dataset))
  const read = await detail(dataset.dataset_id)
  assert.equal([read.source, read.updated_at], ['laptop_imgui', '2025-11-06T13:05:17Z'])
  const { source, updated_at } = await raw(dataset.dataset_id)
  assert.is(source, 'laptop_imgui')
  const changed = Date.parse(updated_at as string)
  assert.ok(changed > before - 5000 && changed < Date.now() + 5000, String(updated_at))
  const beside = exported('beside', { source: 'stage1_cli', metadata: {} })
  await must(desktop.post('/api/datasets', beside))
  assert.is((await detail(beside.dataset_id)).source, 'stage1_cli', 'the desktop looks for it in the manifest only')
})

test('A3 #19: a slug under another id is the same dataset, and the other id works everywhere', async () => {
  const first = await withRows('twice')
  const second: Exported = { ...first, dataset_id: randomUUID() }
  const rows = bars(14)
  assert.is(await exportDataset(desktop, second, rows, []), first.dataset_id, 'the export goes on under the first id')
  const run = ownRun(prefix, second.dataset_id, 1)
  await must(desktop.post('/api/runs', run))
  for (const key of [first.dataset_id, second.dataset_id, first.dataset_slug]) {
    const read = await detail(key)
    assert.equal([read.dataset_id, read.ohlcv_rows, read.run_count], [first.dataset_id, 14, 1], key)
    assert.ok(isSuccess(await desktop.get(`/api/datasets/${key}/ohlcv`)))
    assert.ok(isSuccess(await desktop.get(`/api/datasets/${key}/runs?limit=200&offset=0`)))
  }
})

test('A3 #42: a manifest sent as an object or as text comes back as an object', async () => {
  for (const [name, body] of [
    ['object', writerBody(exported('as_object'))],
    ['text', creatorBody(exported('as_text'))],
  ] as const) {
    await must(desktop.post('/api/datasets', body))
    const { metadata } = await raw(body.dataset_id)
    assert.equal([metadata.source, metadata.version], ['laptop_imgui', 1], name)
    assert.is((await detail(body.dataset_id)).ohlcv_rows, 9227)
  }
})

test('pain 24: a dataset that is refused says which field is wrong and what was expected', async () => {
  const answer = await desktop.post('/api/datasets', { ...exported('refused'), lookback_rows: 'many' })
  assert.is(answer.status, 400)
  const { message } = JSON.parse(answer.text) as { message: string }
  assert.match(message, /lookback_rows/)
  assert.match(message, /integer/)
  assert.is((await desktop.get(`/api/datasets/${prefix}refused`)).status, 404)
})

test('pain 27: the names of the measurements are kept, and made where none was sent', async () => {
  const named = exported('named')
  const own = { ...named, metadata: { ...named.metadata, indicator_measurement: `${prefix}hm` } }
  await must(desktop.post('/api/datasets', own))
  assert.equal((await detail(named.dataset_slug)).indicator_measurement, `${prefix}hm`)
  const nameless = exported('nameless', { metadata: {} })
  await must(desktop.post('/api/datasets', nameless))
  const { ohlcv_measurement, indicator_measurement } = (await raw(nameless.dataset_slug)).metadata
  assert.equal(
    [ohlcv_measurement, indicator_measurement],
    [`${nameless.dataset_slug}_ohlcv`, `${nameless.dataset_slug}_ind`],
  )
})

test('pain 28: what is known stays when the desktop registers again before a save, knowing nothing', async () => {
  const dataset = await withRows('ensured')
  const before = await detail(dataset.dataset_id)
  await must(desktop.post('/api/datasets', creatorBody(dataset)))
  await must(desktop.post('/api/datasets', ensureBody(dataset)))
  const after = await detail(dataset.dataset_id)
  assert.equal([after.granularity, after.symbol, after.bar_interval_ms], ['1h', 'BTC', HOUR])
  assert.equal(after, before)
})

test('pain 30: one length of bars has one name, however it is written', async () => {
  for (const [sent, kept] of [
    ['240m', '4h'],
    ['60m', '1h'],
    ['1h', '1h'],
    ['14400000ms', '4h'],
    ['1440m', '1d'],
  ] as const) {
    const dataset = exported(`length_${sent}`, { granularity: sent, bar_interval_ms: 0, metadata: {} })
    await must(desktop.post('/api/datasets', dataset))
    assert.is((await detail(dataset.dataset_id)).granularity, kept, sent)
  }
})

test('pain 32: two datasets with measurements of one name are told apart by slug, and neither takes the rows of the other', async () => {
  const [one, other] = [exported('collides'), exported('collides_too')]
  const rows = bars(3)
  await exportDataset(desktop, one, rows, [])
  const clash = { ...other, metadata: { ...other.metadata, ohlcv_measurement: one.metadata.ohlcv_measurement } }
  await must(desktop.post('/api/datasets', clash))
  const refused = await desktop.post(`/api/datasets/${other.dataset_id}/ohlcv/append`, { rows: bars(5) })
  assert.is(refused.status, 409, refused.text)
  assert.match(refused.text, String(one.metadata.ohlcv_measurement))
  assert.is((await detail(one.dataset_id)).ohlcv_rows, 3)
})

test.run()
