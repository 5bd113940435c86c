import * as assert from 'uvu/assert'
import { DomainError, type ErrorCode } from '../../../src/errors.js'
import { oddities, type RunSave, readRun } from '../../../src/runs/record.js'
import { assertSame, fullRunBody, type RunBody, runBodies } from '../../support/fixtures.js'
import { test } from '../../support/test.js'

const RUN_ID = '8620f8da-8f74-4dd9-8ee2-d14d2c672873'

function refused(body: RunSave, code: ErrorCode): DomainError {
  try {
    readRun(body)
  } catch (error) {
    if (error instanceof DomainError && error.code === code) return error
    throw error
  }
  throw new Error(`no ${code}`)
}

function withFolds(...numbers: number[]): RunSave {
  return { run: { run_id: RUN_ID, dataset_id: 'btc' }, folds: numbers.map((fold_number) => ({ fold_number })) }
}

function asSave(body: RunBody): RunSave {
  return body as unknown as RunSave
}

function flat({ run, folds }: RunBody): RunSave {
  return { ...run, folds } as unknown as RunSave
}

test('a real run says the same nested and flat', () => {
  for (const body of [...runBodies(), fullRunBody()]) {
    const record = readRun(asSave(body))
    assertSame(readRun(flat(body)), record)
    assert.equal([record.run_id, record.folds.length], [body.run.run_id, body.folds.length])
  }
})

test('every field of a real run is read, and none is left over', () => {
  for (const { run, folds } of [...runBodies(), fullRunBody()]) {
    const { dataset, started_at, completed_at, extra, folds: read, ...same } = readRun(asSave({ run, folds }))
    assert.is(dataset, run.dataset_id)
    assert.equal([started_at, completed_at], [new Date(String(run.started_at)), new Date(String(run.completed_at))])
    assert.equal(extra, {})
    for (const [key, value] of Object.entries(same)) assert.equal(value, run[key], key)
    assert.equal(
      read.map((fold) => fold.fold_number),
      folds.map((fold) => fold.fold_number),
    )
  }
})

test('a run that says next to nothing gets plain defaults', () => {
  const record = readRun({ run_id: RUN_ID.toUpperCase() })
  assert.equal(record, {
    run_id: RUN_ID,
    dataset: '',
    prediction_measurement: 'wf_8620f8da_8f74_4dd9_8ee2_d14d2c672873',
    target_column: '',
    feature_columns: [],
    hyperparameters: {},
    walk_config: {},
    summary_metrics: {},
    status: 'UNKNOWN',
    requested_by: '',
    started_at: null,
    completed_at: null,
    duration_ms: null,
    extra: {},
    folds: [],
  })
})

test('the measurement stands in walk_config when it stands nowhere else', () => {
  const walk_config = { prediction_measurement: 'btc_wf1' }
  assert.is(readRun({ run_id: RUN_ID, walk_config }).prediction_measurement, 'btc_wf1')
  assert.is(readRun({ run_id: RUN_ID, walk_config, prediction_measurement: 'own' }).prediction_measurement, 'own')
  assert.match(readRun({ run_id: RUN_ID, walk_config: { prediction_measurement: 7 } }).prediction_measurement, /^wf_/)
})

test('a run names its dataset by id, and by slug when it has no id', () => {
  assert.is(readRun({ run_id: RUN_ID, dataset_id: 'x', dataset_slug: 'btc' }).dataset, 'x')
  assert.is(readRun({ run_id: RUN_ID, dataset_id: '', dataset_slug: 'btc' }).dataset, 'btc')
})

test('keys that nobody declared survive, of the run and of each fold', () => {
  const record = readRun({
    run: { run_id: RUN_ID, tags: ['a', { b: null }], serialized_config: '{}' },
    folds: [{ fold_number: 0, test_start_ms: 1_732_831_200_000, note: null }],
  })
  assert.equal(record.extra, { tags: ['a', { b: null }], serialized_config: '{}' })
  assert.equal(record.folds[0]?.extra, { test_start_ms: 1_732_831_200_000, note: null })
})

test('keys that only answers carry are dropped when an answer is posted back', () => {
  const { extra } = readRun({
    run_id: RUN_ID,
    measurement: 'm',
    features: [],
    fold_count: 0,
    total_folds: 0,
    fold_offset: 0,
    has_more_folds: false,
    created_at: '2025-11-03T11:15:39Z',
    updated_at: '2025-11-03T11:15:39Z',
    folds: [],
  })
  assert.equal(extra, {})
})

test('times are read to the millisecond, with any offset; empty is unknown', () => {
  const at = (started_at: string) => readRun({ run_id: RUN_ID, started_at }).started_at?.toISOString() ?? null
  assert.is(at('2025-11-03T11:15:39Z'), '2025-11-03T11:15:39.000Z')
  assert.is(at('2025-11-03 11:15:39.5+02:00'), '2025-11-03T09:15:39.500Z')
  assert.is(at('2025-11-03T11:15:39.123456Z'), '2025-11-03T11:15:39.123Z')
  assert.is(at(''), null)
})

test('what can not be read is refused with its place, which depends on the form', () => {
  const pointer = (body: RunSave, code: ErrorCode) => {
    const [first] = [refused(body, code).details].flat() as { pointer?: string }[]
    return first?.pointer
  }
  assert.is(pointer({ folds: [] }, 'REQUEST_INVALID'), '/run_id')
  assert.is(pointer({ run: {}, folds: [] }, 'REQUEST_INVALID'), '/run/run_id')
  assert.is(pointer({ run_id: RUN_ID, started_at: 'soon' }, 'REQUEST_INVALID'), '/started_at')
  assert.is(pointer({ run: { run_id: RUN_ID, completed_at: 'soon' } }, 'REQUEST_INVALID'), '/run/completed_at')
  assert.is(pointer({ run: { run_id: RUN_ID, started_at: '1925-01-01' } }, 'TIMESTAMP_OUT_OF_RANGE'), '/run/started_at')
})

test('folds are stored by number, in whatever order they come', () => {
  const numbers = (body: RunSave) => readRun(body).folds.map((fold) => fold.fold_number)
  assert.equal(numbers(withFolds(10, 9, 2, 100)), [2, 9, 10, 100])
})

test('a fold that is sent twice is refused, with its number and both places', () => {
  const error = refused(withFolds(5, 7, 6, 7), 'FOLD_DUPLICATE')
  assert.match(error.message, 'fold_number 7 was sent twice, at folds 1 and 3')
  assert.equal(error.details, { fold_number: 7, pointers: ['/folds/1/fold_number', '/folds/3/fold_number'] })
})

test('a fold of another run is refused with its place; the case of an id does not matter', () => {
  const folds = [
    { fold_number: 0, run_id: RUN_ID.toUpperCase() },
    { fold_number: 1, run_id: 'other' },
  ]
  const error = refused({ run_id: RUN_ID, folds }, 'REQUEST_INVALID')
  assert.match(error.message, 'fold 1 belongs to run other')
  assert.is((error.details as { pointer: string }[])[0]?.pointer, '/folds/1/run_id')
})

test('a fold count that the folds contradict is refused with both numbers', () => {
  const folds = Array.from({ length: 311 }, (_, fold_number) => ({ fold_number }))
  const error = refused({ run: { run_id: RUN_ID }, folds, fold_count: 312 }, 'COUNT_MISMATCH')
  assert.match(error.message, /312 folds but 311 came/)
  assert.equal(error.details, { declared: 312, received: 311 })
  assert.is(readRun({ run: { run_id: RUN_ID }, folds, fold_count: 311 }).folds.length, 311)
  refused({ run_id: RUN_ID, fold_count: 1 }, 'COUNT_MISMATCH')
  assert.equal(readRun({ run_id: RUN_ID, fold_count: 0 }).folds, [])
})

test('a gap is told, wherever the folds begin', () => {
  assert.equal(oddities(readRun(withFolds(0, 1, 2))), [])
  assert.equal(oddities(readRun(withFolds(50, 51, 52))), [], 'a run may begin at any fold')
  assert.equal(oddities(readRun(withFolds(0, 2, 6, 7))), ['fold 1 is missing', 'folds 3 to 5 are missing'])
  const everyOther = Array.from({ length: 1000 }, (_, i) => i * 2)
  assert.is(oddities(readRun(withFolds(...everyOther))).length, 100, 'and not more than can be read')
})

test('a summary that counts other folds than came is told', () => {
  const body = { run_id: RUN_ID, summary_metrics: { folds: 312 }, folds: [{ fold_number: 0 }] }
  assert.equal(oddities(readRun(body)), ['summary_metrics.folds says 312 but 1 folds were stored'])
})

test.run()
