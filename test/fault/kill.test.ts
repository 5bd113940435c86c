/** The server is killed in the middle of imports and started again: nothing half done is ever seen. */
import { mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { laboriousCsv, minutesCsv } from '../support/csv.js'
import { ownEngines } from '../support/engines.js'
import { eventually } from '../support/eventually.js'
import { ended, type ImportReceipt, importCsv, type Job, jobOf, postCsv, rowCount } from '../support/imports.js'
import { rawRequest } from '../support/raw-http.js'
import { SHARED_SECRET, TestClient, testEnvironment } from '../support/server.js'
import { type ServerProcess, startProcess } from '../support/server-process.js'
import { watchStaged } from '../support/staged.js'
import { test } from '../support/test.js'

const engines = await ownEngines()
const spool = mkdtempSync(join(tmpdir(), 'stage1-test-spool-'))
const staged = await watchStaged(engines)
const environment = testEnvironment(engines, spool, {
  settings: { STAGE1_JOBS_LEASE_SECONDS: '2', STAGE1_JOBS_SWEEP_SECONDS: '1', STAGE1_SERVER_DRAIN_SECONDS: '2' },
})
const { prefix } = engines

let server: ServerProcess = await startProcess(environment)
const token = await issueToken()
test.after(async () => {
  await server.terminate()
  await engines.release()
  rmSync(spool, { recursive: true, force: true })
})

async function issueToken(): Promise<string> {
  const answer = await new TestClient(server.url, '').post('/api/auth/token', { secret: SHARED_SECRET })
  return (answer.json as { token: string }).token
}

const client = () => new TestClient(server.url, token)

async function killAndStartAgain(): Promise<void> {
  const how = await server.kill()
  assert.is(how.signal, 'SIGKILL')
  server = await startProcess(environment)
}

const ROWS = 250_000
const large = laboriousCsv(ROWS)

async function acceptLarge(name: string): Promise<string> {
  const accepted = await postCsv(client(), name, large, {}, { async: true })
  assert.is(accepted.status, 202, accepted.text)
  return (accepted.json as ImportReceipt).job_id
}

/** The job ends soon, and its measurement is whole or absent as the job says. */
async function endsWell(jobId: string, name: string): Promise<Job> {
  const job = await ended(client(), jobId, 20_000)
  assert.ok(['COMPLETED', 'FAILED'].includes(job.status), job.status)
  assert.is(await rowCount(engines, name), job.status === 'COMPLETED' ? ROWS : undefined, job.error)
  return job
}

test('killed while a file is uploaded: there is no job, no measurement, and no body in the end', async () => {
  const name = `${prefix}upload`
  const sent = await rawRequest(server.url, `POST /api/questdb/import/async?measurement=${name}`, {
    'x-stage1-token': token,
    'content-type': 'text/csv',
    'content-length': String(large.length),
  })
  sent.write(large.slice(0, large.length / 2))
  await eventually('the upload has begun', () => readdirSync(spool).length === 1)
  await server.kill()
  // The body stays for as long as a request might still use it, which is simulated here.
  for (const file of readdirSync(spool)) utimesSync(join(spool, file), 0, 0)
  server = await startProcess(environment)
  await eventually('the spool is empty', () => readdirSync(spool).length === 0)
  assert.is(await rowCount(engines, name), undefined)
  const { total } = (await client().get('/api/jobs')).json as { total: number }
  assert.is(total, 0)
})

test('killed right after a receipt and an accepted job: what was acknowledged is there, what was accepted is done', async () => {
  const [stored, accepted] = [`${prefix}receipt`, `${prefix}accepted`]
  const receipt = await importCsv(client(), stored, minutesCsv(20_000))
  const jobId = await acceptLarge(accepted)
  await killAndStartAgain()
  assert.is(await rowCount(engines, stored), 20_000)
  assert.is((await jobOf(client(), receipt.job_id)).status, 'COMPLETED')
  assert.is((await endsWell(jobId, accepted)).status, 'COMPLETED')
})

test('killed while rows are loaded and another client waits: both imports begin anew, and no row is there twice', async () => {
  const [name, second] = [`${prefix}loading`, `${prefix}waited`]
  const jobId = await acceptLarge(name)
  const before = await eventually('rows are loaded', async () => {
    const job = await jobOf(client(), jobId)
    return job.progress > 0 ? job : undefined
  })
  const waiting = postCsv(client(), second, large).then(
    () => 'it was answered',
    () => 'it broke',
  )
  const waitedId = await eventually('the second import is accepted', async () => {
    const { jobs } = (await client().get('/api/jobs?limit=1')).json as { jobs: Job[] }
    return jobs[0]?.payload.measurement === second ? jobs[0].job_id : undefined
  })
  await killAndStartAgain()
  assert.is(await waiting, 'it broke')
  const job = await endsWell(jobId, name)
  assert.equal([job.status, job.attempts, job.result.rows_written], ['COMPLETED', before.attempts + 1, ROWS])
  await endsWell(waitedId, second)
})

test('killed at a moment that nobody chose', async () => {
  const name = `${prefix}random`
  const jobId = await acceptLarge(name)
  await sleep(Math.random() * 1_500)
  await killAndStartAgain()
  await endsWell(jobId, name)
})

test('after all this, no body and no staged table is left', async () => {
  await eventually('the spool is empty', () => readdirSync(spool).length === 0)
  assert.ok((await staged.seen()).length >= 5)
  if ((await staged.left()).length === 0) return
  // A job that was taken up at once kept its table from being cleared away; the sweep comes back, as a start does.
  assert.is((await server.terminate()).code, 0)
  server = await startProcess(environment)
  await eventually('no staged table is left', async () => (await staged.left()).length === 0)
})

test.run()
