/** Which web pages may call the server from a browser. */
import * as assert from 'uvu/assert'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

const OWN = 'https://agenticresearch.info'
const SECOND = 'https://lab.example:8443'
const server = await startServer({
  settings: { STAGE1_CORS_ORIGINS: `${OWN},${SECOND}`, STAGE1_LIMITS_JSON_BYTES: '1024' },
})
test.after(() => server.stop())

const REFUSED = [
  'https://agenticresearch.info.evil.example',
  'https://evilagenticresearch.info',
  'https://agenticresearch.info:8443',
  'https://www.agenticresearch.info',
  'http://agenticresearch.info',
  'https://agenticresearch.info/',
  'https://agenticresearch.info.',
  'https://AGENTICRESEARCH.info',
  'https://agenticresearch.info https://evil.example',
  'https://lab.example',
  'null',
  '*',
]

function corsHeaders(headers: Headers): [string, string][] {
  return [...headers].filter(([name]) => name.startsWith('access-control-'))
}

function preflight(origin: string, path = '/api/datasets', more: Record<string, string> = {}) {
  return fetch(server.url + path, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type,x-stage1-token',
      ...more,
    },
  })
}

test('a page of an allowed origin may ask, and read what it needs of the answer', async () => {
  for (const origin of [OWN, SECOND]) {
    const { headers } = await server.get('/api/datasets', { headers: { origin } })
    assert.is(headers.get('access-control-allow-origin'), origin)
    assert.is(headers.get('access-control-allow-credentials'), null)
    const exposed = (headers.get('access-control-expose-headers') ?? '').toLowerCase().split(',')
    for (const name of [
      'etag',
      'retry-after',
      'location',
      'x-request-id',
      'content-disposition',
      'idempotency-replayed',
    ])
      assert.ok(exposed.includes(name), name)
  }
})

test('a page of an allowed origin can read errors too', async () => {
  const headers = { origin: OWN }
  const failed = [
    [401, await server.get('/api/datasets', { headers: { ...headers, 'x-stage1-token': 'none' } })],
    [400, await server.get('/api/datasets?limit=x', { headers })],
    [404, await server.get('/api/nothing', { headers })],
    [405, await server.send('DELETE', '/api/datasets', { headers })],
    [413, await server.post('/api/datasets', { dataset_slug: 'x', symbol: 'x'.repeat(2_000) }, { headers })],
    [415, await server.send('POST', '/api/datasets', { body: 'x', media: 'text/plain', headers })],
  ] as const
  for (const [status, answer] of failed) {
    assert.is(answer.status, status)
    assert.is(answer.headers.get('access-control-allow-origin'), OWN, String(status))
    assert.match(answer.headers.get('vary') ?? '', /Origin/i)
  }
})

test('a page of any other origin gets no leave, however alike the origin looks', async () => {
  for (const origin of REFUSED) {
    const { headers } = await server.get('/api/datasets', { headers: { origin } })
    assert.equal(corsHeaders(headers), [], origin)
    assert.match(headers.get('vary') ?? '', /Origin/i)
  }
})

test('a client that is no page gets no such headers, and caches are told that origins matter', async () => {
  const { headers } = await server.get('/api/datasets')
  assert.equal(corsHeaders(headers), [])
  assert.match(headers.get('vary') ?? '', /Origin/i)
})

test('a browser may ask beforehand without a token, for every method and header that clients use', async () => {
  for (const path of ['/api/datasets', '/api/runs/x', '/api/questdb/import/async', '/api/auth/token', '/healthz']) {
    const answer = await preflight(OWN, path)
    assert.is(answer.status, 204, path)
    assert.is(await answer.text(), '')
    assert.is(answer.headers.get('access-control-allow-origin'), OWN)
    const methods = (answer.headers.get('access-control-allow-methods') ?? '').split(',')
    for (const method of ['GET', 'POST', 'PUT', 'DELETE']) assert.ok(methods.includes(method), method)
    const allowed = (answer.headers.get('access-control-allow-headers') ?? '').toLowerCase().split(',')
    for (const name of ['content-type', 'x-stage1-token', 'if-none-match', 'prefer', 'idempotency-key'])
      assert.ok(allowed.includes(name), name)
    assert.ok(Number(answer.headers.get('access-control-max-age')) > 0)
  }
})

test('a header that is not listed is not allowed because it was asked for', async () => {
  const answer = await preflight(OWN, '/api/datasets', { 'access-control-request-headers': 'x-evil' })
  assert.not.match(answer.headers.get('access-control-allow-headers') ?? '', /x-evil/i)
})

test('asking beforehand from any other origin gets no leave', async () => {
  for (const origin of REFUSED) {
    const answer = await preflight(origin)
    assert.equal(corsHeaders(answer.headers), [], origin)
    assert.ok(answer.status >= 400 || answer.status === 204, `${origin}: ${answer.status}`)
  }
})

test.run()
