/** Spellings of a run by which something could get lost: taken in, or refused with their place; never dropped. */
import * as assert from 'uvu/assert'
import { ownDataset, ownRun } from '../../support/fixtures.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

const server = await startServer()
const { prefix } = server.engines
test.after(() => server.stop())

const dataset = ownDataset(prefix, 'spelled')

test.before(async () => {
  await server.post('/api/datasets', dataset)
})

type Json = Record<string, unknown>

const own = (count = 2) => ownRun(prefix, dataset.dataset_id, count)

async function stored(body: unknown, runId: string): Promise<Json & { folds: Json[] }> {
  const answer = await server.post('/api/runs', body)
  assert.is(answer.status, 201, answer.text.slice(0, 400))
  return (await server.get(`/api/runs/${runId}`)).json as Json & { folds: Json[] }
}

async function refused(body: unknown, pointer: string): Promise<void> {
  const { status, json } = await server.post('/api/runs', body)
  const { code, details } = json as { code: string; details: { pointer: string }[] }
  assert.equal([status, code, details[0]?.pointer], [400, 'REQUEST_INVALID', pointer])
}

test('flat: features and measurement are other names of feature_columns and prediction_measurement', async () => {
  const { run, folds } = own()
  const { feature_columns: _, prediction_measurement: measurement, ...rest } = run
  const read = await stored({ ...rest, features: ['RSI', 'ATR'], measurement, folds }, run.run_id)
  assert.equal(read.feature_columns, ['RSI', 'ATR'])
  assert.equal([read.prediction_measurement, read.measurement], [measurement, measurement])
})

test('what stands beside run counts where run does not say it', async () => {
  const { run, folds } = own()
  const { status: _, ...rest } = run
  const read = await stored({ run: rest, folds, status: 'STOPPED', note: 'kept' }, run.run_id)
  assert.equal([read.status, read.note], ['STOPPED', 'kept'])
})

test('folds inside run, and a save that does not speak of stored folds, are refused', async () => {
  const { run, folds } = own()
  await refused({ run: { ...run, folds } }, '/run/folds')
  await stored({ run, folds }, run.run_id)
  await refused({ run: { ...run, status: 'STOPPED' } }, '/folds')
  const { folds_written } = (await server.post('/api/runs', { run, folds: [] })).json as { folds_written: number }
  assert.is(folds_written, 0)
})

test('a count inside run is held to', async () => {
  const { run, folds } = own()
  const { status, json } = await server.post('/api/runs', { run: { ...run, fold_count: 3 }, folds })
  assert.equal([status, (json as Json).code], [422, 'COUNT_MISMATCH'])
})

test('bounds and figures of a fold under their other names are taken in, or refused', async () => {
  const { run } = own()
  const fold = { fold_number: 0, train_start: 0, train_end: '650', test_start: 654, test_end: 678, profit_factor: 1.5 }
  const [read] = (await stored({ run, folds: [fold] }, run.run_id)).folds
  assert.equal([read?.train_end_idx, read?.test_start_idx, read?.profit_factor], [650, 654, 1.5])
  await refused({ run: own().run, folds: [{ ...fold, train_end: 12.5 }] }, '/folds/0/train_end')
})

test('JSON inside text is held to the same rules as the body', async () => {
  const { run, folds } = own()
  const { walk_config: _, ...rest } = run
  await refused({ run: { ...rest, walk_config_json: '{"a":"\\u0000"}' }, folds }, '/run/walk_config_json/a')
  await refused({ run: { ...rest, walk_config_json: '{"a":1e400}' }, folds }, '/run/walk_config_json/a')
  const figures = [{ fold_number: 0, metrics_json: '{"hit_rate":"x"}' }]
  await refused({ run, folds: figures }, '/folds/0/metrics_json/hit_rate')
  const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`
  assert.is((await server.post('/api/runs', { run: { ...rest, walk_config_json: deep }, folds })).status, 400)
})

test('a number beyond a double is refused in free fields too', async () => {
  const { run, folds } = own()
  const text = JSON.stringify({ run: { ...run, hyperparameters: { a: '?' } }, folds }).replace('"?"', '1e400')
  const { status, json } = await server.send('POST', '/api/runs', { body: text })
  const { details } = json as { details: { pointer: string }[] }
  assert.equal([status, details[0]?.pointer], [400, '/run/hyperparameters/a'])
})

test.run()
