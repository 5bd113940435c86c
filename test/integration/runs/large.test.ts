import * as assert from 'uvu/assert'
import { assertSame, onlySentKeys, ownDataset, ownRun } from '../../support/fixtures.js'
import { rawRequest } from '../../support/raw-http.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

const server = await startServer()
const { prefix } = server.engines
test.after(() => server.stop())

const dataset = ownDataset(prefix, 'large')

test.before(async () => {
  await server.post('/api/datasets', dataset)
})

/** A run with more folds than the fixture has; no two folds are the same. */
function runOf(count: number) {
  const { run, folds } = ownRun(prefix, dataset.dataset_id, 312)
  const many = Array.from({ length: count }, (_, i) => {
    const fold = folds[i % folds.length] as (typeof folds)[0]
    // Metrics are numbers, flags among them, because the desktop skips any other kind.
    const metrics = { ...fold.metrics, hit_rate: i / 1201, model_learned_nothing: i % 2, used_cached_model: 0 }
    return { ...fold, fold_number: i, best_score: i / 7, metrics }
  })
  return { run, folds: many, fold_count: count }
}

interface Detail {
  readonly fold_count: number
  readonly folds: Record<string, unknown>[]
}

test('a run of 1 200 folds comes back with every value', async () => {
  const body = runOf(1_200)
  const saved = await server.post('/api/runs', body)
  assert.is(saved.status, 201, saved.text.slice(0, 500))
  assert.is((saved.json as { folds_written: number }).folds_written, 1_200)
  const detail = (await server.get(`/api/runs/${body.run.run_id}`)).json as Detail
  assert.equal([detail.fold_count, detail.folds.length], [1_200, 1_200])
  assertSame(onlySentKeys(detail.folds, body.folds), body.folds)
})

test('a body that breaks off at 60 % stores nothing, and leaves what was stored before', async () => {
  const before = runOf(5)
  const runId = before.run.run_id
  await server.post('/api/runs', before)
  const known = await server.get(`/api/runs/${runId}`)

  for (const run_id of [runId, before.run.run_id.replace(/^.{8}/, '00000000')]) {
    const whole = runOf(1_200)
    const text = JSON.stringify({ ...whole, run: { ...whole.run, run_id } })
    const cut = await rawRequest(server.url, 'POST /api/runs', {
      'x-stage1-token': server.token,
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(text)),
    })
    cut.write(text.slice(0, text.length * 0.6))
    await new Promise((resolve) => setTimeout(resolve, 200))
    cut.socket.destroy()
  }

  await new Promise((resolve) => setTimeout(resolve, 500))
  assert.is((await server.get(`/api/runs/${runId}`)).text, known.text)
  assert.is((await server.get(`/api/runs/${runId.replace(/^.{8}/, '00000000')}`)).status, 404)
})

test.run()
