/** Clients that send or take so slowly that only their number could be meant, and those whose line is just slow. */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { eventually } from '../../support/eventually.js'
import { rawRequest } from '../../support/raw-http.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

const server = await startServer({ settings: { STAGE1_LIMITS_SLOW_SECONDS: '2' } })
test.after(() => server.stop())

const { hostname, port } = new URL(server.url)
const measurement = `${server.engines.prefix}slow`

async function send(path: string, media: string, length: number) {
  return rawRequest(server.url, `POST ${path}`, {
    'x-stage1-token': server.token,
    'content-type': media,
    'content-length': String(length),
  })
}

test('a body of which a few bytes come now and then is not waited for, by JSON and frame alike', async () => {
  for (const [path, media] of [
    ['/api/datasets', 'application/json'],
    ['/api/auth/token', 'application/json'],
    [`/api/questdb/import?measurement=${measurement}`, 'text/csv'],
    ['/api/runs', 'application/json'],
  ] as const) {
    const sent = await send(path, media, 100_000)
    const drip = setInterval(() => sent.write(' '), 100)
    const answer = await sent.answer()
    clearInterval(drip)
    assert.is(answer.status, 408, path)
    assert.is(JSON.parse(answer.body).code, 'BODY_TOO_SLOW')
    assert.is(answer.headers.connection, 'close')
  }
})

test('a body that comes over a slow line is waited for', async () => {
  const body = JSON.stringify({ simulation_id: randomUUID(), config: { note: 'x'.repeat(9000) } })
  const sent = await send('/api/simulations', 'application/json', body.length)
  for (let at = 0; at < body.length; at += 300) {
    sent.write(body.slice(at, at + 300))
    await sleep(100)
  }
  const answer = await sent.answer()
  assert.is(answer.status, 201, answer.body)
})

test('a body that nobody reads holds no connection', async () => {
  for (const line of ['GET /healthz', 'GET /api/docs', 'POST /api/nothing', 'GET /api/jobs']) {
    const sent = await rawRequest(server.url, line, { 'content-length': '100000', 'x-stage1-token': server.token })
    const answer = await sent.answer()
    assert.is(answer.headers.connection, 'close', line)
  }
})

/** An answer of many megabytes, of which the client takes `bytes` each tenth of a second. */
async function slowReader(bytes: number) {
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  let ended = false
  let taken = 0
  socket
    .on('error', () => {})
    .on('close', () => {
      ended = true
    })
  socket.pause()
  const sql = `select timestamp, x, rnd from ${measurement}_many`
  const body = JSON.stringify({ sql, format: 'csv' })
  socket.write(
    `POST /api/questdb/export HTTP/1.1\r\nHost: x\r\nX-Stage1-Token: ${server.token}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  )
  const timer = setInterval(() => {
    const piece = socket.read(bytes) ?? socket.read()
    taken += piece?.length ?? 0
  }, 100)
  return {
    get ended() {
      return ended
    },
    get taken() {
      return taken
    },
    stop: () => {
      clearInterval(timer)
      socket.destroy()
    },
  }
}

test.before(async () => {
  await server.engines.questdb.run(
    `CREATE TABLE ${measurement}_many AS (SELECT timestamp_sequence('2024-01-01', 1000000) timestamp, x, rnd_str(200, 200, 0) rnd
     FROM long_sequence(200000)) TIMESTAMP(timestamp) PARTITION BY MONTH WAL`,
  )
})

test('a reader that takes next to nothing of its answer is cut off; one on a slow line is not', async () => {
  const [stalled, slow] = [await slowReader(1), await slowReader(200_000)]
  try {
    await eventually('the cut is in the log', () => server.log().includes('a reader of an answer is too slow'), 15_000)
    await sleep(3500)
    assert.not.ok(slow.ended, 'the slow one was cut off too')
    assert.ok(slow.taken > 1_000_000, `${slow.taken}`)
  } finally {
    stalled.stop()
    slow.stop()
  }
})

test('connections over the limit are turned away, and said so once', async () => {
  const small = await startServer({ settings: { STAGE1_SERVER_MAX_CONNECTIONS: '3' } })
  const sockets = Array.from({ length: 8 }, () =>
    connect(Number(new URL(small.url).port), hostname).on('error', () => {}),
  )
  try {
    await eventually('the rest is closed', () => sockets.filter(({ closed }) => closed).length >= 5)
    await sleep(100)
    assert.ok(sockets.filter(({ closed }) => !closed).length <= 3)
    assert.is(small.log().split('connections are turned away').length, 2)
  } finally {
    for (const socket of sockets) socket.destroy()
    await eventually('there is room again', async () => (await fetch(`${small.url}/healthz`)).ok)
    await small.stop()
  }
})

test.run()
