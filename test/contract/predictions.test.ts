/** Predictions, as the desktop's tables hold them and both clients read them. */
import * as assert from 'uvu/assert'
import { assertSame, ownDataset, ownRun, predictionRows } from '../support/fixtures.js'
import { startServer } from '../support/server.js'
import { test } from '../support/test.js'
import { must } from './desktop/sender.js'
import { Desktop } from './desktop/transport.js'
import { ask } from './web/transport.js'

const server = await startServer()
const desktop = new Desktop(server.url, server.token)
const { prefix, questdb } = server.engines
test.after(() => server.stop())

interface Table {
  readonly run_id: string
  readonly measurement: string
  readonly columns: string[]
  readonly dataset: (number | null)[][]
  readonly count: number
}

const dataset = ownDataset(prefix, 'predicted')
const { run, folds } = ownRun(prefix, dataset.dataset_id, 5)
/** Test spans that overlap by half. */
const rows = predictionRows(5, 24)
const path = `/api/runs/${run.run_id}/predictions`

test.before(async () => {
  await must(desktop.post('/api/datasets', dataset))
  await must(desktop.post('/api/runs', { run, folds, predictions: rows }))
})

const table = async (query = '') => (await ask(server, 'GET', `${path}${query}`)) as Table
const records = ({ columns, dataset: cells }: Table) =>
  cells.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i]])))
const inOrder = [...rows].sort((a, b) => a.timestamp - b.timestamp || a.fold_number - b.fold_number)

test('A3 #29: predictions are JSON unless CSV is asked for, by format or by Accept', async () => {
  assert.match(String((await must(desktop.get(path))).headers['content-type']), 'application/json')
  assert.is((await table('?format=json')).count, 120)
  for (const answer of [
    await server.get(`${path}?format=csv`),
    await server.get(path, { headers: { accept: 'text/csv' } }),
  ]) {
    assert.match(answer.headers.get('content-type') as string, 'text/csv')
    assert.is(answer.text.trim().split('\n').length, 121)
  }
})

test("A3 #30: the table has the desktop's column names, and its time in milliseconds", async () => {
  const found = await table()
  assert.equal([found.run_id, found.measurement, found.count], [run.run_id, run.prediction_measurement, 120])
  assert.equal([...found.columns].sort(), ['bar_index', 'fold_number', 'prediction', 'target_value', 'timestamp_ms'])
  assertSame(
    records(found),
    inOrder.map(({ timestamp, ...values }) => ({ timestamp_ms: timestamp, ...values })),
  )
})

test('A3 #31: a run that names no measurement has one by its id, and what older servers stored there is found', async () => {
  const data = 'timestamp,fold_number,prediction\n1732831200000,0,0.5\n'
  const { run: nameless } = ownRun(prefix, dataset.dataset_id, 0, { prediction_measurement: undefined })
  const { run: elsewhere } = ownRun(prefix, dataset.dataset_id, 0)
  const older = ({ run_id }: { run_id: string }) => `wf_${run_id.replaceAll('-', '_')}`
  try {
    const saved = await must(desktop.post('/api/runs', { run: nameless, folds: [], predictions_csv: data }))
    assert.is(JSON.parse(saved.text).prediction_measurement, older(nameless))
    await must(desktop.post('/api/runs', { run: elsewhere, folds: [] }))
    await must(desktop.post('/api/questdb/import', { measurement: older(elsewhere), data }))
    for (const one of [nameless, elsewhere]) {
      const found = (await ask(server, 'GET', `/api/runs/${one.run_id}/predictions`)) as Table
      assert.equal([found.measurement, found.count], [older(one), 1])
    }
  } finally {
    for (const one of [nameless, elsewhere]) await questdb.run(`DROP TABLE IF EXISTS "${older(one)}"`)
  }
})

test('pain 57: a bar that two folds predict keeps both predictions', async () => {
  const times = new Set(rows.map(({ timestamp }) => timestamp))
  assert.ok(times.size < rows.length, `${times.size} bars for ${rows.length} predictions`)
  const found = records(await table())
  const key = (row: Record<string, unknown>) => `${row.timestamp_ms ?? row.timestamp}/${row.fold_number}`
  assert.equal(new Set(found.map(key)), new Set(rows.map(key)))
  assert.is(found.length, rows.length)
})

test.run()
