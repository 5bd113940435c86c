/** The disk of the server's own files is full: requests are told so, nothing is left half done, and it goes on when there is room. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { problemOf } from '../../src/http/problem.js'
import { waitUntilVisible } from '../../src/questdb/visibility.js'
import { minutesCsv } from '../support/csv.js'
import { eventually } from '../support/eventually.js'
import { bars, ownDataset, ownRun, predictionRows } from '../support/fixtures.js'
import { ended, type ImportReceipt, importCsv, type Job, jobOf, postCsv, rowCount } from '../support/imports.js'
import { type Received, startServer, type TestServer } from '../support/server.js'
import { smallDisk } from '../support/small-disk.js'
import { asAdmin } from '../support/template.js'
import { test } from '../support/test.js'

const disk = smallDisk(48)
const story = disk ? test : test.skip
const spool = join(disk?.folder ?? '', 'spool')
let server: TestServer
const dataset = ownDataset('', 'full')
const names = () => ({ prefix: server.engines.prefix, many: `${server.engines.prefix}many` })

test.before(async () => {
  if (!disk) return
  server = await startServer({ settings: { STAGE1_TRANSFERS_SPOOL_DIR: spool } })
  const { many } = names()
  await server.post('/api/datasets', {
    ...dataset,
    metadata: {
      ohlcv_measurement: `${server.engines.prefix}bars`,
      indicator_measurement: `${server.engines.prefix}ind`,
    },
  })
  await server.engines.questdb.run(
    `CREATE TABLE ${many} AS (SELECT timestamp_sequence('2024-01-01', 1000000) timestamp, x, rnd_double() r
     FROM long_sequence(200000)) TIMESTAMP(timestamp) PARTITION BY MONTH WAL`,
  )
  await waitUntilVisible(server.engines.questdb, many)
})
test.after.each(() => disk?.free())
test.after(async () => {
  if (!disk) return
  await server.stop()
  disk.release()
})

function full(answer: Received): void {
  assert.is(answer.status, 507, answer.text)
  const { code, message } = answer.json as { code: string; message: string }
  assert.is(code, 'INSUFFICIENT_STORAGE')
  assert.match(message, /disk of this server is full/)
  assert.match(answer.headers.get('retry-after') ?? '', /^[1-9]\d?$/)
  assert.not.match(answer.text, /ENOSPC|stage1-test-disk/)
}

const files = (folder = '') =>
  existsSync(join(spool, folder))
    ? readdirSync(join(spool, folder)).filter((name) => /\.(body|download|rows)$/.test(name))
    : []
const large = minutesCsv(60_000)

test('a disk, or a share of one, without room is known by what the system says', () => {
  for (const code of ['ENOSPC', 'EDQUOT']) {
    const { status, headers, body } = problemOf(Object.assign(new Error('write /srv/spool/x'), { code }), 'a-request')
    assert.equal([status, body.code, headers['Retry-After']], [507, 'INSUFFICIENT_STORAGE', '30'])
    assert.not.match(body.message, /srv/)
  }
  assert.is(problemOf(Object.assign(new Error('x'), { code: 'EACCES' }), 'a-request').status, 500)
})

story('whatever comes with a frame is refused as there is no room, and leaves nothing', async () => {
  const { prefix } = names()
  const run = ownRun(prefix, dataset.dataset_id, 3)
  const form = new FormData()
  form.set('file', new Blob([large], { type: 'text/csv' }), 'bars.csv')
  const encoded = new Response(form)
  disk?.fill()
  full(await postCsv(server, `${prefix}now`, large))
  full(await postCsv(server, `${prefix}later`, large, {}, { async: true }))
  full(await server.send('POST', '/api/uploads', { body: large, media: 'text/csv' }))
  full(await server.post(`/api/datasets/${dataset.dataset_slug}/ohlcv/append`, { rows: bars(5000) }))
  full(await server.post('/api/runs', { ...run, predictions: predictionRows(3, 2000) }))
  full(
    await server.send('POST', `/api/questdb/import?measurement=${prefix}form`, {
      body: Buffer.from(await encoded.arrayBuffer()),
      media: encoded.headers.get('content-type') as string,
    }),
  )
  assert.equal(files(), [])
  assert.is(((await server.get('/api/jobs')).json as { total: number }).total, 0)
  for (const name of ['now', 'later', 'form']) assert.is(await rowCount(server.engines, prefix + name), undefined)
  assert.is((await server.get(`/api/runs/${run.run.run_id}`)).status, 404)
})

story('when there is room again the same requests are done', async () => {
  const { prefix } = names()
  assert.is((await importCsv(server, `${prefix}now`, large)).total_rows, 60_000)
  const answer = await server.post(`/api/datasets/${dataset.dataset_slug}/ohlcv/append`, { rows: bars(5000) })
  assert.is((answer.json as { total_rows: number }).total_rows, 5000)
  assert.equal(files(), [])
})

story('an export whose file has no room waits for it, leaves nothing meanwhile, and is then done whole', async () => {
  disk?.fill(2_000_000)
  const { json } = await server.post('/api/questdb/export/async', { measurement: names().many })
  const { job_id } = json as { job_id: string }
  const waiting = await eventually('it waits', async () => {
    const job = await jobOf(server, job_id)
    return job.status === 'PENDING' && job.attempts > 0 ? job : undefined
  })
  assert.match(waiting.message, /disk of this server is full/)
  assert.equal(files('downloads'), [])
  disk?.free()
  await asAdmin(server.engines.postgresUrl, (admin) => admin.query('update stage1_jobs set run_after = now()'))
  const job = await ended(server, job_id)
  assert.equal([job.status, job.result.rows], ['COMPLETED', 200_000])
  const { text } = await server.get(job.result.url as string)
  assert.is(text.split('\r\n').length, 200_002)
})

story('rows as Arrow, which pass through a file, are refused before the first byte', async () => {
  const ask = () =>
    server.post('/api/questdb/export', { measurement: names().many, format: 'arrow' }, { unchecked: true })
  disk?.fill(100_000)
  full(await ask())
  disk?.free()
  assert.is((await ask()).status, 200)
})

story('an import whose list of left-out rows has no room stores nothing', async () => {
  const name = `${names().prefix}lenient`
  const wrong = `timestamp,x\n1704067200000,1\n${Array.from({ length: 40_000 }, (_, i) => `never,${i}`).join('\n')}\n`
  disk?.fill(wrong.length + 600_000)
  const answer = await postCsv(server, name, wrong, { validation: 'lenient' })
  full(answer)
  assert.equal(files('downloads').length, 1, 'that of the export')
  assert.is(await rowCount(server.engines, name), undefined)
  disk?.free()
  const receipt = (await importCsv(server, name, wrong, { validation: 'lenient' })) as ImportReceipt
  assert.equal([receipt.rows_written, receipt.rows_rejected], [1, 40_000])
})

story('a retry of a job that has no room, and its cancel, work as for any other', async () => {
  disk?.fill(2_000_000)
  const { json } = await server.post('/api/questdb/export/async', { measurement: names().many })
  const { job_id } = json as { job_id: string }
  await eventually('it waits', async () => {
    const job = await jobOf(server, job_id)
    return job.status === 'PENDING' && job.attempts > 0
  })
  assert.is(((await server.send('DELETE', `/api/jobs/${job_id}`)).json as Job).status, 'CANCELLED')
  assert.equal(files('downloads').length, 2, 'those of the jobs before')
})

test.run()
