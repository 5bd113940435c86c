/**
 * A server's clock is an hour or a day wrong, or is set while it runs: it and a second server, whose clock is right, agree on all
 * that has a time limit, because the database's clock decides.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { minutesCsv } from '../support/csv.js'
import { ownEngines } from '../support/engines.js'
import { listen } from '../support/event-stream.js'
import { eventually } from '../support/eventually.js'
import { ownDataset, ownRun } from '../support/fixtures.js'
import { ended, type ImportReceipt, jobOf, postCsv } from '../support/imports.js'
import { lockMeasurement } from '../support/outside-lock.js'
import { rawRequest } from '../support/raw-http.js'
import { SHARED_SECRET, startServer, TestClient, testEnvironment } from '../support/server.js'
import { type ServerProcess, startProcess } from '../support/server-process.js'
import { asAdmin } from '../support/template.js'
import { test } from '../support/test.js'

const HOUR = 3_600_000
const SHIFTS = { '1 h ahead': HOUR, '1 h behind': -HOUR, '1 day ahead': 24 * HOUR }

const engines = await ownEngines()
const { prefix } = engines
const spool = mkdtempSync(join(tmpdir(), 'stage1-test-spool-'))
const settings = {
  STAGE1_TRANSFERS_SPOOL_DIR: spool,
  STAGE1_JOBS_SWEEP_SECONDS: '1',
  STAGE1_TRANSFERS_UPLOAD_HOURS: '1',
  STAGE1_EXPORTS_HOURS: '1',
  STAGE1_IDEMPOTENCY_KEEP_HOURS: '1',
}
const right = await startServer({ engines, settings })
const dataset = ownDataset('', 'clock')
const sql = (text: string, values: unknown[] = []) => asAdmin(engines.postgresUrl, (admin) => admin.query(text, values))
let wrong: ServerProcess | undefined
test.before(async () => {
  await right.post('/api/datasets', dataset)
})
test.after.each(async () => {
  await wrong?.kill()
  wrong = undefined
})
test.after(async () => {
  await right.stop()
  await engines.release()
  rmSync(spool, { recursive: true, force: true })
})

/** Starts the server whose clock is wrong; its first sweep of leftovers is over. */
async function startWrong(shiftMs: number, more: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
  const environment = testEnvironment(engines, spool, { settings: { ...settings, ...more } })
  const preload = new URL('../support/shifted-clock.js', import.meta.url).href
  const shifted = { NODE_OPTIONS: `--import ${preload}`, STAGE1_TEST_CLOCK_SHIFT_MS: String(shiftMs) }
  wrong = await startProcess({ ...environment, ...shifted })
  const { timestamp } = (await new TestClient(wrong.url, '').get('/api/health')).json as { timestamp: string }
  assert.ok(Math.abs(Date.parse(timestamp) - Date.now() - shiftMs) < HOUR / 2, `its clock says ${timestamp}`)
  await sleep(1_500)
  return wrong
}

async function issue(url: string, expires_in = 60): Promise<{ token: string; token_id: string }> {
  const answer = await new TestClient(url, '').post('/api/auth/token', { secret: SHARED_SECRET, expires_in })
  return answer.json as { token: string; token_id: string }
}

const statusWith = async (url: string, token: string) => (await new TestClient(url, token).get('/api/jobs')).status

for (const [how, shiftMs] of Object.entries(SHIFTS)) {
  test(`a clock ${how}: nothing runs out too early or too late, whichever server is asked`, async () => {
    const goesOn = await thingsUnderWay(shiftMs)
    const { url } = await startWrong(shiftMs)
    await goesOn(url)
    await tokensAndTicketsLiveOn(url)
    await laterSaveStays(url)
  })
}

/** What was accepted, kept or begun before a server with a wrong clock starts and sweeps; the result tells that it has stayed so. */
async function thingsUnderWay(shiftMs: number): Promise<(url: string) => Promise<void>> {
  const name = `${prefix}job_${Math.abs(shiftMs)}_${shiftMs > 0}`
  const lock = await lockMeasurement(engines.postgresUrl, name)
  const accepted = await postCsv(right, name, minutesCsv(50), {}, { async: true })
  const { job_id } = accepted.json as ImportReceipt
  await eventually('it runs', async () => (await jobOf(right, job_id)).status === 'RUNNING')
  const { upload_id } = (await right.send('POST', '/api/uploads', { body: minutesCsv(5), media: 'text/csv' })).json as {
    upload_id: string
  }
  const exported = (await right.post('/api/questdb/export/async', { sql: 'select 1' })).json as { job_id: string }
  const { result } = await ended(right, exported.job_id)
  const key = { headers: { 'idempotency-key': `key-${shiftMs}` } }
  const first = await right.post('/api/datasets', dataset, key)
  const before = readdirSync(spool).length
  const body = minutesCsv(5)
  const sending = await rawRequest(right.url, `POST /api/questdb/import?measurement=${name}_sent`, {
    'x-stage1-token': right.token,
    'content-type': 'text/csv',
    'content-length': String(body.length),
  })
  sending.write(body.slice(0, 20))
  await eventually('the body has begun', () => readdirSync(spool).length > before)

  return async (url) => {
    const other = new TestClient(url, right.token)
    const job = await jobOf(other, job_id)
    assert.equal([job.status, job.attempts], ['RUNNING', 1], 'its lease still holds')
    assert.is((await other.get(`/api/uploads/${upload_id}`)).status, 200)
    assert.is((await other.get(result.url as string)).status, 200)
    const again = await other.post('/api/datasets', dataset, key)
    assert.equal([again.headers.get('idempotency-replayed'), again.text], ['true', first.text])
    await lock.release()
    assert.equal([(await ended(other, job_id)).status, (await jobOf(other, job_id)).attempts], ['COMPLETED', 1])
    sending.write(body.slice(20))
    assert.is((await sending.answer()).status, 200)
  }
}

/** Whoever has issued them. */
async function tokensAndTicketsLiveOn(url: string): Promise<void> {
  const theirs = await issue(url)
  for (const [issuer, asked] of [
    [url, right.url],
    [url, url],
    [right.url, url],
  ] as const) {
    const { token } = issuer === url ? theirs : await issue(issuer)
    assert.is(await statusWith(asked, token), 200)
    const { ticket } = (await new TestClient(issuer, token).post('/api/events/tickets', {})).json as {
      ticket: string
    }
    const stream = await listen(asked, '', `?ticket=${ticket}`)
    assert.is(stream.status, 200)
    stream.leave()
    assert.is((await listen(asked, '', `?ticket=${ticket}`)).status, 401)
  }
  const { rows } = await sql(
    'select extract(epoch from expires_at - now())::float8 as left from stage1_tokens where token_id = $1',
    [theirs.token_id],
  )
  const { left } = rows[0] as { left: number }
  assert.ok(left > 0 && left <= 60, String(left))
  await sql(`update stage1_tokens set expires_at = now() - interval '1 second' where token_id = $1`, [theirs.token_id])
  for (const asked of [url, right.url]) assert.is(await statusWith(asked, theirs.token), 401)
}

/** Of two saves of a run the one that was accepted later. */
async function laterSaveStays(url: string): Promise<void> {
  const other = new TestClient(url, right.token)
  const run = ownRun(prefix, dataset.dataset_id, 2)
  for (const [n, client] of [other, right, other].entries()) {
    const changed = { ...run, run: { ...run.run, target_column: `TGT_${n}` } }
    const options = n === 0 ? {} : { headers: { prefer: 'respond-async' } }
    const answer = await client.post('/api/runs', changed, options)
    if (n > 0) {
      const job = await ended(client, (answer.json as { job_id: string }).job_id)
      assert.equal([job.status, job.error], ['COMPLETED', ''])
    }
    const stored = (await right.get(`/api/runs/${run.run.run_id}`)).json as { run: { target_column: string } }
    assert.is(stored.run.target_column, `TGT_${n}`)
  }
}

test('a clock that is set while the server runs ends no lease, opens no window of rates, and makes none longer', async () => {
  const { url, pid } = await startWrong(-HOUR, {
    STAGE1_LIMITS_SECRET_TRIES_PER_MINUTE: '3',
    STAGE1_JOBS_LEASE_SECONDS: '2',
  })
  const anonymous = new TestClient(url, '')
  const { token } = await issue(url)
  const client = new TestClient(url, token)
  const name = `${prefix}set`
  const lock = await lockMeasurement(engines.postgresUrl, name)
  const waiting = postCsv(client, name, minutesCsv(50))
  await eventually('it waits', () => hasJob(name))
  process.kill(pid, 'SIGUSR2')
  await sleep(2_500)
  await lock.release()
  const answer = await waiting
  assert.is(answer.status, 200, answer.text)

  let last = await anonymous.post('/api/auth/token', { secret: 'wrong' })
  for (let tries = 0; tries < 5; tries++) last = await anonymous.post('/api/auth/token', { secret: 'wrong' })
  assert.is(last.status, 429)
  const retryAfter = Number(last.headers.get('retry-after'))
  assert.ok(retryAfter >= 1 && retryAfter <= 60, String(retryAfter))
  const { uptime } = (await anonymous.get('/api/health')).json as { uptime: number }
  assert.ok(uptime >= 0 && uptime < 60, String(uptime))
})

async function hasJob(measurement: string): Promise<boolean> {
  const { rows } = await sql(`select from stage1_jobs where payload->>'measurement' = $1`, [measurement])
  return rows.length > 0
}

test.run()
