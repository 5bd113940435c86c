/** One process takes requests, another works the queue: they share the engines and the folder of the spool. */
import { mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import * as assert from 'uvu/assert'
import { laboriousCsv, minutesCsv } from '../../support/csv.js'
import { ownEngines } from '../../support/engines.js'
import { eventually } from '../../support/eventually.js'
import { ended, type ImportReceipt, type Job, jobOf, type Problem, postCsv, rowCount } from '../../support/imports.js'
import { SHARED_SECRET, TestClient, testEnvironment } from '../../support/server.js'
import { type ServerProcess, startProcess } from '../../support/server-process.js'
import { watchStaged } from '../../support/staged.js'
import { test } from '../../support/test.js'

const engines = await ownEngines()
const { prefix } = engines
const spool = mkdtempSync(join(tmpdir(), 'stage1-test-spool-'))
const staged = await watchStaged(engines)
const sql = new pg.Pool({ connectionString: engines.postgresUrl, max: 1 })
sql.on('error', () => {})
// The sweep of the queue comes too late for these tests: only a notification can be what wakes the worker.
const environment = testEnvironment(engines, spool, { settings: { STAGE1_JOBS_SWEEP_SECONDS: '600' } })
const { STAGE1_AUTH_SHARED_SECRET: _, ...withoutSecret } = environment

const api = await startProcess({ ...environment, STAGE1_ROLES: 'api' })
const issued = await new TestClient(api.url, '').post('/api/auth/token', { secret: SHARED_SECRET })
const client = new TestClient(api.url, (issued.json as { token: string }).token)
let worker: ServerProcess | undefined
const startWorker = async () => {
  worker = await startProcess({ ...withoutSecret, STAGE1_ROLES: 'worker' })
  return worker
}

test.after(async () => {
  await Promise.all([api.terminate(), worker?.terminate()])
  await sql.end()
  await engines.release()
  rmSync(spool, { recursive: true, force: true })
})

async function accept(name: string, csv: string): Promise<string> {
  const accepted = await postCsv(client, name, csv, {}, { async: true })
  assert.is(accepted.status, 202, accepted.text)
  return (accepted.json as ImportReceipt).job_id
}

const early = `${prefix}early`
let waiting: string

test('without a worker a job waits, and what a caller waits for is done all the same', async () => {
  waiting = await accept(early, minutesCsv(50))
  const name = `${prefix}blocking`
  const stored = await postCsv(client, name, minutesCsv(70))
  assert.is(stored.status, 200, stored.text)
  assert.is(await rowCount(engines, name), 70)
  const job = await jobOf(client, waiting)
  assert.equal([job.status, job.attempts, job.phase], ['PENDING', 0, 'queued'])
  assert.is(await rowCount(engines, early), undefined)
})

test('a worker takes what waits when it starts, and what is accepted elsewhere as soon as it is', async () => {
  const { url } = await startWorker()
  assert.is((await ended(client, waiting)).status, 'COMPLETED')
  assert.is(await rowCount(engines, early), 50)
  const name = `${prefix}woken`
  const job = await ended(client, await accept(name, minutesCsv(123)))
  assert.equal([job.status, job.attempts, job.result.rows_written], ['COMPLETED', 1, 123])
  assert.is(await rowCount(engines, name), 123)
  await eventually('the spool is empty', () => readdirSync(spool).every((file) => !file.endsWith('.body')))
  assert.is.not(url, api.url)
})

test('a cancel reaches the worker, and nothing of the job stays', async () => {
  const name = `${prefix}cancelled`
  const jobId = await accept(name, laboriousCsv(300_000, 4))
  await eventually('rows are loaded', async () => (await jobOf(client, jobId)).progress > 0)
  assert.is(((await client.send('DELETE', `/api/jobs/${jobId}`)).json as Job).status, 'RUNNING')
  const job = await ended(client, jobId)
  assert.equal([job.status, job.error_code], ['CANCELLED', 'JOB_CANCELLED'])
  await eventually('no staged table is left', async () => (await staged.left()).length === 0)
  await eventually('the spool is empty', () => readdirSync(spool).every((file) => !file.endsWith('.body')))
  assert.is(await rowCount(engines, name), undefined)
})

test('a job whose body the worker can not see waits for the folder to be back, and is not given up', async () => {
  const name = `${prefix}unmounted`
  await worker?.terminate()
  const jobId = await accept(name, minutesCsv(31))
  renameSync(spool, `${spool}-away`)
  await startWorker()
  const seen = await eventually('it was tried', async () => {
    const job = await jobOf(client, jobId)
    return job.attempts > 0 && job.status !== 'RUNNING' ? job : undefined
  })
  assert.equal([seen.status, /not in the spool/.test(seen.message)], ['PENDING', true])
  // The sweep of this process is off; its start looks for what is due.
  await worker?.terminate()
  rmSync(spool, { recursive: true, force: true })
  renameSync(`${spool}-away`, spool)
  await eventually('it is due', async () => {
    const due = 'select 1 from stage1_jobs where job_id = $1 and run_after <= now()'
    return (await sql.query(due, [jobId])).rows.length === 1
  })
  await startWorker()
  assert.is((await ended(client, jobId)).status, 'COMPLETED')
  assert.is(await rowCount(engines, name), 31)
})

test('a worker answers for its health and sends everything else elsewhere', async () => {
  const { url } = worker as ServerProcess
  const stranger = new TestClient(url, '')
  for (const path of ['/healthz', '/readyz', '/api/health']) assert.is((await stranger.get(path)).status, 200, path)
  for (const [method, path] of [
    ['GET', '/api/runs'],
    ['GET', `/api/jobs/${waiting}`],
    ['POST', '/api/auth/token'],
    ['GET', '/api/docs'],
    ['GET', '/nowhere'],
  ] as const) {
    const answer = await stranger.send(method, path, { unchecked: true })
    assert.equal([answer.status, (answer.json as Problem).code], [503, 'NOT_SERVED_HERE'], path)
  }
})

test('leftovers are cleared away by the worker alone', async () => {
  await sql.query(
    `insert into stage1_idempotency_keys (holder, key, target_sha256, body_sha256, work_id, owner, lease_until, created_at)
     values ('', 'old', '', '', gen_random_uuid(), gen_random_uuid(), now(), now() - interval '400 days')`,
  )
  const old = async () => (await sql.query(`select 1 from stage1_idempotency_keys where key = 'old'`)).rows.length
  const other = await startProcess({ ...environment, STAGE1_ROLES: 'api' })
  assert.is((await other.terminate()).code, 0)
  assert.is(await old(), 1)
  await worker?.terminate()
  await startWorker()
  await eventually('the old key is forgotten', async () => (await old()) === 0)
})

test.run()
