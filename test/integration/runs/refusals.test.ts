import { randomUUID } from 'node:crypto'
import * as assert from 'uvu/assert'
import { ownDataset, ownRun, type RunBody } from '../../support/fixtures.js'
import { rawRequest } from '../../support/raw-http.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

interface Problem {
  readonly code: string
  readonly message: string
  readonly details: Record<string, unknown> & Record<string, unknown>[]
}

const server = await startServer()
const { prefix } = server.engines
test.after(() => server.stop())

const dataset = ownDataset(prefix, 'refusals')

test.before(async () => {
  await server.post('/api/datasets', dataset)
})

/** Refused with this answer, and the run is not there afterwards. */
async function refused(body: unknown, runId: string, status: number, code: string): Promise<Problem> {
  const answer = await server.post('/api/runs', body)
  const problem = answer.json as Problem
  assert.equal([answer.status, problem.code], [status, code], answer.text.slice(0, 300))
  assert.is((await server.get(`/api/runs/${runId}`)).status, 404, 'nothing of it was stored')
  return problem
}

function own(folds: number, over: Record<string, unknown> = {}): { body: RunBody; runId: string } {
  const body = ownRun(prefix, dataset.dataset_id, folds, over)
  return { body, runId: body.run.run_id }
}

test('a run of a dataset that nobody registered is refused with the id, and what to do', async () => {
  const dataset_id = randomUUID()
  const { body, runId } = own(3, { dataset_id })
  const { message, details } = await refused(body, runId, 409, 'DATASET_UNKNOWN')
  assert.equal([details.dataset_id, details.run_id], [dataset_id, runId])
  assert.match(message, `dataset ${dataset_id} is not registered; POST /api/datasets first`)
  const nameless = own(1, { dataset_id: undefined })
  assert.match((await refused(nameless.body, nameless.runId, 409, 'DATASET_UNKNOWN')).message, 'no dataset_id was sent')
})

test('after its dataset is registered the same run is taken', async () => {
  const late = ownDataset(prefix, 'late')
  const body = ownRun(prefix, late.dataset_id, 3)
  await refused(body, body.run.run_id, 409, 'DATASET_UNKNOWN')
  await server.post('/api/datasets', late)
  assert.is((await server.post('/api/runs', body)).status, 201)
})

test('a fold that is sent twice is refused with its number', async () => {
  const { body, runId } = own(312)
  const twice = { ...body, folds: [...body.folds, { ...body.folds[17], fold_number: 17 }] }
  const { message, details } = await refused(twice, runId, 422, 'FOLD_DUPLICATE')
  assert.equal([details.fold_number, details.pointers], [17, ['/folds/17/fold_number', '/folds/312/fold_number']])
  assert.match(message, 'fold_number 17 was sent twice')
})

test('a run saved with one fold missing of those that it declares stores nothing', async () => {
  const { body, runId } = own(311)
  const { message, details } = await refused({ ...body, fold_count: 312 }, runId, 422, 'COUNT_MISMATCH')
  assert.equal([details.declared, details.received], [312, 311])
  assert.match(message, '312 folds but 311 came')
})

test('a refused save leaves the run that was there as it was', async () => {
  const { body, runId } = own(10)
  await server.post('/api/runs', body)
  const before = await server.get(`/api/runs/${runId}`)
  for (const bad of [
    { ...body, folds: body.folds.slice(0, 9), fold_count: 10 },
    { ...body, folds: [...body.folds, body.folds[0]] },
    { ...body, run: { ...body.run, dataset_id: randomUUID() } },
    { ...body, run: { ...body.run, prediction_measurement: 'a-b' } },
  ])
    assert.ok((await server.post('/api/runs', bad)).status >= 400)
  const after = await server.get(`/api/runs/${runId}`)
  assert.equal([after.text, after.headers.get('etag')], [before.text, before.headers.get('etag')])
})

test('what does not fit the contract is refused with its place', async () => {
  const cases: [Record<string, unknown>, string][] = [
    [{ folds: [{ fold_number: 0 }, { fold_number: -1 }] }, '/folds/1/fold_number'],
    [{ folds: [{ fold_number: 1.5 }] }, '/folds/0/fold_number'],
    [{ folds: [{}] }, '/folds/0/fold_number'],
    [{ folds: [{ fold_number: 0, samples_train: 'many' }] }, '/folds/0/samples_train'],
    [{ folds: [{ fold_number: 0, metrics: { hit_rate: 'good' } }] }, '/folds/0/metrics/hit_rate'],
    [{ folds: [{ fold_number: 0, thresholds: { own: {} } }] }, '/folds/0/thresholds/own'],
    [{ folds: {} }, '/folds'],
    [{ feature_columns: 'a,b' }, '/feature_columns'],
    [{ hyperparameters: [] }, '/hyperparameters'],
    [{ duration_ms: -5 }, '/duration_ms'],
    [{ started_at: 'soon' }, '/started_at'],
  ]
  for (const [fields, pointer] of cases) {
    const run_id = randomUUID()
    const body = { run_id, dataset_id: dataset.dataset_id, ...fields }
    const { details } = await refused(body, run_id, 400, 'REQUEST_INVALID')
    assert.is([details].flat()[0]?.pointer, pointer, JSON.stringify(fields))
  }
})

test('a missing metric is never turned into the number zero', async () => {
  for (const fold of [
    { fold_number: 0, metrics: { hit_rate: null } },
    { fold_number: 0, thresholds: { long_optimal: null } },
    { fold_number: 0, train_start_idx: null },
  ]) {
    const { body, runId } = own(0)
    const answer = await server.post('/api/runs', { ...body, folds: [fold] })
    if (answer.status === 400) continue
    const stored = (await server.get(`/api/runs/${runId}`)).json as { folds: Record<string, Record<string, unknown>>[] }
    assert.unreachable(`${JSON.stringify(fold)} was stored as ${JSON.stringify(stored.folds[0])}`)
  }
})

test("text that PostgreSQL can not hold is refused as the client's fault", async () => {
  for (const over of [{ requested_by: 'a\u0000b' }, { walk_config: { note: 'a\u0000b' } }, { note: '\ud800' }]) {
    const { body, runId } = own(1, over)
    await refused(body, runId, 400, 'REQUEST_INVALID')
  }
})

test('a run id that no run can have is refused, not failed over', async () => {
  const { body } = own(0)
  for (const run_id of ['run_17621685394141478', 'wf-1', '1'])
    await refused({ ...body, run: { ...body.run, run_id } }, run_id, 400, 'REQUEST_INVALID')
})

test('a body that is cut in the middle stores nothing, wherever the cut is', async () => {
  const { body, runId } = own(40)
  const whole = JSON.stringify(body)
  for (const share of [0.001, 0.3, 0.9, 0.9999]) {
    const cut = whole.slice(0, Math.floor(whole.length * share))
    const answer = await server.send('POST', '/api/runs', { body: cut })
    assert.equal([answer.status, (answer.json as Problem).code], [400, 'JSON_MALFORMED'], String(share))
  }
  assert.is((await server.get(`/api/runs/${runId}`)).status, 404)
})

test('a client that leaves in the middle of its body stores nothing', async () => {
  const { body, runId } = own(40)
  const whole = JSON.stringify(body)
  const headers = {
    'content-type': 'application/json',
    'content-length': String(whole.length),
    'x-stage1-token': server.token,
  }
  const request = await rawRequest(server.url, 'POST /api/runs', headers)
  request.write(whole.slice(0, -10))
  await new Promise((resolve) => setTimeout(resolve, 200))
  request.socket.destroy()
  await new Promise((resolve) => setTimeout(resolve, 200))
  assert.is((await server.get(`/api/runs/${runId}`)).status, 404)

  const again = await rawRequest(server.url, 'POST /api/runs', headers)
  again.write(whole)
  assert.is((await again.answer()).status, 201, 'the whole body is taken afterwards')
})

test('a run that nobody saved is named in the answer', async () => {
  for (const id of [randomUUID(), 'nobody', 'run_17621685394141478']) {
    for (const path of [
      `/api/runs/${id}`,
      `/api/runs/${id}/predictions`,
      `/api/runs/${id}?download_predictions=true`,
    ]) {
      const { status, json } = await server.get(path)
      assert.equal([status, (json as Problem).code], [404, 'RUN_NOT_FOUND'], path)
      assert.match((json as Problem).message, id)
    }
  }
})

test.run()
