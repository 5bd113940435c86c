/** Bodies that are large, too large, or never end. */
import { randomUUID } from 'node:crypto'
import { readdirSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { eventually } from '../../support/eventually.js'
import { rawRequest } from '../../support/raw-http.js'
import { type Received, startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

const JSON_BYTES = 64 * 1024
const FRAME_BYTES = 3 * 1024 * 1024
const server = await startServer({
  settings: {
    STAGE1_LIMITS_JSON_BYTES: String(JSON_BYTES),
    STAGE1_LIMITS_FRAME_BYTES: String(FRAME_BYTES),
  },
})
test.after(() => server.stop())

const measurement = `${server.engines.prefix}sizes`
const spooled = () => readdirSync(server.spoolDir)
const spoolIsEmpty = () => eventually('the spool is empty', () => spooled().length === 0)
const token = () => ({ 'x-stage1-token': server.token })

function details(answer: { json?: unknown; body?: string }) {
  const problem = (answer.json ?? JSON.parse(answer.body as string)) as { code: string; details: { limit?: number } }
  assert.is(problem.code, 'BODY_TOO_LARGE')
  return problem.details
}

/** A simulation of just this many bytes. */
function simulation(bytes: number): string {
  const [head, tail] = [`{"simulation_id":"${randomUUID()}","config":{"note":"`, '"}}']
  return head + 'x'.repeat(bytes - head.length - tail.length) + tail
}

const post = (path: string, body: string, media: string): Promise<Received> =>
  server.send('POST', path, { body, media })

test('JSON up to the limit is taken, one byte more is refused with the limit', async () => {
  assert.is((await post('/api/simulations', simulation(JSON_BYTES), 'application/json')).status, 201)
  const answer = await post('/api/simulations', simulation(JSON_BYTES + 1), 'application/json')
  assert.is(answer.status, 413)
  assert.is(details(answer).limit, JSON_BYTES)
})

test('JSON that does not say its length is counted while it comes', async () => {
  const head = { ...token(), 'content-type': 'application/json', 'transfer-encoding': 'chunked' }
  const sent = await rawRequest(server.url, 'POST /api/simulations', head)
  const chunk = 'x'.repeat(0x4000)
  sent.write(`11\r\n{"simulation_id":\r\n`)
  for (let i = 0; i < 8; i++) sent.write(`4000\r\n${chunk}\r\n`)
  const answer = await sent.answer()
  assert.is(answer.status, 413)
  details(answer)
  assert.is(answer.headers.connection, 'close')
})

test('a frame that is announced too large is refused before it is read', async () => {
  const head = { ...token(), 'content-type': 'text/csv', 'content-length': String(FRAME_BYTES + 1) }
  const sent = await rawRequest(server.url, `POST /api/questdb/import?measurement=${measurement}`, head)
  const answer = await sent.answer()
  assert.is(answer.status, 413)
  assert.is(details(answer).limit, FRAME_BYTES)
  assert.is(answer.headers.connection, 'close')
  assert.equal(spooled(), [])
})

test('a frame that does not say its length is cut off at the limit, and nothing of it stays', async () => {
  const head = { ...token(), 'content-type': 'text/csv', 'transfer-encoding': 'chunked' }
  for (const path of ['/api/questdb/import', '/api/questdb/import/async']) {
    const sent = await rawRequest(server.url, `POST ${path}?measurement=${measurement}`, head)
    const chunk = '1732831200,1\n'.repeat(5_000)
    sent.write('b\r\ntimestamp,x\r\n1\r\n\n\r\n')
    for (let bytes = 0; bytes <= FRAME_BYTES; bytes += chunk.length) {
      sent.write(`${chunk.length.toString(16)}\r\n${chunk}\r\n`)
    }
    const answer = await sent.answer()
    assert.is(answer.status, 413)
    assert.is(details(answer).limit, FRAME_BYTES)
    await spoolIsEmpty()
  }
  assert.is((await server.get(`/api/questdb/measurement/${measurement}`)).status, 404)
})

test('a client that goes on sending a body that is too large still hears why', async () => {
  for (let turn = 0; turn < 5; turn++) {
    const answer = await post(`/api/questdb/import?measurement=${measurement}`, 'x'.repeat(FRAME_BYTES * 2), 'text/csv')
    assert.is(answer.status, 413)
    const json = await post('/api/simulations', simulation(JSON_BYTES * 20), 'application/json')
    assert.is(json.status, 413)
  }
})

test('the members beside a frame are small or refused', async () => {
  const body = { measurement, filename: 'x'.repeat(JSON_BYTES), data: 'timestamp,x\n1732831200,1\n' }
  const answer = await server.post('/api/questdb/import', body)
  assert.is(answer.status, 413)
  await spoolIsEmpty()
})

test('a client that waits for 100-continue gets it, and its 2 MB are stored', async () => {
  const rows = 100_000
  const lines = Array.from({ length: rows }, (_, i) => `${1_704_067_200_000 + i * 1000},${i}.5`)
  const body = `timestamp,x\n${lines.join('\n')}\n`
  assert.ok(body.length > 2 * 1024 * 1024 && body.length < FRAME_BYTES)
  const sent = await rawRequest(server.url, `POST /api/questdb/import?measurement=${measurement}_big`, {
    ...token(),
    'content-type': 'text/csv',
    'content-length': String(body.length),
    expect: '100-continue',
  })
  assert.is(await sent.interim(), 100)
  sent.write(body)
  const answer = await sent.answer()
  assert.is(answer.status, 200, answer.body)
  assert.is(JSON.parse(answer.body).rows_written, rows)
})

test('a stranger cannot fill the disk: the token is asked for before a byte is read', async () => {
  for (const path of [
    '/api/questdb/import',
    '/api/questdb/import/async',
    '/api/runs',
    '/api/datasets/x/ohlcv/append',
  ]) {
    const sent = await rawRequest(server.url, `POST ${path}`, {
      'content-type': 'application/json',
      'content-length': String(FRAME_BYTES),
    })
    sent.write('{"measurement":"x","data":"')
    const answer = await sent.answer()
    assert.is(answer.status, 401, path)
    assert.is(JSON.parse(answer.body).code, 'UNAUTHORIZED')
    assert.equal(spooled(), [])
  }
})

test('an upload that is refused for its query or headers leaves no file', async () => {
  for (const query of ['', '?measurement=no spaces', `?measurement=${measurement}&unknown=1`]) {
    const answer = await post(`/api/questdb/import${query}`, 'timestamp,x\n1732831200,1\n', 'text/csv')
    assert.is(answer.status, 400, query)
    await spoolIsEmpty()
  }
})

test('an upload that its client breaks off leaves no file', async () => {
  const head = { ...token(), 'content-type': 'text/csv', 'content-length': '100000' }
  const sent = await rawRequest(server.url, `POST /api/questdb/import?measurement=${measurement}`, head)
  sent.write('timestamp,x\n1732831200,1\n')
  await eventually('the upload has begun', () => spooled().length === 1)
  sent.socket.resetAndDestroy()
  await spoolIsEmpty()
})

test.run()
