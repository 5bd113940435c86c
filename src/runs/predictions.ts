/** The predictions of a run in QuestDB: how they are loaded, and how they are read back. */
import { Readable } from 'node:stream'
import { DomainError } from '../errors.js'
import type { ColumnType } from '../frames/batch.js'
import type { FrameSource } from '../frames/open.js'
import type { SpooledBody } from '../frames/spooled.js'
import { queryTime } from '../frames/time.js'
import type { QuestDbClient } from '../questdb/client.js'
import { quoteIdentifier } from '../questdb/names.js'
import { streamCsv, streamJson } from '../questdb/reading.js'
import { despiteReplacement } from '../questdb/replaced.js'
import { rangedSelect } from '../questdb/row-range.js'
import { numericColumns } from '../questdb/sampled-columns.js'
import { sampledRows } from '../questdb/sampled-rows.js'
import type { SampleMethod } from '../questdb/sampling.js'
import { type TableColumn, tableColumns } from '../questdb/table-states.js'
import type { LoadRequest } from '../transfers/service.js'

const TYPES: ReadonlyMap<string, ColumnType> = new Map([
  ['bar_index', 'long'],
  ['index', 'long'],
  ['fold_number', 'long'],
  ['fold', 'long'],
])

/** Names under which older writers know a column. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ['index', 'bar_index'],
  ['fold', 'fold_number'],
  ['prediction_value', 'prediction'],
  ['target', 'target_value'],
  ['prediction_threshold', 'roc_threshold'],
  ['best_score', 'fold_score'],
])

/** The frame that a save carries, if it carries one. @throws DomainError REQUEST_INVALID when it carries two or a broken one */
export function predictionFrame(spooled: SpooledBody, uploadId?: string): FrameSource | undefined {
  const rows = spooled.members.get('predictions')
  const csv = spooled.members.get('predictions_csv')
  if ([rows, csv, uploadId].filter(Boolean).length > 1)
    throw invalid('/predictions', 'one of predictions, predictions_csv and predictions_upload_id')
  if (rows && rows.kind !== 'array') throw invalid('/predictions', 'an array of row objects')
  if (csv && csv.kind !== 'string') throw invalid('/predictions_csv', 'text')
  if (rows) return { path: spooled.path, format: 'rows', range: { start: rows.start, end: rows.end } }
  if (csv) return { path: spooled.path, format: 'csv', quoted: true, range: { start: csv.start, end: csv.end } }
  return undefined
}

/** The load that puts a run's predictions in the place of those that its measurement held. */
export function predictionLoad(
  run: { readonly run_id: string; readonly prediction_measurement: string },
  source: FrameSource,
  expectedRows: number | undefined,
): LoadRequest {
  return {
    source,
    target: run.prediction_measurement,
    owner: { kind: 'run', id: run.run_id },
    mode: 'replace',
    // The same bar may be predicted in several folds whose test spans overlap.
    dedupKeys: ['timestamp', 'fold_number'],
    dedupKeysIfPresent: [],
    partitionBy: 'MONTH',
    types: TYPES,
    otherwise: source.format === 'rows' ? 'double' : 'infer',
    required: ['fold_number', 'prediction'],
    filled: ['fold_number'],
    renamed: RENAMED,
    ...(expectedRows === undefined ? {} : { expectedRows }),
  }
}

export interface PredictionsWanted {
  readonly fold_number?: number
  readonly start_timestamp?: string
  readonly end_timestamp?: string
  readonly limit?: number
  readonly offset?: number
  /** Without it every row is sent. */
  readonly max_points?: number
  readonly method?: SampleMethod
}

/**
 * Streams prediction rows in the order of time and fold.
 * @throws DomainError MEASUREMENT_NOT_FOUND when the run has no predictions
 */
export async function readPredictions(
  client: QuestDbClient,
  run: { readonly run_id: string; readonly prediction_measurement: string },
  format: 'json' | 'csv',
  wanted: PredictionsWanted,
  limits: { readonly signal: AbortSignal; readonly timeoutSeconds: number },
): Promise<Readable> {
  return despiteReplacement(() => readOnce(client, run, format, wanted, limits), limits.signal)
}

async function readOnce(
  client: QuestDbClient,
  run: { readonly run_id: string; readonly prediction_measurement: string },
  format: 'json' | 'csv',
  wanted: PredictionsWanted,
  limits: { readonly signal: AbortSignal; readonly timeoutSeconds: number },
): Promise<Readable> {
  const { signal } = limits
  const { measurement, columns: stored } = await findPredictions(client, run, signal)
  const select = selectPredictions(measurement, stored, wanted)
  if (format === 'csv' && wanted.max_points !== undefined) throw sampledCsv()
  if (format === 'csv') return streamCsv(client, select.rows, { timeoutS: limits.timeoutSeconds, signal })
  const counted = await client.exec(select.count, { signal })
  const total = Number(counted.dataset[0]?.[0] ?? 0)
  const hasMore = wanted.limit !== undefined && (wanted.offset ?? 0) + wanted.limit < total
  const head = { run_id: run.run_id, measurement, total, has_more: hasMore }
  const sample = wanted.max_points === undefined ? undefined : await samplePredictions(client, select, wanted, signal)
  if (sample?.rows)
    return Readable.from([JSON.stringify({ ...head, ...sample.label, ...sample.rows })], { objectMode: false })
  const labelled = JSON.stringify({ ...head, ...sample?.label, columns: select.columns })
  return streamJson(client, select.rows, { prefix: `${labelled.slice(0, -1)},`, signal })
}

/** The selected predictions, made few; rows are left out where all of them are few enough. */
async function samplePredictions(
  client: QuestDbClient,
  { source, shown }: ReturnType<typeof selectPredictions>,
  { max_points: maxPoints = 0, method = 'minmax' }: PredictionsWanted,
  signal: AbortSignal,
) {
  const columns = numericColumns(shown, false, maxPoints).map(({ as }) => as)
  const { label, rows } = await sampledRows(client, { ...source, columns }, { maxPoints, method }, { signal })
  const dataset = rows?.map(({ ms, values }) => [ms, ...values])
  return { label, rows: dataset && { columns: ['timestamp_ms', ...columns], dataset, count: dataset.length } }
}

function sampledCsv(): DomainError {
  return new DomainError(
    'REQUEST_INVALID',
    'max_points goes with JSON: CSV has no place to say that rows were sampled',
    [{ in: 'query', pointer: '/max_points', expected: 'none beside CSV' }],
  )
}

/** The run's own measurement, or the one that older servers would have made for it. @throws DomainError MEASUREMENT_NOT_FOUND */
async function findPredictions(
  client: QuestDbClient,
  run: { readonly run_id: string; readonly prediction_measurement: string },
  signal: AbortSignal,
): Promise<{ measurement: string; columns: readonly TableColumn[] }> {
  const { run_id, prediction_measurement } = run
  for (const measurement of [prediction_measurement, `wf_${run_id.replaceAll('-', '_')}`, `wf_${run_id}`]) {
    const columns = await tableColumns(client, measurement, { signal })
    if (columns) return { measurement, columns }
  }
  throw new DomainError(
    'MEASUREMENT_NOT_FOUND',
    `run ${run_id} has no predictions: there is no measurement ${prediction_measurement}`,
    { measurement: prediction_measurement },
  )
}

function selectPredictions(measurement: string, stored: readonly TableColumn[], wanted: PredictionsWanted) {
  const designated = stored.find((column) => column.designated)?.name ?? 'timestamp'
  const others = stored.filter((column) => !column.designated && column.name !== 'timestamp_ms')
  const names = others.map(({ name }) => name)
  const shown = others.map(({ name, type }) => ({ name, type, as: shownName(name, names) }))
  const fold = shown.find(({ as }) => as === 'fold_number')
  const foldName = fold && quoteIdentifier(fold.name)
  const where = wanted.fold_number === undefined ? [] : [foldName ? `${foldName} = ${wanted.fold_number}` : 'false']
  const values = shown.map(({ name, as }) =>
    name === as ? quoteIdentifier(name) : `${quoteIdentifier(name)} AS ${as}`,
  )
  const range = {
    fromMicros: queryTime(wanted.start_timestamp, 'start_timestamp'),
    toMicros: queryTime(wanted.end_timestamp, 'end_timestamp'),
    limit: wanted.limit,
    offset: wanted.offset,
  }
  const selected = (time: string) => {
    const columns = [time, ...values].join(', ')
    const thenBy = foldName ? [foldName] : []
    return rangedSelect({ table: measurement, designated, columns, where, thenBy }, range)
  }
  const select = selected(`cast(${quoteIdentifier(designated)} AS long) / 1000 AS timestamp_ms`)
  const source = { rows: selected(quoteIdentifier(designated)).rows, time: designated }
  return { ...select, columns: ['timestamp_ms', ...shown.map(({ as }) => as)], shown, source }
}

/** The name that clients look for, where a writer has used another one and the table has not both. */
function shownName(name: string, all: readonly string[]): string {
  const known = RENAMED.get(name)
  return known === undefined || all.includes(known) ? name : known
}

function invalid(pointer: string, expected: string): DomainError {
  return new DomainError('REQUEST_INVALID', `${pointer}: expected ${expected}`, [{ in: 'body', pointer, expected }])
}
