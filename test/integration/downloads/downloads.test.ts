/** Exports by a job: the file and what the job tells of it, parts of it, and what becomes of it. */
import { createHash } from 'node:crypto'
import { readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { waitUntilVisible } from '../../../src/questdb/visibility.js'
import { eventually } from '../../support/eventually.js'
import { fetchBytes, parquetRowsOf } from '../../support/exports.js'
import { ended, type Job } from '../../support/imports.js'
import { startServer } from '../../support/server.js'
import { asAdmin } from '../../support/template.js'
import { test } from '../../support/test.js'

const FILE_BYTES = 8_000_000
const server = await startServer({ settings: { STAGE1_EXPORTS_FILE_BYTES: String(FILE_BYTES) } })
const { prefix, questdb, postgresUrl } = server.engines
const table = `${prefix}bars`
const ROWS = 100_000
const folder = join(server.spoolDir, 'downloads')
test.after(() => server.stop())

test.before(async () => {
  await questdb.run(
    `CREATE TABLE ${table} AS (SELECT timestamp_sequence('2024-01-01', 60000000) timestamp, x, 'a\r\n"' note
     FROM long_sequence(${ROWS})) TIMESTAMP(timestamp) PARTITION BY MONTH WAL`,
  )
  await waitUntilVisible(questdb, table)
})

interface Result {
  download_id: string
  url: string
  filename: string
  media_type: string
  bytes: number
  digest: string
  rows: number
  expires_at: string
}

async function exportJob(json: Record<string, unknown>): Promise<Job> {
  const accepted = await server.post('/api/questdb/export/async', json)
  assert.is(accepted.status, 202, accepted.text)
  const { job_id } = accepted.json as { job_id: string }
  assert.is(accepted.headers.get('location'), `/api/jobs/${job_id}`)
  return ended(server, job_id)
}

async function made(json: Record<string, unknown>): Promise<Result> {
  const job = await exportJob(json)
  assert.equal([job.status, job.error], ['COMPLETED', ''])
  return job.result as unknown as Result
}

const get = (url: string, headers: Record<string, string> = {}) => fetchBytes(server, 'GET', url, { headers })
const sha256 = (bytes: Uint8Array) => `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`

test('the file of a job is what the export would have streamed, and the job tells its size, digest and rows', async () => {
  for (const format of ['csv', 'parquet', 'json']) {
    for (const asked of [{ measurement: table }, { sql: `select x, note from ${table} where x <= 1234` }]) {
      const rows = asked.sql ? 1_234 : ROWS
      const result = await made({ ...asked, format, filename: 'bars.bin' })
      const streamed = await fetchBytes(server, 'POST', '/api/questdb/export', { json: { ...asked, format } })
      const { status, headers, bytes } = await get(result.url)
      assert.is(status, 200)
      if (format !== 'parquet') assert.is(Buffer.compare(bytes, streamed.bytes), 0, `${format} ${rows}`)
      else assert.is((await parquetRowsOf(bytes)).length, rows)
      assert.equal([result.rows, result.bytes, result.digest], [rows, bytes.length, sha256(bytes)], format)
      assert.is(headers.get('content-length'), String(bytes.length))
      assert.is(headers.get('content-type')?.split(';')[0], result.media_type)
      assert.is(headers.get('content-disposition'), 'attachment; filename="bars.bin"')
      assert.is(headers.get('accept-ranges'), 'bytes')
      assert.ok(Date.parse(result.expires_at) > Date.now() + 23 * 3_600_000)
    }
  }
})

test('an export without rows makes a valid file without rows', async () => {
  for (const format of ['csv', 'parquet', 'json']) {
    const { rows, url } = await made({ measurement: table, end_timestamp: '2000-01-01', format })
    assert.is(rows, 0)
    assert.ok((await get(url)).bytes.length > 0)
  }
})

test('the job shows that it exports, what, and how far it is', async () => {
  const job = await exportJob({ measurement: table, format: 'parquet' })
  const { bytes } = job.result as unknown as Result
  assert.equal([job.type, job.phase, job.unit, job.progress, job.total], ['export', 'done', 'bytes', bytes, bytes])
  assert.equal(job.payload, { format: 'parquet', filename: `${table}.parquet`, measurement: table })
  assert.equal((await exportJob({ sql: 'select 1' })).payload, {
    format: 'csv',
    filename: 'export.csv',
    sql: 'select 1',
  })
})

test('a download goes on where it broke off, byte for byte', async () => {
  const { url, bytes: length } = await made({ measurement: table })
  const { bytes: whole, headers } = await get(url)
  const etag = headers.get('etag') ?? ''
  const parts: [string, number, number][] = [
    ['bytes=0-0', 0, 1],
    ['bytes=0-99', 0, 100],
    ['bytes=100-', 100, length],
    [`bytes=${length - 1}-`, length - 1, length],
    ['bytes=-7', length - 7, length],
    [`bytes=-${length + 5}`, 0, length],
    [`bytes=5-${length + 1_000}`, 5, length],
    ['Bytes=65535-65537', 65_535, 65_538],
  ]
  for (const [range, start, end] of parts) {
    for (const more of [{}, { 'if-range': etag }]) {
      const part = await get(url, { range, ...more })
      assert.is(part.status, 206, range)
      assert.is(Buffer.compare(part.bytes, whole.subarray(start, end)), 0, range)
      assert.is(part.headers.get('content-range'), `bytes ${start}-${end - 1}/${length}`)
      assert.is(part.headers.get('content-length'), String(end - start))
      assert.is(part.headers.get('etag'), etag)
    }
  }
})

test('a part of another file is never sent, and what is no range is the whole file', async () => {
  const { url, bytes: length } = await made({ measurement: table })
  const range = 'bytes=10-20'
  for (const headers of [
    { range, 'if-range': '"another"' },
    { range, 'if-range': `W/${(await get(url)).headers.get('etag')}` },
    { range, 'if-range': new Date().toUTCString() },
    { range: 'bytes=20-10' },
    { range: 'bytes=0-1,5-6' },
    { range: 'rows=0-1' },
    { range: 'bytes=-' },
  ] as Record<string, string>[]) {
    const { status, bytes } = await get(url, headers)
    assert.equal([status, bytes.length], [200, length], JSON.stringify(headers))
  }
})

test('a range behind the end is a 416 that says how long the file is', async () => {
  const { url, bytes: length } = await made({ measurement: table })
  for (const range of [`bytes=${length}-`, `bytes=${length + 9}-${length + 99}`, 'bytes=-0']) {
    const { status, headers, bytes } = await get(url, { range })
    assert.is(status, 416, range)
    assert.is(headers.get('content-range'), `bytes */${length}`)
    const problem = JSON.parse(bytes.toString())
    assert.equal([problem.code, problem.details], ['RANGE_NOT_SATISFIABLE', { bytes: length }])
    assert.is(headers.get('content-disposition'), null)
  }
})

test('a client that has the file already is told so', async () => {
  const { url } = await made({ measurement: table })
  const etag = (await get(url)).headers.get('etag') ?? ''
  assert.match(etag, /^"[^"]+"$/)
  const { status, bytes, headers } = await get(url, { 'if-none-match': etag, range: 'bytes=0-5' })
  assert.equal([status, bytes.length, headers.get('etag')], [304, 0, etag])
  assert.is((await get(url, { 'if-none-match': '"another"' })).status, 200)
})

test('a mistake is told at once and makes no job', async () => {
  const jobs = async () => ((await server.get('/api/jobs?job_type=export')).json as { total: number }).total
  const before = await jobs()
  for (const [status, code, json] of [
    [400, 'QUERY_REFUSED', { sql: `drop table ${table}` }],
    [400, 'SQL_INVALID', { sql: `select nope from ${table}` }],
    [404, 'MEASUREMENT_NOT_FOUND', { measurement: `${prefix}none` }],
    [400, 'REQUEST_INVALID', { measurement: table, columns: ['nope'] }],
    [400, 'REQUEST_INVALID', {}],
  ] as const) {
    const answer = await server.post('/api/questdb/export/async', json)
    assert.equal([answer.status, (answer.json as { code: string }).code], [status, code])
  }
  assert.is(await jobs(), before)
})

test('an export that fails, or grows over the limit, leaves no file and says why', async () => {
  const files = readdirSync(folder).length
  const large = await exportJob({ sql: `select a.x from ${table} a cross join ${table} b` })
  assert.equal([large.status, large.error_code], ['FAILED', 'EXPORT_TOO_LARGE'])
  const broken = await exportJob({
    sql: `select x, 1::decimal(10,2) / cast(90000 - x as decimal(10,2)) d from ${table}`,
    format: 'json',
  })
  assert.equal([broken.status, broken.error_code], ['FAILED', 'SQL_INVALID'])
  assert.is(readdirSync(folder).length, files)
})

test('after its time a download is gone, and so is its file', async () => {
  const [kept, over] = [await made({ sql: 'select 1' }), await made({ sql: 'select 2' })]
  await asAdmin(postgresUrl, (admin) =>
    admin.query('update stage1_downloads set expires_at = now() where download_id = $1', [over.download_id]),
  )
  const gone = await get(over.url)
  assert.equal([gone.status, JSON.parse(gone.bytes.toString()).code], [404, 'DOWNLOAD_NOT_FOUND'])
  const young = join(folder, '11111111-1111-4111-8111-111111111111.download')
  const old = join(folder, '22222222-2222-4222-8222-222222222222.download')
  for (const path of [young, old]) writeFileSync(path, 'left by a crash')
  const longAgo = Date.now() / 1000 - 3 * 3_600
  utimesSync(old, longAgo, longAgo)
  utimesSync(join(folder, `${kept.download_id}.download`), longAgo, longAgo)
  const again = await startServer({
    engines: server.engines,
    settings: { STAGE1_TRANSFERS_SPOOL_DIR: server.spoolDir },
  })
  await eventually('the start has swept', () => !readdirSync(folder).includes(`${over.download_id}.download`))
  await eventually('the start has swept', () => statSync(old, { throwIfNoEntry: false }) === undefined)
  assert.ok(statSync(young, { throwIfNoEntry: false }))
  assert.is((await get(kept.url)).bytes.toString(), '"1"\r\n1\r\n')
  await again.stop()
})

test('what is no download, or whose file is gone, is not found', async () => {
  const { url, download_id } = await made({ sql: 'select 3' })
  writeFileSync(join(folder, `${download_id}.download`), 'cut')
  for (const path of [url, '/api/downloads/none', '/api/downloads/11111111-1111-4111-8111-111111111111'])
    assert.is((await get(path)).status, 404, path)
})

test('nobody downloads without a token', async () => {
  const { url } = await made({ sql: 'select 4' })
  assert.is((await get(url, { 'x-stage1-token': 'none' })).status, 401)
})

test.run()
