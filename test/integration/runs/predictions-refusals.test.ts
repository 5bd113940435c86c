import { randomUUID } from 'node:crypto'
import pg from 'pg'
import * as assert from 'uvu/assert'
import { waitUntilVisible } from '../../../src/questdb/visibility.js'
import { bars, ownDataset, ownRun, predictionRows, type RunBody } from '../../support/fixtures.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

interface Problem {
  readonly code: string
  readonly message: string
  readonly details: Record<string, unknown>
}

const server = await startServer({ settings: { STAGE1_TRANSFERS_WORKERS: '3' } })
const { prefix, postgresUrl, questdb } = server.engines
const sql = new pg.Client({ connectionString: postgresUrl })
await sql.connect()
test.after(async () => {
  await sql.end()
  await server.stop()
})

const dataset = ownDataset(prefix, 'predicted')
const kept = ownRun(`${prefix}Mixed_Case_`, dataset.dataset_id, 3)
const rows = predictionRows(3, 8)

test.before(async () => {
  await server.post('/api/datasets', dataset)
  await server.post('/api/runs', { ...kept, predictions: rows })
})

async function everything({ run }: RunBody): Promise<string[]> {
  const paths = [`/api/runs/${run.run_id}`, `/api/runs/${run.run_id}/predictions`]
  return Promise.all(paths.map(async (path) => (await server.get(path)).text))
}

/** Refused, and the run that was there has its folds and predictions as before. */
async function refused(fields: Record<string, unknown>, status: number, code: string): Promise<Problem> {
  const before = await everything(kept)
  const answer = await server.post('/api/runs', { ...kept, folds: kept.folds.slice(0, 1), ...fields })
  const problem = answer.json as Problem
  assert.equal([answer.status, problem.code], [status, code], answer.text.slice(0, 300))
  assert.equal(await everything(kept), before)
  const { rows: staged } = await sql.query('select table_name from stage1_staged_tables')
  assert.equal(staged, [], 'no staging table is left')
  return problem
}

test('one bad cell among the predictions stores nothing: run, folds and former predictions stay', async () => {
  const bad = [...rows.slice(0, 20), { ...rows[20], prediction: 'n/a' }, ...rows.slice(21)]
  const { details } = await refused({ predictions: bad }, 422, 'CELL_INVALID')
  assert.equal([details.row, details.column, details.value], [20, 'prediction', 'n/a'])
  const csv = 'timestamp,fold_number,prediction\n1732831200000,0,0.5\n1732834800000,zero,0.5\n'
  const inText = await refused({ predictions_csv: csv }, 422, 'CELL_INVALID')
  assert.equal([inText.details.line, inText.details.column, inText.details.value], [3, 'fold_number', 'zero'])
})

test('the bad cell may be the last of many thousand', async () => {
  const many = predictionRows(500, 60)
  const bad = [...many.slice(0, -1), { ...many.at(-1), fold_number: 1.5 }]
  const { details } = await refused({ predictions: bad }, 422, 'CELL_INVALID')
  assert.equal([details.row, details.column, details.value], [29_999, 'fold_number', 1.5])
})

test('predictions without fold or value are refused with what is missing', async () => {
  const { details } = await refused(
    { predictions: rows.map(({ timestamp, target_value }) => ({ timestamp, target_value })) },
    422,
    'FRAME_MALFORMED',
  )
  assert.equal([details.missing, details.found], [['fold_number', 'prediction'], ['target_value']])
  await refused({ predictions_csv: 'timestamp,fold_number\n1732831200000,0\n' }, 422, 'FRAME_MALFORMED')
})

test('no predictions, two kinds of them, and what are none, are refused', async () => {
  await refused({ predictions: [] }, 422, 'FRAME_EMPTY')
  await refused({ predictions_csv: '' }, 422, 'FRAME_MALFORMED')
  await refused({ predictions_csv: 'timestamp,fold_number,prediction\n' }, 422, 'FRAME_EMPTY')
  await refused({ predictions: rows, predictions_csv: 'timestamp,fold_number,prediction\n' }, 400, 'REQUEST_INVALID')
  await refused({ predictions: 'timestamp' }, 400, 'REQUEST_INVALID')
  await refused({ predictions_csv: ['timestamp'] }, 400, 'REQUEST_INVALID')
})

test('predictions that are a number or a truth value are refused, not left out in silence', async () => {
  await refused({ predictions: 5 }, 400, 'REQUEST_INVALID')
  await refused({ predictions_csv: false }, 400, 'REQUEST_INVALID')
})

test('a time out of range is refused with its row', async () => {
  const bad = rows.map((row, i) => (i === 3 ? { ...row, timestamp: 1_732_831 } : row))
  const { details, message } = await refused({ predictions: bad }, 422, 'TIMESTAMP_OUT_OF_RANGE')
  assert.equal([details.row, details.column], [3, 'timestamp'])
  assert.match(message, '1970-01-21')
})

test('good predictions do not save a run that is refused', async () => {
  await refused({ predictions: rows, fold_count: 3 }, 422, 'COUNT_MISMATCH')
  await refused({ predictions: rows, folds: [{ fold_number: 0 }, { fold_number: 0 }] }, 422, 'FOLD_DUPLICATE')
  await refused({ predictions: rows, run: { ...kept.run, dataset_id: randomUUID() } }, 409, 'DATASET_UNKNOWN')
})

test('the measurement of another run takes no predictions, in any case of its letters', async () => {
  const name = kept.run.prediction_measurement
  for (const measurement of [name, name.toUpperCase(), name.toLowerCase()]) {
    const other = ownRun(prefix, dataset.dataset_id, 1, { prediction_measurement: measurement })
    const before = await everything(kept)
    const answer = await server.post('/api/runs', { ...other, predictions: predictionRows(1, 3) })
    assert.equal([answer.status, (answer.json as Problem).code], [409, 'MEASUREMENT_IN_USE'], measurement)
    assert.is((answer.json as Problem).details.run_id, kept.run.run_id)
    assert.equal(await everything(kept), before)
    assert.is((await server.get(`/api/runs/${other.run.run_id}`)).status, 404)
  }
})

test('a run that only names the measurement of another one does not lock its owner out', async () => {
  const owner = { ...ownRun(prefix, dataset.dataset_id, 2), predictions: predictionRows(2, 4) }
  assert.is((await server.post('/api/runs', owner)).status, 201)
  const { prediction_measurement } = owner.run
  const namesake = ownRun(prefix, dataset.dataset_id, 2, { prediction_measurement })
  assert.is((await server.post('/api/runs', namesake)).status, 201, 'the desktop saves runs without predictions')
  const again = await server.post('/api/runs', { ...owner, predictions: predictionRows(2, 5) })
  assert.is(again.status, 200, again.text)
})

test('predictions that a desktop wrote into QuestDB itself are replaced by its own run only', async () => {
  const owner = ownRun(prefix, dataset.dataset_id, 1)
  const { prediction_measurement } = owner.run
  await questdb.exec(
    `CREATE TABLE "${prediction_measurement}" AS (
      SELECT timestamp_sequence('2025-01-01', 3600000000) timestamp, x fold_number, x / 3.0 prediction FROM long_sequence(7)
    ) TIMESTAMP(timestamp) PARTITION BY MONTH WAL`,
  )
  await waitUntilVisible(questdb, prediction_measurement)
  assert.is((await server.post('/api/runs', owner)).status, 201)
  const stranger = ownRun(prefix, dataset.dataset_id, 1, { prediction_measurement })
  const taken = await server.post('/api/runs', { ...stranger, predictions: predictionRows(1, 3) })
  const kept = await questdb.exec(`SELECT count() FROM "${prediction_measurement}"`)
  assert.equal(kept.dataset, [['7']], 'the rows are still there')
  assert.equal([taken.status, (taken.json as Problem).code], [409, 'MEASUREMENT_IN_USE'])
  const own = await server.post('/api/runs', { ...owner, predictions: predictionRows(1, 3) })
  assert.equal([own.status, (own.json as { prediction_rows: number }).prediction_rows], [200, 3])
})

test('two new runs that name one measurement at the same moment: one of them is told that it is taken', async () => {
  const measurement = `${prefix}contested`
  const runs = [0, 1].map(() => ownRun(prefix, dataset.dataset_id, 1, { prediction_measurement: measurement }))
  const answers = await Promise.all(
    runs.map((body, i) => server.post('/api/runs', { ...body, predictions: predictionRows(1, 3 + i) })),
  )
  assert.equal(answers.map(({ status }) => status).sort(), [201, 409])
})

test('the bars of a dataset are not replaced by predictions', async () => {
  const path = `/api/datasets/${dataset.dataset_slug}/ohlcv`
  await server.post(`${path}/append`, { rows: bars(10) })
  const body = ownRun(prefix, dataset.dataset_id, 1, { prediction_measurement: `${dataset.dataset_slug}_ohlcv` })
  const answer = await server.post('/api/runs', { ...body, predictions: predictionRows(1, 3) })
  const read = (await server.get(path)).json as { total: number; rows: Record<string, unknown>[] }
  assert.equal([read.total, read.rows[0]?.open], [10, 95_000], 'the bars are still there')
  assert.equal([answer.status, (answer.json as Problem).code], [409, 'MEASUREMENT_IN_USE'])
})

test('bars that a desktop wrote into QuestDB itself are not replaced by predictions', async () => {
  const own = ownDataset(prefix, 'own_bars')
  await server.post('/api/datasets', own)
  for (const measurement of [`${prefix}own_bars_ohlcv`, `${prefix}own_bars_ind`, `${prefix}OWN_bars_ind`]) {
    await questdb.exec(
      `CREATE TABLE IF NOT EXISTS "${measurement}" AS (
        SELECT timestamp_sequence('2025-01-01', 3600000000) timestamp, x / 3.0 close FROM long_sequence(7)
      ) TIMESTAMP(timestamp) PARTITION BY MONTH WAL`,
    )
    await waitUntilVisible(questdb, measurement)
    const body = ownRun(prefix, own.dataset_id, 1, { prediction_measurement: measurement })
    const answer = await server.post('/api/runs', { ...body, predictions: predictionRows(1, 3) })
    const { dataset: kept } = await questdb.exec(`SELECT count() FROM "${measurement}"`)
    assert.equal(kept, [['7']], 'the bars are still there')
    assert.equal([answer.status, (answer.json as Problem).code], [409, 'MEASUREMENT_IN_USE'], measurement)
  }
})

test('a run without predictions says so, on both routes', async () => {
  const body = ownRun(prefix, dataset.dataset_id, 1)
  await server.post('/api/runs', body)
  const path = `/api/runs/${body.run.run_id}`
  for (const route of [`${path}/predictions`, `${path}/predictions?format=csv`, `${path}?download_predictions=true`]) {
    const { status, json } = await server.get(route)
    const { code, message, details } = json as Problem
    assert.equal([status, code, details.measurement], [404, 'MEASUREMENT_NOT_FOUND', body.run.prediction_measurement])
    assert.match(message, 'has no predictions')
  }
})

test.run()
