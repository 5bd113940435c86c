/** A blocking import under a key, whose server dies at every step: sent again until it is answered, it is done once. */
import * as assert from 'uvu/assert'
import { crashingServer } from '../support/crashing-server.js'
import { laboriousCsv, minutesCsv } from '../support/csv.js'
import { eventually } from '../support/eventually.js'
import { type ImportReceipt, type Job, rowCount } from '../support/imports.js'
import { answerIn, importUnder, isReplayed, newKey } from '../support/keyed.js'
import { test } from '../support/test.js'

const server = await crashingServer('idempotency-claimed')
test.after(() => server.release())
const { prefix } = server.engines

async function jobsFor(measurement: string): Promise<Job[]> {
  const { jobs } = (await server.client().get('/api/jobs?limit=1000')).json as { jobs: Job[] }
  return jobs.filter(({ payload }) => payload.measurement === measurement)
}

test('5: dead after the key was taken, after the effect, and after the answer was kept: one job, one measurement, one answer', async () => {
  const [name, key] = [`${prefix}steps`, newKey()]
  // A second effect would be refused, since the measurement exists then.
  const send = () => importUnder(server.client(), key, `measurement=${name}&mode=create`, minutesCsv(500))

  await server.diesAt('idempotency-claimed', send())
  assert.is(await rowCount(server.engines, name), undefined)

  await server.passLeases()
  await server.start('idempotency-answer-made')
  await server.diesAt('idempotency-answer-made', send())
  assert.is(await rowCount(server.engines, name), 500)

  await server.passLeases()
  await server.start('idempotency-answer-kept')
  await server.diesAt('idempotency-answer-kept', send())

  await server.start()
  const answer = await send()
  assert.equal([answer.status, isReplayed(answer)], [200, true], answer.text)
  const [job, ...more] = await jobsFor(name)
  const receipt = answer.json as ImportReceipt
  assert.equal([job?.job_id, job?.status, more], [receipt.job_id, 'COMPLETED', []])
  assert.equal([receipt.rows_written, await rowCount(server.engines, name)], [500, 500])
})

test('5: killed while it loads: sent again, it waits for the job that another start goes on with', async () => {
  const [name, key] = [`${prefix}loading`, newKey()]
  const csv = laboriousCsv(100_000)
  const send = () => importUnder(server.client(), key, `measurement=${name}`, csv)
  const broken = send().then(
    () => 'answered',
    () => 'broken',
  )
  const begun = await eventually('rows are loaded', async () =>
    (await jobsFor(name)).find(({ progress }) => progress > 0),
  )
  await server.process().kill()
  assert.is(await broken, 'broken')
  await server.start()
  const answer = await eventually('it is answered', async () => {
    const again = await send()
    if (again.status === 409) assert.match(again.text, /IDEMPOTENCY_IN_PROGRESS/)
    return again.status === 409 ? undefined : again
  })
  assert.equal([answer.status, isReplayed(answer)], [200, false], answer.text)
  const [job, ...more] = await jobsFor(name)
  assert.equal([job?.job_id, job?.status, job?.attempts, more], [begun.job_id, 'COMPLETED', 2, []])
  assert.is(await rowCount(server.engines, name), 100_000)
  assert.equal(answerIn(await send()), answerIn(answer))
})

test.run()
