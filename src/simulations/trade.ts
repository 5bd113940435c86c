/** A trade: read from a request, and shown in answers. */
import type { components } from '../../generated/api.js'
import { optionalTimeToMillis } from '../frames/time.js'
import { extraOf } from '../records/extra.js'

type Trade = components['schemas']['SimulationTrade']
export type TradeDetail = components['schemas']['SimulationTradeDetail']

export interface TradeRecord {
  /** Position in the request, counted from 0. */
  readonly trade_index: number
  readonly trade_id: string
  readonly fold_index: number | null
  readonly side: string
  readonly size: number | null
  readonly entry_price: number | null
  readonly exit_price: number | null
  readonly pnl: number | null
  /** Percent. */
  readonly return_pct: number | null
  readonly entry_signal: number | null
  readonly exit_signal: number | null
  /** Unix ms; 0 = unknown. */
  readonly entry_timestamp: number
  readonly exit_timestamp: number
  readonly extra: Record<string, unknown>
}

/** Keys that have a column, or that only answers carry. */
const NOT_EXTRA = new Set([
  'trade_index',
  'trade_id',
  'fold_index',
  'side',
  'size',
  'entry_price',
  'exit_price',
  'pnl',
  'return_pct',
  'entry_signal',
  'exit_signal',
  'entry_timestamp',
  'exit_timestamp',
  'bar_timestamp',
])

/** A figure that did not come is null, never 0. @throws DomainError REQUEST_INVALID, TIMESTAMP_OUT_OF_RANGE */
export function readTrade(trade: Trade, index: number): TradeRecord {
  const time = (field: 'entry_timestamp' | 'exit_timestamp' | 'bar_timestamp') =>
    optionalTimeToMillis(trade[field], { pointer: `/trades/${index}/${field}` })
  return {
    trade_index: index,
    trade_id: trade.trade_id ?? '',
    fold_index: trade.fold_index ?? null,
    side: trade.side ?? sideByFlag(trade.is_long),
    size: trade.size ?? null,
    entry_price: trade.entry_price ?? null,
    exit_price: trade.exit_price ?? null,
    pnl: trade.pnl ?? null,
    return_pct: trade.return_pct ?? null,
    entry_signal: trade.entry_signal ?? null,
    exit_signal: trade.exit_signal ?? null,
    entry_timestamp: time('entry_timestamp') ?? time('bar_timestamp') ?? 0,
    exit_timestamp: time('exit_timestamp') ?? 0,
    extra: extraOf(trade, NOT_EXTRA),
  }
}

function sideByFlag(isLong: unknown): string {
  if (typeof isLong !== 'boolean') return ''
  return isLong ? 'long' : 'short'
}

/** The order in which trades were entered; unknown times first. */
export function inTimeOrder(trades: readonly TradeRecord[]): TradeRecord[] {
  return [...trades].sort((a, b) => a.entry_timestamp - b.entry_timestamp || a.trade_index - b.trade_index)
}

export function renderTrade(trade: TradeRecord): TradeDetail {
  const { extra, ...fields } = trade
  return {
    ...extra,
    ...fields,
    bar_timestamp: trade.entry_timestamp === 0 ? '' : new Date(trade.entry_timestamp).toISOString(),
  }
}
