/** Tables of QuestDB and queries, as the desktop's debugger lists and previews them. */
import * as assert from 'uvu/assert'
import { loadConfig } from '../../src/config.js'
import { bars } from '../support/fixtures.js'
import { startServer } from '../support/server.js'
import { test } from '../support/test.js'
import { must } from './desktop/sender.js'
import { readMeasurements, readQuery } from './desktop/table-readers.js'
import { Desktop } from './desktop/transport.js'
import type { Json } from './desktop/values.js'
import { ask, toast } from './web/transport.js'

const server = await startServer()
const desktop = new Desktop(server.url, server.token)
const { prefix } = server.engines
test.after(() => server.stop())

const FIRST = Date.UTC(2024, 10, 28, 22)
const LAST = FIRST + 9 * 3_600_000
const table = `${prefix}previewed`
const rows = bars(10).map(({ timestamp, volume }) => ({
  timestamp,
  price: 67234.125678,
  volume,
  trades: 9007199254740993n,
}))

test.before(async () => {
  const lines = rows.map(({ timestamp, price, volume, trades }) => [timestamp, price, volume, trades, 'buy'].join(','))
  const data = ['timestamp,price,volume,trades,side', ...lines].join('\n')
  await must(desktop.post('/api/questdb/import', { measurement: table, data, filename: 'previewed.csv' }))
})

const item = async () =>
  ((await ask(server, 'GET', `/api/questdb/measurements?prefix=${prefix}`)) as { measurements: Json[] }).measurements[0]
const query = async (body: Json) => readQuery((await must(desktop.post('/api/questdb/query', body))).text)

test('A3 #25: a measurement has both spellings, and its bounds as text and in milliseconds', async () => {
  const list = readMeasurements((await must(desktop.get(`/api/questdb/measurements?prefix=${prefix}`))).text)
  assert.equal(
    list.map(({ first, last, ...known }) => ({ ...known, first: Date.parse(first), last: Date.parse(last) })),
    [{ name: table, rows: 10, designated_timestamp: 'timestamp', partition_by: 'MONTH', first: FIRST, last: LAST }],
  )
  const { designated_timestamp, partition_by, first_ts_ms, last_ts_ms } = (await item()) as Json
  assert.equal([designated_timestamp, partition_by, first_ts_ms, last_ts_ms], ['timestamp', 'MONTH', FIRST, LAST])
})

test('A3 #26: the columns of a query are names, and their types stand beside them', async () => {
  const sql = `SELECT * FROM "${table}" LIMIT 200;`
  const names = ['timestamp', 'price', 'volume', 'trades', 'side']
  const { columns, cells } = await query({ sql })
  assert.equal([columns, cells.length], [names, 10])
  const { column_types, count } = (await ask(server, 'POST', '/api/questdb/query', { sql })) as Json
  assert.equal([(column_types as string[]).slice(0, 3), count], [['TIMESTAMP', 'DOUBLE', 'DOUBLE'], 10])
})

test('A3 #27: numbers by default, and text for a reader that cuts numbers to six digits', async () => {
  const sql = `SELECT price, trades FROM "${table}" LIMIT 1`
  assert.is((await query({ sql })).cells[0]?.[0], '67234.1', 'this is all that the desktop shows of a number')
  assert.equal((await query({ sql, cells: 'text' })).cells, [['67234.125678', '9007199254740993']])
})

test('A3 #28: a time in a query is ISO text for everybody', async () => {
  const { cells } = await query({ sql: `SELECT timestamp FROM "${table}" LIMIT 50;` })
  assert.equal(
    cells.map(([time]) => Date.parse(time as string)),
    rows.map(({ timestamp }) => timestamp),
  )
  assert.is(cells[0]?.[0], '2024-11-28T22:00:00.000000Z')
})

test('A3 #46: the detail is the item of the list with columns and a sample', async () => {
  const { columns, sample, sample_row_count, ...rest } = (await ask(
    server,
    'GET',
    `/api/questdb/measurement/${table}`,
  )) as Json
  assert.equal(rest, await item())
  const [time, price] = columns as Json[]
  assert.equal(
    [time, price],
    [
      { name: 'timestamp', type: 'TIMESTAMP' },
      { name: 'price', type: 'DOUBLE' },
    ],
  )
  assert.is(sample_row_count, (sample as Json[]).length)
  assert.is((sample as Json[])[0]?.price, 67234.125678)
})

test('pain 16: the list has counts and bounds, not names only', async () => {
  const { row_count, first_ts, last_ts } = (await item()) as Json
  assert.equal([row_count, Date.parse(first_ts as string), Date.parse(last_ts as string)], [10, FIRST, LAST])
})

test('pain 41: what QuestDB says of a wrong query is passed on in its own words, and never as a success', async () => {
  const answer = await desktop.post('/api/questdb/query', { sql: `SELECT nothing FROM "${table}"` })
  assert.is(answer.status, 400)
  assert.match(toast(answer.text), 'Invalid column: nothing')
  const csv = await server.get('/api/runs/00000000-0000-4000-8000-000000000000/predictions?format=csv')
  assert.is(csv.status, 404)
  assert.match(csv.headers.get('content-type') as string, 'application/problem+json')
})

test('pain 43: a query has sixty seconds unless it asks for other ones', async () => {
  assert.is(loadConfig({ STAGE1_AUTH_ENABLE_AUTH: 'false' }).questdb.timeout_seconds, 60)
  assert.equal((await query({ sql: 'SELECT 1' })).cells, [['1']])
  const own = await ask(server, 'POST', '/api/questdb/query?timeout=120', { sql: 'SELECT 1' })
  assert.equal((own as Json).dataset, [[1]])
})

test.run()
