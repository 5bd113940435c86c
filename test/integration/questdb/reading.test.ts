import { randomBytes } from 'node:crypto'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { DomainError, type ErrorCode } from '../../../src/errors.js'
import type { ColumnBatch } from '../../../src/frames/batch.js'
import { QuestDbClient } from '../../../src/questdb/client.js'
import { encodeBatch } from '../../../src/questdb/ilp.js'
import { streamCsv, streamJson, streamRowObjects } from '../../../src/questdb/reading.js'
import { tableStates } from '../../../src/questdb/table-states.js'
import { createTable, dropTable } from '../../../src/questdb/tables.js'
import { waitUntilVisible } from '../../../src/questdb/visibility.js'
import { LineWriter } from '../../../src/questdb/writer.js'
import { test } from '../../support/test.js'

const url = process.env.STAGE1_QUESTDB_URL ?? ''
assert.ok(url, 'STAGE1_QUESTDB_URL is not set')
const client = new QuestDbClient(url)
const prefix = `reading_${randomBytes(4).toString('hex')}_`
const START = 1_600_000_000_000_000n

test.after(async () => {
  for (const { name } of await tableStates(client, { prefix })) await dropTable(client, name)
  await client.close()
})

async function readAll(stream: Readable): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

async function store(name: string, batch: ColumnBatch): Promise<string> {
  const table = `${prefix}${name}`
  const columns = batch.columns.map((column) => ({ name: column.name, type: column.type }))
  await createTable(client, { name: table, columns, partitionBy: 'YEAR', dedupKeys: [] })
  const writer = new LineWriter(url)
  await writer.send(encodeBatch(table, batch))
  await writer.finish()
  await waitUntilVisible(client, table)
  return table
}

function everySecond(rows: number): Pick<ColumnBatch, 'rows' | 'firstRow' | 'timestamps'> {
  return {
    rows,
    firstRow: 0,
    timestamps: BigInt64Array.from({ length: rows }, (_, i) => START + BigInt(i) * 1_000_000n),
  }
}

async function failure(code: ErrorCode, action: Promise<unknown>): Promise<DomainError> {
  const outcome = await action.then(
    () => 'it succeeded',
    (error: unknown) => error,
  )
  if (outcome instanceof DomainError && outcome.code === code) return outcome
  throw outcome instanceof Error ? outcome : new Error(`no ${code}: ${outcome}`)
}

test('the engine is there and says how quickly', async () => {
  const ping = await client.ping(5_000)
  assert.ok(ping.ok)
  assert.ok(ping.latencyMs > 0 && ping.latencyMs < 5_000)
})

test('every double comes back with the same 64 bits, as JSON and as CSV', async () => {
  const values = new Float64Array(50_000)
  values.set([
    0,
    -0,
    5e-324,
    2.2250738585072014e-308,
    1.7976931348623157e308,
    -1.7976931348623157e308,
    1e15,
    1e21,
    1e22,
    2 ** 53,
  ])
  const anyBits = new DataView(randomBytes(values.length * 8).buffer)
  for (let i = 10; i < values.length; i++) {
    const kinds = [
      anyBits.getFloat64((i * 8) % (anyBits.byteLength - 8)),
      Math.random() * 1e5,
      Math.round(Math.random() * 1e9) / 1e4,
    ]
    values[i] = Number.isFinite(kinds[i % 3]) ? kinds[i % 3]! : i
  }
  const table = await store('doubles', {
    ...everySecond(values.length),
    columns: [{ name: 'd', type: 'double', values }],
  })
  const sql = `SELECT d FROM "${table}"`
  const json = JSON.parse(await readAll(await streamJson(client, sql))) as { dataset: number[][]; count: number }
  assert.is(json.count, values.length)
  assert.ok(json.dataset.every(([value], i) => Object.is(value, values[i])))
  const [header, ...lines] = (await readAll(await streamCsv(client, sql, { timeoutS: 30 }))).split('\r\n')
  assert.is(header, '"d"')
  assert.is(lines.pop(), '')
  assert.is(lines.length, values.length)
  assert.ok(lines.every((line, i) => Object.is(Number(line), values[i])))
})

test('missing values, text and longs look the same in every form', async () => {
  const some = Uint8Array.of(1, 0)
  const table = await store('forms', {
    ...everySecond(2),
    columns: [
      { name: 'd', type: 'double', values: Float64Array.of(Number.NaN, 1e10) },
      { name: 'l', type: 'long', values: BigInt64Array.of(9_223_372_036_854_775_807n, 0n), valid: some },
      { name: 'note', type: 'varchar', values: ['a "b", {[\\\n]}', ''] },
      { name: 'pair', type: 'symbol', values: ['', ''], valid: some },
    ],
  })
  const sql = `SELECT timestamp, d, l, note, pair FROM "${table}"`
  const note = '"a \\"b\\", {[\\\\\\n]}"'
  const times = ['"2020-09-13T12:26:40.000000Z"', '"2020-09-13T12:26:41.000000Z"']
  assert.is(
    await readAll(await streamJson(client, sql, { prefix: '{"measurement":"m",' })),
    `{"measurement":"m","dataset":[[${times[0]},null,9223372036854775807,${note},""],[${times[1]},1.0E10,null,"",null]],"count":2}`,
  )
  const names = (columns: readonly { name: string }[]) =>
    `{"columns":${JSON.stringify(columns.map(({ name }) => name))},`
  assert.is(
    await readAll(await streamRowObjects(client, sql, { prefix: names, suffix: ',"more":true', longsAsText: true })),
    `{"columns":["timestamp","d","l","note","pair"],"rows":[` +
      `{"timestamp":${times[0]},"d":null,"l":"9223372036854775807","note":${note},"pair":""},` +
      `{"timestamp":${times[1]},"d":1.0E10,"l":null,"note":"","pair":null}],"count":2,"more":true}`,
  )
  assert.is(
    await readAll(await streamCsv(client, sql, { timeoutS: 30 })),
    `"timestamp","d","l","note","pair"\r\n${times[0]},,9223372036854775807,"a ""b"", {[\\\\\\n]}",""\r\n${times[1]},1.0E10,,"",\r\n`,
  )
  const { dataset, columns } = await client.exec(`SELECT l, d FROM "${table}"`)
  assert.equal(dataset, [
    ['9223372036854775807', null],
    [null, 1e10],
  ])
  assert.equal(columns, [
    { name: 'l', type: 'LONG' },
    { name: 'd', type: 'DOUBLE' },
  ])
})

test('a refused query is refused before anything is sent, with its place', async () => {
  const sql = `SELECT nope FROM "${prefix}absent"`
  for (const read of [
    () => streamJson(client, sql),
    () => streamRowObjects(client, sql),
    () => streamCsv(client, sql, { timeoutS: 9 }),
  ]) {
    const error = await failure('QUESTDB_REFUSED', read())
    assert.equal(error.details, { text: `table does not exist [table=${prefix}absent]`, position: 17 })
  }
  await failure('QUESTDB_REFUSED', client.exec('SELECT * FORM x'))
  await failure('QUESTDB_REFUSED', client.exec(''))
})

// The rows of these run into a division by zero, which QuestDB finds only when it gets there.
const failsAt = (row: number) =>
  `SELECT x, cast(1 AS decimal(10,2)) / cast(${row} - x AS decimal(10,2)) FROM long_sequence(${row + 100_000})`

test('the engine tells what kind a statement is without running it', async () => {
  const table = await store('kinds', {
    ...everySecond(3),
    columns: [{ name: 'd', type: 'double', values: Float64Array.of(1, 2, 3) }],
  })
  const kinds = {
    [`WITH x AS (SELECT * FROM "${table}") SELECT * FROM x`]: 'SELECT',
    'DECLARE @x := 1 SELECT @x': 'SELECT',
    [`EXPLAIN SELECT * FROM "${table}"`]: 'EXPLAIN',
    [`WITH x AS (SELECT 1) UPDATE "${table}" SET d = 0`]: 'UPDATE',
    [`WITH x AS (SELECT * FROM "${table}") INSERT INTO "${table}" SELECT * FROM x`]: 'INSERT AS SELECT',
  }
  for (const [sql, kind] of Object.entries(kinds)) assert.is(await client.kindOf(sql), kind, sql)
  assert.equal((await client.exec(`SELECT sum(d), count() FROM "${table}"`)).dataset, [[6, '3']])
  const error = await failure('QUESTDB_REFUSED', client.kindOf(`SELECT nope FROM "${table}"`))
  assert.equal(error.details, { text: 'Invalid column: nope', position: 7 })
})

test('a query that fails in its first rows is a refusal', async () => {
  for (const read of [streamJson, streamRowObjects]) {
    const error = await failure('QUESTDB_REFUSED', read(client, failsAt(10)))
    assert.match(error.message, /Division by zero/)
  }
  await failure('QUESTDB_REFUSED', client.exec(failsAt(10)))
  await failure('QUESTDB_REFUSED', client.exec('SELECT cast(x * 1000000000 AS decimal(10,2)) FROM long_sequence(9)'))
  assert.equal((await client.exec('SELECT 1 one')).dataset, [[1]])
})

test('a query that fails midway breaks the transfer', async () => {
  for (const read of [streamJson, streamRowObjects]) {
    const error = await failure('QUESTDB_REFUSED', read(client, failsAt(90_000)).then(readAll))
    assert.match(error.message, /Division by zero/)
  }
  await failure('QUESTDB_UNAVAILABLE', streamCsv(client, failsAt(90_000), { timeoutS: 30 }).then(readAll))
})

test('an export that is not done in its time ends with that', async () => {
  const slow = 'SELECT a.x, b.x FROM long_sequence(100000) a CROSS JOIN long_sequence(100000) b'
  await failure('TIME_LIMIT', streamCsv(client, slow, { timeoutS: 1 }).then(readAll))
  const busy = 'SELECT count() FROM long_sequence(1000000) a JOIN long_sequence(1000000) b ON a.x % 1000 = b.x % 1000'
  await failure('TIME_LIMIT', streamCsv(client, busy, { timeoutS: 1 }))
  await failure('TIME_LIMIT', streamJson(client, busy, { timeoutMs: 200 }))
})

async function running(tag: string): Promise<number> {
  const { dataset } = await client.exec(
    `SELECT count() FROM query_activity() WHERE query LIKE '%${tag}%' AND query NOT LIKE '%query_activity%'`,
  )
  return Number(dataset[0]?.[0])
}

async function until(condition: () => Promise<boolean>, limitMs: number): Promise<number> {
  const started = performance.now()
  while (!(await condition())) {
    assert.ok(performance.now() - started < limitMs, `not within ${limitMs} ms`)
    await sleep(10)
  }
  return performance.now() - started
}

test('an abort ends the query in QuestDB within a second, however far it is', async () => {
  const busy = 'count() FROM long_sequence(1000000) a JOIN long_sequence(1000000) b ON a.x % 1000 = b.x % 1000'
  const streaming = 'a.x, b.x FROM long_sequence(100000) a CROSS JOIN long_sequence(100000) b'
  const calls: [string, (sql: string, signal: AbortSignal) => Promise<unknown>][] = [
    [busy, (sql, signal) => client.exec(sql, { signal })],
    [busy, (sql, signal) => streamCsv(client, sql, { signal, timeoutS: 30 })],
    [streaming, (sql, signal) => streamJson(client, sql, { signal }).then(readAll)],
    [streaming, (sql, signal) => streamRowObjects(client, sql, { signal }).then(readAll)],
    [streaming, (sql, signal) => streamCsv(client, sql, { signal, timeoutS: 30 }).then(readAll)],
  ]
  for (const [i, [sql, call]] of calls.entries()) {
    const tag = `${prefix}abort_${i}`
    const leaving = new AbortController()
    const outcome = call(`SELECT /* ${tag} */ ${sql}`, leaving.signal).then(
      () => 'done',
      (error: Error) => error.message,
    )
    await until(async () => (await running(tag)) === 1, 5_000)
    leaving.abort(new Error('the client left'))
    assert.is(await outcome, 'the client left')
    await until(async () => (await running(tag)) === 0, 1_000)
  }
})

test('a slow reader holds QuestDB back instead of filling memory', async () => {
  const stream = await streamJson(client, 'SELECT x, x * 2, x * 3 FROM long_sequence(20000000)')
  const before = process.memoryUsage().arrayBuffers
  await sleep(700)
  assert.ok(process.memoryUsage().arrayBuffers - before < 20_000_000)
  stream.destroy()
})

test.run()
