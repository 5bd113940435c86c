/** Paths, queries, names of files and cursors that mean something else than they say. */
import { readFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { listen } from '../support/event-stream.js'
import { assertRefused, assertUnharmed, refusalOf, storingNothing } from '../support/hostile.js'
import { importCsv } from '../support/imports.js'
import { operationsOf } from '../support/operations.js'
import { rawRequest } from '../support/raw-http.js'
import { SHARED_SECRET, startServer, TestClient } from '../support/server.js'
import { test } from '../support/test.js'

const server = await startServer()
test.after(() => server.stop())

const { prefix } = server.engines
const issued = await server.post('/api/auth/token', { secret: SHARED_SECRET, name: 'admin', scopes: ['admin'] })
const { token } = issued.json as { token: string }
/** May do everything, so that nothing is refused for another reason. */
const admin = new TestClient(server.url, token)
const ID = '8620f8da-8f74-4dd9-8ee2-d14d2c672873'

/** Sends the target as it is, which other clients would put right. */
async function raw(method: string, target: string) {
  const sent = await rawRequest(server.url, `${method} ${target}`, { 'x-stage1-token': token })
  const answer = await sent.answer()
  return { status: answer.status, text: answer.body, json: answer.body === '' ? {} : JSON.parse(answer.body) }
}

const NEEDED = { getDatasetIndexMap: '?start_idx=0&end_idx=1' } as Readonly<Record<string, string>>
/** Operations with an id, and all else that they need. */
const withId = operationsOf(({ path }) => path.includes(ID)).map((operation) => ({
  ...operation,
  path: operation.path + (NEEDED[operation.id] ?? ''),
}))

const BROKEN = ['%E0%A4%A', '%', '%zz', '%ff%fe', '%C3%28', '%c0%ae%c0%ae', '%ed%a0%80', 'a%']
const TRAVERSING = [
  ...[
    '..%2f',
    '..%2f..%2f..%2fetc%2fpasswd',
    '%2e%2e%2f',
    '%252e%252e%252f',
    '..%5c',
    '%5c%5chost%5cx',
    '..;%2f',
    '%2fetc%2fpasswd',
  ],
  ...[
    'file:%2f%2f%2fetc',
    'C:%5c',
    '%00',
    'a%00.csv',
    '~',
    '%2e',
    '%2e%2e',
    'x'.repeat(300),
    'a%2fb',
    '%EF%BC%8F',
    '%E2%80%AE',
    'a%0d%0aX-A:%201',
  ],
]

test('B16: percent-encoding that is no UTF-8 is a bad request on every route with an id', async () => {
  for (const { method, path, id } of withId)
    for (const broken of BROKEN) {
      const answer = await raw(method, path.replace(ID, broken))
      assert.equal([answer.status, refusalOf(answer).code], [400, 'REQUEST_INVALID'], `${id} ${broken}`)
    }
})

test('B17: an id with a path in it is found nowhere on any route, and no file is made', async () => {
  await storingNothing(server, async () => {
    for (const { method, path, id } of withId)
      for (const odd of TRAVERSING) {
        const answer = await raw(method, path.replace(ID, odd))
        const { status, code } = refusalOf(answer, `${id} ${odd}`)
        // What needs a body is told that it has none.
        if (method === 'POST' && status === 400) assert.is(code, 'REQUEST_INVALID')
        else assert.equal([status, code], [404, 'ROUTE_NOT_FOUND'], `${id} ${odd}`)
        assert.not.match(answer.text, /root:|bin\/sh/)
      }
  })
})

test('B18: a path has one spelling', async () => {
  const spelled = (path: string) => [
    `${path}/`,
    `/${path}`,
    path.replace('/api', '/API'),
    path.replace('/api', '/api/'),
    path.replace('/api', '/%61pi'),
    `${path};x=1`,
    `${path}%20`,
    `${path}%00`,
    `${path}.json`,
    path.replace('/api', '/api/.'),
    path.replace('/api', '/x/../api'),
  ]
  for (const { method, path, id } of operationsOf(({ path }) => path.startsWith('/api/')))
    for (const other of spelled(path).filter((each) => each !== path)) {
      const { status } = await raw(method, other)
      // An id may end in what is added; then nothing is stored under it.
      assert.ok([400, 404, 405].includes(status), `${id} ${other}: ${status}`)
    }
})

test('B19: a query parameter that is repeated, a list, empty, unknown or too large is refused by its name', async () => {
  const cases = [
    ['/api/jobs?limit=1&limit=2', '/limit'],
    ['/api/jobs?limit=1&limit=1', '/limit'],
    ['/api/jobs?limit=', '/limit'],
    ['/api/jobs?limit=1001', '/limit'],
    ['/api/jobs?limit[]=1', '/limit[]'],
    ['/api/jobs?limit[0]=1', '/limit[0]'],
    ['/api/jobs?Limit=1', '/Limit'],
    ['/api/jobs?limit=1;offset=1', '/limit'],
    ['/api/jobs?limit%00=1', '/limit\0'],
    ['/api/jobs?nothing', '/nothing'],
    ['/api/jobs?status=PENDING&status=FAILED', '/status'],
    ['/api/datasets?search=', '/search'],
    [`/api/datasets?search=${'x'.repeat(201)}`, '/search'],
    ['/api/events?topics=jobs,nothing', '/topics/1'],
    [`/api/questdb/measurement/${prefix}x/series?columns=close&max_points=1`, '/max_points'],
  ] as const
  for (const [path, pointer] of cases) assertRefused(await admin.get(path), 400, 'REQUEST_INVALID', pointer, path)
})

test('B20: a whole number in a query is its digits alone', async () => {
  const others = [
    '1e2',
    '0x10',
    '0b1',
    '0o7',
    '%205',
    '5%20',
    '+5',
    '%2B5',
    '5.0',
    '5.',
    '.5',
    '-0',
    '007',
    '00',
    '1_0',
    '1,0',
    '٥',
    '５',
    'NaN',
    'Infinity',
    '5n',
    '',
    '--5',
    '5%00',
    '9'.repeat(40),
  ]
  for (const value of others) {
    const encoded = value.includes('%') ? value : encodeURIComponent(value)
    for (const [path, name] of [
      ['/api/jobs', 'limit'],
      ['/api/jobs', 'offset'],
      ['/api/runs', 'offset'],
      ['/api/audit', 'before'],
      ['/api/events', 'since'],
      [`/api/jobs/${ID}`, 'wait'],
      [`/api/datasets/${ID}/ohlcv`, 'timeout'],
    ] as const)
      assertRefused(
        await admin.get(`${path}?${name}=${encoded}`),
        400,
        'REQUEST_INVALID',
        `/${name}`,
        `${path} ${name}=${value}`,
      )
  }
  assert.equal((await admin.get('/api/jobs?limit=5&offset=0')).status, 200)
})

test('B20: what only looks like an id of digits is another id, or none', async () => {
  for (const id of ['1e3', '1.0', '-0', '0', '00000000-0000-0000-0000-000000000000'])
    for (const path of ['/api/jobs/', '/api/runs/', '/api/simulations/', '/api/uploads/', '/api/downloads/'])
      assert.is(refusalOf(await admin.get(path + id)).status, 404, path + id)
})

test('B21: a parameter that would reach into objects is refused, on every route', async () => {
  for (const { method, path, id } of operationsOf(({ needsToken }) => needsToken))
    for (const name of ['__proto__[x]', '__proto__', 'constructor[prototype][x]', 'constructor', 'toString']) {
      if (method !== 'GET') continue
      const target = `${path}${NEEDED[id] ?? '?'}&${encodeURIComponent(name)}=1`.replace('?&', '?')
      const answer = await admin.send(method, target, { unchecked: true })
      assert.equal([answer.status, refusalOf(answer, id).code], [400, 'REQUEST_INVALID'], `${id} ${name}`)
      const { details } = answer.json as { details: { pointer: string }[] }
      assert.ok(
        details.some(({ pointer }) => pointer === `/${name}`),
        `${id} ${name}: ${answer.text}`,
      )
    }
  assert.is(({} as Record<string, unknown>).x, undefined)
})

test('B22: the name of a file that is sent can end neither its header nor its quotes', async () => {
  const measurement = `${prefix}named`
  await importCsv(server, measurement, 'timestamp,x\n1732831200,1\n')
  const exported = (filename: string) => admin.post('/api/questdb/export', { measurement, format: 'csv', filename })
  for (const filename of ['a\r\nX-A: 1', 'a\nb', '../a', 'a/b', 'a\\b', 'a\tb', '\u007f', ''])
    assertRefused(await exported(filename), 400, 'REQUEST_INVALID', '/filename', JSON.stringify(filename))
  for (const filename of [
    'a"; x="b.csv',
    'größe €.csv',
    '\u{1f600}.csv',
    'a;b.csv',
    "a'b.csv",
    'a%0d%0ab.csv',
    '=?UTF-8?Q?x?=.csv',
    'a\u202ecod.exe',
    '\u2028.csv',
  ]) {
    const answer = await exported(filename)
    assert.is(answer.status, 200, filename)
    const disposition = answer.headers.get('content-disposition') ?? ''
    assert.match(
      disposition,
      /^attachment; filename="(?:[^"\\\r\n]|\\["\\])*"(?:; filename\*=UTF-8''[\w%!#$&+.^`|~-]+)?$/,
      filename,
    )
    assert.is(answer.headers.get('x-a'), null)
    const [, extended] = /filename\*=UTF-8''(.*)$/.exec(disposition) ?? []
    const [, quoted = ''] = /filename="((?:[^"\\]|\\.)*)"/.exec(disposition) ?? []
    assert.is(extended === undefined ? quoted.replaceAll(/\\(.)/g, '$1') : decodeURIComponent(extended), filename)
  }
})

test('B26: no pattern of the contract can take longer than its text is long', () => {
  const contract = readFileSync(new URL('../../generated/openapi.json', import.meta.url), 'utf8')
  const patterns = new Set<string>()
  JSON.parse(contract, (key, value) => {
    if (key === 'pattern' && typeof value === 'string') patterns.add(value)
    return value
  })
  assert.ok(patterns.size >= 10)
  for (const pattern of patterns) {
    assert.match(pattern, /^\^.*\$$/, `${pattern} looks at all of the text, from its start`)
    const bare = pattern.replaceAll(/\\./g, 'x').replaceAll(/\[[^\]]*\]/g, 'x')
    const endless = bare.match(/[*+]|\{\d+,\}/g) ?? []
    assert.ok(endless.length <= 1, `${pattern} repeats without end in one place at most`)
    assert.not.match(
      bare,
      /\([^)]*([*+]|\{\d+,)[^)]*\)([*+]|\{\d+,\})/,
      `${pattern} repeats without end nothing that repeats`,
    )
    assert.not.match(bare, /\([^)]*([*+]|\{\d+,\})[^)]*\)[*+{]/, `${pattern} repeats nothing that repeats without end`)
  }
})

test('B26: text made to keep a pattern busy is refused like any other', async () => {
  const long = 'a'.repeat(15_000)
  for (const path of [
    `/api/datasets?search=${long}!`,
    `/api/runs?status=${long}!`,
    `/api/audit?operation=${long}!`,
    `/api/questdb/measurements?prefix=${long}!`,
  ])
    assert.is(refusalOf(await admin.get(path)).status, 400)
  for (const header of [
    'if-none-match',
    'range',
    'accept',
    'prefer',
    'content-digest',
    'accept-encoding',
    'x-forwarded-for',
    'origin',
  ])
    for (const value of [`${' ,'.repeat(7_000)}x`, `${'\t'.repeat(14_000)}x`, `bytes=${' '.repeat(14_000)}x`]) {
      const { status } = await admin.get('/api/jobs', { headers: { [header]: value } })
      assert.ok(status < 500, header)
    }
})

test('B36: a cursor that is forged, negative, another list\u2019s or endless is refused or finds nothing', async () => {
  const refused = [
    '-1',
    '0',
    '9007199254740992',
    '99999999999999999999',
    '1.5',
    '1e3',
    'abc',
    'eyJpZCI6MX0=',
    "1'--",
    '1,2',
    '%00',
    'x'.repeat(10_000),
  ]
  for (const cursor of refused)
    assertRefused(await admin.get(`/api/audit?before=${cursor}`), 400, 'REQUEST_INVALID', '/before', cursor)
  for (const offset of refused.filter((cursor) => cursor !== '0'))
    for (const path of ['/api/datasets', '/api/runs', '/api/simulations', '/api/jobs', '/api/questdb/measurements'])
      assertRefused(await admin.get(`${path}?offset=${offset}`), 400, 'REQUEST_INVALID', '/offset', `${path} ${offset}`)
  const beyond = (await admin.get('/api/datasets?offset=2000000000')).json as {
    datasets: unknown[]
    has_more: boolean
  }
  assert.equal([beyond.datasets, beyond.has_more], [[], false])
  const last = await admin.get('/api/audit?before=9007199254740991')
  assert.is(last.status, 200)
})

test('B37: a number of an event that is forged is refused; one that is not reached yet is told', async () => {
  for (const since of ['-1', 'abc', '1.5', '1e3', '9007199254740992', "1'--"])
    assertRefused(
      await admin.get(`/api/events?since=${encodeURIComponent(since)}`),
      400,
      'REQUEST_INVALID',
      '/since',
      since,
    )
  for (const id of ['-1', 'abc', '1.5', '1e3', '9'.repeat(16), 'x'.repeat(5_000)]) {
    const answer = await admin.get('/api/events', { headers: { 'last-event-id': id } })
    assertRefused(answer, 400, 'REQUEST_INVALID', '/last-event-id', id)
  }
  const ahead = await listen(server.url, token, '?since=999999999999')
  if (ahead.status !== 200) assert.is(ahead.status, 400)
  ahead.leave()
  assert.is((await admin.get('/healthz')).status, 200)
})

test('all of this was answered without a failure, and no object was changed', () => assertUnharmed(server))

test.run()
