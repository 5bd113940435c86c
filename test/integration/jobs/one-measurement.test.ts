/** Jobs that load into one measurement, one after the other, beside those of others. */
import * as assert from 'uvu/assert'
import { minutesCsv } from '../../support/csv.js'
import { eventually } from '../../support/eventually.js'
import { ended, type ImportReceipt, jobOf, postCsv, rowCount } from '../../support/imports.js'
import { lockMeasurement } from '../../support/outside-lock.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

const server = await startServer({ settings: { STAGE1_JOBS_CONCURRENCY: '2', STAGE1_JOBS_SWEEP_SECONDS: '60' } })
const { engines } = server
const { prefix } = engines
test.after(() => server.stop())

async function accept(name: string, rows: number): Promise<string> {
  const accepted = await postCsv(server, name, minutesCsv(rows), {}, { async: true })
  assert.is(accepted.status, 202, accepted.text)
  return (accepted.json as ImportReceipt).job_id
}

test('those that wait for a measurement take no place from jobs of others, and go on as soon as it is free', async () => {
  const [busy, free] = [`${prefix}Busy`, `${prefix}free`]
  const lock = await lockMeasurement(engines.postgresUrl, busy)
  const first = await accept(busy, 10)
  await eventually('it runs', async () => (await jobOf(server, first)).status === 'RUNNING')
  const waiting = [await accept(busy.toLowerCase(), 20), await accept(busy, 30), await accept(busy, 40)]
  const other = await ended(server, await accept(free, 100))
  assert.is(other.status, 'COMPLETED')
  for (const jobId of waiting) assert.is((await jobOf(server, jobId)).status, 'PENDING')
  await lock.release()
  for (const jobId of [first, ...waiting]) assert.is((await ended(server, jobId)).status, 'COMPLETED')
  assert.is(await rowCount(engines, busy), 40)
})

test('an import that a caller waits for does not wait for those in the queue, nor they for it when it came later', async () => {
  const name = `${prefix}both`
  const lock = await lockMeasurement(engines.postgresUrl, name)
  const first = await accept(name, 10)
  await eventually('it runs', async () => (await jobOf(server, first)).status === 'RUNNING')
  const second = await accept(name, 20)
  const now = postCsv(server, name, minutesCsv(30))
  await eventually('both are at work', async () => {
    const { jobs } = (await server.get('/api/jobs?status=RUNNING')).json as {
      jobs: { payload: { measurement: string } }[]
    }
    return jobs.filter(({ payload }) => payload.measurement === name).length === 2
  })
  assert.is((await jobOf(server, second)).status, 'PENDING')
  await lock.release()
  assert.is((await now).status, 200)
  assert.is((await ended(server, second)).status, 'COMPLETED')
  assert.is(await rowCount(engines, name), 30)
})

test.run()
