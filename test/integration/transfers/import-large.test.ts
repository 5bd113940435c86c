/** Imports that take the long way, through a staging table, and those that meet rows that are there already. */
import { setTimeout as sleep } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { csvOf, FIRST_MS, minutesCsv } from '../../support/csv.js'
import { importCsv, type Problem, postCsv, rowCount, storedRows } from '../../support/imports.js'
import { startServer } from '../../support/server.js'
import { watchStaged } from '../../support/staged.js'
import { test } from '../../support/test.js'

const server = await startServer()
const { engines } = server
const { prefix, questdb } = engines
const staged = await watchStaged(engines)
test.after(() => server.stop())

const ROWS = 200_000
const WIDE_ROWS = 30_000

/** More cells than one request could hold; after the first rows most of them are empty. */
const wide = (() => {
  const names = Array.from({ length: 145 }, (_, i) => `w${i}`).join(',')
  const [full, empty] = [',1.5'.repeat(145), ','.repeat(145)]
  const lines = Array.from({ length: WIDE_ROWS }, (_, n) => `${FIRST_MS + n * 60_000},${n}${n < 2 ? full : empty}`)
  return `timestamp,n,${names}\n${lines.join('\n')}\n`
})()

async function totals(name: string): Promise<unknown[]> {
  const { dataset } = await questdb.exec(`SELECT count(), sum(n), min(timestamp), max(timestamp) FROM "${name}"`)
  return [...(dataset[0] ?? [])]
}

const sumOf = (rows: number) => String((rows * (rows - 1)) / 2)

test('a large file appears whole: readers see no measurement, and then all of its rows', async () => {
  const name = `${prefix}large`
  const state = { importing: true }
  const seen = new Set<number | undefined>()
  const watching = (async () => {
    while (state.importing) {
      seen.add(await rowCount(engines, name))
      await sleep(10)
    }
  })()
  const receipt = await importCsv(server, name, minutesCsv(ROWS))
  state.importing = false
  await watching
  assert.equal([receipt.rows_received, receipt.rows_written, receipt.total_rows], [ROWS, ROWS, ROWS])
  assert.equal(
    [...seen].filter((rows) => rows !== undefined && rows !== ROWS),
    [],
  )
  assert.ok(seen.has(undefined))
  assert.equal((await totals(name)).slice(0, 2), [String(ROWS), sumOf(ROWS)])
  assert.is(receipt.last_ts_ms, FIRST_MS + (ROWS - 1) * 60_000)
})

test('a large file that overlaps adds what is new and takes the place of what is not', async () => {
  const name = `${prefix}overlap`
  const first = { timestamp: FIRST_MS - 60_000, n: -1, w0: 0.25 }
  const stale = { timestamp: FIRST_MS + 60_000, n: 1_000_000, w0: 0.25 }
  await importCsv(server, name, csvOf([first, stale]))
  const receipt = await importCsv(server, name, wide)
  assert.equal([receipt.rows_written, receipt.rows_deduplicated, receipt.total_rows], [WIDE_ROWS - 1, 1, WIDE_ROWS + 1])
  const rows = await storedRows(engines, name, 'n, w0, w144')
  assert.equal(rows.slice(0, 4), [
    ['-1', 0.25, null],
    ['0', 1.5, 1.5],
    ['1', 1.5, 1.5],
    ['2', null, null],
  ])
})

test('the same file again changes nothing, and the receipt says that all of it was there', async () => {
  const name = `${prefix}overlap`
  const before = await totals(name)
  const receipt = await importCsv(server, name, wide)
  assert.equal(
    [receipt.rows_received, receipt.rows_written, receipt.rows_deduplicated, receipt.total_rows],
    [WIDE_ROWS, 0, WIDE_ROWS, WIDE_ROWS + 1],
  )
  assert.equal(await totals(name), before)
})

test('a fault near the end of a large file leaves the measurement as it was', async () => {
  const name = `${prefix}overlap`
  const before = await totals(name)
  const answer = await postCsv(server, name, `${wide}${FIRST_MS},x${','.repeat(145)}\n`)
  assert.is(answer.status, 422)
  assert.is((answer.json as Problem).details.line, WIDE_ROWS + 2)
  assert.equal(await totals(name), before)
})

test('files go into a table that a client made, whatever its time column is called', async () => {
  const name = `${prefix}foreign`
  await questdb.run(`CREATE TABLE "${name}" (opened TIMESTAMP, n LONG) TIMESTAMP(opened) PARTITION BY DAY WAL`)
  assert.is((await importCsv(server, name, minutesCsv(3))).total_rows, 3)
  assert.is((await importCsv(server, name, wide)).total_rows, WIDE_ROWS)
  const { dataset } = await questdb.exec(`SELECT count(), sum(n), min(opened) FROM "${name}"`)
  assert.equal(dataset[0], [String(WIDE_ROWS), sumOf(WIDE_ROWS), '2024-01-01T00:00:00.000000Z'])
})

test('small files go into a measurement at the same time as large ones, and no row is lost', async () => {
  const name = `${prefix}busy`
  const small = (i: number) => csvOf([{ timestamp: FIRST_MS - (i + 1) * 60_000, n: -1 - i }])
  const receipts = await Promise.all([
    importCsv(server, name, minutesCsv(20_000)),
    ...Array.from({ length: 8 }, (_, i) => importCsv(server, name, small(i))),
    importCsv(server, name, minutesCsv(30_000)),
  ])
  assert.is(await rowCount(engines, name), 30_008)
  const written = receipts.reduce((sum, receipt) => sum + receipt.rows_written, 0)
  assert.is(written, 30_008, 'the receipts add up to what is there')
})

test('two imports that both make the measurement end in one measurement with the rows of both', async () => {
  const name = `${prefix}both`
  const [first, second] = await Promise.all([
    importCsv(server, name, minutesCsv(1_000)),
    importCsv(server, name.toUpperCase(), csvOf([{ timestamp: FIRST_MS - 1, n: 7 }])),
  ])
  assert.is(first.rows_written + second.rows_written, 1_001)
  assert.is(await rowCount(engines, name), 1_001)
})

test('no staged table is left', async () => {
  assert.equal(await staged.left(), [])
})

test.run()
