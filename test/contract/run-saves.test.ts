/** Runs as the desktop saves them, and what it is told when it can't. */
import { randomUUID } from 'node:crypto'
import * as assert from 'uvu/assert'
import {
  assertSame,
  datasetBodies,
  fullRunBody,
  onlySentKeys,
  ownDataset,
  ownRun,
  predictionRows,
  runBodies,
  simulationBodies,
  withNumericFlags,
} from '../support/fixtures.js'
import { startServer } from '../support/server.js'
import { test } from '../support/test.js'
import { readRun } from './desktop/run-reader.js'
import { ensureBody, must, saveRun } from './desktop/sender.js'
import { Desktop } from './desktop/transport.js'
import type { Json } from './desktop/values.js'
import { ask, failure, toast } from './web/transport.js'

const server = await startServer()
const desktop = new Desktop(server.url, server.token)
const { prefix } = server.engines
test.after(() => server.stop())

const dataset = ownDataset(prefix, 'saved')
const mine = (folds: number, over: Json = {}) => ownRun(prefix, dataset.dataset_id, folds, over)

test.before(async () => {
  for (const body of [...datasetBodies(), dataset]) await must(desktop.post('/api/datasets', body))
})

const readBack = async (id: string) => readRun((await must(desktop.get(`/api/runs/${id}`))).text)
const raw = async (id: string) => (await ask(server, 'GET', `/api/runs/${id}`)) as Json & { folds: Json[] }
const numbers = (folds: readonly { fold_number: number }[]) => folds.map(({ fold_number }) => fold_number)
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i)

async function saved(body: unknown): Promise<Json & { warnings: string[] }> {
  return JSON.parse((await must(desktop.post('/api/runs', body))).text)
}

test('A3 #16: nested, flat and with the spellings of the structs in memory, it is the same run', async () => {
  const { run, folds } = mine(2)
  await saved({ run, folds })
  const nested = await raw(run.run_id)
  const flat = { ...run, folds, fold_count: 2, features: run.feature_columns }
  const { feature_columns, hyperparameters, walk_config, summary_metrics, ...plain } = run
  const structs = {
    ...plain,
    feature_columns_json: JSON.stringify(feature_columns),
    hyperparameters_json: JSON.stringify(hyperparameters),
    walk_config_json: JSON.stringify(walk_config),
    summary_metrics_json: JSON.stringify(summary_metrics),
    folds: folds.map(({ train_start_idx, thresholds, metrics, ...fold }) => ({
      ...fold,
      ...metrics,
      train_start: train_start_idx,
      thresholds_json: JSON.stringify(thresholds),
    })),
  }
  for (const body of [flat, structs]) {
    await saved(body)
    assertSame((await raw(run.run_id)).folds, nested.folds)
    assertSame((await raw(run.run_id)).run, nested.run)
  }
})

test('A3 #17: the answer to a save has what each document promises', async () => {
  const { run, folds } = mine(3)
  const answer = await must(desktop.post('/api/runs', { run, folds, predictions: predictionRows(3, 8) }))
  assert.is(answer.status, 201)
  const { run_id, prediction_measurement, questdb_rows_written, folds_written, success, message } = JSON.parse(
    answer.text,
  )
  assert.equal(
    [run_id, prediction_measurement, questdb_rows_written, folds_written, success, message],
    [run.run_id, run.prediction_measurement, 24, 3, true, '3 folds and 24 predictions saved'],
  )
})

test('A3 #18: a run of an unknown dataset is refused in words that the desktop can show, with the id', async () => {
  const unknown = randomUUID()
  const answer = await desktop.post('/api/runs', ownRun(prefix, unknown, 1))
  assert.is(answer.status, 409)
  assert.match(toast(answer.text), unknown)
  assert.match(toast(answer.text), 'POST /api/datasets')
})

test('A3 #21: any status is kept, INCOMPLETE as well', async () => {
  for (const status of ['COMPLETED', 'INCOMPLETE', 'QUEUED', 'stopped by user']) {
    const body = mine(1, { status })
    await saveRun(desktop, body)
    assert.is((await readBack(body.run.run_id)).status, status)
  }
})

test('pain 1: three hundred and twelve folds are sent once and are there', async () => {
  const { run } = fullRunBody()
  assert.is(await saveRun(desktop, fullRunBody()), 1)
  assert.equal(numbers((await readBack(run.run_id)).folds), upTo(312))
})

test('pain 2: no fold is missing in between, whatever their order when they were sent', async () => {
  const { run, folds } = mine(312)
  await saveRun(desktop, { run, folds: [...folds].reverse() })
  assert.equal(numbers((await readBack(run.run_id)).folds), upTo(312))
})

test('pain 3: saves of one run at the same moment leave it whole', async () => {
  const { run, folds } = mine(312)
  await Promise.all(upTo(4).map(() => must(desktop.post('/api/runs', { run, folds }))))
  assertSame(onlySentKeys((await raw(run.run_id)).folds, folds), withNumericFlags({ run, folds }).folds)
})

test("pain 4: folds are part of the run's detail", async () => {
  for (const body of runBodies()) {
    await saveRun(desktop, body)
    const sent = withNumericFlags(body).folds
    assertSame(onlySentKeys((await raw(body.run.run_id)).folds, sent), sent)
    const { text } = await must(desktop.get(`/api/walkforward/runs/${body.run.run_id}`))
    assertSame(JSON.parse(text), await raw(body.run.run_id), 'where the desktop looks when the first path fails')
  }
})

test('pain 5: a summary that tells another number of folds is told of', async () => {
  const receipt = await saved(mine(3))
  assert.equal(
    receipt.warnings.filter((text) => text.includes('summary_metrics')),
    ['summary_metrics.folds says 312 but 3 folds were stored'],
  )
})

test('pain 6: one attempt is enough, also for twelve hundred folds', async () => {
  const { run, folds } = mine(312)
  const many = upTo(1200).map((fold_number) => ({ ...folds[fold_number % 312], fold_number }))
  assert.is(await saveRun(desktop, { run, folds: many }), 1)
  assert.equal(numbers((await readBack(run.run_id)).folds), upTo(1200))
})

test('pain 26: a run without a registered dataset leaves no table behind, and is taken once the desktop registers it', async () => {
  const known = { dataset_id: randomUUID(), dataset_slug: `${prefix}late` }
  const body = { ...ownRun(prefix, known.dataset_id, 2), predictions: predictionRows(2, 4) }
  const text = await failure(server, 'POST', '/api/runs', body)
  assert.match(text, /^HTTP 409: /)
  const { prediction_measurement: name, run_id } = body.run
  assert.match(await failure(server, 'GET', `/api/questdb/measurement/${name}`), /^HTTP 404: /)
  assert.match(await failure(server, 'GET', `/api/runs/${run_id}`), /^HTTP 404: /)
  await must(desktop.post('/api/datasets', ensureBody(known)))
  assert.is((await saved(body)).questdb_rows_written, 8)
})

test('pain 29: the spool is replayed twice, and the second time changes nothing', async () => {
  const replay = async () => {
    for (const body of datasetBodies()) await must(desktop.post('/api/datasets', body))
    for (const body of runBodies()) await saveRun(desktop, body)
    for (const body of simulationBodies()) await must(desktop.post('/api/simulations', body))
  }
  const state = async () => ({
    runs: await Promise.all(runBodies().map(({ run }) => raw(run.run_id))),
    simulations: await Promise.all(
      simulationBodies().map(async ({ simulation_id }) => {
        const { updated_at: _, ...simulation } = (await ask(server, 'GET', `/api/simulations/${simulation_id}`)) as Json
        return simulation
      }),
    ),
  })
  await replay()
  const first = await state()
  assert.equal(
    first.runs.map((run) => run.folds.length),
    [500, 499, 312, 312, 312],
  )
  assert.equal(
    first.simulations.map((simulation) => simulation.trade_count),
    [102, 1759],
  )
  await replay()
  assertSame(await state(), first)
})

test('pain 31: quotes, line ends and every other sign in JSON come back as they were', async () => {
  const odd = { note: 'a "quote", a \\ and a\nline\ttab', 'key "x"': 'it\'s {"json": [1]}', sign: '\u2028é𝄞' }
  const body = mine(1, { hyperparameters: odd, requested_by: 'O\'Neill, "Q"' })
  await saveRun(desktop, body)
  const run = await raw(body.run.run_id)
  assert.equal([onlySentKeys(run.hyperparameters, odd), run.requested_by], [odd, body.run.requested_by])
})

test('pain 62: a run that is saved again with fewer folds has only those', async () => {
  const { run, folds } = mine(20)
  await saveRun(desktop, { run, folds })
  assert.is(await saveRun(desktop, { run, folds: folds.slice(0, 7) }), 1)
  assert.equal(numbers((await readBack(run.run_id)).folds), upTo(7))
})

test.run()
