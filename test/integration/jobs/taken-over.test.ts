/** A server that fell silent in the middle of a job and comes back when another one has it: nothing that it does then is stored. */
import * as assert from 'uvu/assert'
import { minutesCsv } from '../../support/csv.js'
import { eventually } from '../../support/eventually.js'
import { ownDataset, ownRun, predictionRows } from '../../support/fixtures.js'
import { type ImportReceipt, importCsv, jobOf, postCsv, rowCount } from '../../support/imports.js'
import { lockMeasurement, lockRun } from '../../support/outside-lock.js'
import { startServer } from '../../support/server.js'
import { watchStaged } from '../../support/staged.js'
import { asAdmin } from '../../support/template.js'
import { test } from '../../support/test.js'

const server = await startServer()
const { engines } = server
const { prefix, postgresUrl } = engines
const staged = await watchStaged(engines)
test.after(() => server.stop())

const dataset = ownDataset(prefix, 'taken_over')
test.before(async () => {
  await server.post('/api/datasets', dataset)
})

const sql = (text: string, values: unknown[] = []) => asAdmin(postgresUrl, (admin) => admin.query(text, values))

const runs = (jobId: string) => eventually('it runs', async () => (await jobOf(server, jobId)).status === 'RUNNING')

/** Another process has the job from now on, and takes its time. */
const takeOver = (jobId: string) =>
  sql(
    `update stage1_jobs set fence = fence + 1, lease_owner = 'another', lease_until = now() + interval '1 hour' where job_id = $1`,
    [jobId],
  )

/** Waits until the process that lost its job has let go of it: it clears away what it has made last. */
const letsGo = () => eventually('it lets go', async () => (await staged.left()).length === 0)

test('rows that would go into their measurement by one request are not sent', async () => {
  const name = `${prefix}short`
  await importCsv(server, name, minutesCsv(10))
  const lock = await lockMeasurement(postgresUrl, name)
  const more = minutesCsv(25)
  const { job_id } = (await postCsv(server, name, more, {}, { async: true })).json as ImportReceipt
  await runs(job_id)
  await takeOver(job_id)
  const before = (await staged.seen()).length
  await lock.release()
  await eventually('it has begun', async () => (await staged.seen()).length > before)
  await letsGo()
  assert.is(await rowCount(engines, name), 10)
  assert.is((await jobOf(server, job_id)).status, 'RUNNING', 'how it ends is for the other one to say')
  assert.is((await importCsv(server, name, more)).total_rows, 25)
})

for (const [what, predictions] of [
  ['with predictions', predictionRows(2, 4)],
  ['without', undefined],
] as const)
  test(`a run ${what} is not stored, neither its record nor its rows`, async () => {
    const { run, folds } = ownRun(prefix, dataset.dataset_id, 2)
    const lock = await lockRun(postgresUrl, run.run_id)
    const body = { run, folds, ...(predictions && { predictions }) }
    const accepted = await server.post('/api/runs', body, { headers: { prefer: 'respond-async' } })
    const { job_id } = accepted.json as { job_id: string }
    await runs(job_id)
    await eventually('it waits for the run', async () => {
      const { rows } = await sql(`select from pg_locks where locktype = 'advisory' and not granted`)
      return rows.length > 0
    })
    await takeOver(job_id)
    await lock.release()
    await eventually('it has given up', async () => {
      const { rows } = await sql(
        `select from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`,
      )
      return rows.length === 0
    })
    await letsGo()
    assert.is((await server.get(`/api/runs/${run.run_id}`)).status, 404)
    assert.is(await rowCount(engines, run.prediction_measurement), undefined)
    assert.is((await jobOf(server, job_id)).status, 'RUNNING')
    assert.is((await server.post('/api/runs', body)).status, 201)
  })

test.run()
