/**
 * The run document: the full answer of `GET /api/runs/{run_id}`, made once when the run is saved and kept gzipped with its
 * ETag. Raise the version when its shape changes, and documents of older versions are made anew when they are next read.
 */
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { components } from '../../generated/api.js'
import { withAliases } from '../records/aliases.js'
import { isoSeconds } from '../records/times.js'
import { nextTurn } from '../turns.js'
import { HYPERPARAMETER_ALIASES, WALK_CONFIG_ALIASES } from './aliases.js'
import { type FoldRecord, renderFold } from './fold.js'
import type { RunFacts } from './record.js'

export const RENDERER_VERSION = 2

export type Run = components['schemas']['Run']
export type WalkforwardRun = components['schemas']['WalkforwardRun']
export type RunDetail = components['schemas']['RunDetail']

/** A stored run with what the catalogue knows of it. */
export interface StoredRun extends RunFacts {
  readonly dataset_id: string
  readonly dataset_slug: string
  readonly fold_count: number
  readonly created_at: Date
  readonly updated_at: Date
}

export interface RunDocument {
  readonly etag: string
  readonly gzipped: Buffer
}

const compress = promisify(gzip)

export async function renderDocument(run: StoredRun, folds: readonly FoldRecord[]): Promise<RunDocument> {
  const json = Buffer.from(await textOf(renderDetail(run, folds)))
  const etag = `"${createHash('sha256').update(json).digest('hex').slice(0, 32)}"`
  return { etag, gzipped: await compress(json) }
}

/** As `JSON.stringify` writes it, a few folds at a turn. */
async function textOf({ folds, ...rest }: RunDetail): Promise<string> {
  const parts: string[] = []
  for (const fold of folds ?? []) {
    await nextTurn()
    parts.push(JSON.stringify(fold))
  }
  return `${JSON.stringify(rest).slice(0, -1)},"folds":[${parts.join()}]}`
}

export function renderDetail(run: StoredRun, folds: readonly FoldRecord[]): RunDetail {
  const shown = renderRun(run)
  return {
    ...shown,
    total_folds: folds.length,
    fold_offset: 0,
    has_more_folds: false,
    run: shown,
    folds: folds.map((fold) => renderFold(run.run_id, fold)),
  }
}

/** A run without its folds, under every name that a client looks for. */
export function renderRun(run: StoredRun): Run {
  return {
    ...run.extra,
    run_id: run.run_id,
    dataset_id: run.dataset_id,
    dataset_slug: run.dataset_slug,
    prediction_measurement: run.prediction_measurement,
    measurement: run.prediction_measurement,
    target_column: run.target_column,
    feature_columns: [...run.feature_columns],
    features: [...run.feature_columns],
    hyperparameters: withAliases(run.hyperparameters, HYPERPARAMETER_ALIASES),
    walk_config: withAliases(run.walk_config, WALK_CONFIG_ALIASES),
    summary_metrics: run.summary_metrics,
    status: run.status,
    requested_by: run.requested_by,
    started_at: isoSeconds(run.started_at),
    completed_at: isoSeconds(run.completed_at),
    ...(run.duration_ms === null ? {} : { duration_ms: run.duration_ms }),
    fold_count: run.fold_count,
    created_at: run.created_at.toISOString(),
    updated_at: run.updated_at.toISOString(),
  }
}

/** As the older list shows it. */
export function renderWalkforwardRun(run: StoredRun): WalkforwardRun {
  return {
    ...renderRun(run),
    runId: run.run_id,
    datasetId: run.dataset_id,
    predictionMeasurement: run.prediction_measurement,
  }
}
