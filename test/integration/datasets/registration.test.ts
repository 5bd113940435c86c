import * as assert from 'uvu/assert'
import { requireMeasurementName } from '../../../src/questdb/names.js'
import { assertSame, type DatasetBody, datasetBodies } from '../../support/fixtures.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

type Shown = Record<string, unknown> & { metadata: Record<string, unknown> }

const server = await startServer()
test.after(() => server.stop())

const FIRST_IND = 1_736_733_600_000
const LAST_IND = 1_766_041_200_000

/** The other request that the desktop sends right after: no symbol, the manifest as text, both first times always. */
function secondSender(body: DatasetBody): Record<string, unknown> {
  const { symbol: _, metadata, ...rest } = body
  return {
    ...rest,
    first_ohlcv_ts: body.first_ohlcv_ts ?? 0,
    first_indicator_ts: body.first_indicator_ts ?? 0,
    metadata: JSON.stringify(metadata),
  }
}

/** What is sent before every save of a run: nothing is known but names, and the symbol repeats the slug. */
function reregistration(body: DatasetBody): Record<string, unknown> {
  const { dataset_id, dataset_slug, metadata } = body
  const zeros = Object.fromEntries(
    Object.entries(metadata).map(([key, value]) => [key, typeof value === 'number' && key !== 'version' ? 0 : value]),
  )
  return {
    dataset_id,
    dataset_slug,
    symbol: dataset_slug,
    granularity: 'unknown',
    bar_interval_ms: 0,
    lookback_rows: 0,
    metadata: { ...zeros, symbol: dataset_slug, granularity: 'unknown', source: '' },
  }
}

/** As it would be after an export: everything is known. */
function filledIn(body: DatasetBody): DatasetBody {
  const known = { symbol: 'BTC', granularity: '1h', bar_interval_ms: 3_600_000, lookback_rows: 1084 }
  return {
    ...body,
    ...known,
    first_ohlcv_ts: 1_732_831_200_000,
    first_indicator_ts: FIRST_IND,
    metadata: {
      ...body.metadata,
      ...known,
      source: 'laptop_imgui',
      exported_at: '2025-11-06T13:05:17Z',
      ohlcv_rows: 9227,
      indicator_rows: 8143,
      first_ohlcv_timestamp_ms: 1_732_831_200_000,
      last_ohlcv_timestamp_ms: 1_766_044_800_000,
      first_indicator_timestamp_ms: FIRST_IND,
      last_indicator_timestamp_ms: LAST_IND,
    },
  }
}

async function register(body: Record<string, unknown>, status: number): Promise<Shown> {
  const answer = await server.post('/api/datasets', body)
  assert.is(answer.status, status, answer.text)
  return answer.json as Shown
}

async function detail(key: string): Promise<Shown> {
  const answer = await server.get(`/api/datasets/${key}`)
  assert.is(answer.status, 200, answer.text)
  return answer.json as Shown
}

function withoutUpdate({ updated_at: _, ...rest }: Shown): Record<string, unknown> {
  return rest
}

test("the desktop's seven datasets are new once, known afterwards, and come back as they were sent", async () => {
  for (const body of datasetBodies()) {
    const created = await register(body, 201)
    assert.equal(
      [created.dataset_id, created.dataset_slug, created.symbol],
      [body.dataset_id, body.dataset_slug, body.symbol],
    )
    const { metadata } = body
    assert.equal(
      [created.ohlcv_measurement, created.indicator_measurement, created.source],
      [metadata.ohlcv_measurement, metadata.indicator_measurement, metadata.source],
    )
    assert.equal([created.ohlcv_rows, created.indicator_rows], [metadata.ohlcv_rows, metadata.indicator_rows])
    assert.equal(
      [created.first_ohlcv_ts, created.first_indicator_ts],
      [body.first_ohlcv_ts ?? 0, body.first_indicator_ts ?? 0],
    )
    assert.is(created.last_indicator_ts, metadata.last_indicator_timestamp_ms)
    for (const [key, value] of Object.entries(metadata)) assert.equal(created.metadata[key], value ?? 0, key)
    assertSame(withoutUpdate(await detail(body.dataset_id)), withoutUpdate(created))

    for (const again of [secondSender(body), reregistration(body), body])
      assertSame(withoutUpdate(await register(again, 200)), withoutUpdate(created), body.dataset_slug)
  }
})

test('a dataset that became known in full is not blanked by what is sent before a run', async () => {
  for (const body of datasetBodies()) {
    const full = filledIn(body)
    const known = await register(full, 200)
    assert.equal(
      [known.symbol, known.granularity, known.bar_interval_ms, known.lookback_rows],
      ['BTC', '1h', 3_600_000, 1084],
    )
    assert.equal([known.ohlcv_rows, known.indicator_rows], [9227, 8143])
    assert.equal([known.first_indicator_ts, known.last_indicator_ts], [FIRST_IND, LAST_IND])
    for (const again of [reregistration(full), secondSender(full), reregistration(full)])
      assertSame(withoutUpdate(await register(again, 200)), withoutUpdate(known), body.dataset_slug)
  }
})

test('a dataset that is registered in another order of requests ends the same', async () => {
  const [body] = datasetBodies() as [DatasetBody]
  const shownAfter = async (slug: string, order: ((of: DatasetBody) => Record<string, unknown>)[]) => {
    const own = { ...filledIn(body), dataset_slug: slug, dataset_id: crypto.randomUUID() }
    for (const sender of order) await server.post('/api/datasets', sender(own))
    const { dataset_id, dataset_slug, metadata, created_at, updated_at, ...rest } = await detail(slug)
    const { dataset_id: _, dataset_slug: __, ...manifest } = metadata
    return { ...rest, manifest }
  }
  const same = (of: DatasetBody) => of
  const expected = await shownAfter('order_a', [same])
  assertSame(await shownAfter('order_b', [reregistration, secondSender, same]), expected)
  assertSame(await shownAfter('order_c', [secondSender, reregistration, same, reregistration]), expected)
})

test('a real change is taken, a correction of the interval as well', async () => {
  await register(
    { dataset_slug: 'change', symbol: 'BTC', granularity: '240m', metadata: { source: 'stage1_cli', ohlcv_rows: 5 } },
    201,
  )
  assert.equal([(await detail('change')).granularity, (await detail('change')).bar_interval_ms], ['4h', 14_400_000])
  const changed = await register(
    { dataset_slug: 'change', symbol: 'ETH', granularity: '1h', metadata: { source: 'laptop_imgui', ohlcv_rows: 4 } },
    200,
  )
  assert.equal(
    [changed.symbol, changed.granularity, changed.bar_interval_ms, changed.source, changed.ohlcv_rows],
    ['ETH', '1h', 3_600_000, 'laptop_imgui', 4],
  )
})

test('times in seconds and in milliseconds in one request are shown in both units', async () => {
  const shown = await register(
    { dataset_slug: 'units', first_ohlcv_ts: 1_732_831_200_000, first_indicator_ts: FIRST_IND / 1000 },
    201,
  )
  assert.equal([shown.first_ohlcv_ts, shown.ohlcv_first_ts], [1_732_831_200_000, 1_732_831_200])
  assert.equal([shown.first_indicator_ts, shown.indicator_first_ts], [FIRST_IND, FIRST_IND / 1000])
  assert.is(shown.indicator_first_iso, '2025-01-13T02:00:00.000Z')
})

test('a dataset that names next to nothing gets an id, measurements and a symbol', async () => {
  const shown = await register({ dataset_slug: '25-btc.x' }, 201)
  assert.match(shown.dataset_id as string, /^[0-9a-f-]{36}$/)
  assert.equal([shown.symbol, shown.granularity, shown.source], ['25-btc.x', 'unknown', ''])
  assert.match(shown.ohlcv_measurement as string, /^_25_btc_x_[0-9a-f]{6}_ohlcv$/)
  assert.match(shown.indicator_measurement as string, /^_25_btc_x_[0-9a-f]{6}_ind$/)
  assert.equal([shown.ohlcv_rows, shown.first_ohlcv_ts, shown.ohlcv_first_iso], [0, 0, ''])
})

test('the measurements that a dataset gets by itself may be made, and are its own', async () => {
  for (const dataset_slug of ['telemetry', 'sys.x', 'stage1_staged_a', 'a'.repeat(115)]) {
    const shown = await register({ dataset_slug }, 201)
    for (const name of [shown.ohlcv_measurement, shown.indicator_measurement]) requireMeasurementName(String(name))
  }
  const alike = ['btc.4h', 'btc-4h', 'btc_4h', 'BTC_4h', '1btc', '_1btc', '_telemetry']
  const shown = await Promise.all(alike.map((dataset_slug) => register({ dataset_slug }, 201)))
  // QuestDB's table names are the same in any case.
  const names = [...shown, await detail('telemetry')].map((dataset) => String(dataset.ohlcv_measurement).toLowerCase())
  assert.equal([...new Set(names)], names)
})

test("the client's own creation time is kept, whoever registers again", async () => {
  await register({ dataset_slug: 'dated', created_at: '2024-01-02T03:04:05Z' }, 201)
  const shown = await register({ dataset_slug: 'dated', created_at: '2025-01-02T03:04:05Z' }, 200)
  assert.is(shown.created_at, '2024-01-02T03:04:05.000Z')
})

async function assertRefused(fields: Record<string, unknown>, status: number, code: string): Promise<void> {
  const answer = await server.post('/api/datasets', { dataset_slug: 'refused', ...fields })
  assert.equal([answer.status, (answer.json as { code: string }).code], [status, code], JSON.stringify(fields))
  assert.is((await server.get('/api/datasets/refused')).status, 404, 'nothing was stored')
}

test('what can not be registered is refused with its code and leaves no dataset', async () => {
  await assertRefused({ metadata: 'not json' }, 400, 'REQUEST_INVALID')
  await assertRefused({ dataset_id: 'not-a-uuid' }, 400, 'REQUEST_INVALID')
  await assertRefused({ bar_interval_ms: -1 }, 400, 'REQUEST_INVALID')
  await assertRefused({ dataset_slug: 'a/b' }, 400, 'REQUEST_INVALID')
  await assertRefused({ first_ohlcv_ts: 5 }, 422, 'TIMESTAMP_OUT_OF_RANGE')
  await assertRefused({ ohlcv_measurement: 'a-b' }, 422, 'MEASUREMENT_NAME_INVALID')
})

test("text that PostgreSQL can not hold is refused as the client's fault", async () => {
  await assertRefused({ symbol: 'a\u0000b' }, 400, 'REQUEST_INVALID')
  await assertRefused({ metadata: { note: 'a\u0000b' } }, 400, 'REQUEST_INVALID')
  await assertRefused({ metadata: { 'a\u0000b': 1 } }, 400, 'REQUEST_INVALID')
  await assertRefused({ metadata: { note: '\ud800' } }, 400, 'REQUEST_INVALID')
})

test.run()
