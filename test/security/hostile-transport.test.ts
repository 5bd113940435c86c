/** Requests whose bytes are wrong: other media, compressed, framed in two ways, or larger than any client's. */
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import * as assert from 'uvu/assert'
import { ownSimulation } from '../support/fixtures.js'
import { assertUnharmed, refusalOf, storingNothing } from '../support/hostile.js'
import { type RawAnswer, rawRequest } from '../support/raw-http.js'
import { type Received, startServer } from '../support/server.js'
import { test } from '../support/test.js'

const server = await startServer()
test.after(() => server.stop())

const { prefix } = server.engines
const token = { 'x-stage1-token': server.token }
const simulation = JSON.stringify(ownSimulation(2))

const send = (path: string, body: string | Uint8Array, media: string, headers = {}): Promise<Received> =>
  server.send('POST', path, { body, media, headers })

/** Sends these headers and bytes, and reads what comes. */
async function raw(line: string, headers: Record<string, string>, body: string | Uint8Array = ''): Promise<RawAnswer> {
  const sent = await rawRequest(server.url, line, headers)
  if (body.length > 0) sent.write(body)
  return sent.answer()
}

/** All the bytes of a request, as they are. */
async function bytes(text: string): Promise<string> {
  const { connect } = await import('node:net')
  const { hostname, port } = new URL(server.url)
  return new Promise((resolve, reject) => {
    let received = ''
    const socket = connect(Number(port), hostname, () => socket.write(text, 'latin1'))
    socket.setEncoding('latin1').setTimeout(10_000, () => socket.destroy(new Error(`no end after ${received}`)))
    socket.on('data', (piece) => {
      received += piece
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(received))
  })
}

test('B11: JSON in another encoding than UTF-8 is refused, said or not', async () => {
  await storingNothing(server, async () => {
    for (const charset of [
      'utf-16',
      'utf-16le',
      'UTF-32',
      'iso-8859-1',
      'windows-1252',
      'utf-7',
      'x',
      '""',
      "'utf-8'",
    ]) {
      const refused = refusalOf(
        await send('/api/simulations', simulation, `application/json; charset=${charset}`),
        charset,
      )
      assert.equal([refused.status, refused.code], [415, 'MEDIA_TYPE_UNSUPPORTED'], charset)
    }
    for (const path of ['/api/simulations', '/api/datasets', '/api/runs'])
      for (const body of [
        Buffer.from(simulation, 'utf16le'),
        Buffer.from(`\ufeff${simulation}`, 'utf16le'),
        Buffer.from(simulation, 'utf16le').swap16(),
      ]) {
        const refused = refusalOf(await send(path, body, 'application/json'), path)
        assert.equal([refused.status, refused.code], [400, 'JSON_MALFORMED'])
      }
  })
  for (const charset of ['utf-8', 'UTF-8', '"utf-8"', 'utf8'])
    assert.ok(
      (await send('/api/simulations', simulation, `application/json; charset=${charset}`)).status < 300,
      charset,
    )
})

test('B12: a body without a media type, or of another, is not guessed at', async () => {
  const refused = [
    'text/plain',
    'application/x-www-form-urlencoded',
    'text/json',
    'application/json5',
    'application/*',
    '*/*',
    'json',
    'application/json+x',
    'application/jsonx',
    'application /json',
  ]
  await storingNothing(server, async () => {
    for (const path of ['/api/simulations', '/api/datasets', '/api/runs', '/api/questdb/query', '/api/auth/token']) {
      for (const media of refused) {
        const answer = refusalOf(await send(path, simulation, media), `${path} ${media}`)
        assert.equal([answer.status, answer.code], [415, 'MEDIA_TYPE_UNSUPPORTED'], `${path} ${media}`)
      }
      const none = await raw(`POST ${path}`, { ...token, 'content-length': String(simulation.length) }, simulation)
      assert.is(none.status, 415, path)
    }
    const twice = await bytes(
      `POST /api/simulations HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Stage1-Token: ${server.token}\r\nContent-Type: text/plain\r\nContent-Type: application/json\r\nContent-Length: ${simulation.length}\r\n\r\n${simulation}`,
    )
    assert.match(twice, /^HTTP\/1\.1 4(00|15) /)
  })
})

test('B13: a compressed body is refused before it is read, however it is called', async () => {
  const bodies = {
    gzip: gzipSync(simulation),
    deflate: deflateSync(simulation),
    br: brotliCompressSync(simulation),
    zstd: Buffer.from(simulation),
    'x-gzip': gzipSync(simulation),
    GZIP: gzipSync(simulation),
    'gzip, gzip': gzipSync(gzipSync(simulation)),
    'identity, gzip': gzipSync(simulation),
    aes128gcm: Buffer.from(simulation),
  }
  await storingNothing(server, async () => {
    for (const [encoding, body] of Object.entries(bodies))
      for (const [path, media] of [
        ['/api/simulations', 'application/json'],
        ['/api/datasets', 'application/json'],
        [`/api/questdb/import?measurement=${prefix}z`, 'text/csv'],
      ] as const) {
        const refused = refusalOf(
          await send(path, body, media, { 'content-encoding': encoding }),
          `${path} ${encoding}`,
        )
        assert.equal([refused.status, refused.code], [415, 'MEDIA_TYPE_UNSUPPORTED'], `${path} ${encoding}`)
      }
    const untold = refusalOf(await send('/api/simulations', gzipSync(simulation), 'application/json'))
    assert.equal([untold.status, untold.code], [400, 'JSON_MALFORMED'])
    const transferred = await raw(
      'POST /api/simulations',
      { ...token, 'content-type': 'application/json', 'transfer-encoding': 'gzip, chunked' },
      '1\r\nx\r\n0\r\n\r\n',
    )
    assert.ok(transferred.status >= 400 && transferred.status < 500, `${transferred.status}`)
  })
})

test('B14: a bomb is refused by its headers, and nothing is unpacked', async () => {
  const zeros = Buffer.alloc(64 << 20)
  const bombs = {
    gzip: gzipSync(zeros),
    br: brotliCompressSync(zeros),
    'gzip, br': brotliCompressSync(gzipSync(zeros)),
  }
  const before = process.memoryUsage().rss
  await storingNothing(server, async () => {
    for (const [encoding, body] of Object.entries(bombs))
      for (const [path, media] of [
        ['/api/simulations', 'application/json'],
        [`/api/questdb/import?measurement=${prefix}z`, 'text/csv'],
        ['/api/uploads', 'text/csv'],
      ] as const)
        assert.is(refusalOf(await send(path, body, media, { 'content-encoding': encoding }), path).status, 415)
  })
  assert.ok(process.memoryUsage().rss - before < 48 << 20)
})

/** Requests that two readers would end in different places, and others that no client sends. */
const FRAMED_WRONGLY: Readonly<Record<string, string>> = {
  'a length and chunks': 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'chunks and a length': 'Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n',
  'two lengths': 'Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ',
  'two lengths in one': 'Content-Length: 2, 2\r\n\r\n{}',
  'an encoding that is not known': 'Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n',
  'an encoding behind chunked': 'Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n',
  'a folded header': 'X-A: 1\r\n 2\r\nContent-Length: 0\r\n\r\n',
  'a blank before a colon': 'Content-Length : 0\r\n\r\n',
  'a line feed alone': 'X-A: 1\nContent-Length: 0\r\n\r\n',
  'a carriage return alone': 'X-A: 1\rX-B: 2\r\nContent-Length: 0\r\n\r\n',
  'a length with a sign': 'Content-Length: +2\r\n\r\n{}',
  'a length below nothing': 'Content-Length: -2\r\n\r\n{}',
  'a length as 1e3': 'Content-Length: 1e3\r\n\r\n{}',
  'a length in hex': 'Content-Length: 0x2\r\n\r\n{}',
  'a length beyond 2^64': 'Content-Length: 99999999999999999999999\r\n\r\n{}',
  'a chunk of no size': 'Transfer-Encoding: chunked\r\n\r\nz\r\n{}\r\n0\r\n\r\n',
  'a chunk below nothing': 'Transfer-Encoding: chunked\r\n\r\n-1\r\n{}\r\n0\r\n\r\n',
  'a chunk longer than its size': 'Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n',
  'a chunk beyond 2^64': 'Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}\r\n0\r\n\r\n',
  'U+0000 in a header': 'X-A: a\0b\r\nContent-Length: 0\r\n\r\n',
  'U+0000 in a name': 'X\0A: ab\r\nContent-Length: 0\r\n\r\n',
  'no name': ': ab\r\nContent-Length: 0\r\n\r\n',
}

test('B23: a request that can be read in two ways is refused, and the connection closed', async () => {
  const head = `POST /api/simulations HTTP/1.1\r\nHost: x\r\nX-Stage1-Token: ${server.token}\r\nContent-Type: application/json\r\n`
  await storingNothing(server, async () => {
    for (const [what, rest] of Object.entries(FRAMED_WRONGLY)) {
      const smuggled = `GET /api/auth/me HTTP/1.1\r\nHost: x\r\nX-Stage1-Token: ${server.token}\r\n\r\n`
      const answer = await bytes(head + rest + smuggled)
      assert.match(answer, /^HTTP\/1\.1 4\d\d /, what)
      assert.match(answer, /\r\nConnection: close\r\n/i, what)
      assert.is(answer.match(/HTTP\/1\.1 \d\d\d /g)?.length, 1, `${what}: ${answer}`)
    }
    for (const line of [
      'GET /healthz HTTP/1.1\r\n\r\n',
      'GET /healthz HTTP/9.9\r\nHost: x\r\n\r\n',
      'BREW /healthz HTTP/1.1\r\nHost: x\r\n\r\n',
      '\x16\x03\x01\x02\x00',
      'GET healthz HTTP/1.1\r\nHost: x\r\n\r\n',
    ])
      assert.match(await bytes(line), /^HTTP\/1\.1 4\d\d /, JSON.stringify(line))
  })
})

test('B24: a link is made from no Host that a client sends, and TRACE is not served', async () => {
  for (const host of ['evil.example', 'a@b', 'evil.example:1/x', '[::1', '']) {
    const path = {
      ...token,
      host,
      'x-forwarded-host': 'evil.example',
      'content-type': 'text/csv',
      'content-length': '24',
    }
    const answer = await raw('POST /api/uploads?filename=a.csv', path, 'timestamp,x\n1732831200,1')
    assert.ok(answer.status === 201 || (answer.status >= 400 && answer.status < 500), `${host}: ${answer.status}`)
    assert.not.match(JSON.stringify(answer), /evil|a@b/)
  }
  assert.is((await raw('TRACE /api/jobs', token)).status, 405)
})

test('B25: headers, a URL and a chunk of more bytes than any client sends are refused', async () => {
  const tooLong = 'x'.repeat(20_000)
  assert.is((await raw('GET /api/jobs', { ...token, 'x-a': tooLong })).status, 431)
  assert.ok([414, 431].includes((await raw(`GET /api/jobs?job_type=${tooLong}`, token)).status))
  const many = Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`x-${i}`, 'y']))
  assert.is((await raw('GET /api/jobs', { ...token, ...many })).status, 431)
  const chunked = { ...token, 'content-type': 'application/json', 'transfer-encoding': 'chunked' }
  const extended = await raw('POST /api/simulations', chunked, `2;${tooLong}\r\n{}\r\n0\r\n\r\n`)
  assert.ok([413, 431].includes(extended.status), `${extended.status}`)
})

test('B33: a thousand requests in one go on one connection are answered in their order', async () => {
  const request = (i: number, last: boolean) =>
    `GET /healthz?x=${i} HTTP/1.1\r\nHost: x\r\nX-Request-Id: pipelined-${i}\r\n${last ? 'Connection: close\r\n' : ''}\r\n`
  const answers = await bytes(Array.from({ length: 1_000 }, (_, i) => request(i, i === 999)).join(''))
  const ids = [...answers.matchAll(/^x-request-id: pipelined-(\d+)\r$/gim)].map(([, id]) => Number(id))
  const inOrder = Array.from({ length: ids.length }, (_, i) => i)
  assert.equal(ids, inOrder)
  assert.ok(ids.length > 0)
})

test('B33: a client that stops in the middle of a body, or leaves, harms no other', async () => {
  const head = { ...token, 'content-type': 'application/json', 'content-length': '1000' }
  const stopped = await Promise.all(
    Array.from({ length: 50 }, () => rawRequest(server.url, 'POST /api/simulations', head)),
  )
  for (const each of stopped) each.write('{"mode":')
  assert.is((await server.get('/api/simulations')).status, 200)
  for (const each of stopped) each.socket.destroy()
  assert.is((await server.get('/healthz')).status, 200)
})

test('all of this was answered without a failure, and no object was changed', () => assertUnharmed(server))

test.run()
