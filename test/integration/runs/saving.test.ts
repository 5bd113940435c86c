import * as assert from 'uvu/assert'
import {
  assertSame,
  datasetBodies,
  fullRunBody,
  onlySentKeys,
  ownDataset,
  ownRun,
  type RunBody,
  runBodies,
  withNumericFlags,
} from '../../support/fixtures.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

interface Detail extends Record<string, unknown> {
  readonly run: Record<string, unknown>
  readonly folds: (Record<string, unknown> & { fold_number: number })[]
}

const server = await startServer()
const { prefix } = server.engines
test.after(() => server.stop())

const dataset = ownDataset(prefix, 'saved')

test.before(async () => {
  for (const body of [...datasetBodies(), dataset]) await server.post('/api/datasets', body)
})

async function save(body: unknown, status: number): Promise<Record<string, unknown>> {
  const answer = await server.post('/api/runs', body)
  assert.is(answer.status, status, answer.text.slice(0, 500))
  return answer.json as Record<string, unknown>
}

async function read(runId: string): Promise<{ detail: Detail; etag: string | null }> {
  const answer = await server.get(`/api/runs/${runId}`)
  assert.is(answer.status, 200, answer.text.slice(0, 500))
  return { detail: answer.json as Detail, etag: answer.headers.get('etag') }
}

/** Every value that was sent is in the answer, and the answer has exactly the folds that were sent. */
function assertHolds(detail: Detail, body: RunBody): void {
  assert.is(detail.folds.length, body.folds.length)
  const { run, folds } = withNumericFlags(body)
  assertSame(onlySentKeys(detail, run), run, `${body.run.run_id}, at the top`)
  assertSame(onlySentKeys(detail.run, run), run, `${body.run.run_id}, in run`)
  assertSame(onlySentKeys(detail.folds, folds), folds, `${body.run.run_id}, folds`)
}

test("the desktop's six real runs come back with exactly as many folds and every value as it was sent", async () => {
  const seen = new Set<string>()
  for (const body of [...runBodies(), fullRunBody()]) {
    const { run_id } = body.run
    const receipt = await save(body, seen.has(run_id) ? 200 : 201)
    seen.add(run_id)
    const count = body.folds.length
    assert.equal([receipt.folds_written, receipt.fold_count, receipt.questdb_rows_written], [count, count, 0])
    assert.equal([receipt.run_id, receipt.dataset_id], [run_id, body.run.dataset_id])
    assert.is(receipt.prediction_measurement, body.run.prediction_measurement)
    assert.equal([receipt.success, receipt.warnings, receipt.message], [true, [], `${count} folds saved`])

    const { detail, etag } = await read(run_id)
    assert.equal([detail.folds.length, detail.fold_count, detail.total_folds], [count, count, count])
    assert.is(receipt.etag, etag)
    assertHolds(detail, body)
    assert.equal(
      detail.folds.map((fold) => fold.fold_number),
      body.folds.map((fold) => fold.fold_number),
    )
  }
})

test('the same run again changes nothing, whatever the order of its keys and folds', async () => {
  const body = ownRun(prefix, dataset.dataset_id, 100)
  const first = await save(body, 201)
  const before = await read(body.run.run_id)
  const { run, folds } = body
  for (const again of [body, { folds, run }, { ...run, folds }, { run, folds: [...folds].reverse() }]) {
    const receipt = await save(again, 200)
    assert.equal([receipt.etag, receipt.folds_written], [first.etag, 100])
    const after = await read(body.run.run_id)
    assert.is(after.etag, before.etag)
    assertSame(after.detail, before.detail)
  }
})

test('a run that was read and is posted back is the same run', async () => {
  const body = ownRun(prefix, dataset.dataset_id, 5)
  await save(body, 201)
  const before = await read(body.run.run_id)
  await save(before.detail, 200)
  const after = await read(body.run.run_id)
  assertSame(after.detail, before.detail)
  assert.is(after.etag, before.etag)
})

test('a run that is saved with fewer folds has only those', async () => {
  const body = ownRun(prefix, dataset.dataset_id, 312)
  const first = await save(body, 201)
  const receipt = await save({ ...body, folds: body.folds.slice(0, 300) }, 200)
  assert.is(receipt.folds_written, 300)
  assert.is.not(receipt.etag, first.etag)
  const { detail } = await read(body.run.run_id)
  assert.equal([detail.fold_count, detail.total_folds, detail.folds.length], [300, 300, 300])
  assert.is(detail.folds[299]?.fold_number, 299)
  await save({ ...body, folds: [] }, 200)
  assert.equal((await read(body.run.run_id)).detail.folds, [])
})

test('a change anywhere is stored: another value, another fold, a key less', async () => {
  const body = ownRun(prefix, dataset.dataset_id, 3)
  await save({ ...body, run: { ...body.run, note: 'kept' } }, 201)
  const { detail: before } = await read(body.run.run_id)
  const changed = structuredClone(body)
  const fold = changed.folds[1] as RunBody['folds'][number]
  fold.metrics.hit_rate = 0.125
  fold.thresholds = { long_optimal: -0 }
  changed.run.status = 'INCOMPLETE'
  await save(changed, 200)
  const { detail: after } = await read(body.run.run_id)
  assert.equal([before.note, after.note, after.status], ['kept', undefined, 'INCOMPLETE'])
  assert.equal([after.folds[1]?.hit_rate, after.folds[1]?.thresholds], [0.125, { long_optimal: 0 }])
  assert.is(after.created_at, before.created_at)
  assert.ok(Date.parse(String(after.updated_at)) > Date.parse(String(before.updated_at)))
})

test('a gap is stored and told; a run that begins at fold 50 is whole', async () => {
  const body = ownRun(prefix, dataset.dataset_id, 60)
  const gap = await save({ ...body, folds: body.folds.filter((_, i) => i !== 7 && i !== 20 && i !== 21) }, 201)
  assert.equal(gap.warnings, [
    'fold 7 is missing',
    'folds 20 to 21 are missing',
    'summary_metrics.folds says 312 but 57 folds were stored',
  ])
  assert.is((await read(body.run.run_id)).detail.folds.length, 57)
  const run = { ...body.run, summary_metrics: { folds: 10 } }
  const late = await save({ run, folds: body.folds.slice(50), fold_count: 10 }, 200)
  assert.equal([late.warnings, late.folds_written], [[], 10])
})

test('keys that nobody declared survive in the run and in each fold', async () => {
  const further = { serialized_config: '{"a":1}', tags: ['x', null, { y: [1.5] }], 'odd key/~': true }
  const body = ownRun(prefix, dataset.dataset_id, 2, further)
  await save({ ...body, folds: body.folds.map((fold, i) => ({ ...fold, opened_at: i, note: { deep: [i] } })) }, 201)
  const { detail } = await read(body.run.run_id)
  for (const [key, value] of Object.entries(further)) assertSame([detail[key], detail.run[key]], [value, value], key)
  assert.equal(
    detail.folds.map((fold) => [fold.opened_at, fold.note]),
    [
      [0, { deep: [0] }],
      [1, { deep: [1] }],
    ],
  )
})

test("a run may name its dataset by slug or alias, in any field, and is shown under the dataset's own id", async () => {
  const alias = crypto.randomUUID()
  await server.post('/api/datasets', { ...dataset, dataset_id: alias })
  for (const named of [
    { dataset_id: dataset.dataset_slug },
    { dataset_id: alias },
    { dataset_id: alias.toUpperCase() },
    { dataset_id: '', dataset_slug: dataset.dataset_slug },
  ]) {
    const body = ownRun(prefix, '', 1, named)
    assert.is((await save(body, 201)).dataset_id, dataset.dataset_id)
    const { detail } = await read(body.run.run_id)
    assert.equal([detail.dataset_id, detail.dataset_slug], [dataset.dataset_id, dataset.dataset_slug])
  }
})

test('a run of twelve hundred folds with every metric is stored and read whole', async () => {
  const body = ownRun(prefix, dataset.dataset_id, 312)
  const folds = Array.from({ length: 1200 }, (_, i) => ({ ...body.folds[i % 312], fold_number: i })) as RunBody['folds']
  await save({ run: body.run, folds, fold_count: 1200 }, 201)
  const { detail } = await read(body.run.run_id)
  assertHolds(detail, { run: body.run, folds })
})

test.run()
