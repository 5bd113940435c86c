/** The server is asked to stop: what runs is finished or handed on, and the process ends in time. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { laboriousCsv, minutesCsv } from '../support/csv.js'
import { ownEngines } from '../support/engines.js'
import { eventually } from '../support/eventually.js'
import { ended, type ImportReceipt, type Job, jobOf, postCsv, rowCount } from '../support/imports.js'
import { lockMeasurement } from '../support/outside-lock.js'
import { type RawRequest, rawRequest } from '../support/raw-http.js'
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
const issued = await new TestClient(server.url, '').post('/api/auth/token', { secret: SHARED_SECRET })
const { token } = issued.json as { token: string }
test.after(async () => {
  await server.terminate()
  await engines.release()
  rmSync(spool, { recursive: true, force: true })
})

const client = () => new TestClient(server.url, token)

async function startAgain(): Promise<void> {
  server = await startProcess(environment)
}

/** Asks the process to stop and expects that it does so well and in time. */
async function stops(limitMs: number): Promise<void> {
  const asked = performance.now()
  const { code, signal } = await server.terminate()
  const ms = performance.now() - asked
  assert.equal([code, signal], [0, null], server.output().slice(-2_000))
  assert.ok(ms < limitMs, `it took ${Math.round(ms)} ms`)
  assert.match(server.output(), /"msg":"stopped"/)
}

/** An upload whose client sends the beginning and then nothing more. */
async function stalledUpload(measurement: string): Promise<RawRequest> {
  const sent = await rawRequest(server.url, `POST /api/questdb/import?measurement=${measurement}`, {
    'x-stage1-token': token,
    'content-type': 'text/csv',
    'content-length': '100000',
  })
  sent.write('timestamp,x\n')
  await eventually('the upload has begun', () => readdirSync(spool).length === 2)
  return sent
}

async function jobWith(measurement: string, status: string): Promise<Job> {
  return eventually(`a job for ${measurement} is ${status}`, async () => {
    const { jobs } = (await client().get('/api/jobs?limit=10')).json as { jobs: Job[] }
    return jobs.find((job) => job.payload.measurement === measurement && job.status === status)
  })
}

test('an idle server stops at once, though clients keep their connections open', async () => {
  const agent = new Agent({ keepAlive: true })
  await new Promise((resolve, reject) => {
    const sent = request(`${server.url}/healthz`, { agent }, (response) => {
      response.resume().once('end', resolve)
    })
    sent.once('error', reject)
    sent.end()
  })
  await stops(2_500)
  agent.destroy()
  await startAgain()
})

test('a request that runs is finished before the process ends, and new ones are turned away', async () => {
  const name = `${prefix}finished`
  const other = await lockMeasurement(engines.postgresUrl, name)
  const waiting = postCsv(client(), name, minutesCsv(100))
  await jobWith(name, 'RUNNING')
  const stopped = stops(10_000)
  await eventually('new requests are turned away', async () => {
    const answer = await client()
      .get('/api/jobs')
      .catch(() => 'refused' as const)
    return answer === 'refused' || answer.status === 503
  })
  // Asking again, more urgently, changes nothing.
  for (let i = 0; i < 3; i++) void server.terminate()
  await other.release()
  const answer = await waiting
  assert.is(answer.status, 200, answer.text)
  assert.is((answer.json as ImportReceipt).rows_written, 100)
  await stopped
  assert.is(await rowCount(engines, name), 100)
  await startAgain()
})

test('requests that do not end in time are given up, and accepted work goes on after the next start', async () => {
  const name = `${prefix}given_up`
  const other = await lockMeasurement(engines.postgresUrl, name)
  const waiting = postCsv(client(), name, minutesCsv(100)).then(
    (answer) => answer.status,
    () => 503,
  )
  const { job_id } = await jobWith(name, 'RUNNING')
  const upload = await stalledUpload(`${prefix}stalled`)
  await stops(10_000)
  assert.is(await waiting, 503)
  const { status, body } = await upload.answer()
  assert.equal([status, JSON.parse(body).code], [503, 'DRAINING'])
  assert.is(readdirSync(spool).length, 1, 'only the body that the next start needs')
  await other.release()
  await startAgain()
  const job = await ended(client(), job_id)
  assert.is(job.status, 'COMPLETED', job.error)
  assert.is(await rowCount(engines, name), 100)
})

test('a job that runs is put back into the queue, and the next start does it', async () => {
  const name = `${prefix}job`
  const accepted = await postCsv(client(), name, laboriousCsv(250_000), {}, { async: true })
  const { job_id } = accepted.json as ImportReceipt
  await eventually('rows are loaded', async () => (await jobOf(client(), job_id)).progress > 0)
  await stops(10_000)
  assert.is(await rowCount(engines, name), undefined)
  assert.equal(await staged.left(), [])
  await startAgain()
  const job = await ended(client(), job_id)
  assert.equal([job.status, job.result.rows_written], ['COMPLETED', 250_000])
  assert.is(await rowCount(engines, name), 250_000)
})

test('after all this the spool is empty and no staged table is left', async () => {
  await eventually('the spool is empty', () => readdirSync(spool).length === 0)
  await eventually('no staged table is left', async () => (await staged.left()).length === 0)
})

test.run()
