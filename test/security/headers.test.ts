/** The headers that keep browsers safe, on every answer there is: errors, streams, documents, and what Node answers by itself. */
import { once } from 'node:events'
import { connect } from 'node:net'
import * as assert from 'uvu/assert'
import { fullRunBody } from '../support/fixtures.js'
import { type RawAnswer, rawRequest } from '../support/raw-http.js'
import { startServer } from '../support/server.js'
import { asAdmin } from '../support/template.js'
import { test } from '../support/test.js'

const OWN = 'https://agenticresearch.info'
const server = await startServer({
  settings: {
    STAGE1_CORS_ORIGINS: OWN,
    STAGE1_SERVER_TRUST_PROXY: 'true',
    STAGE1_LIMITS_JSON_BYTES: '2000000',
    STAGE1_LIMITS_ADDRESS_PER_MINUTE: '200',
  },
})
test.after(() => server.stop())

const TOKEN = { 'x-stage1-token': server.token, origin: OWN }

/** Bytes on a connection, and the answer up to the end of the connection. */
function raw(bytes: string): Promise<RawAnswer> {
  const { hostname, port } = new URL(server.url)
  return new Promise((resolve, reject) => {
    let received = ''
    const socket = connect(Number(port), hostname, () => socket.write(bytes))
    socket.setEncoding('latin1').on('data', (text) => {
      received += text
    })
    socket.on('error', reject)
    socket.on('close', () => {
      const [head = '', body = ''] = received.split('\r\n\r\n')
      const [line = '', ...lines] = head.split('\r\n')
      const headers = Object.fromEntries(
        lines.map((text) => [text.slice(0, text.indexOf(':')).toLowerCase(), text.slice(text.indexOf(':') + 1).trim()]),
      )
      resolve({ status: Number(line.split(' ')[1]), headers, body, interim: [] })
    })
  })
}

function safe(kind: string, headers: Readonly<Record<string, string>>): void {
  assert.is(headers['x-content-type-options'], 'nosniff', kind)
  assert.is(headers['x-frame-options'], 'DENY', kind)
  assert.is(headers['referrer-policy'], 'no-referrer', kind)
  assert.is(headers['cross-origin-resource-policy'], 'same-origin', kind)
  assert.match(headers['content-security-policy'] ?? '', /default-src 'none'.*frame-ancestors 'none'/, kind)
  assert.match(headers['cache-control'] ?? '', /no-store|private, no-cache/, kind)
  assert.match(headers['x-stage1-version'] ?? '', /^\d+\.\d+\.\d+$/, kind)
  assert.is(headers['x-powered-by'], undefined, kind)
  assert.is(headers.server, undefined, kind)
}

async function asked(line: string, headers: Record<string, string> = TOKEN, body?: string): Promise<RawAnswer> {
  const about =
    body === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }
  const sent = await rawRequest(server.url, line, { ...about, ...headers })
  if (body !== undefined) sent.write(body)
  return sent.answer()
}

/** The head of an answer that has no end. */
async function streamed(path: string): Promise<RawAnswer> {
  const { headers, status, body } = await fetch(server.url + path, { headers: TOKEN })
  await body?.cancel()
  return { status, headers: Object.fromEntries(headers), body: '', interim: [] }
}

test('answers of the server, whatever they are, are safe, and a page of an allowed origin can read them', async () => {
  const { run, folds } = fullRunBody()
  await server.post('/api/datasets', { dataset_id: run.dataset_id, dataset_slug: 'headers' })
  await server.post('/api/runs', { run, folds })
  const path = `/api/runs/${run.run_id}`
  const etag = (await server.get(path)).headers.get('etag') as string
  const kinds: [number, RawAnswer][] = [
    [200, await asked('GET /api/jobs')],
    [200, await asked('GET /healthz')],
    [200, await asked('GET /api/docs')],
    [200, await asked('HEAD /api/docs')],
    [200, await asked('GET /api/openapi.json')],
    [200, await streamed('/api/events')],
    [200, await streamed(path)],
    [201, await asked('POST /api/datasets', TOKEN, '{"dataset_slug":"headers_2"}')],
    [204, await asked('OPTIONS /api/jobs', { origin: OWN, 'access-control-request-method': 'GET' })],
    [304, await asked(`GET ${path}`, { ...TOKEN, 'if-none-match': etag, connection: 'close' })],
    [400, await asked('GET /api/jobs?limit=none')],
    [400, await asked('GET http://evil.example/api/jobs')],
    [401, await asked('GET /api/jobs', { origin: OWN })],
    [404, await asked('GET /nothing')],
    [405, await asked('DELETE /api/jobs')],
    [405, await asked('TRACE /api/docs')],
    [413, await asked('POST /api/simulations', TOKEN, `{"simulation_id":"${'x'.repeat(2_000_000)}"}`)],
    [415, await asked('POST /api/datasets', { ...TOKEN, 'content-type': 'text/plain' }, 'x')],
  ]
  for (const [status, { headers, ...answer }] of kinds) {
    assert.is(answer.status, status, answer.body)
    safe(String(status), headers)
    assert.is(headers['access-control-allow-origin'], OWN, `${status}`)
    assert.match(headers.vary ?? '', /Origin/i, `${status}`)
    assert.is(headers['access-control-allow-credentials'], undefined)
    assert.match(headers['x-request-id'] ?? '', /^[\w-]{8,64}$/)
  }
})

test('a failure that nobody foresaw is safe, and can be read by the page', async () => {
  const rename = (from: string, to: string) =>
    asAdmin(server.engines.postgresUrl, (admin) => admin.query(`alter table ${from} rename to ${to}`))
  await rename('simulation_runs', 'simulation_runs_gone')
  try {
    const answer = await asked('GET /api/simulations')
    assert.is(answer.status, 500, answer.body)
    safe('500', answer.headers)
    assert.is(answer.headers['access-control-allow-origin'], OWN)
    assert.not.match(answer.body, /simulation_runs|relation|node_modules/)
  } finally {
    await rename('simulation_runs_gone', 'simulation_runs')
  }
})

test('whoever comes by TLS is told to stay there, and nobody else', async () => {
  for (const path of ['/api/jobs', '/api/docs', '/nothing', '/healthz']) {
    const secure = await asked(`GET ${path}`, { ...TOKEN, 'x-forwarded-proto': 'https' })
    assert.is(secure.headers['strict-transport-security'], 'max-age=31536000', path)
    assert.is((await asked(`GET ${path}`)).headers['strict-transport-security'], undefined, path)
  }
})

const NO_HTTP: readonly [string, number, string][] = [
  ['no HTTP', 400, 'hello\r\n\r\n'],
  ['an unknown method', 400, 'EVIL / HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['a header without a colon', 400, 'GET / HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n'],
  ['a blank before the colon', 400, 'GET / HTTP/1.1\r\nHost : x\r\n\r\n'],
  ['NUL in a header', 400, 'GET / HTTP/1.1\r\nHost: x\r\nX-A: a\0b\r\n\r\n'],
  ['two lengths', 400, 'POST /api/runs HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx'],
  [
    'length and chunks',
    400,
    'POST /api/runs HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
  ['a negative length', 400, 'POST /api/runs HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n'],
  ['large headers', 431, `GET / HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(17_000)}\r\n\r\n`],
  ['a long target', 431, `GET /${'a'.repeat(17_000)} HTTP/1.1\r\nHost: x\r\n\r\n`],
  ['headers that do not end', 408, 'GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: '],
  ['nothing at all', 408, ''],
]

test('what is no HTTP is answered with a problem, safe too, and the connection closed', async () => {
  await Promise.all(
    NO_HTTP.map(async ([kind, status, bytes]) => {
      const answer = await raw(bytes)
      assert.is(answer.status, status, `${kind}: ${answer.body}`)
      safe(kind, answer.headers)
      assert.is(answer.headers['content-type'], 'application/problem+json', kind)
      assert.is(answer.headers.connection, 'close', kind)
      assert.match(answer.headers.vary ?? '', /Origin/)
      const problem = JSON.parse(answer.body) as { status: number; code: string; request_id: string; title: string }
      assert.is(problem.status, status, kind)
      assert.is(problem.request_id, answer.headers['x-request-id'])
      assert.is(problem.code, status === 408 ? 'BODY_TOO_SLOW' : 'REQUEST_INVALID', kind)
    }),
  )
})

test('an expectation that is not met is a bad request', async () => {
  const answer = await asked('GET /api/jobs', { ...TOKEN, expect: 'tea' })
  assert.is(answer.status, 400)
  safe('expect', answer.headers)
})

test('an answer that is on its way is not mixed with a complaint about what follows', async () => {
  const { hostname, port } = new URL(server.url)
  const socket = connect(Number(port), hostname)
  let received = ''
  socket.setEncoding('latin1').on('data', (text) => {
    if (received === '') socket.write('nonsense that is no request\r\n\r\n')
    received += text
  })
  socket.write(`GET /api/events HTTP/1.1\r\nHost: x\r\nX-Stage1-Token: ${server.token}\r\n\r\n`)
  await once(socket, 'close')
  assert.match(received, /^HTTP\/1\.1 200 OK\r\n/)
  assert.is(received.split('HTTP/1.1').length, 2, received)
})

test('a connection that asks very often is closed with an answer that is safe', async () => {
  const answer = await raw(`GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(1001))
  assert.is(answer.status, 200)
})

test('an address that asked too often is told so in a way that a page can read', async () => {
  for (;;) {
    const answer = await asked('GET /api/nothing')
    safe('429', answer.headers)
    assert.is(answer.headers['access-control-allow-origin'], OWN)
    if (answer.status === 429) break
    assert.is(answer.status, 404)
  }
})

test.run()
