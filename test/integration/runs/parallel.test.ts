import * as assert from 'uvu/assert'
import { ownDataset, ownRun, predictionRows } from '../../support/fixtures.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

interface Detail {
  readonly fold_count: number
  readonly total_folds: number
  readonly note: number
  readonly run: { note: number }
  readonly folds: { fold_number: number; note: number }[]
}

const server = await startServer()
const { prefix } = server.engines
test.after(() => server.stop())

const dataset = ownDataset(prefix, 'parallel')

test.before(async () => {
  await server.post('/api/datasets', dataset)
})

/** Saves of one run that differ in their number of folds; each says in every part which save it was. */
function saves(counts: readonly number[]) {
  const { run, folds } = ownRun(prefix, dataset.dataset_id, 312)
  const bodies = counts.map((count) => ({
    run: { ...run, note: count },
    folds: folds.slice(0, count).map((fold) => ({ ...fold, note: count })),
    fold_count: count,
  }))
  return { runId: run.run_id, bodies }
}

/** Every part of the answer is of one save, and all of that save is there. */
function assertWhole(detail: Detail, counts: readonly number[]): void {
  const count = detail.note
  assert.ok(counts.includes(count), `a save of ${count} folds was never sent`)
  assert.equal([detail.run.note, detail.fold_count, detail.total_folds, detail.folds.length], Array(4).fill(count))
  assert.ok(
    detail.folds.every((fold, i) => fold.fold_number === i && fold.note === count),
    `folds of another save among the ${count}`,
  )
}

test('eight saves of one run at the same moment, with reads between: every read is one whole save', async () => {
  const counts = [312, 1, 150, 299, 37, 8, 311, 64]
  const { runId, bodies } = saves(counts)
  await server.post('/api/runs', bodies[0])
  let saving = true
  let reads = 0
  const readOn = async () => {
    while (saving) {
      const answer = await server.get(`/api/runs/${runId}`)
      assert.is(answer.status, 200)
      assertWhole(answer.json as Detail, counts)
      reads++
    }
  }
  const reading = Promise.all([readOn(), readOn()])
  reading.catch(() => {})
  for (let round = 0; round < 4; round++) {
    const receipts = await Promise.all(bodies.map((body) => server.post('/api/runs', body)))
    assert.equal(
      receipts.map(({ status, json }) => [status, (json as { folds_written: number }).folds_written]),
      counts.map((count) => [200, count]),
    )
  }
  saving = false
  await reading
  assert.ok(reads > 8, `${reads} reads`)
})

test('predictions are there for readers also while the same run is saved again and again', async () => {
  const body = { ...ownRun(prefix, dataset.dataset_id, 4), predictions: predictionRows(4, 40) }
  await server.post('/api/runs', body)
  const expected = (await server.get(`/api/runs/${body.run.run_id}/predictions`)).text
  let saving = true
  const readOn = async () => {
    while (saving) {
      const answer = await server.get(`/api/runs/${body.run.run_id}/predictions`)
      assert.equal([answer.status, answer.text], [200, expected])
    }
  }
  const reading = Promise.all([readOn(), readOn(), readOn()])
  reading.catch(() => {})
  for (let i = 0; i < 8; i++) assert.is((await server.post('/api/runs', body)).status, 200)
  saving = false
  await reading
})

test('a save that was answered is what the next read finds', async () => {
  const counts = [5, 80, 3, 200, 1]
  const { runId, bodies } = saves(counts)
  for (const body of [...bodies, ...bodies]) {
    const receipt = (await server.post('/api/runs', body)).json as { etag: string }
    const read = await server.get(`/api/runs/${runId}`)
    assert.is((read.json as Detail).folds.length, body.fold_count)
    assert.is(read.headers.get('etag'), receipt.etag)
  }
})

test('a new run that is saved ten times at the same moment is new once', async () => {
  const { bodies } = saves(Array(10).fill(50))
  const answers = await Promise.all(bodies.map((body) => server.post('/api/runs', body)))
  assert.equal(answers.map(({ status }) => status).sort(), [...Array(9).fill(200), 201])
  assert.is(new Set(answers.map(({ json }) => (json as { etag: string }).etag)).size, 1)
})

test('thirty different runs at the same moment are all stored', async () => {
  const bodies = Array.from({ length: 30 }, (_, i) => ownRun(prefix, dataset.dataset_id, i))
  const answers = await Promise.all(bodies.map((body) => server.post('/api/runs', body)))
  assert.equal(
    answers.map(({ status }) => status),
    Array(30).fill(201),
  )
  for (const [i, { run }] of bodies.entries()) {
    const detail = (await server.get(`/api/runs/${run.run_id}`)).json as Detail
    assert.is(detail.folds.length, i)
  }
})

test.run()
