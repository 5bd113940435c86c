/** A request under an Idempotency-Key is done once, and answered alike however often it is sent. */
import { readdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import * as assert from 'uvu/assert'
import { minutesCsv } from '../../support/csv.js'
import { eventually } from '../../support/eventually.js'
import { simulationBodies } from '../../support/fixtures.js'
import { formOf } from '../../support/form.js'
import { ended, type ImportReceipt, type Job, type Problem, rowCount } from '../../support/imports.js'
import { answerIn, importUnder, isReplayed, keyed, newKey } from '../../support/keyed.js'
import { lockMeasurement } from '../../support/outside-lock.js'
import { rawRequest } from '../../support/raw-http.js'
import { type SendOptions, SHARED_SECRET, startServer, TestClient } from '../../support/server.js'
import { test } from '../../support/test.js'

const server = await startServer({ settings: { STAGE1_JOBS_LEASE_SECONDS: '2' } })
const { prefix } = server.engines
const sql = new pg.Pool({ connectionString: server.engines.postgresUrl, max: 1 })
sql.on('error', () => {})
test.after(async () => {
  await sql.end()
  await server.stop()
})

const CSV = minutesCsv(3)
const codeOf = (answer: { json: unknown }) => (answer.json as Problem).code
const jobIdOf = (answer: { json: unknown }) => (answer.json as ImportReceipt).job_id
const [simulation] = simulationBodies()

async function jobsFor(measurement: string): Promise<Job[]> {
  const { jobs } = (await server.get('/api/jobs?limit=1000')).json as { jobs: Job[] }
  return jobs.filter(({ payload }) => payload.measurement === measurement)
}

async function keptKeys(key: string): Promise<number> {
  return (await sql.query('select from stage1_idempotency_keys where key = $1', [key])).rowCount ?? 0
}

const slug = `${prefix}set`
const run = {
  run: { run_id: newKey(), dataset_id: slug, prediction_measurement: `${prefix}wf` },
  folds: [],
  predictions: [{ timestamp: 1_732_831_200_000, fold_number: 0, prediction: 0.5 }],
}
const bar = { timestamp: 1_732_831_200_000, open: 1, high: 2, low: 0.5, close: 1.5, volume: 3 }
const csv = { body: CSV, media: 'text/csv' }
const form = await formOf([['measurement', `${prefix}form`]], { filename: 'bars.csv', media: 'text/csv', bytes: CSV })

const EVERY_POST: [string, number, SendOptions][] = [
  ['/api/datasets', 201, { json: { dataset_slug: slug, granularity: '1m' } }],
  ['/api/datasets', 201, { json: { dataset_slug: `${slug}2`, record_questdb: true, ohlcv: [bar] } }],
  [`/api/datasets/${slug}/ohlcv/append`, 200, { json: { rows: [bar] } }],
  [`/api/datasets/${slug}/indicators/append`, 200, { json: { rows: [{ timestamp: bar.timestamp, RSI: 50 }] } }],
  ['/api/runs', 201, { json: { ...run, predictions: undefined } }],
  ['/api/runs', 200, { json: run }],
  ['/api/runs', 202, { json: run, headers: { prefer: 'respond-async' } }],
  ['/api/simulations', 201, { json: simulation }],
  [`/api/questdb/import?measurement=${prefix}new&mode=create`, 200, csv],
  ['/api/questdb/import', 200, form],
  [`/api/questdb/import/async?measurement=${prefix}later`, 202, csv],
  ['/api/questdb/export/async', 202, { json: { measurement: `${prefix}new` } }],
  ['/api/uploads?filename=a.csv', 201, csv],
]

for (const [path, status, options] of EVERY_POST)
  test(`1: POST ${path.replaceAll(prefix, '')} (${status}) sent three times is done once, and answered byte for byte alike`, async () => {
    const key = newKey()
    const send = () =>
      server.send('POST', path, { ...options, headers: { ...options.headers, 'idempotency-key': key } })
    const first = await send()
    assert.equal([first.status, isReplayed(first)], [status, false], first.text)
    for (const again of [await send(), await send()]) {
      assert.ok(isReplayed(again))
      assert.equal(answerIn(again), answerIn(first))
    }
  })

test('2: twenty at the same time have one effect, and whoever is answered is answered alike', async () => {
  const [name, key] = [`${prefix}twenty`, newKey()]
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => importUnder(server, key, `measurement=${name}&mode=create`, CSV)),
  )
  const good = answers.filter(({ status }) => status === 200)
  assert.ok(good.length > 0)
  assert.is(new Set(good.map(({ text }) => text)).size, 1)
  for (const other of answers.filter(({ status }) => status !== 200))
    assert.equal([other.status, codeOf(other)], [409, 'IDEMPOTENCY_IN_PROGRESS'])
  assert.equal([(await jobsFor(name)).length, await rowCount(server.engines, name)], [1, 3])
  assert.equal(readdirSync(server.spoolDir).filter((file) => file.endsWith('.body')).length, 1, 'only the upload waits')
})

test('2: while the first takes long, longer than its lease too, others are told to come again; then they get its answer', async () => {
  const [name, key] = [`${prefix}slow`, newKey()]
  const lock = await lockMeasurement(server.engines.postgresUrl, name)
  const send = () => importUnder(server, key, `measurement=${name}`, CSV)
  const first = send()
  await eventually('the first is at work', async () => (await jobsFor(name)).length === 1)
  const limited = { ...csv, ...keyed(key), signal: AbortSignal.timeout(6000) }
  const early = await server.send('POST', `/api/questdb/import?measurement=${name}`, limited)
  assert.equal([early.status, codeOf(early)], [409, 'IDEMPOTENCY_IN_PROGRESS'], early.text)
  assert.is(early.headers.get('retry-after'), '2')
  await sleep(1000)
  const waiting = send()
  await lock.release()
  assert.is((await first).status, 200)
  const replay = await waiting
  assert.ok(isReplayed(replay))
  assert.equal(answerIn(replay), answerIn(await first))
  assert.is((await jobsFor(name)).length, 1)
})

test('3: the same key with another body, path or query is refused, and the first request keeps it', async () => {
  const key = newKey()
  const query = `measurement=${prefix}bound`
  const first = await importUnder(server, key, query, CSV)
  const others = [
    [await importUnder(server, key, query, minutesCsv(2)), /another body/],
    [await importUnder(server, key, `${query}&mode=replace`, CSV), /another method, path or query/],
    [await importUnder(server, key, query, CSV, '/async'), /another method, path or query/],
    [await server.post('/api/simulations', simulation, keyed(key)), /another method, path or query/],
  ] as const
  for (const [answer, said] of others) {
    assert.equal([answer.status, codeOf(answer)], [422, 'IDEMPOTENCY_KEY_REUSED'], answer.text)
    assert.match((answer.json as Problem).message, said)
  }
  assert.equal(answerIn(await importUnder(server, key, query, CSV)), answerIn(first))
  assert.is(await rowCount(server.engines, `${prefix}bound`), 3)
})

test('3: of JSON every byte counts, and of a form its fields as well as its file', async () => {
  const [json, fields] = [newKey(), newKey()]
  assert.is((await server.post('/api/datasets', { dataset_slug: slug, symbol: 'A' }, keyed(json))).status, 200)
  assert.is((await server.post('/api/datasets', { dataset_slug: slug, symbol: 'B' }, keyed(json))).status, 422)
  assert.is((await server.send('POST', '/api/questdb/import', { ...form, ...keyed(fields) })).status, 200)
  const file = { filename: 'bars.csv', media: 'text/csv', bytes: CSV }
  const other = await formOf([['measurement', `${prefix}form2`]], file)
  assert.is(
    codeOf(await server.send('POST', '/api/questdb/import', { ...other, ...keyed(fields) })),
    'IDEMPOTENCY_KEY_REUSED',
  )
  assert.is(await rowCount(server.engines, `${prefix}form2`), undefined)
  // A client makes a new boundary when it sends the form again.
  const again = await formOf([['measurement', `${prefix}form`]], file)
  assert.ok(isReplayed(await server.send('POST', '/api/questdb/import', { ...again, ...keyed(fields) })))
})

test("3: another token's key is another key: no answer crosses over, and nobody can use up another's keys", async () => {
  const issued = await server.post('/api/auth/token', { secret: SHARED_SECRET })
  const other = new TestClient(server.url, (issued.json as { token: string }).token)
  const key = newKey()
  const mine = await server.send('POST', '/api/uploads', { ...csv, ...keyed(key) })
  const theirs = await other.send('POST', '/api/uploads', { ...csv, ...keyed(key) })
  assert.equal([mine.status, theirs.status, isReplayed(theirs)], [201, 201, false])
  assert.is.not(theirs.text, mine.text)
  assert.is((await other.send('POST', '/api/uploads', { ...csv, body: minutesCsv(2), ...keyed(key) })).status, 422)
})

test('4: a key that is empty, too long or not visible ASCII is refused by name, and 255 characters are a key', async () => {
  const auth = { 'x-stage1-token': server.token, 'content-type': 'application/json', 'content-length': '2' }
  for (const bad of ['', 'a'.repeat(256), 'two words', 'a\tb', 'schl\u00fcssel'])
    for (const path of ['/api/datasets', '/api/questdb/query', '/api/auth/token']) {
      const sent = await rawRequest(server.url, `POST ${path}`, { ...auth, 'idempotency-key': bad })
      sent.write('{}')
      const { status, body } = await sent.answer()
      assert.is(status, 400, `${path} ${JSON.stringify(bad)} ${body}`)
      assert.match(body, /idempotency-key/, body)
      sent.socket.destroy()
    }
  const longest = await server.post('/api/datasets', { dataset_slug: slug }, keyed('~'.repeat(255)))
  assert.is(longest.status, 200, longest.text)
})

test('6: a refused request frees its key for the mended one', async () => {
  const key = newKey()
  const query = `measurement=${prefix}mended`
  assert.is((await importUnder(server, key, `${query}&mode=never`, CSV)).status, 400)
  const noTime = await importUnder(server, key, query, 'a,b\n1,2\n')
  assert.equal([noTime.status, codeOf(noTime)], [422, 'TIMESTAMP_COLUMN_MISSING'])
  const badCell = await importUnder(server, key, query, 'timestamp,n\nyesterday,1\n')
  assert.is(badCell.status, 422, badCell.text)
  assert.is(await keptKeys(key), 0)
  const mended = await importUnder(server, key, query, CSV)
  assert.equal([mended.status, isReplayed(mended)], [200, false], mended.text)
  assert.is(await rowCount(server.engines, `${prefix}mended`), 3)
})

test('7: after a 503, and after a client that left, the same key begins the work anew, by another job', async () => {
  const broken = await startServer({ engines: server.engines, questdbUrl: 'http://127.0.0.1:1' })
  const [name, key] = [`${prefix}anew`, newKey()]
  try {
    const away = await importUnder(new TestClient(broken.url, server.token), key, `measurement=${name}`, CSV)
    assert.equal([away.status, codeOf(away)], [503, 'QUESTDB_UNAVAILABLE'])
  } finally {
    await broken.stop()
  }
  assert.is(
    (await importUnder(server, key, `measurement=${name}`, minutesCsv(2))).status,
    422,
    'it stays bound to its body',
  )
  const lock = await lockMeasurement(server.engines.postgresUrl, name)
  const leaving = new AbortController()
  const options = { ...csv, ...keyed(key), signal: leaving.signal }
  const left = server.send('POST', `/api/questdb/import?measurement=${name}`, options).catch(() => 'left')
  await eventually('it is at work', async () => (await jobsFor(name)).some(({ status }) => status === 'RUNNING'))
  leaving.abort()
  assert.is(await left, 'left')
  const again = importUnder(server, key, `measurement=${name}`, CSV)
  await eventually('the job has ended', async () => (await jobsFor(name)).some(({ status }) => status === 'CANCELLED'))
  await lock.release()
  const answer = await again
  assert.equal([answer.status, isReplayed(answer)], [200, false], answer.text)
  const jobs = await jobsFor(name)
  assert.equal(jobs.map(({ status }) => status).sort(), ['CANCELLED', 'COMPLETED', 'FAILED'])
  assert.is(jobs.find(({ status }) => status === 'COMPLETED')?.job_id, jobIdOf(answer))
  assert.is(await rowCount(server.engines, name), 3)
})

test('8: a key that is older than idempotency.keep_hours is new after the next sweep, younger ones stay', async () => {
  const [old, young] = [newKey(), newKey()]
  const upload = (key: string) => server.send('POST', '/api/uploads', { ...csv, ...keyed(key) })
  const first = await upload(old)
  await upload(young)
  const age = `update stage1_idempotency_keys set created_at = now() - make_interval(hours => $2) where key = $1`
  await sql.query(age, [old, 25])
  await sql.query(age, [young, 23])
  const other = await startServer({ engines: server.engines })
  await other.stop()
  const again = await upload(old)
  assert.equal([again.status, isReplayed(again)], [201, false])
  assert.is.not(again.text, first.text)
  assert.ok(isReplayed(await upload(young)))
})

test('9: a client that died before its answer came gets it when it asks again', async () => {
  const key = newKey()
  const body = JSON.stringify({ ...simulation, simulation_id: newKey() })
  const sent = await rawRequest(server.url, 'POST /api/simulations', {
    'x-stage1-token': server.token,
    'content-type': 'application/json',
    'content-length': String(body.length),
    'idempotency-key': key,
  })
  sent.write(body)
  await eventually('the key is taken', async () => (await keptKeys(key)) === 1)
  sent.socket.destroy()
  const again = await server.send('POST', '/api/simulations', { body, ...keyed(key) })
  assert.equal([again.status, isReplayed(again)], [201, true], again.text)
})

test('a key has no effect where nothing is changed, and a token is never kept', async () => {
  const key = newKey()
  const tokens = [1, 2].map(async () => {
    const { json } = await server.post('/api/auth/token', { secret: SHARED_SECRET }, keyed(key))
    return (json as { token: string }).token
  })
  assert.is(new Set(await Promise.all(tokens)).size, 2)
  for (const query of ['select 1', 'select 2'])
    assert.is((await server.post('/api/questdb/query', { sql: query }, keyed(key))).status, 200)
  assert.is((await server.post('/api/questdb/export', { sql: 'select 1' }, keyed(key))).status, 200)
  assert.is(await keptKeys(key), 0)
})

test('an answer of more than a megabyte is not kept: the request is done again, and says as at first that it created', async () => {
  const body = { dataset_slug: `${slug}_large`, metadata: { note: 'x'.repeat(1_200_000) } }
  const key = newKey()
  assert.is((await server.post('/api/datasets', body, keyed(key))).status, 201)
  const again = await server.post('/api/datasets', body, keyed(key))
  assert.equal([again.status, isReplayed(again)], [201, false])
})

test('an asynchronous import whose job has ended is still answered as at first', async () => {
  const key = newKey()
  const query = `measurement=${prefix}ended`
  const first = await importUnder(server, key, query, CSV, '/async')
  assert.is((await ended(server, jobIdOf(first))).status, 'COMPLETED')
  assert.equal(answerIn(await importUnder(server, key, query, CSV, '/async')), answerIn(first))
})

test.run()
