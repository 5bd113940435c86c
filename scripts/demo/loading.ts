/** The half of the demo that loads everything back and holds each value against what was sent. */
import type { ApiClient, Schemas } from './api.js'
import { compareRows, compareSent, DifferenceError } from './compare.js'
import { fromCsv } from './csv.js'
import { INDICATORS, type Row } from './generated-frames.js'
import { BAR_COLUMNS, type Material, PREDICTION_COLUMNS, type RunBody } from './material.js'
import { count, type Narrator, size } from './narrator.js'

/** @returns how many values were compared */
export async function loadFrames(api: ApiClient, narrator: Narrator, material: Material): Promise<number> {
  const { names, csvNames, bars, indicators } = material
  const frame = async (what: string, path: string, columns: readonly string[], sent: readonly Row[]) => {
    const step = async () => {
      const { body, bytesReceived } = await api.get<Schemas['RowList']>(path)
      compareSent(what, { count: sent.length, total: sent.length, has_more: false }, body)
      return { values: compareRows(what, columns, sent, body.rows, { iso: true }), bytesReceived }
    }
    const { values } = await narrator.step(
      step,
      (read) => `${what}: ${count(sent.length)} rows, ${size(read.bytesReceived)}, ${same(read.values)}`,
    )
    return values
  }
  const csv = csvNames.dataset_id
  return (
    (await frame('bars', `/api/datasets/${names.dataset_id}/ohlcv`, BAR_COLUMNS, bars)) +
    (await frame('indicators', `/api/datasets/${names.dataset_id}/indicators`, INDICATORS, indicators)) +
    (await frame('indicators sent as CSV', `/api/datasets/${csv}/indicators`, INDICATORS, indicators))
  )
}

/** @returns how many values were compared */
export async function loadRun(api: ApiClient, narrator: Narrator, { run }: Material): Promise<number> {
  const path = `/api/runs/${run.run.run_id}`
  const { values, etag } = await narrator.step(
    async () => {
      const { body, headers, bytesReceived } = await api.get<Schemas['RunDetail']>(path)
      const expected = asAnswered(run)
      const compared = compareSent('run', { ...expected.run, ...expected }, body)
      compareSent('number of folds', { fold_count: run.folds.length, has_more_folds: false }, body)
      return { values: compared, bytesReceived, etag: headers.get('etag') ?? '' }
    },
    (read) => `run with ${run.folds.length} folds: ${size(read.bytesReceived)}, ${same(read.values)}`,
  )
  await narrator.step(
    async () => {
      const { status } = await api.get(path, { 'if-none-match': etag })
      compareSent('the run asked for once more with its etag', 304, status)
    },
    () => 'the same run asked for with its etag: 304, no body',
  )
  return values
}

/** What was sent, in the one respect changed in which answers differ: flags in the metrics come as 1 or 0. */
function asAnswered({ run, folds }: RunBody) {
  const numeric = (value: number | boolean) => (typeof value === 'boolean' ? Number(value) : value)
  return {
    run,
    folds: folds.map((fold) => ({
      ...fold,
      metrics: Object.fromEntries(Object.entries(fold.metrics).map(([name, value]) => [name, numeric(value)])),
    })),
  }
}

/** @returns how many values were compared */
export async function loadPredictions(api: ApiClient, narrator: Narrator, material: Material): Promise<number> {
  const { run, predictions } = material
  const path = `/api/runs/${run.run.run_id}`
  const sent = [...predictions].sort(byTimeAndFold)
  const compare = (what: string, rows: readonly Readonly<Record<string, unknown>>[]) =>
    compareRows(what, PREDICTION_COLUMNS, sent, rows, { iso: false })

  const asJson = await narrator.step(
    async () => {
      const { body, bytesReceived } = await api.get<Schemas['PredictionTable']>(`${path}/predictions`)
      const rows = body.dataset.map((cells) => Object.fromEntries(body.columns.map((name, i) => [name, cells[i]])))
      return { values: compare('predictions as JSON', rows), bytesReceived }
    },
    (read) => `predictions as JSON: ${count(sent.length)} rows, ${size(read.bytesReceived)}, ${same(read.values)}`,
  )
  const asCsv = await narrator.step(
    async () => {
      const { body, bytesReceived } = await api.get<string>(`${path}/predictions?format=csv`)
      const download = await api.get<string>(`${path}?download_predictions=true`)
      if (download.body !== body) throw new DifferenceError('download_predictions=true gave another CSV')
      return { values: compare('predictions as CSV', fromCsv(body)), bytesReceived }
    },
    (read) => `predictions as CSV: ${count(sent.length)} rows, ${size(read.bytesReceived)}, ${same(read.values)}`,
  )
  return asJson.values + asCsv.values
}

/** What a person sees who looks for all this: the dataset, its runs, the tables in QuestDB. */
export async function lookAround(api: ApiClient, narrator: Narrator, material: Material): Promise<void> {
  await lookAtDataset(api, narrator, material)
  await lookAtMeasurements(api, narrator, material)
}

async function lookAtDataset(api: ApiClient, narrator: Narrator, material: Material): Promise<void> {
  const { names, run, predictionMeasurement } = material
  await narrator.step(
    async () => {
      const { body } = await api.get<Schemas['Dataset']>(`/api/datasets/${names.dataset_slug}`)
      compareSent('the dataset', liveFigures(material), body)
      return body
    },
    (dataset) =>
      `dataset ${dataset.dataset_slug}: ${count(dataset.ohlcv_rows ?? 0)} bars to ${dataset.ohlcv_last_iso}, ` +
      `${count(dataset.indicator_rows ?? 0)} indicator rows, tables ${dataset.questdb_state?.status}`,
  )
  await narrator.step(
    async () => {
      const { body } = await api.get<Schemas['RunList']>(`/api/datasets/${names.dataset_slug}/runs`)
      const { run_id, target_column, status } = run.run
      const listed = { run_id, target_column, status, prediction_measurement: predictionMeasurement }
      compareSent('the runs of the dataset', { total: 1, runs: [{ ...listed, fold_count: run.folds.length }] }, body)
      return body
    },
    ({ total, runs: [first] }) =>
      `its runs: ${total}, ${first?.target_column} ${first?.status} with ${first?.fold_count} folds`,
  )
}

async function lookAtMeasurements(api: ApiClient, narrator: Narrator, material: Material): Promise<void> {
  const { names, bars, indicators, predictionMeasurement } = material
  await narrator.step(
    async () => {
      const { body } = await api.get<Schemas['MeasurementList']>(
        `/api/questdb/measurements?prefix=${names.dataset_slug}`,
      )
      const rows = Object.fromEntries(body.measurements.map((item) => [item.name, item.row_count]))
      const expected = {
        [names.ohlcv_measurement]: bars.length,
        [names.indicator_measurement]: indicators.length,
        [material.csvNames.indicator_measurement]: indicators.length,
        [predictionMeasurement]: material.predictions.length,
      }
      compareSent('row counts of the measurements', expected, rows)
      compareSent('number of measurements', Object.keys(expected).length, body.total)
      return body
    },
    (list) => `${list.total} measurements, ${list.measurements.map((item) => count(item.row_count)).join(' + ')} rows`,
  )
  await narrator.step(
    async () => {
      const { body } = await api.get<Schemas['MeasurementDetail']>(`/api/questdb/measurement/${predictionMeasurement}`)
      const found = body.columns.map((column) => column.name).sort()
      compareSent('columns of the predictions', ['timestamp', ...PREDICTION_COLUMNS].sort(), found)
      return body
    },
    ({ name, columns, partition_by, sample_row_count }) =>
      `measurement ${name}: ${columns.length} columns by ${partition_by}, ${sample_row_count} sample rows`,
  )
}

function liveFigures({ names, bars, indicators }: Material) {
  const table = (measurement: string, rows: number) => ({ measurement, status: 'ok', exists: true, rows, lag: 0 })
  const seconds = (ms: number | undefined) => Number(ms) / 1000
  return {
    ...names,
    ohlcv_rows: bars.length,
    indicator_rows: indicators.length,
    ohlcv_first_ts: seconds(bars[0]?.timestamp),
    ohlcv_last_ts: seconds(bars.at(-1)?.timestamp),
    indicator_first_ts: indicators[0]?.timestamp,
    indicator_last_ts: indicators.at(-1)?.timestamp,
    related_runs: 1,
    questdb_state: {
      status: 'ok',
      ohlcv: table(names.ohlcv_measurement, bars.length),
      indicators: table(names.indicator_measurement, indicators.length),
    },
  }
}

function byTimeAndFold(a: Row, b: Row): number {
  return Number(a.timestamp) - Number(b.timestamp) || Number(a.fold_number) - Number(b.fold_number)
}

function same(values: number): string {
  return `${count(values)} values the same`
}
