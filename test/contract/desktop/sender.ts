/** What the desktop sends, in its order: exports, the registration before every save, and runs with their verification. */
import { setTimeout as sleep } from 'node:timers/promises'
import { readDataset, readDatasetList } from './dataset-reader.js'
import { readRun } from './run-reader.js'
import { type Desktop, type DesktopAnswer, isSuccess } from './transport.js'

export const BATCH_ROWS = 10_000
const SAVE_ATTEMPTS = 5

export interface Exported {
  readonly dataset_id: string
  readonly dataset_slug: string
  readonly symbol: string
  readonly granularity: string
  readonly bar_interval_ms: number
  readonly lookback_rows: number
  readonly first_ohlcv_ts: number
  readonly first_indicator_ts: number
  readonly metadata: Readonly<Record<string, unknown>>
}

/** The metadata writer: the manifest as an object. */
export function writerBody(dataset: Exported) {
  return dataset
}

/** The client that creates right after it: no symbol, the manifest as text. */
export function creatorBody({ symbol: _, ...dataset }: Exported) {
  return { ...dataset, metadata: JSON.stringify(dataset.metadata) }
}

/** The registration before a run is saved: hardly anything is known. */
export function ensureBody({ dataset_id, dataset_slug }: Pick<Exported, 'dataset_id' | 'dataset_slug'>) {
  const known = {
    dataset_id,
    dataset_slug,
    symbol: dataset_slug,
    granularity: 'unknown',
    bar_interval_ms: 0,
    lookback_rows: 0,
  }
  const measurements = { ohlcv_measurement: `${dataset_slug}_ohlcv`, indicator_measurement: `${dataset_slug}_ind` }
  return { ...known, metadata: { ...known, ...measurements, version: 1, ohlcv_rows: 0, indicator_rows: 0 } }
}

/** Exports a dataset with its rows; any refusal ends it with the text that the user sees. Returns the id it uploaded to. */
export async function exportDataset(
  desktop: Desktop,
  dataset: Exported,
  ohlcv: readonly object[],
  indicators: readonly object[],
): Promise<string> {
  await must(desktop.post('/api/datasets', writerBody(dataset)))
  const id = await lookUp(desktop, dataset)
  await must(desktop.post('/api/datasets', creatorBody({ ...dataset, dataset_id: id })))
  for (const [frame, rows] of [
    ['ohlcv', ohlcv],
    ['indicators', indicators],
  ] as const)
    for (let from = 0; from < rows.length; from += BATCH_ROWS)
      await must(desktop.post(`/api/datasets/${id}/${frame}/append`, { rows: rows.slice(from, from + BATCH_ROWS) }))
  return id
}

/** The id under which the server knows the dataset; a failure other than a 404 makes the desktop go on with its own. */
async function lookUp(desktop: Desktop, { dataset_id, dataset_slug }: Exported): Promise<string> {
  const found = await desktop.get(`/api/datasets/${dataset_id}`)
  if (isSuccess(found)) return readDataset(found.text).dataset_id
  if (found.status !== 404) return dataset_id
  const list = await must(desktop.get('/api/datasets?limit=200&offset=0'))
  return readDatasetList(list.text).find((item) => item.dataset_slug === dataset_slug)?.dataset_id ?? dataset_id
}

/** Saves a run and reads it again until it has exactly the folds that were sent. Returns how many attempts it took. */
export async function saveRun(
  desktop: Desktop,
  body: { run: { run_id: string }; folds: readonly object[] },
): Promise<number> {
  let last = ''
  for (let attempt = 1; attempt <= SAVE_ATTEMPTS; attempt++) {
    const saved = await desktop.post('/api/runs', body)
    last = saved.text
    if (isSuccess(saved)) {
      const read = await desktop.get(`/api/runs/${body.run.run_id}`)
      const stored = isSuccess(read) ? readRun(read.text).folds.length : 0
      if (stored === body.folds.length) return attempt
      last = `Stage1 stored ${stored} of ${body.folds.length} folds`
    }
    await sleep(200 * attempt)
  }
  throw new Error(last)
}

export async function must(answer: Promise<DesktopAnswer>): Promise<DesktopAnswer> {
  const got = await answer
  if (!isSuccess(got)) throw new Error(got.text)
  return got
}
