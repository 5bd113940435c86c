import * as assert from 'uvu/assert'
import { bars, ownDataset } from '../../support/fixtures.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

const server = await startServer()
const { prefix } = server.engines
test.after(() => server.stop())

type Older = Record<string, unknown>
const bodies = Array.from({ length: 105 }, (_, i) =>
  ownDataset(prefix, `o${i}`, { created_at: new Date(Date.UTC(2025, 0, 1 + i)).toISOString() }),
)

test.before(async () => {
  for (const body of bodies) await server.post('/api/datasets', body)
})

test('the older list is a bare array of all datasets, newest first, with live indicator rows in both spellings', async () => {
  const [body] = bodies
  const slug = body?.dataset_slug as string
  const rows = bars(12)
  await server.post(`/api/datasets/${slug}/indicators/append`, { rows })
  const list = (await server.get('/api/indicators/datasets')).json as Older[]
  assert.equal(
    list.map((item) => item.dataset_id),
    bodies.map((item) => item.dataset_id).reverse(),
  )
  const { updated_at, ...oldest } = list.at(-1) as Older
  assert.equal(oldest, {
    dataset_id: body?.dataset_id,
    datasetId: body?.dataset_id,
    dataset_slug: slug,
    symbol: 'BTC',
    granularity: '1h',
    source: 'laptop_imgui',
    questdb_tag: `${slug}_ind`,
    questdbTag: `${slug}_ind`,
    questdb_measurement: `${slug}_ind`,
    row_count: 12,
    rowCount: 12,
    first_bar_ts: new Date(rows[0]?.timestamp as number).toISOString(),
    last_bar_ts: new Date(rows[11]?.timestamp as number).toISOString(),
    created_at: '2025-01-01T00:00:00.000Z',
  })
  assert.ok(Date.parse(updated_at as string) > Date.UTC(2025, 0, 1))
  assert.is(list[0]?.row_count, 8143, 'the registered count where no rows are stored')
})

test('the older list can be asked for a part', async () => {
  const page = (await server.get('/api/indicators/datasets?limit=2&offset=103')).json as Older[]
  assert.equal(
    page.map((item) => item.dataset_slug),
    [`${prefix}o1`, `${prefix}o0`],
  )
})

test('the older detail is the item of the list, by id and by slug; an unknown one is a 404', async () => {
  const list = (await server.get('/api/indicators/datasets')).json as Older[]
  for (const key of [bodies[3]?.dataset_id, bodies[3]?.dataset_slug]) {
    const detail = (await server.get(`/api/indicators/datasets/${key}`)).json as Older
    assert.equal(detail, list[bodies.length - 1 - 3])
  }
  const missing = await server.get(`/api/indicators/datasets/${prefix}nobody`)
  assert.equal([missing.status, (missing.json as { code: string }).code], [404, 'DATASET_NOT_FOUND'])
})

test('the contract calls the older routes deprecated', async () => {
  const { json } = await server.get('/api/openapi.json', { unchecked: true })
  const { paths } = json as { paths: Record<string, { get: { deprecated?: boolean } }> }
  for (const path of ['/api/indicators/datasets', '/api/indicators/datasets/{dataset_id}'])
    assert.is(paths[path]?.get.deprecated, true, path)
})

test.run()
