/** Rows that break what a manifest promises are stored, and the receipt says what is odd. */
import * as assert from 'uvu/assert'
import { bars, ownDataset } from '../../support/fixtures.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

const server = await startServer()
const { prefix } = server.engines
test.after(() => server.stop())

const HOUR = 3_600_000
/** A Monday, 00:00 UTC. */
const MONDAY = Date.UTC(2024, 11, 2)

async function dataset(name: string, over: Record<string, unknown> = {}): Promise<string> {
  const body = ownDataset(prefix, name, over)
  assert.is((await server.post('/api/datasets', body)).status, 201)
  return `/api/datasets/${body.dataset_slug}`
}

interface Receipt {
  readonly total_rows: number
  readonly warnings: string[]
}

async function append(path: string, rows: readonly unknown[]): Promise<Receipt> {
  const answer = await server.post(`${path}/append`, { rows })
  assert.is(answer.status, 200, answer.text)
  return answer.json as Receipt
}

const without = (from: number, to: number, count = 100) => bars(count, MONDAY).filter((_, i) => i < from || i >= to)

test('rows one bar apart give no warning, whether they come in one batch or in several', async () => {
  const path = await dataset('whole')
  const rows = bars(300, MONDAY)
  for (const part of [rows.slice(0, 100), rows.slice(100, 200), rows.slice(200), rows])
    assert.equal((await append(`${path}/ohlcv`, part)).warnings, [])
})

test('a gap inside a batch is told with its bounds, and the rows are stored', async () => {
  const path = await dataset('inside')
  const receipt = await append(`${path}/ohlcv`, without(10, 13))
  assert.equal(receipt, {
    ...receipt,
    total_rows: 97,
    warnings: [
      '1 gap between rows that should be 3600000 ms apart: the first is from 2024-12-02T09:00:00.000Z to 2024-12-02T13:00:00.000Z',
    ],
  })
  assert.equal((await append(`${path}/ohlcv`, bars(100, MONDAY).slice(10, 13))).warnings, [], 'the gap is filled')
})

test('a gap towards the rows that were stored before is told on either side', async () => {
  const path = await dataset('between')
  const rows = bars(100, MONDAY)
  await append(`${path}/ohlcv`, rows.slice(40, 60))
  const after = await append(`${path}/ohlcv`, rows.slice(62, 70))
  assert.match(after.warnings.join(), /^1 gap .* from 2024-12-04T11:00:00.000Z to 2024-12-04T14:00:00.000Z$/)
  const before = await append(`${path}/ohlcv`, rows.slice(0, 30))
  assert.match(before.warnings.join(), /^1 gap .* from 2024-12-03T05:00:00.000Z to 2024-12-03T16:00:00.000Z$/)
  const both = await append(`${path}/ohlcv`, rows.slice(31, 39))
  assert.match(
    both.warnings.join(),
    /^2 gaps .* from 2024-12-03T05:00:00.000Z to .*T07:00:00.000Z, the longest has 1 missing bars$/,
  )
})

test('many gaps are one sentence: how many, how many over a weekend, the first and the longest', async () => {
  const path = await dataset('closing')
  // Three weeks of a market that closes at 22:00 on Fridays and opens at 22:00 on Sundays, and each day from 12:00 to 14:00.
  const open = bars(24 * 21, MONDAY).filter(({ timestamp }) => {
    const [day, hour] = [new Date(timestamp).getUTCDay(), new Date(timestamp).getUTCHours()]
    return !(day === 6 || (day === 5 && hour >= 22) || (day === 0 && hour < 22)) && hour !== 12 && hour !== 13
  })
  const { warnings } = await append(`${path}/ohlcv`, open)
  assert.equal(warnings, [
    '18 gaps (3 over a weekend) between rows that should be 3600000 ms apart: ' +
      'the first is from 2024-12-02T11:00:00.000Z to 2024-12-02T14:00:00.000Z, the longest has 48 missing bars',
  ])
})

test('without a known length of bar no gap is looked for', async () => {
  const path = await dataset('unknown', { granularity: 'unknown', bar_interval_ms: 0 })
  assert.equal((await append(`${path}/ohlcv`, without(10, 90))).warnings, [])
})

test('a day of 25 hours is no gap between daily bars, a day left out is one', async () => {
  const path = await dataset('days', { granularity: '1d', bar_interval_ms: 24 * HOUR, lookback_rows: 0 })
  const days = [0, 24, 49, 73, 96].map((hours) => ({ timestamp: MONDAY + hours * HOUR, a: hours }))
  assert.equal((await append(`${path}/indicators`, days)).warnings, [])
  const [warning, ...others] = (await append(`${path}/indicators`, [{ timestamp: MONDAY + 144 * HOUR, a: 1 }])).warnings
  assert.match(warning as string, /^1 gap .*86400000 ms apart/)
  assert.equal(others, [])
})

test('rows out of order are counted and the first is named; equal times are no disorder', async () => {
  const path = await dataset('order')
  const rows = bars(30, MONDAY)
  const swapped = [...rows.slice(0, 9), rows[10], rows[9], ...rows.slice(11), rows[29]]
  assert.equal((await append(`${path}/ohlcv`, swapped)).warnings, [
    'row 10 is earlier than the row before it; rows are kept in the order of time',
  ])
  assert.equal((await append(`${path}/ohlcv`, rows.slice().reverse())).warnings, [
    '29 rows are earlier than the row before them, the first is row 1; rows are kept in the order of time',
  ])
})

test('disorder is seen across the batches of a large frame', async () => {
  const path = await dataset('large')
  const rows = bars(25_000, MONDAY)
  const { warnings } = await append(`${path}/ohlcv`, [...rows.slice(5000), ...rows.slice(0, 5000)])
  assert.equal(warnings, ['row 20000 is earlier than the row before it; rows are kept in the order of time'])
})

test('indicators with fewer bars before them than the lookback are told, exactly as many are not', async () => {
  const path = await dataset('lookback', { lookback_rows: 20 })
  const rows = bars(60, MONDAY)
  const indicators = rows.map(({ timestamp }, a) => ({ timestamp, a }))
  assert.equal(
    (await append(`${path}/indicators`, indicators.slice(30))).warnings,
    [],
    'no bars to hold them against yet',
  )
  await append(`${path}/ohlcv`, rows)
  assert.equal((await append(`${path}/indicators`, indicators.slice(20))).warnings, [])
  assert.equal((await append(`${path}/indicators`, indicators.slice(18))).warnings, [
    "the first indicator row, 2024-12-02T18:00:00.000Z, has 18 bars before it; the dataset's lookback_rows is 20",
  ])
})

test.run()
