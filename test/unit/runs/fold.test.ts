import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { type FoldDetail, type FoldRecord, readFold, renderFold } from '../../../src/runs/fold.js'
import { test } from '../../support/test.js'

const RUN_ID = '8620f8da-8f74-4dd9-8ee2-d14d2c672873'

const double = fc.double({ noNaN: true, noDefaultInfinity: true })
const whole = fc.maxSafeInteger()
const time = fc.option(fc.integer({ min: 1_577_836_800_000, max: 1_893_456_000_000 }))
const metrics = fc.dictionary(
  fc.oneof(
    fc.constantFrom('hit_rate', 'short_hit_rate', 'profit_factor_test', 'n_signals', 'model_learned_nothing'),
    fc.stringMatching(/^m[a-z_]{0,8}$/),
  ),
  double,
  { noNullPrototype: true },
)
const thresholds = fc.dictionary(
  fc.constantFrom('long_optimal', 'short_optimal', 'long_percentile', 'short_percentile', 'prediction_scaled', 'own'),
  double,
  { noNullPrototype: true },
)
const extra = fc.dictionary(fc.stringMatching(/^x[a-z_]{0,8}$/), fc.jsonValue(), { noNullPrototype: true })

const folds: fc.Arbitrary<FoldRecord> = fc.record(
  {
    fold_number: fc.nat(),
    train_start_idx: whole,
    train_end_idx: whole,
    test_start_idx: whole,
    test_end_idx: whole,
    train_start_ts_ms: time,
    train_end_ts_ms: time,
    test_start_ts_ms: time,
    test_end_ts_ms: time,
    samples_train: fc.nat(),
    samples_test: fc.nat(),
    best_iteration: fc.option(whole),
    best_score: fc.option(double),
    thresholds,
    metrics,
    extra,
  },
  { noNullPrototype: true },
)

/** As it comes over the wire and back. */
function overTheWire<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}

test('an answer that is posted back is the same fold', () => {
  fc.assert(
    fc.property(folds, fc.option(fc.boolean()), (fold, flag) => {
      const stored = overTheWire(fold) as FoldRecord
      // Flags are stored as booleans, whatever they came as.
      if (flag === null) delete stored.metrics.model_learned_nothing
      else stored.metrics.model_learned_nothing = flag
      assert.equal(readFold(overTheWire(renderFold(RUN_ID, stored))), stored)
    }),
  )
})

test('an answer carries every value that was sent, under the name it was sent with', () => {
  fc.assert(
    fc.property(folds, (fold) => {
      const { extra: further, thresholds: sentThresholds, metrics: sentMetrics, ...fields } = fold
      const shown = renderFold(RUN_ID, fold) as Record<string, unknown>
      for (const [key, value] of Object.entries({ ...further, ...fields })) {
        const known = value !== null || !key.endsWith('_ts_ms')
        assert.equal(shown[key], known ? value : undefined, key)
      }
      for (const [key, value] of Object.entries(sentMetrics))
        assert.is((shown.metrics as Record<string, unknown>)[key], value, key)
      for (const [key, value] of Object.entries(sentThresholds))
        assert.is((shown.thresholds as Record<string, unknown>)[key], value, key)
    }),
  )
})

test('the figures that clients read from the fold itself are those of its metrics and thresholds', () => {
  const shown = renderFold(
    RUN_ID,
    readFold({
      fold_number: 3,
      train_start_idx: 1,
      train_end_idx: 651,
      test_start_idx: 655,
      test_end_idx: 679,
      thresholds: { long_optimal: 255.6882781982422, short_optimal: -3, long_percentile: 7, short_percentile: 8 },
      metrics: { hit_rate: 0.3333329856395721, short_hit_rate: 0, profit_factor_test: 999 },
    }),
  )
  assert.equal([shown.train_start, shown.train_end, shown.test_start, shown.test_end], [1, 651, 655, 679])
  assert.equal([shown.hit_rate, shown.short_hit_rate], [0.3333329856395721, 0])
  assert.equal([shown.profit_factor_test, shown.profit_factor], [999, 999])
  assert.equal([shown.long_threshold, shown.short_threshold], [255.6882781982422, -3])
  assert.equal([shown.thresholds?.long_percentile_95, shown.thresholds?.short_percentile_05], [7, 8])
  assert.is(shown.run_id, RUN_ID)
})

test('a fold without metrics and thresholds mirrors nothing', () => {
  const shown = renderFold(RUN_ID, readFold({ fold_number: 0 }))
  for (const key of ['hit_rate', 'profit_factor', 'long_threshold', 'model_learned_nothing'])
    assert.not(key in shown, key)
  assert.equal([shown.metrics, shown.thresholds], [{}, {}])
  assert.equal([shown.train_start_idx, shown.best_iteration, shown.best_score], [0, null, null])
})

function flagged(model_learned_nothing: unknown, used_cached_model: unknown): FoldRecord {
  const metrics = { model_learned_nothing, used_cached_model } as NonNullable<FoldDetail['metrics']>
  return readFold({ fold_number: 0, metrics })
}

test('flags are 1 or 0 in metrics, which the desktop reads, and true or false outside', () => {
  for (const [sent, number, flag] of [
    [true, 1, true],
    [false, 0, false],
    [1, 1, true],
    [0, 0, false],
  ] as const) {
    const shown = renderFold(RUN_ID, flagged(sent, sent))
    assert.equal([shown.metrics?.model_learned_nothing, shown.metrics?.used_cached_model], [number, number])
    assert.equal([shown.model_learned_nothing, shown.used_cached_model], [flag, flag])
  }
})

test('a flag says the same as true and as 1: an answer that is posted back is the same fold', () => {
  const sent = flagged(true, false)
  assert.equal(readFold(overTheWire(renderFold(RUN_ID, sent))), sent)
})

test('a fold that comes with the other spelling of its indices keeps them', () => {
  const fold = readFold({ fold_number: 0, train_start: 24, train_end: 674, test_start: 678, test_end: 702 })
  assert.equal([fold.train_start_idx, fold.train_end_idx, fold.test_start_idx, fold.test_end_idx], [24, 674, 678, 702])
})

test('a fold that comes with its figures outside of metrics and thresholds keeps them', () => {
  const shown = renderFold(
    RUN_ID,
    readFold({ fold_number: 0, hit_rate: 0.5, profit_factor_test: 1.25, long_threshold: 3 }),
  )
  assert.equal([shown.hit_rate, shown.profit_factor_test, shown.long_threshold], [0.5, 1.25, 3])
})

test.run()
