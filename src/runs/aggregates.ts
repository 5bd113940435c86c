/** Figures over all folds of a run. Hit rates are weighted by signals; formulas are those of the contract. */
import type { components } from '../../generated/api.js'
import type { FoldRecord } from './fold.js'

export type FoldAggregates = components['schemas']['FoldAggregates']

/** What the desktop writes for a profit factor without losses. */
const NO_LOSSES = 999

/** @param folds by ascending number; figures that a fold lacks count as 0 */
export function aggregatesOf(folds: readonly FoldRecord[]): FoldAggregates {
  const sum = (figure: (metrics: Metrics) => number) =>
    folds.reduce((total, fold) => total + figure((name) => numberIn(fold.metrics, name)), 0)
  const longs = sum((of) => of('n_signals'))
  const shorts = sum((of) => of('n_short_signals'))
  const longHits = sum((of) => of('hit_rate') * of('n_signals'))
  const shortHits = sum((of) => of('short_hit_rate') * of('n_short_signals'))
  const [wins, losses] = [sum((of) => of('sum_wins')), sum((of) => of('sum_losses'))]
  const [shortWins, shortLosses] = [sum((of) => of('sum_short_wins')), sum((of) => of('sum_short_losses'))]
  const last = (name: string) => numberIn(folds.at(-1)?.metrics ?? {}, name)
  return {
    folds: folds.length,
    total_long_signals: longs,
    total_short_signals: shorts,
    total_signals: longs + shorts,
    hit_rate_long: share(longHits, longs),
    hit_rate_short: share(shortHits, shorts),
    hit_rate_overall: share(longHits + shortHits, longs + shorts),
    pf_long: profitFactor(wins, losses),
    pf_short: profitFactor(shortWins, shortLosses),
    pf_dual: profitFactor(wins + shortWins, losses + shortLosses),
    running_sum_long: last('running_sum'),
    running_sum_short: last('running_sum_short'),
    running_sum_dual: last('running_sum_dual'),
    signal_sum: sum((of) => of('signal_sum')),
    short_signal_sum: sum((of) => of('short_signal_sum')),
    folds_without_signals: folds.filter(
      ({ metrics }) => numberIn(metrics, 'n_signals') + numberIn(metrics, 'n_short_signals') === 0,
    ).length,
  }
}

type Metrics = (name: string) => number

function numberIn(metrics: Record<string, unknown>, name: string): number {
  const value = metrics[name]
  return typeof value === 'number' ? value : 0
}

function share(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0
}

function profitFactor(wins: number, losses: number): number {
  if (losses > 0) return wins / losses
  return wins > 0 ? NO_LOSSES : 0
}
