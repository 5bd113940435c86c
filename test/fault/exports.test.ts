/** Export jobs when the server stops or is killed, and when QuestDB is away. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { waitUntilVisible } from '../../src/questdb/visibility.js'
import { startProxy } from '../support/cutting-proxy.js'
import { ownEngines } from '../support/engines.js'
import { eventually } from '../support/eventually.js'
import { ended, jobOf } from '../support/imports.js'
import { SHARED_SECRET, TestClient, testEnvironment } from '../support/server.js'
import { type ServerProcess, startProcess } from '../support/server-process.js'
import { asAdmin } from '../support/template.js'
import { test } from '../support/test.js'

const engines = await ownEngines()
const proxy = await startProxy(engines.questdbUrl)
const spool = mkdtempSync(join(tmpdir(), 'stage1-test-spool-'))
const environment = testEnvironment(engines, spool, {
  questdbUrl: proxy.url,
  settings: { STAGE1_JOBS_LEASE_SECONDS: '2', STAGE1_JOBS_SWEEP_SECONDS: '1', STAGE1_SERVER_DRAIN_SECONDS: '2' },
})
const { prefix, questdb } = engines
const many = `${prefix}many`
const ROWS = 1_000_000
const FILES = join(spool, 'downloads')

let server: ServerProcess = await startProcess(environment)
const issued = await new TestClient(server.url, '').post('/api/auth/token', { secret: SHARED_SECRET })
const { token } = issued.json as { token: string }
test.after(async () => {
  await proxy.restore()
  await server.terminate()
  await proxy.stop()
  await engines.release()
  rmSync(spool, { recursive: true, force: true })
})

test.before(async () => {
  await questdb.run(
    `CREATE TABLE ${many} AS (SELECT timestamp_sequence('2024-01-01', 1000000) timestamp, x, rnd_double() r, rnd_double() s
     FROM long_sequence(${ROWS})) TIMESTAMP(timestamp) PARTITION BY MONTH WAL`,
  )
  await waitUntilVisible(questdb, many)
})

const files = () => (existsSync(FILES) ? readdirSync(FILES) : [])
const client = () => new TestClient(server.url, token)

/** A job that has written a part of its file and gets no more of it. */
async function stuckExport(): Promise<string> {
  const before = files().length
  const { json } = await client().post('/api/questdb/export/async', { measurement: many })
  await eventually('the file has begun', () => files().length > before)
  proxy.freeze()
  return (json as { job_id: string }).job_id
}

async function isWhole(jobId: string, attempts: number): Promise<void> {
  const job = await ended(client(), jobId, 40_000)
  assert.equal([job.status, job.error, job.attempts], ['COMPLETED', '', attempts])
  const { rows, bytes, url } = job.result as { rows: number; bytes: number; url: string }
  assert.is(rows, ROWS)
  const { text } = await client().get(url)
  assert.is(Buffer.byteLength(text), bytes)
  assert.is(text.split('\r\n').length, ROWS + 2)
  assert.match(text, new RegExp(`,${ROWS},[^\r]+\r\n$`))
}

test('a server that stops hands its export on: the next start makes the whole file, and nothing is left of the first', async () => {
  const jobId = await stuckExport()
  assert.is((await server.terminate()).code, 0, server.output().slice(-2_000))
  assert.equal(files(), [])
  await proxy.restore()
  server = await startProcess(environment)
  await isWhole(jobId, 1)
})

test('an export whose server was killed is made by the next one', async () => {
  const jobId = await stuckExport()
  await server.kill()
  await proxy.restore()
  server = await startProcess(environment)
  await isWhole(jobId, 2)
})

test('an export job that loses QuestDB midway waits for it and begins again', async () => {
  const before = files().length
  const jobId = await stuckExport()
  await proxy.cut()
  await eventually('it waits', async () => {
    const job = await jobOf(client(), jobId)
    return job.status === 'PENDING' && job.attempts === 1
  })
  assert.is(files().length, before)
  await proxy.restore()
  await asAdmin(engines.postgresUrl, (admin) => admin.query('update stage1_jobs set run_after = now()'))
  await isWhole(jobId, 2)
})

test.run()
