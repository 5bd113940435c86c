/** A person's own SQL: what comes back, and what becomes of mistakes and of queries that take too long. */
import * as assert from 'uvu/assert'
import { stagedTableName } from '../../../src/questdb/names.js'
import { createTable, dropTable } from '../../../src/questdb/tables.js'
import { waitUntilVisible } from '../../../src/questdb/visibility.js'
import { eventually } from '../../support/eventually.js'
import { type Received, startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

const server = await startServer()
const { prefix, questdb } = server.engines
const table = `${prefix}trades`
const many = `${prefix}many`
const staged = stagedTableName()
test.after(async () => {
  await dropTable(questdb, staged)
  await server.stop()
})

test.before(async () => {
  await createTable(questdb, { name: staged, columns: [], partitionBy: 'MONTH', dedupKeys: [] })
  await questdb.run(
    `CREATE TABLE ${table} (timestamp TIMESTAMP, price DOUBLE, size LONG, side SYMBOL, note VARCHAR, live BOOLEAN, levels DOUBLE[])
     TIMESTAMP(timestamp) PARTITION BY MONTH WAL`,
  )
  await questdb.run(
    `INSERT INTO ${table} VALUES
     ('2024-11-28T22:00:00.123456Z', 67234.125678, 9007199254740993, 'buy', 'a "quoted" \\ note, [1]', true, ARRAY[1.0, 2.5]),
     ('2024-11-28T23:00:00Z', null, null, null, null, false, null),
     ('2024-11-29T00:00:00Z', 1e22, 5, 'sell', '', true, ARRAY[0.1])`,
  )
  await questdb.run(
    `CREATE TABLE ${many} AS (SELECT timestamp_sequence('2024-01-01', 1000000) timestamp, x FROM long_sequence(100000))
     TIMESTAMP(timestamp) PARTITION BY MONTH WAL`,
  )
  for (const name of [table, many]) await waitUntilVisible(questdb, name)
})

interface Found {
  query: string
  columns: string[]
  column_types: string[]
  dataset: unknown[][]
  count: number
}

interface Problem {
  code: string
  message: string
  details: { position?: number }
}

const ask = (sql: string, more: Record<string, unknown> = {}, query = ''): Promise<Received> =>
  server.post(`/api/questdb/query${query}`, { sql, ...more })

async function found(sql: string, more: Record<string, unknown> = {}): Promise<Found> {
  const answer = await ask(sql, more)
  assert.is(answer.status, 200, answer.text)
  return answer.json as Found
}

async function problem(status: number, sql: string, query = ''): Promise<Problem> {
  const answer = await ask(sql, {}, query)
  assert.is(answer.status, status, answer.text)
  return answer.json as Problem
}

test('the preview of the desktop has column names as text, types beside them, and every row', async () => {
  const sql = `SELECT * FROM "${table}" LIMIT 200;`
  const answer = await found(sql)
  assert.is(answer.query, sql)
  assert.equal(answer.columns, ['timestamp', 'price', 'size', 'side', 'note', 'live', 'levels'])
  assert.equal(answer.column_types, ['TIMESTAMP', 'DOUBLE', 'LONG', 'SYMBOL', 'VARCHAR', 'BOOLEAN', 'DOUBLE[]'])
  assert.is(answer.count, 3)
  const [first, second, third] = answer.dataset as [unknown[], unknown[], unknown[]]
  assert.is(first[0], '2024-11-28T22:00:00.123456Z')
  assert.equal([first[1], ...first.slice(3)], [67234.125678, 'buy', 'a "quoted" \\ note, [1]', true, [1, 2.5]])
  assert.equal(second, ['2024-11-28T23:00:00.000000Z', null, null, null, null, false, null])
  assert.equal(third.slice(1), [1e22, 5, 'sell', '', true, [0.1]])
})

test('whole numbers beyond 2^53 keep their digits in the answer, and as text also in readers that round', async () => {
  const native = await ask(`select size from ${table} where size > 5`)
  assert.match(native.text, /"dataset":\[\[9007199254740993\]\],"count":1\}$/)
  const text = await found(`select size from ${table} where size > 5`, { cells: 'text' })
  assert.equal(text.dataset, [['9007199254740993']])
})

test('cells as text are what QuestDB wrote, or null', async () => {
  const answer = await found(`select * from ${table}`, { cells: 'text' })
  assert.equal(answer.dataset, [
    [
      '2024-11-28T22:00:00.123456Z',
      '67234.125678',
      '9007199254740993',
      'buy',
      'a "quoted" \\ note, [1]',
      'true',
      '[1.0,2.5]',
    ],
    ['2024-11-28T23:00:00.000000Z', null, null, null, null, 'false', null],
    ['2024-11-29T00:00:00.000000Z', '1.0E22', '5', 'sell', '', 'true', '[0.1]'],
  ])
  assert.is(answer.count, 3)
})

test('no row is left out, whatever their number', async () => {
  const native = await found(`select x from ${many}`)
  assert.is(native.count, 100_000)
  assert.equal(
    native.dataset.map(([x]) => x),
    Array.from({ length: 100_000 }, (_, i) => i + 1),
  )
  const text = await found(`select x from ${many} order by x desc`, { cells: 'text' })
  assert.equal(
    text.dataset.map(([x]) => x),
    Array.from({ length: 100_000 }, (_, i) => String(100_000 - i)),
  )
})

test('a query that finds nothing has its columns', async () => {
  const { query, ...rest } = await found(`select price p, side from ${table} where price < 0`)
  assert.ok(query.length > 0)
  assert.equal(rest, { columns: ['p', 'side'], column_types: ['DOUBLE', 'SYMBOL'], dataset: [], count: 0 })
  assert.equal((await found(`select price from ${table} where price < 0`, { cells: 'text' })).dataset, [])
})

test('the bare name of a measurement shows it', async () => {
  assert.is((await found(table)).count, 3)
  assert.equal((await found(`${table} where side = 'buy';`)).dataset[0]?.[3], 'buy')
})

test('SHOW TABLES lists the measurements that clients may know of', async () => {
  const { columns, dataset } = await found('show tables')
  assert.equal(columns, ['table_name'])
  const names = dataset.map(([name]) => String(name))
  assert.ok(names.includes(table) && names.includes(many))
  assert.equal(
    names.filter((name) => /^(stage1_staged_|sys\.|telemetry|_query_trace)/.test(name)),
    [],
  )
})

test('a mistake in the SQL is told in the words of QuestDB, with its place in what was sent', async () => {
  const missing = await problem(400, `select 1 from ${prefix}nothing`)
  assert.is(missing.code, 'SQL_INVALID')
  assert.is(missing.message, `table does not exist [table=${prefix}nothing]`)
  assert.equal(missing.details, { position: 14 })
  const column = await problem(400, `/* é */ select nope from ${table}`)
  assert.equal([column.message, column.details.position], ['Invalid column: nope', 15])
  const short = await problem(400, `${table} where nope > 1`)
  assert.equal([short.message, short.details.position], ['Invalid column: nope', table.length + 7])
  const cte = await problem(400, `with x as (select nope from ${table}) select * from x`)
  assert.equal([cte.code, cte.details.position], ['SQL_INVALID', 18])
  assert.is((await problem(400, 'select 1 +')).code, 'SQL_INVALID')
})

test('what does not only read is refused, and said so', async () => {
  const refused = await problem(400, `truncate table ${table}`)
  assert.is(refused.code, 'QUERY_REFUSED')
  assert.match(refused.message, /TRUNCATE is not run here/)
  assert.equal(refused.details, { position: 0 })
  assert.is((await found(table)).count, 3)
})

test('a request that is not one is told which field is wrong', async () => {
  for (const [body, expected] of [
    [{}, /sql/],
    [{ sql: '' }, /sql/],
    [{ sql: 5 }, /sql/],
    [{ sql: `select ${'1'.repeat(30_000)}` }, /sql/],
    [{ sql: 'select 1', cells: 'numbers' }, /cells/],
    [{ sql: 'select 1', format: 'csv' }, /format/],
    [{ sql: "select '\u0000'" }, /U\+0000/],
  ] as const) {
    const answer = await server.post('/api/questdb/query', body)
    assert.is(answer.status, 400)
    assert.is((answer.json as Problem).code, 'REQUEST_INVALID')
    assert.match(answer.text, expected)
  }
  assert.is((await ask('select 1', {}, '?timeout=0')).status, 400)
  assert.is((await ask('select 1', {}, '?timeout=5')).status, 200)
  assert.is((await ask('select 1', {}, '?limit=5')).status, 400)
})

test('a statement longer than QuestDB takes is refused before it is sent', async () => {
  const long = await problem(400, `select '${'é'.repeat(9_000)}'`)
  assert.is(long.code, 'QUERY_REFUSED')
  assert.match(long.message, /bytes long once percent-encoded/)
  assert.equal((await found(`select length('${'x'.repeat(29_000)}') n`)).dataset, [[29_000]])
})

async function running(tag: string): Promise<number> {
  const { dataset } = await questdb.exec(
    `SELECT count() FROM query_activity() WHERE query LIKE '%${tag}%' AND query NOT LIKE '%query_activity%'`,
  )
  return Number(dataset[0]?.[0])
}

const slow = (tag: string) =>
  `select count() ${tag} from ${many} a cross join ${many} b cross join ${many} c where a.x + b.x + c.x < 0`

test('a query whose time is up is ended, also in QuestDB', async () => {
  const tag = `${prefix}late`
  const late = problem(504, slow(tag), '?timeout=2')
  await eventually('the query runs', async () => (await running(tag)) === 1)
  assert.is((await late).code, 'TIME_LIMIT')
  await eventually('the query has ended', async () => (await running(tag)) === 0)
})

test('a query whose client has left is ended in QuestDB', async () => {
  for (const cells of ['native', 'text']) {
    const tag = `${prefix}left_${cells}`
    const leaving = new AbortController()
    const left = server.post('/api/questdb/query', { sql: slow(tag), cells }, { signal: leaving.signal })
    const outcome = left.then(
      () => 'answered',
      (error: Error) => error.name,
    )
    await eventually('the query runs', async () => (await running(tag)) === 1)
    leaving.abort()
    assert.is(await outcome, 'AbortError')
    await eventually('the query has ended', async () => (await running(tag)) === 0)
  }
})

test('a query that fails midway breaks the transfer instead of ending it', async () => {
  const sql = `select x, 1::decimal(10,2) / cast(90000 - x as decimal(10,2)) from ${many}`
  const outcome = await ask(sql).then(
    ({ status, text }) => `${status}: ${text.slice(-100)}`,
    () => 'broken',
  )
  assert.is(outcome, 'broken')
})

test('nobody asks without a token', async () => {
  const answer = await server.send('POST', '/api/questdb/query', {
    json: { sql: 'select 1' },
    headers: { 'x-stage1-token': 'wrong' },
  })
  assert.is(answer.status, 401)
})

test.run()
