/** Rows of one frame that agree in all keys: refused and named, or the last of them stays, whatever requests they travel in. */
import { tableFromArrays, tableToIPC } from 'apache-arrow'
import * as assert from 'uvu/assert'
import { FIRST_MS } from '../../support/csv.js'
import { ownEngines } from '../../support/engines.js'
import { importCsv, type Problem, postCsv, rowCount, storedRows } from '../../support/imports.js'
import { startOvertakingProxy } from '../../support/overtaking-proxy.js'
import { startServer } from '../../support/server.js'
import { watchStaged } from '../../support/staged.js'
import { test } from '../../support/test.js'

const MB = 1024 * 1024
const engines = await ownEngines()
const proxy = await startOvertakingProxy(
  engines.questdbUrl,
  ({ method, headers }) => method === 'POST' && Number(headers['content-length']) > 8 * MB,
)
const server = await startServer({ engines, questdbUrl: proxy.url })
const { prefix, questdb } = engines
const staged = await watchStaged(engines)
test.after(async () => {
  await server.stop()
  await proxy.stop()
  await engines.release()
})

const names = { count: 0 }
const fresh = () => `${prefix}twins_${names.count++}`

interface Collapse {
  readonly keys: string[]
  readonly collapsing: number
  readonly rows: { earlier_row: number; later_row: number; key: Record<string, unknown> }[]
}

/** Refused because rows collapse; the measurement is as it was and no staging table is left. */
async function collapse(name: string, csv: string, options: Record<string, string> = {}): Promise<Collapse> {
  const before = await rowCount(engines, name)
  const answer = await postCsv(server, name, csv, options)
  const { code, details } = answer.json as Problem
  assert.equal([answer.status, code], [422, 'ROWS_COLLAPSE'], answer.text.slice(0, 500))
  assert.is(await rowCount(engines, name), before)
  assert.equal(await staged.left(), [])
  return details as unknown as Collapse
}

const SMALL = 'timestamp,side,x\n1704067200,a,1\n1704067260,a,2\n1704067200,b,3\n1704067260,a,4\n'

test('of a new measurement, rows of the same time are refused and the first of them named', async () => {
  assert.equal(await collapse(fresh(), SMALL), {
    keys: ['timestamp'],
    collapsing: 2,
    rows: [
      { earlier_row: 0, later_row: 2, key: { timestamp: '2024-01-01T00:00:00.000Z' } },
      { earlier_row: 1, later_row: 3, key: { timestamp: '2024-01-01T00:01:00.000Z' } },
    ],
  })
})

test('columns that tell them apart are keys; what still agrees is refused with its values', async () => {
  const { keys, collapsing, rows } = await collapse(fresh(), SMALL, { dedup_keys: 'side' })
  assert.equal([keys, collapsing], [['timestamp', 'side'], 1])
  assert.equal(rows, [{ earlier_row: 1, later_row: 3, key: { timestamp: '2024-01-01T00:01:00.000Z', side: 'a' } }])
  const receipt = await importCsv(server, fresh(), SMALL, { dedup_keys: 'side,x' })
  assert.equal([receipt.rows_written, receipt.rows_deduplicated], [4, 0])
})

test('an append is held to the keys that the measurement has', async () => {
  const name = fresh()
  await importCsv(server, name, 'timestamp,side,x\n1704067200,a,0\n', { dedup_keys: 'side' })
  const { keys, collapsing } = await collapse(name, SMALL)
  assert.equal([keys, collapsing], [['timestamp', 'side'], 1])
  const receipt = await importCsv(server, name, SMALL.replace(',a,4', ',c,4'))
  assert.equal([receipt.rows_written, receipt.rows_deduplicated, receipt.total_rows], [3, 1, 4])
  const { keys: plain } = await collapse(name, 'timestamp,x\n1704067200,1\n1704067200,2\n')
  assert.equal(plain, ['timestamp', 'side'], 'a frame without the key column has no value in it')
})

test('rows in any order without twins are stored, small or large', async () => {
  const name = fresh()
  const shuffled = (rows: number, from: number) =>
    Array.from({ length: rows }, (_, i) => `${FIRST_MS + (from + ((i * 7) % rows)) * 1000},${i}`).join('\n')
  for (const [rows, from] of [
    [1_000, 0],
    [1_000, 1_000],
    [60_000, 2_000],
  ] as const) {
    const receipt = await importCsv(server, name, `timestamp,x\n${shuffled(rows, from)}\n`)
    assert.equal([receipt.rows_written, receipt.rows_deduplicated], [rows, 0])
  }
})

test('at most ten pairs are told, and of many rows the first', async () => {
  const rows = 120_000
  const lines = Array.from({ length: rows }, (_, i) => `${FIRST_MS + (i < 100_000 ? i : i - 90_000) * 1000},${i}`)
  const told = await collapse(fresh(), `timestamp,x\n${lines.join('\n')}\n`)
  assert.is(told.collapsing, 20_000)
  assert.equal(
    told.rows.map(({ earlier_row, later_row }) => [earlier_row, later_row]),
    Array.from({ length: 10 }, (_, i) => [10_000 + i, 100_000 + i]),
  )
})

/** Every time comes in every round, which is more than a request of 16 MB; `x` counts the rows. */
function wideTwins(times: number, rounds: number): string {
  const filler = 'f'.repeat(4_000)
  const lines: string[] = []
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < times; i++) lines.push(`${FIRST_MS + ((i * 7) % times) * 1000},${round * times + i},${filler}`)
  }
  return `timestamp,x,filler\n${lines.join('\n')}\n`
}

test('with keep_last the later row of the file stays; no request overtakes another', async () => {
  const [times, rounds] = [5_000, 2]
  const csv = wideTwins(times, rounds)
  assert.ok(csv.length > rounds * 16 * MB)
  proxy.holdNext(1_500)
  const last = Array.from({ length: times }, () => '')
  for (let i = 0; i < times; i++) last[(i * 7) % times] = String((rounds - 1) * times + i)
  const name = fresh()
  const receipt = await importCsv(server, name, csv, { on_duplicate: 'keep_last' })
  assert.equal(
    [receipt.rows_received, receipt.rows_written, receipt.rows_deduplicated, receipt.total_rows],
    [times * rounds, times, times * (rounds - 1), times],
  )
  assert.equal((await storedRows(engines, name, 'x')).flat(), last)
})

test('with keep_last a small append stores the later row too', async () => {
  const name = fresh()
  await importCsv(server, name, 'timestamp,side,x\n1704067200,a,0\n')
  const receipt = await importCsv(server, name, SMALL, { on_duplicate: 'keep_last' })
  assert.equal([receipt.rows_written, receipt.rows_deduplicated, receipt.total_rows], [1, 3, 2])
  assert.equal(await storedRows(engines, name, 'side, x'), [
    ['b', '3'],
    ['a', '4'],
  ])
})

test('a key column whose cells begin late in the file is a key of its own type', async () => {
  const rows = 25_000
  const cell = (i: number) => (i < 20_000 ? '' : `s${i}`)
  const lines = Array.from({ length: rows }, (_, i) => `${FIRST_MS + Math.min(i, 20_000) * 1000},${cell(i)},${i}`)
  const name = fresh()
  const receipt = await importCsv(server, name, `timestamp,side,x\n${lines.join('\n')}\n`, { dedup_keys: 'side' })
  assert.equal([receipt.rows_written, receipt.rows_deduplicated], [rows, 0])
  const { dataset } = await questdb.exec(`SELECT count_distinct(side), count() FROM "${name}"`)
  assert.equal(dataset[0], ['5000', String(rows)])
})

test('rows of Arrow are told apart in the same way', async () => {
  const columns = {
    timestamp: BigInt64Array.of(1n, 2n, 1n).map((n) => BigInt(FIRST_MS) + n),
    x: Float64Array.of(1, 2, 3),
  }
  const body = tableToIPC(tableFromArrays(columns), 'stream')
  const send = (query: string) =>
    server.send('POST', `/api/questdb/import?measurement=${fresh()}${query}`, {
      body,
      media: 'application/vnd.apache.arrow.stream',
    })
  const refused = await send('')
  assert.is(refused.status, 422)
  assert.is((refused.json as Problem).code, 'ROWS_COLLAPSE')
  assert.equal((await send('&dedup_keys=x')).status, 200)
  assert.equal((await send('&on_duplicate=keep_last')).status, 200)
})

test.run()
