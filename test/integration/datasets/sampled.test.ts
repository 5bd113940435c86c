/** Rows of datasets and predictions of runs, made few where a client asks for it. */
import * as assert from 'uvu/assert'
import { bars, ownDataset, ownRun, predictionRows } from '../../support/fixtures.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

interface Rows {
  readonly total: number
  readonly sampled?: boolean
  readonly source_rows?: number
  readonly method?: string
  readonly bucket_ms?: number
  readonly rows: Record<string, number | string | null>[]
  readonly columns: string[]
  readonly dataset: (number | null)[][]
  readonly count: number
}

const server = await startServer()
const { prefix } = server.engines
test.after(() => server.stop())

const COUNT = 1200
const HOUR = 3_600_000
const sent = bars(COUNT)
const dataset = ownDataset(prefix, 'sampled')
const path = `/api/datasets/${dataset.dataset_slug}/ohlcv`
const FOLDS = 30
const predictions = predictionRows(FOLDS, 24)
const { run, folds } = ownRun(prefix, dataset.dataset_id, FOLDS)
const predicted = `/api/runs/${run.run_id}/predictions`

test.before(async () => {
  await server.post('/api/datasets', dataset)
  assert.is((await server.post(`${path}/append`, { rows: sent })).status, 200)
  const saved = await server.post('/api/runs', { run, folds, predictions })
  assert.is(saved.status, 201, saved.text)
})

async function read(at: string): Promise<Rows> {
  const { status, json, text } = await server.get(at)
  assert.is(status, 200, text.slice(0, 300))
  return json as Rows
}

const numbers = (rows: readonly object[], key: string) =>
  rows.map((row) => (row as Record<string, number>)[key] as number)
const range = (values: readonly number[]) => [Math.min(...values), Math.max(...values)]

test('a sample of bars has the extremes of every column, in rows of the usual shape, and says what it is', async () => {
  const { rows, ...answer } = await read(`${path}?max_points=100`)
  assert.equal(
    [answer.sampled, answer.source_rows, answer.method, answer.total, answer.count],
    [true, COUNT, 'minmax', COUNT, rows.length],
  )
  assert.ok(rows.length <= 100 && rows.length > 90, String(rows.length))
  assert.equal(Object.keys(rows[0] ?? {}), ['timestamp', 'timestamp_ms', 'open', 'high', 'low', 'close', 'volume'])
  for (const column of ['open', 'high', 'low', 'close', 'volume'])
    assert.equal(range(numbers(rows, column)), range(numbers(sent, column)), column)
  const times = numbers(rows, 'timestamp_ms')
  assert.equal(
    times,
    [...times].sort((a, b) => a - b),
  )
  const stored = new Set(numbers(sent, 'timestamp'))
  assert.ok(times.every((time) => stored.has(time)))
  assert.equal(rows[0]?.timestamp, new Date(times[0] as number).toISOString().replace('Z', '000Z'))
})

test('a reader that does not ask gets every row, unlabelled; one that asks for enough gets them all, labelled', async () => {
  const plain = await read(path)
  assert.equal([plain.count, plain.sampled, plain.source_rows], [COUNT, undefined, undefined])
  const whole = await read(`${path}?max_points=${COUNT}`)
  assert.equal([whole.count, whole.sampled, whole.source_rows, whole.method], [COUNT, false, COUNT, undefined])
  assert.equal(whole.rows, plain.rows)
})

test('samples go with ranges, columns and the newest row first', async () => {
  const [start, end] = [sent[100]?.timestamp, sent[499]?.timestamp]
  const some = sent.slice(100, 500)
  const up = await read(`${path}?max_points=20&columns=close&start_timestamp=${start}&end_timestamp=${end}`)
  assert.equal([up.source_rows, up.total], [400, 400])
  assert.equal(range(numbers(up.rows, 'close')), range(numbers(some, 'close')))
  assert.equal(Object.keys(up.rows[0] ?? {}), ['timestamp', 'timestamp_ms', 'close'])
  const down = await read(`${path}?max_points=20&columns=close&start_index=100&end_index=500&desc=true`)
  assert.equal(down.rows, [...up.rows].reverse())
  const newest = await read(`${path}?max_points=5&method=ohlc&limit=10&desc=true`)
  assert.is(newest.source_rows, 10)
  const last = sent.slice(-10)
  assert.equal(
    newest.rows.map((row) => [row.timestamp_ms, row.open, row.close]),
    [8, 6, 4, 2, 0].map((i) => [last[i]?.timestamp, last[i]?.open, last[i + 1]?.close]),
  )
})

test('ohlc gives larger bars', async () => {
  const { rows, bucket_ms } = await read(`${path}?max_points=50&method=ohlc`)
  assert.equal([bucket_ms, rows.length], [24 * HOUR, 50])
  const second = sent.slice(24, 48)
  const { timestamp, volume, ...bar } = rows[1] as Record<string, number>
  assert.equal(bar, {
    timestamp_ms: second[0]?.timestamp,
    open: second[0]?.open,
    high: Math.max(...numbers(second, 'high')),
    low: Math.min(...numbers(second, 'low')),
    close: second.at(-1)?.close,
  })
  const sum = numbers(second, 'volume').reduce((a, b) => a + b, 0)
  assert.ok(Math.abs((volume as number) - sum) < 1e-9 * sum)
})

test('predictions of overlapping folds are made few, with their extremes, and filters still hold', async () => {
  const answer = await read(`${predicted}?max_points=40`)
  assert.equal(
    [answer.sampled, answer.source_rows, answer.total, answer.count],
    [true, FOLDS * 24, FOLDS * 24, answer.dataset.length],
  )
  assert.ok(answer.count <= 40)
  const cells = (name: string) => answer.dataset.map((row) => row[answer.columns.indexOf(name)] as number)
  for (const name of ['prediction', 'target_value', 'bar_index'])
    assert.equal(range(cells(name)), range(numbers(predictions, name)), name)
  assert.is(answer.columns[0], 'timestamp_ms')
  const fold = await read(`${predicted}?max_points=10&fold_number=3`)
  assert.is(fold.source_rows, 24)
  const at = fold.columns.indexOf('prediction')
  const own = predictions.filter((row) => row.fold_number === 3)
  assert.equal(range(fold.dataset.map((row) => row[at] as number)), range(numbers(own, 'prediction')))
  const whole = await read(`${predicted}?max_points=24&fold_number=3`)
  assert.equal([whole.sampled, whole.count], [false, 24])
  assert.is((await read(predicted)).sampled, undefined)
})

test('a sample of predictions as CSV is refused, since nothing in it could say so', async () => {
  const { status, json } = await server.get(`${predicted}?max_points=10&format=csv`)
  assert.equal([status, (json as { code: string }).code], [400, 'REQUEST_INVALID'])
})

test.run()
