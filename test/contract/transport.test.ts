/** How the two clients speak HTTP, and what they show of failures. */
import * as assert from 'uvu/assert'
import { listen } from '../support/event-stream.js'
import { ownDataset } from '../support/fixtures.js'
import { rawRequest } from '../support/raw-http.js'
import { startServer, TestClient } from '../support/server.js'
import { test } from '../support/test.js'
import { readDataset, readDatasetList } from './desktop/dataset-reader.js'
import { must } from './desktop/sender.js'
import { Desktop } from './desktop/transport.js'
import type { Json } from './desktop/values.js'
import { ask, failure, toast } from './web/transport.js'

/** Where the dashboard is served from. */
const ORIGIN = 'https://agenticresearch.info'
const NOBODY = 'http://127.0.0.1:1'

const server = await startServer()
const withoutQuestdb = await startServer({ questdbUrl: NOBODY, engines: server.engines })
const desktop = new Desktop(server.url, server.token)
const { prefix } = server.engines
test.after(async () => {
  await withoutQuestdb.stop()
  await server.stop()
})

const dataset = ownDataset(prefix, 'known')
test.before(async () => {
  await must(desktop.post('/api/datasets', dataset))
})

test('A3 #5: the detail tells the state of its tables, and answers when QuestDB does not', async () => {
  const detail = async (client: TestClient) => (await ask(client, 'GET', `/api/datasets/${dataset.dataset_id}`)) as Json
  assert.is(((await detail(server)).questdb_state as Json).status, 'ok')
  assert.is(((await detail(withoutQuestdb)).questdb_state as Json).status, 'unknown')
  const answer = await must(
    new Desktop(withoutQuestdb.url, withoutQuestdb.token).get(`/api/datasets/${dataset.dataset_id}`),
  )
  assert.is(readDataset(answer.text).ohlcv_rows, 9227, 'the last one that is known')
})

test('A3 #35: a failure says the same to the one who shows the body and to the one who shows its message', async () => {
  const path = '/api/runs/00000000-0000-4000-8000-000000000000'
  const { text } = await desktop.get(path)
  const { error, message, code, details } = JSON.parse(text) as Json
  assert.equal([error, code], [message, 'RUN_NOT_FOUND'])
  assert.type(details, 'object')
  assert.is(toast(await failure(server, 'GET', path)), error)
})

test('A3 #36: the path of the event stream is its own, and leaves the paths of tables below it to others', async () => {
  const stream = await listen(server.url, server.token, '?topics=datasets')
  await must(desktop.post('/api/datasets', dataset))
  const [event] = await stream.atLeast(1)
  stream.leave()
  assert.equal([event?.type, event?.data.subject], ['dataset.registered', dataset.dataset_id])
  const { status, text } = await desktop.get('/api/events/live_positions?limit=10')
  assert.equal([status, JSON.parse(text).code], [404, 'ROUTE_NOT_FOUND'])
})

test('A3 #43: a page opens a stream without a header, by a ticket; a token in a URL is refused', async () => {
  const { ticket } = (await ask(server, 'POST', '/api/events/tickets')) as Json
  const stream = await listen(server.url, '', `?ticket=${ticket}&topics=datasets`, { origin: ORIGIN })
  assert.equal([stream.status, stream.headers['access-control-allow-origin']], [200, ORIGIN])
  await must(desktop.post('/api/datasets', dataset))
  await stream.atLeast(1)
  stream.leave()
  for (const name of ['token', 'ticket', 'X-Stage1-Token'])
    assert.is((await listen(server.url, '', `?${name}=${server.token}`)).status, 401, name)
})

test('A3 #38: a method other than POST with a JSON content type and no body is taken', async () => {
  const { upload_id } = (await ask(server, 'POST', '/api/uploads', { rows: [{ timestamp: 1, prediction: 2 }] })) as Json
  const answer = await must(desktop.send('DELETE', `/api/uploads/${upload_id}`))
  assert.is(JSON.parse(answer.text).upload_id, upload_id)
  await must(desktop.get('/api/health'))
})

test('A3 #39: bursts of saves and of many small reads meet no limit', async () => {
  for (let i = 0; i < 60; i++) await must(desktop.post('/api/datasets', dataset))
  await Promise.all(Array.from({ length: 200 }, () => ask(server, 'GET', `/api/datasets/${dataset.dataset_id}`)))
})

test('A3 #47: an id that can not be one is not found, and no failure of the server', async () => {
  for (const id of ['nobody', '0', 'a%20b', "x';--", '%22', '../runs', '00000000-0000-4000-8000-00000000000g', '%zz'])
    for (const path of ['/api/datasets/', '/api/runs/', '/api/simulations/', '/api/jobs/']) {
      const sent = await rawRequest(server.url, `GET ${path}${id}`, {
        'x-stage1-token': server.token,
        'content-type': 'application/json',
      })
      const { status, body } = await sent.answer()
      assert.ok(status === 404 || status === 400, `${path}${id}: ${status}`)
      assert.ok(toast(body).length > 0)
    }
  assert.match(await failure(server, 'GET', '/api/datasets/nobody'), /^HTTP 404: \{/)
})

test('the desktop opens a connection for each call, and gets its answers as they are', async () => {
  for (const path of ['/api/datasets?limit=200&offset=0', '/api/jobs?limit=100&offset=0', '/healthz']) {
    const { headers, status } = await desktop.get(path)
    assert.equal([status, headers['content-encoding']], [200, undefined])
    assert.is(headers.connection, 'close')
  }
})

test('ids go into the path as they are, in the case that they were written in', async () => {
  const answer = await must(desktop.get(`/api/datasets/${dataset.dataset_id.toUpperCase()}`))
  assert.is(readDataset(answer.text).dataset_id, dataset.dataset_id)
  const list = readDatasetList((await must(desktop.get('/api/datasets?limit=100&offset=0'))).text)
  assert.is(list[0]?.dataset_slug, dataset.dataset_slug)
})

test('a call without a token, or with a wrong one, is told so', async () => {
  for (const token of ['', 'st1_wrong']) {
    const answer = await new Desktop(server.url, token).get('/api/datasets?limit=200&offset=0')
    assert.is(answer.status, 401)
    assert.match(toast(answer.text), /token/i)
  }
})

test('health needs no token', async () => {
  const anonymous = new TestClient(server.url, '')
  const health = (await ask(anonymous, 'GET', '/api/health')) as Json
  assert.is(health.status, 'healthy')
  assert.ok(Date.parse(health.timestamp as string) > 0)
  assert.type(health.uptime, 'number')
  assert.is(((await ask(anonymous, 'GET', '/healthz')) as Json).status, 'ok')
  assert.is(((await ask(anonymous, 'GET', '/readyz')) as Json).status, 'ready')
})

test('the dashboard may ask for each path beforehand without a token, and reads answers and failures', async () => {
  const paths = ['/api/datasets', `/api/datasets/${dataset.dataset_id}/runs`, '/api/runs/x', '/api/questdb/query']
  for (const path of paths) {
    const preflight = await fetch(server.url + path, {
      method: 'OPTIONS',
      headers: {
        origin: ORIGIN,
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'content-type,x-stage1-token',
      },
    })
    assert.is(preflight.status, 204)
    assert.is(preflight.headers.get('access-control-allow-origin'), ORIGIN)
    assert.match(preflight.headers.get('access-control-allow-headers') ?? '', /x-stage1-token/i)
  }
  for (const path of ['/api/datasets', '/api/runs/nobody']) {
    const { headers } = await server.get(path, { headers: { origin: ORIGIN } })
    assert.is(headers.get('access-control-allow-origin'), ORIGIN, path)
  }
})

test.run()
