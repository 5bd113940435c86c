/** Jobs that are cancelled, waited for and listened to, on a whole server. */
import { readdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { laboriousCsv, minutesCsv } from '../../support/csv.js'
import { eventually } from '../../support/eventually.js'
import { ended, type ImportReceipt, type Job, jobOf, type Problem, postCsv, rowCount } from '../../support/imports.js'
import { lockMeasurement } from '../../support/outside-lock.js'
import { startServer } from '../../support/server.js'
import { watchStaged } from '../../support/staged.js'
import { asAdmin } from '../../support/template.js'
import { test } from '../../support/test.js'

const server = await startServer({ settings: { STAGE1_JOBS_CONCURRENCY: '1' } })
const { engines } = server
const { prefix } = engines
const staged = await watchStaged(engines)
test.after(() => server.stop())

const large = laboriousCsv(300_000, 4)
const cancel = async (jobId: string) => (await server.send('DELETE', `/api/jobs/${jobId}`)).json as Job

async function accept(name: string, csv: string): Promise<string> {
  const accepted = await postCsv(server, name, csv, {}, { async: true })
  assert.is(accepted.status, 202, accepted.text)
  return (accepted.json as ImportReceipt).job_id
}

const isLoading = (jobId: string) =>
  eventually('rows are loaded', async () => ((await jobOf(server, jobId)).progress > 0 ? true : undefined))

async function nothingIsLeft(name: string): Promise<void> {
  await eventually('no staged table is left', async () => (await staged.left()).length === 0)
  await eventually(
    'the spool is empty',
    () => readdirSync(server.spoolDir).filter((f) => f.endsWith('.body')).length === 0,
  )
  assert.is(await rowCount(engines, name), undefined)
}

/** The types of a job's events, in their order. */
function eventsOf(jobId: string): Promise<string[]> {
  return asAdmin(engines.postgresUrl, async (admin) => {
    const sql = 'select type from stage1_events where job_id = $1 order by event_id'
    return (await admin.query<{ type: string }>(sql, [jobId])).rows.map(({ type }) => type)
  })
}

test('a job that runs is cancelled within a second, one that waits at once, and nothing of either stays', async () => {
  const [running, waiting] = [`${prefix}running`, `${prefix}waiting`]
  const first = await accept(running, large)
  await isLoading(first)
  const second = await accept(waiting, minutesCsv(100))
  const cancelled = await cancel(second)
  assert.equal([cancelled.status, cancelled.error_code], ['CANCELLED', 'JOB_CANCELLED'])
  assert.is((await cancel(first)).status, 'RUNNING')
  const done = await ended(server, first, 1_000)
  assert.equal([done.status, done.error], ['CANCELLED', 'the job was cancelled'])
  await nothingIsLeft(running)
  await nothingIsLeft(waiting)
  const types = await eventsOf(first)
  assert.equal(
    types.filter((type) => type !== 'job.progressed'),
    ['job.queued', 'job.claimed', 'job.cancel_requested', 'job.cancelled'],
  )
  assert.equal(await eventsOf(second), ['job.queued', 'job.cancelled'])
  assert.is((await cancel(first)).completed_at, done.completed_at, 'cancelling again changes nothing')
})

test('a job that has ended stays as it is, and one that nobody knows is 404', async () => {
  const name = `${prefix}done`
  const jobId = await accept(name, minutesCsv(100))
  const done = await ended(server, jobId)
  assert.equal(await cancel(jobId), done)
  assert.is(await rowCount(engines, name), 100)
  const retried = await server.post(`/api/jobs/${jobId}/retry`, undefined)
  assert.equal([retried.status, (retried.json as Problem).code], [409, 'JOB_NOT_RETRYABLE'])
  const unknown = '00000000-0000-4000-8000-000000000000'
  for (const [method, path] of [
    ['DELETE', `/api/jobs/${unknown}`],
    ['DELETE', `/api/questdb/jobs/${unknown}`],
    ['POST', `/api/jobs/${unknown}/retry`],
    ['GET', `/api/jobs/${unknown}?wait=20`],
  ] as const)
    assert.is((await server.send(method, path)).status, 404, `${method} ${path}`)
})

test('a caller who waits for an import that another client cancels is told so', async () => {
  const name = `${prefix}told`
  const other = await lockMeasurement(engines.postgresUrl, name)
  const answer = postCsv(server, name, minutesCsv(3))
  const job = await eventually('the import waits', async () => {
    const { jobs } = (await server.get('/api/jobs?limit=1')).json as { jobs: Job[] }
    return jobs[0]?.payload.measurement === name ? jobs[0] : undefined
  })
  const { status } = (await server.send('DELETE', `/api/questdb/jobs/${job.job_id}`)).json as Job
  // It may have let go by the time it is read.
  assert.ok(['RUNNING', 'CANCELLED'].includes(status), status)
  const told = await answer
  await other.release()
  assert.equal([told.status, (told.json as Problem).code], [409, 'JOB_CANCELLED'])
  assert.is((await ended(server, job.job_id)).status, 'CANCELLED')
  await nothingIsLeft(name)
})

test('a cancel whose notification was missed is seen with the next renewal of the lease', async () => {
  const quick = await startServer({ engines, settings: { STAGE1_JOBS_LEASE_SECONDS: '2' } })
  try {
    const name = `${prefix}missed`
    const other = await lockMeasurement(engines.postgresUrl, name)
    const sent = postCsv(quick, name, minutesCsv(3))
    const job = await eventually('the import waits', async () => {
      const { jobs } = (await quick.get('/api/jobs?limit=1')).json as { jobs: Job[] }
      return jobs[0]?.payload.measurement === name ? jobs[0] : undefined
    })
    await asAdmin(engines.postgresUrl, async (admin) => {
      await admin.query('set session_replication_role = replica')
      await admin.query('update stage1_jobs set cancel_requested_at = now() where job_id = $1', [job.job_id])
    })
    assert.is((await ended(quick, job.job_id, 2_500)).status, 'CANCELLED')
    assert.is((await sent).status, 409)
    await other.release()
  } finally {
    await quick.stop()
  }
})

test('who waits for a job is answered when it changes, in whichever process, and at the latest when the time is over', async () => {
  const other = await startServer({ engines, settings: { STAGE1_ROLES: 'api' } })
  try {
    const name = `${prefix}waits`
    const lock = await lockMeasurement(engines.postgresUrl, name)
    const jobId = await accept(name, minutesCsv(100))
    await eventually('it runs', async () => (await jobOf(server, jobId)).status === 'RUNNING')
    const began = performance.now()
    const same = (await other.get(`/api/jobs/${jobId}?wait=1`)).json as Job
    assert.is(same.status, 'RUNNING')
    assert.ok(performance.now() - began > 900, 'it did not wait')
    const waiters = Array.from({ length: 20 }, () => other.get(`/api/questdb/jobs/${jobId}?wait=30`))
    await sleep(100)
    await lock.release()
    for (const answer of await Promise.all(waiters)) {
      assert.is(answer.status, 200)
      const { progress, status } = answer.json as Job
      assert.ok(progress > 0 || status === 'COMPLETED', answer.text)
    }
    let job = (await other.get(`/api/jobs/${jobId}?wait=30`)).json as Job
    while (job.status === 'RUNNING') job = (await other.get(`/api/jobs/${jobId}?wait=30`)).json as Job
    assert.is(job.status, 'COMPLETED')
    assert.ok(performance.now() - began < 15_000)
    assert.is((await server.get(`/api/jobs/${jobId}?wait=51`)).status, 400)
  } finally {
    await other.stop()
  }
})

test('a job that is accepted by one process is taken by another at once', async () => {
  const [name] = [`${prefix}elsewhere`]
  const jobId = await asAdmin(engines.postgresUrl, async (admin) => {
    const { rows } = await admin.query<{ job_id: string }>(
      `insert into stage1_jobs (type, status, payload, input) values ('import', 'PENDING', '{}', $1) returning job_id`,
      [{ measurement: name, format: { format: 'csv' }, options: {}, spool: { file: 'gone.body', bytes: 1 } }],
    )
    return rows[0]?.job_id as string
  })
  const taken = async () => {
    const job = await jobOf(server, jobId)
    return job.attempts === 1 && job.status === 'PENDING' ? job : undefined
  }
  const job = await eventually('it was tried', taken, 1_500)
  assert.match(job.message, /not in the spool/)
  assert.is((await cancel(jobId)).status, 'CANCELLED')
})

test.run()
