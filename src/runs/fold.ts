/** A fold: read from a request, and shown in answers under every name that a client looks for. */
import type { components } from '../../generated/api.js'
import { optionalTimeToMillis } from '../frames/time.js'
import { mirrored, withAliases, withoutAliases } from '../records/aliases.js'
import { THRESHOLD_ALIASES } from './aliases.js'
import { isFigure, METRICS_OUTSIDE, objectOr, requireFigures, THRESHOLDS_OUTSIDE, wholeOr0 } from './spellings.js'

type Fold = components['schemas']['Fold']
export type FoldDetail = components['schemas']['FoldDetail']

export interface FoldRecord {
  readonly fold_number: number
  readonly train_start_idx: number
  readonly train_end_idx: number
  readonly test_start_idx: number
  readonly test_end_idx: number
  /** Unix ms of the first and last row of both spans; null while the dataset's rows do not tell. */
  readonly train_start_ts_ms: number | null
  readonly train_end_ts_ms: number | null
  readonly test_start_ts_ms: number | null
  readonly test_end_ts_ms: number | null
  readonly samples_train: number
  readonly samples_test: number
  readonly best_iteration: number | null
  readonly best_score: number | null
  readonly thresholds: Record<string, unknown>
  readonly metrics: Record<string, unknown>
  readonly extra: Record<string, unknown>
}

/** Figures that clients read from the fold itself. */
const FROM_METRICS = {
  hit_rate: 'hit_rate',
  short_hit_rate: 'short_hit_rate',
  profit_factor_test: 'profit_factor_test',
  profit_factor: 'profit_factor_test',
}
const FROM_THRESHOLDS = { long_threshold: 'long_optimal', short_threshold: 'short_optimal' }
const FLAGS = ['model_learned_nothing', 'used_cached_model'] as const

/** Keys that have a column, or that answers add beside it. */
const NOT_EXTRA = new Set([
  'run_id',
  'fold_number',
  'train_start_idx',
  'train_end_idx',
  'test_start_idx',
  'test_end_idx',
  'train_start_ts_ms',
  'train_end_ts_ms',
  'test_start_ts_ms',
  'test_end_ts_ms',
  'thresholds_json',
  'metrics_json',
  'samples_train',
  'samples_test',
  'best_iteration',
  'best_score',
  'thresholds',
  'metrics',
  'train_start',
  'train_end',
  'test_start',
  'test_end',
  'profit_factor',
])

/**
 * A fold as it came. Index bounds come under either spelling; figures that stand beside `metrics` and `thresholds` instead of
 * inside them are taken in; a flag is the same as true and as 1.
 * @param at JSON pointer of the fold, for what is wrong in it
 * @throws DomainError REQUEST_INVALID, TIMESTAMP_OUT_OF_RANGE
 */
export function readFold(fold: Fold, at = ''): FoldRecord {
  const index = (name: 'train_start' | 'train_end' | 'test_start' | 'test_end') =>
    fold[`${name}_idx`] ?? wholeOr0(fold[name], `${at}/${name}`)
  const figuresIn = (name: 'metrics' | 'thresholds') => {
    const pointer = `${at}/${name}_json`
    return fold[name] ?? requireFigures(objectOr(undefined, fold[`${name}_json`], pointer), pointer)
  }
  const time = (name: 'train_start' | 'train_end' | 'test_start' | 'test_end') =>
    optionalTimeToMillis(fold[`${name}_ts_ms`], { pointer: `${at}/${name}_ts_ms` })
  return {
    fold_number: fold.fold_number,
    train_start_idx: index('train_start'),
    train_end_idx: index('train_end'),
    test_start_idx: index('test_start'),
    test_end_idx: index('test_end'),
    train_start_ts_ms: time('train_start'),
    train_end_ts_ms: time('train_end'),
    test_start_ts_ms: time('test_start'),
    test_end_ts_ms: time('test_end'),
    samples_train: fold.samples_train ?? 0,
    samples_test: fold.samples_test ?? 0,
    best_iteration: fold.best_iteration ?? null,
    best_score: fold.best_score ?? null,
    thresholds: withoutAliases(takenIn(figuresIn('thresholds'), fold, THRESHOLDS_OUTSIDE), THRESHOLD_ALIASES),
    metrics: withBooleanFlags(takenIn(figuresIn('metrics'), fold, METRICS_OUTSIDE)),
    extra: Object.fromEntries(
      Object.entries(fold).filter(([key, value]) => !NOT_EXTRA.has(key) && !isFigure(key, value)),
    ),
  }
}

function withBooleanFlags(metrics: Record<string, unknown>): Record<string, unknown> {
  const flags = FLAGS.filter((flag) => metrics[flag] === 0 || metrics[flag] === 1).map((flag) => [
    flag,
    metrics[flag] === 1,
  ])
  return flags.length === 0 ? metrics : { ...metrics, ...Object.fromEntries(flags) }
}

/** `outside` names the fold's own keys and the figures that they mean; a figure that is inside already wins. */
function takenIn(
  figures: Record<string, unknown>,
  fold: Record<string, unknown>,
  outside: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const found = Object.entries(outside)
    .filter(([key]) => isFigure(key, fold[key]))
    .map(([key, figure]) => [figure, fold[key]])
  return found.length === 0 ? figures : { ...Object.fromEntries(found), ...figures }
}

/** The fold as answers show it: both index spellings, mirrored figures, flags as 1 or 0 in `metrics` and as booleans outside. */
export function renderFold(runId: string, fold: FoldRecord): FoldDetail {
  const { extra, thresholds, metrics, ...fields } = fold
  return {
    ...extra,
    run_id: runId,
    ...withoutUnknownTimes(fields),
    train_start: fold.train_start_idx,
    train_end: fold.train_end_idx,
    test_start: fold.test_start_idx,
    test_end: fold.test_end_idx,
    ...mirrored(metrics, FROM_METRICS),
    ...mirrored(thresholds, FROM_THRESHOLDS),
    ...Object.fromEntries(FLAGS.filter((flag) => flag in metrics).map((flag) => [flag, Boolean(metrics[flag])])),
    thresholds: withAliases(thresholds, THRESHOLD_ALIASES) as NonNullable<FoldDetail['thresholds']>,
    metrics: withNumericFlags(metrics) as NonNullable<FoldDetail['metrics']>,
  }
}

/** Only the named fields, and always the number. */
export function projected(fold: FoldDetail, fields: readonly string[] | undefined): FoldDetail {
  if (!fields) return fold
  const wanted = new Set(['fold_number', ...fields])
  return Object.fromEntries(Object.entries(fold).filter(([key]) => wanted.has(key))) as unknown as FoldDetail
}

type KnownTimes<F> = { [K in keyof F]: K extends `${string}_ts_ms` ? number : F[K] }

/** A time that is not known is left out, since clients take null for a number. */
function withoutUnknownTimes<F extends object>(fields: F): KnownTimes<F> {
  const known = Object.entries(fields).filter(([key, value]) => value !== null || !key.endsWith('_ts_ms'))
  return Object.fromEntries(known) as KnownTimes<F>
}

/** The desktop reads flags from `metrics` only as integers, though it writes booleans. */
function withNumericFlags(metrics: Record<string, unknown>): Record<string, unknown> {
  const flags = FLAGS.filter((flag) => typeof metrics[flag] === 'boolean').map((flag) => [flag, metrics[flag] ? 1 : 0])
  return { ...metrics, ...Object.fromEntries(flags) }
}
