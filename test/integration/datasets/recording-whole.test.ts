/** Registration, job and tables of a recorded dataset hang together: all of them are there, or none. */
import { randomUUID } from 'node:crypto'
import { readdirSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { csvOf } from '../../support/csv.js'
import { eventually } from '../../support/eventually.js'
import { bars, ownDataset } from '../../support/fixtures.js'
import { ended, type Job, jobOf, rowCount, storedRows, storedTypes } from '../../support/imports.js'
import { lockMeasurement } from '../../support/outside-lock.js'
import { startServer } from '../../support/server.js'
import { asAdmin } from '../../support/template.js'
import { test } from '../../support/test.js'

interface Recorded {
  readonly dataset_id: string
  readonly job_ids: string[]
  readonly metadata: Record<string, unknown>
  readonly [figure: string]: unknown
}

interface Problem {
  readonly code: string
  readonly message: string
  readonly details: { pointer: string }[]
}

const server = await startServer()
const { engines } = server
const { prefix } = engines
test.after(() => server.stop())

const OHLCV = bars(60)
const INDICATORS = OHLCV.map(({ timestamp }, i) => ({ timestamp, RSI_14: 50 + i / 7 }))

const body = (name: string, over: Record<string, unknown> = {}) =>
  ownDataset(prefix, name, { record_questdb: true, ...over })

const sql = (text: string) => asAdmin(engines.postgresUrl, (admin) => admin.query(text))

async function recordJobs(): Promise<number> {
  return ((await server.get('/api/jobs?job_type=record_dataset')).json as { total: number }).total
}

/** Refused, and neither dataset nor job nor body is there afterwards. */
async function refused(sent: Record<string, unknown>, status: number, code: string): Promise<Problem> {
  const before = await recordJobs()
  const answer = await server.post('/api/datasets', sent)
  const problem = answer.json as Problem
  assert.equal([answer.status, problem.code], [status, code], answer.text)
  assert.is((await server.get(`/api/datasets/${sent.dataset_slug}`)).status, 404, 'nothing is registered')
  assert.equal([await recordJobs(), readdirSync(server.spoolDir).length], [before, 0])
  return problem
}

test('a job that cannot be stored leaves no registration behind', async () => {
  const sent = body('no_job', { ohlcv: OHLCV })
  await sql(`create function refuse_record() returns trigger language plpgsql as
    $$ begin if new.type = 'record_dataset' then raise exception 'no room'; end if; return new; end $$`)
  await sql('create trigger refuse_record before insert on stage1_jobs for each row execute function refuse_record()')
  try {
    await refused(sent, 500, 'INTERNAL')
  } finally {
    await sql('drop trigger refuse_record on stage1_jobs')
  }
  const answer = await server.post('/api/datasets', sent)
  assert.is(answer.status, 201, answer.text)
  const job = await ended(server, (answer.json as Recorded).job_ids[0] as string)
  assert.equal([job.status, await rowCount(engines, `${sent.dataset_slug}_ohlcv`)], ['COMPLETED', 60])
})

test('a registration that is refused leaves neither job nor table behind', async () => {
  const holder = ownDataset(prefix, 'holder')
  await server.post('/api/datasets', holder)
  const taken = { dataset_id: holder.dataset_id }
  await refused(body('taken', { ...taken, ohlcv: OHLCV }), 409, 'DATASET_ID_IN_USE')
  await refused(body('taken', taken), 409, 'DATASET_ID_IN_USE')
  await refused(body('taken', { dataset_id: 'no-uuid' }), 400, 'REQUEST_INVALID')
  await refused(body('taken', { created_at: 'yesterday' }), 400, 'REQUEST_INVALID')
  for (const table of ['taken_ohlcv', 'taken_ind']) assert.is(await rowCount(engines, prefix + table), undefined)
})

test("two frames for one table are refused, since each row would take the other's place", async () => {
  const one = `${prefix}shared`
  const names = { metadata: { ohlcv_measurement: one, indicator_measurement: one.toUpperCase() } }
  const problem = await refused(
    body('shared', { ...names, ohlcv: OHLCV, indicators: INDICATORS }),
    400,
    'REQUEST_INVALID',
  )
  assert.is(problem.details[0]?.pointer, '/indicator_measurement')
  assert.match(problem.message, one)
  assert.is(await rowCount(engines, one), undefined)
})

test('a number or a truth value in the place of a frame is refused and not taken for none; null is none', async () => {
  for (const [field, value] of [
    ['ohlcv', 5],
    ['ohlcv_csv', 0],
    ['indicators', false],
    ['indicators_csv', true],
  ] as const)
    for (const record_questdb of [true, false]) {
      const problem = await refused(body('literal', { [field]: value, record_questdb }), 400, 'REQUEST_INVALID')
      assert.is(problem.details[0]?.pointer, `/${field}`)
    }
  const answer = await server.post('/api/datasets', body('null', { ohlcv: null, indicators_csv: null }))
  const { job_ids, metadata } = answer.json as Recorded
  assert.equal([answer.status, job_ids], [201, []])
  for (const field of ['ohlcv', 'indicators_csv']) assert.not(field in metadata, field)
})

test('the rows go to the tables that the request named, also when the dataset names others before the job runs', async () => {
  const sent = body('renamed', { ohlcv: OHLCV })
  const [first, second] = [`${sent.dataset_slug}_ohlcv`, `${prefix}renamed_later`]
  const lock = await lockMeasurement(engines.postgresUrl, first)
  const { job_ids } = (await server.post('/api/datasets', sent)).json as Recorded
  const { record_questdb: _, ohlcv: __, ...plain } = sent
  const metadata = { ...sent.metadata, ohlcv_measurement: second, ohlcv_rows: 17 }
  assert.is((await server.post('/api/datasets', { ...plain, metadata })).status, 200)
  await lock.release()
  const job = await ended(server, job_ids[0] as string)
  assert.equal([job.status, (job.result.ohlcv as { measurement: string }).measurement], ['COMPLETED', first])
  assert.equal([await rowCount(engines, first), await rowCount(engines, second)], [60, undefined])
  const { ohlcv_rows, ohlcv_measurement } = (await server.get(`/api/datasets/${sent.dataset_slug}`)).json as Recorded
  assert.equal([ohlcv_measurement, ohlcv_rows], [second, 17], 'figures of another table are not taken')
})

test('a body goes from the spool when its job has ended, also by a fault; one that only names uploads never stays', async () => {
  const ends = async (sent: Record<string, unknown>): Promise<Job> =>
    ended(server, ((await server.post('/api/datasets', sent)).json as Recorded).job_ids[0] as string)
  assert.is((await ends(body('body', { ohlcv: OHLCV }))).status, 'COMPLETED')
  assert.is((await ends(body('body_faulty', { ohlcv: [{ timestamp: 5 }] }))).status, 'FAILED')
  await eventually('the spool is empty', () => readdirSync(server.spoolDir).length === 0)
  const kept = await server.send('POST', '/api/uploads', { body: csvOf(OHLCV), media: 'text/csv' })
  const { upload_id } = kept.json as { upload_id: string }
  const waiting = readdirSync(server.spoolDir)
  const lock = await lockMeasurement(engines.postgresUrl, `${prefix}body_upload_ohlcv`)
  const answer = await server.post('/api/datasets', body('body_upload', { ohlcv_upload_id: upload_id }))
  const jobId = (answer.json as Recorded).job_ids[0] as string
  assert.equal(readdirSync(server.spoolDir), waiting, 'only the upload is there while the job waits')
  // What was forgotten after the job was accepted is still there for it.
  assert.is((await server.send('DELETE', `/api/uploads/${upload_id}`)).status, 200)
  await lock.release()
  const { status, error } = await ended(server, jobId)
  assert.equal([status, error, await rowCount(engines, `${prefix}body_upload_ohlcv`)], ['COMPLETED', '', 60])
})

test('while QuestDB is away frames are accepted and wait; without frames it is a 503 and nothing is registered', async () => {
  const settings = { STAGE1_TRANSFERS_SPOOL_DIR: server.spoolDir }
  const cut = await startServer({ engines, questdbUrl: 'http://127.0.0.1:1', settings })
  try {
    const bare = body('away')
    const answer = await cut.post('/api/datasets', bare)
    assert.equal([answer.status, (answer.json as Problem).code], [503, 'QUESTDB_UNAVAILABLE'])
    assert.ok(Number(answer.headers.get('retry-after')) > 0)
    assert.is((await cut.get(`/api/datasets/${bare.dataset_slug}`)).status, 404)
    const framed = await cut.post('/api/datasets', body('away_framed', { ohlcv: OHLCV }))
    assert.is(framed.status, 201, framed.text)
    const job = await jobOf(cut, (framed.json as Recorded).job_ids[0] as string)
    // The other server of this file has the same queue and spool, and a QuestDB.
    assert.ok(['PENDING', 'RUNNING', 'COMPLETED'].includes(job.status), job.status)
  } finally {
    await cut.stop()
  }
})

test('tables that are made once are left as they are, and no other owner is kept from them before there are rows', async () => {
  const sent = body('made')
  await server.post('/api/datasets', sent)
  const types = await storedTypes(engines, `${sent.dataset_slug}_ohlcv`)
  const again = await server.post('/api/datasets', { ...sent, dataset_id: randomUUID() })
  assert.equal([again.status, (again.json as Recorded).dataset_id], [200, sent.dataset_id])
  assert.equal(await storedTypes(engines, `${sent.dataset_slug}_ohlcv`), types)
  const csv = csvOf([{ timestamp: OHLCV[0]?.timestamp as number, close: 1.5 }])
  const imported = await server.send('POST', `/api/questdb/import?measurement=${sent.dataset_slug}_ohlcv`, {
    body: csv,
    media: 'text/csv',
  })
  assert.is(imported.status, 200, imported.text)
  assert.equal(await storedRows(engines, `${sent.dataset_slug}_ohlcv`, 'close, open'), [[1.5, null]])
})

test.run()
