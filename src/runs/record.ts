/**
 * A run as a client sends it, brought to one form. It comes nested (`{run, folds}`) or flat (the run's fields beside
 * `folds`); keys that nobody declared are kept and returned, and keys that only answers carry are dropped again when a
 * client posts an answer back.
 */
import type { components } from '../../generated/api.js'
import { DomainError } from '../errors.js'
import { withoutAliases } from '../records/aliases.js'
import { extraOf } from '../records/extra.js'
import { optionalDate } from '../records/times.js'
import { HYPERPARAMETER_ALIASES, WALK_CONFIG_ALIASES } from './aliases.js'
import { type FoldRecord, readFold } from './fold.js'
import { objectOr, textsOr } from './spellings.js'

export type RunSave = components['schemas']['RunSave']
type RunFields = components['schemas']['RunRecord']

/** What a run says of itself, without its dataset and folds. */
export interface RunFacts {
  readonly run_id: string
  readonly prediction_measurement: string
  readonly target_column: string
  readonly feature_columns: readonly string[]
  readonly hyperparameters: Record<string, unknown>
  readonly walk_config: Record<string, unknown>
  readonly summary_metrics: Record<string, unknown>
  readonly status: string
  readonly requested_by: string
  readonly started_at: Date | null
  readonly completed_at: Date | null
  readonly duration_ms: number | null
  readonly extra: Record<string, unknown>
}

export interface RunRecord extends RunFacts {
  /** The dataset as the client names it: id, alias or slug; '' when it named none. */
  readonly dataset: string
  /** By fold number. */
  readonly folds: readonly FoldRecord[]
}

/** Keys that are part of the request or that only answers carry. */
const NOT_EXTRA = new Set([
  'run',
  'folds',
  'fold_count',
  'predictions',
  'predictions_csv',
  'predictions_upload_id',
  'prediction_count',
  'hyperparameters_json',
  'walk_config_json',
  'summary_metrics_json',
  'feature_columns_json',
  'run_id',
  'dataset_id',
  'dataset_slug',
  'prediction_measurement',
  'target_column',
  'feature_columns',
  'hyperparameters',
  'walk_config',
  'summary_metrics',
  'status',
  'requested_by',
  'started_at',
  'completed_at',
  'duration_ms',
  'measurement',
  'features',
  'created_at',
  'updated_at',
  'total_folds',
  'fold_offset',
  'has_more_folds',
])

/** @throws DomainError REQUEST_INVALID, FOLD_DUPLICATE, COUNT_MISMATCH or TIMESTAMP_OUT_OF_RANGE, each naming its place */
export function readRun(body: RunSave): RunRecord {
  // Members that hold frames stay in the spool; what is left of them here is of a type that holds none.
  for (const member of ['predictions', 'predictions_csv'] as const)
    if (body[member] !== undefined && body[member] !== null)
      throw invalid(
        `/${member}`,
        `${member}: expected ${member === 'predictions' ? 'an array of row objects' : 'text'}`,
      )
  const nested = body.run !== undefined
  // What stands beside `run` counts where `run` does not say it, as in answers, which have both.
  const run: RunFields = nested ? { ...body, ...body.run } : body
  const at = (field: string) => (nested ? `/run/${field}` : `/${field}`)
  const objectIn = (field: 'walk_config' | 'hyperparameters' | 'summary_metrics') =>
    objectOr(run[field], run[`${field}_json`], at(`${field}_json`))
  const runId = run.run_id?.toLowerCase()
  if (!runId) throw invalid(at('run_id'), 'run_id is required')
  // Folds are taken from one place; a client that puts them into the run would lose them.
  if ((body.run as { folds?: unknown } | undefined)?.folds !== undefined)
    throw invalid('/run/folds', 'folds stand beside run, not in it: {"run": {…}, "folds": […]}')
  const walkConfig = withoutAliases(objectIn('walk_config'), WALK_CONFIG_ALIASES)
  const folds = readFolds(body.folds ?? [], runId)
  const declared = body.fold_count ?? (body.run as { fold_count?: number } | undefined)?.fold_count
  if (declared !== undefined && declared !== folds.length)
    throw new DomainError(
      'COUNT_MISMATCH',
      `fold_count says ${declared} folds but ${folds.length} came; nothing was stored`,
      {
        declared,
        received: folds.length,
      },
    )
  return {
    run_id: runId,
    dataset: run.dataset_id || run.dataset_slug || '',
    prediction_measurement:
      run.prediction_measurement ||
      textIn(run as Record<string, unknown>, 'measurement') ||
      textIn(walkConfig, 'prediction_measurement') ||
      `wf_${runId.replaceAll('-', '_')}`,
    target_column: run.target_column ?? '',
    feature_columns: textsOr(
      run.feature_columns ?? featuresIn(run, at('features')),
      run.feature_columns_json,
      at('feature_columns_json'),
    ),
    hyperparameters: withoutAliases(objectIn('hyperparameters'), HYPERPARAMETER_ALIASES),
    walk_config: walkConfig,
    summary_metrics: objectIn('summary_metrics'),
    status: run.status || 'UNKNOWN',
    requested_by: run.requested_by ?? '',
    started_at: optionalDate(run.started_at, at('started_at')),
    completed_at: optionalDate(run.completed_at, at('completed_at')),
    duration_ms: run.duration_ms ?? null,
    extra: extraOf(run, NOT_EXTRA),
    folds,
  }
}

/** So many gaps are told of; a run with more is no walk-forward run. */
const MOST_GAPS = 100

/** Sentences about what was stored but looks odd. */
export function oddities(record: RunRecord): string[] {
  const found = gapsIn(record.folds.map((fold) => fold.fold_number)).map(({ from, to }) =>
    from === to ? `fold ${from} is missing` : `folds ${from} to ${to} are missing`,
  )
  const summary = record.summary_metrics.folds
  if (typeof summary === 'number' && summary !== record.folds.length)
    found.push(`summary_metrics.folds says ${summary} but ${record.folds.length} folds were stored`)
  return found
}

function readFolds(folds: readonly components['schemas']['Fold'][], runId: string): FoldRecord[] {
  const seen = new Map<number, number>()
  const records = folds.map((fold, index) => {
    const before = seen.get(fold.fold_number)
    if (before !== undefined)
      throw new DomainError(
        'FOLD_DUPLICATE',
        `fold_number ${fold.fold_number} was sent twice, at folds ${before} and ${index}`,
        {
          fold_number: fold.fold_number,
          pointers: [`/folds/${before}/fold_number`, `/folds/${index}/fold_number`],
        },
      )
    seen.set(fold.fold_number, index)
    if (fold.run_id && fold.run_id.toLowerCase() !== runId)
      throw invalid(`/folds/${index}/run_id`, `fold ${fold.fold_number} belongs to run ${fold.run_id}, not to ${runId}`)
    return readFold(fold, `/folds/${index}`)
  })
  return records.sort((a, b) => a.fold_number - b.fold_number)
}

/** The runs of numbers that are missing between the first and the last. */
export function gapsIn(numbers: readonly number[]): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = []
  for (let i = 1; i < numbers.length && found.length < MOST_GAPS; i++) {
    const from = (numbers[i - 1] as number) + 1
    const to = (numbers[i] as number) - 1
    if (from <= to) found.push({ from, to })
  }
  return found
}

/** The columns under the name that the documents of the older server have for them. */
function featuresIn(run: RunFields, pointer: string): string[] | undefined {
  const { features } = run as { features?: unknown }
  if (features === undefined || features === null) return undefined
  if (Array.isArray(features) && features.every((name) => typeof name === 'string')) return features
  throw invalid(pointer, 'features: expected an array of texts')
}

function textIn(values: Record<string, unknown>, key: string): string {
  const value = values[key]
  return typeof value === 'string' ? value : ''
}

function invalid(pointer: string, sentence: string): DomainError {
  return new DomainError('REQUEST_INVALID', sentence, [{ in: 'body', pointer, expected: sentence }])
}
