/** What becomes of calls when the engine is away, sick, slow or no QuestDB at all; a small server plays it. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { createServer as createSocketServer } from 'node:net'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { DomainError, type ErrorCode } from '../../../src/errors.js'
import { QuestDbClient } from '../../../src/questdb/client.js'
import { streamCsv, streamJson, streamRowObjects } from '../../../src/questdb/reading.js'
import { listTableStates, tableStates } from '../../../src/questdb/table-states.js'
import { waitUntilVisible } from '../../../src/questdb/visibility.js'
import { LineWriter, type WriterOptions } from '../../../src/questdb/writer.js'
import { test } from '../../support/test.js'

type Behaviour = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void
interface Engine {
  readonly url: string
  readonly requests: { url: string; headers: IncomingMessage['headers']; body: Buffer }[]
}

async function withEngine(
  behaviour: Behaviour,
  story: (engine: Engine, client: QuestDbClient) => Promise<void>,
): Promise<void> {
  const requests: Engine['requests'] = []
  const server: Server = createServer({ maxHeaderSize: 65_536 }, async (request, response) => {
    const chunks: Buffer[] = []
    try {
      for await (const chunk of request) chunks.push(chunk)
    } catch {
      return
    }
    const body = Buffer.concat(chunks)
    requests.push({ url: request.url ?? '', headers: request.headers, body })
    behaviour(request, response, body)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const url = `http://me:p%40ss@127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = new QuestDbClient(url, { timeoutMs: 5_000 })
  try {
    await story({ url, requests }, client)
  } finally {
    await client.close()
    server.closeAllConnections()
    server.close()
  }
}

async function failure(code: ErrorCode, action: Promise<unknown>): Promise<DomainError> {
  const outcome = await action.then(
    () => 'it succeeded',
    (error: unknown) => error,
  )
  if (outcome instanceof DomainError && outcome.code === code) return outcome
  throw outcome instanceof Error ? outcome : new Error(`no ${code}: ${outcome}`)
}

async function readAll(stream: Readable): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

function succeeded(): never {
  throw new Error('it succeeded')
}

const answer =
  (status: number, body: string, headers: Record<string, string> = {}): Behaviour =>
  (_, response) =>
    response.writeHead(status, headers).end(body)

const json = (body: unknown) => answer(200, JSON.stringify(body))

/** Plays one answer after the other, then the last one for ever. */
function inTurn(...behaviours: Behaviour[]): Behaviour {
  let turn = 0
  return (...call) => behaviours[Math.min(turn++, behaviours.length - 1)]!(...call)
}

async function closedPort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return `http://127.0.0.1:${port}`
}

test('a statement that trips the compiler is refused; any other 500 is a sick engine', async () => {
  const told = (error: string) => JSON.stringify({ query: 'select 1-select.', error, position: 0 })
  const defect = 'Cannot read field "type" because "this.lhs" is null'
  await withEngine(answer(500, told(defect)), async (_, client) => {
    assert.equal((await failure('QUESTDB_REFUSED', client.exec('select 1-select.'))).details, { text: defect })
  })
  await withEngine(answer(500, told('could not open read-write [errno=24]')), async (_, client) => {
    await failure('QUESTDB_UNAVAILABLE', client.exec('select 1'))
  })
})

test('an engine that is not running is unavailable at once, for statements, streams and writes', async () => {
  const url = await closedPort()
  const client = new QuestDbClient(url)
  const started = performance.now()
  await failure('QUESTDB_UNAVAILABLE', client.exec('SELECT 1'))
  await failure('QUESTDB_UNAVAILABLE', streamJson(client, 'SELECT 1'))
  await failure('QUESTDB_UNAVAILABLE', streamCsv(client, 'SELECT 1', { timeoutS: 5 }))
  const ping = await client.ping(1_000)
  assert.is(ping.ok, false)
  assert.ok(performance.now() - started < 1_000)
  const writer = new LineWriter(url, { retryBudgetMs: 200 })
  await writer.send(Buffer.from('t a=1i 1t\n'))
  await failure('QUESTDB_UNAVAILABLE', writer.finish())
  assert.ok(performance.now() - started < 2_000)
  await client.close()
})

test('credentials go along decoded, and wrong ones are the configuration, not the caller', async () => {
  await withEngine(answer(401, 'Unauthorized'), async ({ url, requests }, client) => {
    const error = await failure('QUESTDB_UNAVAILABLE', client.exec('SELECT 1'))
    assert.match(error.message, /credentials/)
    const { authorization } = requests[0]!.headers
    assert.is(authorization, `Basic ${Buffer.from('me:p@ss').toString('base64')}`)
    const writer = new LineWriter(url)
    assert.match((await failure('QUESTDB_UNAVAILABLE', writer.sendAtomic([Buffer.from('x')]))).message, /credentials/)
    assert.is(requests.length, 2)
    await writer.close()
  })
})

test('an address without credentials sends none, and one that is no address is a fault of the configuration', async () => {
  await withEngine(json({ ddl: 'OK' }), async ({ url, requests }) => {
    const client = new QuestDbClient(url.replace('me:p%40ss@', ''))
    await client.run('SELECT 1')
    assert.is(requests[0]!.headers.authorization, undefined)
    await client.close()
  })
  for (const url of ['localhost:9000', 'pg://localhost', 'http://localhost/db']) {
    assert.throws(
      () => new QuestDbClient(url),
      (error: unknown) => error instanceof DomainError && error.code === 'INTERNAL',
    )
  }
})

test('whatever does not answer like QuestDB is unavailable', async () => {
  const bodies = ['<html>Welcome</html>', '{"columns":[{"na', '"text"', 'null', '{}', '{"dataset":[]}', '']
  for (const body of bodies) {
    await withEngine(answer(200, body), async (_, client) => {
      await failure('QUESTDB_UNAVAILABLE', client.exec('SELECT 1'))
      await failure('QUESTDB_UNAVAILABLE', streamJson(client, 'SELECT 1'))
    })
  }
  for (const status of [302, 404, 400, 500, 503]) {
    await withEngine(
      answer(status, '<html>gateway</html>', { location: '/elsewhere' }),
      async ({ requests }, client) => {
        await failure('QUESTDB_UNAVAILABLE', client.exec('SELECT 1'))
        assert.is(requests.length, 1, 'nothing is followed or sent twice')
      },
    )
  }
})

test('a refused statement keeps the text and the position of QuestDB, but not kilobytes of it', async () => {
  const refused = { query: 'x', error: 'table does not exist [table=t]', position: 14 }
  await withEngine(answer(400, JSON.stringify(refused)), async (_, client) => {
    const error = await failure('QUESTDB_REFUSED', client.exec('SELECT * FROM t'))
    assert.equal(error.details, { text: refused.error, position: 14 })
    await failure('QUESTDB_REFUSED', streamJson(client, 'SELECT * FROM t'))
  })
  await withEngine(answer(400, JSON.stringify({ ...refused, error: 'x'.repeat(50_000) })), async (_, client) => {
    const error = await failure('QUESTDB_REFUSED', client.exec('SELECT 1'))
    assert.ok(error.message.length < 2_200)
  })
})

test('an error inside a 200 is a refusal', async () => {
  const columns = [{ name: 'a', type: 'DOUBLE' }]
  await withEngine(
    json({ query: 'x', columns, dataset: [[1]], count: 1, error: 'Division by zero' }),
    async (_, client) => {
      const error = await failure('QUESTDB_REFUSED', client.exec('SELECT 1'))
      assert.equal(error.details, { text: 'Division by zero' })
    },
  )
  const timeUp = {
    query: 'x',
    error: '[-1] timeout, query aborted [fd=1, runtime=1001ms, timeout=1000ms]',
    position: 0,
  }
  await withEngine(answer(400, JSON.stringify(timeUp)), (_, client) =>
    failure('TIME_LIMIT', client.exec('x')).then(() => {}),
  )
})

test('a 400 that QuestDB sends behind an unfinished 200 is a refusal', async () => {
  const server = createSocketServer((socket: Socket) => {
    socket.once('data', () => {
      socket.write(
        'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nHTTP/1.1 400 Bad request\r\nTransfer-Encoding: chunked\r\n\r\n',
      )
      socket.write('11\r\n{"error":"no way"}\r\n00\r\n\r\n')
    })
    socket.on('error', () => {})
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = new QuestDbClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  await failure('QUESTDB_REFUSED', client.exec('SELECT 1'))
  await client.close()
  server.close()
})

test('a statement longer than QuestDB takes is refused before it is sent', async () => {
  await withEngine(json({ ddl: 'OK' }), async ({ requests }, client) => {
    await failure('QUESTDB_REFUSED', client.exec(`SELECT '${'x'.repeat(31_000)}'`))
    assert.is(requests.length, 0)
    await client.exec(`SELECT '${'x,()'.repeat(7_600)}'`)
    assert.is(requests.length, 1)
  })
})

/** Thinks about `slow()` for ever and answers all else. */
const slowOnly: Behaviour = (request, ...call) => {
  if (!request.url?.includes('slow')) json({ columns: [], dataset: [], count: 0 })(request, ...call)
}

test('a statement that takes too long ends at its limit, and an abort ends it with its own reason', async () => {
  await withEngine(slowOnly, async ({ requests }, client) => {
    const error = await failure('TIME_LIMIT', client.exec('SELECT slow()', { timeoutMs: 100 }))
    assert.equal(error.details, { limitMs: 100 })
    const leaving = new AbortController()
    setTimeout(() => leaving.abort(new Error('the client left')), 50)
    const call = client.exec('SELECT slow()', { signal: leaving.signal })
    await call.then(succeeded, (reason: Error) => assert.is(reason.message, 'the client left'))
    const late = client.exec('SELECT slow()', { signal: leaving.signal })
    await late.then(succeeded, (reason: Error) => assert.is(reason.message, 'the client left'))
    assert.is(
      requests.some(({ headers }) => 'statement-timeout' in headers),
      false,
    )
  })
})

test('an engine that answers nothing any more is away: no statement of its caller is at fault', async () => {
  await withEngine(
    () => {},
    async (_, client) => {
      await failure('QUESTDB_UNAVAILABLE', client.exec('SELECT slow()', { timeoutMs: 50 }))
      await failure('QUESTDB_UNAVAILABLE', streamJson(client, 'SELECT slow()', { timeoutMs: 50 }))
      assert.is((await client.ping(50)).ok, false)
    },
  )
})

test('an export waits for a free place, and only so long', async () => {
  const full = answer(429, 'exceeded connection limit', { connection: 'close' })
  await withEngine(inTurn(full, full, answer(200, '"a"\r\n1\r\n')), async ({ requests }, client) => {
    assert.is(await readAll(await streamCsv(client, 'SELECT 1 a', { timeoutS: 7 })), '"a"\r\n1\r\n')
    assert.is(requests.length, 3)
    assert.is(requests[2]!.url, '/exp?query=SELECT+1+a&timeout=7')
  })
  await withEngine(full, async (_, client) => {
    const error = await failure('QUESTDB_UNAVAILABLE', streamCsv(client, 'SELECT 1', { timeoutS: 5, timeoutMs: 300 }))
    assert.equal(error.details, { status: 429 })
    const call = streamCsv(client, 'SELECT 1', { timeoutS: 5, signal: AbortSignal.timeout(60) })
    await call.then(succeeded, (reason: Error) => assert.is(reason.name, 'TimeoutError'))
  })
  // The time may be over while QuestDB thinks about another try: it is still the place that was missing.
  await withEngine(
    inTurn(full, () => {}),
    async (_, client) => {
      const error = await failure('QUESTDB_UNAVAILABLE', streamCsv(client, 'SELECT 1', { timeoutS: 5, timeoutMs: 300 }))
      assert.equal(error.details, { status: 429 })
    },
  )
})

test('a transfer that breaks midway is broken for the reader too', async () => {
  const start = `{"query":"x","columns":[{"name":"a","type":"LONG"}],"timestamp":-1,"dataset":[${'[1],'.repeat(50_000)}`
  const breaking: Behaviour = (_, response) => response.write(start, () => setTimeout(() => response.destroy(), 20))
  await withEngine(breaking, async (_, client) => {
    await failure('QUESTDB_UNAVAILABLE', streamJson(client, 'x').then(readAll))
    await failure('QUESTDB_UNAVAILABLE', streamRowObjects(client, 'x').then(readAll))
    await failure('QUESTDB_UNAVAILABLE', streamCsv(client, 'x', { timeoutS: 9 }).then(readAll))
  })
  const cutCleanly: Behaviour = (_, response) => response.end(start)
  await withEngine(cutCleanly, async (_, client) => {
    await failure('QUESTDB_UNAVAILABLE', streamJson(client, 'x').then(readAll))
    await failure('QUESTDB_UNAVAILABLE', streamRowObjects(client, 'x').then(readAll))
  })
})

test('an error behind the first rows breaks the transfer before its end', async () => {
  const rows = '["0.5","x]}"],'.repeat(20_000)
  const body = `{"query":"x","columns":[{"name":"a","type":"DECIMAL"},{"name":"b","type":"VARCHAR"}],"timestamp":-1,"dataset":[${rows}["0.1"]],"count":20001,"error":"Division \\"by\\" zero ],\\"count\\":5}", "errorPos":34}`
  await withEngine(answer(200, body), async (_, client) => {
    for (const start of [() => streamJson(client, 'x'), () => streamRowObjects(client, 'x')]) {
      const stream = await start()
      const received: Buffer[] = []
      stream.on('data', (chunk: Buffer) => received.push(chunk))
      const [error] = (await once(stream, 'error').catch((reason) => [reason])) as [DomainError]
      assert.is(error.code, 'QUESTDB_REFUSED')
      assert.equal(error.details, { text: 'Division "by" zero ],"count":5}', position: 34 })
      assert.throws(() => JSON.parse(Buffer.concat(received).toString()))
    }
  })
})

test('an error in the first rows is told before anything is sent', async () => {
  const body =
    '{"query":"x","columns":[{"name":"a","type":"LONG"}],"timestamp":-1,"dataset":[[1],[]],"count":2,"error":"no", "errorPos":3}'
  await withEngine(answer(200, body), async (_, client) => {
    await failure('QUESTDB_REFUSED', streamJson(client, 'x'))
    await failure('QUESTDB_REFUSED', streamRowObjects(client, 'x'))
  })
})

test('a reader that leaves closes the connection to the engine', async () => {
  let closed = 0
  const endless: Behaviour = (_, response) => {
    response.write('{"query":"x","columns":[{"name":"a","type":"LONG"}],"timestamp":-1,"dataset":[')
    const timer = setInterval(() => response.write('[1],'.repeat(10_000)), 1)
    response.on('close', () => {
      clearInterval(timer)
      closed += 1
    })
  }
  await withEngine(endless, async (_, client) => {
    const left = await streamJson(client, 'x')
    left.destroy()
    const leaving = new AbortController()
    const aborted = await streamRowObjects(client, 'x', { signal: leaving.signal })
    leaving.abort(new Error('the client left'))
    await readAll(aborted).then(succeeded, (reason: Error) => assert.is(reason.message, 'the client left'))
    for (let i = 0; i < 100 && closed < 2; i++) await sleep(10)
    assert.is(closed, 2)
  })
})

async function load(engine: Engine, lines: string[], options: WriterOptions = {}): Promise<void> {
  const writer = new LineWriter(engine.url, { requestBytes: 1, ...options })
  for (const [i, line] of lines.entries()) await writer.send(Buffer.from(line), i)
  await writer.finish()
}

test('a write that meets a sick engine or a broken connection is sent again, whole', async () => {
  const broken: Behaviour = (request) => request.socket.destroy()
  const stored = answer(204, '')
  await withEngine(inTurn(answer(503, 'retry operation'), broken, stored), async (engine) => {
    await load(engine, ['t a=1i 1t\n'])
    assert.equal(
      engine.requests.map(({ body }) => body.toString()),
      Array(3).fill('t a=1i 1t\n'),
    )
    assert.is(engine.requests[0]!.url, '/write?precision=us')
  })
  await withEngine(inTurn(answer(500, 'sick'), stored), async (engine) => {
    const writer = new LineWriter(engine.url)
    await writer.sendAtomic([Buffer.from('t a=1i 1t\n'), Buffer.from('t a=2i 2t\n')])
    await writer.finish()
    assert.equal(
      engine.requests.map(({ body }) => body.toString()),
      Array(2).fill('t a=1i 1t\nt a=2i 2t\n'),
    )
    assert.is(engine.requests[1]!.headers['content-length'], '20')
  })
})

test('a write is given up when the engine stays sick', async () => {
  await withEngine(answer(500, 'disk full'), async (engine) => {
    const started = performance.now()
    const error = await failure('QUESTDB_UNAVAILABLE', load(engine, ['a', 'b', 'c'], { retryBudgetMs: 300 }))
    assert.equal(error.details, { status: 500, text: 'disk full' })
    assert.ok(performance.now() - started < 1_500)
    assert.ok(engine.requests.length >= 4)
  })
  await withEngine(
    () => {},
    async (engine) => {
      await failure('QUESTDB_UNAVAILABLE', load(engine, ['a'], { retryBudgetMs: 0, answerTimeoutMs: 100 }))
    },
  )
})

test('refused rows tell their place in the frame, and nothing is sent after them', async () => {
  const message =
    'failed to parse line protocol:errors encountered on line(s):\nerror in line 3: table: d, column: px; cast error from protocol type: STRING to column type: DOUBLE'
  const refused = answer(400, JSON.stringify({ code: 'invalid', message, line: 3, errorId: 'e-1' }))
  await withEngine(refused, async (engine) => {
    const writer = new LineWriter(engine.url)
    await writer.send(Buffer.from('…'), 1_000)
    const error = await failure('QUESTDB_REFUSED', writer.finish())
    const text = 'error in line 3: table: d, column: px; cast error from protocol type: STRING to column type: DOUBLE'
    assert.equal(error.details, { text, line: 3, row: 1_002, column: 'px' })
    await failure('QUESTDB_REFUSED', writer.send(Buffer.from('more')))
    assert.is(engine.requests.length, 1)
  })
})

test('no more than two writes are under way, and the sender waits for a place', async () => {
  let underWay = 0
  let most = 0
  const slow: Behaviour = (_, response) => {
    most = Math.max(most, ++underWay)
    setTimeout(() => {
      underWay -= 1
      response.writeHead(204).end()
    }, 20)
  }
  await withEngine(slow, async (engine) => {
    const writer = new LineWriter(engine.url, { requestBytes: 1 })
    const started = performance.now()
    for (let i = 0; i < 10; i++) await writer.send(Buffer.from(`t a=${i}i 1t\n`))
    assert.ok(performance.now() - started > 70, 'eight of ten waited for the four pairs before them')
    await writer.finish()
    assert.is(most, 2)
    assert.is(engine.requests.length, 10)
  })
})

test('small pieces travel together, in their order', async () => {
  await withEngine(answer(204, ''), async (engine) => {
    const writer = new LineWriter(engine.url, { requestBytes: 6, maxInFlight: 1 })
    for (const piece of ['a\n', 'b\n', 'c\n', 'd\n', 'e\n', 'f\n', 'g\n']) await writer.send(Buffer.from(piece))
    assert.is(engine.requests.length, 1)
    await writer.finish()
    assert.equal(
      engine.requests.map(({ body }) => body.toString()),
      ['a\nb\nc\n', 'd\ne\nf\n', 'g\n'],
    )
  })
})

test('an aborted load stops with its reason, also while it waits to try again', async () => {
  for (const behaviour of [() => {}, answer(503, 'later')]) {
    await withEngine(behaviour, async (engine) => {
      const leaving = new AbortController()
      setTimeout(() => leaving.abort(new Error('cancelled')), 100)
      const started = performance.now()
      await load(engine, ['a', 'b', 'c', 'd'], { signal: leaving.signal }).then(succeeded, (reason: Error) => {
        assert.is(reason.message, 'cancelled')
      })
      assert.ok(performance.now() - started < 1_000)
    })
  }
})

const walState = (row: unknown[]) =>
  json({ columns: [], dataset: row.length > 0 ? [row] : [], count: row.length > 0 ? 1 : 0 })

/** Suspended, and suspended again whenever it is resumed. */
const suspendedFor =
  (tag: string, message: string): Behaviour =>
  (request, ...call) =>
    (request.url?.includes('RESUME') ? json({ ddl: 'OK' }) : walState(['7', '5', true, tag, message]))(request, ...call)

test('waiting ends when what was there at the start is applied, not when everything is', async () => {
  const states = [
    ['7', '5', false, '', ''],
    ['9', '6', false, '', ''],
    ['12', '7', false, '', ''],
  ]
  await withEngine(inTurn(...states.map(walState)), async ({ requests }, client) => {
    await waitUntilVisible(client, 'Bars')
    assert.is(requests.length, 3)
    assert.match(decodeURIComponent(requests[0]!.url), /lower\(name\)\+=\+'bars'/)
  })
})

test('a table that is suspended again ends the wait and says how to resume it', async () => {
  await withEngine(suspendedFor('OUT OF MEMORY', 'sorry'), async (_, client) => {
    const error = await failure('QUESTDB_UNAVAILABLE', waitUntilVisible(client, 'bars'))
    assert.match(error.message, /suspended the table bars \(OUT OF MEMORY: sorry\).*ALTER TABLE "bars" RESUME WAL/)
  })
  await withEngine(walState(['7', '7', true, '', '']), (_, client) => waitUntilVisible(client, 'bars'))
})

test('a table that a full disk has suspended goes on when there is room, and the disk is named when there is none', async () => {
  await withEngine(suspendedFor('DISK FULL', ''), async ({ requests }, client) => {
    await failure('INSUFFICIENT_STORAGE', waitUntilVisible(client, 'bars'))
    assert.is(requests.filter(({ url }) => url.includes('RESUME')).length, 1)
  })
  const behaviours = [
    walState(['7', '5', true, '', 'failed']),
    json({ ddl: 'OK' }),
    walState(['7', '7', false, '', '']),
  ]
  await withEngine(inTurn(...behaviours), async ({ requests }, client) => {
    await waitUntilVisible(client, 'bars')
    assert.match(decodeURIComponent(requests[1]!.url), /ALTER\+TABLE\+"bars"\+RESUME\+WAL/)
  })
})

test('a full disk is told apart from a wrong statement and from wrong rows, without the paths of that machine', async () => {
  const told = (error: string) => answer(400, JSON.stringify({ query: 'create', error, position: 13 }))
  const noFile = 'Could not create table, could not open read-write [file=/srv/questdb/db/u~7/txn_seq/_wal_index.d]'
  await withEngine(told(noFile), async (_, client) => {
    const error = await failure('QUESTDB_UNAVAILABLE', client.exec('create'))
    assert.not.match(JSON.stringify([error.message, error.details]), /srv|txn_seq/)
  })
  await withEngine(told('could not append value [value=1, fd=3, errno=28]'), async (_, client) => {
    await failure('INSUFFICIENT_STORAGE', client.exec('create'))
  })
  const text = 'errors encountered on line(s):write error: t, errno: 28, error: No space left [size=4096, fd=7]'
  await withEngine(answer(500, JSON.stringify({ code: 'internal error', message: text, line: 1 })), async (engine) => {
    const writer = new LineWriter(engine.url)
    await writer.send(Buffer.from('t a=1i 1t\n'))
    await failure('INSUFFICIENT_STORAGE', writer.finish())
    assert.is(engine.requests.length, 1)
  })
})

test('the state of a table tells that it is suspended, and how far behind', async () => {
  const [first, last] = ['2024-11-28T22:00:00.000000Z', '2024-11-29T07:00:00.000000Z']
  const table = ['bars', '10', first, last, 'timestamp', 'MONTH', true, true]
  const engine: Behaviour = (request, ...call) => {
    const row = request.url?.includes('wal_tables') ? ['bars', true, '9', '6'] : table
    walState(row)(request, ...call)
  }
  await withEngine(engine, async (_, client) => {
    const [state] = await tableStates(client)
    assert.equal([state?.name, state?.count, state?.suspended, state?.lag], ['bars', 10, true, 3])
  })
})

test('of 10 000 tables a page is told, and the figures of no other are asked for', async () => {
  const names = Array.from({ length: 10_000 }, (_, i) => `m${String(i).padStart(5, '0')}`)
  const [first, last] = ['2024-11-28T22:00:00.000000Z', '2024-11-29T07:00:00.000000Z']
  const engine: Behaviour = (request, ...call) => {
    const sql = decodeURIComponent(request.url ?? '').replaceAll('+', ' ')
    const rows = sql.includes('wal_tables')
      ? names.map((name) => [name, false, '3', '3'])
      : sql.includes('tables() WHERE')
        ? names.map((name) => [name, '0', null, null, 'timestamp', 'MONTH', true, true])
        : [['10', first, last]]
    json({ columns: [], dataset: rows, count: rows.length })(request, ...call)
  }
  await withEngine(engine, async ({ requests }, client) => {
    const { states, total } = await listTableStates(client, 'M', { offset: 9_990, limit: 20 })
    assert.equal([total, states.length, states[0]?.name, states[9]?.count], [10_000, 10, 'm09990', 10])
    assert.is(requests.length, 12)
  })
})

test('figures of a table that QuestDB has in part, or not yet, are asked of the rows themselves', async () => {
  const [first, last] = ['2024-11-28T22:00:00.000000Z', '2024-11-29T07:00:00.000000Z']
  for (const kept of [
    ['10', null, last],
    ['10', first, null],
    ['0', null, null],
    [null, null, null],
  ]) {
    const engine: Behaviour = (request, ...call) => {
      const sql = decodeURIComponent(request.url ?? '').replaceAll('+', ' ')
      const row = sql.includes('wal_tables') ? ['bars', false, '3', '3'] : ['10', first, last]
      walState(sql.includes('tables() WHERE') ? ['bars', ...kept, 'timestamp', 'MONTH', true, true] : row)(
        request,
        ...call,
      )
    }
    await withEngine(engine, async (_, client) => {
      const [state] = await tableStates(client)
      assert.equal(
        [state?.count, state?.first?.iso, state?.last?.iso],
        [10, '2024-11-28T22:00:00.000000Z', '2024-11-29T07:00:00.000000Z'],
      )
    })
  }
})

test('a wait that lasts too long, is aborted, or is for no table ends with that', async () => {
  await withEngine(walState(['7', '5', false, '', '']), async (_, client) => {
    const error = await failure('QUESTDB_UNAVAILABLE', waitUntilVisible(client, 'bars', { timeoutMs: 80 }))
    assert.equal(error.details, { table: 'bars', transactions: 2 })
    const wait = waitUntilVisible(client, 'bars', { signal: AbortSignal.timeout(60) })
    await wait.then(succeeded, (reason: Error) => assert.is(reason.name, 'TimeoutError'))
  })
  await withEngine(walState([]), (_, client) =>
    failure('MEASUREMENT_NOT_FOUND', waitUntilVisible(client, 'bars')).then(() => {}),
  )
  await withEngine(inTurn(walState([]), walState([1])), (_, client) => waitUntilVisible(client, 'without_log'))
})

test.run()
