import { type IncomingHttpHeaders, request } from 'node:http'
import { gunzipSync } from 'node:zlib'
import pg from 'pg'
import * as assert from 'uvu/assert'
import { RENDERER_VERSION } from '../../../src/runs/document.js'
import { assertSame, ownDataset, ownRun, type RunBody } from '../../support/fixtures.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

const server = await startServer()
const { prefix, postgresUrl } = server.engines
const sql = new pg.Client({ connectionString: postgresUrl })
await sql.connect()
test.after(async () => {
  await sql.end()
  await server.stop()
})

const dataset = ownDataset(prefix, 'documents')
let body: RunBody

test.before.each(async () => {
  await server.post('/api/datasets', dataset)
  body = ownRun(prefix, dataset.dataset_id, 40)
  assert.is((await server.post('/api/runs', body)).status, 201)
})

interface Bytes {
  readonly status: number | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** The answer's bytes as they came; fetch would ask for gzip and unpack it. */
function getRaw(path: string, headers: Record<string, string>): Promise<Bytes> {
  return new Promise((resolve, reject) => {
    const asked = request(server.url + path, { headers: { 'x-stage1-token': server.token, ...headers } }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () =>
        resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks) }),
      )
      answer.on('error', reject)
    })
    asked.on('error', reject).end()
  })
}

function pathOf(): string {
  return `/api/runs/${body.run.run_id}`
}

test('a client that has the current document is told so, without sending it again', async () => {
  const first = await server.get(pathOf())
  const etag = first.headers.get('etag') as string
  assert.match(etag, /^"[0-9a-f]{32}"$/)
  assert.is(first.headers.get('cache-control'), 'private, no-cache')
  for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
    const again = await server.get(pathOf(), { headers: { 'if-none-match': known } })
    assert.equal([again.status, again.text, again.headers.get('etag')], [304, '', etag], known)
  }
  for (const known of ['"other"', etag.replaceAll('"', ''), '']) {
    const again = await server.get(pathOf(), { headers: { 'if-none-match': known } })
    assert.equal([again.status, again.text], [200, first.text], known)
  }
})

test('a change of the run is seen by a client that has the former document', async () => {
  const etag = (await server.get(pathOf())).headers.get('etag') as string
  await server.post('/api/runs', { ...body, folds: body.folds.slice(0, 39) })
  const answer = await server.get(pathOf(), { headers: { 'if-none-match': etag } })
  assert.equal([answer.status, (answer.json as { fold_count: number }).fold_count], [200, 39])
  assert.is.not(answer.headers.get('etag'), etag)
})

test('the document is gzipped for those who ask for it, and plain for the desktop, which does not', async () => {
  const plain = await getRaw(pathOf(), {})
  assert.equal([plain.status, plain.headers['content-encoding']], [200, undefined])
  assert.is(plain.headers['content-length'], String(plain.body.length))
  const identity = await getRaw(pathOf(), { 'accept-encoding': 'identity' })
  assert.equal([identity.headers['content-encoding'], identity.body.equals(plain.body)], [undefined, true])
  const refused = await getRaw(pathOf(), { 'accept-encoding': 'gzip;q=0, identity' })
  assert.equal([refused.headers['content-encoding'], refused.body.equals(plain.body)], [undefined, true])

  for (const asked of ['gzip', 'gzip, deflate, br', 'br;q=1, gzip;q=0.5']) {
    const packed = await getRaw(pathOf(), { 'accept-encoding': asked })
    assert.equal([packed.status, packed.headers['content-encoding']], [200, 'gzip'], asked)
    assert.ok(packed.body.length < plain.body.length / 3, 'it is smaller')
    assert.ok(gunzipSync(packed.body).equals(plain.body), 'and says the same')
    assert.is(packed.headers.etag, plain.headers.etag)
  }
  for (const { headers } of [plain, identity]) assert.match(headers.vary ?? '', /accept-encoding/i)
})

test('a document that an older renderer made is made anew when it is read', async () => {
  const { run_id } = body.run
  const before = (await server.get(pathOf())).json
  await sql.query(
    `update walkforward_run_documents set renderer_version = $2, etag = '"old"', document_gzip = $3 where run_id = $1`,
    [run_id, RENDERER_VERSION - 1, Buffer.from('stale')],
  )
  const [one, other] = await Promise.all([server.get(pathOf()), server.get(pathOf())])
  assertSame(one.json, before)
  assertSame(other.json, before)
  const { rows } = await sql.query('select * from walkforward_run_documents where run_id = $1', [run_id])
  assert.is(rows[0].renderer_version, RENDERER_VERSION)
  const etag = one.headers.get('etag') as string
  assert.is(rows[0].etag, etag)
  assert.is((await server.get(pathOf(), { headers: { 'if-none-match': etag } })).status, 304)
})

test('a document that is made anew has every digit that the first one had', async () => {
  const values = [5e-324, 1.7976931348623157e308, -1e-7, 0.1 + 0.2, 2 ** 53, 1e21, 123456789.12345679, 1 / 3]
  const metrics = Object.fromEntries(values.map((value, i) => [`m${i}`, value]))
  const folds = body.folds.map((fold, i) => ({
    ...fold,
    best_score: values[i % values.length],
    metrics,
    odd: { metrics },
  }))
  await server.post('/api/runs', { run: { ...body.run, summary_metrics: metrics }, folds })
  const before = (await server.get(pathOf())).json
  await sql.query('update walkforward_run_documents set renderer_version = 0 where run_id = $1', [body.run.run_id])
  assertSame((await server.get(pathOf())).json, before)
})

test('an older document is made anew as well when the same run is saved again', async () => {
  const before = (await server.get(pathOf())).json as Record<string, unknown>
  await sql.query(`update walkforward_run_documents set renderer_version = 0, etag = '"old"' where run_id = $1`, [
    body.run.run_id,
  ])
  const receipt = (await server.post('/api/runs', body)).json as { etag: string }
  const after = await server.get(pathOf())
  assert.is(after.headers.get('etag'), receipt.etag)
  assert.equal((after.json as typeof before).folds, before.folds)
})

test('a run id is the same in upper case', async () => {
  const upper = await server.get(`/api/runs/${body.run.run_id.toUpperCase()}`)
  assert.equal([upper.status, (upper.json as { run_id: string }).run_id], [200, body.run.run_id])
  const run = { ...body.run, run_id: body.run.run_id.toUpperCase() }
  assert.is((await server.post('/api/runs', { ...body, run })).status, 200, 'and so is saving it')
})

test('a registration of its dataset under a new id leaves the document of a run as it is', async () => {
  const before = await server.get(pathOf())
  await server.post('/api/datasets', { ...dataset, dataset_id: crypto.randomUUID() })
  assert.is((await server.get(pathOf())).text, before.text)
})

test.run()
