/** Of saves of one run that overlap, the one that was accepted last stays. */
import * as assert from 'uvu/assert'
import { ownDataset, ownRun, predictionRows } from '../../support/fixtures.js'
import { ended } from '../../support/imports.js'
import { lockMeasurement } from '../../support/outside-lock.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

const server = await startServer()
const { prefix, postgresUrl } = server.engines
test.after(() => server.stop())

const dataset = ownDataset(prefix, 'overtaken')

test.before(async () => {
  await server.post('/api/datasets', dataset)
})

type Json = Record<string, unknown>

const own = (count = 2) => ownRun(prefix, dataset.dataset_id, count)

test('a queued save that is done after a later one was acknowledged does not take its place', async () => {
  const { run, folds } = own()
  const lock = await lockMeasurement(postgresUrl, run.prediction_measurement)
  const queued = { run: { ...run, note: 'first' }, folds, predictions: predictionRows(2, 4) }
  const accepted = await server.post('/api/runs', queued, { headers: { prefer: 'respond-async' } })
  assert.is(accepted.status, 202)
  assert.is((await server.post('/api/runs', { run: { ...run, note: 'second' }, folds: folds.slice(0, 1) })).status, 201)
  await lock.release()
  const job = await ended(server, (accepted.json as { job_id: string }).job_id)
  assert.is(job.status, 'FAILED')
  assert.match(String(job.error), /was saved again after this save was accepted/)
  const read = (await server.get(`/api/runs/${run.run_id}`)).json as Json & { folds: unknown[] }
  assert.equal([read.note, read.folds.length], ['second', 1])
  assert.is((await server.get(`/api/runs/${run.run_id}/predictions`)).status, 404, 'its rows were taken back')
})

test('of two saves that nobody waits for the one accepted last stays, whichever is done first', async () => {
  const { run, folds } = own(300)
  await server.post('/api/runs', { run, folds: [] })
  const later = async (note: string, count: number) => {
    const body = { run: { ...run, note }, folds: folds.slice(0, count) }
    const answer = await server.post('/api/runs', body, { headers: { prefer: 'respond-async' } })
    return (answer.json as { job_id: string }).job_id
  }
  const jobs = [await later('first', 300), await later('second', 1)]
  for (const job of jobs) {
    for (;;) {
      const { status } = (await server.get(`/api/jobs/${job}`)).json as { status: string }
      if (status === 'COMPLETED' || status === 'FAILED') break
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  assert.is(((await server.get(`/api/runs/${run.run_id}`)).json as Json).note, 'second')
})

test.run()
