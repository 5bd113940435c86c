/**
 * Every operation of the contract, asked for in ways that have got around other servers: none reaches a handler without a token. That a
 * handler was reached is seen in the log, where it leaves the name of its operation.
 */
import { readFileSync } from 'node:fs'
import { Agent, METHODS, request } from 'node:http'
import * as assert from 'uvu/assert'
import { operationsOf } from '../support/operations.js'
import { rawRequest } from '../support/raw-http.js'
import { SHARED_SECRET, startServer } from '../support/server.js'
import { test } from '../support/test.js'

const server = await startServer({
  settings: { STAGE1_LIMITS_ADDRESS_PER_MINUTE: '1000000', STAGE1_LIMITS_TOKEN_PER_MINUTE: '1000000' },
})
const agent = new Agent({ keepAlive: true })
test.after(async () => {
  agent.destroy()
  await server.stop()
})

const closed = operationsOf(({ needsToken }) => needsToken)
const contract = JSON.parse(readFileSync(new URL('../../generated/openapi.json', import.meta.url), 'utf8')) as {
  paths: Record<string, Record<string, { operationId: string }>>
}

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly text: string
}

/** Sends a target as it is, which fetch would tidy up. */
function ask(method: string, path: string, headers: Record<string, string> = {}): Promise<Answer> {
  const { hostname, port } = new URL(server.url)
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, method, path, headers, agent })
    sent.once('error', reject)
    sent.once('upgrade', () => reject(new Error(`${method} ${path} was upgraded`)))
    sent.once('response', (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (piece) => {
        text += piece
        if (response.headers['content-type'] === 'text/event-stream') response.destroy()
      })
      response.once('close', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
    })
    sent.end()
  })
}

/** The operations that were reached since a place in the log. */
function reached(since: number): string[] {
  const lines = server.log().slice(since).split('\n')
  const requests = lines.filter((line) => line.includes('"msg":"request"'))
  return requests.map((line) => (JSON.parse(line) as { operation?: string }).operation ?? '').filter((id) => id !== '')
}

/** Runs what must reach no handler, or only those that are named. */
async function reaching(expected: readonly string[], asks: () => Promise<void>): Promise<void> {
  const since = server.log().length
  await asks()
  assert.equal([...new Set(reached(since))].sort(), [...expected].sort())
}

function refused({ status, text }: Answer, what: string): void {
  assert.ok([400, 401, 404, 405].includes(status), `${what} answered ${status}: ${text.slice(0, 200)}`)
}

const SPELLINGS: Readonly<Record<string, (path: string) => string>> = {
  'two slashes': (path) => `/${path}`,
  'a slash in the middle twice': (path) => path.replace('/api/', '/api//'),
  'a slash at the end': (path) => `${path}/`,
  'upper case': (path) => path.replace('/api/', '/API/'),
  'an encoded letter': (path) => path.replace('/api/', '/%61pi/'),
  'an encoded slash': (path) => path.replace('/api/', '/api%2f'),
  'a backslash': (path) => path.replace('/api/', '\\api\\'),
  'a path parameter': (path) => `${path};x=1`,
  'a path parameter before': (path) => path.replace('/api/', '/api;x=1/'),
  'a step up and down': (path) => path.replace('/api/', '/api/../api/'),
  'from an open path': (path) => `/healthz/..${path}`,
  'from an open path, encoded': (path) => `/healthz/..%2f${path.slice(1)}`,
  'from the way in': (path) => `/api/auth/token/..;/../..${path}`,
  'a dot': (path) => `/.${path}`,
  'an encoded nothing': (path) => `${path}%00`,
  'a line break': (path) => `${path}%0d%0aX-Stage1-Token:%20x`,
  'a query without anything': (path) => `${path}?`,
  'an ending': (path) => `${path}.json`,
  'the docs behind': (path) => `${path}/api/docs`,
  'as it is': (path) => path,
}

for (const [name, spell] of Object.entries(SPELLINGS)) {
  test(`${name}: no operation is reached without a token`, () =>
    reaching([], async () => {
      for (const { method, path } of closed)
        for (const as of new Set([method, 'HEAD', 'OPTIONS', 'POST', 'TRACE'])) {
          const target = spell(path)
          const answer = await ask(as, target)
          refused(answer, `${as} ${target}`)
          if (target === path && as === 'TRACE') assert.is(answer.status, 405, target)
        }
    }))
}

test('a token counts in its header alone, not in the query, a cookie, a form or another header', () =>
  reaching([], async () => {
    const { token } = server
    for (const { method, path } of closed) {
      for (const query of [`token=${token}`, `x-stage1-token=${token}`, `X-Stage1-Token=${token}`, `ticket=${token}`])
        refused(await ask(method, `${path}?${query}`), `${path}?${query}`)
      for (const [header, value] of [
        ['authorization', `Bearer ${token}`],
        ['cookie', `X-Stage1-Token=${token}`],
        ['x-api-key', token],
        ['x-original-url', '/healthz'],
        ['x-rewrite-url', '/healthz'],
        ['x-forwarded-for', '127.0.0.1'],
      ] as const)
        assert.is((await ask(method, path, { [header]: value })).status, 401, `${header} ${path}`)
    }
  }))

test('a method in a header or in the query is not the method', async () => {
  const issued = await server.post('/api/auth/token', { secret: SHARED_SECRET, scopes: ['read'] })
  const { token } = issued.json as { token: string }
  const reading = closed.filter(
    ({ method, path }) => method === 'GET' && closed.some((other) => other.path === path && other.method !== 'GET'),
  )
  assert.ok(reading.length >= 4)
  for (const { id, path } of reading)
    await reaching([id], async () => {
      for (const other of ['POST', 'DELETE', 'PUT']) {
        for (const header of ['x-http-method-override', 'x-http-method', 'x-method-override', '_method'])
          assert.ok([200, 404].includes((await ask('GET', path, { 'x-stage1-token': token, [header]: other })).status))
        assert.is((await ask('GET', `${path}?_method=${other}`, { 'x-stage1-token': token })).status, 400)
      }
    })
})

test('a target that is a whole URL is a bad request, with a token too', () =>
  reaching([], async () => {
    for (const { method, path } of closed)
      for (const target of [`${server.url}${path}`, `http://evil.example${path}`, `https://evil.example@x${path}`])
        for (const token of ['', server.token]) {
          const answer = await ask(method, target, { 'x-stage1-token': token })
          assert.is(answer.status, 400, `${method} ${target}`)
          assert.is(JSON.parse(answer.text).code, 'REQUEST_INVALID')
        }
  }))

test('two Host headers, or none, are a bad request, with a token too', () =>
  reaching([], async () => {
    const token = { 'x-stage1-token': server.token }
    for (const { method, path } of closed) {
      const two = await rawRequest(server.url, `${method} ${path}`, { ...token, HOST: 'evil.example' })
      const answer = await two.answer()
      assert.is(answer.status, 400, path)
      assert.is(JSON.parse(answer.body).code, 'REQUEST_INVALID')
      assert.match(JSON.parse(answer.body).message, /one Host header, and this has 2/)
    }
    const none = await rawRequest(server.url, 'GET /api/jobs HTTP/1.1\r\nX-Stage1-Token: x\r\nx: y\r\n\r\nGET /', {})
    assert.is((await none.answer()).status, 400)
    const old = 'GET /api/jobs HTTP/1.0\r\nHost: evil.example\r\nx: y'
    assert.match((await (await rawRequest(server.url, old, {})).answer()).body, /and this has 2/)
  }))

test('an upgrade to a WebSocket is none: without a token it is refused, with one it is the operation', async () => {
  const upgrade = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  }
  await reaching([], async () => {
    for (const { path } of closed.filter(({ method }) => method === 'GET'))
      assert.is((await ask('GET', path, upgrade)).status, 401, path)
  })
  await reaching(['listJobs'], async () => {
    assert.is((await ask('GET', '/api/jobs', { ...upgrade, 'x-stage1-token': server.token })).status, 200)
  })
})

test('CONNECT makes no tunnel', () =>
  reaching([], async () => {
    for (const target of ['127.0.0.1:9000', 'evil.example:443', '/api/jobs', '*']) {
      const sent = await rawRequest(server.url, `CONNECT ${target}`, { 'x-stage1-token': server.token })
      const answer = await sent.answer()
      assert.ok([400, 405].includes(answer.status), `${target}: ${answer.status}`)
      assert.is(answer.headers.connection, 'close')
      assert.is(answer.headers['content-type'], 'application/problem+json')
    }
  }))

test('what is served is what the contract has, in both ways', async () => {
  const inContract = Object.entries(contract.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId }]) => `${method} ${path} ${operationId}`),
  )
  const served = server.app.api.backend.router
    .getOperations()
    .map(({ method, path, operationId }) => `${method} ${path} ${operationId}`)
  assert.equal(served.sort(), inContract.sort())

  const outside = ['/api/docs', '/api/openapi.json']
  const known = new Map([
    ...outside.map((path): [string, string[]] => [path, ['get']]),
    ...operationsOf(() => true).map(({ path }): [string, string[]] => [
      path,
      operationsOf((other) => other.path === path).map(({ method }) => method.toLowerCase()),
    ]),
  ])
  const token = { 'x-stage1-token': server.token }
  await reaching([], async () => {
    for (const [path, methods] of known)
      for (const method of METHODS) {
        if (method === 'CONNECT' || methods.includes(method.toLowerCase())) continue
        if (method === 'HEAD' && outside.includes(path)) continue
        const answer = await ask(method, path, token)
        assert.is(answer.status, 405, `${method} ${path}`)
        assert.ok(String(answer.headers.allow).includes((methods[0] as string).toUpperCase()), `${method} ${path}`)
      }
    for (const path of ['/', '/api', '/api/', '/metrics', '/debug', '/admin', '/.env', '/api/v1', '/graphql', '/usage'])
      for (const method of ['GET', 'POST', 'HEAD'])
        assert.is((await ask(method, path, token)).status, 404, `${method} ${path}`)
    for (const path of ['/API/docs', '/api/docs/', '/api/Openapi.json', '//api/docs'])
      assert.is((await ask('GET', path)).status, 404, path)
  })
})

test.run()
