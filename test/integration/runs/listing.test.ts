import { randomUUID } from 'node:crypto'
import * as assert from 'uvu/assert'
import { assertSame, ownDataset, ownRun } from '../../support/fixtures.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

interface Page {
  readonly runs: (Record<string, unknown> & { run_id: string })[]
  readonly count: number
  readonly total: number
  readonly limit: number
  readonly offset: number
  readonly has_more: boolean
}

const server = await startServer()
const { prefix } = server.engines
test.after(() => server.stop())

const btc = ownDataset(prefix, 'btc')
const eth = ownDataset(prefix, 'eth_1h')
const alias = randomUUID()

/** Newest first, as lists have them. */
const saved = [
  { name: 'oldest', over: { target_column: 'TGT_115' } },
  { name: 'percent', over: { target_column: 'up 5% day' } },
  { name: 'plain', over: { target_column: 'up 5 in a day' } },
  { name: 'incomplete', over: { status: 'INCOMPLETE' } },
  { name: 'backslash', over: { target_column: 'a\\b' } },
  { name: 'eth', over: { dataset_id: eth.dataset_id, target_column: 'up_5_day' } },
].map(({ name, over }) => {
  const body = ownRun(prefix, btc.dataset_id, 2, over)
  return { name, body, id: body.run.run_id }
})

test.before(async () => {
  for (const dataset of [btc, { ...btc, dataset_id: alias }, eth]) await server.post('/api/datasets', dataset)
  for (const { body } of saved) await server.post('/api/runs', body)
  saved.reverse()
})

async function list(path: string): Promise<Page> {
  const answer = await server.get(path)
  assert.is(answer.status, 200, answer.text)
  return answer.json as Page
}

async function found(query: Record<string, string>): Promise<(string | undefined)[]> {
  const page = await list(`/api/runs?${new URLSearchParams(query)}`)
  assert.equal([page.total, page.count, page.has_more], [page.runs.length, page.runs.length, false])
  return page.runs.map((run) => saved.find(({ id }) => id === run.run_id)?.name)
}

const ALL = ['eth', 'backslash', 'incomplete', 'plain', 'percent', 'oldest']

test('runs are listed newest first, each as its detail shows it without the folds', async () => {
  assert.equal(await found({}), ALL)
  const { runs } = await list('/api/runs')
  for (const run of runs) {
    const detail = (await server.get(`/api/runs/${run.run_id}`)).json as { run: unknown }
    assertSame(run, detail.run)
    assert.equal([run.fold_count, run.measurement, run.features], [2, run.prediction_measurement, run.feature_columns])
  }
})

test('every page size leads through all runs and says when there are more', async () => {
  for (let limit = 1; limit <= saved.length + 1; limit++) {
    const seen: string[] = []
    for (let offset = 0; ; offset += limit) {
      const page = await list(`/api/runs?limit=${limit}&offset=${offset}`)
      assert.equal([page.total, page.limit, page.offset], [saved.length, limit, offset])
      seen.push(...page.runs.map((run) => run.run_id))
      assert.is(page.has_more, offset + page.count < saved.length)
      if (!page.has_more) break
    }
    assert.equal(
      seen,
      saved.map(({ id }) => id),
    )
  }
})

test('runs of a dataset are found by its id, its alias, its slug, on both routes', async () => {
  for (const key of [btc.dataset_id, alias, alias.toUpperCase(), btc.dataset_slug]) {
    assert.equal(await found({ dataset_id: key }), ALL.slice(1), key)
    const page = await list(`/api/datasets/${key}/runs`)
    assert.equal(
      page.runs.map((run) => run.run_id),
      saved.slice(1).map(({ id }) => id),
    )
    assert.is(page.runs[0]?.dataset_id, btc.dataset_id)
  }
  const page = await list(`/api/datasets/${btc.dataset_slug}/runs?limit=2&offset=3`)
  assert.equal([page.count, page.total, page.has_more], [2, 5, false])
})

test('a dataset that nobody registered has no runs; its own route says that it is not there', async () => {
  assert.equal(await found({ dataset_id: randomUUID() }), [])
  assert.is((await server.get('/api/datasets/nobody/runs')).status, 404)
})

test('runs are found by status and by measurement, and by both', async () => {
  assert.equal(await found({ status: 'INCOMPLETE' }), ['incomplete'])
  assert.equal(await found({ status: 'COMPLETED' }), ['eth', 'backslash', 'plain', 'percent', 'oldest'])
  assert.equal(await found({ status: 'NOBODY' }), [])
  const measurement = saved[3]?.body.run.prediction_measurement as string
  assert.equal(await found({ measurement }), ['plain'])
  assert.equal(await found({ measurement, status: 'INCOMPLETE' }), [])
  assert.equal(await found({ measurement: measurement.slice(0, -1) }), [], 'the whole name counts')
})

test('a search finds parts of id, measurement, target and slug, in any case', async () => {
  const { id, body } = saved[5] as (typeof saved)[number]
  assert.equal(await found({ search: 'tgt_115' }), ['oldest'])
  assert.equal(await found({ search: id.slice(3, 20).toUpperCase() }), ['oldest'])
  assert.equal(await found({ search: body.run.prediction_measurement.slice(4) }), ['oldest'])
  assert.equal(await found({ search: 'ETH_1H' }), ['eth'])
  assert.equal(await found({ search: 'eth_1h', dataset_id: btc.dataset_id }), [])
})

test('percent, underscore and backslash in a search mean themselves', async () => {
  assert.equal(await found({ search: '5%' }), ['percent'])
  assert.equal(await found({ search: '%' }), ['percent'])
  assert.equal(await found({ search: 'up_5' }), ['eth'])
  assert.equal(await found({ search: '\\' }), ['backslash'])
  assert.equal(await found({ search: 'a\\b' }), ['backslash'])
  assert.equal(await found({ search: "'; drop table walkforward_runs --" }), [])
})

test('a filter that can not be is refused', async () => {
  for (const query of [
    'status=',
    'status=a%20b',
    'measurement=a-b',
    'search=',
    'limit=0',
    'bogus=1',
    'dataset_id=a/b',
  ]) {
    const { status, json } = await server.get(`/api/runs?${query}`)
    assert.equal([status, (json as { code: string }).code], [400, 'REQUEST_INVALID'], query)
  }
})

test('totals follow runs that change their status or dataset, also when many change at once', async () => {
  const there = ownDataset(prefix, 'counted')
  const elsewhere = ownDataset(prefix, 'counted_too')
  for (const dataset of [there, elsewhere]) await server.post('/api/datasets', dataset)
  const totals = async () =>
    Promise.all(
      ['', '&status=RUNNING', '&status=COMPLETED'].flatMap((status) =>
        [there, elsewhere].map(async ({ dataset_slug }) => {
          const page = await list(`/api/runs?dataset_id=${dataset_slug}${status}&limit=1000`)
          assert.is(page.total, page.runs.length)
          return page.total
        }),
      ),
    )
  const bodies = Array.from({ length: 12 }, () => ownRun(prefix, there.dataset_id, 1, { status: 'RUNNING' }))
  const save = (change: (i: number) => Record<string, unknown>) =>
    Promise.all(
      bodies.map(async (body, i) => {
        const { status } = await server.post('/api/runs', { ...body, run: { ...body.run, ...change(i) } })
        assert.ok(status === 200 || status === 201)
      }),
    )
  const before = (await list('/api/runs')).total
  await save(() => ({}))
  assert.equal(await totals(), [12, 0, 12, 0, 0, 0])
  await save((i) => (i % 2 === 0 ? { status: 'COMPLETED' } : {}))
  assert.equal(await totals(), [12, 0, 6, 0, 6, 0])
  await save((i) => ({ dataset_id: i < 3 ? elsewhere.dataset_id : there.dataset_id, status: 'COMPLETED' }))
  assert.equal(await totals(), [9, 3, 0, 0, 9, 3])
  assert.is((await list('/api/runs')).total, before + 12)
  const shown = (await server.get(`/api/datasets/${there.dataset_slug}`)).json as { run_count: number }
  assert.is(shown.run_count, 9)
})

test.run()
