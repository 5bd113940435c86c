/** Runs as the desktop reads them: the list of a dataset's runs, and one run with its folds. */
import {
  isObject,
  itemsOf,
  type Json,
  jsonText,
  numberOf,
  objectOf,
  objectOrText,
  strictInt,
  stringOf,
  timeOf,
} from './values.js'

export interface DesktopRunItem {
  readonly run_id: string
  readonly dataset_id: string
  readonly dataset_slug: string
  readonly prediction_measurement: string
  readonly status: string
  readonly started_at: string
  readonly completed_at: string
}

export interface DesktopFold {
  readonly fold_number: number
  readonly train_start: number
  readonly train_end: number
  readonly test_start: number
  readonly test_end: number
  readonly samples_train: number
  readonly samples_test: number
  readonly thresholds: Readonly<Record<string, number>>
  readonly metrics: Readonly<Record<string, number>>
  readonly model_learned_nothing: boolean
  readonly used_cached_model: boolean
  /** What the debugger's table shows, which looks at the fold alone. */
  readonly shown: { readonly hit_rate: number; readonly profit_factor: number }
}

export interface DesktopRun {
  readonly run_id: string
  readonly dataset_id: string
  readonly dataset_slug: string
  readonly prediction_measurement: string
  readonly target_column: string
  readonly feature_columns: string[]
  readonly hyperparameters: Readonly<Record<string, unknown>>
  readonly walk_config: Readonly<Record<string, number>>
  readonly summary_metrics_json: string
  readonly status: string
  readonly started_ms: number
  readonly completed_ms: number
  readonly folds: DesktopFold[]
}

export function readRunList(text: string): DesktopRunItem[] {
  return itemsOf(text, 'runs').map((item) => ({
    run_id: stringOf(item.run_id),
    dataset_id: stringOf(item.dataset_id),
    dataset_slug: stringOf(item.dataset_slug),
    prediction_measurement: stringOf(item.prediction_measurement),
    status: stringOf(item.status),
    started_at: stringOf(item.started_at),
    completed_at: stringOf(item.completed_at),
  }))
}

/** Single values come from `run` where it is an object, else from the top; folds from the top first. */
export function readRun(text: string): DesktopRun {
  const top = objectOf(text)
  const run = isObject(top.run) ? top.run : top
  const folds = Array.isArray(top.folds) ? top.folds : run.folds
  const features = run.feature_columns
  return {
    run_id: stringOf(run.run_id),
    dataset_id: stringOf(run.dataset_id),
    dataset_slug: stringOf(run.dataset_slug),
    prediction_measurement: stringOf(run.prediction_measurement),
    target_column: stringOf(run.target_column),
    feature_columns: Array.isArray(features) ? features.filter((name) => typeof name === 'string') : [],
    hyperparameters: readHyperparameters(settings(run, 'hyperparameters')),
    walk_config: readWalkConfig(settings(run, 'walk_config')),
    summary_metrics_json: jsonText(run.summary_metrics),
    status: stringOf(run.status) || 'UNKNOWN',
    started_ms: timeOf(run.started_at),
    completed_ms: timeOf(run.completed_at),
    folds: (Array.isArray(folds) ? folds : []).filter(isObject).map(readFold),
  }
}

/** An object or JSON in text; a null ends the whole load. */
function settings(run: Json, key: string): Json {
  if (run[key] === undefined) return {}
  const found = objectOrText(run[key])
  if (!found) throw new Error(`Failed to parse ${key}`)
  return found
}

const WALK_DEFAULTS = {
  train_size: 10000,
  test_size: 200,
  train_test_gap: 9,
  fold_step: 200,
  start_fold: 50,
  end_fold: -1,
  initial_offset: 6000,
}

function readWalkConfig(config: Json): Record<string, number> {
  return Object.fromEntries(Object.entries(WALK_DEFAULTS).map(([key, value]) => [key, strictInt(config[key], value)]))
}

const INTEGERS = {
  max_depth: 4,
  num_boost_round: 2000,
  early_stopping_rounds: 50,
  min_boost_rounds: 100,
  random_seed: 43,
}
const NUMBERS = {
  learning_rate: 0.01,
  min_child_weight: 10,
  subsample: 0.8,
  colsample_bytree: 0.7,
  lambda: 2,
  quantile_alpha: 0.95,
  val_split_ratio: 0.8,
  tanh_scaling_factor: 0.001,
}
const FLAGS = { force_minimum_training: true, use_tanh_transform: true, use_standardization: false }

function readHyperparameters(sent: Json): Record<string, unknown> {
  return {
    ...Object.fromEntries(Object.entries(INTEGERS).map(([key, value]) => [key, strictInt(sent[key], value)])),
    ...Object.fromEntries(Object.entries(NUMBERS).map(([key, value]) => [key, numberOf(sent[key], value)])),
    ...Object.fromEntries(
      Object.entries(FLAGS).map(([key, value]) => [key, typeof sent[key] === 'boolean' ? sent[key] : value]),
    ),
  }
}

const THRESHOLDS = [
  'long_optimal',
  'short_optimal',
  'prediction_scaled',
  'prediction_original',
  'dynamic_positive',
  'short_scaled',
  'short_original',
  'long_percentile',
  'short_percentile',
]
const COUNTS = ['n_signals', 'n_short_signals']
const METRICS = [
  ...['hit_rate', 'short_hit_rate'],
  ...['profit_factor_test', 'profit_factor_train', 'profit_factor_short_train', 'profit_factor_short_test'],
  ...['signal_sum', 'short_signal_sum', 'signal_rate', 'short_signal_rate'],
  ...['avg_return_on_signals', 'median_return_on_signals', 'std_return_on_signals'],
  ...['avg_return_on_short_signals', 'avg_predicted_return_on_signals'],
  ...['running_sum', 'running_sum_short', 'running_sum_dual'],
  ...['sum_wins', 'sum_losses', 'sum_short_wins', 'sum_short_losses'],
]

/** What stands in `thresholds` and `metrics` wins over the same figure of the fold itself; flags and counts are read as integers only. */
function readFold(fold: Json): DesktopFold {
  const thresholds = objectOrText(fold.thresholds) ?? {}
  const metrics = objectOrText(fold.metrics) ?? {}
  const first = (...keys: string[]) => fold[keys.find((key) => fold[key] !== undefined) ?? '']
  const outside: Json = {
    long_optimal: first('long_threshold', 'threshold_long', 'thresholds_long'),
    short_optimal: first('short_threshold', 'threshold_short', 'thresholds_short'),
  }
  return {
    fold_number: numberOf(fold.fold_number),
    train_start: numberOf(first('train_start', 'train_start_idx')),
    train_end: numberOf(first('train_end', 'train_end_idx')),
    test_start: numberOf(first('test_start', 'test_start_idx')),
    test_end: numberOf(first('test_end', 'test_end_idx')),
    samples_train: numberOf(fold.samples_train),
    samples_test: numberOf(fold.samples_test),
    thresholds: Object.fromEntries(THRESHOLDS.map((key) => [key, numberOf(thresholds[key], numberOf(outside[key]))])),
    metrics: {
      ...Object.fromEntries(METRICS.map((key) => [key, numberOf(metrics[key], numberOf(fold[key]))])),
      ...Object.fromEntries(COUNTS.map((key) => [key, strictInt(metrics[key])])),
    },
    model_learned_nothing: strictInt(metrics.model_learned_nothing) !== 0,
    used_cached_model: strictInt(metrics.used_cached_model) !== 0,
    shown: { hit_rate: numberOf(fold.hit_rate), profit_factor: numberOf(fold.profit_factor) },
  }
}
