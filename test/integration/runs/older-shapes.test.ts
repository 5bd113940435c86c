import * as assert from 'uvu/assert'
import { ownDataset, ownRun } from '../../support/fixtures.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

const server = await startServer()
const { prefix } = server.engines
test.after(() => server.stop())

const dataset = ownDataset(prefix, 'older')
const bodies = Array.from({ length: 120 }, (_, i) => ownRun(prefix, dataset.dataset_id, 2, { label: i }))
const newestFirst = bodies.map(({ run }) => run.run_id).reverse()

test.before(async () => {
  await server.post('/api/datasets', dataset)
  for (const body of bodies) await server.post('/api/runs', body)
})

test('the older list is a bare array of all runs, newest first, in both spellings', async () => {
  const list = (await server.get('/api/walkforward/runs')).json as Record<string, unknown>[]
  assert.equal(
    list.map((item) => item.run_id),
    newestFirst,
  )
  const { run } = bodies[0] as (typeof bodies)[0]
  const last = list.at(-1)
  assert.equal([last?.runId, last?.run_id], [run.run_id, run.run_id])
  assert.equal([last?.datasetId, last?.dataset_id], [dataset.dataset_id, dataset.dataset_id])
  assert.equal([last?.predictionMeasurement, last?.status], [run.prediction_measurement, 'COMPLETED'])
  const page = (await server.get('/api/walkforward/runs?limit=2&offset=118')).json as Record<string, unknown>[]
  assert.equal(
    page.map((item) => item.run_id),
    newestFirst.slice(118),
  )
})

test('the older detail is the document of the run, with its etag', async () => {
  const path = `runs/${newestFirst[0]}`
  const older = await server.get(`/api/walkforward/${path}`)
  const today = await server.get(`/api/${path}`)
  assert.is(older.status, 200)
  assert.is(older.text, today.text)
  assert.is(older.headers.get('etag'), today.headers.get('etag'))
  const { run, folds } = older.json as { run: Record<string, unknown>; folds: unknown[] }
  assert.equal([run.run_id, folds.length], [newestFirst[0], 2])
  const known = { 'if-none-match': older.headers.get('etag') as string }
  assert.is((await server.get(`/api/walkforward/${path}`, { headers: known })).status, 304)
})

test.run()
