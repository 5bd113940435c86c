/** What an import does to a measurement that is there: adds to it, takes its place, or leaves it alone. */
import * as assert from 'uvu/assert'
import { bars, ownDataset, ownRun, predictionRows } from '../../support/fixtures.js'
import {
  ended,
  type ImportReceipt,
  importCsv,
  type Problem,
  postCsv,
  rowCount,
  storedRows,
  storedTypes,
} from '../../support/imports.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

const server = await startServer()
const { engines } = server
const { prefix, questdb } = engines
test.after(() => server.stop())

const names = { count: 0 }
const fresh = () => `${prefix}modes_${names.count++}`

interface Table {
  readonly keys: string[]
  readonly partitionBy: string
}

async function tableOf(name: string): Promise<Table> {
  const columns = await questdb.exec(`SELECT "column" FROM table_columns('${name}') WHERE upsertKey`)
  const [row] = (await questdb.exec(`SELECT partitionBy FROM tables() WHERE table_name = '${name}'`)).dataset
  return { keys: columns.dataset.map(([column]) => String(column)).sort(), partitionBy: String(row?.[0]) }
}

async function refused(name: string, csv: string, options: Record<string, string>): Promise<[number, Problem]> {
  const before = await rowCount(engines, name)
  const answer = await postCsv(server, name, csv, options)
  assert.is(await rowCount(engines, name), before, 'nothing was stored')
  return [answer.status, answer.json as Problem]
}

test('create makes a measurement, and leaves one alone that exists', async () => {
  const name = fresh()
  const receipt = await importCsv(server, name, 'timestamp,x\n1704067200,1\n', { mode: 'create' })
  assert.is(receipt.rows_written, 1)
  for (const again of [name, name.toUpperCase()]) {
    const [status, problem] = await refused(again, 'timestamp,x\n1704067260,2\n', { mode: 'create' })
    assert.equal([status, problem.code], [409, 'MEASUREMENT_EXISTS'])
    const [, unread] = await refused(again, 'timestamp,x\n1704067260,two\n', { mode: 'create' })
    assert.is(unread.code, 'MEASUREMENT_EXISTS', 'known before the frame is read')
  }
  assert.equal(await storedRows(engines, name, 'x'), [['1']])
})

test('replace takes the place of rows, columns, keys and partitions; an append after it finds them', async () => {
  const name = fresh()
  await importCsv(server, name, 'timestamp,x,old\n1704067200,1,a\n1704067260,2,b\n')
  const options = { mode: 'replace', dedup_keys: 'side', partition_by: 'DAY' }
  const csv = 'timestamp,x,side\n1704067200,0.5,long\n1704067200,0.25,short\n1704067200,0.75,\n'
  const receipt = await importCsv(server, name, csv, options)
  assert.equal([receipt.rows_written, receipt.total_rows], [3, 3])
  assert.equal(await storedTypes(engines, name), { timestamp: 'TIMESTAMP', x: 'DOUBLE', side: 'VARCHAR' })
  assert.equal(await tableOf(name), { keys: ['side', 'timestamp'], partitionBy: 'DAY' })
  const appended = await importCsv(server, name, 'timestamp,x,side\n1704067200,1,long\n1704067200,1,flat\n')
  assert.equal([appended.rows_written, appended.rows_deduplicated, appended.total_rows], [1, 1, 4])
  const fresher = await importCsv(server, fresh(), 'timestamp,x\n1704067200,1\n', { mode: 'replace' })
  assert.is(fresher.total_rows, 1)
})

test('a replacement with a fault leaves what was there', async () => {
  const name = fresh()
  await importCsv(server, name, 'timestamp,x\n1704067200,1\n')
  const [status] = await refused(name, 'timestamp,x\n1704067200,5\n1704067260,five\n', { mode: 'replace' })
  assert.is(status, 422)
  assert.equal(await storedRows(engines, name, 'x'), [['1']])
})

test('every width of partition can be had, and months when none is named', async () => {
  for (const partition of ['HOUR', 'DAY', 'WEEK', 'MONTH', 'YEAR', undefined]) {
    const name = fresh()
    await importCsv(server, name, 'timestamp,x\n1704067200,1\n', partition ? { partition_by: partition } : {})
    assert.is((await tableOf(name)).partitionBy, partition ?? 'MONTH')
  }
})

test('keys may be of any type, in any case, with timestamp named or not', async () => {
  const csv = 'timestamp,Name,n,price,up\n1704067200,a,1,0.5,true\n1704067200,a,1,0.5,false\n1704067200,a,1,1.5,true\n'
  for (const keys of ['name, N ,Price,up', 'up,timestamp,price']) {
    const name = fresh()
    const receipt = await importCsv(server, name, csv, { dedup_keys: keys })
    assert.is(receipt.total_rows, 3)
    const stored = ['Name', 'n', 'price', 'timestamp', 'up'].filter((key) => /N/.test(keys) || !/^n/i.test(key))
    assert.equal((await tableOf(name)).keys, stored)
  }
  const only = fresh()
  await importCsv(server, only, 'timestamp,fold_number\n1704067200,1\n', { dedup_keys: 'timestamp' })
  assert.equal((await tableOf(only)).keys, ['timestamp'])
})

test('a key that the frame has not, or that has no name, is refused', async () => {
  const name = fresh()
  const [status, problem] = await refused(name, 'timestamp,x\n1704067200,1\n', { dedup_keys: 'x,side' })
  assert.equal([status, problem.code, problem.details.missing], [422, 'FRAME_MALFORMED', ['side']])
  const [nameless, told] = await refused(name, 'timestamp,x\n1704067200,1\n', { dedup_keys: 'x,,side' })
  assert.equal([nameless, told.code], [400, 'REQUEST_INVALID'])
})

test('an append that says other keys or partitions than the measurement has is refused with both', async () => {
  const name = fresh()
  const csv = 'timestamp,side,x\n1704067200,a,1\n'
  await importCsv(server, name, csv, { dedup_keys: 'side', partition_by: 'WEEK' })
  const [status, problem] = await refused(name, csv, { dedup_keys: 'x', partition_by: 'DAY' })
  assert.equal([status, problem.code], [409, 'MEASUREMENT_DIFFERS'])
  assert.equal(problem.details, {
    measurement: name,
    dedup_keys: { stored: ['timestamp', 'side'], sent: ['timestamp', 'x'] },
    partition_by: { stored: 'WEEK', sent: 'DAY' },
  })
  const [fewer] = await refused(name, csv, { dedup_keys: 'timestamp' })
  assert.is(fewer, 409)
  const same = await importCsv(server, name, csv, { dedup_keys: 'timestamp,SIDE', partition_by: 'WEEK' })
  assert.equal([same.rows_written, same.rows_deduplicated], [0, 1])
})

test("a table that a client's own writes made without keys gets those that are named", async () => {
  const name = fresh()
  await questdb.run(`CREATE TABLE "${name}" (ts TIMESTAMP, x LONG) TIMESTAMP(ts) PARTITION BY DAY WAL`)
  const csv = 'timestamp,x,side\n1704067200,1,a\n1704067200,2,b\n'
  const receipt = await importCsv(server, name, csv, { dedup_keys: 'side' })
  assert.is(receipt.total_rows, 2)
  assert.equal((await tableOf(name)).keys, ['side', 'ts'])
  const again = await importCsv(server, name, csv, { dedup_keys: 'ts,side', partition_by: 'DAY' })
  assert.equal([again.rows_written, again.total_rows], [0, 2])
})

test("a run's predictions are not replaced by an import; a dataset's bars are, and can be appended to as before", async () => {
  const dataset = ownDataset(prefix, 'replaced')
  await server.post('/api/datasets', dataset)
  const run = ownRun(prefix, dataset.dataset_id, 2)
  await server.post('/api/runs', { ...run, predictions: predictionRows(2, 4) })
  const csv = 'timestamp,fold_number,prediction\n1704067200,1,0.5\n'
  const { prediction_measurement: measurement, run_id } = run.run as Record<string, string>
  for (const name of [measurement, measurement?.toUpperCase()] as string[]) {
    const [status, problem] = await refused(name, csv, { mode: 'replace' })
    assert.equal([status, problem.code, problem.details.run_id], [409, 'MEASUREMENT_IN_USE', run_id])
  }
  assert.is(await rowCount(engines, measurement as string), 8)

  const path = `/api/datasets/${dataset.dataset_slug}/ohlcv/append`
  await server.post(path, { rows: bars(5) })
  const table = `${dataset.dataset_slug}_ohlcv`
  const header = 'timestamp,open,high,low,close,volume\n'
  await importCsv(server, table, `${header}1704067200,1.25,2.5,0.5,1.5,10.5\n`, { mode: 'replace' })
  assert.is(await rowCount(engines, table), 1)
  assert.is((await server.post(path, { rows: bars(5) })).status, 200)
  assert.is(await rowCount(engines, table), 6)
})

test('options in a JSON body are those of the query; said differently in both they are refused', async () => {
  const name = fresh()
  const body = {
    measurement: name,
    data: 'at,x\n1704067200,1\n1704067200,2\n',
    timestamp_column: 'at',
    dedup_keys: 'x',
  }
  const answer = await server.post('/api/questdb/import?mode=create', { ...body, partition_by: 'YEAR' })
  assert.is(answer.status, 200, answer.text)
  assert.equal(await tableOf(name), { keys: ['timestamp', 'x'], partitionBy: 'YEAR' })
  const both = await server.post(`/api/questdb/import?measurement=${name}&dedup_keys=x`, body)
  assert.is(both.status, 200, both.text)
  for (const [query, pointer] of [
    ['mode=create', '/mode'],
    [`measurement=${name}x`, '/measurement'],
    ['timestamp_column=x', '/timestamp_column'],
  ] as const) {
    const twice = await server.post(`/api/questdb/import?${query}`, { ...body, mode: 'replace' })
    const { code, details } = twice.json as Problem & { details: { pointer: string }[] }
    assert.equal([twice.status, code, details[0]?.pointer], [400, 'REQUEST_INVALID', pointer])
  }
  const wrong = await server.post('/api/questdb/import', { ...body, on_duplicate: 'drop' })
  assert.is(wrong.status, 400)
})

test('readers of a measurement that is replaced again and again find all rows of one file each time', async () => {
  const name = fresh()
  const csv = (x: number) =>
    `timestamp,x\n${Array.from({ length: 50 }, (_, i) => `${1_704_067_200 + i},${x}`).join('\n')}\n`
  await importCsv(server, name, csv(0))
  const state = { done: false }
  const writing = (async () => {
    for (let x = 1; x <= 12; x++) await importCsv(server, name, csv(x), { mode: 'replace' })
    state.done = true
  })()
  const asked = [
    () => server.post('/api/questdb/query', { sql: `select x from ${name}` }),
    () => server.get(`/api/questdb/measurement/${name}`),
    () => server.get(`/api/questdb/measurement/${name}/series`),
    () => server.send('POST', '/api/questdb/export', { json: { measurement: name, format: 'csv' }, unchecked: true }),
  ]
  const reading = asked.map(async (ask) => {
    while (!state.done) {
      const { status, text } = await ask()
      assert.is(status, 200, text)
    }
  })
  await Promise.all([writing, ...reading])
})

test('a large append to a wide measurement is taken, and its columns need not be named', async () => {
  const name = fresh()
  const names = Array.from({ length: 160 }, (_, i) => `${'c'.repeat(100)}${i}`)
  const csv = (from: number, rows: number) =>
    `timestamp,${names.join(',')}\n${Array.from({ length: rows }, (_, i) => `${1_704_067_200 + from + i}${',1.5'.repeat(160)}`).join('\n')}\n`
  await importCsv(server, name, csv(0, 3))
  // More than is held for one request, so it is staged.
  const receipt = await importCsv(server, name, csv(3, 30_000))
  assert.equal([receipt.rows_written, receipt.total_rows], [30_000, 30_003])
})

test('a name that can not be stored ends the job with its reason', async () => {
  const accepted = await postCsv(server, fresh(), 'a\0b,c\n1,2\n', {}, { async: true })
  const job = await ended(server, (accepted.json as ImportReceipt).job_id)
  assert.equal([job.status, job.attempts], ['FAILED', 1])
  assert.not.match(job.error_code, /INTERNAL/)
})

test('an import as a job does what its options say, and fails as the blocking one does', async () => {
  const name = fresh()
  const accepted = await postCsv(server, name, 'timestamp,x\n1704067200,1\n', { partition_by: 'DAY' }, { async: true })
  await ended(server, (accepted.json as ImportReceipt).job_id)
  assert.is((await tableOf(name)).partitionBy, 'DAY')
  const again = await postCsv(server, name, 'timestamp,x\n1704067200,1\n', { mode: 'create' }, { async: true })
  const job = await ended(server, (again.json as ImportReceipt).job_id)
  assert.equal([job.status, job.error_code], ['FAILED', 'MEASUREMENT_EXISTS'])
})

test.run()
