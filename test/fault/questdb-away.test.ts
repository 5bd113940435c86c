/** QuestDB is gone, or hangs: what still works, what is said of the rest, and how it comes back. */
import * as assert from 'uvu/assert'
import { minutesCsv } from '../support/csv.js'
import { startProxy } from '../support/cutting-proxy.js'
import { eventually } from '../support/eventually.js'
import { bars } from '../support/fixtures.js'
import { ended, type ImportReceipt, importCsv, jobOf, postCsv, rowCount } from '../support/imports.js'
import { type Received, startServer, TestClient } from '../support/server.js'
import { watchStaged } from '../support/staged.js'
import { asAdmin } from '../support/template.js'
import { test } from '../support/test.js'

const proxy = await startProxy(process.env.STAGE1_QUESTDB_URL as string)
const server = await startServer({ questdbUrl: proxy.url, settings: { STAGE1_QUESTDB_TIMEOUT_SECONDS: '2' } })
const { engines } = server
const { prefix } = engines
const anonymous = new TestClient(server.url, '')
const staged = await watchStaged(engines)
test.after(async () => {
  await proxy.restore()
  await server.stop()
  await proxy.stop()
})
test.after.each(proxy.restore)

const SLUG = 'away'
const append = (count: number) => server.post(`/api/datasets/${SLUG}/ohlcv/append`, { rows: bars(count) })

test.before(async () => {
  const metadata = { ohlcv_measurement: `${prefix}bars`, indicator_measurement: `${prefix}ind` }
  await server.post('/api/datasets', { dataset_slug: SLUG, metadata: { ...metadata, ohlcv_rows: 3 } })
  assert.is((await append(5)).status, 200)
})

async function timed(limitMs: number, ask: Promise<Received>): Promise<Received> {
  const started = performance.now()
  const answer = await ask
  const ms = performance.now() - started
  assert.ok(ms < limitMs, `answered after ${Math.round(ms)} ms`)
  return answer
}

/** An answer that says which engine is away and when to come back. */
function unavailable(answer: Received): void {
  assert.is(answer.status, 503, answer.text)
  assert.is((answer.json as { code: string }).code, 'QUESTDB_UNAVAILABLE')
  assert.match(answer.headers.get('retry-after') ?? '', /^[1-9]\d?$/)
  assert.not.match(answer.text, /127\.0\.0\.1|ECONNREFUSED.*:\d{4}|node_modules/)
}

async function recovered(): Promise<void> {
  await eventually('ready again', async () => (await anonymous.get('/readyz')).status === 200, 3_000)
}

interface Detail {
  dataset_slug: string
  ohlcv_rows: number
  questdb_state: { status: string; ohlcv: { status: string } }
}

test('with QuestDB gone, what lies in PostgreSQL is still answered, and the rest is called unknown', async () => {
  await proxy.cut()
  const answer = await timed(3_000, server.get(`/api/datasets/${SLUG}`))
  assert.is(answer.status, 200)
  const detail = answer.json as Detail
  assert.equal([detail.dataset_slug, detail.ohlcv_rows], [SLUG, 3])
  assert.equal([detail.questdb_state.status, detail.questdb_state.ohlcv.status], ['unknown', 'unknown'])
  for (const path of ['/api/datasets', '/api/jobs', '/api/runs', `/api/datasets/${SLUG}/runs`])
    assert.is((await timed(3_000, server.get(path))).status, 200, path)
})

test('with QuestDB gone, rows are refused within seconds and with the time to come back', async () => {
  await proxy.cut()
  unavailable(await timed(5_000, append(7)))
  unavailable(await timed(5_000, postCsv(server, `${prefix}gone`, minutesCsv(3))))
  unavailable(await timed(5_000, server.get(`/api/datasets/${SLUG}/ohlcv`)))
  unavailable(await timed(5_000, server.get('/api/questdb/measurements')))
  unavailable(await timed(5_000, server.get(`/api/questdb/measurement/${prefix}bars`)))
})

test('the process says that it lives, and that it is not ready', async () => {
  await proxy.cut()
  assert.is((await timed(1_000, anonymous.get('/healthz'))).status, 200)
  const ready = await timed(3_000, anonymous.get('/readyz'))
  unavailable(ready)
  const { details } = ready.json as { details: { postgres: { status: string }; questdb: { status: string } } }
  assert.equal([details.postgres.status, details.questdb.status], ['up', 'down'])
  const health = (await timed(3_000, anonymous.get('/api/health'))).json as { status: string }
  assert.is(health.status, 'degraded')
})

test('when QuestDB is back the same server goes on, and nothing of the refused rows is there', async () => {
  await recovered()
  assert.is(await rowCount(engines, `${prefix}gone`), undefined)
  const detail = (await server.get(`/api/datasets/${SLUG}`)).json as Detail
  assert.equal([detail.questdb_state.status, detail.ohlcv_rows], ['ok', 5])
  const answer = await append(7)
  assert.is(answer.status, 200)
  assert.is((answer.json as { total_rows: number }).total_rows, 7)
})

test('a job that finds QuestDB gone waits for it and then does its work', async () => {
  const name = `${prefix}waiting`
  await proxy.cut()
  const accepted = await postCsv(server, name, minutesCsv(10), {}, { async: true })
  assert.is(accepted.status, 202)
  const { job_id } = accepted.json as ImportReceipt
  await eventually('it waits', async () => {
    const job = await jobOf(server, job_id)
    return job.status === 'PENDING' && job.attempts === 1
  })
  await proxy.restore()
  await asAdmin(engines.postgresUrl, (admin) => admin.query('update stage1_jobs set run_after = now()'))
  const job = await ended(server, job_id)
  assert.equal([job.status, job.attempts, job.result.rows_written], ['COMPLETED', 2, 10])
  assert.is(await rowCount(engines, name), 10)
})

test('a cut in the middle of a load ends in all of the rows or in none', async () => {
  for (const afterMs of [0, 100]) {
    const name = `${prefix}cut_${afterMs}`
    const request = postCsv(server, name, minutesCsv(60_000, 3))
    await eventually('the load has begun', async () => {
      const { jobs } = (await server.get('/api/jobs?limit=1')).json as { jobs: { payload: { measurement: string } }[] }
      return jobs[0]?.payload.measurement === name
    })
    await new Promise((resolve) => setTimeout(resolve, afterMs))
    await proxy.cut()
    await new Promise((resolve) => setTimeout(resolve, 200))
    await proxy.restore()
    const answer = await request
    if (answer.status !== 200) unavailable(answer)
    assert.is(await rowCount(engines, name), answer.status === 200 ? 60_000 : undefined)
    assert.is((await importCsv(server, name, minutesCsv(60_000, 3))).total_rows, 60_000)
  }
})

test('with QuestDB hanging, nothing waits longer than its limit', async () => {
  proxy.freeze()
  const [detail, ready, alive, ...answers] = await Promise.all([
    timed(15_000, server.get(`/api/datasets/${SLUG}`)),
    timed(15_000, anonymous.get('/readyz')),
    timed(15_000, anonymous.get('/healthz')),
    timed(15_000, server.get('/api/questdb/measurements')),
    timed(15_000, append(9)),
    timed(15_000, postCsv(server, `${prefix}hung`, minutesCsv(3))),
  ])
  assert.is((detail.json as Detail).questdb_state.status, 'unknown')
  assert.equal([ready.status, alive.status], [503, 200])
  for (const answer of answers) unavailable(answer)
})

test('after the hang the same server goes on', async () => {
  await recovered()
  assert.is((await append(9)).status, 200)
  assert.is(await rowCount(engines, `${prefix}hung`), undefined)
})

test('what could not be cleared away is cleared away later', async () => {
  const { startApp } = await import('../../src/app.js')
  const { createLog } = await import('../../src/log.js')
  const { testConfig } = await import('../support/server.js')
  const next = await startApp(testConfig(engines, server.spoolDir), createLog('silent'))
  await next.prepared
  await next.stop()
  assert.equal(await staged.left(), [])
})

test.run()
