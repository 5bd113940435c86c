import * as assert from 'uvu/assert'
import { csvOf } from '../../support/csv.js'
import { assertSame, ownDataset, ownRun, predictionRows, type RunBody } from '../../support/fixtures.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

type Row = Readonly<Record<string, number>>

const server = await startServer()
const { prefix } = server.engines
test.after(() => server.stop())

const dataset = ownDataset(prefix, 'csv')

test.before(async () => {
  await server.post('/api/datasets', dataset)
})

/** Saves a new run with predictions and returns them as they are read. */
async function saved(carried: Record<string, unknown>): Promise<{ run: RunBody['run']; rows: Row[] }> {
  const { run, folds } = ownRun(prefix, dataset.dataset_id, 2)
  const answer = await server.post('/api/runs', { run, folds, ...carried })
  assert.is(answer.status, 201, answer.text.slice(0, 500))
  const table = (await server.get(`/api/runs/${run.run_id}/predictions`)).json as {
    columns: string[]
    dataset: number[][]
  }
  return {
    run,
    rows: table.dataset.map((row) => Object.fromEntries(table.columns.map((name, i) => [name, row[i] as number]))),
  }
}

function asStored(rows: readonly Row[]): Row[] {
  return rows
    .map(({ timestamp, ...values }) => ({ timestamp_ms: timestamp as number, ...values }) as Row)
    .sort((a, b) => Number(a.timestamp_ms) - Number(b.timestamp_ms) || Number(a.fold_number) - Number(b.fold_number))
}

test('CSV says the same as rows', async () => {
  const rows = predictionRows(5, 24)
  for (const carried of [{ predictions: rows }, { predictions_csv: csvOf(rows) }])
    assertSame((await saved(carried)).rows, asStored(rows), Object.keys(carried).join())
})

test('the names of older writers are those of today, in rows and in CSV', async () => {
  const rows = predictionRows(2, 10)
  const older = rows.map((row, i) => ({
    timestamp_unix: row.timestamp / 1000,
    index: row.bar_index,
    fold: row.fold_number,
    prediction_value: row.prediction,
    target: row.target_value,
    prediction_threshold: i / 3,
    best_score: i / 7,
  }))
  const expected = rows.map((row, i) => ({ ...row, roc_threshold: i / 3, fold_score: i / 7 }))
  for (const carried of [{ predictions: older }, { predictions_csv: csvOf(older) }])
    assertSame((await saved(carried)).rows, asStored(expected), Object.keys(carried).join())
})

test('a frame that has both names of a column keeps both columns', async () => {
  const rows = predictionRows(1, 3).map((row) => ({ ...row, target: 7, best_score: 0.5, fold_score: 0.25 }))
  for (const carried of [{ predictions: rows }, { predictions_csv: csvOf(rows) }]) {
    const [first] = (await saved(carried)).rows
    assert.equal(
      [first?.target, first?.target_value, first?.best_score, first?.fold_score],
      [7, rows[0]?.target_value, 0.5, 0.25],
    )
  }
})

test('the CSV that is downloaded can be saved with another run as it is', async () => {
  const rows = predictionRows(6, 30)
  const { run } = await saved({ predictions: rows })
  const { text } = await server.get(`/api/runs/${run.run_id}?download_predictions=true`)
  assertSame((await saved({ predictions_csv: text })).rows, asStored(rows))
})

test('predictions that are whole numbers for thousands of lines are still decimals', async () => {
  const rows = predictionRows(600, 40).map((row, i) => ({
    ...row,
    prediction: i < 20_000 ? i % 2 : row.prediction,
    target_value: 1,
  }))
  const { rows: stored } = await saved({ predictions_csv: csvOf(rows) })
  assertSame(stored, asStored(rows))
})

test('text with quotes, line ends of Windows and empty cells is read', async () => {
  const [time] = [Date.UTC(2024, 10, 28, 22)]
  const predictions_csv = [
    '"timestamp",fold_number,"prediction",target_value,note',
    `${time},0,"0.25",,"a ""quoted"", note"`,
    `"${new Date(time + 3_600_000).toISOString()}",1,-1e-7,0.5,`,
    '',
  ].join('\r\n')
  const { rows } = await saved({ predictions_csv })
  assert.equal(rows as unknown, [
    { timestamp_ms: time, fold_number: 0, prediction: 0.25, target_value: null, note: 'a "quoted", note' },
    { timestamp_ms: time + 3_600_000, fold_number: 1, prediction: -1e-7, target_value: 0.5, note: null },
  ])
})

test.run()
