/**
 * PostgreSQL itself is frozen with all of its processes, crashes, or has no connection left: every request ends within its limit,
 * and the same server goes on when it is back. Beside `postgres-away`, where a proxy plays the faults.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import * as assert from 'uvu/assert'
import { laboriousCsv, minutesCsv } from '../support/csv.js'
import { type HeardStream, listen } from '../support/event-stream.js'
import { eventually } from '../support/eventually.js'
import { ended, type ImportReceipt, importCsv, jobOf, postCsv, rowCount } from '../support/imports.js'
import { operationsOf } from '../support/operations.js'
import { ownPostgres } from '../support/own-postgres.js'
import { type Received, startServer, TestClient, testEnvironment } from '../support/server.js'
import { startProcess } from '../support/server-process.js'
import { asAdmin } from '../support/template.js'
import { test } from '../support/test.js'

const LEASE_SECONDS = 2
const settings = {
  STAGE1_POSTGRES_CONNECT_SECONDS: '1',
  STAGE1_POSTGRES_STATEMENT_SECONDS: '1',
  STAGE1_POSTGRES_POOL_SIZE: '3',
  STAGE1_JOBS_LEASE_SECONDS: String(LEASE_SECONDS),
  STAGE1_JOBS_SWEEP_SECONDS: '1',
}
/** A request waits for a connection, and then for a statement. */
const LIMIT_MS = 10_000

const { postgres, engines, release } = await ownPostgres({ settings: { max_connections: '40' } })
const server = await startServer({ engines, settings })
const anonymous = new TestClient(server.url, '')
const { prefix } = engines
const stream = await listen(server.url, server.token, '?since=0')
test.after(async () => {
  postgres.thaw()
  stream.leave()
  await server.stop()
  await release()
})

function unavailable(answer: Received, what: string): void {
  assert.is(answer.status, 503, `${what}: ${answer.text}`)
  assert.is((answer.json as { code: string }).code, 'POSTGRES_UNAVAILABLE', what)
  assert.match(answer.headers.get('retry-after') ?? '', /^[1-9]\d?$/, what)
  assert.not.match(answer.text, /127\.0\.0\.1|ECONN|node_modules|select /i)
}

async function withinLimit<T>(what: string, ask: Promise<T>): Promise<T> {
  const late = sleep(LIMIT_MS).then(() => Promise.reject(new Error(`${what}: no answer within ${LIMIT_MS} ms`)))
  return Promise.race([ask, late as Promise<T>])
}

async function everyOperationIsUnavailable(): Promise<void> {
  const asked = operationsOf((operation) => operation.needsToken)
  assert.ok(asked.length > 30, String(asked.length))
  await Promise.all(
    asked.map(async ({ id, method, path }) => {
      const options = method === 'GET' || method === 'DELETE' ? {} : { json: {} }
      unavailable(await withinLimit(id, server.send(method, path, options)), id)
    }),
  )
}

async function aliveAndNotReady(): Promise<void> {
  assert.is((await withinLimit('healthz', anonymous.get('/healthz'))).status, 200)
  unavailable(await withinLimit('readyz', anonymous.get('/readyz')), 'readyz')
}

async function backByItself(): Promise<void> {
  await eventually('requests succeed again', async () => (await server.get('/api/jobs')).status === 200, LIMIT_MS)
  await eventually('it says that it is ready', async () => (await anonymous.get('/readyz')).status === 200, LIMIT_MS)
}

/** Every event that the table has was heard, once and in order. */
async function missedNothing(heard: HeardStream): Promise<void> {
  await eventually('all events were heard', async () => {
    const stored = await asAdmin(engines.postgresUrl, async (admin) => {
      const { rows } = await admin.query<{ event_id: string }>('select event_id from stage1_events order by event_id')
      return rows.map((row) => Number(row.event_id))
    })
    return JSON.stringify(heard.numbers) === JSON.stringify(stored)
  })
}

test('frozen: every operation ends within its limit with 503, and the process says that it lives', async () => {
  await importCsv(server, `${prefix}before`, minutesCsv(3))
  postgres.freeze()
  try {
    await Promise.all([everyOperationIsUnavailable(), aliveAndNotReady()])
  } finally {
    postgres.thaw()
  }
  await backByItself()
})

test('after that a stream of events and the queue go on: no event was missed, an import is done at once', async () => {
  const accepted = await postCsv(server, `${prefix}after_freeze`, minutesCsv(10), {}, { async: true })
  const job = await ended(server, (accepted.json as ImportReceipt).job_id)
  assert.equal([job.status, job.attempts], ['COMPLETED', 1])
  assert.is(stream.ended, false)
  await missedNothing(stream)
})

test('a job that runs while PostgreSQL is frozen for longer than its lease is done in the end, once', async () => {
  const name = `${prefix}job`
  const accepted = await postCsv(server, name, laboriousCsv(150_000), {}, { async: true })
  const { job_id } = accepted.json as ImportReceipt
  await eventually('rows are loaded', async () => (await jobOf(server, job_id)).progress > 0)
  postgres.freeze()
  await sleep((LEASE_SECONDS + 2) * 1000)
  postgres.thaw()
  await backByItself()
  const job = await ended(server, job_id, 40_000)
  assert.equal([job.status, job.error], ['COMPLETED', ''])
  assert.is(await rowCount(engines, name), 150_000)
})

test('crashed: every operation is answered 503 at once; started again, the same server goes on', async () => {
  await postgres.crash()
  await Promise.all([everyOperationIsUnavailable(), aliveAndNotReady()])
  await postgres.start()
  await backByItself()
  assert.is(await rowCount(engines, `${prefix}before`), 3)
})

test('after the crash a stream of events and the queue go on without a gap', async () => {
  const accepted = await postCsv(server, `${prefix}after_crash`, minutesCsv(10), {}, { async: true })
  assert.is((await ended(server, (accepted.json as ImportReceipt).job_id)).status, 'COMPLETED')
  assert.is(stream.ended, false)
  await missedNothing(stream)
})

test('when PostgreSQL has no connection left, requests are told to come back, and then succeed', async () => {
  await asAdmin(engines.postgresUrl, (admin) =>
    admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'stage1'`),
  )
  const { held, leave } = await holdEveryConnection()
  assert.ok(held > 20, String(held))
  try {
    unavailable(await withinLimit('jobs', server.get('/api/jobs')), 'jobs')
    assert.is((await anonymous.get('/healthz')).status, 200)
  } finally {
    await leave()
  }
  await backByItself()
})

/** Connects until PostgreSQL refuses. */
async function holdEveryConnection(): Promise<{ held: number; leave: () => Promise<void> }> {
  const clients: pg.Client[] = []
  for (;;) {
    const client = new pg.Client({ connectionString: engines.postgresUrl })
    client.on('error', () => {})
    try {
      await client.connect()
      clients.push(client)
    } catch (error) {
      assert.is((error as { code?: string }).code, '53300')
      return {
        held: clients.length,
        leave: async () => void (await Promise.all(clients.map((one) => one.end()))),
      }
    }
  }
}

test('a server that is asked to stop while PostgreSQL is frozen ends in good order', async () => {
  const spool = mkdtempSync(join(tmpdir(), 'stage1-test-spool-'))
  const own = await startProcess(
    testEnvironment(engines, spool, { settings: { ...settings, STAGE1_SERVER_DRAIN_SECONDS: '2' } }),
  )
  postgres.freeze()
  try {
    const how = await withinLimit('the end', own.terminate())
    assert.equal([how.code, how.signal], [0, null], own.output().slice(-2_000))
  } finally {
    postgres.thaw()
    await own.kill()
    rmSync(spool, { recursive: true, force: true })
  }
})

test.run()
