/** Runs as they are read: by the desktop, which finds values in several places, and by the dashboard, which finds them in one. */
import * as assert from 'uvu/assert'
import {
  assertSame,
  bars,
  datasetBodies,
  fullRunBody,
  onlySentKeys,
  ownDataset,
  ownRun,
  type RunBody,
  runBodies,
  withNumericFlags,
} from '../support/fixtures.js'
import { startServer } from '../support/server.js'
import { test } from '../support/test.js'
import { type DesktopFold, readRun, readRunList } from './desktop/run-reader.js'
import { must, saveRun } from './desktop/sender.js'
import { Desktop } from './desktop/transport.js'
import type { Json } from './desktop/values.js'
import * as web from './web/readers.js'
import { ask } from './web/transport.js'

const server = await startServer()
const desktop = new Desktop(server.url, server.token)
const { prefix } = server.engines
test.after(() => server.stop())

const dataset = ownDataset(prefix, 'shown')
const full = ownRun(prefix, dataset.dataset_id, 312)
const { run_id } = full.run

test.before(async () => {
  for (const body of [...datasetBodies(), dataset]) await must(desktop.post('/api/datasets', body))
  await saveRun(desktop, full)
})

const readDesktop = async (id = run_id) => readRun((await must(desktop.get(`/api/runs/${id}`))).text)
const readWeb = async (id = run_id) => web.readRun(await ask(server, 'GET', `/api/runs/${id}`))
const raw = async (path = `/api/runs/${run_id}`) => (await ask(server, 'GET', path)) as Json & { folds: Json[] }

async function saved(over: Json, folds = 1): Promise<RunBody> {
  const body = ownRun(prefix, dataset.dataset_id, folds, over)
  await saveRun(desktop, body)
  return body
}

/** A fold as the desktop has it after a reload, when nothing is lost. */
function whole(fold: RunBody['folds'][number]): DesktopFold {
  const { model_learned_nothing, used_cached_model, ...metrics } = fold.metrics as Record<string, number>
  const { train_start_idx, train_end_idx, test_start_idx, test_end_idx, samples_train, samples_test } = fold
  return {
    fold_number: fold.fold_number,
    train_start: train_start_idx as number,
    train_end: train_end_idx as number,
    test_start: test_start_idx as number,
    test_end: test_end_idx as number,
    samples_train: samples_train as number,
    samples_test: samples_test as number,
    thresholds: fold.thresholds,
    metrics,
    model_learned_nothing: Boolean(model_learned_nothing),
    used_cached_model: Boolean(used_cached_model),
    shown: { hit_rate: metrics.hit_rate as number, profit_factor: metrics.profit_factor_test as number },
  }
}

test('a run with every value is in the desktop after a reload what it was before', async () => {
  const read = await readDesktop()
  const { run } = full
  const { min_boost_rounds, force_minimum_training, ...hyperparameters } = read.hyperparameters
  assertSame(hyperparameters, onlySentKeys(run.hyperparameters, hyperparameters))
  assert.equal([min_boost_rounds, force_minimum_training], [100, true], 'the older run does not have these')
  assertSame(read.walk_config, onlySentKeys(run.walk_config, read.walk_config))
  assertSame(JSON.parse(read.summary_metrics_json), run.summary_metrics)
  assert.equal(read.feature_columns, run.feature_columns)
  assert.equal(
    [read.dataset_slug, read.prediction_measurement, read.target_column, read.status],
    [dataset.dataset_slug, run.prediction_measurement, run.target_column, run.status],
  )
  assert.equal(
    [read.started_ms, read.completed_ms],
    [Date.parse('2025-11-03T11:15:39Z'), Date.parse('2025-11-03T11:22:33Z')],
  )
  assertSame(read.folds, full.folds.map(whole))
})

test('A3 #6: every list is an object with its items, their number, and the page', async () => {
  for (const [path, key] of [
    ['/api/datasets', 'datasets'],
    [`/api/datasets/${dataset.dataset_id}/runs`, 'runs'],
    ['/api/runs', 'runs'],
    ['/api/jobs', 'jobs'],
    ['/api/questdb/measurements', 'measurements'],
    ['/api/simulations', 'simulations'],
  ] as const) {
    const body = (await ask(server, 'GET', `${path}?limit=1&offset=0`)) as Json & { total: number }
    const items = body[key] as unknown[]
    assert.equal([body.count, body.limit, body.offset], [items.length, 1, 0], path)
    assert.ok(body.total >= items.length)
  }
})

test('A3 #7: an item of the list has its measurement, features and folds under both names', async () => {
  const page = await raw(`/api/datasets/${dataset.dataset_id}/runs?limit=200&offset=0`)
  const item = (page.runs as Json[]).find((one) => one.run_id === run_id) as Json
  const { prediction_measurement, feature_columns } = full.run
  assert.equal([item.measurement, item.prediction_measurement], Array(2).fill(prediction_measurement))
  assert.equal([item.features, item.feature_columns], Array(2).fill(feature_columns))
  assert.is(item.fold_count, 312)
  const [read] = web.readRunList(page).filter((one) => one.shortId === run_id.slice(0, 8))
  assert.equal(
    [read?.features, read?.folds, read?.duration_ms, read?.dataset_slug],
    [9, 312, 414_016, dataset.dataset_slug],
  )
  assert.ok(Math.abs((read?.created as number) - Date.now()) < 600_000)
  const list = readRunList(
    (await must(desktop.get(`/api/datasets/${dataset.dataset_id}/runs?limit=200&offset=0`))).text,
  )
  const shown = list.find((one) => one.run_id === run_id)
  assert.equal(
    [shown?.prediction_measurement, shown?.dataset_id, shown?.status, shown?.started_at, shown?.completed_at],
    [prediction_measurement, dataset.dataset_id, 'COMPLETED', '2025-11-03T11:15:39Z', '2025-11-03T11:22:33Z'],
  )
})

test('A3 #8: the detail is flat, has the record without folds beside it, and folds at the top', async () => {
  const { run, folds, ...top } = await raw()
  assert.not('folds' in (run as Json))
  assertSame(onlySentKeys(top, run), run)
  assert.is(folds.length, 312)
  assertSame(await readDesktop(), readRun(JSON.stringify({ ...top, folds })), 'flat')
  assertSame(await readDesktop(), readRun(JSON.stringify({ run, folds })), 'nested')
  const older = (await must(desktop.get(`/api/walkforward/runs/${run_id}`))).text
  assertSame(await readDesktop(), readRun(older), 'the older path')
})

test('A3 #9: all folds come unless a part is asked for, and the answer says which part it is', async () => {
  const page = ({ folds, fold_count, total_folds, fold_offset, has_more_folds }: Json & { folds: Json[] }) => [
    ...[folds.length, folds[0]?.fold_number],
    ...[fold_count, total_folds, fold_offset, has_more_folds],
  ]
  assert.equal(page(await raw()), [312, 0, 312, 312, 0, false])
  assert.equal(page(await raw(`/api/runs/${run_id}?fold_limit=100&fold_offset=100`)), [100, 100, 312, 312, 100, true])
})

test('A3 #10: the bounds of a fold have both spellings', async () => {
  const { folds } = await raw()
  for (const name of ['train_start', 'train_end', 'test_start', 'test_end'])
    assert.equal(
      folds.map((fold) => [fold[name], fold[`${name}_idx`]]),
      full.folds.map((fold) => Array(2).fill(fold[`${name}_idx`])),
    )
})

test('A3 #11: figures that the desktop looks for in the fold itself are there', async () => {
  const { folds } = await raw()
  const names = ['hit_rate', 'short_hit_rate', 'profit_factor_test']
  assertSame(
    folds.map((fold) => names.map((name) => fold[name])),
    full.folds.map(({ metrics }) => names.map((name) => metrics[name])),
  )
  assertSame(
    folds.map((fold) => [fold.long_threshold, fold.short_threshold]),
    full.folds.map(({ thresholds }) => [thresholds.long_optimal, thresholds.short_optimal]),
  )
})

test('A3 #12: flags are 1 or 0 in metrics, where the desktop reads integers, and true or false in the fold', async () => {
  const body = ownRun(prefix, dataset.dataset_id, 2)
  for (const [i, fold] of body.folds.entries())
    Object.assign(fold.metrics, { model_learned_nothing: i === 0, used_cached_model: i === 1 })
  await saveRun(desktop, body)
  const { folds } = await readDesktop(body.run.run_id)
  assert.equal(
    folds.map((fold) => [fold.model_learned_nothing, fold.used_cached_model]),
    [
      [true, false],
      [false, true],
    ],
  )
  const [first] = (await raw(`/api/runs/${body.run.run_id}`)).folds
  assert.equal([first?.model_learned_nothing, (first?.metrics as Json | undefined)?.model_learned_nothing], [true, 1])
})

test('A3 #13: thresholds by percentile have the names of the dashboard as well', async () => {
  const { folds } = await raw()
  assertSame(
    folds.map(({ thresholds }) => [(thresholds as Json).long_percentile_95, (thresholds as Json).short_percentile_05]),
    full.folds.map(({ thresholds }) => [thresholds.long_percentile, thresholds.short_percentile]),
  )
})

test('A3 #14: the dashboard finds step size and least rounds, and posting them back changes nothing', async () => {
  const body = await saved({ hyperparameters: { min_boost_rounds: 77 }, walk_config: { fold_step: 24 } })
  const read = await readWeb(body.run.run_id)
  assert.equal([read.step_size, read.min_rounds], [24, 77])
  const answer = await raw(`/api/runs/${body.run.run_id}`)
  await must(desktop.post('/api/runs', { run: answer.run, folds: answer.folds }))
  assert.equal((await raw(`/api/runs/${body.run.run_id}`)).updated_at, answer.updated_at)
})

test('A3 #15: best iteration and score stand in the fold', async () => {
  const { folds } = await readWeb()
  const best = (fold: object) => ['best_iteration', 'best_score'].map((key) => (fold as Json)[key])
  assertSame(folds.map(best), full.folds.map(best))
})

test('pain 7: a run of five hundred folds comes within two seconds and five million bytes, and gzipped to those who ask', async () => {
  const body = runBodies()[0] as RunBody
  await saveRun(desktop, body)
  const start = performance.now()
  const plain = await must(desktop.get(`/api/runs/${body.run.run_id}`))
  assert.ok(performance.now() - start < 2000)
  assert.ok(plain.text.length < 5_000_000, `${plain.text.length} bytes`)
  assert.is(readRun(plain.text).folds.length, 500)
  const gzipped = await fetch(`${server.url}/api/runs/${body.run.run_id}`, {
    headers: { 'x-stage1-token': server.token, 'accept-encoding': 'gzip' },
  })
  assert.is(gzipped.headers.get('content-encoding'), 'gzip')
  assert.is(await gzipped.text(), plain.text)
})

test('pain 8: the times of folds, which the desktop does not know, are filled in from the rows of the dataset', async () => {
  const timed = ownDataset(prefix, 'timed')
  await must(desktop.post('/api/datasets', timed))
  const rows = bars(700).map(({ timestamp, close }) => ({ timestamp, RSI_14: close }))
  await must(desktop.post(`/api/datasets/${timed.dataset_id}/indicators/append`, { rows }))
  const body = ownRun(prefix, timed.dataset_id, 1)
  await saveRun(desktop, body)
  const [fold] = (await raw(`/api/runs/${body.run.run_id}`)).folds
  assert.equal(
    [fold?.train_start_ts_ms, fold?.train_end_ts_ms, fold?.test_start_ts_ms, fold?.test_end_ts_ms],
    [0, 649, 654, 677].map((index) => rows[index]?.timestamp),
  )
})

test('pain 9: what is JSON is never text that holds JSON, in the list and in the detail', async () => {
  const [item] = (await raw(`/api/datasets/${dataset.dataset_id}/runs`)).runs as Json[]
  for (const run of [item as Json, await raw()]) {
    for (const key of ['hyperparameters', 'walk_config', 'summary_metrics']) assert.type(run[key], 'object', key)
    assert.ok(Array.isArray(run.feature_columns))
  }
  for (const fold of (await raw()).folds)
    assert.equal([typeof fold.metrics, typeof fold.thresholds], ['object', 'object'])
})

test('pain 10: documented and real names both hold the same', async () => {
  const run = await raw()
  assert.equal(run.features, run.feature_columns)
  assert.equal([run.fold_count, (run.summary_metrics as Json).folds, run.total_folds], [312, 312, 312])
})

test('pain 11: a run of which hardly anything was sent is read by both clients', async () => {
  const { run_id: id } = ownRun(prefix, dataset.dataset_id, 0).run
  const bare = { run: { run_id: id, dataset_id: dataset.dataset_id }, folds: [{ fold_number: 0 }] }
  await saveRun(desktop, bare)
  const [forDesktop, forWeb] = [await readDesktop(id), await readWeb(id)]
  assert.equal([forDesktop.status, forDesktop.started_ms, forDesktop.feature_columns], ['UNKNOWN', 0, []])
  assert.equal(forWeb.folds[0]?.labels, ['0', '0', '0', '0', '0'])
  assert.equal([forWeb.step_size, forWeb.min_rounds, forWeb.folds[0]?.best_iteration], [0, 0, 0])
})

test("pain 59: the debugger's table of folds has hit rates and profit factors, and the answer the best rounds", async () => {
  const { folds } = await readDesktop()
  assertSame(
    folds.map(({ shown }) => shown),
    full.folds.map((fold) => whole(fold).shown),
  )
  const sent = withNumericFlags(full).folds
  assertSame(onlySentKeys((await raw()).folds, sent), sent, 'flags and best rounds included')
})

test('the dashboard charts the sum of every fold in order', async () => {
  const { folds, totalReturn } = await readWeb()
  assertSame(
    folds.map(({ metrics }) => metrics.running_sum),
    full.folds.map(({ metrics }) => metrics.running_sum),
  )
  assert.is(totalReturn, fullRunBody().folds.at(-1)?.metrics.running_sum)
  assertSame(
    folds.map(({ threshold }) => threshold),
    full.folds.map(({ thresholds }) => thresholds.long_optimal),
  )
  for (const { metrics } of folds) for (const value of Object.values(metrics)) assert.type(value, 'number')
})

test.run()
