/** Frames that wait until a save names them. */
import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import pg from 'pg'
import * as assert from 'uvu/assert'
import type { Problem } from '../../support/imports.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

interface Upload {
  readonly upload_id: string
  readonly media_type: string
  readonly filename: string
  readonly bytes: number
  readonly digest: string
  readonly created_at: string
  readonly expires_at: string
}

const server = await startServer()
const sql = new pg.Pool({ connectionString: server.engines.postgresUrl, max: 1 })
// Dropping the database may end an idle connection before the pool has closed it.
sql.on('error', () => {})
test.after(async () => {
  await sql.end()
  await server.stop()
})

const CSV = 'timestamp,close\n1732831200000,95210.7\n'
const sha256 = (text: string) => `sha-256=:${createHash('sha256').update(text).digest('base64')}:`
const bodies = () => readdirSync(server.spoolDir).length

test('an upload says what came and how long it waits, and can be looked up', async () => {
  const answer = await server.send('POST', '/api/uploads?filename=bars.csv', { body: CSV, media: 'text/csv' })
  const upload = answer.json as Upload
  assert.is(answer.status, 201)
  assert.is(answer.headers.get('location'), `/api/uploads/${upload.upload_id}`)
  assert.equal(
    [upload.media_type, upload.filename, upload.bytes, upload.digest],
    ['text/csv', 'bars.csv', CSV.length, sha256(CSV)],
  )
  assert.is(Date.parse(upload.expires_at) - Date.parse(upload.created_at), 24 * 3600 * 1000)
  assert.equal((await server.get(`/api/uploads/${upload.upload_id}`)).json, upload)
  assert.is(bodies(), 1)
})

test('rows may come as JSON; JSON without rows is refused and nothing waits', async () => {
  const before = bodies()
  assert.is((await server.post('/api/uploads', { rows: [{ timestamp: 1, a: 2 }] })).status, 201)
  for (const body of [{}, { rows: 'text' }, { rows: [], more: 1 }])
    assert.is((await server.post('/api/uploads', body)).status, 400, JSON.stringify(body))
  assert.is(bodies(), before + 1)
})

test('an upload that was removed or has expired is gone', async () => {
  const make = async () => (await server.send('POST', '/api/uploads', { body: CSV, media: 'text/csv' })).json as Upload
  const [removed, expired] = [await make(), await make()]
  assert.equal((await server.send('DELETE', `/api/uploads/${removed.upload_id}`)).json, removed)
  await sql.query(`update stage1_uploads set expires_at = now() where upload_id = $1`, [expired.upload_id])
  for (const { upload_id } of [removed, expired, { upload_id: 'no-uuid' }]) {
    for (const method of ['GET', 'DELETE']) {
      const answer = await server.send(method, `/api/uploads/${upload_id}`)
      assert.equal([answer.status, (answer.json as Problem).code], [404, 'UPLOAD_NOT_FOUND'])
    }
  }
})

test('a body with another digest than the declared one is refused, whatever route it takes', async () => {
  const before = bodies()
  const declared = { 'content-digest': `sha-512=:AAAA:, ${sha256('something else')}` }
  const json = { dataset_slug: `${server.engines.prefix}digest` }
  const answers = [
    await server.send('POST', '/api/uploads', { body: CSV, media: 'text/csv', headers: declared }),
    await server.post('/api/datasets', json, { headers: declared }),
  ]
  for (const answer of answers) assert.equal([answer.status, (answer.json as Problem).code], [422, 'DIGEST_MISMATCH'])
  assert.is(bodies(), before)
  assert.is((await server.get(`/api/datasets/${json.dataset_slug}`)).status, 404)
  const right = { 'content-digest': sha256(JSON.stringify(json)) }
  assert.is((await server.post('/api/datasets', json, { headers: right })).status, 201)
  const unreadable = { 'content-digest': 'sha-256=nothing' }
  assert.is((await server.post('/api/datasets', json, { headers: unreadable })).status, 400)
})

test.run()
