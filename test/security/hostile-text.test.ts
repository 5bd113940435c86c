/** Text that engines cut, replace or read as a command: stored as it was sent and found by nothing else, or refused where it stands. */
import { randomUUID } from 'node:crypto'
import * as assert from 'uvu/assert'
import { ownDataset, ownRun, ownSimulation } from '../support/fixtures.js'
import { formOf } from '../support/form.js'
import { assertRefused, assertUnharmed, refusalOf, storingNothing } from '../support/hostile.js'
import { importCsv, jobOf, postCsv, storedRows } from '../support/imports.js'
import { type Received, startServer } from '../support/server.js'
import { test } from '../support/test.js'

type Json = Record<string, unknown>

const server = await startServer()
test.after(() => server.stop())

const { prefix } = server.engines
const dataset = ownDataset(prefix, 'text')
test.before(async () => {
  assert.is((await server.post('/api/datasets', dataset)).status, 201)
})

const appendPath = `/api/datasets/${dataset.dataset_slug}/ohlcv/append`
let tables = 0
const fresh = () => `${prefix}text_${++tables}`

const send = (path: string, body: string | Uint8Array, media = 'application/json'): Promise<Received> =>
  server.send('POST', path, { body, media })

/** Bodies with `text`, written as it stands in JSON text, and the place that their refusal names. */
const TEXT_PLACES: readonly (readonly [string, (text: string) => string, string])[] = [
  ['/api/datasets', (t) => `{"dataset_slug":"${prefix}bad","symbol":${t}}`, '/symbol'],
  ['/api/datasets', (t) => `{"dataset_slug":"${prefix}bad","metadata":{"a":[{"b":${t}}]}}`, '/metadata/a/0/b'],
  ['/api/datasets', (t) => `{"dataset_slug":"${prefix}bad","metadata":${JSON.stringify(`{"a":${t}}`)}}`, '/metadata/a'],
  ['/api/datasets', (t) => `{"dataset_slug":"${prefix}bad","further":${t}}`, '/further'],
  ['/api/runs', (t) => `{"run_id":"${randomUUID()}","target_column":${t},"folds":[]}`, '/target_column'],
  ['/api/runs', (t) => `{"run_id":"${randomUUID()}","folds":[{"fold_number":0,"note":${t}}]}`, '/folds/0/note'],
  ['/api/runs', (t) => `{"run_id":"${randomUUID()}","hyperparameters":{"x":${t}}}`, '/hyperparameters/x'],
  ['/api/simulations', (t) => `{"mode":${t}}`, '/mode'],
  ['/api/simulations', (t) => `{"trades":[{"trade_id":${t}}]}`, '/trades/0/trade_id'],
  ['/api/simulations', (t) => `{"buckets":[{"side":"x","notes":${t}}]}`, '/buckets/0/notes'],
  ['/api/questdb/query', (t) => `{"sql":${t}}`, '/sql'],
  ['/api/questdb/export', (t) => `{"measurement":"x","filename":${t}}`, '/filename'],
  ['/api/auth/token', (t) => `{"secret":${t}}`, '/secret'],
  ['/api/auth/rotation', (t) => `{"name":${t}}`, '/name'],
]

async function refusedInEveryText(text: string): Promise<void> {
  await storingNothing(server, async () => {
    for (const [path, body, pointer] of TEXT_PLACES)
      assertRefused(await send(path, body(text)), 400, 'REQUEST_INVALID', pointer, `${path} ${body(text)}`)
  })
}

test('B8: half of a surrogate pair is refused where it stands, in every record', async () => {
  for (const text of ['"\\ud800"', '"a\\udfffb"', '"\\udc00\\ud800"']) await refusedInEveryText(text)
  await storingNothing(server, async () => {
    const name = await send('/api/simulations', '{"config":{"a":{"\\ud800":1}}}')
    assertRefused(name, 400, 'REQUEST_INVALID', '/config/a/\ud800', 'a name')
  })
})

test('B8: half of a surrogate pair is refused in rows of frames, in names of columns, and in queries', async () => {
  await storingNothing(server, async () => {
    for (const row of ['"note":"\\ud800"', '"\\udc00":1']) {
      const answer = await send(appendPath, `{"rows":[{"timestamp":1732831200,${row}}]}`)
      assert.is(answer.status, 422, answer.text)
      assert.ok(['CELL_INVALID', 'COLUMN_NAME_INVALID'].includes(refusalOf(answer).code))
    }
    const inQuery = await server.get('/api/datasets?search=%ED%A0%80')
    assertRefused(inQuery, 400, 'REQUEST_INVALID', '', 'query')
    const inCsv = await send(
      `/api/questdb/import?measurement=${fresh()}`,
      Buffer.from('timestamp,a\n1732831200,\xed\xa0\x80\n', 'latin1'),
      'text/csv',
    )
    assert.is(refusalOf(inCsv).status, 422)
  })
})

test('B8: whole surrogate pairs are kept', async () => {
  const simulation = ownSimulation(1, { mode: '\u{1f600}', config: { '\u{10ffff}': '\ue000\uffff' } })
  assert.is((await server.post('/api/simulations', simulation)).status, 201)
  const read = (await server.get(`/api/simulations/${simulation.simulation_id}`)).json as Json
  assert.equal([read.mode, read.config], [simulation.mode, simulation.config])
})

test('B9: U+0000 is refused where it stands, in every record', async () => {
  for (const text of ['"\\u0000"', '"a\\u0000b"']) await refusedInEveryText(text)
  await storingNothing(server, async () => {
    const name = await send('/api/simulations', '{"config":{"\\u0000":1}}')
    assertRefused(name, 400, 'REQUEST_INVALID', '/config/\0', 'a name')
  })
})

test('B9: U+0000 is refused in rows, columns, queries, paths, forms and headers', async () => {
  await storingNothing(server, async () => {
    for (const row of ['"note":"a\\u0000"', '"a\\u0000":1']) {
      const answer = await send(appendPath, `{"rows":[{"timestamp":1732831200,${row}}]}`)
      assert.is(refusalOf(answer).status, 422, answer.text)
    }
    for (const csv of ['timestamp,a\n1732831200,x\0y\n', 'timestamp,a\0b\n1732831200,x\n'])
      assert.is(refusalOf(await postCsv(server, fresh(), csv)).status, 422)
    for (const [path, pointer] of [
      ['/api/datasets?search=a%00', '/search'],
      ['/api/datasets?symbol=%00', '/symbol'],
      ['/api/runs?search=%00', '/search'],
      ['/api/audit?subject=%00', '/subject'],
      [`/api/datasets/${dataset.dataset_slug}/ohlcv?columns=close,%00`, '/columns'],
    ] as const)
      assertRefused(await server.get(path), 400, 'REQUEST_INVALID', pointer, path)
    assert.is((await server.get('/api/datasets/a%00b')).status, 404)
    const upload = await server.send('POST', '/api/uploads?filename=a%00.csv', {
      body: 'timestamp,x\n1,1\n',
      media: 'text/csv',
    })
    assertRefused(upload, 400, 'REQUEST_INVALID', '/filename', 'upload')
    const file = { filename: 'a.csv', media: 'text/csv', bytes: 'timestamp,x\n1732831200,1\n' }
    const form = await formOf(
      [
        ['measurement', fresh()],
        ['filename', 'a\0b'],
      ],
      file,
    )
    assertRefused(await server.send('POST', '/api/questdb/import', form), 400, 'REQUEST_INVALID', '/filename', 'form')
  })
})

const NOT_UTF8 = {
  'a byte that never is': [0xff],
  'a continuation alone': [0x80],
  'an overlong NUL': [0xc0, 0x80],
  'an overlong slash': [0xe0, 0x80, 0xaf],
  'half a surrogate pair': [0xed, 0xa0, 0x80],
  'beyond U+10FFFF': [0xf4, 0x90, 0x80, 0x80],
  'cut short': [0xe2, 0x82],
  Latin1: [0x63, 0x61, 0x66, 0xe9],
}

test('B10: bytes that are no UTF-8 are refused in every body, never replaced', async () => {
  await storingNothing(server, async () => {
    for (const [what, bytes] of Object.entries(NOT_UTF8)) {
      const inJson = (head: string, tail: string) =>
        Buffer.concat([Buffer.from(head), Buffer.from(bytes), Buffer.from(tail)])
      for (const [path, body] of [
        ['/api/simulations', inJson('{"mode":"', '"}')],
        ['/api/simulations', inJson('{"', '":1}')],
        ['/api/datasets', inJson(`{"dataset_slug":"${prefix}bad","symbol":"`, '"}')],
        ['/api/datasets', inJson(`{"dataset_slug":"${prefix}bad","`, '":1}')],
        [appendPath, inJson('{"rows":[{"timestamp":1732831200,"note":"', '"}]}')],
        ['/api/questdb/query', inJson('{"sql":"select \'', '\'"}')],
      ] as const) {
        const refused = refusalOf(await send(path, body), `${what} ${path}`)
        assert.equal([refused.status, refused.code], [400, 'JSON_MALFORMED'], `${what} ${path}`)
      }
      for (const csv of [inJson('timestamp,a\n1732831200,', '\n'), inJson('timestamp,', '\n1732831200,1\n')]) {
        const refused = refusalOf(await send(`/api/questdb/import?measurement=${fresh()}`, csv, 'text/csv'), what)
        assert.is(refused.status, 422, refused.message)
      }
      const encoded = bytes.map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
      assertRefused(await server.get(`/api/datasets?search=${encoded}`), 400, 'REQUEST_INVALID', '', what)
      assert.is(refusalOf(await server.get(`/api/datasets/${encoded}`), what).status, 400)
    }
  })
})

test('B27: SQL in a value is a value, and finds only what is called so', async () => {
  const attacks = [
    "'; drop table stage1_datasets; --",
    "' or '1'='1",
    '" or ""="',
    "\\'; select 1 --",
    '$1',
    '$$',
    '{{1}}',
    '\u0024{1}',
    "'||pg_sleep(9)||'",
  ]
  for (const attack of attacks) {
    const registered = ownDataset(prefix, `sql${attacks.indexOf(attack)}`, {
      symbol: attack,
      source: attack,
      metadata: { [attack]: attack },
    })
    assert.is((await server.post('/api/datasets', registered)).status, 201)
    const found = (await server.get(`/api/datasets?symbol=${encodeURIComponent(attack)}`)).json as {
      datasets: Json[]
      total: number
    }
    assert.equal([found.total, found.datasets[0]?.symbol, found.datasets[0]?.source], [1, attack, attack])
    const search = (await server.get(`/api/datasets?search=${encodeURIComponent(attack)}`)).json as { total: number }
    assert.is(search.total, 1, attack)
    const runs = (await server.get(`/api/runs?search=${encodeURIComponent(attack)}`)).json as { total: number }
    assert.is(runs.total, 0, attack)
    for (const name of [`fold_fields=${encodeURIComponent(attack)}`, `fold_limit=1`])
      assert.is((await server.get(`/api/runs/${randomUUID()}?${name}`)).status, 404)
  }
})

test('B27: what names a table or column is on a list or refused; two long names are two names', async () => {
  await importCsv(server, `${prefix}named`, 'timestamp,close\n1732831200,1\n')
  const sql = ["close'--", 'close" from tables() --', 'close);drop table x', '*', 'close,1', '']
  for (const column of sql) {
    const path = `/api/questdb/measurement/${prefix}named/series?columns=${encodeURIComponent(column)}`
    const answer = await server.get(path)
    assert.ok([400, 404, 422].includes(refusalOf(answer, path).status))
  }
  for (const name of ['a"b', "a'b", 'a;b', 'a b', 'a--b', '../x', 'tables()', 'x\u0000', 'sys.x', 'é'.repeat(10)]) {
    const answer = await postCsv(server, name, 'timestamp,x\n1732831200,1\n')
    assert.ok([400, 422].includes(refusalOf(answer, name).status))
  }
  const long = `${prefix}${'x'.repeat(100)}`
  for (const [name, value] of [
    [`${long}a`, 1],
    [`${long}b`, 2],
  ] as const)
    await importCsv(server, name, `timestamp,x\n1732831200,${value}\n`)
  assert.equal(await storedRows(server.engines, `${long}a`, 'x'), [['1']])
  assert.equal(await storedRows(server.engines, `${long}b`, 'x'), [['2']])
  const slugs = ['a', 'b'].map((end) => `${prefix}${'y'.repeat(80)}${end}`)
  for (const slug of slugs) assert.is((await server.post('/api/datasets', { dataset_slug: slug })).status, 201)
  for (const slug of slugs) assert.is(((await server.get(`/api/datasets/${slug}`)).json as Json).dataset_slug, slug)
})

test('B29: what has a meaning in patterns stands for itself in a search', async () => {
  const symbols = ['50%', '50x', 'a_b', 'axb', 'c\\d', 'c\\\\d', '%', '_']
  for (const [i, symbol] of symbols.entries())
    await server.post('/api/datasets', ownDataset(prefix, `like${i}`, { symbol: `${symbol}~like` }))
  const found = async (search: string) => {
    const { json } = await server.get(`/api/datasets?search=${encodeURIComponent(search)}`)
    return (json as { datasets: Json[] }).datasets.map((each) => String(each.symbol).replace('~like', '')).sort()
  }
  assert.equal(await found('50%~'), ['50%'])
  assert.equal(await found('a_b~'), ['a_b'])
  assert.equal(await found('%~l'), ['%', '50%'])
  assert.equal(await found('c\\d~'), ['c\\d'])
  assert.equal(await found('\\\\d~'), ['c\\\\d'])
  assert.equal(await found('x%'), [])
  assert.is((await found('~like')).length, symbols.length)
})

/** Classes of text that change on the way through careless code; each is stored as it is. */
const TEXTS: Readonly<Record<string, string>> = {
  zalgo: 'Z\u0351\u036b\u0343a\u0363\u0348l\u0358\u032bgo\u0322',
  'right to left': '\u05d0\u05d1\u05d2 abc \u0627\u0644\u0639',
  'override of direction': 'abc\u202e\u2066cod.exe\u2069',
  'zero width': 'a\u200bb\u200cc\u200dd\u2060e\ufefff',
  'a zero width at each end': '\u200babc\u200b',
  homoglyphs: 'СОМРLЕТЕD',
  'full width': '＜ＢＴＣ＞（）［］',
  'Hangul filler': '\u3164\u115f\u1160',
  abugidas: 'జ్ఞ\u200cా स्त्री',
  'combining after nothing': '\u0301abc',
  'not normalized': 'e\u0301 \u00e9 \u212b \u00c5 \ufb01',
  'grows in upper case': 'Straße ŉ ǰ ΐ',
  'shrinks in lower case': 'İI ẞ K',
  'Turkish i': 'ıİiI',
  'inner blanks': 'a  b\u00a0\u2003c\u3000d',
  'tab and line breaks inside': 'a\tb\nc\r\nd\u2028e\u2029f\u0085g',
  'control characters': 'a\u0001\u0007\u0008\u001b[31m\u007f\u0080\u009fb',
  emoji: '\u{1f468}\u200d\u{1f469}\u200d\u{1f467} \u{1f3f3}\ufe0f\u200d\u{1f308} \u{1f1e9}\u{1f1ea}',
  'private use': '\ue000\u{f0000}\u{10fffd}',
  'no characters': '\ufdd0\uffff\u{1ffff}',
  tags: 'a\u{e0041}\u{e007f}b',
  'very large': '﷽꧅𒐫⸻',
  quotes: `"'\`“”‘’«»`,
  backslashes: '\\ \\\\ \\n \\u0041 \\"',
  'looks like JSON': '{"a":[1,null]}',
  'looks like a number': '007',
  'a number with an exponent': '1e5',
  'looks like null': 'null',
  'looks like undefined': 'undefined',
  'looks like a truth value': 'false',
  'looks like NaN': 'NaN',
  'a script': '<script>alert(1)</script>',
  entities: '&lt;&#0;&amp;nbsp;',
  'percent-encoded': '%00%2e%2e%2f%25',
  templates: '\u0024{7*7}{{7*7}}<%= 7*7 %>#{7*7}',
  'a formula': '=cmd|"/c calc"!A1',
  'a path': '../../etc/passwd',
  'SQL like': '%_[a]',
  'a date': '2024-02-30T25:61:61Z',
  'names of objects': '__proto__',
}

/** Fields of the contract that take any text, by record. What has rules of its own (ids, names of tables, times) is not among them. */
const FREE = {
  dataset: ['symbol', 'source'],
  run: ['target_column', 'status', 'requested_by'],
  simulation: ['run_id', 'dataset_id', 'input_run_measurement', 'questdb_namespace', 'mode', 'status'],
  trade: ['trade_id', 'side'],
  bucket: ['side', 'notes'],
}
const all = (fields: readonly string[], text: string): Json => Object.fromEntries(fields.map((field) => [field, text]))
const free = (text: string): Json => ({
  value: text,
  list: [text, { value: text }],
  ...(text === '__proto__' ? {} : { [text]: text }),
})

/** Fails unless the answer has every member that was sent, as it was sent. */
function assertKept(answer: unknown, sent: Json, what: string): void {
  for (const [key, value] of Object.entries(sent)) assert.equal((answer as Json)[key], value, `${what} ${key}`)
}

test('B38: there are forty classes of text, and none is longer than the shortest field', () => {
  assert.is(Object.keys(TEXTS).length, 40)
  for (const text of Object.values(TEXTS)) assert.ok(text.length <= 40 && text.isWellFormed())
})

test('B38: text of any class comes back from a dataset as it was sent', async () => {
  for (const [i, [what, text]] of Object.entries(TEXTS).entries()) {
    const sent = { ...all(FREE.dataset, text), metadata: free(text) }
    const { dataset_slug } = ownDataset(prefix, `class${i}`)
    const saved = await server.post('/api/datasets', { dataset_slug, ...sent })
    assert.is(saved.status, 201, `${what}: ${saved.text}`)
    const { json } = await server.get(`/api/datasets/${dataset_slug}`)
    assertKept(json, all(FREE.dataset, text), what)
    assertKept((json as Json).metadata, free(text), what)
  }
})

test('B38: text of any class comes back from a run as it was sent', async () => {
  for (const [what, text] of Object.entries(TEXTS)) {
    const fields = { ...all(FREE.run, text), feature_columns: [text, `${text} `], further: free(text) }
    const maps = { hyperparameters: free(text), walk_config: free(text), summary_metrics: free(text) }
    const body = ownRun(prefix, dataset.dataset_id, 1, { ...fields, ...maps })
    const folds = body.folds.map((fold) => ({ ...fold, further: free(text) }))
    const saved = await server.post('/api/runs', { ...body, folds })
    assert.is(saved.status, 201, `${what}: ${saved.text}`)
    const { run, folds: read } = (await server.get(`/api/runs/${body.run.run_id}`)).json as { run: Json; folds: Json[] }
    assertKept(run, fields, what)
    for (const [name, map] of Object.entries(maps)) assertKept(run[name], map, `${what} ${name}`)
    assertKept(read[0], { further: free(text) }, what)
  }
})

test('B38: text of any class comes back from a simulation, its trades and buckets as it was sent', async () => {
  for (const [what, text] of Object.entries(TEXTS)) {
    const fields = { ...all(FREE.simulation, text), further: free(text) }
    const maps = { config: free(text), summary_metrics: free(text) }
    const trade = { ...all(FREE.trade, text), further: free(text) }
    const bucket = { ...all(FREE.bucket, text), further: free(text) }
    const body = { ...ownSimulation(0), ...fields, ...maps, trades: [trade], buckets: [bucket] }
    const saved = await server.post('/api/simulations', body)
    assert.is(saved.status, 201, `${what}: ${saved.text}`)
    const path = `/api/simulations/${body.simulation_id}`
    const read = (await server.get(path)).json as Json & { buckets: Json[] }
    assertKept(read, { ...fields, ...maps }, what)
    assertKept(read.buckets[0], bucket, what)
    assertKept(((await server.get(`${path}/trades`)).json as { trades: Json[] }).trades[0], trade, what)
  }
})

test('B38: text of any class comes back from a frame, and from names of files, as it was sent', async () => {
  const table = fresh()
  const texts = Object.values(TEXTS)
  const cell = (text: string) => `"${text.replaceAll('"', '""')}"`
  const csv = `timestamp,note\n${texts.map((text, i) => `${1732831200 + i},${cell(text)}\n`).join('')}`
  const { job_id } = await importCsv(server, table, csv)
  assert.equal(
    await storedRows(server.engines, table, 'note'),
    texts.map((text) => [text]),
  )
  assert.is((await jobOf(server, job_id)).status, 'COMPLETED')
  for (const [what, text] of Object.entries(TEXTS)) {
    const named = await server.send('POST', `/api/uploads?filename=${encodeURIComponent(text)}`, {
      body: csv,
      media: 'text/csv',
    })
    assert.is(named.status, 201, named.text)
    const upload = named.json as { upload_id: string; filename: string }
    assert.is(upload.filename, text, what)
    const read = (await server.get(`/api/uploads/${upload.upload_id}`)).json as { filename: string }
    assert.is(read.filename, text, what)
  }
})

test('B38: a list is no scalar, a word of another case is another word, and blanks at the ends of a symbol are dropped as the contract says', async () => {
  await storingNothing(server, async () => {
    for (const [body, pointer] of [
      [{ mode: ['dual'] }, '/mode'],
      [{ trades: [{ side: ['long'] }] }, '/trades/0/side'],
      [{ trade_count: '1', trades: [{}] }, '/trade_count'],
      [{ trades: { 0: {} } }, '/trades'],
      [{ config: [] }, '/config'],
      [{ started_at: 1732831200 }, '/started_at'],
      [{ started_at: '2024-02-30' }, '/started_at'],
    ] as const)
      assertRefused(await server.post('/api/simulations', body), 400, 'REQUEST_INVALID', pointer, JSON.stringify(body))
    for (const query of ['status=pending', 'status=Pending', 'status=0', 'status=PENDING%20', 'status=PENDING,RUNNING'])
      assertRefused(await server.get(`/api/jobs?${query}`), 400, 'REQUEST_INVALID', '/status', query)
  })
  const { dataset_slug } = ownDataset(prefix, 'blanks')
  await server.post('/api/datasets', { dataset_slug, symbol: ' BTC\t', source: '\u00a0x ' })
  const { symbol, source } = (await server.get(`/api/datasets/${dataset_slug}`)).json as Json
  assert.equal([symbol, source], ['BTC', 'x'])
})

test('all of this was answered without a failure, and no object was changed', () => assertUnharmed(server))

test.run()
