/** Tokens with scopes: issued, replaced, listed and revoked; and what is told of a token to who holds it. */
import * as assert from 'uvu/assert'
import { listen } from '../../support/event-stream.js'
import { eventually } from '../../support/eventually.js'
import type { Problem } from '../../support/imports.js'
import { SHARED_SECRET, startServer, TestClient } from '../../support/server.js'
import { asAdmin } from '../../support/template.js'
import { test } from '../../support/test.js'

interface Issued {
  readonly token: string
  readonly token_id: string
  readonly expires_at: string
  readonly expires_in: number
  readonly scopes: readonly string[]
}

interface Info {
  readonly token_id: string
  readonly name: string
  readonly scopes: readonly string[]
  readonly status: string
  readonly last_used_at: string
  readonly revoked_at: string
}

const server = await startServer()
test.after(() => server.stop())

const issue = async (more: object = {}) =>
  (await server.post('/api/auth/token', { secret: SHARED_SECRET, ...more })).json as Issued
const using = ({ token }: Issued) => new TestClient(server.url, token)
const admin = using(await issue({ name: 'keeper', scopes: ['admin'] }))

test('a token reads and writes unless less or more was asked for', async () => {
  assert.equal((await issue()).scopes, ['read', 'write'])
  const reader = await issue({ scopes: ['read'] })
  assert.equal(reader.scopes, ['read'])
  const refused = await using(reader).post('/api/datasets', { dataset_slug: 'x' })
  assert.is(refused.status, 403)
  const problem = refused.json as Problem
  assert.is(problem.code, 'SCOPE_MISSING')
  assert.equal(problem.details, { needed: 'write', scopes: ['read'] })
  assert.is((await server.post('/api/auth/token', { secret: SHARED_SECRET, scopes: ['root'] })).status, 400)
  assert.is((await server.post('/api/auth/token', { secret: SHARED_SECRET, scopes: [] })).status, 400)
})

test('a reader may query and export, which change nothing', async () => {
  const reader = using(await issue({ scopes: ['read'] }))
  assert.is((await reader.post('/api/questdb/query', { sql: 'select 1 as one' })).status, 200)
  assert.is((await reader.post('/api/events/tickets', undefined)).status, 201)
})

test('who holds a token is told its name, its scopes, its end and what is left of the limits', async () => {
  const issued = await issue({ name: 'dashboard', scopes: ['read'], expires_in: 3600 })
  const me = (await using(issued).get('/api/auth/me')).json as Info & {
    expires_at: string
    limits: { name: string; limit: number; remaining: number; reset_seconds: number }[]
  }
  assert.equal([me.token_id, me.name, me.scopes], [issued.token_id, 'dashboard', ['read']])
  assert.is(me.expires_at, issued.expires_at)
  assert.equal(
    me.limits.map(({ name, limit }) => [name, limit]),
    [
      ['address', 6000],
      ['token', 12000],
      ['writing', 1_000_000],
      ['heavy', 1_000_000],
    ],
  )
  assert.equal(
    me.limits.slice(1).map(({ remaining }) => remaining),
    [11999, 1_000_000, 1_000_000],
  )
})

test('a rotated token works on for the overlap and ends then, and the new one is like it', async () => {
  const old = await issue({ name: 'nightly', scopes: ['read'], expires_in: 86400 })
  const rotated = await using(old).post('/api/auth/rotation', { expires_in: 7200, overlap: 60 })
  assert.is(rotated.status, 201)
  const fresh = rotated.json as Issued
  assert.equal([fresh.scopes, fresh.expires_in], [['read'], 7200])
  for (const token of [old, fresh]) assert.is((await using(token).get('/api/jobs')).status, 200)
  const ends = (await using(old).get('/api/auth/me')).json as { expires_at: string }
  const left = Date.parse(ends.expires_at) - Date.now()
  assert.ok(left > 0 && left <= 61_000, `${left} ms are left`)
  assert.is(((await using(fresh).get('/api/auth/me')).json as Info).name, 'nightly')
  assert.is((await using(fresh).post('/api/auth/rotation', { overlap: 0 })).status, 201)
  assert.is((await using(fresh).get('/api/jobs')).status, 401)
})

test('a token is never turned into one that lasts longer, and what was made of it is revoked with it', async () => {
  const old = await issue({ expires_in: 600 })
  const child = (await using(old).post('/api/auth/rotation', { expires_in: 31_536_000 })).json as Issued
  assert.is(child.expires_in, 600)
  assert.ok(Date.parse(child.expires_at) - Date.now() <= 600_000)
  const grandchild = (await using(child).post('/api/auth/rotation', {})).json as Issued
  const sibling = (await using(old).post('/api/auth/rotation', {})).json as Issued
  const other = await issue()
  const revoked = await admin.send('DELETE', `/api/auth/tokens/${child.token_id}`)
  assert.equal([(revoked.json as Info).status, (revoked.json as Info).token_id], ['revoked', child.token_id])
  assert.is((revoked.json as { rotated_from: string }).rotated_from, old.token_id)
  for (const token of [child, grandchild]) assert.is((await using(token).get('/api/jobs')).status, 401)
  for (const token of [old, sibling, other]) assert.is((await using(token).get('/api/jobs')).status, 200)
})

test('the overlap never makes a token last longer than it would have', async () => {
  const old = await issue({ expires_in: 60 })
  await using(old).post('/api/auth/rotation', { overlap: 86400 })
  assert.is(((await using(old).get('/api/auth/me')).json as { expires_at: string }).expires_at, old.expires_at)
})

test('an admin lists the tokens without the tokens themselves, and sees when each was used', async () => {
  const issued = await issue({ name: 'listed' })
  const find = async () => {
    const answer = await admin.get('/api/auth/tokens?limit=1000')
    assert.is(answer.text.includes(issued.token), false)
    return (answer.json as { tokens: Info[] }).tokens.find(({ token_id }) => token_id === issued.token_id)
  }
  assert.equal((await find())?.last_used_at, '')
  await using(issued).get('/api/jobs')
  const used = await find()
  assert.ok(Math.abs(Date.parse(used?.last_used_at ?? '') - Date.now()) < 60_000)
  assert.equal([used?.name, used?.status], ['listed', 'live'])
})

test('a revoked token opens nothing, and revoking it again changes nothing', async () => {
  const issued = await issue()
  const first = await admin.send('DELETE', `/api/auth/tokens/${issued.token_id}`)
  assert.equal([first.status, (first.json as Info).status], [200, 'revoked'])
  assert.is((await using(issued).get('/api/jobs')).status, 401)
  const again = await admin.send('DELETE', `/api/auth/tokens/${issued.token_id}`)
  assert.is((again.json as Info).revoked_at, (first.json as Info).revoked_at)
  for (const unknown of ['0b0e7a54-5d6b-4a35-9d6c-0e3a6f6f9f2c', 'no-uuid']) {
    const answer = await admin.send('DELETE', `/api/auth/tokens/${unknown}`)
    assert.equal([answer.status, (answer.json as Problem).code], [404, 'TOKEN_NOT_FOUND'])
  }
})

test('a ticket of a token that was revoked meanwhile opens nothing', async () => {
  const issued = await issue()
  const { ticket } = (await using(issued).post('/api/events/tickets', undefined)).json as { ticket: string }
  await admin.send('DELETE', `/api/auth/tokens/${issued.token_id}`)
  assert.is((await new TestClient(server.url, '').get(`/api/events?ticket=${ticket}`)).status, 401)
})

test('streams of a token that was revoked or has expired are closed, and others go on', async () => {
  const [revoked, expired, kept] = [await issue(), await issue(), await issue()]
  const streams = await Promise.all([revoked, expired, kept].map(({ token }) => listen(server.url, token)))
  await admin.send('DELETE', `/api/auth/tokens/${revoked.token_id}`)
  await asAdmin(server.engines.postgresUrl, (sql) =>
    sql.query('update stage1_tokens set expires_at = now() where token_id = $1', [expired.token_id]),
  )
  await eventually('both are closed', () => streams[0]?.ended && streams[1]?.ended, 40_000)
  assert.is(streams[2]?.ended, false)
  streams[2]?.leave()
})

test.run()
