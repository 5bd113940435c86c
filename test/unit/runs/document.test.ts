import { readFileSync, writeFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { type RunDetail, renderDetail, renderDocument, renderRun, type StoredRun } from '../../../src/runs/document.js'
import { type RunRecord, type RunSave, readRun } from '../../../src/runs/record.js'
import { assertSame, fullRunBody, runBodies } from '../../support/fixtures.js'
import { test } from '../../support/test.js'

const GOLDEN = new URL('../../../fixtures/golden/run-document.json', import.meta.url)
const SMALL: RunSave = {
  run: {
    run_id: '8620f8da-8f74-4dd9-8ee2-d14d2c672873',
    dataset_id: 'f33dff88-a44c-438b-ad85-234076b11dae',
    prediction_measurement: 'btc25_3_wf1762168539',
    target_column: 'TGT_315',
    feature_columns: ['MAX_CVR', 'CMMA_S'],
    hyperparameters: { max_depth: 5, learning_rate: 0.01, min_boost_rounds: 100, objective: 'reg:squarederror' },
    walk_config: { train_size: 650, test_size: 24, train_test_gap: 4, fold_step: 24, end_fold: -1 },
    summary_metrics: { folds: 2, pf_long: 999, running_sum_dual: -3528.99462890625 },
    status: 'COMPLETED',
    requested_by: 'desktop_user',
    started_at: '2025-11-03T11:15:39Z',
    completed_at: '2025-11-03T11:22:33.016Z',
    duration_ms: 414016,
    tags: ['later key'],
  },
  folds: [
    {
      fold_number: 0,
      train_start_idx: 0,
      train_end_idx: 650,
      test_start_idx: 654,
      test_end_idx: 678,
      samples_train: 520,
      samples_test: 24,
      best_iteration: 313,
      best_score: 0.000893999997060746,
      thresholds: { long_optimal: 255.6882781982422, short_optimal: -174.92921447753906, long_percentile: 130.5 },
      metrics: JSON.parse(
        '{"hit_rate":0.33333298563957217,"profit_factor_test":999,"n_signals":3,"used_cached_model":true}',
      ),
    },
    { fold_number: 1, test_start_ts_ms: 1_732_831_200_000 },
  ],
}

/** The record as the database gives it back. */
function stored(record: RunRecord, over: Partial<StoredRun> = {}): StoredRun {
  const { dataset, folds, ...fields } = record
  return {
    ...fields,
    dataset_id: dataset,
    dataset_slug: 'btc25_3',
    fold_count: folds.length,
    created_at: new Date('2025-11-03T11:22:34.001Z'),
    updated_at: new Date('2025-11-06T13:05:17.999Z'),
    ...over,
  }
}

function detailOf(record: RunRecord): RunDetail {
  return JSON.parse(JSON.stringify(renderDetail(stored(record), record.folds))) as RunDetail
}

/** A value as answers show it: everything is as it was sent but the flags in `metrics`, which are 1 or 0. */
function asShown(key: string, value: unknown): unknown {
  if (key !== 'metrics') return value
  return Object.fromEntries(
    Object.entries(value as object).map(([k, v]) => [k, typeof v === 'boolean' ? Number(v) : v]),
  )
}

function assertHolds(shown: Record<string, unknown>, sent: Record<string, unknown>, where: string): void {
  for (const [key, value] of Object.entries(sent)) {
    const expected = asShown(key, value)
    const actual = shown[key]
    if (typeof expected !== 'object' || expected === null || Array.isArray(expected)) {
      assert.equal(actual, expected, `${where}/${key}`)
    } else assertHolds(actual as Record<string, unknown>, expected as Record<string, unknown>, `${where}/${key}`)
  }
}

test('every value of every real run comes back, at the top and in `run`', () => {
  for (const body of [...runBodies(), fullRunBody()]) {
    const shown = detailOf(readRun(body as unknown as RunSave))
    assertHolds(shown, body.run, '')
    assertHolds(shown.run, body.run, '/run')
    assert.is(shown.folds.length, body.folds.length)
    for (const [i, fold] of body.folds.entries()) {
      const answer = shown.folds[i] as Record<string, unknown>
      assertHolds(answer, fold, `/folds/${i}`)
      for (const flag of ['model_learned_nothing', 'used_cached_model'])
        assert.is(answer[flag], fold.metrics[flag], `/folds/${i}/${flag}`)
    }
  }
})

test('a real run that is read and posted back is the same run', () => {
  for (const body of [...runBodies(), fullRunBody()]) {
    const record = readRun(body as unknown as RunSave)
    assertSame(readRun(detailOf(record) as RunSave), record, record.run_id)
  }
})

test('a run without flags that is read and posted back is the same run, and so is its flat form', () => {
  const free = fc.dictionary(fc.stringMatching(/^[a-z_]{1,12}$/), fc.jsonValue(), { noNullPrototype: true })
  const runs = fc.record({ hyperparameters: free, walk_config: free, summary_metrics: free, tags: fc.jsonValue() })
  fc.assert(
    fc.property(runs, fc.uniqueArray(fc.nat(500), { maxLength: 8 }), (fields, numbers) => {
      const run = { run_id: SMALL.run?.run_id as string, dataset_id: 'a', prediction_measurement: 'm', ...fields }
      const folds = numbers.map((fold_number) => ({ fold_number, metrics: { hit_rate: fold_number / 3 } }))
      const record = readRun(JSON.parse(JSON.stringify({ run, folds })))
      const detail = detailOf(record)
      assertSame(readRun(detail as RunSave), record)
      const { run: _, ...flat } = detail
      assertSame(readRun(flat as RunSave), record)
    }),
  )
})

test('the rendered document is the golden one', () => {
  const shown = JSON.stringify(detailOf(readRun(SMALL)), null, 2)
  if (process.env.STAGE1_GOLDEN === 'write') writeFileSync(GOLDEN, `${shown}\n`)
  const golden = JSON.stringify(JSON.parse(readFileSync(GOLDEN, 'utf8')), null, 2)
  assert.fixture(shown, golden, 'raise RENDERER_VERSION, then run this file once with STAGE1_GOLDEN=write')
})

test('the document says of itself that no fold is left out', () => {
  const shown = detailOf(readRun(fullRunBody() as unknown as RunSave))
  assert.equal([shown.fold_count, shown.total_folds, shown.fold_offset, shown.has_more_folds], [312, 312, 0, false])
})

test('what is unknown is empty text, never null; a duration that nobody gave is left out', () => {
  const shown = renderRun(stored(readRun({ run_id: SMALL.run?.run_id as string })))
  assert.equal([shown.started_at, shown.completed_at, shown.status], ['', '', 'UNKNOWN'])
  assert.not('duration_ms' in shown)
  assert.not(Object.values(shown).includes(null as never))
})

test('a key of the client never stands over one of the server', () => {
  const shown = renderRun(stored(readRun(SMALL), { extra: { fold_count: 9, run_id: 'x', measurement: 'y', own: 1 } }))
  assert.equal(
    [shown.fold_count, shown.run_id, shown.measurement, shown.own],
    [2, SMALL.run?.run_id, 'btc25_3_wf1762168539', 1],
  )
})

test('the same run has the same ETag, another one another; the bytes are the gzipped document', async () => {
  const record = readRun(SMALL)
  const [once, twice, other] = await Promise.all([
    renderDocument(stored(record), record.folds),
    renderDocument(stored(record), record.folds),
    renderDocument(stored(record, { status: 'INCOMPLETE' }), record.folds),
  ])
  assert.match(once.etag, /^"[0-9a-f]{32}"$/)
  assert.is(twice.etag, once.etag)
  assert.is.not(other.etag, once.etag)
  const text = gunzipSync(once.gzipped).toString()
  assert.is(text, JSON.stringify(renderDetail(stored(record), record.folds)))
  assertSame(JSON.parse(text), detailOf(record))
})

test('a record that was read is not changed by rendering it', () => {
  const record = readRun(fullRunBody() as unknown as RunSave)
  const copy = structuredClone(record)
  renderDetail(stored(record), record.folds)
  assertSame(record, copy)
})

test.run()
