/** Two machines without a common folder: one takes requests, the other works the queue, and what they share lies in an S3-compatible store. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { minutesCsv } from '../../support/csv.js'
import { startProxy } from '../../support/cutting-proxy.js'
import { ownEngines } from '../../support/engines.js'
import { eventually } from '../../support/eventually.js'
import { ended, type ImportReceipt, type Job, jobOf, type Problem, postCsv, rowCount } from '../../support/imports.js'
import { startS3Server } from '../../support/s3-server.js'
import { SHARED_SECRET, TestClient, testEnvironment } from '../../support/server.js'
import { startProcess } from '../../support/server-process.js'
import { test } from '../../support/test.js'

const [engines, store] = await Promise.all([ownEngines(), startS3Server()])
const { prefix } = engines
const [nearApi, nearWorker] = await Promise.all([startProxy(store.url), startProxy(store.url)])
const base = mkdtempSync(join(tmpdir(), 'stage1-test-machines-'))
const settings = { STAGE1_JOBS_SWEEP_SECONDS: '1' }
const environment = (name: string, url: string) => ({
  ...testEnvironment(engines, join(base, name), { settings: { ...settings, ...store.settings(url) } }),
  STAGE1_ROLES: name,
})
const [api, worker] = await Promise.all([
  startProcess(environment('api', nearApi.url)),
  startProcess(environment('worker', nearWorker.url)),
])
const issued = await new TestClient(api.url, '').post('/api/auth/token', { secret: SHARED_SECRET })
const client = new TestClient(api.url, (issued.json as { token: string }).token)

test.after(async () => {
  await Promise.all([api.terminate(), worker.terminate()])
  await Promise.all([nearApi.stop(), nearWorker.stop()])
  await store.stop()
  await engines.release()
  rmSync(base, { recursive: true, force: true })
})

async function accept(name: string, csv: string, more: Record<string, string> = {}): Promise<string> {
  const accepted = await postCsv(client, name, csv, more, { async: true })
  assert.is(accepted.status, 202, accepted.text)
  return (accepted.json as ImportReceipt).job_id
}

/** Files of bodies on both machines. */
const localFiles = () =>
  ['api', 'worker'].flatMap((name) =>
    existsSync(join(base, name))
      ? readdirSync(join(base, name), { recursive: true, encoding: 'utf8' }).filter((file) =>
          /\.(body|download)/.test(file),
        )
      : [],
  )
const bodies = async () => (await store.keys()).filter((key) => key.startsWith('stage1/bodies/'))

async function nothingIsLeft(): Promise<void> {
  await eventually('the store holds no body', async () => (await bodies()).length === 0)
  await eventually('no machine holds a file', () => localFiles().length === 0)
}

test('a body that one machine took is loaded by the other, and is gone from everywhere then', async () => {
  const name = `${prefix}queued`
  const job = await ended(client, await accept(name, minutesCsv(20_000)))
  assert.equal([job.status, job.error, job.result.rows_written], ['COMPLETED', '', 20_000])
  assert.is(await rowCount(engines, name), 20_000)
  await nothingIsLeft()
})

test('an import whose caller waits is done where it came in', async () => {
  const name = `${prefix}waited`
  const answer = await postCsv(client, name, minutesCsv(300))
  assert.is(answer.status, 200, answer.text)
  assert.is(await rowCount(engines, name), 300)
  await nothingIsLeft()
})

test('frames are uploaded to one machine and loaded by the other, at any later time', async () => {
  const sent = await client.send('POST', '/api/uploads', {
    body: 'timestamp,open,high,low,close\n1732831200000,1,2,0.5,1.5\n1732834800000,1.5,2,1,1.25\n',
    media: 'text/csv',
  })
  assert.is(sent.status, 201, sent.text)
  const { upload_id } = sent.json as { upload_id: string }
  await eventually('the machine has let the body go', () => localFiles().length === 0)
  assert.is((await bodies()).length, 1)
  const saved = await client.post('/api/datasets', {
    dataset_slug: `${prefix}set`,
    granularity: '1h',
    record_questdb: true,
    ohlcv_upload_id: upload_id,
    indicators_csv: 'timestamp,RSI_14\n1732831200000,54.3\n',
  })
  assert.is(saved.status, 201, saved.text)
  const [jobId] = (saved.json as { job_ids: string[] }).job_ids
  assert.is((await ended(client, jobId as string)).status, 'COMPLETED')
  assert.is(await rowCount(engines, `${prefix}set_ohlcv`), 2)
  assert.is(await rowCount(engines, `${prefix}set_ind`), 1)
  await eventually('no machine holds a file', () => localFiles().length === 0)
  assert.is((await bodies()).length, 1, 'the upload can be named again')
  await client.send('DELETE', `/api/uploads/${upload_id}`)
})

test('the file of an export, and the rows that an import left out, are read from the other machine, in parts too', async () => {
  const name = `${prefix}lenient`
  const csv = minutesCsv(50).replace('\n1704067260000,1,1.5', '\n1704067260000,x,1.5')
  const job = await ended(client, await accept(name, csv, { validation: 'lenient' }))
  assert.equal([job.status, job.error], ['COMPLETED', ''])
  const left = await client.get(job.result.rejected_url as string, { unchecked: true })
  assert.match(left.text, /^line,row,column,value,expected,message\r\n3,,n,x,/)
  const asked = await client.post('/api/questdb/export/async', { measurement: name, columns: ['n'] })
  const exported = await ended(client, (asked.json as Job).job_id)
  const { url, bytes } = exported.result as { url: string; bytes: number }
  const whole = await client.get(url, { unchecked: true })
  assert.equal([whole.status, whole.text.length, whole.text.split('\r\n').length], [200, bytes, 51])
  const part = await client.get(url, { headers: { range: 'bytes=10-29' }, unchecked: true })
  assert.equal([part.status, part.text], [206, whole.text.slice(10, 30)])
  await eventually('no machine holds a file', () => localFiles().length === 0)
})

test('while the store is away nothing is accepted that would need it, and a job waits until it is back', async () => {
  const name = `${prefix}away`
  await nearApi.cut()
  const refused = await postCsv(client, name, minutesCsv(10), {}, { async: true })
  assert.equal([refused.status, (refused.json as Problem).code], [503, 'SPOOL_UNAVAILABLE'])
  assert.match(refused.headers.get('retry-after') ?? '', /^\d+$/)
  assert.is((await client.get('/api/jobs?status=PENDING')).text.includes(name), false)
  await nearApi.restore()
  await nearWorker.cut()
  const jobId = await accept(name, minutesCsv(10))
  await eventually('the job has met the store that is away', async () => {
    const { status, message } = await jobOf(client, jobId)
    return status === 'PENDING' && message.includes('store of files')
  })
  await nearWorker.restore()
  const job = await ended(client, jobId)
  assert.equal([job.status, job.error], ['COMPLETED', ''])
  assert.is(await rowCount(engines, name), 10)
})

test('a job that is cancelled while it waits leaves nothing in the store', async () => {
  await nearWorker.cut()
  const name = `${prefix}dropped`
  const jobId = await accept(name, minutesCsv(10))
  await eventually('it waits again', async () => {
    const { status, message } = await jobOf(client, jobId)
    return status === 'PENDING' && message !== ''
  })
  const { status } = (await client.send('DELETE', `/api/jobs/${jobId}`)).json as Job
  await nearWorker.restore()
  assert.is((await ended(client, jobId)).status, 'CANCELLED', `it was ${status}`)
  await eventually('only what was uploaded is left', async () => (await bodies()).length <= 1)
  assert.is(await rowCount(engines, name), undefined)
})

test.run()
