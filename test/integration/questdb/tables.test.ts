import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { DomainError, type ErrorCode } from '../../../src/errors.js'
import { QuestDbClient } from '../../../src/questdb/client.js'
import { stagedTableName } from '../../../src/questdb/names.js'
import { exactBounds, listStagedTables, tableColumns, tableStates } from '../../../src/questdb/table-states.js'
import {
  addColumns,
  createTable,
  dropTable,
  enableDedup,
  insertSelect,
  type NewColumn,
  renameTable,
} from '../../../src/questdb/tables.js'
import { waitUntilVisible } from '../../../src/questdb/visibility.js'
import { eventually } from '../../support/eventually.js'
import { test } from '../../support/test.js'

const url = process.env.STAGE1_QUESTDB_URL ?? ''
assert.ok(url, 'STAGE1_QUESTDB_URL is not set')
const client = new QuestDbClient(url)
const prefix = `tables_${randomBytes(4).toString('hex')}_`
const bars: NewColumn[] = ['open', 'high', 'low', 'close'].map((name) => ({ name, type: 'double' }))

test.after(async () => {
  for (const { name } of await tableStates(client, { prefix })) await dropTable(client, name)
  await client.close()
})

async function makeBars(name: string, columns = bars): Promise<string> {
  const table = `${prefix}${name}`
  await createTable(client, { name: table, columns, partitionBy: 'MONTH', dedupKeys: [] })
  return table
}

async function failure(code: ErrorCode, action: Promise<unknown>): Promise<DomainError> {
  const outcome = await action.then(
    () => 'it succeeded',
    (error: unknown) => error,
  )
  if (outcome instanceof DomainError && outcome.code === code) return outcome
  throw outcome instanceof Error ? outcome : new Error(`no ${code}: ${outcome}`)
}

async function transactions(table: string): Promise<number> {
  const { dataset } = await client.exec(`SELECT sequencerTxn FROM wal_tables() WHERE name = '${table}'`)
  return Number(dataset[0]?.[0])
}

/** Others may be making a wide table at this moment, so a leftover is one that stays. */
async function noIntermediateTables(): Promise<void> {
  const plain = "SELECT count() FROM tables() WHERE NOT walEnabled AND table_name LIKE 'stage1_staged%'"
  for (let i = 0; i < 50 && (await client.exec(plain)).dataset[0]?.[0] !== '0'; i++) await sleep(100)
  assert.equal((await client.exec(plain)).dataset, [['0']])
}

test('a created table has its columns in order, its time first, and its keys', async () => {
  const name = `${prefix}predictions`
  const columns: NewColumn[] = [
    { name: 'fold_number', type: 'long' },
    { name: 'prob long', type: 'double' },
    { name: 'select', type: 'boolean' },
    { name: 'note', type: 'varchar' },
    { name: 'pair', type: 'symbol' },
    { name: 'closed_at', type: 'timestamp' },
  ]
  await createTable(client, { name, columns, partitionBy: 'DAY', dedupKeys: ['fold_number', 'pair'] })
  const found = (await tableColumns(client, name)) ?? []
  assert.equal(
    found.map((column) => [column.name, column.type]),
    [
      ['timestamp', 'TIMESTAMP'],
      ['fold_number', 'LONG'],
      ['prob long', 'DOUBLE'],
      ['select', 'BOOLEAN'],
      ['note', 'VARCHAR'],
      ['pair', 'SYMBOL'],
      ['closed_at', 'TIMESTAMP'],
    ],
  )
  assert.equal(
    found.filter(({ designated }) => designated).map((column) => column.name),
    ['timestamp'],
  )
  assert.equal(
    found.filter(({ upsertKey }) => upsertKey).map((column) => column.name),
    ['timestamp', 'fold_number', 'pair'],
  )
  const [state] = await tableStates(client, { names: [name] })
  assert.equal(
    [state?.partitionBy, state?.walEnabled, state?.dedup, state?.designatedTimestamp],
    ['DAY', true, true, 'timestamp'],
  )
})

test('a table that exists, or that QuestDB cannot name, is refused', async () => {
  const table = await makeBars('twice')
  const error = await failure('QUESTDB_REFUSED', makeBars('twice'))
  assert.match(error.message, /table already exists/)
  await failure('QUESTDB_REFUSED', makeBars('TWICE'))
  await failure('COLUMN_NAME_INVALID', makeBars('bad', [{ name: 'a-b', type: 'double' }]))
  await failure('MEASUREMENT_NAME_INVALID', makeBars('a"b'))
  await failure('QUESTDB_REFUSED', makeBars('same', [bars[0]!, { name: 'OPEN', type: 'double' }]))
  assert.is(await tableColumns(client, `${prefix}bad`), null)
  assert.is((await tableColumns(client, table))?.length, 5)
})

test('columns are added once, whoever else adds them at the same time', async () => {
  const table = await makeBars('growing')
  const more: NewColumn[] = Array.from({ length: 15 }, (_, i) => ({ name: `rsi_${i}`, type: 'double' }))
  const orders = [more, more, more, [...more].reverse()]
  await Promise.all(orders.map((columns) => addColumns(client, table, columns)))
  await addColumns(client, table, [...bars, ...more])
  await waitUntilVisible(client, table)
  // The engine's list of columns may lag behind the columns themselves.
  await eventually('all twenty columns', async () => (await tableColumns(client, table))?.length === 20)
  const error = await failure('QUESTDB_REFUSED', addColumns(client, table, [{ name: 'rsi_0', type: 'long' }]))
  assert.match(error.message, /different column type/)
  await failure('COLUMN_NAME_INVALID', addColumns(client, table, [{ name: 'a/b', type: 'double' }]))
})

test('a table of 600 indicators, and one of 2 000, has all of them in order and leaves nothing else behind', async () => {
  for (const width of [600, 2_000]) {
    const types = ['double', 'long', 'symbol', 'varchar', 'boolean', 'timestamp'] as const
    const columns: NewColumn[] = Array.from({ length: width }, (_, i) => ({
      name: `indicator_with_a_long_name_${i}`,
      type: types[i % types.length]!,
    }))
    const table = await makeBars(`wide_${width}`, columns)
    const found = (await tableColumns(client, table)) ?? []
    assert.equal(
      found.slice(1).map(({ name, type }) => [name, type.toLowerCase()]),
      columns.map(({ name, type }) => [name, type]),
    )
    assert.ok(found[0]?.designated && found[0].upsertKey)
    const [state] = await tableStates(client, { names: [table] })
    assert.equal([state?.walEnabled, state?.dedup, state?.partitionBy, state?.count], [true, true, 'MONTH', 0])
  }
  await noIntermediateTables()
})

test('a wide table that is refused leaves nothing behind either', async () => {
  const columns: NewColumn[] = Array.from({ length: 2_000 }, (_, i) => ({
    name: `a_rather_long_name_${i}`,
    type: 'double',
  }))
  await makeBars('taken')
  await failure('QUESTDB_REFUSED', makeBars('taken', columns))
  await noIntermediateTables()
})

test('the state of a table tells its rows, its times and what is still on the way', async () => {
  const table = await makeBars('state')
  const [empty] = await tableStates(client, { names: [table] })
  assert.equal([empty?.count, empty?.first, empty?.last, empty?.lag, empty?.suspended], [0, null, null, 0, false])
  await client.run(
    `INSERT INTO "${table}" (timestamp, close) VALUES ('2024-01-01T00:00:00.000001Z', 1), ('2024-02-01T00:00:00.999999Z', 2)`,
  )
  await waitUntilVisible(client, table)
  const first = { ms: Date.UTC(2024, 0, 1), iso: '2024-01-01T00:00:00.000001Z' }
  const last = { ms: Date.UTC(2024, 1, 1) + 999, iso: '2024-02-01T00:00:00.999999Z' }
  const [state] = await tableStates(client, { names: [table.toUpperCase()] })
  assert.equal(state, {
    name: table,
    count: 2,
    first,
    last,
    designatedTimestamp: 'timestamp',
    partitionBy: 'MONTH',
    walEnabled: true,
    dedup: true,
    suspended: false,
    lag: 0,
  })
  assert.equal(await exactBounds(client, table), { count: 2, first, last })
})

test('tables of others are told too, with or without a time or a log', async () => {
  const plain = `${prefix}plain`
  await client.run(`CREATE TABLE "${plain}" (a INT)`)
  await client.run(`INSERT INTO "${plain}" VALUES (1), (2)`)
  const [state] = await tableStates(client, { names: [plain] })
  assert.equal([state?.count, state?.designatedTimestamp, state?.walEnabled], [2, null, false])
  assert.equal(await exactBounds(client, plain, null), { count: 2, first: null, last: null })
  await waitUntilVisible(client, plain)
})

test('listings have the tables of a prefix, and neither staged nor system ones', async () => {
  const staged = stagedTableName()
  await createTable(client, { name: staged, columns: bars, partitionBy: 'DAY', dedupKeys: [] })
  try {
    await makeBars('listed')
    const all = (await tableStates(client)).map(({ name }) => name)
    assert.ok(all.includes(`${prefix}listed`))
    assert.not.ok(all.includes(staged))
    assert.is(
      all.some((name) => /^(sys\.|telemetry|stage1_staged)/.test(name)),
      false,
    )
    const mine = await tableStates(client, { prefix: `${prefix}LIST` })
    assert.equal(
      mine.map(({ name }) => name),
      [`${prefix}listed`],
    )
    assert.equal(await tableStates(client, { names: [`${prefix}nothing`] }), [])
    assert.ok((await listStagedTables(client)).includes(staged))
  } finally {
    await dropTable(client, staged)
  }
  assert.not.ok((await listStagedTables(client)).includes(staged))
})

test('a table is renamed unless the name is taken, and dropped once or twice', async () => {
  const from = await makeBars('before')
  const taken = await makeBars('other')
  await failure('QUESTDB_REFUSED', renameTable(client, from, taken))
  await renameTable(client, from, `${prefix}after`)
  assert.is(await tableColumns(client, from), null)
  assert.is((await tableColumns(client, `${prefix}after`))?.length, 5)
  await failure('QUESTDB_REFUSED', renameTable(client, from, `${prefix}again`))
  await dropTable(client, `${prefix}after`)
  await dropTable(client, `${prefix}after`)
  assert.is(await exactBounds(client, `${prefix}after`), null)
})

test('deduplication can be turned on and given other keys', async () => {
  const table = `${prefix}dedup`
  await client.run(
    `CREATE TABLE "${table}" (timestamp TIMESTAMP, fold LONG, close DOUBLE) TIMESTAMP(timestamp) PARTITION BY DAY WAL`,
  )
  const keys = async () =>
    (await tableColumns(client, table))?.filter(({ upsertKey }) => upsertKey).map(({ name }) => name)
  assert.equal(await keys(), [])
  await enableDedup(client, table, ['timestamp'])
  await waitUntilVisible(client, table)
  assert.equal(await keys(), ['timestamp'])
  await enableDedup(client, table, ['fold'])
  await waitUntilVisible(client, table)
  assert.equal(await keys(), ['timestamp', 'fold'])
})

test('a copy of more than a million rows is one transaction, and one that fails at its last row stores nothing', async () => {
  const rows = 1_200_000
  const source = await makeBars('source', [
    { name: 'n', type: 'varchar' },
    { name: 'close', type: 'double' },
  ])
  await client.run(
    `INSERT INTO "${source}" SELECT (1600000000000000 + x * 1000000)::timestamp,
       CASE WHEN x = ${rows} THEN 'none' ELSE x::varchar END, x / 7.0 FROM long_sequence(${rows})`,
  )
  await waitUntilVisible(client, source)

  const copy = await makeBars('copy', [
    { name: 'n', type: 'varchar' },
    { name: 'close', type: 'double' },
  ])
  await insertSelect(client, source, copy)
  await waitUntilVisible(client, copy)
  assert.equal(await exactBounds(client, copy), await exactBounds(client, source))
  assert.is(await transactions(copy), 1)

  const numbers = await makeBars('numbers', [
    { name: 'close', type: 'double' },
    { name: 'n', type: 'long' },
  ])
  const error = await failure('QUESTDB_REFUSED', insertSelect(client, source, numbers, ['n', 'close', 'timestamp']))
  assert.match(error.message, /inconvertible value/)
  await waitUntilVisible(client, numbers)
  assert.is((await exactBounds(client, numbers))?.count, 0)
  assert.is(await transactions(numbers), 0)
})

test.run()
