/** What an export holds, value by value, in each format; and what is refused. */
import { parquetMetadata } from 'hyparquet'
import * as assert from 'uvu/assert'
import { stagedTableName } from '../../../src/questdb/names.js'
import { createTable, dropTable } from '../../../src/questdb/tables.js'
import { waitUntilVisible } from '../../../src/questdb/visibility.js'
import { arrayBufferOf, fetchBytes, parquetRowsOf } from '../../support/exports.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

const server = await startServer()
const { prefix, questdb } = server.engines
const table = `${prefix}trades`
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
     ('2024-11-28T22:00:00.123456Z', 5e-324, 9223372036854775807, 'buy', 'a "q" \\ é 收\nb\r\nc', true, ARRAY[1.0, 2.5]),
     ('2024-11-28T23:00:00Z', null, null, null, null, false, null),
     ('2024-11-29T00:00:00Z', -1.7976931348623157e308, -9223372036854775807, 'sell', '', true, ARRAY[0.1]),
     ('2024-11-29T01:00:00Z', 0.1, 9007199254740993, 'buy', 'plain', true, ARRAY[0.1])`,
  )
  await waitUntilVisible(questdb, table)
})

type Asked = Record<string, unknown>

const exported = (json: Asked, headers: Record<string, string> = {}) =>
  fetchBytes(server, 'POST', '/api/questdb/export', { json, headers })

async function text(json: Asked): Promise<string> {
  const { status, bytes } = await exported(json)
  assert.is(status, 200, bytes.toString())
  return bytes.toString()
}

async function parquet(json: Asked): Promise<Record<string, unknown>[]> {
  const { status, bytes } = await exported({ ...json, format: 'parquet' })
  assert.is(status, 200, bytes.toString())
  return parquetRowsOf(bytes)
}

async function refused(status: number, json: Asked): Promise<{ code: string; message: string; details: unknown }> {
  const answer = await exported(json)
  assert.is(answer.status, status, answer.bytes.toString())
  return JSON.parse(answer.bytes.toString())
}

const SQL = `SELECT * FROM ${table}`

test('CSV has every value with all its digits, and tells missing values from empty text', async () => {
  const csv =
    '"timestamp","price","size","side","note","live","levels"\r\n' +
    '"2024-11-28T22:00:00.123456Z",5.0E-324,9223372036854775807,"buy","a ""q"" \\\\ é 收\\nb\\r\\nc",true,"[1.0,2.5]"\r\n' +
    '"2024-11-28T23:00:00.000000Z",,,,,false,"null"\r\n' +
    '"2024-11-29T00:00:00.000000Z",-1.7976931348623157E308,-9223372036854775807,"sell","",true,"[0.1]"\r\n' +
    '"2024-11-29T01:00:00.000000Z",0.1,9007199254740993,"buy","plain",true,"[0.1]"\r\n'
  assert.is(await text({ sql: SQL }), csv)
  assert.is(await text({ measurement: table }), csv)
})

test('Parquet has the same 64 bits of every number, and text as it is', async () => {
  for (const asked of [{ sql: SQL }, { measurement: table }]) {
    const rows = await parquet(asked)
    assert.equal(
      rows.map(({ timestamp, levels, ...row }) => [(timestamp as Date).toISOString(), ...Object.values(row), levels]),
      [
        ['2024-11-28T22:00:00.123Z', 5e-324, 9223372036854775807n, 'buy', 'a "q" \\ é 收\nb\r\nc', true, [1, 2.5]],
        ['2024-11-28T23:00:00.000Z', null, null, null, null, false, undefined],
        ['2024-11-29T00:00:00.000Z', -1.7976931348623157e308, -9223372036854775807n, 'sell', '', true, [0.1]],
        ['2024-11-29T01:00:00.000Z', 0.1, 9007199254740993n, 'buy', 'plain', true, [0.1]],
      ],
    )
  }
})

test('JSON is that of a query', async () => {
  const json = await text({ sql: SQL, format: 'json' })
  assert.is(json, (await server.post('/api/questdb/query', { sql: SQL })).text)
  assert.match(json, /9223372036854775807,"buy"/)
  const made = JSON.parse(await text({ measurement: table, format: 'json' }))
  assert.equal(
    [made.count, made.column_types[6], made.dataset[1].slice(1)],
    [4, 'DOUBLE[]', [null, null, null, null, false, null]],
  )
})

test('a measurement is exported between two times, both inclusive, in any unit', async () => {
  const start = '2024-11-28T23:00:00Z'
  for (const end of ['2024-11-29T00:00:00Z', 1732838400, 1732838400000, '1732838400000']) {
    const rows = await parquet({ measurement: table, start_timestamp: start, end_timestamp: end })
    assert.equal(
      rows.map((row) => row.size),
      [null, -9223372036854775807n],
    )
  }
  assert.is((await parquet({ measurement: table, end_timestamp: 1732832000 })).length, 1)
})

test('columns come in the order in which they are asked for, the time before them', async () => {
  const some = { measurement: table, end_timestamp: '2024-11-28T22:30:00Z' }
  assert.is(
    await text({ ...some, columns: ['size', 'PRICE'] }),
    '"timestamp","size","price"\r\n"2024-11-28T22:00:00.123456Z",9223372036854775807,5.0E-324\r\n',
  )
  assert.is(
    await text({ ...some, columns: ['side', 'timestamp'] }),
    '"side","timestamp"\r\n"buy","2024-11-28T22:00:00.123456Z"\r\n',
  )
})

test('an export without rows is a valid empty file in each format', async () => {
  for (const asked of [{ sql: `${SQL} WHERE price > 1e300` }, { measurement: table, start_timestamp: '2030-01-01' }]) {
    assert.is(await text({ ...asked }), '"timestamp","price","size","side","note","live","levels"\r\n')
    const { bytes } = await exported({ ...asked, format: 'parquet' })
    const footer = parquetMetadata(arrayBufferOf(bytes))
    assert.is(footer.num_rows, 0n)
    assert.ok(footer.schema.some(({ name }) => name === 'price'))
    const { dataset, count, columns } = JSON.parse(await text({ ...asked, format: 'json' }))
    assert.equal([dataset, count, columns.length], [[], 0, 7])
  }
})

test('the format is the one named, else the first that Accept names, else CSV', async () => {
  const media = async (json: Asked, accept: string) => {
    const { headers } = await exported({ sql: 'select 1 one', ...json }, { accept })
    return headers.get('content-type') ?? ''
  }
  assert.match(await media({}, '*/*'), /^text\/csv/)
  assert.is(await media({}, 'application/vnd.apache.parquet'), 'application/vnd.apache.parquet')
  assert.match(await media({}, 'application/json, text/csv;q=0.5'), /^application\/json/)
  assert.is(await media({ format: 'parquet' }, 'text/csv'), 'application/vnd.apache.parquet')
})

test('the file has a name of its own, or the one that was asked for, harmless in any header', async () => {
  const name = async (json: Asked) => (await exported(json)).headers.get('content-disposition')
  assert.is(await name({ measurement: table, format: 'parquet' }), `attachment; filename="${table}.parquet"`)
  assert.is(await name({ sql: 'select 1' }), 'attachment; filename="export.csv"')
  assert.is(
    await name({ sql: 'select 1', filename: 'a"b; 收.csv' }),
    `attachment; filename="a\\"b; ?.csv"; filename*=UTF-8''a%22b%3B%20%E6%94%B6.csv`,
  )
  for (const filename of ['a\nb', '../x', ''])
    assert.is((await refused(400, { sql: 'select 1', filename })).code, 'REQUEST_INVALID', filename)
})

test('what only writes or can not be read is refused before a byte is sent', async () => {
  for (const format of ['csv', 'parquet', 'json']) {
    assert.is((await refused(400, { sql: `truncate table ${table}`, format })).code, 'QUERY_REFUSED')
    assert.is(
      (await refused(400, { sql: `with x as (select 1) insert into ${table} select * from ${table}`, format })).code,
      'QUERY_REFUSED',
    )
    const wrong = await refused(400, { sql: `/* a */ ${table} where nope = 1`, format })
    assert.equal([wrong.code, wrong.details], ['SQL_INVALID', { position: 8 + table.length + 7 }], wrong.message)
  }
  assert.is((await parquet({ sql: SQL })).length, 4)
})

test('a column that Parquet has no type for is named a mistake of the statement', async () => {
  const { code } = await refused(400, { sql: 'select null nothing', format: 'parquet' })
  assert.is(code, 'SQL_INVALID')
  assert.equal(await parquet({ sql: 'select null::double nothing' }), [{ nothing: null }])
})

test('a request that does not say what to export, or says it twice, is told so with the field', async () => {
  const at = async (status: number, json: Asked) => {
    const { details } = await refused(status, json)
    return (details as { pointer: string }[])[0]?.pointer
  }
  assert.is(await at(400, {}), '/sql')
  assert.is(await at(400, { sql: 'select 1', measurement: table }), '/sql')
  assert.is(await at(400, { sql: 'select 1', columns: ['price'] }), '/columns')
  assert.is(await at(400, { sql: 'select 1', start_timestamp: 0 }), '/start_timestamp')
  assert.is(await at(400, { measurement: table, columns: ['price', 'nope'] }), '/columns/1')
  assert.is(await at(400, { measurement: table, columns: ['price', 'Price'] }), '/columns/1')
  assert.is(await at(400, { measurement: table, format: 'xlsx' }), '/format')
  const late = await refused(422, { measurement: table, start_timestamp: 5 })
  assert.is(late.code, 'TIMESTAMP_OUT_OF_RANGE')
})

test('measurements that are not there, or not the clients’, are not found', async () => {
  for (const measurement of [`${prefix}none`, staged, 'telemetry'])
    assert.is((await refused(404, { measurement })).code, 'MEASUREMENT_NOT_FOUND')
})

test('a wide frame keeps all its columns', async () => {
  const wide = `${prefix}wide`
  const names = Array.from({ length: 500 }, (_, i) => `c${i}`)
  await questdb.run(
    `CREATE TABLE ${wide} (timestamp TIMESTAMP, ${names.map((name) => `${name} DOUBLE`).join(', ')}) TIMESTAMP(timestamp) PARTITION BY MONTH WAL`,
  )
  await questdb.run(`INSERT INTO ${wide} VALUES ('2024-01-01', ${names.map((_, i) => `${i}.5`).join(', ')})`)
  await waitUntilVisible(questdb, wide)
  const [row = {}] = await parquet({ measurement: wide })
  assert.equal(
    Object.values(row).slice(1),
    names.map((_, i) => i + 0.5),
  )
})

test.run()
