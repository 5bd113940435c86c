import * as assert from 'uvu/assert'
import { DomainError } from '../../../src/errors.js'
import { JsonMembers } from '../../../src/frames/members.js'
import type { SpooledBody } from '../../../src/frames/spooled.js'
import { predictionFrame, predictionLoad } from '../../../src/runs/predictions.js'
import { test } from '../../support/test.js'

/** The body as the contract edge hands it over. */
function spooled(body: string): SpooledBody {
  const scanner = new JsonMembers(new Set(['predictions', 'predictions_csv']), 1_000_000)
  scanner.push(Buffer.from(body))
  const members = scanner.end().large
  return { path: '/spool/a.body', bytes: body.length, digest: '', media: 'application/json', members, startedAt: 0 }
}

function cut(body: string): string {
  const range = predictionFrame(spooled(body))?.range
  return body.slice(range?.start, range?.end)
}

test('a save without predictions carries no frame', () => {
  assert.is(predictionFrame(spooled('{"run": {}, "folds": []}')), undefined)
  assert.is(predictionFrame(spooled('{"predictions": null, "predictions_csv": null}')), undefined)
})

test('rows are found where they lie in the body', () => {
  const body = '{"run": {"a": "[1]"}, "predictions": [{"timestamp": 1}], "folds": []}'
  assert.equal(predictionFrame(spooled(body)), {
    path: '/spool/a.body',
    format: 'rows',
    range: { start: body.indexOf('[{'), end: body.indexOf('}]') + 2 },
  })
  assert.is(cut(body), '[{"timestamp": 1}]')
})

test('CSV text is found with its quotes, as a frame inside of a JSON string', () => {
  const body = '{"predictions_csv": "timestamp,fold_number\\n1,\\"0\\"", "folds": []}'
  const frame = predictionFrame(spooled(body))
  assert.equal([frame?.format, frame?.quoted], ['csv', true])
  assert.is(cut(body), '"timestamp,fold_number\\n1,\\"0\\""')
})

test('an empty list of predictions is a frame too: the loader says that it holds no rows', () => {
  assert.is(cut('{"predictions": []}'), '[]')
})

test('two frames, or one of the wrong kind, are refused with their place', () => {
  const cases: [string, string, string][] = [
    [
      '{"predictions": [], "predictions_csv": ""}',
      '/predictions',
      'one of predictions, predictions_csv and predictions_upload_id',
    ],
    ['{"predictions": "a,b"}', '/predictions', 'an array'],
    ['{"predictions": {"a": 1}}', '/predictions', 'an array'],
    ['{"predictions_csv": ["a"]}', '/predictions_csv', 'text'],
    ['{"predictions_csv": {}}', '/predictions_csv', 'text'],
  ]
  for (const [body, pointer, sentence] of cases) {
    try {
      predictionFrame(spooled(body))
      assert.unreachable(body)
    } catch (error) {
      assert.instance(error, DomainError, body)
      const { code, message, details } = error as DomainError
      assert.equal([code, (details as { pointer: string }[])[0]?.pointer], ['REQUEST_INVALID', pointer], body)
      assert.match(message, sentence)
    }
  }
})

test('a load replaces what was there, keeps the folds of one bar apart and knows the older names', () => {
  const run = { run_id: '8620f8da-8f74-4dd9-8ee2-d14d2c672873', prediction_measurement: 'btc_wf1' }
  const plan = predictionLoad(run, { path: 'a', format: 'rows' }, undefined)
  assert.equal(plan.owner, { kind: 'run', id: run.run_id })
  assert.equal([plan.target, plan.mode, plan.dedupKeys], ['btc_wf1', 'replace', ['timestamp', 'fold_number']])
  assert.equal([plan.required, plan.otherwise], [['fold_number', 'prediction'], 'double'])
  assert.equal(Object.fromEntries(plan.renamed), {
    index: 'bar_index',
    fold: 'fold_number',
    prediction_value: 'prediction',
    target: 'target_value',
    prediction_threshold: 'roc_threshold',
    best_score: 'fold_score',
  })
  for (const name of ['bar_index', 'index', 'fold_number', 'fold']) assert.is(plan.types.get(name), 'long', name)
})

test('CSV of older writers may hold text, so its columns are found out by their cells', () => {
  const run = { run_id: '8620f8da-8f74-4dd9-8ee2-d14d2c672873', prediction_measurement: 'btc_wf1' }
  assert.is(predictionLoad(run, { path: 'a', format: 'csv', quoted: true }, undefined).otherwise, 'infer')
})

test.run()
