/**
 * A simulation as a client sends it, brought to one form. It comes flat, as the desktop sends it, or nested
 * (`{simulation, buckets, trades}`); keys that nobody declared are kept and returned, and keys that only answers carry are
 * dropped again when a client posts an answer back.
 */
import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { components } from '../../generated/api.js'
import { DomainError } from '../errors.js'
import { type Aliases, storedName, withoutAliases } from '../records/aliases.js'
import { extraOf } from '../records/extra.js'
import { optionalDate } from '../records/times.js'
import { type BucketRecord, readBuckets, tradesOfSide } from './bucket.js'
import { readTrade, type TradeRecord } from './trade.js'

export type SimulationSave = components['schemas']['SimulationSave']
type SimulationFields = components['schemas']['SimulationRecord']

/** Names under which some clients write and read figures that are stored under the desktop's name. */
export const SUMMARY_ALIASES: Aliases = { return_pct: 'total_return_pct', max_drawdown: 'max_drawdown_pct' }

/** What a simulation says of itself. */
export interface SimulationFacts {
  readonly simulation_id: string
  /** As the client names it; '' when it named none. */
  readonly run_id: string
  /** Id, alias or slug as the client names it; '' when it named none. */
  readonly dataset_id: string
  readonly input_run_measurement: string
  readonly questdb_namespace: string
  readonly mode: string
  readonly status: string
  readonly config: Record<string, unknown>
  readonly summary_metrics: Record<string, unknown>
  readonly started_at: Date | null
  readonly completed_at: Date | null
  readonly extra: Record<string, unknown>
}

export interface SimulationRecord extends SimulationFacts {
  readonly buckets: readonly BucketRecord[]
  readonly trades: readonly TradeRecord[]
}

/** Keys that have a place of their own, are part of the request, or that only answers carry. */
const NOT_EXTRA = new Set([
  'simulation',
  'buckets',
  'trades',
  'bucket_count',
  'trade_count',
  'simulation_id',
  'run_id',
  'dataset_id',
  'dataset_slug',
  'run_known',
  'dataset_known',
  'client_run_id',
  'client_dataset_id',
  'input_run_measurement',
  'questdb_namespace',
  'mode',
  'status',
  'started_at',
  'completed_at',
  'config',
  'parameters',
  'summary_metrics',
  'results',
  'created_at',
  'updated_at',
])

/** @throws DomainError COUNT_MISMATCH, REQUEST_INVALID or TIMESTAMP_OUT_OF_RANGE, each naming its place */
export function readSimulation(body: SimulationSave): SimulationRecord {
  const nested = body.simulation !== undefined
  // What stands beside `simulation` counts where it does not say it itself.
  const sent: SimulationFields = nested ? { ...body, ...body.simulation } : body
  for (const member of ['trades', 'buckets'] as const)
    if ((body.simulation as Record<string, unknown> | undefined)?.[member] !== undefined)
      throw new DomainError('REQUEST_INVALID', `${member} stand beside simulation, not in it`, [
        { in: 'body', pointer: `/simulation/${member}`, expected: `${member} at the top` },
      ])
  const at = (field: string) => (nested ? `/simulation/${field}` : `/${field}`)
  requireCount('trade', body.trade_count, body.trades)
  requireCount('bucket', body.bucket_count, body.buckets)
  const trades = (body.trades ?? []).map(readTrade)
  const config = eitherName(sent.config, sent.parameters)
  const summary = eitherName(readSummary(sent.summary_metrics), readSummary(sent.results))
  return {
    simulation_id: (sent.simulation_id ?? randomUUID()).toLowerCase(),
    run_id: sent.run_id ?? '',
    dataset_id: sent.dataset_id || sent.dataset_slug || '',
    input_run_measurement: sent.input_run_measurement ?? '',
    questdb_namespace: sent.questdb_namespace ?? '',
    mode: sent.mode ?? '',
    status: sent.status || 'UNKNOWN',
    config: config.value,
    summary_metrics: summary.value,
    started_at: optionalDate(sent.started_at, at('started_at')),
    completed_at: optionalDate(sent.completed_at, at('completed_at')),
    extra: {
      ...extraOf(sent, NOT_EXTRA),
      ...(config.other ? { parameters: config.other } : {}),
      ...(summary.other ? { results: summary.other } : {}),
    },
    buckets: readBuckets(body.buckets ?? [], trades),
    trades,
  }
}

/** Sentences about what was stored but looks odd. */
export function oddities(record: SimulationRecord): string[] {
  const found = record.buckets.flatMap(({ side, trade_count, computed }) => {
    const count = tradesOfSide(record.trades, side)?.length
    if (computed || trade_count === null || count === undefined || trade_count === count) return []
    return [`bucket ${side} says ${trade_count} trades but ${count} came`]
  })
  const total = record.summary_metrics.total_trades
  if (typeof total === 'number' && total !== record.trades.length)
    found.push(`summary_metrics.total_trades says ${total} but ${record.trades.length} trades came`)
  return found
}

function requireCount(noun: 'trade' | 'bucket', declared: number | undefined, sent: readonly unknown[] = []): void {
  if (declared === undefined || declared === sent.length) return
  throw new DomainError(
    'COUNT_MISMATCH',
    `${noun}_count says ${declared} ${noun}s but ${sent.length} came; nothing was stored`,
    { pointer: `/${noun}_count`, declared, received: sent.length },
  )
}

/** One value of two names: `other` is what the second one says, where that is something else. */
function eitherName(first: Record<string, unknown> | undefined, second: Record<string, unknown> | undefined) {
  if (first === undefined) return { value: second ?? {}, other: undefined }
  return { value: first, other: second === undefined || isDeepStrictEqual(first, second) ? undefined : second }
}

/** The figures under the desktop's names; a figure that stands under both names with different values stays as it is. */
function readSummary(sent: Record<string, unknown> | undefined): Record<string, unknown> | undefined {
  if (sent === undefined) return undefined
  const renamed = Object.entries(sent).map(([key, value]) => {
    const stored = storedName(key, SUMMARY_ALIASES)
    return [stored !== undefined && sent[stored] === undefined ? stored : key, value]
  })
  return withoutAliases(Object.fromEntries(renamed), SUMMARY_ALIASES)
}
