/** Answers as the dashboard reads them: keys in its order, and the same TypeErrors where a value is not there. */

type Json = Record<string, unknown>

export interface WebDataset {
  readonly dataset_id: string
  readonly dataset_slug: string
  readonly symbol: string
}

export function readDatasets(body: unknown): WebDataset[] {
  return list(body, 'datasets').map((item) => ({
    dataset_id: item.dataset_id as string,
    dataset_slug: item.dataset_slug as string,
    symbol: item.symbol as string,
  }))
}

export interface WebRunItem {
  readonly shortId: string
  readonly created: number
  readonly features: number
  readonly folds: number
  readonly duration_ms: number
  readonly dataset_slug: string
}

export function readRunList(body: unknown): WebRunItem[] {
  return list(body, 'runs').map((item) => ({
    shortId: (item.run_id as string).slice(0, 8),
    created: new Date(item.created_at as string).getTime(),
    features: arrayOf(item.feature_columns ?? item.features).length,
    folds: Number((parsed(item.summary_metrics) as Json | undefined)?.folds ?? item.fold_count ?? 0),
    duration_ms: item.duration_ms as number,
    dataset_slug: item.dataset_slug as string,
  }))
}

export interface WebFold {
  /** Shown as text, which a null can't be. */
  readonly labels: readonly string[]
  readonly best_iteration: number
  readonly best_score: number
  readonly threshold: number
  readonly profit_factor_dual: number | undefined
  readonly metrics: Readonly<Record<string, number>>
}

export interface WebRun {
  readonly run_id: string
  readonly dataset_id: string
  readonly dataset_slug: string
  readonly target_column: string
  readonly feature_columns: string[]
  readonly step_size: number
  readonly min_rounds: number
  readonly summary_metrics: Json
  readonly duration_ms: number
  readonly completed: number
  readonly created: number
  readonly folds: WebFold[]
  /** The last fold's running sum: folds must be sorted and complete. */
  readonly totalReturn: number
}

/** The detail is read flat. */
export function readRun(body: unknown): WebRun {
  const run = body as Json
  const folds = (run.folds as Json[]).map(readFold)
  return {
    run_id: run.run_id as string,
    dataset_id: run.dataset_id as string,
    dataset_slug: run.dataset_slug as string,
    target_column: run.target_column as string,
    feature_columns: arrayOf(run.feature_columns) as string[],
    step_size: ((parsed(run.walk_config) as Json).step_size as number) ?? 0,
    min_rounds: ((parsed(run.hyperparameters) as Json).min_rounds as number) ?? 0,
    summary_metrics: parsed(run.summary_metrics) as Json,
    duration_ms: run.duration_ms as number,
    completed: new Date(run.completed_at as string).getTime(),
    created: new Date(run.created_at as string).getTime(),
    folds,
    totalReturn: folds.at(-1)?.metrics.running_sum ?? 0,
  }
}

const LABELS = ['fold_number', 'train_start_idx', 'train_end_idx', 'test_start_idx', 'test_end_idx']
const METRICS = [
  ...['n_signals', 'n_short_signals', 'hit_rate', 'short_hit_rate'],
  ...['running_sum', 'running_sum_short', 'running_sum_dual', 'short_signal_sum'],
  ...['sum_wins', 'sum_losses', 'sum_short_wins', 'sum_short_losses'],
  ...['profit_factor_train', 'profit_factor_test', 'profit_factor_short_test'],
]

function readFold(fold: Json): WebFold {
  const thresholds = parsed(fold.thresholds) as Json
  const metrics = parsed(fold.metrics) as Json
  return {
    labels: LABELS.map((key) => (fold[key] as number).toString()),
    best_iteration: (fold.best_iteration as number | null) ?? 0,
    best_score: fold.best_score as number,
    threshold: (thresholds.long_optimal ?? thresholds.long_percentile_95 ?? thresholds.prediction_scaled) as number,
    profit_factor_dual: metrics.profit_factor_dual as number | undefined,
    metrics: {
      ...Object.fromEntries(METRICS.map((key) => [key, metrics[key] as number])),
      signal_sum: (metrics.signal_sum ?? metrics.sum) as number,
    },
  }
}

export interface WebSlice {
  readonly side: string
  readonly trades: number
  readonly winRate: number
}

export interface WebSimulation {
  /** Percent as it is shown; nothing is multiplied. */
  readonly totalReturn: string
  readonly drawdown: string
  readonly slices: WebSlice[]
}

/** Either spelling of return and drawdown may be the one that is there. */
export function readSimulation(body: unknown, spelling: 'short' | 'long'): WebSimulation {
  const { summary_metrics, results, buckets } = body as { summary_metrics: Json; results: Json; buckets: Json[] }
  const [total, drawdown] =
    spelling === 'short' ? ['return_pct', 'max_drawdown'] : ['total_return_pct', 'max_drawdown_pct']
  const percent = (key: string) => `${(summary_metrics[key] as number).toFixed(2)}%`
  if (results[total] !== summary_metrics[total]) throw new Error('results and summary_metrics differ')
  return {
    totalReturn: percent(total),
    drawdown: percent(drawdown),
    slices: buckets.map((bucket) => ({
      side: bucket.side as string,
      trades: bucket.trade_count as number,
      winRate: bucket.win_rate_pct as number,
    })),
  }
}

function list(body: unknown, key: string): Json[] {
  return (body as Record<string, Json[]>)[key] as Json[]
}

/** JSON, or JSON in a string. */
function parsed(value: unknown): unknown {
  return typeof value === 'string' ? JSON.parse(value) : value
}

function arrayOf(value: unknown): unknown[] {
  const found = parsed(value)
  return Array.isArray(found) ? found : []
}
