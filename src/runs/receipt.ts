/** What a save tells its client: what was stored, and what looks odd about it. */
import type { components } from '../../generated/api.js'
import type { SpooledBody } from '../frames/spooled.js'
import type { Job } from '../jobs/service.js'
import type { LoadResult } from '../transfers/service.js'
import { oddities, type RunRecord } from './record.js'

export type RunReceipt = components['schemas']['RunReceipt']

export interface Saved {
  readonly record: RunRecord
  readonly dataset: { readonly dataset_id: string }
  readonly etag: string
  readonly spooled: SpooledBody
  /** The predictions that came along. */
  readonly loaded: LoadResult | undefined
  /** Prediction rows that can be read now; undefined when QuestDB did not say. */
  readonly counted: number | undefined
  /** Further oddities, seen while the save was prepared. */
  readonly warnings: readonly string[]
}

export function receiptOf({ record, dataset, etag, spooled, loaded, counted, warnings }: Saved): RunReceipt {
  const folds = record.folds.length
  return {
    run_id: record.run_id,
    dataset_id: dataset.dataset_id,
    prediction_measurement: record.prediction_measurement,
    questdb_rows_written: loaded?.rowsWritten ?? 0,
    ...(counted === undefined ? {} : { prediction_rows: counted }),
    folds_written: folds,
    fold_count: folds,
    status: record.status,
    ...(loaded ? boundsOf(loaded) : {}),
    digest: spooled.digest,
    etag,
    saved_at: new Date().toISOString(),
    success: true,
    message: `${[inWords(folds, 'fold'), ...(loaded ? [inWords(loaded.rowsWritten, 'prediction')] : [])].join(' and ')} saved`,
    warnings: [...oddities(record), ...repeated(loaded), ...warnings].slice(0, 1000),
  }
}

/** What a client that does not wait is told. */
export function acceptedReceipt(record: RunRecord, job: Job): RunReceipt {
  return {
    run_id: record.run_id,
    dataset_id: record.dataset,
    prediction_measurement: record.prediction_measurement,
    questdb_rows_written: 0,
    folds_written: 0,
    job_id: job.job_id,
    job_status: job.status,
    success: true,
    message: `accepted; follow job ${job.job_id}`,
    warnings: [],
  }
}

function repeated(loaded: LoadResult | undefined): string[] {
  if (!loaded || loaded.rowsDeduplicated === 0) return []
  return [
    `${inWords(loaded.rowsDeduplicated, 'prediction')} with the time and fold of another one; one of each was kept`,
  ]
}

function boundsOf({ firstMs, lastMs }: LoadResult) {
  return {
    first_ts: new Date(firstMs).toISOString(),
    last_ts: new Date(lastMs).toISOString(),
    first_ts_ms: firstMs,
    last_ts_ms: lastMs,
  }
}

function inWords(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
