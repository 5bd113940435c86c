/** What lies in QuestDB, as a client sees it. */
import * as assert from 'uvu/assert'
import { stagedTableName } from '../../../src/questdb/names.js'
import { createTable, dropTable } from '../../../src/questdb/tables.js'
import { waitUntilVisible } from '../../../src/questdb/visibility.js'
import { csvOf } from '../../support/csv.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

const server = await startServer()
const { prefix, questdb } = server.engines
const staged = stagedTableName()
test.after(async () => {
  await dropTable(questdb, staged)
  await server.stop()
})

interface Listed {
  measurements: Record<string, unknown>[]
  count: number
  returned: number
  total: number
  limit: number
  offset: number
  has_more: boolean
}

const START = Date.UTC(2024, 10, 28, 22)

async function store(name: string, rows: number, columns: Record<string, string | number | boolean | null> = { x: 1 }) {
  const csv = csvOf(Array.from({ length: rows }, (_, i) => ({ timestamp: START + i * 3_600_000, ...columns })))
  const answer = await server.send('POST', `/api/questdb/import?measurement=${prefix}${name}`, {
    body: csv,
    media: 'text/csv',
  })
  assert.is(answer.status, 200, answer.text)
}

async function list(query: string): Promise<Listed> {
  const answer = await server.get(`/api/questdb/measurements${query}`)
  assert.is(answer.status, 200)
  return answer.json as Listed
}

const names = (listed: Listed) => listed.measurements.map((one) => String(one.name).slice(prefix.length))

test.before(async () => {
  await createTable(questdb, { name: staged, columns: [], partitionBy: 'MONTH', dedupKeys: [] })
  await store('btc_ohlcv', 3)
  await store('btc_IND', 2)
  await store('eth', 1)
  await createTable(questdb, { name: `${prefix}empty`, columns: [], partitionBy: 'DAY', dedupKeys: [] })
})

test('a measurement is listed with its rows and bounds under every name that a client reads', async () => {
  const { measurements } = await list(`?prefix=${prefix}btc_ohlcv`)
  const expected = {
    name: `${prefix}btc_ohlcv`,
    row_count: 3,
    rowCount: 3,
    first_ts_ms: START,
    last_ts_ms: START + 2 * 3_600_000,
    designated_timestamp: 'timestamp',
    designatedTimestamp: 'timestamp',
    partition_by: 'MONTH',
    partitionBy: 'MONTH',
    suspended: false,
  }
  assert.is(measurements.length, 1)
  const [found] = measurements as [Record<string, unknown>]
  for (const [key, value] of Object.entries(expected)) assert.is(found[key], value, key)
  for (const key of ['first_ts', 'firstTimestamp']) assert.is(Date.parse(String(found[key])), START, key)
  for (const key of ['last_ts', 'lastTimestamp']) assert.is(Date.parse(String(found[key])), START + 7_200_000, key)
})

test('an empty measurement is there, with no rows and no bounds', async () => {
  const [found] = (await list(`?prefix=${prefix}empty`)).measurements
  assert.equal(
    [found?.row_count, found?.first_ts, found?.last_ts, found?.first_ts_ms, found?.partition_by],
    [0, '', '', 0, 'DAY'],
  )
})

test('a prefix is the beginning of a name, in any case, and nothing more', async () => {
  assert.equal(names(await list(`?prefix=${prefix}`)), ['btc_IND', 'btc_ohlcv', 'empty', 'eth'])
  assert.equal(names(await list(`?prefix=${prefix.toUpperCase()}BTC_`)), ['btc_IND', 'btc_ohlcv'])
  assert.equal(names(await list(`?prefix=${prefix}btc_ind`)), ['btc_IND'])
  assert.equal(names(await list(`?prefix=${prefix}tc`)), [])
  assert.equal(names(await list(`?prefix=${prefix}b.c`)), [])
  const { has_more, ...none } = await list(`?prefix=${prefix}nothing`)
  assert.equal([none.measurements, none.count, none.total, has_more], [[], 0, 0, false])
})

test('pages cover the list without a gap and say how much there is', async () => {
  const first = await list(`?prefix=${prefix}&limit=3`)
  assert.equal(names(first), ['btc_IND', 'btc_ohlcv', 'empty'])
  assert.equal([first.count, first.returned, first.total, first.limit, first.offset], [3, 3, 4, 3, 0])
  assert.is(first.has_more, true)
  const second = await list(`?prefix=${prefix}&limit=3&offset=3`)
  assert.equal(names(second), ['eth'])
  assert.equal([second.count, second.total, second.has_more], [1, 4, false])
  const beyond = await list(`?prefix=${prefix}&offset=100`)
  assert.equal([beyond.count, beyond.total, beyond.has_more], [0, 4, false])
})

test('unfinished imports and the tables of the system are not shown', async () => {
  const { measurements } = await list('')
  const all = measurements.map((one) => String(one.name).toLowerCase())
  assert.ok(all.includes(`${prefix}eth`))
  assert.equal(
    all.filter((name) => /^(stage1_staged_|sys\.|telemetry|_query_trace)/.test(name)),
    [],
  )
  assert.equal((await list('?prefix=stage1_staged_')).measurements, [])
  for (const hidden of [staged, staged.toUpperCase()])
    assert.is((await server.get(`/api/questdb/measurement/${hidden}`)).status, 404)
})

test('the detail has the columns with their types, and the first rows as they are stored', async () => {
  const cells = { close: 95210.7, n: 12, big: '9007199254740993', flag: true, note: 'a "quoted", note', gap: null }
  await store('detail', 8, { ...cells, big: 9007199254740 })
  const answer = await server.get(`/api/questdb/measurement/${prefix}detail`)
  assert.is(answer.status, 200)
  const detail = answer.json as Record<string, unknown> & { sample: Record<string, unknown>[] }
  assert.is(detail.name, `${prefix}detail`)
  assert.is(detail.row_count, 8)
  assert.is(detail.designatedTimestamp, 'timestamp')
  assert.equal(detail.columns, [
    { name: 'timestamp', type: 'TIMESTAMP' },
    { name: 'close', type: 'DOUBLE' },
    { name: 'n', type: 'LONG' },
    { name: 'big', type: 'LONG' },
    { name: 'flag', type: 'BOOLEAN' },
    { name: 'note', type: 'VARCHAR' },
  ])
  assert.is(detail.sample_row_count, detail.sample.length)
  assert.ok(detail.sample.length > 0 && detail.sample.length <= 8)
  const [first] = detail.sample as [Record<string, unknown>]
  assert.is(Date.parse(String(first.timestamp)), START)
  assert.equal(
    [first.close, first.n, first.big, first.flag, first.note],
    [95210.7, 12, 9007199254740, true, 'a "quoted", note'],
  )
})

test('a whole number that JSON would bend is shown as text', async () => {
  await store('exact', 1, { big: '9007199254740993' })
  await questdb.run(`CREATE TABLE ${prefix}longs (timestamp TIMESTAMP, n LONG) TIMESTAMP(timestamp) PARTITION BY DAY`)
  await questdb.run(`INSERT INTO ${prefix}longs VALUES ('2024-01-01T00:00:00Z', 9007199254740993)`)
  await waitUntilVisible(questdb, `${prefix}longs`)
  const { sample } = (await server.get(`/api/questdb/measurement/${prefix}longs`)).json as { sample: unknown[] }
  assert.is((sample[0] as { n: unknown }).n, '9007199254740993')
})

test('the name of a measurement is the same in any case', async () => {
  const answer = await server.get(`/api/questdb/measurement/${prefix.toUpperCase()}ETH`)
  assert.is(answer.status, 200)
  assert.is((answer.json as { name: string }).name, `${prefix}eth`)
})

test('an unknown measurement is not found', async () => {
  const answer = await server.get(`/api/questdb/measurement/${prefix}nothing`)
  assert.is(answer.status, 404)
  const problem = answer.json as { code: string; message: string }
  assert.is(problem.code, 'MEASUREMENT_NOT_FOUND')
  assert.ok(problem.message.includes(`${prefix}nothing`))
})

test.run()
