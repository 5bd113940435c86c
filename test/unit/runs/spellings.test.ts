import * as assert from 'uvu/assert'
import { DomainError } from '../../../src/errors.js'
import { readRun } from '../../../src/runs/record.js'
import { test } from '../../support/test.js'

const RUN_ID = '8620f8da-8f74-4dd9-8ee2-d14d2c672873'
const one = (fold: Record<string, unknown>) =>
  readRun({ run_id: RUN_ID, folds: [{ fold_number: 3, ...fold }] }).folds[0]

test("a run in the spelling of the desktop's struct is the same run", () => {
  const record = readRun({
    run_id: RUN_ID,
    hyperparameters_json: '{"max_depth": 4}',
    walk_config_json: '{"fold_step": 200, "step_size": 200}',
    summary_metrics_json: '{"folds": 1}',
    feature_columns_json: '["RSI", "ATR"]',
  })
  assert.equal(record.hyperparameters, { max_depth: 4 })
  assert.equal(record.walk_config, { fold_step: 200 })
  assert.equal(record.summary_metrics, { folds: 1 })
  assert.equal(record.feature_columns, ['RSI', 'ATR'])
  assert.equal(record.extra, {})
})

test('figures that stand flat in a fold go where they belong, under their wire names', () => {
  const fold = one({
    train_start: 0,
    train_end: 650,
    test_start: 654,
    test_end: 678,
    long_threshold_optimal: 1.5,
    short_threshold_5th: -2.5,
    prediction_threshold_scaled: 0.25,
    n_signals: 7,
    running_sum_dual: -3.5,
    used_cached_model: true,
    metrics_json: '{"n_signals": 8, "sum_wins": 2}',
  })
  assert.equal([fold?.train_end_idx, fold?.test_start_idx], [650, 654])
  assert.equal(fold?.thresholds, { long_optimal: 1.5, short_percentile: -2.5, prediction_scaled: 0.25 })
  assert.equal(fold?.metrics, { n_signals: 8, sum_wins: 2, running_sum_dual: -3.5, used_cached_model: true })
  assert.equal(fold?.extra, {})
})

test('what bears the name of a figure but is none is kept as it came', () => {
  assert.equal(one({ hit_rate: 'n/a', n_signals: null })?.extra, { hit_rate: 'n/a', n_signals: null })
})

test('JSON in text that can not be read is refused with its place', () => {
  for (const [body, pointer] of [
    [{ hyperparameters_json: 'nan' }, '/hyperparameters_json'],
    [{ walk_config_json: '[1]' }, '/walk_config_json'],
    [{ feature_columns_json: '[1]' }, '/feature_columns_json'],
    [{ folds: [{ fold_number: 0, metrics_json: '{' }] }, '/folds/0/metrics_json'],
  ] as const) {
    try {
      readRun({ run_id: RUN_ID, ...body } as never)
      assert.unreachable(pointer)
    } catch (error) {
      assert.instance(error, DomainError)
      assert.is(((error as DomainError).details as { pointer: string }[])[0]?.pointer, pointer)
    }
  }
})

test.run()
