/** Rows that agree in all keys are found exactly as a map of all keys would find them. */
import fc from 'fast-check'
import * as assert from 'uvu/assert'
import type { Column, ColumnBatch } from '../../../src/frames/batch.js'
import { firstTwins, mayCollapse } from '../../../src/transfers/collapsing-rows.js'
import { test } from '../../support/test.js'

interface Row {
  readonly time: number
  readonly double: number | null
  readonly long: bigint | null
  readonly flag: boolean | null
  readonly text: string | null
}

const KEYS = ['price', 'n', 'up', 'side']
const LOWEST = -(2n ** 63n)

/** The rows in batches of so many, with the column names in another case than the keys. */
function batchesOf(rows: readonly Row[], size: number): ColumnBatch[] {
  const batches: ColumnBatch[] = []
  for (let firstRow = 0; firstRow < rows.length; firstRow += size) {
    const part = rows.slice(firstRow, firstRow + size)
    const valid = (cells: readonly unknown[]) => Uint8Array.from(cells, (cell) => (cell === null ? 0 : 1))
    const [doubles, longs] = [part.map((row) => row.double), part.map((row) => row.long)]
    const [flags, texts] = [part.map((row) => row.flag), part.map((row) => row.text)]
    const columns: Column[] = [
      {
        name: 'Price',
        type: 'double',
        values: Float64Array.from(doubles, (cell) => cell ?? Number.NaN),
        valid: valid(doubles),
      },
      { name: 'N', type: 'long', values: BigInt64Array.from(longs, (cell) => cell ?? 0n), valid: valid(longs) },
      { name: 'up', type: 'boolean', values: Uint8Array.from(flags, (cell) => (cell ? 1 : 0)), valid: valid(flags) },
      { name: 'side', type: 'symbol', values: texts.map((cell) => cell ?? ''), valid: valid(texts) },
    ]
    const timestamps = BigInt64Array.from(part, (row) => BigInt(row.time) * 1000n)
    batches.push({ rows: part.length, firstRow, timestamps, columns })
  }
  return batches
}

/** What makes two rows one to QuestDB, as text. */
function keyOf({ time, double, long, flag, text }: Row): string {
  const price = double === null || Number.isNaN(double) ? 'none' : Object.is(double, -0) ? '-0' : String(double)
  const n = long === null || long === LOWEST ? 'none' : String(long)
  return JSON.stringify([time, price, n, flag ?? false, text])
}

function naiveTwins(rows: readonly Row[]): { earlier: number; later: number }[] {
  const seen = new Map<string, number>()
  return rows.flatMap((row, later) => {
    const earlier = seen.get(keyOf(row))
    if (earlier !== undefined) return [{ earlier, later }]
    seen.set(keyOf(row), later)
    return []
  })
}

const anyRow: fc.Arbitrary<Row> = fc.record({
  time: fc.integer({ min: 0, max: 3 }),
  double: fc.constantFrom(null, 0, -0, 0.1, Number.NaN),
  long: fc.constantFrom(null, 0n, LOWEST, 2n ** 62n + 1n),
  flag: fc.constantFrom(null, false, true),
  text: fc.constantFrom(null, '', 'a', 'A', 'a '),
})

test('twins are those that a map of all keys finds, whatever the batches and the number compared at once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyRow, { minLength: 1, maxLength: 120 }),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 5 }),
      async (rows, size, wanted, suspects) => {
        const batches = batchesOf(rows, size)
        const expected = naiveTwins(rows)
        const found = await firstTwins(() => batches, KEYS, rows.length, wanted, suspects)
        assert.equal(
          found.map(({ earlier, later }) => ({ earlier, later })),
          expected.slice(0, wanted),
        )
        if (expected.length > 0) assert.ok(mayCollapse(batches, KEYS))
      },
    ),
    { numRuns: 300 },
  )
})

const plain = (time: number): Row => ({ time, double: 1, long: 1n, flag: true, text: 'x' })

test('of a million rows in any order the only two that are one are found', async () => {
  const rows = 1_000_000
  const timestamps = BigInt64Array.from({ length: rows }, (_, i) => BigInt((i * 7919) % rows) * 1_000_000n)
  const batch: ColumnBatch = { rows, firstRow: 0, timestamps, columns: [] }
  assert.not(mayCollapse([batch], []) && (await firstTwins(() => [batch], [], rows, 10)).length > 0)
  timestamps[999_999] = timestamps[123_456] as bigint
  assert.ok(mayCollapse([batch], []))
  const twins = await firstTwins(() => [batch], [], rows, 10)
  assert.equal(
    twins.map(({ earlier, later }) => [earlier, later]),
    [[123_456, 999_999]],
  )
})

test('rows without a twin seldom come into doubt', () => {
  const doubts = Array.from({ length: 50 }, (_, n) =>
    batchesOf(
      Array.from({ length: 200 }, (_, i) => plain(n * 1000 + i)),
      50,
    ),
  )
  assert.ok(doubts.filter((batches) => mayCollapse(batches, KEYS)).length <= 2)
})

test('a key is shown as a person reads it; what is missing is null and long text is cut', async () => {
  const row: Row = { time: 1_700_000_000_000, double: 0.5, long: 2n ** 62n, flag: null, text: 'x'.repeat(300) }
  const none: Row = { time: 1, double: null, long: null, flag: true, text: null }
  const batches = batchesOf([row, row, none, none], 2)
  const [first, second] = await firstTwins(() => batches, [...KEYS, 'absent'], 4, 2)
  assert.equal(first?.key, {
    ...{ timestamp: '2023-11-14T22:13:20.000Z', price: 0.5, n: String(2n ** 62n), up: false },
    ...{ side: 'x'.repeat(100), absent: null },
  })
  assert.equal(second?.key, {
    ...{ timestamp: '1970-01-01T00:00:00.001Z', price: null, n: null, up: true, side: null, absent: null },
  })
})

test.run()
