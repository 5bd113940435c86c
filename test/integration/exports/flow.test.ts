/** What becomes of an export whose client leaves, whose time is up, which finds no place in QuestDB, or which breaks midway. */
import { setTimeout as sleep } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { waitUntilVisible } from '../../../src/questdb/visibility.js'
import { startProxy } from '../../support/cutting-proxy.js'
import { eventually } from '../../support/eventually.js'
import { fetchBytes, parquetRowsOf } from '../../support/exports.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

const proxy = await startProxy(process.env.STAGE1_QUESTDB_URL as string)
const server = await startServer({ questdbUrl: proxy.url })
const { prefix, questdb } = server.engines
const many = `${prefix}many`
const ROWS = 2_000_000
/** As many exports as the QuestDB of the tests writes at a time. */
const PLACES = 16
/** A look at QuestDB takes its time while it makes rows for an export. */
const BUSY_MS = 30_000
const FORMATS = ['csv', 'parquet', 'json'] as const
test.after(async () => {
  await server.stop()
  await proxy.stop()
})

test.before(async () => {
  await questdb.run(
    `CREATE TABLE ${many} AS (SELECT timestamp_sequence('2024-01-01', 1000000) timestamp, x, rnd_double() r, rnd_double() s
     FROM long_sequence(${ROWS})) TIMESTAMP(timestamp) PARTITION BY MONTH WAL`,
  )
  await waitUntilVisible(questdb, many)
})

const post = (json: unknown, query = '') => fetchBytes(server, 'POST', `/api/questdb/export${query}`, { json })

/** An export whose client has read nothing of it yet. */
const unread = (sql: string, format: string, signal?: AbortSignal) =>
  fetch(`${server.url}/api/questdb/export`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-stage1-token': server.token },
    body: JSON.stringify({ sql, format }),
    ...(signal ? { signal } : {}),
  })

/** An export whose client reads it at leisure and keeps nothing, so that a look at QuestDB is not behind gigabytes; how it ends. */
async function readSlowly(sql: string, format: string, signal?: AbortSignal): Promise<string> {
  try {
    const answer = await unread(sql, format, signal)
    for await (const _ of answer.body ?? []) await sleep(5)
    return `${answer.status}, whole`
  } catch (error) {
    return (error as Error).name === 'AbortError' ? 'left' : `broken: ${(error as Error).cause ?? error}`
  }
}

async function running(tag: string): Promise<number> {
  const { dataset } = await questdb.exec(
    `SELECT count() FROM query_activity() WHERE query LIKE '%${tag}%' AND query NOT LIKE '%query_activity%'`,
  )
  return Number(dataset[0]?.[0])
}

/** Resolves when QuestDB works on it; fails when the export has ended before it was seen. */
async function runs(tag: string, outcome: Promise<string>): Promise<void> {
  let ended: string | undefined
  void outcome.then((how) => {
    ended = how
  })
  await eventually(`${tag} runs`, async () => ended !== undefined || (await running(tag)) === 1, BUSY_MS)
  assert.is(ended, undefined, tag)
}

/** Never done, with rows from the start. */
const endless = (tag: string) => `select a.x ${tag}, b.r from ${many} a cross join ${many} b`
/** Never done, and no row before the end. */
const silent = (tag: string) =>
  `select count() ${tag} from ${many} a cross join ${many} b cross join ${many} c where a.x + b.x + c.x < 0`

/** A look at a busy QuestDB takes its time, so what counts is when the query was last seen. */
async function goneWithinASecond(tag: string): Promise<void> {
  const from = performance.now()
  let lastSeen = from
  await eventually('the query has ended in QuestDB', async () => {
    const asked = performance.now()
    if ((await running(tag)) === 0) return true
    lastSeen = asked
    return false
  })
  const ms = Math.round(lastSeen - from)
  assert.ok(ms < 1_000, `${tag}: seen ${ms} ms later`)
}

test('large exports are whole in every format, in the order of time', async () => {
  const { bytes } = await post({ measurement: many, format: 'parquet', columns: ['x'] })
  const rows = await parquetRowsOf(bytes)
  assert.is(rows.length, ROWS)
  assert.ok(rows.every(({ x }, i) => x === BigInt(i + 1)))
  const csv = (await post({ sql: `select x from ${many}` })).bytes.toString()
  assert.is(csv, `"x"\r\n${Array.from({ length: ROWS }, (_, i) => `${i + 1}\r\n`).join('')}`)
  // All this kept the thread busy for longer than the server keeps connections; the client is yet to hear that they are closed.
  await sleep(500)
})

test('when the client leaves, the query is gone from QuestDB within a second', async () => {
  for (const format of FORMATS)
    for (const [kind, sql] of [
      ['rows', endless],
      ['silent', silent],
    ] as const) {
      const tag = `${prefix}left_${format}_${kind}`
      const leaving = new AbortController()
      const outcome = readSlowly(sql(tag), format, leaving.signal)
      await runs(tag, outcome)
      leaving.abort()
      assert.is(await outcome, 'left', tag)
      await goneWithinASecond(tag)
    }
})

test('a client that stops reading holds QuestDB back, and leaving ends the query all the same', async () => {
  for (const format of FORMATS) {
    const tag = `${prefix}stalled_${format}`
    const leaving = new AbortController()
    const answer = await unread(endless(tag), format, leaving.signal)
    assert.is(answer.status, 200)
    await sleep(500)
    const before = process.memoryUsage().arrayBuffers
    await sleep(500)
    assert.ok(process.memoryUsage().arrayBuffers - before < 8_000_000, format)
    assert.is(await running(tag), 1, tag)
    leaving.abort()
    await answer.body?.cancel().catch(() => {})
    await goneWithinASecond(tag)
  }
})

test('an export that is not begun in its time is a 504, and is ended in QuestDB', async () => {
  for (const format of FORMATS) {
    const tag = `${prefix}late_${format}`
    const { status, bytes } = await post({ sql: silent(tag), format }, '?timeout=1')
    assert.equal([status, JSON.parse(bytes.toString()).code], [504, 'TIME_LIMIT'], format)
    await goneWithinASecond(tag)
  }
})

test('an export that is not done in its time is broken off, never ended as if it were whole', async () => {
  for (const format of FORMATS) {
    const tag = `${prefix}cut_${format}`
    const outcome = await post({ sql: endless(tag), format }, '?timeout=2').then(
      ({ status }) => `${status}, whole`,
      () => 'broken',
    )
    assert.is(outcome, 'broken', format)
    await goneWithinASecond(tag)
  }
})

test('a query that fails midway breaks the transfer', async () => {
  for (const format of FORMATS) {
    const sql = `select x, 1::decimal(10,2) / cast(900000 - x as decimal(10,2)) d from ${many}`
    const outcome = await post({ sql, format }).then(
      ({ status, bytes }) => `${status}, ${bytes.toString().slice(0, 1_000)}`,
      () => 'broken',
    )
    // QuestDB makes the first part of a Parquet file of rows that lie behind this one, so it can still say what is wrong.
    assert.match(outcome, format === 'parquet' ? /^400, .*"SQL_INVALID"/ : /^broken$/, format)
  }
})

test('a connection to QuestDB that is lost midway breaks the transfer', async () => {
  for (const format of FORMATS) {
    const tag = `${prefix}lost_${format}`
    const outcome = readSlowly(endless(tag), format)
    await runs(tag, outcome)
    await sleep(300)
    await proxy.cut()
    assert.match(await outcome, /^broken: /, format)
    await proxy.restore()
    await goneWithinASecond(tag)
  }
})

test('without QuestDB the answer is a 503 that says when to try again', async () => {
  await proxy.cut()
  for (const format of FORMATS)
    for (const asked of [{ sql: 'select 1' }, { measurement: many }]) {
      const { status, headers, bytes } = await post({ ...asked, format })
      assert.equal([status, JSON.parse(bytes.toString()).code], [503, 'QUESTDB_UNAVAILABLE'])
      assert.ok(Number(headers.get('retry-after')) > 0)
    }
  await proxy.restore()
})

test('an export waits for a place in QuestDB within its time; then it is a 503 that says when to try again', async () => {
  const leaving = new AbortController()
  const holders = Array.from({ length: PLACES }, () => unread(endless(`${prefix}place`), 'csv', leaving.signal))
  for (const { status } of await Promise.all(holders)) assert.is(status, 200)
  const started = performance.now()
  const { status, headers, bytes } = await post({ sql: 'select 1 one' }, '?timeout=1')
  assert.is(status, 503)
  assert.ok(Number(headers.get('retry-after')) > 0)
  const { code, message } = JSON.parse(bytes.toString())
  assert.is(code, 'QUESTDB_UNAVAILABLE')
  assert.match(message, /All places for exports/)
  assert.ok(performance.now() - started > 900)
  const patient = post({ sql: 'select 1 one' }, '?timeout=20')
  await sleep(500)
  leaving.abort()
  assert.is((await patient).bytes.toString(), '"one"\r\n1\r\n')
})

test.run()
