/** A CSV becomes a measurement: raw, as the desktop sends it, at once or as a job. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { csvOf, FIRST_MS, minutesCsv } from '../../support/csv.js'
import { eventually } from '../../support/eventually.js'
import {
  ended,
  type ImportReceipt,
  importCsv,
  type Job,
  jobOf,
  postCsv,
  rowCount,
  storedRows,
} from '../../support/imports.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

const server = await startServer()
const { prefix } = server.engines
test.after(() => server.stop())

const MINUTE = 60_000
const digestOf = (text: string) => `sha-256=:${createHash('sha256').update(text).digest('base64')}:`

test('a raw CSV is stored, readable at once, and receipted', async () => {
  const csv = minutesCsv(3)
  const receipt = await importCsv(server, `${prefix}raw`, csv)
  assert.is(receipt.status, 'COMPLETED')
  assert.is(receipt.measurement, `${prefix}raw`)
  assert.equal(
    [receipt.rows_received, receipt.rows_written, receipt.rows_deduplicated, receipt.rows_rejected, receipt.total_rows],
    [3, 3, 0, 0, 3],
  )
  assert.equal([receipt.first_ts_ms, receipt.last_ts_ms], [FIRST_MS, FIRST_MS + 2 * MINUTE])
  assert.equal([receipt.first_ts, receipt.last_ts], ['2024-01-01T00:00:00.000Z', '2024-01-01T00:02:00.000Z'])
  assert.is(receipt.bytes, csv.length)
  assert.is(receipt.digest, digestOf(csv))
  assert.ok(receipt.seconds > 0 && receipt.seconds < 60)
  assert.equal(receipt.warnings, [])
  assert.equal(await storedRows(server.engines, `${prefix}raw`), [
    ['2024-01-01T00:00:00.000000Z', '0', 0.5],
    ['2024-01-01T00:01:00.000000Z', '1', 1.5],
    ['2024-01-01T00:02:00.000000Z', '2', 2.5],
  ])
})

test("the desktop's JSON is the same import", async () => {
  const csv = csvOf([
    { timestamp: FIRST_MS, close: 95210.7, note: 'a "b", c' },
    { timestamp: FIRST_MS + MINUTE, close: null, note: 'two\nlines \\ \u{1f4c8}' },
  ])
  const body = { measurement: `${prefix}json`, data: csv, filename: 'bars.csv' }
  const answer = await server.post('/api/questdb/import', body)
  assert.is(answer.status, 200, answer.text)
  const receipt = answer.json as ImportReceipt
  assert.is(receipt.rows_written, 2)
  assert.is(receipt.digest, digestOf(JSON.stringify(body)))
  assert.equal(await storedRows(server.engines, `${prefix}json`, 'close, note'), [
    [95210.7, 'a "b", c'],
    [null, 'two\nlines \\ \u{1f4c8}'],
  ])
})

test('in JSON the members may come in any order, and text may be written with escapes', async () => {
  const data = '"timestamp,x\\u000a1704067200000,\\u0031\\r\\n1704067260000,2"'
  const body = `\n{ "filename": "x.csv", "data" : ${data} , "measurement":"${prefix}escaped" } `
  const answer = await server.send('POST', '/api/questdb/import', { body })
  assert.is(answer.status, 200, answer.text)
  assert.equal(await storedRows(server.engines, `${prefix}escaped`, 'x'), [['1'], ['2']])
})

test('JSON without data, or with data that is no text, stores nothing and says so', async () => {
  for (const more of [{}, { data: 7 }, { data: null }, { data: ['timestamp,x'] }]) {
    const answer = await server.post('/api/questdb/import', { measurement: `${prefix}no_data`, ...more })
    assert.is(answer.status, 400, JSON.stringify(more))
    const { details } = answer.json as { details: { pointer: string }[] }
    assert.is(details[0]?.pointer, '/data')
  }
  assert.is(await rowCount(server.engines, `${prefix}no_data`), undefined)
})

test('an import that is not waited for is a job that can be followed to its receipt', async () => {
  const csv = minutesCsv(2_000)
  const accepted = await postCsv(server, `${prefix}job`, csv, {}, { async: true })
  assert.is(accepted.status, 202)
  const { job_id, status, measurement } = accepted.json as ImportReceipt
  assert.equal([status, measurement], ['PENDING', `${prefix}job`])
  const job = await ended(server, job_id)
  assert.is(job.status, 'COMPLETED')
  assert.equal([job.type, job.job_type, job.phase, job.unit], ['import', 'import', 'done', 'bytes'])
  assert.equal([job.progress, job.total, job.progress_pct], [csv.length, csv.length, 100])
  assert.equal([job.error, job.error_code, job.attempts], ['', '', 1])
  assert.is(job.payload.measurement, `${prefix}job`)
  assert.is(job.payload.filename, `${prefix}job.csv`)
  assert.equal([job.result.rows_written, job.result.total_rows, job.result.bytes], [2_000, 2_000, csv.length])
  assert.is(job.result.digest, digestOf(csv))
  assert.ok(Date.parse(job.created_at) <= Date.parse(job.started_at))
  assert.ok(Date.parse(job.started_at) <= Date.parse(job.completed_at))
  assert.is(await rowCount(server.engines, `${prefix}job`), 2_000)
})

test('an accepted job says where to follow it', async () => {
  const accepted = await postCsv(server, `${prefix}followed`, minutesCsv(1), {}, { async: true })
  const { job_id } = accepted.json as ImportReceipt
  assert.is(accepted.headers.get('location'), `/api/jobs/${job_id}`)
  await ended(server, job_id)
})

test('a job is shown under both of its paths', async () => {
  const accepted = await postCsv(server, `${prefix}paths`, minutesCsv(1), {}, { async: true })
  const { job_id } = accepted.json as ImportReceipt
  const job = await ended(server, job_id)
  assert.equal((await server.get(`/api/questdb/jobs/${job_id}`)).json, job)
})

test("the desktop's asynchronous import keeps the name of its file", async () => {
  const body = { measurement: `${prefix}desktop`, data: minutesCsv(2), filename: 'my bars.csv' }
  const accepted = await server.post('/api/questdb/import/async', body)
  assert.is(accepted.status, 202, accepted.text)
  const job = await ended(server, (accepted.json as ImportReceipt).job_id)
  assert.is(job.status, 'COMPLETED')
  assert.is(job.payload.filename, 'my bars.csv')
  assert.is(await rowCount(server.engines, `${prefix}desktop`), 2)
})

test('a blocking import is a job too, that has ended', async () => {
  const receipt = await importCsv(server, `${prefix}blocking`, minutesCsv(5))
  const job = await jobOf(server, receipt.job_id)
  assert.equal([job.status, job.result.rows_written], ['COMPLETED', 5])
})

test('a job that fails says why, as the blocking import would', async () => {
  const csv = 'timestamp,x\n1704067200000,1\n1704067260000,one\n'
  const accepted = await postCsv(server, `${prefix}failing`, csv, {}, { async: true })
  const job = await ended(server, (accepted.json as ImportReceipt).job_id)
  assert.equal([job.status, job.error_code, job.attempts], ['FAILED', 'CELL_INVALID', 1])
  assert.match(job.error, /line 3.*"x".*"one"/)
  const blocking = await postCsv(server, `${prefix}failing`, csv)
  assert.is((blocking.json as { message: string }).message, job.error)
  assert.is(await rowCount(server.engines, `${prefix}failing`), undefined)
})

test('the real files of the trading program are stored with their dates and times', async () => {
  const read = (name: string) => readFileSync(new URL(`../../../fixtures/stage1_3/datasets/${name}`, import.meta.url))
  await importCsv(server, `${prefix}btc`, read('btc_4h_v2.csv'))
  const [first, ...others] = await storedRows(server.engines, `${prefix}btc`, 'timestamp, Close, Signal, TargetClose')
  assert.equal(first, ['2024-04-01T04:00:00.000000Z', 67080.1, 1.102, 0.45])
  assert.is(others.at(-1)?.[0], '2024-04-01T20:00:00.000000Z')
  await importCsv(server, `${prefix}eth`, read('eth_1h_v1.csv'))
  const eth = await storedRows(server.engines, `${prefix}eth`, 'timestamp, RSI')
  assert.equal(eth.length, 5)
  assert.equal(eth[4], ['2024-04-02T05:00:00.000000Z', 59.2])
})

test('nothing of what was imported stays in the spool', async () => {
  await eventually('the spool is empty', () => readdirSync(server.spoolDir).length === 0)
  const { jobs } = (await server.get('/api/jobs?status=RUNNING')).json as { jobs: Job[] }
  assert.equal(jobs, [])
})

test.run()
