import * as assert from 'uvu/assert'
import { startProxy } from '../../support/cutting-proxy.js'
import { bars, ownDataset } from '../../support/fixtures.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

const proxy = await startProxy(process.env.STAGE1_QUESTDB_URL as string)
const server = await startServer({ questdbUrl: proxy.url })
const { prefix } = server.engines
test.after(async () => {
  await proxy.restore()
  await server.stop()
  await proxy.stop()
})
test.after.each(proxy.restore)

const HOUR = 3_600_000
const START = bars(1)[0]?.timestamp as number

async function manifest(key: string): Promise<Record<string, unknown>> {
  const answer = await server.get(`/api/datasets/${key}/manifest`)
  assert.is(answer.status, 200, answer.text)
  return answer.json as Record<string, unknown>
}

test('the manifest has every key that the desktop wrote, flat, with live figures over its own', async () => {
  const body = ownDataset(prefix, 'desktop')
  const sent = { ...body.metadata, broker: { name: 'x', fees: [1, 2.5] }, exported_at: '2025-11-06T13:05:17Z' }
  await server.post('/api/datasets', { ...body, metadata: JSON.stringify(sent) })
  await server.post(`/api/datasets/${body.dataset_slug}/ohlcv/append`, { rows: bars(30) })
  await server.post(`/api/datasets/${body.dataset_slug}/indicators/append`, { rows: bars(20, START + 10 * HOUR) })
  const { questdb_state: state, ...keys } = await manifest(body.dataset_slug)
  assert.equal(keys, {
    ...sent,
    dataset_id: body.dataset_id,
    dataset_slug: body.dataset_slug,
    symbol: 'BTC',
    granularity: '1h',
    bar_interval_ms: HOUR,
    lookback_rows: 1084,
    ohlcv_rows: 30,
    indicator_rows: 20,
    first_ohlcv_timestamp_ms: START,
    last_ohlcv_timestamp_ms: START + 29 * HOUR,
    first_indicator_timestamp_ms: START + 10 * HOUR,
    last_indicator_timestamp_ms: START + 29 * HOUR,
  })
  assert.is((state as { status: string }).status, 'ok')
  const { metadata } = (await server.get(`/api/datasets/${body.dataset_slug}`)).json as { metadata: unknown }
  assert.equal(keys, metadata, 'the manifest inside the detail says the same')
})

test('while QuestDB is away the registered figures are given and the state of the tables is unknown', async () => {
  const body = ownDataset(prefix, 'away')
  await server.post('/api/datasets', body)
  await server.post(`/api/datasets/${body.dataset_slug}/ohlcv/append`, { rows: bars(30) })
  await proxy.cut()
  const shown = await manifest(body.dataset_slug)
  assert.equal(
    [shown.ohlcv_rows, shown.indicator_rows, shown.first_ohlcv_timestamp_ms, shown.last_ohlcv_timestamp_ms],
    [9227, 8143, 1_732_831_200_000, 1_766_044_800_000],
  )
  const state = shown.questdb_state as { status: string; ohlcv: { status: string } }
  assert.equal([state.status, state.ohlcv.status], ['unknown', 'unknown'])
})

test('a dataset without a manifest has one made of what is known of it', async () => {
  const slug = `${prefix}bare`
  await server.post('/api/datasets', { dataset_slug: slug, granularity: '60m' })
  await server.post(`/api/datasets/${slug}/indicators/append`, { rows: bars(3) })
  const shown = await manifest(slug)
  assert.equal(
    [shown.version, shown.symbol, shown.granularity, shown.bar_interval_ms, shown.ohlcv_measurement],
    [1, slug, '1h', HOUR, `${slug}_ohlcv`],
  )
  assert.equal(
    [shown.indicator_rows, shown.last_indicator_timestamp_ms, shown.ohlcv_rows, shown.first_ohlcv_timestamp_ms],
    [3, START + 2 * HOUR, 0, 0],
  )
  assert.not('exported_at' in shown)
})

test('the id, an alias and the slug lead to the manifest; an unknown one is a 404', async () => {
  const body = ownDataset(prefix, 'keys')
  const alias = '8620f8da-8f74-4dd9-8ee2-d14d2c672873'
  await server.post('/api/datasets', body)
  await server.post('/api/datasets', { ...body, dataset_id: alias })
  for (const key of [body.dataset_id, alias, body.dataset_slug])
    assert.is((await manifest(key)).dataset_id, body.dataset_id, key)
  const missing = await server.get(`/api/datasets/${prefix}nobody/manifest`)
  assert.equal([missing.status, (missing.json as { code: string }).code], [404, 'DATASET_NOT_FOUND'])
})

test.run()
