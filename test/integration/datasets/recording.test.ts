/** A dataset that is registered with its frames: the server writes them to QuestDB itself. */
import { randomUUID } from 'node:crypto'
import * as assert from 'uvu/assert'
import { startApp } from '../../../src/app.js'
import { createLog } from '../../../src/log.js'
import { csvOf } from '../../support/csv.js'
import { eventually } from '../../support/eventually.js'
import { assertSame, bars, type DatasetBody, ownDataset } from '../../support/fixtures.js'
import { ended, type Job, rowCount, storedTypes } from '../../support/imports.js'
import { lockMeasurement } from '../../support/outside-lock.js'
import { startServer, TestClient, testConfig } from '../../support/server.js'
import { asAdmin } from '../../support/template.js'
import { test } from '../../support/test.js'

const server = await startServer()
const { engines } = server
const { prefix } = engines
test.after(() => server.stop())

const HOUR = 3_600_000
const OHLCV = bars(400)
const START = OHLCV[0]?.timestamp as number
const INDICATORS = OHLCV.slice(50).map(({ timestamp }, i) => ({ timestamp, RSI_14: 50 + i / 7, ATR_14: i * 1e-9 }))

interface Recorded {
  readonly dataset_id: string
  readonly dataset_slug: string
  readonly job_ids?: string[]
  readonly [figure: string]: unknown
}

interface Problem {
  readonly code: string
  readonly message: string
  readonly details: { pointer: string }[]
}

function body(name: string, over: Record<string, unknown> = {}): DatasetBody {
  return ownDataset(prefix, name, { lookback_rows: 50, record_questdb: true, ...over })
}

async function upload(content: string, media: string): Promise<string> {
  const answer = await server.send('POST', '/api/uploads', { body: content, media })
  assert.is(answer.status, 201, answer.text)
  return (answer.json as { upload_id: string }).upload_id
}

async function record(sent: Record<string, unknown>): Promise<Job> {
  const answer = await server.post('/api/datasets', sent)
  assert.is(answer.status, 201, answer.text)
  const { job_ids } = answer.json as Recorded
  assert.is(job_ids?.length, 1)
  return ended(server, job_ids?.[0] as string)
}

const shown = ({ timestamp, ...values }: { timestamp: number }) => ({
  timestamp: new Date(timestamp).toISOString().replace('Z', '000Z'),
  timestamp_ms: timestamp,
  ...values,
})

async function holds(slug: string, frame: 'ohlcv' | 'indicators', rows: readonly { timestamp: number }[]) {
  const answer = await server.get(`/api/datasets/${slug}/${frame}`)
  assert.is(answer.status, 200, answer.text)
  assertSame((answer.json as { rows: unknown[] }).rows, rows.map(shown), `${slug} ${frame}`)
}

/** What PostgreSQL has registered, which answers show while QuestDB is away. */
async function registered(slug: string): Promise<unknown[]> {
  return asAdmin(engines.postgresUrl, async (client) => {
    const { rows } = await client.query({
      text: `select ohlcv_row_count::int8, indicator_row_count::int8, first_ohlcv_ts, last_ohlcv_ts, first_indicator_ts,
        last_indicator_ts from stage1_datasets where dataset_slug = $1`,
      values: [slug],
      rowMode: 'array',
    })
    return (rows[0] as unknown[]).map(Number)
  })
}

const FIGURES = [400, 350, START, START + 399 * HOUR, START + 50 * HOUR, START + 399 * HOUR]

const forms: [string, () => Promise<Record<string, unknown>>][] = [
  ['rows', async () => ({ ohlcv: OHLCV, indicators: INDICATORS })],
  ['csv', async () => ({ ohlcv_csv: csvOf(OHLCV), indicators_csv: csvOf(INDICATORS) })],
  [
    'uploads',
    async () => ({
      ohlcv_upload_id: await upload(csvOf(OHLCV), 'text/csv'),
      indicator_upload_id: await upload(JSON.stringify({ rows: INDICATORS }), 'application/json'),
    }),
  ],
  ['mixed', async () => ({ ohlcv_upload_id: await upload(csvOf(OHLCV), 'text/csv'), indicators: INDICATORS })],
]

for (const [name, frames] of forms)
  test(`frames sent as ${name} are loaded by one job, and every value comes back`, async () => {
    const sent = body(name, await frames())
    const job = await record(sent)
    assert.equal([job.type, job.status, job.error], ['record_dataset', 'COMPLETED', ''])
    assert.equal(job.payload, {
      dataset_id: sent.dataset_id,
      dataset_slug: sent.dataset_slug,
      frames: ['ohlcv', 'indicators'],
    })
    assert.equal([job.progress, job.progress_pct, job.unit], [job.total, 100, 'bytes'])
    const receipts = job.result as Record<string, { rows_written: number; measurement: string; warnings: string[] }>
    assert.equal(
      [receipts.ohlcv?.rows_written, receipts.ohlcv?.measurement, receipts.ohlcv?.warnings],
      [400, `${sent.dataset_slug}_ohlcv`, []],
    )
    assert.equal([receipts.indicators?.rows_written, receipts.indicators?.warnings], [350, []])
    await holds(sent.dataset_slug, 'ohlcv', OHLCV)
    await holds(sent.dataset_slug, 'indicators', INDICATORS)
    assert.equal(await registered(sent.dataset_slug), FIGURES)
    const detail = (await server.get(`/api/datasets/${sent.dataset_slug}`)).json as Recorded & { metadata: object }
    assert.equal(
      [detail.ohlcv_rows, detail.indicator_rows, detail.first_indicator_ts, detail.job_ids],
      [400, 350, START + 50 * HOUR, undefined],
    )
    for (const key of ['record_questdb', 'ohlcv', 'ohlcv_csv', 'ohlcv_upload_id', 'indicator_upload_id'])
      assert.not(key in detail.metadata, `${key} is no part of the manifest`)
  })

test('one frame alone is loaded, and the other one stays as it is', async () => {
  const sent = body('one', { indicators: INDICATORS })
  const job = await record(sent)
  assert.equal([job.status, Object.keys(job.result).sort()], ['COMPLETED', ['dataset_id', 'indicators']])
  await holds(sent.dataset_slug, 'indicators', INDICATORS)
  assert.is(await rowCount(engines, `${sent.dataset_slug}_ohlcv`), undefined)
  assert.equal((await registered(sent.dataset_slug)).slice(0, 2), [9227, 350])
})

test('a dataset recorded again, longer than before and under another id, gets the new rows only', async () => {
  const sent = body('again', { ohlcv: OHLCV.slice(0, 300) })
  await record(sent)
  const answer = await server.post('/api/datasets', { ...sent, dataset_id: randomUUID(), ohlcv: OHLCV })
  const { job_ids, dataset_id } = answer.json as Recorded
  assert.equal([answer.status, dataset_id], [200, sent.dataset_id])
  const { ohlcv } = (await ended(server, job_ids?.[0] as string)).result as { ohlcv: Record<string, unknown> }
  assert.equal([ohlcv.rows_received, ohlcv.rows_written, ohlcv.duplicates, ohlcv.total_rows], [400, 100, 300, 400])
  await holds(sent.dataset_slug, 'ohlcv', OHLCV)
})

test('without frames the tables are made, and the same again takes the figures from the rows', async () => {
  const sent = body('tables')
  const answer = await server.post('/api/datasets', sent)
  const first = answer.json as Recorded & { questdb_state: { ohlcv: object; indicators: object } }
  assert.equal([answer.status, first.job_ids, first.ohlcv_rows], [201, [], 9227], answer.text)
  assert.equal(await storedTypes(engines, `${sent.dataset_slug}_ohlcv`), {
    timestamp: 'TIMESTAMP',
    ...Object.fromEntries(['open', 'high', 'low', 'close', 'volume'].map((name) => [name, 'DOUBLE'])),
  })
  assert.equal(await storedTypes(engines, `${sent.dataset_slug}_ind`), { timestamp: 'TIMESTAMP' })
  await holds(sent.dataset_slug, 'ohlcv', [])
  await server.post(`/api/datasets/${sent.dataset_slug}/ohlcv/append`, { rows: OHLCV })
  await server.post(`/api/datasets/${sent.dataset_slug}/indicators/append`, { rows: INDICATORS })
  await holds(sent.dataset_slug, 'ohlcv', OHLCV)
  await holds(sent.dataset_slug, 'indicators', INDICATORS)
  assert.equal((await registered(sent.dataset_slug)).slice(0, 2), [9227, 8143])
  assert.is((await server.post('/api/datasets', { ...sent, metadata: {} })).status, 200)
  assert.equal(await registered(sent.dataset_slug), FIGURES)
})

async function refused(sent: Record<string, unknown>, status: number, code: string, pointer: string): Promise<Problem> {
  const answer = await server.post('/api/datasets', sent)
  const problem = answer.json as Problem
  assert.equal([answer.status, problem.code, problem.details[0]?.pointer], [status, code, pointer], answer.text)
  assert.is((await server.get(`/api/datasets/${sent.dataset_slug}`)).status, 404, 'nothing is registered')
  return problem
}

test('frames without record_questdb are refused and not dropped', async () => {
  for (const record_questdb of [undefined, false])
    for (const frame of [
      { ohlcv: OHLCV },
      { ohlcv_csv: csvOf(OHLCV) },
      { indicators: INDICATORS },
      { indicators_csv: csvOf(INDICATORS) },
      { indicator_upload_id: randomUUID() },
    ]) {
      const problem = await refused(
        body('unasked', { ...frame, record_questdb }),
        422,
        'FRAME_UNASKED',
        '/record_questdb',
      )
      assert.match(problem.message, new RegExp(`^${Object.keys(frame)[0]} was sent without record_questdb: true`))
    }
})

test('an upload that is not there, a frame sent twice or in a broken form stores nothing', async () => {
  const gone = randomUUID()
  await refused(
    body('gone', { ohlcv: OHLCV, indicator_upload_id: gone }),
    409,
    'UPLOAD_UNKNOWN',
    '/indicator_upload_id',
  )
  await refused(body('gone', { ohlcv_upload_id: gone }), 409, 'UPLOAD_UNKNOWN', '/ohlcv_upload_id')
  await refused(body('two', { ohlcv: OHLCV, ohlcv_csv: csvOf(OHLCV) }), 400, 'REQUEST_INVALID', '/ohlcv')
  await refused(body('two', { indicators: [], indicator_upload_id: gone }), 400, 'REQUEST_INVALID', '/indicators')
  await refused(body('form', { ohlcv: { rows: OHLCV } }), 400, 'REQUEST_INVALID', '/ohlcv')
  await refused(body('form', { indicators_csv: [1] }), 400, 'REQUEST_INVALID', '/indicators_csv')
  await refused(body('form', { record_questdb: 'yes' }), 400, 'REQUEST_INVALID', '/record_questdb')
})

test('a faulty frame fails the job, which names frame, row and column; the frame before it stays', async () => {
  const rows = INDICATORS.map((row, i) => (i === 17 ? { ...row, ATR_14: 'high' } : row))
  const sent = body('faulty', { ohlcv: OHLCV, indicators: rows })
  const job = await record(sent)
  assert.equal([job.status, job.error_code], ['FAILED', 'CELL_INVALID'])
  assert.match(job.error, /^indicators: /)
  assert.match(job.error, /ATR_14/)
  assert.match(job.error, /17/)
  await holds(sent.dataset_slug, 'ohlcv', OHLCV)
  assert.is(await rowCount(engines, `${sent.dataset_slug}_ind`), undefined)
  const again = await server.post('/api/datasets', { ...sent, indicators: INDICATORS })
  const repaired = await ended(server, (again.json as Required<Recorded>).job_ids[0] as string)
  assert.is(repaired.status, 'COMPLETED')
  await holds(sent.dataset_slug, 'indicators', INDICATORS)
})

test('bars that lack a column fail the job with its name, an empty frame as well', async () => {
  const lacking = await record(body('lacking', { ohlcv_csv: 'timestamp,open,high,close\n1732831200,1,2,3\n' }))
  assert.equal([lacking.status, lacking.error_code], ['FAILED', 'FRAME_MALFORMED'])
  assert.match(lacking.error, /^ohlcv: .*low/)
  const empty = await record(body('empty', { indicators: [] }))
  assert.equal([empty.status, empty.error_code], ['FAILED', 'FRAME_EMPTY'])
})

test('after a restart between the two frames the job goes on, and the rows are whole', async () => {
  const sent = body('restart', { ohlcv: OHLCV, indicators_csv: csvOf(INDICATORS) })
  const config = testConfig(engines, server.spoolDir)
  const log = createLog('fatal')
  // Held from outside, so that the job waits with its first frame loaded; the server of all tests takes no jobs meanwhile.
  const lock = await lockMeasurement(engines.postgresUrl, `${sent.dataset_slug}_ind`)
  await server.app.stop()
  const before = await startApp(config, log)
  await before.prepared
  const jobId = (
    (await new TestClient(before.url, server.token).post('/api/datasets', sent)).json as Required<Recorded>
  ).job_ids[0] as string
  await eventually(
    'the bars are loaded',
    async () => (await rowCount(engines, `${sent.dataset_slug}_ohlcv`)) === 400,
    10_000,
  )
  await before.stop()
  await lock.release()
  assert.is(await rowCount(engines, `${sent.dataset_slug}_ind`), undefined)
  const after = await startApp(config, log)
  try {
    await after.prepared
    const client = new TestClient(after.url, server.token)
    const job = await ended(client, jobId)
    const { ohlcv, indicators } = job.result as Record<string, { rows_written: number; duplicates: number }>
    assert.equal([job.status, job.error], ['COMPLETED', ''])
    assert.equal([ohlcv?.duplicates, indicators?.rows_written], [400, 350], 'the bars were there already')
    for (const [frame, rows] of [
      ['ohlcv', OHLCV],
      ['indicators', INDICATORS],
    ] as const) {
      const read = await client.get(`/api/datasets/${sent.dataset_slug}/${frame}`)
      assertSame((read.json as { rows: unknown[] }).rows, rows.map(shown))
    }
  } finally {
    await after.stop()
  }
})

test.run()
