/** Imports whose client leaves, or whose time is up. */
import { readdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { laboriousCsv, minutesCsv } from '../../support/csv.js'
import { ownEngines } from '../../support/engines.js'
import { eventually } from '../../support/eventually.js'
import { importCsv, type Job, type Problem, postCsv, rowCount } from '../../support/imports.js'
import { lockMeasurement } from '../../support/outside-lock.js'
import { startOvertakingProxy } from '../../support/overtaking-proxy.js'
import { startServer } from '../../support/server.js'
import { watchStaged } from '../../support/staged.js'
import { test } from '../../support/test.js'

const engines = await ownEngines()
const proxy = await startOvertakingProxy(engines.questdbUrl, ({ url }) => /CREATE(\+|%20)TABLE/.test(url ?? ''))
const server = await startServer({
  engines,
  questdbUrl: proxy.url,
  settings: { STAGE1_LIMITS_TRANSFER_SECONDS: '3' },
})
const { prefix } = engines
const staged = await watchStaged(engines)
test.after(async () => {
  await server.stop()
  await proxy.stop()
  await engines.release()
})

const large = laboriousCsv(300_000, 4)

async function newestJob(measurement: string): Promise<Job | undefined> {
  const { jobs } = (await server.get('/api/jobs?limit=5')).json as { jobs: Job[] }
  return jobs.find((job) => job.payload.measurement === measurement)
}

function hasEnded(measurement: string): Promise<Job> {
  return eventually('the job has ended', async () => {
    const job = await newestJob(measurement)
    return job && job.status !== 'RUNNING' ? job : undefined
  })
}

async function nothingIsLeft(measurement: string): Promise<void> {
  await eventually('no staged table is left', async () => (await staged.left()).length === 0)
  await eventually('the spool is empty', () => readdirSync(server.spoolDir).length === 0)
  assert.is(await rowCount(engines, measurement), undefined)
}

test('a client that leaves while its file is loaded cancels the job, and nothing of it stays', async () => {
  const name = `${prefix}left`
  const leaving = new AbortController()
  const request = postCsv(server, name, large, {}, { signal: leaving.signal }).catch((error: unknown) => error)
  await eventually('rows are loaded', async () => ((await newestJob(name))?.progress ?? 0) > 0)
  leaving.abort()
  assert.ok((await request) instanceof Error)
  const job = await hasEnded(name)
  assert.equal([job.status, job.error_code], ['CANCELLED', 'CANCELLED'])
  assert.match(job.error, /client has left/)
  await nothingIsLeft(name)
})

test('a client that leaves while the staging table is made leaves no table, however long QuestDB takes to make it', async () => {
  const name = `${prefix}made`
  const leaving = new AbortController()
  proxy.holdNext(1_000)
  const request = postCsv(server, name, minutesCsv(3), {}, { signal: leaving.signal }).catch((error: unknown) => error)
  await eventually('the table is recorded', async () => (await staged.left()).length === 1)
  await sleep(200)
  leaving.abort()
  assert.ok((await request) instanceof Error)
  assert.is((await hasEnded(name)).status, 'CANCELLED')
  await sleep(1_000)
  await nothingIsLeft(name)
})

test('a client that leaves while it waits for others does not hold them up', async () => {
  const [first, second] = [`${prefix}first`, `${prefix}second`]
  const stopFirst = new AbortController()
  const leaving = new AbortController()
  const running = postCsv(server, first, large, {}, { signal: stopFirst.signal }).catch(() => {})
  await eventually('rows are loaded', async () => ((await newestJob(first))?.progress ?? 0) > 0)
  const waiting = postCsv(server, second, minutesCsv(3), {}, { signal: leaving.signal }).catch(() => {})
  await eventually('the second waits', () => newestJob(second))
  leaving.abort()
  await waiting
  assert.is((await hasEnded(second)).status, 'CANCELLED')
  stopFirst.abort()
  await running
  await hasEnded(first)
  await nothingIsLeft(second)
})

test('time that is up ends the import, and the client and the job are told', async () => {
  const name = `${prefix}late`
  const other = await lockMeasurement(engines.postgresUrl, name)
  const answer = await postCsv(server, name, minutesCsv(3))
  await other.release()
  assert.is(answer.status, 504, answer.text)
  assert.is((answer.json as Problem).code, 'TIME_LIMIT')
  assert.match((answer.json as Problem).message, /3 s/)
  const job = await hasEnded(name)
  assert.equal([job.status, job.error_code], ['FAILED', 'TIME_LIMIT'])
  await nothingIsLeft(name)
})

test('the thread that loaded goes on with the next file at once', async () => {
  const receipt = await importCsv(server, `${prefix}next`, minutesCsv(100))
  assert.is(receipt.rows_written, 100)
})

test.run()
