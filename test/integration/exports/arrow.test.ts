/** Exports as Arrow: every value and type, what is refused, and what becomes of one that is slow, left or broken. */
import { existsSync, readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { tableFromIPC, type Vector } from 'apache-arrow'
import * as assert from 'uvu/assert'
import { waitUntilVisible } from '../../../src/questdb/visibility.js'
import { startProxy } from '../../support/cutting-proxy.js'
import { eventually } from '../../support/eventually.js'
import { fetchBytes, parquetRowsOf } from '../../support/exports.js'
import { ended } from '../../support/imports.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

const proxy = await startProxy(process.env.STAGE1_QUESTDB_URL as string)
const server = await startServer({ questdbUrl: proxy.url, settings: { STAGE1_EXPORTS_FILE_BYTES: '60000000' } })
const { prefix, questdb } = server.engines
const types = `${prefix}types`
const many = `${prefix}many`
const ROWS = 300_000
const MEDIA = 'application/vnd.apache.arrow.stream'
test.after(async () => {
  await proxy.restore()
  await server.stop()
  await proxy.stop()
})

test.before(async () => {
  await questdb.run(
    `CREATE TABLE ${types} (ts TIMESTAMP, b BOOLEAN, n8 BYTE, n16 SHORT, n32 INT, n64 LONG, f FLOAT, d DOUBLE, day DATE, str STRING, note VARCHAR,
     side SYMBOL, ns TIMESTAMP_NS, c CHAR, id UUID, big LONG256, ip IPv4, geo GEOHASH(4c), arr DOUBLE[], bin BINARY, dec DECIMAL(18,3))
     TIMESTAMP(ts) PARTITION BY MONTH WAL`,
  )
  await questdb.run(
    `INSERT INTO ${types} (ts, b, n8, n16, n32, n64, f, d, day, str, note, side, ns) VALUES
     ('2024-11-28T22:00:00.123456Z', true, 127::byte, -32768::short, 2147483647, 9223372036854775807, 1.5::float, 5e-324, '2024-01-02', 'a "q" é 收', 'short', 'buy', '2024-01-01T00:00:00.123456789Z'),
     ('2024-11-28T23:00:00Z', false, null, null, null, null, null, null, null, null, null, null, null),
     ('2024-12-29T00:00:00Z', true, -128::byte, 7::short, -2147483647, -9223372036854775807, -0.25::float, -1.7976931348623157e308, '1969-12-31', '', '', 'sell', null),
     ('2024-12-29T01:00:00Z', false, 1::byte, 1::short, 0, 9007199254740993, 0::float, 0.1, '2024-01-02', 'x', 'ab', 'buy', null)`,
  )
  await questdb.run(
    `CREATE TABLE ${many} AS (SELECT timestamp_sequence('2024-01-01', 60000000) timestamp, x, CASE WHEN x % 7 = 0 THEN null ELSE x / 3.0 END r,
     rnd_symbol('a', 'bb', null) side, CASE WHEN x % 5 = 0 THEN null ELSE 'n' || (x % 1000) END note FROM long_sequence(${ROWS})) TIMESTAMP(timestamp) PARTITION BY MONTH WAL`,
  )
  for (const table of [types, many]) await waitUntilVisible(questdb, table)
})

type Asked = Record<string, unknown>
const exported = (
  json: Asked,
  options: { query?: string; signal?: AbortSignal; headers?: Record<string, string> } = {},
) =>
  fetchBytes(server, 'POST', `/api/questdb/export${options.query ?? ''}`, {
    json: { format: 'arrow', ...json },
    ...options,
  })

async function arrow(json: Asked) {
  const { status, bytes, headers } = await exported(json)
  assert.is(status, 200, bytes.toString().slice(0, 500))
  assert.is(headers.get('content-type'), MEDIA)
  return tableFromIPC([bytes])
}

async function refused(json: Asked, query?: string) {
  const { status, bytes } = await exported(json, query ? { query } : {})
  return { status, ...(JSON.parse(bytes.toString()) as { code: string; message: string; details: unknown }) }
}

/** Whether a file of an export lies open without a name. */
const openFiles = () =>
  readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).includes(join(server.spoolDir, 'exports'))
    } catch {
      return false
    }
  }).length

const PLAIN = ['ts', 'b', 'n8', 'n16', 'n32', 'n64', 'f', 'd', 'day', 'str', 'note', 'side', 'ns']

test('every value keeps all its bits and its type, and null is no value', async () => {
  for (const asked of [{ measurement: types, columns: PLAIN }, { sql: `select ${PLAIN} from ${types};` }]) {
    const table = await arrow(asked)
    assert.equal(
      table.schema.fields.map(({ name, type }) => `${name} ${type}`),
      [
        'ts Timestamp<MICROSECOND, UTC>',
        'b Bool',
        'n8 Int8',
        'n16 Int16',
        'n32 Int32',
        'n64 Int64',
        'f Float32',
        'd Float64',
        'day Timestamp<MILLISECOND, UTC>',
        'str Utf8',
        'note Utf8',
        'side Utf8',
        'ns Timestamp<NANOSECOND, UTC>',
      ],
    )
    const column = (name: string) => [...(table.getChild(name) as Iterable<unknown>)]
    const longs = (name: string) => Array.from((table.getChild(name) as Vector).data[0]?.values as BigInt64Array)
    assert.equal(longs('ts'), [1732831200123456n, 1732834800000000n, 1735430400000000n, 1735434000000000n])
    assert.is(longs('ns')[0], 1704067200123456789n)
    assert.equal(longs('day').slice(0, 3), [1704153600000n, 0n, -86400000n])
    assert.is(table.getChild('day')?.get(1), null)
    assert.equal(column('b'), [true, false, true, false])
    assert.equal(column('n8'), [127, 0, -128, 1])
    assert.equal(column('n16'), [-32768, 0, 7, 1])
    assert.equal(column('n32'), [2147483647, null, -2147483647, 0])
    assert.equal(column('n64'), [9223372036854775807n, null, -9223372036854775807n, 9007199254740993n])
    assert.equal(column('f'), [1.5, null, -0.25, 0])
    assert.equal(column('d'), [5e-324, null, -1.7976931348623157e308, 0.1])
    assert.equal(column('str'), ['a "q" é 收', null, '', 'x'])
    assert.equal(column('note'), ['short', null, '', 'ab'])
    assert.equal(column('side'), ['buy', null, 'sell', 'buy'])
  }
})

test('short texts, which QuestDB keeps in the index of their column, leave whole as Parquet too', async () => {
  const { bytes } = await exported({ sql: `select note from ${types}`, format: 'parquet' })
  assert.equal(
    (await parquetRowsOf(bytes)).map(({ note }) => note),
    ['short', null, '', 'ab'],
  )
})

test('many rows arrive whole, in order, in batches, across partitions', async () => {
  const table = await arrow({ measurement: many })
  assert.is(table.numRows, ROWS)
  assert.ok(table.batches.length > 5)
  const truth = (
    await fetchBytes(server, 'POST', '/api/questdb/export', { json: { sql: `select x, r, side, note from ${many}` } })
  ).bytes
    .toString()
    .split('\r\n')
    .slice(1, -1)
  const [x, r, side, note] = ['x', 'r', 'side', 'note'].map((name) => [
    ...(table.getChild(name) as Iterable<unknown>),
  ]) as unknown[][]
  const text = (cell: unknown) => (cell === null ? '' : `"${cell}"`)
  let wrong = 0
  truth.forEach((line, i) => {
    const [a, b, c, d] = line.split(',') as [string, string, string, string]
    if (
      BigInt(a) !== x?.[i] ||
      (b === '' ? null : Number(b)) !== r?.[i] ||
      c !== text(side?.[i]) ||
      d !== text(note?.[i])
    )
      wrong++
  })
  assert.equal([truth.length, wrong], [ROWS, 0])
})

test('no rows are an empty stream with its columns', async () => {
  for (const asked of [
    { sql: `select x, side from ${many} where x < 0` },
    { measurement: many, columns: ['x', 'side'], start_timestamp: '2040-01-01' },
  ]) {
    const table = await arrow(asked)
    assert.is(table.numRows, 0)
    assert.equal(
      table.schema.fields.slice(-2).map(({ name, type }) => `${name} ${type}`),
      ['x Int64', 'side Utf8'],
    )
  }
})

test('a column of another type is named with its cure before anything runs, also to a job', async () => {
  for (const [name, type] of [
    ['c', 'CHAR'],
    ['id', 'UUID'],
    ['big', 'LONG256'],
    ['ip', 'IPv4'],
    ['geo', 'GEOHASH(4c)'],
    ['arr', 'ARRAY'],
    ['dec', 'DECIMAL(18,3)'],
  ]) {
    const answer = await refused({ sql: `select ts, ${name} from ${types}` })
    assert.equal([answer.status, answer.code], [400, 'REQUEST_INVALID'], name)
    assert.ok(answer.message.includes(`column "${name}" is of type ${type}`), answer.message)
    const table = await arrow({ sql: `select cast("${name}" as varchar) t from ${types}` })
    assert.is(table.schema.fields[0]?.type.toString(), 'Utf8')
  }
  assert.match((await refused({ measurement: types, columns: ['bin'] })).message, /leave it out/)
  const later = await fetchBytes(server, 'POST', '/api/questdb/export/async', {
    json: { measurement: types, format: 'arrow' },
  })
  assert.is(later.status, 400)
})

test('mistakes, time limits and files that are too large are told before a byte is sent', async () => {
  const wrong = await refused({ sql: `select nope from ${types}` })
  assert.equal([wrong.status, wrong.code, wrong.details], [400, 'SQL_INVALID', { position: 7 }])
  const late = await refused(
    { sql: `select count() c from ${many} a cross join ${many} b cross join ${many} c where a.x + b.x + c.x < 0` },
    '?timeout=1',
  )
  assert.equal([late.status, late.code], [504, 'TIME_LIMIT'])
  const large = await refused({ sql: `select a.x, b.r from ${many} a cross join (select r from ${many} limit 20) b` })
  assert.equal([large.status, large.code], [422, 'EXPORT_TOO_LARGE'])
  assert.equal(existsSync(join(server.spoolDir, 'exports')) ? readdirSync(join(server.spoolDir, 'exports')) : [], [])
  assert.is(openFiles(), 0)
})

test('Accept may ask for Arrow, and the file is called a stream', async () => {
  const { headers } = await exported({ measurement: many, format: undefined }, { headers: { accept: MEDIA } })
  assert.is(headers.get('content-type'), MEDIA)
  assert.is(headers.get('content-disposition'), `attachment; filename="${many}.arrows"`)
})

test('a job makes the same stream as a file, and counts its rows', async () => {
  const { bytes } = await fetchBytes(server, 'POST', '/api/questdb/export/async', {
    json: { measurement: many, format: 'arrow' },
  })
  const job = await ended(server, (JSON.parse(bytes.toString()) as { job_id: string }).job_id)
  const result = job.result as { rows: number; url: string; media_type: string }
  assert.equal([job.status, result.rows, result.media_type], ['COMPLETED', ROWS, MEDIA])
  const file = await fetchBytes(server, 'GET', result.url)
  assert.is(tableFromIPC([file.bytes]).numRows, ROWS)
})

test('a reader that stops holds back neither imports nor other exports, and leaving frees the disk', async () => {
  const leaving = new AbortController()
  // More than the sockets between this server and its reader take.
  const sql = `select a.* from ${many} a cross join (select x from ${many} limit 5) b`
  const stalled = await fetch(`${server.url}/api/questdb/export`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-stage1-token': server.token },
    body: JSON.stringify({ sql, format: 'arrow' }),
    signal: leaving.signal,
  })
  try {
    assert.is(stalled.status, 200)
    await sleep(500)
    assert.is(openFiles(), 1)
    const before = process.memoryUsage().arrayBuffers
    await sleep(300)
    assert.ok(process.memoryUsage().arrayBuffers - before < 4_000_000)
    const rows = [{ timestamp: 1732831200000, open: 1, high: 1, low: 1, close: 1 }]
    await server.post('/api/datasets', { dataset_slug: `${prefix}set`, ohlcv_measurement: `${prefix}bars` })
    assert.is((await server.post(`/api/datasets/${prefix}set/ohlcv/append`, { rows })).status, 200)
    assert.is((await arrow({ sql: `select x from ${many} limit 5` })).numRows, 5)
    assert.is(openFiles(), 1)
  } finally {
    leaving.abort()
  }
  await eventually('the file is gone', () => openFiles() === 0)
})

/** Whether QuestDB works on a statement with this in it. */
async function runs(tag: string): Promise<boolean> {
  const { dataset } = await questdb.exec(
    `SELECT count() FROM query_activity() WHERE query LIKE '%${tag}%' AND query NOT LIKE '%query_activity%'`,
  )
  return Number(dataset[0]?.[0]) === 1
}

/** Never done within the time of a test, and no row before its end. */
const silent = (tag: string) =>
  `select count() ${tag} from ${many} a cross join ${many} b cross join ${many} c where a.x + b.x + c.x < 0`

test('when the client leaves before the first byte, the query is gone within a second', async () => {
  const tag = `${prefix}left`
  const leaving = new AbortController()
  const outcome = exported({ sql: silent(tag) }, { signal: leaving.signal }).then(
    () => 'answered',
    (error: Error) => error.name,
  )
  await eventually('it runs', () => runs(tag))
  leaving.abort()
  assert.is(await outcome, 'AbortError')
  let seen = performance.now()
  const left = seen
  await eventually('it has ended', async () => {
    const asked = performance.now()
    if (!(await runs(tag))) return true
    seen = asked
    return false
  })
  assert.ok(seen - left < 1_000, `seen ${seen - left} ms later`)
  await eventually('its file is gone', () => openFiles() === 0)
})

test('an export that loses QuestDB, or finds none, is a 503, and never a stream that looks whole', async () => {
  const tag = `${prefix}lost`
  const outcome = refused({ sql: silent(tag) })
  await eventually('it runs', () => runs(tag))
  await proxy.cut()
  const lost = await outcome
  assert.equal([lost.status, lost.code], [503, 'QUESTDB_UNAVAILABLE'])
  const away = await refused({ sql: 'select 1 one' })
  assert.equal([away.status, away.code], [503, 'QUESTDB_UNAVAILABLE'])
  await proxy.restore()
  assert.is((await arrow({ sql: 'select 1 one' })).numRows, 1)
  await eventually('no file is left', () => openFiles() === 0)
})

test.run()
