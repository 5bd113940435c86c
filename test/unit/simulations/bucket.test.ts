import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { type BucketRecord, computeBuckets, readBuckets, renderBucket } from '../../../src/simulations/bucket.js'
import { readTrade, type TradeRecord } from '../../../src/simulations/trade.js'
import { simulationBodies } from '../../support/fixtures.js'
import { test } from '../../support/test.js'

const START = Date.UTC(2025, 0, 2)

function trades(...rows: [side: string, pnl: number, return_pct: number, hour?: number][]): TradeRecord[] {
  return rows.map(([side, pnl, return_pct, hour], index) =>
    readTrade({ side, pnl, return_pct, entry_timestamp: hour === undefined ? 0 : START + hour * 3_600_000 }, index),
  )
}

function figures(bucket: BucketRecord | undefined) {
  return [
    bucket?.side,
    bucket?.trade_count,
    bucket?.win_count,
    bucket?.profit_factor,
    bucket?.avg_return_pct,
    bucket?.max_drawdown_pct,
  ]
}

test('dual, long and short are counted and summed', () => {
  const [dual, long, short, ...more] = computeBuckets(
    trades(['long', 6, 3, 1], ['short', -2, -1, 2], ['LONG', -1, -0.5, 3], ['short', 4, 2, 4], ['other', 0, 0, 5]),
  )
  assert.equal(figures(dual), ['dual', 5, 2, 10 / 3, 3.5, 1.5])
  assert.equal(figures(long), ['long', 2, 1, 6, 2.5, 0.5])
  assert.equal(figures(short), ['short', 2, 1, 2, 1, 1])
  assert.equal(more, [])
  assert.ok([dual, long, short].every((bucket) => bucket?.computed))
})

test('a profit factor without losses is 999, and without wins 0', () => {
  assert.is(computeBuckets(trades(['long', 2, 1], ['long', 0, 0]))[0]?.profit_factor, 999)
  assert.is(computeBuckets(trades(['long', -2, -1], ['long', 0, 0]))[0]?.profit_factor, 0)
  assert.is(computeBuckets(trades(['long', 0, 0]))[0]?.profit_factor, 0)
})

test('a slice without trades has figures of 0; without any trade there are no buckets', () => {
  assert.equal(figures(computeBuckets(trades(['long', 2, 1]))[2]), ['short', 0, 0, 0, 0, 0])
  assert.equal(computeBuckets([]), [])
})

test('the drawdown follows the time of entry, not the order in which trades were sent', () => {
  const sent = trades(['long', 1, 5, 3], ['long', -1, -4, 1], ['long', 1, 3, 2], ['long', -1, -2, 4])
  assert.is(computeBuckets(sent)[0]?.max_drawdown_pct, 4)
  const unknownFirst = trades(['long', 1, 5, 3], ['long', -1, -4])
  assert.is(computeBuckets(unknownFirst)[0]?.max_drawdown_pct, 4)
})

test('a loss at the very start is a drawdown from 0', () => {
  assert.is(computeBuckets(trades(['long', -1, -7, 1], ['long', 1, 20, 2]))[0]?.max_drawdown_pct, 7)
})

test("of the desktop's own trades the counts, wins and returns are those of its buckets", () => {
  for (const body of simulationBodies()) {
    const computed = computeBuckets(body.trades.map(readTrade))
    for (const [i, own] of body.buckets.entries()) {
      const bucket = computed[i] as BucketRecord
      assert.equal([bucket.side, bucket.trade_count, bucket.win_count], [own.side, own.trade_count, own.win_count])
      assert.ok(Math.abs((bucket.avg_return_pct ?? 0) - Number(own.avg_return_pct)) < 1e-3, String(own.side))
    }
  }
})

const figure = fc.double({ min: -1e6, max: 1e6, noNaN: true })
const anyTrades = fc
  .array(fc.record({ side: fc.constantFrom('long', 'short'), pnl: figure, return_pct: figure, hour: fc.nat(50) }))
  .map((rows) => trades(...rows.map((r): [string, number, number, number] => [r.side, r.pnl, r.return_pct, r.hour])))

test('for any trades: long and short add up to dual, and every figure is a number in its range', () => {
  fc.assert(
    fc.property(anyTrades, (all) => {
      const [dual, long, short] = computeBuckets(all)
      if (!dual || !long || !short) return all.length === 0
      const sum = (of: 'trade_count' | 'win_count') => (long[of] ?? 0) + (short[of] ?? 0)
      assert.equal([dual.trade_count, dual.win_count], [sum('trade_count'), sum('win_count')])
      for (const bucket of [dual, long, short]) {
        assert.ok((bucket.max_drawdown_pct ?? -1) >= 0)
        assert.ok((bucket.profit_factor ?? -1) >= 0)
        assert.ok((bucket.win_count ?? 0) <= (bucket.trade_count ?? 0))
        if (bucket.win_count === 0) assert.is(bucket.profit_factor, 0)
      }
      const tolerance = 1e-9 * all.reduce((size, trade) => size + Math.abs(trade.return_pct ?? 0), 1)
      const parts = (long.avg_return_pct ?? 0) + (short.avg_return_pct ?? 0)
      assert.ok(Math.abs((dual.avg_return_pct ?? 0) - parts) <= tolerance)
      return true
    }),
  )
})

test('for any trades: the drawdown is the largest fall from an earlier point of the curve to a later one', () => {
  fc.assert(
    fc.property(anyTrades, (all) => {
      const ordered = [...all].sort((a, b) => a.entry_timestamp - b.entry_timestamp || a.trade_index - b.trade_index)
      const curve = [0]
      for (const trade of ordered) curve.push((curve.at(-1) as number) + (trade.return_pct ?? 0))
      let largest = 0
      for (let i = 0; i < curve.length; i++)
        for (let j = i; j < curve.length; j++) largest = Math.max(largest, (curve[i] as number) - (curve[j] as number))
      assert.is(computeBuckets(all)[0]?.max_drawdown_pct ?? 0, largest)
    }),
  )
})

test("a client's own buckets are taken as they are; ones that the server computed are made anew", () => {
  const all = trades(['long', 2, 1], ['short', -1, -1])
  const own = readBuckets([{ side: 'all', trade_count: 7, note: 'mine' }], all)
  assert.equal(own, [
    {
      side: 'all',
      trade_count: 7,
      win_count: null,
      profit_factor: null,
      avg_return_pct: null,
      max_drawdown_pct: null,
      notes: '',
      computed: false,
      extra: { note: 'mine' },
    },
  ])
  const shown = computeBuckets(trades(['long', 9, 9])).map(renderBucket)
  assert.equal(readBuckets(shown as Parameters<typeof readBuckets>[0], all), computeBuckets(all))
})

test('an answer tells the win rate in percent where it can be known', () => {
  const [bucket] = readBuckets([{ side: 'long', trade_count: 8, win_count: 2 }], [])
  assert.is(renderBucket(bucket as BucketRecord).win_rate_pct, 25)
  const [empty] = readBuckets([{ side: 'long', trade_count: 0, win_count: 0 }], [])
  assert.is(renderBucket(empty as BucketRecord).win_rate_pct, 0)
  const [unknown] = readBuckets([{ side: 'long', trade_count: 8 }], [])
  assert.not('win_rate_pct' in renderBucket(unknown as BucketRecord))
})

test.run()
