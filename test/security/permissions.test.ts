/** Every operation of the contract with every kind of token: exactly what is let through, and exactly how the rest is refused. */
import { readFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { newToken } from '../../src/auth/token.js'
import { SHARED_SECRET, startServer } from '../support/server.js'
import { asAdmin } from '../support/template.js'
import { test } from '../support/test.js'
import { MATRIX, type Row, type Scope } from './matrix.js'

interface Operation {
  readonly operationId?: string
  readonly security?: readonly unknown[]
  readonly 'x-scope'?: Scope
  readonly 'x-audit'?: boolean
}

const contract = JSON.parse(readFileSync(new URL('../../generated/openapi.json', import.meta.url), 'utf8')) as {
  paths: Record<string, Record<string, Operation>>
}
const operations = Object.values(contract.paths).flatMap((item) =>
  Object.entries(item)
    .filter(([, operation]) => operation.operationId)
    .map(([method, operation]) => ({ method: method.toUpperCase(), ...operation })),
)
const INCLUDES: Record<Scope, readonly Scope[]> = {
  read: ['read'],
  write: ['read', 'write'],
  admin: ['read', 'write', 'admin'],
}

const server = await startServer({ settings: { STAGE1_LIMITS_SECRET_TRIES_PER_MINUTE: '10000' } })
test.after(() => server.stop())

async function issue(scope: Scope): Promise<{ token: string; token_id: string }> {
  const answer = await server.post('/api/auth/token', { secret: SHARED_SECRET, name: scope, scopes: [scope] })
  return answer.json as { token: string; token_id: string }
}

const admin = (await issue('admin')).token
const revoked = await issue('admin')
const revocation = await fetch(`${server.url}/api/auth/tokens/${revoked.token_id}`, {
  method: 'DELETE',
  headers: { 'x-stage1-token': admin },
})
assert.is(revocation.status, 200)
const expired = await issue('admin')
await asAdmin(server.engines.postgresUrl, (sql) =>
  sql.query(`update stage1_tokens set expires_at = now() where token_id = $1`, [expired.token_id]),
)

const HOLDERS: readonly { who: string; token?: string; scope?: Scope }[] = [
  { who: 'no token' },
  { who: 'a malformed token', token: `${newToken()}x` },
  { who: 'a token that was never issued', token: newToken() },
  { who: 'an expired token', token: expired.token },
  { who: 'a revoked token', token: revoked.token },
  { who: 'a token that reads', token: (await issue('read')).token, scope: 'read' },
  { who: 'a token that writes', token: (await issue('write')).token, scope: 'write' },
  { who: 'a token of an admin', token: admin, scope: 'admin' },
]

/** Status and code; the body of a stream is not waited for. */
async function answerTo(
  method: string,
  row: Row,
  token: string | undefined,
): Promise<{ status: number; code: string }> {
  const leave = new AbortController()
  const answer = await fetch(server.url + row.path, {
    method,
    headers: {
      ...(token === undefined ? {} : { 'x-stage1-token': token }),
      ...(row.json === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(row.json === undefined ? {} : { body: JSON.stringify(row.json) }),
    signal: leave.signal,
  })
  const isProblem = answer.headers.get('content-type') === 'application/problem+json'
  const code = isProblem ? ((await answer.json()) as { code: string }).code : ''
  leave.abort()
  return { status: answer.status, code }
}

for (const { method, operationId } of operations) {
  test(`${operationId}: each kind of token is let in or refused as the contract says`, async () => {
    const row = MATRIX[operationId as keyof typeof MATRIX]
    for (const { who, token, scope } of HOLDERS) {
      const answer = await answerTo(method, row, token)
      const isAllowed = row.needs === 'none' || (scope && INCLUDES[scope].includes(row.needs))
      if (isAllowed) assert.is(answer.status, row.allowed, `${who}: ${answer.code}`)
      else if (scope) assert.equal(answer, { status: 403, code: 'SCOPE_MISSING' }, who)
      else assert.equal(answer, { status: 401, code: 'UNAUTHORIZED' }, who)
    }
  })
}

test('an operation asks for a scope or for no token at all, and whatever writes is audited', () => {
  for (const { method, operationId, security, 'x-scope': scope, 'x-audit': audited } of operations) {
    assert.is(scope ?? 'none', MATRIX[operationId as keyof typeof MATRIX].needs, operationId)
    assert.is(scope === undefined, security?.length === 0, operationId)
    if (scope === 'write') assert.is(audited, true, operationId)
    if (method === 'GET') assert.is(audited, undefined, operationId)
    if (method === 'DELETE') assert.is(scope === 'read', false, operationId)
  }
})

test.run()
