/** Who has written what. */
import * as assert from 'uvu/assert'
import { minutesCsv } from '../../support/csv.js'
import { ownDataset } from '../../support/fixtures.js'
import { postCsv } from '../../support/imports.js'
import { SHARED_SECRET, startServer, TestClient } from '../../support/server.js'
import { asAdmin } from '../../support/template.js'
import { test } from '../../support/test.js'

interface Entry {
  readonly audit_id: number
  readonly at: string
  readonly token_id: string
  readonly token_name: string
  readonly operation: string
  readonly subject: string
  readonly status: number
  readonly error_code: string
  readonly request_id: string
  readonly address: string
}

const server = await startServer()
test.after(() => server.stop())

async function issue(name: string, scope: string) {
  const answer = await server.post('/api/auth/token', { secret: SHARED_SECRET, name, scopes: [scope] })
  const { token, token_id } = answer.json as { token: string; token_id: string }
  return { client: new TestClient(server.url, token), tokenId: token_id }
}

const admin = await issue('keeper', 'admin')
const writer = await issue('lab desktop', 'write')
const audit = async (query: string) =>
  (await admin.client.get(`/api/audit?${query}`)).json as { entries: Entry[]; has_more: boolean; count: number }
const entriesOf = async (subject: string) => (await audit(`subject=${encodeURIComponent(subject)}`)).entries

test('a write is told with who did it, what it wrote and how it ended', async () => {
  const dataset = ownDataset(server.engines.prefix, 'audited')
  const saved = await writer.client.post('/api/datasets', dataset)
  assert.is(saved.status, 201)
  const [entry] = await entriesOf(dataset.dataset_id)
  assert.ok(entry)
  const { at, audit_id, address, ...told } = entry
  assert.equal(told, {
    token_id: writer.tokenId,
    token_name: 'lab desktop',
    operation: 'saveDataset',
    subject: dataset.dataset_id,
    status: 201,
    error_code: '',
    request_id: saved.headers.get('x-request-id'),
  })
  assert.ok(Math.abs(Date.parse(at) - Date.now()) < 60_000)
  assert.ok(audit_id > 0 && address.includes('127.0.0.1'))
})

test('a write that was refused by what is stored is told with its error, and one that never began is not', async () => {
  const name = `${server.engines.prefix}none`
  const refused = await writer.client.post('/api/datasets/none/ohlcv/append', {
    rows: [{ timestamp: 1732831200, open: 1 }],
  })
  assert.is(refused.status, 404)
  const [entry] = await entriesOf('none')
  assert.equal([entry?.operation, entry?.status, entry?.error_code], ['appendOhlcv', 404, 'DATASET_NOT_FOUND'])
  const before = (await audit('')).entries[0]?.audit_id
  assert.is((await writer.client.get('/api/jobs')).status, 200)
  assert.is((await writer.client.post('/api/runs', { folds: 1 })).status, 400)
  assert.is((await new TestClient(server.url, '').post('/api/datasets', { dataset_slug: name })).status, 401)
  assert.is((await audit('')).entries[0]?.audit_id, before)
})

test('imports are found by the measurement, tokens by their id', async () => {
  const name = `${server.engines.prefix}bars`
  assert.is((await postCsv(writer.client, name, minutesCsv(3))).status, 200)
  assert.equal(
    (await entriesOf(name)).map(({ operation, status }) => [operation, status]),
    [['importFrame', 200]],
  )
  await admin.client.send('DELETE', `/api/auth/tokens/${(await issue('gone', 'read')).tokenId}`)
  const tokens = (await audit('operation=revokeToken')).entries
  assert.is(tokens.length, 1)
  assert.equal(
    (await entriesOf(tokens[0]?.subject as string)).map(({ operation }) => operation),
    ['revokeToken', 'issueToken'],
  )
})

test('the audit is read page by page, newest first, of one token or operation', async () => {
  const other = await issue('many', 'write')
  for (let n = 0; n < 5; n++) await other.client.post('/api/datasets', ownDataset(server.engines.prefix, `many${n}`))
  const first = await audit(`token_id=${other.tokenId}&limit=3`)
  assert.equal([first.count, first.has_more], [3, true])
  const rest = await audit(`token_id=${other.tokenId}&limit=3&before=${first.entries[2]?.audit_id}`)
  assert.equal([rest.count, rest.has_more], [2, false])
  const ids = [...first.entries, ...rest.entries].map(({ audit_id }) => audit_id)
  assert.equal(
    ids,
    [...ids].sort((a, b) => b - a),
  )
  assert.is(new Set(ids).size, 5)
})

test('no secret and no token is in the audit', async () => {
  const { rows } = await asAdmin(server.engines.postgresUrl, (sql) =>
    sql.query('select a::text as line from stage1_audit a'),
  )
  const text = JSON.stringify(rows)
  assert.is(text.includes(SHARED_SECRET), false)
  assert.is(/st1_[0-9A-Za-z]{36}/.test(text), false)
})

test.run()
