/** A bucket, the figures of one slice of the trades: read from a request, made from the trades, and shown in answers. */
import type { components } from '../../generated/api.js'
import { extraOf } from '../records/extra.js'
import { inTimeOrder, type TradeRecord } from './trade.js'

type Bucket = components['schemas']['SimulationBucket']
export type BucketDetail = components['schemas']['SimulationBucketDetail']

export interface BucketRecord {
  readonly side: string
  readonly trade_count: number | null
  readonly win_count: number | null
  readonly profit_factor: number | null
  /** The total return in percent, in spite of its name. */
  readonly avg_return_pct: number | null
  /** Percent, positive. */
  readonly max_drawdown_pct: number | null
  readonly notes: string
  /** Made by the server from the trades. */
  readonly computed: boolean
  readonly extra: Record<string, unknown>
}

const COMPUTED_SIDES = ['dual', 'long', 'short'] as const
/** Stands for "no losses", as in the desktop's own figures. */
const NO_LOSSES = 999

/** Keys that have a column, or that only answers carry. */
const NOT_EXTRA = new Set([
  'side',
  'trade_count',
  'win_count',
  'profit_factor',
  'avg_return_pct',
  'max_drawdown_pct',
  'notes',
  'computed',
  'win_rate_pct',
])

/** The client's own buckets, or computed ones when it sent none; one that the server computed before is made anew. */
export function readBuckets(sent: readonly Bucket[], trades: readonly TradeRecord[]): BucketRecord[] {
  const own = sent.filter((bucket) => bucket.computed !== true)
  return own.length > 0 ? own.map(readBucket) : computeBuckets(trades)
}

function readBucket(bucket: Bucket): BucketRecord {
  return {
    side: bucket.side ?? '',
    trade_count: bucket.trade_count ?? null,
    win_count: bucket.win_count ?? null,
    profit_factor: bucket.profit_factor ?? null,
    avg_return_pct: bucket.avg_return_pct ?? null,
    max_drawdown_pct: bucket.max_drawdown_pct ?? null,
    notes: bucket.notes ?? '',
    computed: false,
    extra: extraOf(bucket, NOT_EXTRA),
  }
}

/** A bucket for each of dual, long and short; none without trades. The contract says how each figure is made. */
export function computeBuckets(trades: readonly TradeRecord[]): BucketRecord[] {
  if (trades.length === 0) return []
  const ordered = inTimeOrder(trades)
  return COMPUTED_SIDES.map((side) => computeBucket(side, tradesOfSide(ordered, side) ?? []))
}

function computeBucket(side: string, ordered: readonly TradeRecord[]): BucketRecord {
  const returns = ordered.map((trade) => trade.return_pct ?? 0)
  return {
    side,
    trade_count: ordered.length,
    win_count: ordered.filter((trade) => (trade.pnl ?? 0) > 0).length,
    profit_factor: profitFactor(ordered.map((trade) => trade.pnl ?? 0)),
    avg_return_pct: returns.reduce((sum, value) => sum + value, 0),
    max_drawdown_pct: maxDrawdown(returns),
    notes: '',
    computed: true,
    extra: {},
  }
}

function profitFactor(pnls: readonly number[]): number {
  let wins = 0
  let losses = 0
  for (const pnl of pnls) {
    if (pnl > 0) wins += pnl
    else losses -= pnl
  }
  if (wins === 0) return 0
  return losses === 0 ? NO_LOSSES : wins / losses
}

/** The deepest fall of the running sum, which starts at 0, below its highest value so far. */
function maxDrawdown(returns: readonly number[]): number {
  let sum = 0
  let peak = 0
  let deepest = 0
  for (const value of returns) {
    sum += value
    peak = Math.max(peak, sum)
    deepest = Math.max(deepest, peak - sum)
  }
  return deepest
}

/** The trades that a bucket of this side is about; undefined for a side that only the client understands. */
export function tradesOfSide(trades: readonly TradeRecord[], side: string): readonly TradeRecord[] | undefined {
  const wanted = side.toLowerCase()
  if (wanted === 'dual' || wanted === 'all') return trades
  if (wanted !== 'long' && wanted !== 'short') return undefined
  return trades.filter((trade) => trade.side.toLowerCase() === wanted)
}

export function renderBucket(bucket: BucketRecord): BucketDetail {
  const { extra, ...fields } = bucket
  return { ...extra, ...fields, ...winRate(bucket) }
}

function winRate({ trade_count, win_count }: BucketRecord): { win_rate_pct?: number } {
  if (trade_count === null || win_count === null) return {}
  return { win_rate_pct: trade_count === 0 ? 0 : (100 * win_count) / trade_count }
}
