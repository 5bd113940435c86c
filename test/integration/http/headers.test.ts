/** Headers of answers: safe, traceable, neither compressed nor redirected unasked. */
import * as assert from 'uvu/assert'
import { fullRunBody } from '../../support/fixtures.js'
import { rawRequest } from '../../support/raw-http.js'
import { type Received, startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

const JSON_BYTES = 1024 * 1024
const server = await startServer({ settings: { STAGE1_LIMITS_JSON_BYTES: String(JSON_BYTES) } })
test.after(() => server.stop())

/** One answer of every kind. */
async function answers(): Promise<[string, Received][]> {
  const unchecked = { unchecked: true }
  return [
    ['200', await server.get('/api/jobs')],
    ['200 without token', await server.get('/healthz', { headers: { 'x-stage1-token': '' } })],
    ['200 contract', await server.get('/api/openapi.json', unchecked)],
    ['201', await server.post('/api/datasets', { dataset_slug: 'headers' })],
    ['400', await server.get('/api/jobs?limit=none')],
    ['401', await server.get('/api/jobs', { headers: { 'x-stage1-token': 'none' } })],
    ['404', await server.get('/api/nothing')],
    ['404 id', await server.get('/api/runs/8620f8da-8f74-4dd9-8ee2-d14d2c672873')],
    ['405', await server.send('DELETE', '/api/jobs')],
    ['413', await server.post('/api/datasets', { dataset_slug: 'x', symbol: 'x'.repeat(JSON_BYTES) })],
    ['415', await server.send('POST', '/api/datasets', { body: 'x', media: 'text/plain' })],
    ['204 preflight', await preflight()],
  ]
}

function preflight(): Promise<Received> {
  const headers = { origin: 'https://agenticresearch.info', 'access-control-request-method': 'GET' }
  return server.send('OPTIONS', '/api/jobs', { headers, unchecked: true })
}

test('every answer forbids framing, sniffing and storing, and does not name its software', async () => {
  for (const [kind, { headers, status }] of await answers()) {
    assert.ok(kind.startsWith(String(status)), `${kind}: ${status}`)
    assert.is(headers.get('x-content-type-options'), 'nosniff', kind)
    assert.is(headers.get('x-frame-options'), 'DENY', kind)
    assert.is(headers.get('referrer-policy'), 'no-referrer', kind)
    assert.match(headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/, kind)
    const known = kind.endsWith('contract') || kind.endsWith('docs')
    assert.is(headers.get('cache-control'), known ? 'private, no-cache' : 'no-store', kind)
    assert.is(headers.get('x-powered-by'), null, kind)
    assert.is(headers.get('server'), null, kind)
    assert.is(headers.get('location'), null, kind)
    assert.is(headers.get('content-encoding'), known ? 'gzip' : null, kind)
    assert.match(headers.get('x-request-id') ?? '', /^[\w-]{8,64}$/, kind)
  }
})

test('every answer with a body says what it is', async () => {
  for (const [kind, { headers, status, text }] of await answers()) {
    const media = headers.get('content-type')?.split(';')[0]
    if (status === 204) assert.is(text, '', kind)
    else assert.is(media, status >= 400 ? 'application/problem+json' : 'application/json', kind)
  }
})

test('a client finds its own request id in the answer, the problem and the log', async () => {
  const id = 'desktop-7f0a3f51'
  const answer = await server.get('/api/runs/none', { headers: { 'x-request-id': id } })
  assert.is(answer.headers.get('x-request-id'), id)
  assert.is((answer.json as { request_id: string }).request_id, id)
  assert.ok(server.log().includes(`"request_id":"${id}"`))
})

test('an id that could harm the log is replaced', async () => {
  for (const id of ['short', 'x'.repeat(65), 'with space', '<script>', '"},{"', '../../etc/passwd', 'é'.repeat(10)]) {
    const answer = await server.get('/healthz', { headers: { 'x-request-id': id } })
    assert.match(answer.headers.get('x-request-id') ?? '', /^[0-9a-f]{8}-[0-9a-f-]{27}$/, id)
  }
})

test('two requests never share an id', async () => {
  const all = await Promise.all(Array.from({ length: 20 }, () => server.get('/healthz')))
  assert.is(new Set(all.map((answer) => answer.headers.get('x-request-id'))).size, 20)
})

test('nothing is compressed for a client that does not say it can read that', async () => {
  for (const path of ['/api/openapi.json', '/api/docs', '/api/datasets']) {
    const sent = await rawRequest(server.url, `GET ${path}`, { 'x-stage1-token': server.token, accept: '*/*' })
    const answer = await sent.answer()
    assert.is(answer.status, 200, path)
    assert.is(answer.headers['content-encoding'], undefined, path)
    assert.match(answer.body, /^\s*[{<]/)
  }
})

test('a run is compressed for a client that can read that, and only for such a one', async () => {
  const { run, folds } = fullRunBody()
  const dataset = { dataset_id: run.dataset_id, dataset_slug: 'compressed' }
  assert.is((await server.post('/api/datasets', dataset)).status, 201)
  assert.is((await server.post('/api/runs', { run, folds })).status, 201)
  const path = `/api/runs/${run.run_id}`
  const ask = (encodings: string) => server.get(path, { headers: { 'accept-encoding': encodings } })
  const plain = await (await rawRequest(server.url, `GET ${path}`, { 'x-stage1-token': server.token })).answer()
  assert.is(plain.headers['content-encoding'], undefined)
  assert.is(JSON.parse(plain.body).folds.length, folds.length)
  const expected: [string, string | null][] = [
    ['gzip', 'gzip'],
    ['gzip, deflate, br', 'gzip'],
    ['identity', null],
    ['gzip;q=0', null],
    ['br', null],
  ]
  for (const [encodings, used] of expected) {
    const answer = await ask(encodings)
    assert.is(answer.headers.get('content-encoding'), used, encodings)
    assert.match(answer.headers.get('vary') ?? '', /accept-encoding/i)
    assert.is(answer.text, plain.body)
  }
})

test('whoever the client says the host is, answers do not repeat it', async () => {
  for (const target of ['/api/nothing', 'http://evil.example/api/nothing']) {
    const sent = await rawRequest(server.url, `GET ${target}`, {
      host: 'evil.example',
      'x-forwarded-host': 'evil.example',
      'x-stage1-token': server.token,
    })
    const answer = await sent.answer()
    assert.ok(answer.status >= 400 && answer.status < 500)
    assert.is(answer.headers.location, undefined)
    assert.not.match(Object.values(answer.headers).join(), /evil/)
  }
})

test('every answer tells the version of the contract, which is that of the document', async () => {
  const document = (await server.get('/api/openapi.json', { unchecked: true })).json as { info: { version: string } }
  for (const [kind, answer] of await answers())
    assert.is(answer.headers.get('x-stage1-version'), document.info.version, kind)
  const yaml = await server.get('/api/openapi.yaml', { unchecked: true })
  assert.is(yaml.headers.get('content-type'), 'application/yaml')
  assert.match(yaml.text, new RegExp(`^  version: ${document.info.version}$`, 'm'))
})

test('the docs page brings all that it needs with it and can be read without a token', async () => {
  const page = await fetch(`${server.url}/api/docs`)
  assert.is(page.status, 200)
  assert.match(page.headers.get('content-type') ?? '', /^text\/html/)
  const policy = page.headers.get('content-security-policy') ?? ''
  assert.match(policy, /default-src 'none'/)
  assert.not.match(policy, /https?:|\*/)
  assert.match(await page.text(), /Stage1/)
})

test('the docs page and the contract are sent compressed, and not again to who has them', async () => {
  for (const path of ['/api/openapi.json', '/api/openapi.yaml', '/api/docs']) {
    const plain = await server.get(path, { headers: { 'accept-encoding': 'identity' }, unchecked: true })
    const zipped = await server.get(path, { headers: { 'accept-encoding': 'br, gzip' }, unchecked: true })
    assert.equal([plain.status, zipped.status], [200, 200])
    assert.is(plain.headers.get('content-encoding'), null)
    assert.is(zipped.headers.get('content-encoding'), 'gzip')
    assert.ok(zipped.text === plain.text, `${path} is the same in both forms`)
    const bytes = Buffer.byteLength(plain.text)
    assert.is(plain.headers.get('content-length'), String(bytes))
    assert.ok(Number(zipped.headers.get('content-length')) < bytes / 2)
    assert.match(zipped.headers.get('vary') ?? '', /accept-encoding/i)
    assert.is.not(zipped.headers.get('etag'), plain.headers.get('etag'))
    for (const [encoding, answer] of [
      ['identity', plain],
      ['gzip', zipped],
    ] as const) {
      const etag = answer.headers.get('etag') as string
      const again = await server.get(path, {
        headers: { 'accept-encoding': encoding, 'if-none-match': etag },
        unchecked: true,
      })
      assert.equal([again.status, again.text, again.headers.get('etag')], [304, '', etag])
    }
  }
})

test.run()
