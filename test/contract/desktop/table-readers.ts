/** Jobs, measurements and query results as the desktop's tables show them. */
import { isObject, itemsOf, type Json, jsonText, objectOf, strictInt, stringOf, textOf } from './values.js'

export interface DesktopJob {
  readonly job_id: string
  readonly job_type: string
  readonly status: string
  /** `done/total (percent)`, or `-` when nobody knows the total. */
  readonly progress: string
  readonly message: string
  readonly error: string
  readonly payload: string
  readonly result: string
  readonly created_at: string
  readonly updated_at: string
  readonly started_at: string
  readonly completed_at: string
}

export function readJobs(text: string): DesktopJob[] {
  return itemsOf(text, 'jobs').map(jobOf)
}

export function readJob(text: string): DesktopJob {
  return jobOf(objectOf(text))
}

function jobOf(job: Json): DesktopJob {
  const [progress, total] = [strictInt(job.progress), strictInt(job.total)]
  return {
    job_id: stringOf(job.job_id),
    job_type: stringOf(job.job_type),
    status: stringOf(job.status),
    progress: total > 0 ? `${progress}/${total} (${Math.round((100 * progress) / total)}%)` : '-',
    message: stringOf(job.message),
    error: stringOf(job.error),
    payload: jsonText(job.payload),
    result: jsonText(job.result),
    created_at: stringOf(job.created_at),
    updated_at: stringOf(job.updated_at),
    started_at: stringOf(job.started_at),
    completed_at: stringOf(job.completed_at),
  }
}

/** The id of an import's job; it must be text. */
export function readJobId(text: string): string {
  const { job_id } = objectOf(text)
  if (typeof job_id !== 'string' || job_id === '') throw new Error('no job_id')
  return job_id
}

export interface DesktopMeasurement {
  readonly name: string
  readonly rows: number
  readonly designated_timestamp: string
  readonly partition_by: string
  readonly first: string
  readonly last: string
}

/** Two of the keys are known in camel case only. */
export function readMeasurements(text: string): DesktopMeasurement[] {
  return itemsOf(text, 'measurements').map((item) => ({
    name: stringOf(item.name),
    rows: strictInt(item.row_count ?? item.rowCount),
    designated_timestamp: stringOf(item.designatedTimestamp),
    partition_by: stringOf(item.partitionBy),
    first: textOf(item.first_ts ?? item.firstTimestamp),
    last: textOf(item.last_ts ?? item.lastTimestamp),
  }))
}

export interface DesktopTable {
  readonly columns: string[]
  readonly cells: string[][]
}

const DIGITS_SHOWN = 6

/** Column names are text, anything else is shown as JSON; doubles are cut to six digits; null and objects are empty. */
export function readQuery(text: string): DesktopTable {
  const { columns, dataset } = objectOf(text)
  if (!Array.isArray(columns) || !Array.isArray(dataset)) throw new Error('no columns or no dataset')
  return {
    columns: columns.map((column) => (isObject(column) ? JSON.stringify(column) : textOf(column))),
    cells: dataset.filter(Array.isArray).map((row: unknown[]) => row.map(cellOf)),
  }
}

function cellOf(value: unknown): string {
  if (typeof value !== 'number' || Number.isInteger(value)) return textOf(value)
  return String(Number(value.toPrecision(DIGITS_SHOWN)))
}
