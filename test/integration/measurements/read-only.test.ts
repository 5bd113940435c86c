/** That nothing but reading can be done through the query route, tried on a real QuestDB with measurements to lose. */
import fc from 'fast-check'
import * as assert from 'uvu/assert'
import type { DomainError } from '../../../src/errors.js'
import { stagedTableName } from '../../../src/questdb/names.js'
import { guardedSelect } from '../../../src/questdb/select.js'
import { tokenize } from '../../../src/questdb/sql-tokens.js'
import { dropTable } from '../../../src/questdb/tables.js'
import { waitUntilVisible } from '../../../src/questdb/visibility.js'
import { startServer } from '../../support/server.js'
import { ALLOWED, filled, REFUSED } from '../../support/statements.js'
import { test } from '../../support/test.js'

const server = await startServer()
const { prefix, questdb } = server.engines
const places = { t: `${prefix}canary`, u: `${prefix}other`, staged: stagedTableName() }
const canaries = Object.values(places)
test.after(async () => {
  await dropTable(questdb, places.staged)
  await server.stop()
})

test.before(async () => {
  for (const name of canaries) {
    await questdb.run(
      `CREATE TABLE "${name}" (timestamp TIMESTAMP, price DOUBLE, side SYMBOL, size LONG, close DOUBLE)
       TIMESTAMP(timestamp) PARTITION BY MONTH WAL DEDUP UPSERT KEYS(timestamp)`,
    )
    await questdb.run(
      `INSERT INTO "${name}" VALUES ('2024-01-05T10:00:00Z', 1.5, 'buy', 1, 2.0), ('2024-01-06T11:00:00Z', 2.5, 'sell', 2, 3.0)`,
    )
    await waitUntilVisible(questdb, name)
  }
})

/** All that could have changed: which tables there are, their columns and settings, every row. */
async function state(): Promise<unknown> {
  const tables = await questdb.exec(
    `SELECT table_name, partitionBy, walEnabled, dedup, ttlValue, table_suspended, table_txn, wal_txn FROM tables()
     WHERE table_name LIKE '${prefix}%' OR table_name = '${places.staged}' ORDER BY table_name`,
  )
  const contents = await Promise.all(
    canaries.map(async (name) => [
      (await questdb.exec(`SELECT * FROM "${name}"`)).dataset,
      (await questdb.exec(`SELECT * FROM table_columns('${name}')`)).dataset.map((row) => row.slice(0, 3)),
    ]),
  )
  return { tables: tables.dataset, contents }
}

interface Answer {
  readonly status: number
  readonly code: string
  readonly text: string
}

async function answerTo(sql: string): Promise<Answer> {
  const { status, json, text } = await server.post('/api/questdb/query', { sql })
  return { status, code: String((json as { code?: string } | undefined)?.code), text: text.slice(0, 300) }
}

test('every refused statement is a 400, and leaves everything as it was', async () => {
  const before = await state()
  for (const statement of REFUSED) {
    const sql = filled(statement, places)
    const { status, code, text } = await answerTo(sql)
    assert.is(status, 400, `${JSON.stringify(sql.slice(0, 200))}: ${status} ${text}`)
    // NUL, half a surrogate pair, and no or too much text are already no request.
    const badText = sql.includes('\0') || !sql.isWellFormed() || sql === '' || sql.length > 30_000
    assert.is(code, badText ? 'REQUEST_INVALID' : 'QUERY_REFUSED', JSON.stringify(sql.slice(0, 200)))
  }
  assert.equal(await state(), before)
})

test('every allowed statement is answered, and leaves everything as it was', async () => {
  const before = await state()
  for (const statement of ALLOWED) {
    const { status, text } = await answerTo(filled(statement, places))
    assert.is(status, 200, `${filled(statement, places).slice(0, 200)}: ${text}`)
  }
  assert.equal(await state(), before)
})

const FRAGMENTS = [
  ...['select', 'select *', 'from', 'where', 'with', 'as', 'union', 'explain', 'declare', 'limit 5', 'order by', ','],
  ...[
    'insert into',
    'update',
    'truncate table',
    'drop table',
    'set price = 0',
    'values',
    'table',
    'rename table',
    'to',
  ],
  ...['(', ')', ';', '*', '=', '.', '-', '--', '/*', '*/', '\n', ' ', '"', "'", "''", '@x', ':=', '::', '[1]', 'and'],
  ...['price', 'side', '1', "'buy'", '"price"', 'count()', 'cancel_query(1)', 'reload_config', 'query_activity', 'é'],
  ...['{t}', '"{t}"', "'{t}'", '{u}', '{staged}', 'x', 'x as (select * from {u})', 'select * from {t}', 'select 1'],
]

test('whatever is put together and let through leaves everything as it was', async () => {
  const before = await state()
  const heads = fc.constantFrom('', 'select * from {t} ', 'with x as (select * from {t}) ', '(select 1) ', 'select 1')
  const anySql = fc
    .tuple(heads, fc.array(fc.tuple(fc.constantFrom(...FRAGMENTS), fc.constantFrom('', ' ')), { maxLength: 8 }))
    .map(([head, parts]) => filled(head + parts.flat().join(''), places))
  let tried = 0
  await fc.assert(
    fc.asyncProperty(anySql.filter(isLetThrough), async (sql) => {
      tried += 1
      const { status, code, text } = await answerTo(sql)
      assert.ok(status === 200 || (status === 400 && code !== 'INTERNAL'), `${sql}: ${text}`)
    }),
    { numRuns: 300, examples: [['select 1-select.']] },
  )
  assert.ok(tried >= 300)
  assert.equal(await state(), before)
})

function isLetThrough(sql: string): boolean {
  try {
    guardedSelect(sql)
    return sql !== ''
  } catch {
    return false
  }
}

test('QuestDB ends a text in quotes where the guard does', async () => {
  const inside = fc.string({
    unit: fc.constantFrom("''", '"', '-', '/', '*', ' ', ';', 'a', '\\', '\n'),
    maxLength: 12,
  })
  const property = fc.asyncProperty(inside, async (text) => {
    // Not shorter than two characters: those would be a CHAR, in which QuestDB does not escape quotes and backslashes.
    const sql = `select 'ab${text}' "v", 'end' e`
    const { tokens } = tokenize(sql)
    assert.is(tokens[1]?.value, `ab${text.replaceAll("''", "'")}`)
    assert.equal((await questdb.exec(sql)).dataset, [[tokens[1]?.value, 'end']])
  })
  await fc.assert(property, { numRuns: 150 })
})

test('each function of this QuestDB is on the list or refused, also where it is called by its bare name', async () => {
  const { dataset } = await questdb.exec('SELECT name, signature FROM functions()')
  assert.ok(dataset.length > 500)
  const refused = (sql: string) => {
    try {
      guardedSelect(sql)
      return false
    } catch (error) {
      return (error as DomainError).code === 'QUERY_REFUSED'
    }
  }
  const callable = new Set<string>()
  const bare = new Set<string>()
  for (const [name, signature] of dataset as [string, string][]) {
    if (!/^[a-z_]/i.test(name)) continue
    if (!refused(`select ${name}(1)`)) callable.add(name)
    else if (signature === `${name}()`)
      for (const sql of [`select ${name}`, `select "${name}"`, `select * from ${name}`, `select * from '${name}'`])
        if (!refused(sql)) bare.add(name)
  }
  assert.equal([...bare], [])
  const acting = ['cancel_query', 'flush_query_cache', 'reload_config', 'read_parquet', 'long_sequence', 'rnd_int']
  assert.equal(
    acting.filter((name) => callable.has(name)),
    [],
  )
})

test.run()
