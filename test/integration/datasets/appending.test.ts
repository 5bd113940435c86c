import * as assert from 'uvu/assert'
import { assertSame, bars, ownDataset } from '../../support/fixtures.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

type Row = Record<string, unknown> & { timestamp: unknown }

const server = await startServer()
const { prefix } = server.engines
test.after(() => server.stop())

const START = Date.UTC(2024, 10, 28, 22)
const HOUR = 3_600_000

async function dataset(name: string): Promise<string> {
  const body = ownDataset(prefix, name)
  assert.is((await server.post('/api/datasets', body)).status, 201)
  return `/api/datasets/${body.dataset_slug}`
}

async function append(path: string, rows: readonly unknown[]): Promise<Record<string, unknown>> {
  const answer = await server.post(`${path}/append`, { rows })
  assert.is(answer.status, 200, answer.text.slice(0, 500))
  return answer.json as Record<string, unknown>
}

async function read(path: string): Promise<Row[]> {
  const answer = await server.get(path)
  assert.is(answer.status, 200, answer.text.slice(0, 500))
  return (answer.json as { rows: Row[] }).rows
}

/** A row as it comes back: its time as text and in milliseconds, then its values. */
function shown({ timestamp, ...values }: { timestamp: number }): Row {
  return { timestamp: new Date(timestamp).toISOString().replace('Z', '000Z'), timestamp_ms: timestamp, ...values }
}

test('ten thousand bars go in with one request and come back every one, in order, to the last bit', async () => {
  const path = await dataset('bars')
  const rows = bars(10_000)
  const receipt = await append(`${path}/ohlcv`, rows)
  assert.equal(
    [receipt.rows_received, receipt.rows_written, receipt.duplicates, receipt.total_rows],
    [10_000, 10_000, 0, 10_000],
  )
  assert.equal([receipt.first_ts_ms, receipt.last_ts_ms], [START, START + 9_999 * HOUR])
  assert.equal([receipt.first_ts, receipt.measurement], [new Date(START).toISOString(), `${prefix}bars_ohlcv`])
  assert.is(receipt.bytes, Buffer.byteLength(JSON.stringify({ rows })))
  assert.match(receipt.digest as string, /^sha-256=:.{44}:$/)
  assertSame(await read(`${path}/ohlcv`), rows.map(shown))
})

test('the same rows again change nothing and are counted as duplicates', async () => {
  const path = await dataset('again')
  const rows = bars(500)
  await append(`${path}/ohlcv`, rows)
  for (let i = 0; i < 2; i++) {
    const receipt = await append(`${path}/ohlcv`, rows)
    assert.equal([receipt.rows_written, receipt.duplicates, receipt.total_rows], [0, 500, 500])
  }
  assertSame(await read(`${path}/ohlcv`), rows.map(shown))
})

test('an export that sends all batches again, longer than before, adds only the new rows', async () => {
  const path = await dataset('export')
  const rows = bars(2500)
  const batches = (count: number) =>
    [0, 1000, 2000].map((from) => rows.slice(from, Math.min(from + 1000, count))).filter((batch) => batch.length > 0)
  for (const batch of batches(2200)) await append(`${path}/ohlcv`, batch)
  const receipts = []
  for (const batch of batches(2500)) receipts.push(await append(`${path}/ohlcv`, batch))
  assert.equal(
    receipts.map((receipt) => [receipt.rows_written, receipt.duplicates, receipt.total_rows]),
    [
      [0, 1000, 2200],
      [0, 1000, 2200],
      [300, 200, 2500],
    ],
  )
  assertSame(await read(`${path}/ohlcv`), rows.map(shown))
})

test("a row whose time is there already takes the earlier one's place, in the table and within one request", async () => {
  const path = await dataset('latest')
  await append(`${path}/indicators`, [{ timestamp: START, a: 1 }])
  await append(`${path}/indicators`, [{ timestamp: START, a: 2 }])
  const receipt = await append(`${path}/indicators`, [
    { timestamp: START + HOUR, a: 3 },
    { timestamp: START + HOUR, a: 4 },
  ])
  assert.equal([receipt.rows_received, receipt.rows_written, receipt.duplicates, receipt.total_rows], [2, 1, 1, 2])
  assert.equal(
    (await read(`${path}/indicators`)).map((row) => row.a),
    [2, 4],
  )
})

test('a column that appears later is null in the rows before, a missing cell is null in its row', async () => {
  const path = await dataset('columns')
  await append(`${path}/indicators`, [
    { timestamp: START, RSI_14: 54.25, Date: 20241128, Time: 2200 },
    { timestamp: START + HOUR, Date: 20241128, Time: 2300, RSI_14: null },
  ])
  await append(`${path}/indicators`, [
    { timestamp: START + 2 * HOUR, ATR_14: -0.1, RSI_14: 5e-324 },
    { timestamp: START + 3 * HOUR, ATR_14: 1.7976931348623157e308 },
  ])
  const rows = await read(`${path}/indicators`)
  assert.equal(
    rows.map(({ RSI_14, Date: date, Time: time, ATR_14 }) => [RSI_14, date, time, ATR_14]),
    [
      [54.25, 20241128, 2200, null],
      [null, 20241128, 2300, null],
      [5e-324, null, null, -0.1],
      [null, null, null, 1.7976931348623157e308],
    ],
  )
})

test('times in seconds, milliseconds, microseconds and as text are the same times', async () => {
  const path = await dataset('times')
  const spellings: ((ms: number) => unknown)[] = [
    (ms) => ms / 1000,
    (ms) => ms,
    (ms) => ms * 1000,
    (ms) => new Date(ms).toISOString(),
  ]
  for (const [i, spell] of spellings.entries()) {
    const receipt = await append(
      `${path}/indicators`,
      [0, 1, 2].map((n) => ({ timestamp: spell(START + n * HOUR), a: n, b: i })),
    )
    assert.equal([receipt.total_rows, receipt.first_ts_ms], [3, START])
  }
  const rows = await read(`${path}/indicators`)
  assertSame(
    rows,
    [0, 1, 2].map((n) => shown({ timestamp: START + n * HOUR, a: n, b: 3 } as never)),
  )
})

test('rows in any order are read in the order of time', async () => {
  const path = await dataset('order')
  const rows = bars(300)
  await append(`${path}/ohlcv`, [...rows.slice(100), ...rows.slice(0, 100)].reverse())
  assertSame(await read(`${path}/ohlcv`), rows.map(shown))
})

test('whole numbers of 2^53 and above, zero and tiny ones are doubles, as the desktop means them', async () => {
  const path = await dataset('doubles')
  const values = [0, 1, -1, 2 ** 53, -(2 ** 60), 1e21, 1e-320, 0.1, 1 / 3, 1e308]
  await append(
    `${path}/indicators`,
    values.map((a, n) => ({ timestamp: START + n * HOUR, a })),
  )
  assert.equal(
    (await read(`${path}/indicators`)).map((row) => row.a),
    values,
  )
})

test('rows that were read can be appended to another dataset as they are', async () => {
  const [from, to] = [await dataset('read_from'), await dataset('written_to')]
  await append(`${from}/indicators`, bars(50))
  const rows = await read(`${from}/indicators`)
  assert.is((await append(`${to}/indicators`, rows)).total_rows, 50)
  assertSame(await read(`${to}/indicators`), rows)
})

test('a column that begins with whole numbers, truth values or nothing takes decimals later', async () => {
  const path = await dataset('widened')
  await append(`${path}/indicators`, [{ timestamp: START, a: 1, b: true, c: null }])
  await append(`${path}/indicators`, [{ timestamp: START + HOUR, a: 1.5, b: 0.25, c: -3e-9 }])
  assert.equal(
    (await read(`${path}/indicators`)).map(({ a, b, c }) => [a, b, c]),
    [
      [1, 1, null],
      [1.5, 0.25, -3e-9],
    ],
  )
})

test.run()
