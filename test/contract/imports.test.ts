/** Imports and the jobs that do them, as the desktop hands them in and follows them. */
import { readFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { csvOf } from '../support/csv.js'
import { eventually } from '../support/eventually.js'
import { ownDataset, ownRun } from '../support/fixtures.js'
import { formOf } from '../support/form.js'
import { storedRows } from '../support/imports.js'
import { lockMeasurement } from '../support/outside-lock.js'
import { startServer } from '../support/server.js'
import { asAdmin } from '../support/template.js'
import { test } from '../support/test.js'
import { must } from './desktop/sender.js'
import { type DesktopJob, readJob, readJobId, readJobs } from './desktop/table-readers.js'
import { Desktop, isSuccess } from './desktop/transport.js'
import type { Json } from './desktop/values.js'
import { toast } from './web/transport.js'

const SWEEP_SECONDS = 3
const server = await startServer({ settings: { STAGE1_JOBS_SWEEP_SECONDS: String(SWEEP_SECONDS) } })
const desktop = new Desktop(server.url, server.token)
const { engines } = server
test.after(() => server.stop())

const FIRST = Date.UTC(2024, 10, 28, 22)
const CSV = `timestamp,close,label\n${FIRST},95210.7,up\n${FIRST + 3_600_000},95333.3,"a ""quoted"", line"\n`
const name = (measurement: string) => `${engines.prefix}${measurement}`
const bodyOf = (measurement: string, data = CSV) => ({ measurement, data, filename: `${measurement}.csv` })

async function handedIn(measurement: string, data = CSV): Promise<string> {
  return readJobId((await must(desktop.post('/api/questdb/import/async', bodyOf(measurement, data)))).text)
}

function ended(jobId: string): Promise<DesktopJob> {
  return eventually(`job ${jobId} ends`, async () => {
    const job = readJob((await must(desktop.get(`/api/jobs/${jobId}`))).text)
    return ['COMPLETED', 'FAILED'].includes(job.status) && job
  })
}

test('A3 #23: a job has its type under both names, whole numbers for progress, and its error as text', async () => {
  const good = await ended(await handedIn(name('good')))
  assert.equal([good.job_type, good.status, good.error], ['import', 'COMPLETED', ''])
  assert.match(good.progress, /^(\d+)\/\1 \(100%\)$/)
  assert.equal([JSON.parse(good.payload).measurement, JSON.parse(good.result).rows_written], [name('good'), 2])
  for (const time of [good.created_at, good.updated_at, good.started_at, good.completed_at])
    assert.ok(Date.parse(time) > 0)
  const raw = JSON.parse((await desktop.get(`/api/jobs/${good.job_id}`)).text) as Json
  assert.equal([raw.type, raw.progress_pct], ['import', 100])
  const bad = await ended(await handedIn(name('bad'), `timestamp,close\n${FIRST},1\n${FIRST + 1},x\n`))
  assert.is(bad.status, 'FAILED')
  assert.match(bad.error, /line 3.*"close".*"x"/)
  const list = readJobs((await must(desktop.get('/api/jobs?limit=100&offset=0'))).text)
  assert.equal(list.slice(0, 2), [bad, good])
})

test('A3 #24: a job is found on both of its paths', async () => {
  const id = await handedIn(name('paths'))
  const job = await ended(id)
  assert.equal(readJob((await must(desktop.get(`/api/questdb/jobs/${id}`))).text), job)
  assert.is((await desktop.get('/api/jobs/00000000-0000-4000-8000-000000000000')).status, 404)
})

test('A3 #37: the time is found under every name that clients give it, in each unit and as text', async () => {
  const micros = `${new Date(FIRST).toISOString().slice(0, -1)}000Z`
  for (const [i, [column, value]] of [
    ['timestamp', FIRST],
    ['timestamp_unix', FIRST / 1000],
    ['timestamp_ms', FIRST],
    ['timestamp_seconds', FIRST / 1000],
    ['timestamp_unix_s', FIRST / 1000],
    ['ts', FIRST * 1000],
    ['time', '2024-11-28T22:00:00Z'],
    ['timestamp', '2024-11-28 22:00:00'],
  ].entries()) {
    const measurement = name(`time_${i}`)
    await must(desktop.post('/api/questdb/import', bodyOf(measurement, `${column},close\n${value},7.5\n`)))
    assert.equal(await storedRows(engines, measurement, 'timestamp, close'), [[micros, 7.5]], `${column} ${value}`)
  }
})

test('A3 #45: an import that waits takes the same JSON as one that does not, raw CSV, and a form', async () => {
  const [json, raw, form] = [name('sync_json'), name('sync_csv'), name('sync_form')]
  const { measurement, rows_written, rows_rejected, first_ts, last_ts } = JSON.parse(
    (await must(desktop.post('/api/questdb/import', bodyOf(json)))).text,
  )
  assert.equal([measurement, rows_written, rows_rejected], [json, 2, 0])
  assert.equal([Date.parse(first_ts), Date.parse(last_ts)], [FIRST, FIRST + 3_600_000])
  const answer = await server.send('POST', `/api/questdb/import?measurement=${raw}`, { body: CSV, media: 'text/csv' })
  assert.is((answer.json as Json).rows_written, 2, answer.text)
  assert.equal(await storedRows(engines, raw), await storedRows(engines, json))
  const sent = await formOf([['measurement', form]], { filename: 'bars.csv', media: 'text/csv', bytes: CSV })
  const uploaded = await server.send('POST', '/api/questdb/import', sent)
  assert.is((uploaded.json as Json).rows_written, 2, uploaded.text)
  assert.equal(await storedRows(engines, form), await storedRows(engines, json))
})

test("the desktop's frames with Date and Time are imported, text columns and all", async () => {
  for (const [file, first, close] of [
    ['btc_4h_v2', '2024-04-01T04:00:00.000000Z', 67080.1],
    ['eth_1h_v1', '2024-04-02T01:00:00.000000Z', 3405.7],
  ] as const) {
    const data = readFileSync(new URL(`../../fixtures/stage1_3/datasets/${file}.csv`, import.meta.url), 'utf8')
    await must(desktop.post('/api/questdb/import', bodyOf(name(file), data)))
    const stored = await storedRows(engines, name(file), 'timestamp, "Close"')
    assert.is(stored.length, data.trim().split('\n').length - 1)
    assert.equal(stored[0], [first, close])
  }
})

test('pain 37: a file beyond ten million bytes is taken, inside JSON, as it is and in a form', async () => {
  const rows = Array.from({ length: 100_000 }, (_, i) => ({
    timestamp: FIRST + i * 60_000,
    n: i,
    note: `row ${i} `.padEnd(80, '.'),
  }))
  const data = csvOf(rows)
  assert.ok(data.length > 10_000_000)
  const answer = await must(desktop.post('/api/questdb/import', bodyOf(name('large'), data)))
  assert.ok(answer.continued)
  assert.is(JSON.parse(answer.text).rows_written, 100_000)
  const path = `/api/questdb/import?measurement=${name('large')}`
  const again = (await server.send('POST', path, { body: data, media: 'text/csv' })).json as Json
  assert.equal([again.rows_received, again.total_rows], [100_000, 100_000])
  const form = await formOf([['measurement', name('large')]], { filename: 'large.csv', bytes: data })
  const uploaded = (await server.send('POST', '/api/questdb/import', form)).json as Json
  assert.equal([uploaded.rows_received, uploaded.total_rows], [100_000, 100_000])
})

test('pain 38: a CSV that lacks required columns is refused with the list of them', async () => {
  const timeless = await desktop.post('/api/questdb/import', bodyOf(name('timeless'), 'open,close\n1,2\n'))
  assert.not(isSuccess(timeless))
  assert.match(toast(timeless.text), 'timestamp')
  const dataset = ownDataset(engines.prefix, 'lacking')
  await must(desktop.post('/api/datasets', dataset))
  const { run, folds } = ownRun(engines.prefix, dataset.dataset_id, 1)
  const refused = await desktop.post('/api/runs', { run, folds, predictions_csv: `timestamp,bar_index\n${FIRST},1\n` })
  assert.not(isSuccess(refused))
  const { details } = JSON.parse(refused.text) as { details: Json }
  assert.equal(details.missing, ['fold_number', 'prediction'])
  assert.is((await desktop.get(`/api/runs/${run.run_id}`)).status, 404)
})

test('pain 39: a job whose worker died is taken up again and ends', async () => {
  const measurement = name('abandoned')
  const load = await lockMeasurement(engines.postgresUrl, measurement)
  const id = await handedIn(measurement)
  await eventually(
    'the job runs',
    async () => readJob((await desktop.get(`/api/jobs/${id}`)).text).status === 'RUNNING',
  )
  const die = `update stage1_jobs set fence = fence + 1, lease_owner = 'dead', lease_until = now() - interval '1 s' where job_id = $1`
  await asAdmin(engines.postgresUrl, (admin) => admin.query(die, [id]))
  await load.release()
  assert.is((await ended(id)).status, 'COMPLETED')
  const { attempts } = JSON.parse((await desktop.get(`/api/jobs/${id}`)).text) as Json
  assert.ok((attempts as number) >= 2, `${attempts} attempts`)
  assert.is((await storedRows(engines, measurement)).length, 2)
})

test('pain 40: a job begins as soon as it is handed in, not when somebody looks for it', async () => {
  for (let i = 0; i < 3; i++) {
    const { created_at, started_at } = await ended(await handedIn(name(`prompt_${i}`)))
    const waited = Date.parse(started_at) - Date.parse(created_at)
    assert.ok(waited < (SWEEP_SECONDS * 1000) / 2, `${waited} ms`)
  }
})

test.run()
