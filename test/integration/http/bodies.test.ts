/** Bodies: which forms are read, and what is said of those that are not. */
import { gzipSync } from 'node:zlib'
import * as assert from 'uvu/assert'
import { type Received, type SendOptions, startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

const server = await startServer()
test.after(() => server.stop())

function problem(answer: Received) {
  return answer.json as { code: string; message: string; details: Record<string, unknown> & { pointer: string }[] }
}

/** A body as it is; `media` undefined sends no content type at all. */
async function post(path: string, body: string | Uint8Array, media: string | undefined, options: SendOptions = {}) {
  if (media !== undefined) return server.send('POST', path, { body, media, ...options })
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  const response = await fetch(server.url + path, {
    method: 'POST',
    headers: { 'x-stage1-token': server.token },
    body: new Blob([bytes]) as never,
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, json: JSON.parse(text) }
}

const dataset = (slug: string) => JSON.stringify({ dataset_slug: slug })

test('a JSON content type without a body is fine, as clients send it with every request', async () => {
  for (const path of ['/healthz', '/api/health', '/api/datasets', '/api/jobs', '/api/questdb/measurements']) {
    assert.is((await server.get(path, { media: 'application/json' })).status, 200)
  }
})

test('a body on a GET is not looked at', async () => {
  const { hostname, port } = new URL(server.url)
  const { request } = await import('node:http')
  const status = await new Promise((resolve, reject) => {
    const headers = { 'x-stage1-token': server.token, 'content-type': 'text/plain', 'content-length': 9 }
    const sent = request({ hostname, port, path: '/api/jobs', headers }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    sent.once('error', reject)
    sent.end('{ no json')
  })
  assert.is(status, 200)
})

test('a media type that is not read here is refused with those that are', async () => {
  for (const media of [
    'text/plain',
    'application/xml',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded',
  ]) {
    const answer = await post('/api/datasets', dataset('refused'), media)
    assert.is(answer.status, 415, media)
    assert.is(problem(answer).code, 'MEDIA_TYPE_UNSUPPORTED')
    assert.equal(problem(answer).details, { supported: ['application/json'] })
  }
  const answer = await post('/api/questdb/import?measurement=x', 'a,b\n', 'application/vnd.ms-excel')
  assert.is(answer.status, 415)
  const { supported } = problem(answer).details as unknown as { supported: string[] }
  assert.equal(supported.sort(), [
    'application/json',
    'application/vnd.apache.arrow.file',
    'application/vnd.apache.arrow.stream',
    'application/vnd.apache.parquet',
    'multipart/form-data',
    'text/csv',
  ])
})

test('a body of no declared type is not guessed at', async () => {
  for (const path of ['/api/datasets', '/api/runs', '/api/questdb/import']) {
    const answer = await post(path, dataset('guessed'), undefined)
    assert.is(answer.status, 415, path)
    assert.is(problem(answer).code, 'MEDIA_TYPE_UNSUPPORTED')
  }
  assert.is((await server.get('/api/datasets/guessed')).status, 404)
})

test('text that is not UTF-8 is refused by its charset; UTF-8 may be named in any way', async () => {
  const utf16 = Buffer.from(dataset('utf16'), 'utf16le')
  for (const charset of ['utf-16', 'utf-16le', 'iso-8859-1']) {
    for (const path of ['/api/datasets', '/api/questdb/import']) {
      const answer = await post(path, utf16, `application/json; charset=${charset}`)
      assert.is(answer.status, 415, charset)
      assert.ok(problem(answer).message.includes(charset))
    }
  }
  for (const charset of ['utf-8', 'UTF-8', '"utf-8"', 'utf8']) {
    const answer = await post('/api/datasets', dataset('utf8'), `Application/JSON;charset=${charset}`)
    assert.ok([200, 201].includes(answer.status), `${charset}: ${answer.status}`)
  }
})

test('a compressed body is refused, so that none can be a bomb', async () => {
  const bomb = gzipSync(Buffer.alloc(1_000_000))
  for (const encoding of ['gzip', 'br', 'deflate', 'gzip, gzip']) {
    for (const [path, media] of [
      ['/api/datasets', 'application/json'],
      ['/api/questdb/import?measurement=x', 'text/csv'],
    ] as const) {
      const answer = await post(path, bomb, media, { headers: { 'content-encoding': encoding } })
      assert.is(answer.status, 415, encoding)
      assert.is(problem(answer).code, 'MEDIA_TYPE_UNSUPPORTED')
    }
  }
  const plain = { headers: { 'content-encoding': 'identity' } }
  assert.is((await post('/api/datasets', dataset('plain'), 'application/json', plain)).status, 201)
})

test('a body that is needed and did not come is a bad request', async () => {
  for (const path of [
    '/api/datasets',
    '/api/runs',
    '/api/questdb/import',
    '/api/questdb/import/async',
    '/api/auth/token',
  ]) {
    const answer = await server.send('POST', path)
    assert.is(answer.status, 400, path)
    assert.is(problem(answer).code, 'REQUEST_INVALID')
    assert.match(problem(answer).message, /body/)
  }
})

test('malformed JSON is a bad request that says what is wrong', async () => {
  const broken = ['{', '{"a":1,}', "{'a':1}", 'NaN', '{"a":01}', '{"a":.5}', '\ufeff{', '[1 2]', 'undefined', '"\\x"']
  for (const body of broken) {
    const answer = await post('/api/datasets', body, 'application/json')
    assert.is(answer.status, 400, body)
    assert.is(problem(answer).code, 'JSON_MALFORMED', body)
    assert.ok(problem(answer).message.length > 'the body is not valid JSON: '.length, problem(answer).message)
  }
})

test('JSON that is no object is a bad request', async () => {
  for (const body of ['null', '7', '"text"', '[]', '[{"dataset_slug":"x"}]', 'true']) {
    for (const path of ['/api/datasets', '/api/runs', '/api/questdb/import']) {
      const answer = await post(path, body, 'application/json')
      assert.is(answer.status, 400, `${path} ${body}`)
      assert.ok(['REQUEST_INVALID', 'JSON_MALFORMED'].includes(problem(answer).code), answer.text)
    }
  }
})

test('a value of the wrong type is a bad request that points at it', async () => {
  const wrong = [
    [{ dataset_slug: 7 }, '/dataset_slug'],
    [{ dataset_slug: 'x', bar_interval_ms: 'an hour' }, '/bar_interval_ms'],
    [{ dataset_slug: 'x', lookback_rows: -1 }, '/lookback_rows'],
    [{ dataset_slug: 'x', symbol: ['BTC'] }, '/symbol'],
    [{ symbol: 'BTC' }, '/dataset_slug'],
    [{ dataset_slug: 'a/b' }, '/dataset_slug'],
    [{ dataset_slug: 'x'.repeat(116) }, '/dataset_slug'],
  ] as const
  for (const [body, pointer] of wrong) {
    const answer = await server.post('/api/datasets', body)
    assert.is(answer.status, 400, JSON.stringify(body))
    assert.is(problem(answer).code, 'REQUEST_INVALID')
    assert.is(problem(answer).details[0]?.pointer, pointer)
    assert.ok(problem(answer).message.includes(pointer))
  }
})

test('a member that is not declared is refused by name where none may be added', async () => {
  const import_ = { measurement: `${server.engines.prefix}x`, data: 'timestamp,x\n1732831200,1\n', retention: 3 }
  const answer = await server.post('/api/questdb/import', import_)
  assert.is(answer.status, 400)
  assert.is(problem(answer).details[0]?.pointer, '/retention')
  const token = await server.post('/api/auth/token', { secret: 'x', scope: 'admin' })
  assert.is(token.status, 400)
  assert.is(problem(token).details[0]?.pointer, '/scope')
})

test('text that no engine keeps as it is is refused where it stands', async () => {
  const bad = [
    ['{"dataset_slug":"bad","symbol":"a\\u0000b"}', '/symbol'],
    ['{"dataset_slug":"bad","source":"\\ud800"}', '/source'],
    ['{"dataset_slug":"bad","metadata":{"a/b":["x","\\udc00y"]}}', '/metadata/a~1b/1'],
    ['{"dataset_slug":"bad","metadata":{"\\u0000":1}}', '/metadata/\0'],
  ] as const
  for (const [body, pointer] of bad) {
    const answer = await post('/api/datasets', body, 'application/json')
    assert.is(answer.status, 400, body)
    assert.is(problem(answer).details[0]?.pointer, pointer)
  }
  const measurement = `${server.engines.prefix}bad`
  const answer = await server.post('/api/questdb/import', { measurement, filename: 'a\0b', data: 'timestamp,x\n1,1\n' })
  assert.is(answer.status, 400)
  assert.is(problem(answer).details[0]?.pointer, '/filename')
  const smile = { dataset_slug: 'smile', symbol: '\u{1f600}' }
  assert.is((await server.post('/api/datasets', smile)).status, 201)
  assert.is(((await server.get('/api/datasets/smile')).json as { symbol: string }).symbol, '\u{1f600}')
})

test('a member called like the roots of all objects changes no object', async () => {
  const body = '{"dataset_slug":"proto","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'
  const answer = await post('/api/datasets', body, 'application/json')
  assert.ok(answer.status < 500)
  assert.is(({} as Record<string, unknown>).polluted, undefined)
})

test('endlessly nested JSON is answered, and the server lives', async () => {
  const deep = `{"dataset_slug":"deep","metadata":${'['.repeat(200_000)}${']'.repeat(200_000)}}`
  const answer = await post('/api/datasets', deep, 'application/json')
  assert.ok(answer.status >= 400 && answer.status < 500, `${answer.status}`)
  assert.is((await server.get('/healthz')).status, 200)
})

test.run()
