/** PostgreSQL is gone, hangs, or drops connections: what is answered, and how it comes back. */
import { readdirSync } from 'node:fs'
import pg from 'pg'
import * as assert from 'uvu/assert'
import { newToken } from '../../src/auth/token.js'
import { minutesCsv } from '../support/csv.js'
import { startProxy } from '../support/cutting-proxy.js'
import { ownEngines } from '../support/engines.js'
import { eventually } from '../support/eventually.js'
import { importCsv, type Job, postCsv, rowCount } from '../support/imports.js'
import { lockMeasurement } from '../support/outside-lock.js'
import { type Received, startServer, TestClient } from '../support/server.js'
import { asAdmin } from '../support/template.js'
import { test } from '../support/test.js'

const engines = await ownEngines()
const proxy = await startProxy(engines.postgresUrl)
const server = await startServer({
  engines,
  postgresUrl: proxy.url,
  settings: {
    STAGE1_POSTGRES_CONNECT_SECONDS: '1',
    STAGE1_POSTGRES_STATEMENT_SECONDS: '2',
    STAGE1_POSTGRES_POOL_SIZE: '3',
    STAGE1_JOBS_LEASE_SECONDS: '2',
    STAGE1_JOBS_SWEEP_SECONDS: '1',
  },
})
const { prefix } = engines
const anonymous = new TestClient(server.url, '')
test.after(async () => {
  await proxy.restore()
  await server.stop()
  await proxy.stop()
  await engines.release()
})

async function recovered(limitMs: number): Promise<void> {
  await proxy.restore()
  await eventually('requests succeed again', async () => (await server.get('/api/jobs')).status === 200, limitMs)
}
test.after.each(() => recovered(6_000))

async function timed(limitMs: number, ask: Promise<Received>): Promise<Received> {
  const started = performance.now()
  const answer = await ask
  const ms = performance.now() - started
  assert.ok(ms < limitMs, `answered after ${Math.round(ms)} ms`)
  return answer
}

function unavailable(answer: Received): void {
  assert.is(answer.status, 503, answer.text)
  assert.is((answer.json as { code: string }).code, 'POSTGRES_UNAVAILABLE')
  assert.match(answer.headers.get('retry-after') ?? '', /^[1-9]\d?$/)
  assert.not.match(answer.text, /127\.0\.0\.1|ECONN|node_modules|select /i)
}

/** Every kind of request that needs PostgreSQL, each within the limit. */
async function allUnavailable(limitMs: number): Promise<void> {
  const answers = await Promise.all([
    timed(limitMs, server.get('/api/datasets')),
    timed(limitMs, server.get('/api/runs')),
    timed(limitMs, server.get('/api/jobs/8620f8da-8f74-4dd9-8ee2-d14d2c672873')),
    timed(limitMs, server.post('/api/datasets', { dataset_slug: 'away' })),
    timed(limitMs, server.post('/api/auth/token', { secret: 'wrong or right' })),
    timed(limitMs, postCsv(server, `${prefix}away`, minutesCsv(3))),
    timed(limitMs, postCsv(server, `${prefix}away`, minutesCsv(3), {}, { async: true })),
  ])
  // Who knows no secret is told so without asking PostgreSQL.
  assert.equal(
    answers.splice(4, 1).map((answer) => answer.status),
    [401],
  )
  for (const answer of answers) unavailable(answer)
}

async function jobFor(measurement: string): Promise<Job | undefined> {
  const { jobs } = (await server.get('/api/jobs?limit=20')).json as { jobs: Job[] }
  return jobs.find((job) => job.payload.measurement === measurement)
}

async function aliveAndNotReady(): Promise<void> {
  assert.is((await timed(500, anonymous.get('/healthz'))).status, 200)
  const ready = await timed(3_000, anonymous.get('/readyz'))
  unavailable(ready)
  const health = (await timed(3_000, anonymous.get('/api/health'))).json as { status: string; questdb: unknown }
  assert.is(health.status, 'degraded')
}

test('with PostgreSQL gone every request ends at once with the time to come back', async () => {
  await proxy.cut()
  await allUnavailable(2_000)
  await aliveAndNotReady()
})

test('when it is back the same server goes on within a second, and nothing of the refused is there', async () => {
  await recovered(1_500)
  assert.is((await server.get('/api/datasets/away')).status, 404)
  assert.is(await rowCount(engines, `${prefix}away`), undefined)
})

test('with PostgreSQL gone a token that cannot be one is refused without asking it', async () => {
  await proxy.cut()
  const withToken = (token: string) => new TestClient(server.url, token).get('/api/jobs')
  for (const token of ['', 'none', 'st1_x']) assert.is((await timed(500, withToken(token))).status, 401)
  unavailable(await withToken(newToken()))
})

test('with PostgreSQL hanging every request ends within the limits of connecting and of a statement', async () => {
  // An import that waits for another one to end has got further than any request that comes now.
  const other = await lockMeasurement(engines.postgresUrl, `${prefix}lost`)
  const waiting = postCsv(server, `${prefix}lost`, minutesCsv(1_000))
  await eventually('it waits', () => jobFor(`${prefix}lost`))
  proxy.freeze()
  try {
    await Promise.all([allUnavailable(6_000), aliveAndNotReady(), timed(10_000, waiting).then(unavailable)])
  } finally {
    await other.release()
  }
})

test('when the hang is over the same server goes on within a second, and finishes what it had accepted', async () => {
  await recovered(1_500)
  const lost = `${prefix}lost`
  const job = await eventually('its job has ended', async () => {
    const found = await jobFor(lost)
    return found && ['COMPLETED', 'FAILED'].includes(found.status) ? found : undefined
  })
  assert.is(await rowCount(engines, lost), job.status === 'COMPLETED' ? 1_000 : undefined)
  assert.is((await importCsv(server, `${prefix}after`, minutesCsv(3))).total_rows, 3)
})

test('connections that PostgreSQL drops while they are idle cost no request', async () => {
  await Promise.all(Array.from({ length: 3 }, () => server.get('/api/jobs')))
  await asAdmin(engines.postgresUrl, (admin) =>
    admin.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name like 'stage1%' and pid <> pg_backend_pid()`),
  )
  await new Promise((resolve) => setTimeout(resolve, 50))
  for (let i = 0; i < 8; i++) assert.is((await server.get('/api/jobs')).status, 200)
})

test('connections that are never heard of again are given up, and new ones made', async () => {
  await Promise.all(Array.from({ length: 3 }, () => server.get('/api/jobs')))
  proxy.strand()
  await recovered(8_000)
  const answers = await Promise.all(Array.from({ length: 12 }, () => server.get('/api/jobs')))
  assert.equal(
    answers.map((answer) => answer.status),
    Array(12).fill(200),
  )
})

/** Keeps a table locked, so that statements on it wait. */
async function withLockedTable(table: string, story: () => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: engines.postgresUrl })
  await client.connect()
  try {
    await client.query(`begin; lock table ${table} in access exclusive mode`)
    await story()
  } finally {
    await client.end()
  }
}

test('a connection that breaks under a statement fails that request and nothing else', async () => {
  await withLockedTable('stage1_datasets', async () => {
    const waiting = Promise.all([
      server.get('/api/datasets'),
      server.get('/api/datasets/x'),
      server.post('/api/datasets', { dataset_slug: 'broken' }),
    ])
    await new Promise((resolve) => setTimeout(resolve, 300))
    await proxy.cut()
    for (const answer of await waiting) unavailable(answer)
  })
  assert.is((await anonymous.get('/healthz')).status, 200)
})

test('a statement that waits too long is ended, and the client told to come back', async () => {
  await withLockedTable('stage1_datasets', async () => {
    const answer = await timed(5_000, server.get('/api/datasets'))
    assert.ok([503, 504].includes(answer.status), answer.text)
    assert.not.match(answer.text, /statement timeout|canceling/)
  })
})

test('with every connection in use a request waits only as long as it may', async () => {
  await withLockedTable('stage1_datasets', async () => {
    const holders = Array.from({ length: 3 }, () => server.get('/api/datasets'))
    await new Promise((resolve) => setTimeout(resolve, 200))
    unavailable(await timed(2_500, server.get('/api/jobs')))
    for (const holder of await Promise.all(holders)) assert.ok(holder.status >= 503)
  })
})

test('an import that could not be accepted leaves no body behind', async () => {
  await withLockedTable('stage1_jobs', async () => {
    const answers = await Promise.all([
      timed(5_000, postCsv(server, `${prefix}unaccepted`, minutesCsv(3))),
      timed(5_000, postCsv(server, `${prefix}unaccepted`, minutesCsv(3), {}, { async: true })),
    ])
    for (const answer of answers) assert.ok(answer.status >= 503, answer.text)
  })
  await eventually('the spool is empty', () => readdirSync(server.spoolDir).length === 0, 2_000)
})

test.run()
