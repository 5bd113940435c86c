/** Folds as resources: parts, figures over all of them, gaps, times; receipts; saves that do not wait; uploads. */
import { Float64, Int32, Int64, Table, tableToIPC, vectorFromArray } from 'apache-arrow'
import * as assert from 'uvu/assert'
import { eventually } from '../../support/eventually.js'
import { bars, ownDataset, ownRun, predictionRows } from '../../support/fixtures.js'
import type { Job, Problem } from '../../support/imports.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

interface Receipt {
  readonly fold_count: number
  readonly prediction_rows: number
  readonly questdb_rows_written: number
  readonly job_id: string
  readonly warnings: string[]
}
type Fold = Record<string, unknown> & { fold_number: number }

const server = await startServer()
const { prefix } = server.engines
const dataset = ownDataset(prefix, 'folds')
const ROWS = 300
const times = bars(ROWS).map(({ timestamp }) => timestamp)
test.after(() => server.stop())

test.before(async () => {
  await server.post('/api/datasets', dataset)
  const rows = times.map((timestamp, i) => ({ timestamp, RSI: i / 3 }))
  await server.post(`/api/datasets/${dataset.dataset_slug}/indicators/append`, { rows })
})

/** A run whose folds train on 50 rows and test on the next 10, each 20 rows after the one before. */
function steppedRun(numbers: number[]) {
  const body = ownRun(prefix, dataset.dataset_id, numbers.length)
  const folds = numbers.map((fold_number, i) => ({
    run_id: body.run.run_id,
    fold_number,
    train_start_idx: i * 20,
    train_end_idx: i * 20 + 50,
    test_start_idx: i * 20 + 50,
    test_end_idx: i * 20 + 60,
    metrics: { n_signals: i + 1, hit_rate: i / 10, sum_wins: 3, sum_losses: i === 0 ? 0 : 2, running_sum: i * 1.5 },
  }))
  return { run: body.run, folds }
}

test("a fold's times are those of its first and last rows in the dataset", async () => {
  const body = steppedRun([0, 1, 2])
  await server.post('/api/runs', body)
  const { folds } = (await server.get(`/api/runs/${body.run.run_id}`)).json as { folds: Fold[] }
  assert.equal(
    folds.map((f) => [f.train_start_ts_ms, f.train_end_ts_ms, f.test_start_ts_ms, f.test_end_ts_ms]),
    [0, 1, 2].map((i) => [times[i * 20], times[i * 20 + 49], times[i * 20 + 50], times[i * 20 + 59]]),
  )
})

test('a fold that ends behind the last row is saved, its time left out, and told of', async () => {
  const body = steppedRun([0])
  Object.assign(body.folds[0] as Fold, { test_end_idx: ROWS + 7 })
  const receipt = (await server.post('/api/runs', body)).json as Receipt
  assert.match(receipt.warnings.join(), `fold 0 ends at row ${ROWS + 7} but the dataset has ${ROWS} indicator rows`)
  const { folds } = (await server.get(`/api/runs/${body.run.run_id}`)).json as { folds: Fold[] }
  assert.equal([folds[0]?.test_start_ts_ms, folds[0]?.test_end_ts_ms], [times[50], undefined])
})

test('a run saved before its rows gets its times when it is saved again', async () => {
  const early = ownDataset(prefix, 'early')
  await server.post('/api/datasets', early)
  const body = steppedRun([0])
  body.run.dataset_id = early.dataset_id
  await server.post('/api/runs', body)
  await server.post(`/api/datasets/${early.dataset_slug}/indicators/append`, {
    rows: times.map((timestamp) => ({ timestamp, RSI: 1 })),
  })
  await server.post('/api/runs', body)
  const { folds } = (await server.get(`/api/runs/${body.run.run_id}`)).json as { folds: Fold[] }
  assert.is(folds[0]?.test_end_ts_ms, times[59])
})

test('folds come in parts with the fields asked for, figures and gaps always over all of them', async () => {
  const body = steppedRun([0, 1, 2, 5, 9])
  await server.post('/api/runs', body)
  const path = `/api/runs/${body.run.run_id}`
  const part = (await server.get(`${path}/folds?limit=2&offset=1&fields=hit_rate,train_end`)).json as Record<
    string,
    unknown
  > & { aggregates: Record<string, number> }
  assert.equal(part.folds, [
    { fold_number: 1, train_end: 70, hit_rate: 0.1 },
    { fold_number: 2, train_end: 90, hit_rate: 0.2 },
  ])
  assert.equal([part.count, part.total, part.offset, part.has_more, part.complete], [2, 5, 1, true, false])
  assert.equal(part.gaps, [
    { from: 3, to: 4 },
    { from: 6, to: 8 },
  ])
  const { aggregates } = part
  assert.equal([aggregates.folds, aggregates.total_long_signals, aggregates.total_signals], [5, 15, 15])
  assert.ok(Math.abs((aggregates.hit_rate_long as number) - (0.1 * 2 + 0.2 * 3 + 0.3 * 4 + 0.4 * 5) / 15) < 1e-12)
  assert.equal([aggregates.pf_long, aggregates.pf_short, aggregates.running_sum_long], [15 / 8, 0, 6])
  const detail = (await server.get(`${path}?fold_limit=2&fold_offset=3&fold_fields=samples_test`)).json as Record<
    string,
    unknown
  >
  assert.equal(detail.folds, [
    { fold_number: 5, samples_test: 0 },
    { fold_number: 9, samples_test: 0 },
  ])
  assert.equal([detail.total_folds, detail.fold_offset, detail.has_more_folds], [5, 3, false])
  const all = (await server.get(`${path}/folds`)).json as { folds: Fold[]; has_more: boolean }
  assert.equal([all.folds.length, all.has_more], [5, false])
  assert.equal(((await server.get(path)).json as { folds: Fold[] }).folds.length, 5)
})

test('the receipt of the last save can be read again', async () => {
  const body = steppedRun([0, 1])
  const first = (await server.post('/api/runs', { ...body, predictions: predictionRows(2, 4) })).json
  assert.equal((await server.get(`/api/runs/${body.run.run_id}/receipt`)).json, first)
  const second = (await server.post('/api/runs', { ...body, folds: body.folds.slice(1) })).json
  assert.equal((await server.get(`/api/runs/${body.run.run_id}/receipt`)).json, second)
  assert.is((await server.get(`/api/runs/${crypto.randomUUID()}/receipt`)).status, 404)
})

test('a declared number of predictions that did not come stores nothing', async () => {
  const body = steppedRun([0])
  const answer = await server.post('/api/runs', { ...body, prediction_count: 5, predictions: predictionRows(1, 4) })
  const problem = answer.json as Problem
  assert.equal([answer.status, problem.code], [422, 'COUNT_MISMATCH'])
  assert.equal(problem.details, { declared: 5, received: 4 })
  assert.is((await server.get(`/api/runs/${body.run.run_id}`)).status, 404)
})

test('a client that does not want to wait follows the job, whose result is the receipt', async () => {
  for (const predictions of [predictionRows(2, 5), undefined]) {
    const body = steppedRun([0, 1])
    const answer = await server.post('/api/runs', { ...body, predictions }, { headers: { prefer: 'respond-async' } })
    const accepted = answer.json as Receipt
    assert.equal([answer.status, answer.headers.get('location')], [202, `/api/jobs/${accepted.job_id}`])
    const job = await eventually('the job has ended', async () => {
      const found = (await server.get(`/api/jobs/${accepted.job_id}`)).json as Job & { result: { receipt: Receipt } }
      return ['COMPLETED', 'FAILED'].includes(found.status) ? found : undefined
    })
    assert.equal([job.status, job.result.receipt.fold_count], ['COMPLETED', 2])
    assert.is(job.result.receipt.questdb_rows_written, predictions?.length ?? 0)
    assert.is((await server.get(`/api/runs/${body.run.run_id}`)).status, 200)
  }
})

test('predictions come from an upload, which may be used again; one that is not there is named', async () => {
  const rows = predictionRows(2, 6)
  const csv = `timestamp,fold_number,prediction\n${rows.map((r) => `${r.timestamp},${r.fold_number},${r.prediction}`).join('\n')}\n`
  const arrow = tableToIPC(
    new Table({
      timestamp: vectorFromArray(
        rows.map((r) => BigInt(r.timestamp)),
        new Int64(),
      ),
      fold_number: vectorFromArray(
        rows.map((r) => r.fold_number),
        new Int32(),
      ),
      prediction: vectorFromArray(
        rows.map((r) => r.prediction),
        new Float64(),
      ),
    }),
  )
  const upload = async (body: string | Uint8Array, media: string) =>
    ((await server.send('POST', '/api/uploads', { body, media })).json as { upload_id: string }).upload_id
  const uploads = [
    await upload(csv, 'text/csv'),
    await upload(JSON.stringify({ rows }), 'application/json'),
    await upload(arrow, 'application/vnd.apache.arrow.stream'),
  ]
  for (const id of uploads) {
    for (const body of [steppedRun([0, 1]), steppedRun([0, 1])]) {
      const answer = await server.post('/api/runs', { ...body, predictions_upload_id: id, prediction_count: 12 })
      assert.equal([answer.status, (answer.json as Receipt).prediction_rows], [201, 12], answer.text)
      const read = (await server.get(`/api/runs/${body.run.run_id}/predictions`)).json as { dataset: number[][] }
      const value = (read as unknown as { columns: string[] }).columns.indexOf('prediction')
      assert.equal(new Set(read.dataset.map((row) => row[value])), new Set(rows.map((row) => row.prediction)))
    }
  }
  const body = steppedRun([0])
  const gone = await server.post('/api/runs', { ...body, predictions_upload_id: crypto.randomUUID() })
  assert.equal([gone.status, (gone.json as Problem).code], [409, 'UPLOAD_UNKNOWN'])
  const both = { ...body, predictions_upload_id: crypto.randomUUID(), predictions: predictionRows(1, 1) }
  assert.is((await server.post('/api/runs', both)).status, 400)
  assert.is((await server.get(`/api/runs/${body.run.run_id}`)).status, 404)
})

test('predictions in a table of another writer are read under the names that clients know', async () => {
  const body = steppedRun([0])
  const name = body.run.prediction_measurement
  await server.post('/api/runs', body)
  await server.engines.questdb.exec(
    `CREATE TABLE "${name}" AS (SELECT timestamp_sequence('2025-01-01', 3600000000) timestamp, x "index", x % 2 fold,
      x / 4.0 prediction_value, x / 8.0 target FROM long_sequence(4)) TIMESTAMP(timestamp) PARTITION BY MONTH BYPASS WAL`,
  )
  const read = (await server.get(`/api/runs/${body.run.run_id}/predictions?fold_number=1`)).json as {
    columns: string[]
    dataset: number[][]
  }
  assert.equal(read.columns, ['timestamp_ms', 'bar_index', 'fold_number', 'prediction', 'target_value'])
  assert.equal(read.dataset, [
    [Date.UTC(2025, 0, 1), 1, 1, 0.25, 0.125],
    [Date.UTC(2025, 0, 1, 2), 3, 1, 0.75, 0.375],
  ])
})

test.run()
