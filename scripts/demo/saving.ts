/** The half of the demo that saves: a token, a dataset, its frames, a run with its predictions. */
import { setTimeout as delay } from 'node:timers/promises'
import type { ApiClient, Schemas } from './api.js'
import { compareSent, DifferenceError } from './compare.js'
import { toCsv } from './csv.js'
import { ensured, exported, exportedAgain } from './desktop-dataset.js'
import { INDICATORS, type Row } from './generated-frames.js'
import type { Material } from './material.js'
import { count, counted, type Narrator, rate, type ShowProgress, size } from './narrator.js'

/** The most rows that the desktop sends in one request. */
const BATCH_ROWS = 10_000
const POLL_MS = 100

/** The job that was watched did not end well; the message says why. */
export class JobError extends Error {
  override readonly name = 'JobError'
}

export async function getToken(api: ApiClient, narrator: Narrator, secret: string): Promise<ApiClient> {
  const { body } = await narrator.step(
    () => api.post<Schemas['Token']>('/api/auth/token', { secret, name: 'demo', expires_in: 3600 }),
    ({ body: issued }) => `token issued against the shared secret, good for ${issued.expires_in / 60} minutes`,
  )
  return api.withToken(body.token)
}

export async function registerDataset(api: ApiClient, narrator: Narrator, material: Material): Promise<void> {
  const { names, bars, indicators } = material
  const save = (body: unknown) => api.post<Schemas['Dataset']>('/api/datasets', body)
  await narrator.step(
    () => save(exported(names, bars, indicators)),
    ({ status }) => `registered, the manifest as an object: ${status}`,
  )
  const { body: known } = await narrator.step(
    () => save(exportedAgain(names, bars, indicators)),
    ({ status }) => `registered as the desktop does right after, the manifest as text: ${status}`,
  )
  await narrator.step(
    async () => {
      const { body: after } = await save(ensured(names))
      const { updated_at: _, questdb_state: __, ...before } = known
      return compareSent('the dataset after a registration with next to nothing in it', before, after)
    },
    (values) => `registered with "unknown" and zeros, as before each run: all ${values} values stayed as they were`,
  )
}

export async function uploadFrames(api: ApiClient, narrator: Narrator, material: Material): Promise<void> {
  const { names, bars, indicators } = material
  const path = `/api/datasets/${names.dataset_id}`
  await narrator.step(
    () => append(api, `${path}/ohlcv/append`, bars),
    (sent, seconds) => `${count(bars.length)} bars appended (${figures(sent, seconds)})`,
  )
  await narrator.step(
    async () => {
      const again = await append(api, `${path}/ohlcv/append`, bars)
      compareSent('the receipts of the same bars again', { duplicates: bars.length, total: bars.length }, again)
      return again
    },
    ({ duplicates, total }) => `the same again: ${count(duplicates)} duplicates, still ${count(total)} bars`,
  )
  await narrator.step(
    () => append(api, `${path}/indicators/append`, indicators),
    (sent, seconds) =>
      `${count(indicators.length)} rows of ${INDICATORS.length} indicators appended (${figures(sent, seconds)})`,
  )
}

interface Appended {
  readonly requests: number
  readonly rows: number
  readonly bytes: number
  readonly duplicates: number
  readonly total: number
}

async function append(api: ApiClient, path: string, rows: readonly Row[]): Promise<Appended> {
  let sum: Appended = { requests: 0, rows: 0, bytes: 0, duplicates: 0, total: 0 }
  for (let at = 0; at < rows.length; at += BATCH_ROWS) {
    const batch = rows.slice(at, at + BATCH_ROWS)
    const { body, bytesSent } = await api.post<Schemas['AppendReceipt']>(path, { rows: batch })
    if (body.rows_received !== batch.length)
      throw new DifferenceError(`${path}: ${batch.length} rows were sent, the receipt tells of ${body.rows_received}`)
    sum = {
      requests: sum.requests + 1,
      rows: sum.rows + batch.length,
      bytes: sum.bytes + bytesSent,
      duplicates: sum.duplicates + body.duplicates,
      total: body.total_rows,
    }
  }
  return sum
}

function figures(sent: Appended, seconds: number): string {
  return `${counted(sent.requests, 'request')}, ${size(sent.bytes)}, ${rate(sent.rows, seconds)}`
}

/** The same indicators by the other way: CSV text, loaded by a job that is watched. */
export async function importAsJob(api: ApiClient, narrator: Narrator, material: Material): Promise<void> {
  const { csvNames, indicators } = material
  const measurement = csvNames.indicator_measurement
  const data = toCsv(['timestamp', ...INDICATORS], indicators)
  const { body: job } = await narrator.step(
    () =>
      api.post<Schemas['ImportReceipt']>('/api/questdb/import/async', {
        measurement,
        data,
        filename: `${measurement}.csv`,
      }),
    ({ status, body, bytesSent }) => `CSV handed in (${size(bytesSent)}): ${status}, job ${body.job_id} ${body.status}`,
  )
  await narrator.step(
    (progress) => follow(api, job.job_id, progress),
    ({ result }, seconds) =>
      `job COMPLETED: ${count(Number(result?.rows_written))} rows of ${INDICATORS.length} indicators (${rate(indicators.length, seconds)})`,
  )
  await narrator.step(
    () => api.post<Schemas['Dataset']>('/api/datasets', csvNames),
    ({ body }) => `registered as the indicators of dataset ${body.dataset_slug}`,
  )
}

async function follow(api: ApiClient, jobId: string, progress: ShowProgress): Promise<Schemas['Job']> {
  for (;;) {
    const { body: job } = await api.get<Schemas['Job']>(`/api/jobs/${jobId}`)
    if (job.status === 'COMPLETED') return job
    if (job.status === 'FAILED' || job.status === 'CANCELLED')
      throw new JobError(`the import job ended as ${job.status}: ${job.error}`)
    progress(`job ${job.status}: ${job.phase}, ${(job.progress_pct ?? 0).toFixed(0)} %  ${job.message ?? ''}`.trimEnd())
    await delay(POLL_MS)
  }
}

export async function saveRun(api: ApiClient, narrator: Narrator, material: Material): Promise<void> {
  const { run, predictions } = material
  const body = { ...run, fold_count: run.folds.length, predictions }
  const save = () => api.post<Schemas['RunReceipt']>('/api/runs', body)
  const stored = { folds_written: run.folds.length, prediction_rows: predictions.length, warnings: [] }
  const { body: first } = await narrator.step(
    async () => {
      const saved = await save()
      compareSent('the receipt of the run', { status: 201, body: stored }, saved)
      return saved
    },
    ({ status, body: receipt, bytesSent }) => `run saved (${size(bytesSent)}): ${status}, "${receipt.message}"`,
  )
  narrator.note(`receipt: ${first.folds_written} folds, ${count(first.prediction_rows ?? 0)} predictions readable,`)
  narrator.note(`         ${first.first_ts} to ${first.last_ts}, etag ${first.etag}`)
  await narrator.step(
    async () => {
      const again = await save()
      const { saved_at: _, ...receipt } = first
      compareSent('the receipt of the same save again', { status: 200, body: receipt }, again)
      return again
    },
    ({ status, body: receipt }) =>
      `the same again: ${status}, same etag, ${receipt.folds_written} folds: nothing changed`,
  )
}
