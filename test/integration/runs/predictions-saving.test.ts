import { readdirSync } from 'node:fs'
import pg from 'pg'
import * as assert from 'uvu/assert'
import { assertSame, ownDataset, ownRun, predictionRows } from '../../support/fixtures.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

type Row = Record<string, number | null>

interface Table {
  readonly measurement: string
  readonly total: number
  readonly columns: string[]
  readonly dataset: (number | null)[][]
  readonly count: number
}

const server = await startServer({ settings: { STAGE1_TRANSFERS_WORKERS: '3' } })
const { prefix, questdb, postgresUrl } = server.engines
const sql = new pg.Client({ connectionString: postgresUrl })
await sql.connect()
test.after(async () => {
  await sql.end()
  await server.stop()
})

const dataset = ownDataset(prefix, 'predicted')

test.before(async () => {
  await server.post('/api/datasets', dataset)
  await sql.query(`
    create table staged_tables_made (table_name text);
    create function remember_staged_table() returns trigger language plpgsql as
      'begin insert into staged_tables_made values (new.table_name); return null; end';
    create trigger remember after insert on stage1_staged_tables for each row execute function remember_staged_table()`)
})

function newRun(folds = 3) {
  return ownRun(prefix, dataset.dataset_id, folds)
}

async function save(body: unknown, status: number): Promise<Record<string, unknown>> {
  const answer = await server.post('/api/runs', body)
  assert.is(answer.status, status, answer.text.slice(0, 500))
  return answer.json as Record<string, unknown>
}

/** The stored rows by their column names. */
async function stored(runId: string): Promise<Row[]> {
  const answer = await server.get(`/api/runs/${runId}/predictions`)
  assert.is(answer.status, 200, answer.text.slice(0, 500))
  const { columns, dataset: rows } = answer.json as Table
  return rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i] as number | null])))
}

/** Sent rows as they are stored: by time and fold, the time in milliseconds. */
function asStored(rows: readonly Row[]): Row[] {
  return rows
    .map(({ timestamp, ...values }) => ({ timestamp_ms: timestamp as number, ...values }) as Row)
    .sort((a, b) => Number(a.timestamp_ms) - Number(b.timestamp_ms) || Number(a.fold_number) - Number(b.fold_number))
}

/** No table, no record and no body of a load is left, whoever else loads at the same time. */
async function assertNothingLeftBehind(): Promise<void> {
  const { rows: recorded } = await sql.query('select table_name from stage1_staged_tables')
  assert.equal(recorded, [])
  const { rows: made } = await sql.query<{ table_name: string }>('select table_name from staged_tables_made')
  assert.ok(made.length > 0, 'predictions are staged')
  const { dataset: tables } = await questdb.exec('SELECT table_name FROM tables()')
  const present = new Set(tables.map(([name]) => name))
  assert.equal(
    made.filter(({ table_name }) => present.has(table_name)),
    [],
  )
  assert.equal(readdirSync(server.spoolDir), [])
}

test('predictions that overlap between folds are kept every one, and come back to the last bit', async () => {
  const { run, folds } = newRun(20)
  const rows = predictionRows(20, 24)
  const receipt = await save({ run, folds, predictions: rows }, 201)
  assert.equal([receipt.questdb_rows_written, receipt.prediction_rows, receipt.folds_written], [480, 480, 20])
  const times = rows.map((row) => row.timestamp)
  assert.equal([receipt.first_ts_ms, receipt.last_ts_ms], [Math.min(...times), Math.max(...times)])
  assert.equal(receipt.message, '20 folds and 480 predictions saved')
  assertSame(await stored(run.run_id), asStored(rows))
  await assertNothingLeftBehind()
})

test("thresholds, scores and missing values of the desktop's ten columns are kept", async () => {
  const { run, folds } = newRun(1)
  const full = predictionRows(1, 6).map((row, i) => ({
    ...row,
    target_value: i === 2 ? null : row.target_value,
    long_threshold: i / 3,
    short_threshold: -i / 3,
    roc_threshold: 1 / (i + 1),
    short_entry_threshold: null,
    fold_score: 0.000893999997060746,
    fold_profit_factor: 999,
  }))
  await save({ run, folds, predictions: full }, 201)
  // A column in which no row has a value is not made.
  const expected = full.map(({ short_entry_threshold: _, ...row }) => row)
  assertSame(await stored(run.run_id), asStored(expected as unknown as Row[]))
})

test('a run that is saved with other predictions has those and none of the former', async () => {
  const { run, folds } = newRun(4)
  await save({ run, folds, predictions: predictionRows(4, 24) }, 201)
  const later = predictionRows(2, 5, Date.UTC(2025, 0, 1)).map((row) => ({
    ...row,
    prediction: row.prediction + 1,
    own: 2.5,
  }))
  const receipt = await save({ run, folds, predictions: later }, 200)
  assert.equal([receipt.questdb_rows_written, receipt.prediction_rows], [10, 10])
  assertSame(await stored(run.run_id), asStored(later))
  await assertNothingLeftBehind()
})

test('the same save again ends in the same rows and the same document', async () => {
  const { run, folds } = newRun(4)
  const body = { run, folds, predictions: predictionRows(4, 24) }
  const first = await save(body, 201)
  const again = await save(body, 200)
  assert.equal([again.etag, again.digest, again.prediction_rows], [first.etag, first.digest, 96])
  assertSame(await stored(run.run_id), asStored(body.predictions))
})

test('a save without predictions leaves those that are there, and says how many', async () => {
  const { run, folds } = newRun(4)
  await save({ run, folds, predictions: predictionRows(4, 24) }, 201)
  const receipt = await save({ run, folds: folds.slice(0, 2) }, 200)
  assert.equal([receipt.questdb_rows_written, receipt.prediction_rows, receipt.folds_written], [0, 96, 2])
  assert.is((await stored(run.run_id)).length, 96)
  const none = newRun(1)
  assert.is((await save(none, 201)).prediction_rows, 0)
})

test('predictions that repeat a bar within a fold are kept once, and that is told', async () => {
  const { run, folds } = newRun(1)
  const rows = predictionRows(1, 10)
  const repeated = { ...rows[4], prediction: 42 }
  const receipt = await save({ run, folds: folds.slice(0, 1), predictions: [...rows, repeated] }, 201)
  assert.equal([receipt.questdb_rows_written, receipt.prediction_rows], [10, 10])
  assert.match((receipt.warnings as string[]).join(), '1 prediction with the time and fold of another one')
  const kept = await stored(run.run_id)
  assert.is(kept.find((row) => row.bar_index === repeated.bar_index)?.prediction, 42, 'the later one stays')
})

test('a save with predictions is a job that can be looked up', async () => {
  const { run, folds } = newRun(2)
  await save({ run, folds, predictions: predictionRows(2, 4) }, 201)
  const { rows } = await sql.query("select * from stage1_jobs where type = 'save_run' and payload->>'run_id' = $1", [
    run.run_id,
  ])
  assert.equal([rows.length, rows[0].status, rows[0].attempts], [1, 'COMPLETED', 1])
  const job = (await server.get(`/api/jobs/${rows[0].job_id}`)).json as Record<string, unknown>
  assert.equal(
    [job.type, job.status, job.payload],
    ['save_run', 'COMPLETED', { run_id: run.run_id, measurement: run.prediction_measurement, folds: 2 }],
  )
})

test('four runs with predictions at the same moment are all stored, and one run that is saved four times is whole', async () => {
  const runs = [1, 2, 3, 4].map((n) => ({ ...newRun(n), predictions: predictionRows(n, 24) }))
  await Promise.all(runs.map((body) => save(body, 201)))
  for (const { run, predictions } of runs) assertSame(await stored(run.run_id), asStored(predictions))

  const { run, folds } = newRun(4)
  const variants = [1, 2, 3, 4].map((n) => ({ run, folds: folds.slice(0, n), predictions: predictionRows(n, 24) }))
  const answers = await Promise.all(variants.map((body) => server.post('/api/runs', body)))
  assert.equal(answers.map(({ status }) => status).sort(), [200, 200, 200, 201])
  const count = ((await server.get(`/api/runs/${run.run_id}`)).json as { fold_count: number }).fold_count
  assertSame(await stored(run.run_id), asStored(predictionRows(count, 24)), 'predictions and folds are of one save')
  await assertNothingLeftBehind()
})

test.run()
