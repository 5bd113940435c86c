/** Tokens: issued against the shared secret, asked for everywhere else. */
import * as assert from 'uvu/assert'
import { newToken } from '../../../src/auth/token.js'
import { type Received, SHARED_SECRET, startServer, TestClient } from '../../support/server.js'
import { asAdmin } from '../../support/template.js'
import { test } from '../../support/test.js'

interface Issued {
  readonly token: string
  readonly token_type: string
  readonly token_id: string
  readonly expires_at: string
  readonly expires_in: number
}

const server = await startServer()
const open = await startServer({ settings: { STAGE1_AUTH_ENABLE_AUTH: 'false' } })
test.after(async () => {
  await Promise.all([server.stop(), open.stop()])
})

const sql = (text: string, values: unknown[]) =>
  asAdmin(server.engines.postgresUrl, (admin) => admin.query(text, values))

async function issue(more: Record<string, unknown> = {}): Promise<Issued> {
  const answer = await server.post('/api/auth/token', { secret: SHARED_SECRET, ...more })
  assert.is(answer.status, 201)
  return answer.json as Issued
}

const withToken = (token: string) => new TestClient(server.url, token)

function refused(answer: Received, code: string): void {
  assert.is(answer.status, 401)
  const problem = answer.json as { code: string; message: string }
  assert.is(problem.code, code)
  assert.ok(problem.message.length > 10)
}

test('whoever knows the secret gets a token that opens the server', async () => {
  const issued = await issue({ name: 'lab desktop' })
  assert.is(issued.token_type, 'X-Stage1-Token')
  assert.is(issued.expires_in, 30 * 24 * 3600)
  assert.ok(Math.abs(Date.parse(issued.expires_at) - Date.now() - issued.expires_in * 1000) < 60_000)
  assert.is((await withToken(issued.token).get('/api/jobs')).status, 200)
})

test('a token lives as long as it was asked to, by the clock of the database', async () => {
  const issued = await issue({ expires_in: 3600 })
  assert.is(issued.expires_in, 3600)
  assert.ok(Math.abs(Date.parse(issued.expires_at) - Date.now() - 3_600_000) < 60_000)
  assert.is((await withToken(issued.token).get('/api/jobs')).status, 200)
  await sql(`update stage1_tokens set expires_at = now() - interval '1 second' where token_id = $1`, [issued.token_id])
  refused(await withToken(issued.token).get('/api/jobs'), 'UNAUTHORIZED')
})

test('a life that is too short or too long is refused', async () => {
  for (const expires_in of [0, 59, -1, 31_536_001, 3600.5, '3600']) {
    const answer = await server.post('/api/auth/token', { secret: SHARED_SECRET, expires_in })
    assert.is(answer.status, 400, String(expires_in))
  }
})

test('a wrong secret gets nothing', async () => {
  const almost = [SHARED_SECRET.slice(0, -1), `${SHARED_SECRET} `, SHARED_SECRET.toUpperCase(), 'x'.repeat(512)]
  for (const secret of almost) refused(await server.post('/api/auth/token', { secret }), 'SECRET_WRONG')
  for (const secret of ['', '\0', 7, null, ['x'], { a: 1 }, 'x'.repeat(513)])
    assert.is((await server.post('/api/auth/token', { secret })).status, 400, String(secret))
})

test('no token, a malformed one, and one that was never issued are all the same', async () => {
  const { token } = await issue()
  const wrong = ['', 'none', newToken(), token.slice(0, -1), `${token}x`, token.toLowerCase(), 'x'.repeat(8_000)]
  for (const bad of [...wrong, `Bearer ${token}`, `${token},${token}`]) {
    const answer = await withToken(bad).get('/api/jobs')
    refused(answer, 'UNAUTHORIZED')
    assert.match((answer.json as { message: string }).message, /X-Stage1-Token.*\/api\/auth\/token/)
  }
})

test('a token counts only in its header', async () => {
  const { token } = await issue()
  const anonymous = withToken('')
  refused(await anonymous.get('/api/jobs', { headers: { authorization: `Bearer ${token}` } }), 'UNAUTHORIZED')
  refused(await anonymous.get('/api/jobs', { headers: { cookie: `x-stage1-token=${token}` } }), 'UNAUTHORIZED')
  assert.ok((await anonymous.get(`/api/jobs?token=${token}`)).status >= 400)
})

test('every operation asks for a token, but those that must answer strangers', async () => {
  const contract = (await server.get('/api/openapi.json', { unchecked: true })).json as {
    paths: Record<string, Record<string, { security?: unknown[]; requestBody?: { content: Record<string, unknown> } }>>
  }
  const anonymous = withToken('')
  const opened: string[] = []
  for (const [template, methods] of Object.entries(contract.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const path = template.replace(/\{[^}]+\}/g, '8620f8da-8f74-4dd9-8ee2-d14d2c672873')
      const body = operation.requestBody ? { body: '{}' } : {}
      const answer = await anonymous.send(method.toUpperCase(), path, body)
      if (answer.status === 401 && (answer.json as { code: string }).code === 'UNAUTHORIZED') continue
      opened.push(`${method} ${template}`)
    }
  }
  assert.equal(opened.sort(), ['get /api/health', 'get /healthz', 'get /readyz', 'post /api/auth/token'])
  for (const path of ['/api/openapi.json', '/api/docs'])
    assert.is((await anonymous.get(path, { unchecked: true })).status, 200, path)
})

test('every issue is logged as a warning with the id and the name, and never the token or the secret', async () => {
  const issued = await issue({ name: 'lab desktop 7' })
  await withToken(issued.token).get('/api/jobs')
  await withToken(issued.token).get('/api/runs/none')
  await server.post('/api/auth/token', { secret: `${SHARED_SECRET}!`, name: issued.token })
  await server.send('POST', '/api/auth/token', { body: `{"secret":"${SHARED_SECRET}" x` })
  const log = server.log()
  const line = log.split('\n').find((text) => text.includes(issued.token_id) && text.includes('token issued'))
  const event = JSON.parse(line ?? '{}') as { level: string; token_name: string; msg: string }
  assert.is(event.level, 'warn')
  assert.is(event.token_name, 'lab desktop 7')
  assert.match(event.msg, /temporary/)
  assert.not.ok(log.includes(SHARED_SECRET), 'the secret is in the log')
  assert.not.ok(log.includes(issued.token), 'a token is in the log')
})

test('requests are logged under the id of their token', async () => {
  const issued = await issue()
  const { headers } = await withToken(issued.token).get('/api/jobs')
  const id = headers.get('x-request-id') as string
  await new Promise((resolve) => setTimeout(resolve, 20))
  const line = server
    .log()
    .split('\n')
    .find((text) => text.includes(id) && text.includes('"msg":"request"'))
  const event = JSON.parse(line ?? '{}')
  assert.equal(
    [event.token_id, event.operation, event.method, event.path, event.status, event.complete],
    [issued.token_id, 'listJobs', 'GET', '/api/jobs', 200, true],
  )
})

test('the database holds no token, only its hash', async () => {
  const issued = await issue()
  const { rows } = await sql('select * from stage1_tokens where token_id = $1', [issued.token_id])
  assert.is(rows.length, 1)
  assert.not.ok(JSON.stringify(rows).includes(issued.token))
})

test('with auth.enable_auth off nobody needs a token, and an old one does no harm', async () => {
  for (const token of ['', 'none', open.token]) {
    const client = new TestClient(open.url, token)
    assert.is((await client.get('/api/jobs')).status, 200)
    assert.is((await client.post('/api/datasets', { dataset_slug: 'open' })).status < 300, true)
  }
})

test.run()
