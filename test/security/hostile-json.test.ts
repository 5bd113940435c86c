/** JSON that parsers read in more than one way, or change: refused where it stands, or stored as it was sent. */
import { randomUUID } from 'node:crypto'
import * as assert from 'uvu/assert'
import { ownDataset, ownRun, ownSimulation } from '../support/fixtures.js'
import { assertRefused, assertUnharmed, refusalOf, storingNothing } from '../support/hostile.js'
import { postCsv, storedRows } from '../support/imports.js'
import { type Received, startServer } from '../support/server.js'
import { test } from '../support/test.js'

const server = await startServer()
test.after(() => server.stop())

const { prefix } = server.engines
const dataset = ownDataset(prefix, 'json')
test.before(async () => {
  assert.is((await server.post('/api/datasets', dataset)).status, 201)
})

type Json = Record<string, unknown>

const send = (path: string, body: string): Promise<Received> =>
  server.send('POST', path, { body, media: 'application/json' })

/** A record of each kind with `member`, as JSON text, beside its own members and in each of its free maps. */
interface Place {
  readonly path: string
  readonly pointer: string
  readonly body: (member: string) => string
}

const withMember = (value: object, member: string) => `${JSON.stringify(value).slice(0, -1)},${member}}`
const MARK = '"@":0'
/** The record's text, with the member instead of the mark that one of its objects holds. */
const marked = (value: object, member: string) => JSON.stringify(value).replace(MARK, () => member)
const mark = { '@': 0 }

function run(over: Json = {}): Json {
  return ownRun(prefix, dataset.dataset_id, 2, over) as unknown as Json
}

const [firstFold] = ownRun(prefix, dataset.dataset_id, 1).folds
const { run_id: _, ...fold } = firstFold as Json
const ownId = () => ({
  run_id: randomUUID(),
  dataset_id: dataset.dataset_id,
  prediction_measurement: `${prefix}wf_json`,
})
const [trade] = ownSimulation(1).trades

const PLACES: readonly Place[] = [
  { path: '/api/datasets', pointer: '', body: (m) => withMember(ownDataset(prefix, 'bad'), m) },
  {
    path: '/api/datasets',
    pointer: '/metadata/deep/0',
    body: (m) => marked(ownDataset(prefix, 'bad', { metadata: { deep: [mark] } }), m),
  },
  {
    path: '/api/datasets',
    pointer: '/metadata',
    body: (m) => JSON.stringify(ownDataset(prefix, 'bad', { metadata: `{${m}}` as unknown as Json })),
  },
  { path: '/api/runs', pointer: '', body: (m) => withMember(run(), m) },
  { path: '/api/runs', pointer: '/run', body: (m) => marked(run(mark), m) },
  ...['hyperparameters', 'walk_config', 'summary_metrics'].map((name) => ({
    path: '/api/runs',
    pointer: `/run/${name}`,
    body: (m: string) => marked(run({ [name]: mark }), m),
  })),
  {
    path: '/api/runs',
    pointer: '/run/hyperparameters_json',
    body: (m) => JSON.stringify(run({ hyperparameters: undefined, hyperparameters_json: `{${m}}` })),
  },
  ...['thresholds', 'metrics'].map((name) => ({
    path: '/api/runs',
    pointer: `/folds/0/${name}`,
    body: (m: string) => marked({ ...ownId(), folds: [{ ...fold, [name]: mark }] }, m),
  })),
  {
    path: '/api/runs',
    pointer: '/folds/0',
    body: (m) => marked({ ...ownId(), folds: [{ ...fold, ...mark }] }, m),
  },
  { path: '/api/simulations', pointer: '', body: (m) => withMember(ownSimulation(1), m) },
  ...['config', 'summary_metrics'].map((name) => ({
    path: '/api/simulations',
    pointer: `/${name}`,
    body: (m: string) => marked(ownSimulation(1, { [name]: mark }), m),
  })),
  {
    path: '/api/simulations',
    pointer: '/trades/0',
    body: (m) => marked(ownSimulation(1, { trades: [{ ...trade, ...mark }] }), m),
  },
  {
    path: '/api/simulations',
    pointer: '/buckets/0',
    body: (m) => marked(ownSimulation(1, { buckets: [{ side: 'dual', ...mark }] }), m),
  },
]

async function refusedEverywhere(member: string, code: string, below: string, places = PLACES): Promise<void> {
  await storingNothing(server, async () => {
    for (const { path, pointer, body } of places)
      assertRefused(await send(path, body(member)), 400, code, pointer + below, `${path} ${member.slice(0, 40)}`)
  })
}

test('the bodies of these tests are right but for what is put into them', async () => {
  for (const { path, body, pointer } of PLACES) {
    const answer = await send(path, body('"mine":1'))
    const refused = answer.status >= 400
    assert.not.ok(refused, `${path} ${pointer}: ${answer.text.slice(0, 300)}`)
  }
})

const nested = (levels: number, [open, close] = '[]') =>
  (open as string).repeat(levels) + (close as string).repeat(levels)

test('B1: JSON nested deeper than any record is refused, before anything walks it', async () => {
  await storingNothing(server, async () => {
    for (const levels of [66, 10_000, 1_000_000])
      for (const [path, body] of [
        ['/api/simulations', `{"config":{"x":${nested(levels)}}}`],
        ['/api/datasets', `{"dataset_slug":"${prefix}bad","metadata":${nested(levels)}}`],
        ['/api/datasets', `{"dataset_slug":"${prefix}bad","metadata":${JSON.stringify(`{"x":${nested(levels)}}`)}}`],
        ['/api/runs', `{"run_id":"${randomUUID()}","hyperparameters":{"x":${nested(levels)}}}`],
        [`/api/datasets/${dataset.dataset_slug}/ohlcv/append`, `{"rows":[{"timestamp":1,"x":${nested(levels)}}]}`],
        ['/api/questdb/query', `{"sql":${nested(levels)}}`],
        ['/api/simulations', nested(levels)],
        ['/api/simulations', `{"x":${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}}`],
      ] as const) {
        const answer = await send(path, body)
        assert.equal([answer.status, refusalOf(answer, path).code], [400, 'JSON_MALFORMED'], `${path} ${levels}`)
      }
  })
})

test('B1: JSON as deep as may be comes back as it was sent', async () => {
  const simulation = ownSimulation(0, { config: { x: JSON.parse(nested(60)) } })
  assert.is((await server.post('/api/simulations', simulation)).status, 201)
  const { json } = await server.get(`/api/simulations/${simulation.simulation_id}`)
  assert.equal((json as Json).config, simulation.config)
})

test('B2: a body of very many members or items is refused or stored whole, and others are answered meanwhile', async () => {
  const members = Array.from({ length: 300_000 }, (_, i) => `"k${i}":${i}`).join(',')
  const items = Array.from({ length: 1_000_000 }, () => '{}').join(',')
  for (const value of [`{${members}}`, `{"x":[${items}]}`]) {
    const { simulation_id } = ownSimulation(0)
    const [answer, health] = await Promise.all([
      send('/api/simulations', `{"simulation_id":"${simulation_id}","config":${value}}`),
      server.get('/healthz'),
    ])
    assert.is(health.status, 200)
    if (answer.status !== 201) assert.ok([400, 413].includes(refusalOf(answer).status), answer.text)
    else assert.ok((await server.get(`/api/simulations/${simulation_id}`)).text.includes(value.slice(1, -1)))
  }
})

test('B3: a number beyond a double is refused where it stands, in every record and every free map', async () => {
  for (const number of ['1e400', '-1e400', `1${'0'.repeat(330)}`])
    await refusedEverywhere(`"x":${number}`, 'REQUEST_INVALID', '/x')
  const named = [
    ['/api/datasets', `{"dataset_slug":"${prefix}bad","bar_interval_ms":1e400}`, '/bar_interval_ms'],
    ['/api/simulations', `{"simulation_id":"${randomUUID()}","trades":[{"pnl":-1e999}]}`, '/trades/0/pnl'],
  ] as const
  await storingNothing(server, async () => {
    for (const [path, body, pointer] of named)
      assertRefused(await send(path, body), 400, 'REQUEST_INVALID', pointer, body)
  })
})

test('B3: a number beyond a double in a row of a frame is refused with its row and column', async () => {
  await storingNothing(server, async () => {
    const rows = '[{"timestamp":1732831200,"close":1.5},{"timestamp":1732834800,"close":1e400}]'
    const refused = refusalOf(await send(`/api/datasets/${dataset.dataset_slug}/ohlcv/append`, `{"rows":${rows}}`))
    const { row, column } = refused.details
    assert.equal([refused.status, refused.code, row, column], [422, 'CELL_INVALID', 1, 'close'])
  })
})

test('B4: what only looks like JSON is refused, with the place', async () => {
  const slug = `"dataset_slug":"${prefix}bad"`
  const broken = [
    ...[
      'NaN',
      'Infinity',
      '-Infinity',
      '01',
      '1.',
      '.5',
      '+1',
      '0x10',
      '1_000',
      "'x'",
      'undefined',
      'None',
      'True',
      '1e',
      '--1',
    ],
    ...[
      '"\\x"',
      '"\\u12"',
      '"\t"',
      '"a\nb"',
      '"open',
      '[1 2]',
      '[1,]',
      '{,}',
      '{a:1}',
      "{'a':1}",
      '/* */1',
      '1 // one',
      '1;',
      '"a""b"',
      '',
    ],
  ]
  await storingNothing(server, async () => {
    for (const value of broken) {
      const plain = await send('/api/simulations', `{"config":{"x":${value}}}`)
      assert.equal([plain.status, refusalOf(plain).code], [400, 'JSON_MALFORMED'], value)
      const spooled = await send('/api/datasets', `{${slug},"x":${value}}`)
      assert.equal([spooled.status, refusalOf(spooled).code], [400, 'JSON_MALFORMED'], value)
      assert.match(refusalOf(spooled).message, /byte \d+/)
    }
    for (const body of ['{', '}', '{}}', '{}{}', '{} x', '\ufeff', '\ufeff\ufeff{}', '\u00a0{}', ' ', '\0{}', '{}\0'])
      for (const path of ['/api/datasets', '/api/simulations', '/api/auth/rotation']) {
        const answer = await send(path, body)
        assert.is(
          refusalOf(answer, `${path} ${JSON.stringify(body)}`).code,
          'JSON_MALFORMED',
          `${path} ${JSON.stringify(body)}`,
        )
      }
  })
})

test('B4: a byte order mark before JSON is no part of it, on every route', async () => {
  const simulation = ownSimulation(1)
  assert.is((await send('/api/simulations', `\ufeff${JSON.stringify(simulation)}`)).status, 201)
  const registered = ownDataset(prefix, 'marked')
  assert.is((await send('/api/datasets', `\ufeff${JSON.stringify(registered)}`)).status, 201)
  const { json } = await server.get(`/api/datasets/${registered.dataset_slug}`)
  assert.is((json as Json).dataset_slug, registered.dataset_slug)
})

test('B5: a whole number that no double holds is refused where it stands, never rounded', async () => {
  for (const number of ['9007199254740993', '-9007199254740993', '18446744073709551615', '1732831200123456789'])
    await refusedEverywhere(`"x":${number}`, 'REQUEST_INVALID', '/x')
})

test('B5: whole numbers that a double holds come back with the same digits', async () => {
  const numbers = ['9007199254740991', '-9007199254740991', '9007199254740992', '123456789012345680000', '0', '-1']
  const simulation = ownSimulation(1)
  const config = `{"list":[${numbers}],"seed":"18446744073709551615"}`
  const body = marked({ ...simulation, config: mark }, config.slice(1, -1))
  assert.is((await send('/api/simulations', body)).status, 201)
  const { text } = await server.get(`/api/simulations/${simulation.simulation_id}`)
  assert.ok(text.includes(config.slice(1, -1)), text.slice(0, 2000))
})

test('B5: whole numbers of 64 bits in a column of longs keep all their digits, or are refused', async () => {
  const table = `${prefix}longs`
  const { questdb } = server.engines
  await questdb.run(`CREATE TABLE "${table}" (timestamp TIMESTAMP, n LONG) TIMESTAMP(timestamp) PARTITION BY MONTH WAL`)
  const longs = ['9007199254740993', '-9223372036854775807', '9223372036854775807']
  const csv = `timestamp,n\n${longs.map((n, i) => `${1732831200 + i},${n}\n`).join('')}`
  const answer = await postCsv(server, table, csv)
  assert.is(answer.status, 200, answer.text)
  assert.equal(
    await storedRows(server.engines, table, 'n::string'),
    longs.map((n) => [n]),
  )
  await storingNothing(server, async () => {
    const tooLarge = await postCsv(server, table, 'timestamp,n\n1732931200,9223372036854775808\n')
    assert.equal([tooLarge.status, refusalOf(tooLarge).code], [422, 'CELL_INVALID'])
    const rows = '[{"timestamp":1732931200,"fold_number":0,"prediction":1,"bar_index":9007199254740993}]'
    const inJson = await send('/api/runs', withMember(run(), `"predictions":${rows}`))
    assert.equal([inJson.status, refusalOf(inJson).code], [422, 'CELL_INVALID'])
  })
})

test('B6: two members of one name are refused, in every record and every free map', async () => {
  await refusedEverywhere(
    '"x":1,"x":2',
    'JSON_MALFORMED',
    '/x',
    PLACES.filter(({ pointer }) => pointer !== ''),
  )
  await refusedEverywhere(
    '"x":1,"\\u0078":1',
    'JSON_MALFORMED',
    '/x',
    PLACES.filter(({ pointer }) => pointer !== ''),
  )
  await storingNothing(server, async () => {
    for (const { path, body } of PLACES.filter(({ pointer }) => pointer === '')) {
      const answer = await send(path, body('"x":1,"x":2'))
      assert.equal([answer.status, refusalOf(answer).code], [400, 'JSON_MALFORMED'], path)
    }
    const secret = await send('/api/auth/token', '{"secret":"a","secret":"b"}')
    assertRefused(secret, 400, 'JSON_MALFORMED', '/secret', 'token')
    const query = await send('/api/questdb/query', '{"sql":"select 1","sql":"select 2"}')
    assertRefused(query, 400, 'JSON_MALFORMED', '/sql', 'query')
  })
})

test('B6: a row of a frame with two members of one name is refused by its number', async () => {
  await storingNothing(server, async () => {
    const rows = '[{"timestamp":1732831200,"close":1},{"timestamp":1732834800,"close":1,"c\\u006cose":2}]'
    for (const frame of ['ohlcv', 'indicators']) {
      const path = `/api/datasets/${dataset.dataset_slug}/${frame}/append`
      const refused = refusalOf(await send(path, `{"rows":${rows}}`), path)
      assert.equal([refused.status, refused.code, refused.details.row], [400, 'JSON_MALFORMED', 1], refused.message)
    }
    const inRun = refusalOf(await send('/api/runs', withMember(run(), `"predictions":${rows}`)))
    assert.equal([inRun.status, inRun.code, inRun.details.row], [400, 'JSON_MALFORMED', 1], inRun.message)
  })
})

test('B7: a member called __proto__ is refused wherever it stands', async () => {
  for (const member of ['"__proto__":{"polluted":1}', '"__proto__":1', '"\\u005f_proto__":[]'])
    await refusedEverywhere(member, 'REQUEST_INVALID', '/__proto__')
  assert.is(({} as Json).polluted, undefined)
})

test('B7: other names that all objects know are kept like any name', async () => {
  const names = [
    'constructor',
    'prototype',
    'toString',
    'valueOf',
    'hasOwnProperty',
    '__defineGetter__',
    'then',
    'length',
    'toJSON',
  ]
  const own = Object.fromEntries(names.map((name, i) => [name, { prototype: { polluted: i } }]))
  const registered = ownDataset(prefix, 'names', { metadata: own })
  for (let again = 0; again < 2; again++) {
    const { status, text } = await server.post('/api/datasets', registered)
    assert.ok(status < 300, text)
  }
  const { json } = await server.get(`/api/datasets/${registered.dataset_slug}`)
  for (const name of names) assert.equal(((json as Json).metadata as Json)[name], own[name], name)

  const simulation = ownSimulation(1, { config: own, summary_metrics: own, ...own })
  assert.is((await server.post('/api/simulations', simulation)).status, 201)
  const read = (await server.get(`/api/simulations/${simulation.simulation_id}`)).json as Json
  for (const name of names)
    for (const place of [read, read.config as Json, read.summary_metrics as Json])
      assert.equal(place[name], own[name], name)

  const metrics = Object.fromEntries(names.map((name, i) => [name, i]))
  const saved = {
    ...ownId(),
    prediction_measurement: `${prefix}wf_names`,
    folds: [{ ...fold, metrics, thresholds: metrics }],
    hyperparameters: own,
  }
  assert.is((await server.post('/api/runs', saved)).status, 201)
  const shown = (await server.get(`/api/runs/${saved.run_id}`)).json as {
    folds: { metrics: Json; thresholds: Json }[]
    hyperparameters: Json
  }
  for (const name of names) {
    assert.equal(shown.hyperparameters[name], own[name], name)
    assert.is(shown.folds[0]?.metrics[name], metrics[name])
    assert.is(shown.folds[0]?.thresholds[name], metrics[name])
  }
  assert.is(({} as Json).polluted, undefined)
})

test('B32: a number of thousands of digits is refused, in whatever form', async () => {
  const long = [
    `0.${'1'.repeat(2_000)}`,
    `1.${'0'.repeat(131_072)}`,
    '9'.repeat(300),
    `1e${'0'.repeat(1_000)}1`,
    `-0.${'0'.repeat(500)}1`,
  ]
  for (const number of long) {
    const [place] = PLACES.filter(({ pointer }) => pointer === '/config')
    await refusedEverywhere(`"x":${number}`, 'REQUEST_INVALID', '/x', place ? [place] : [])
  }
})

test('all of this was answered without a failure, and no object was changed', () => assertUnharmed(server))

test.run()
