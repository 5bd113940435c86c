import * as assert from 'uvu/assert'
import { bars, ownDataset, ownRun } from '../../support/fixtures.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

interface Page {
  readonly datasets: Record<string, unknown>[]
  readonly count: number
  readonly returned: number
  readonly total: number
  readonly limit: number
  readonly offset: number
  readonly has_more: boolean
}

const server = await startServer()
const { prefix } = server.engines
test.after(() => server.stop())

const COUNT = 7
/** Newest first, as the list has them. */
const slugs: string[] = []

test.before(async () => {
  for (let i = 0; i < COUNT; i++) {
    const created_at = new Date(Date.UTC(2025, 0, 1 + i)).toISOString()
    await server.post('/api/datasets', ownDataset(prefix, `d${i}`, { created_at }))
    slugs.unshift(`${prefix}d${i}`)
  }
})

async function list(query: string): Promise<Page> {
  const answer = await server.get(`/api/datasets${query}`)
  assert.is(answer.status, 200, answer.text)
  return answer.json as Page
}

test('every page size leads through all datasets, newest first, and says when there are more', async () => {
  for (let limit = 1; limit <= COUNT + 2; limit++) {
    const seen: unknown[] = []
    for (let offset = 0; ; offset += limit) {
      const page = await list(`?limit=${limit}&offset=${offset}`)
      const rest = Math.min(limit, COUNT - offset)
      assert.equal([page.count, page.returned, page.datasets.length], [rest, rest, rest])
      assert.equal([page.total, page.limit, page.offset], [COUNT, limit, offset])
      assert.is(page.has_more, offset + rest < COUNT, `limit ${limit}, offset ${offset}`)
      seen.push(...page.datasets.map((dataset) => dataset.dataset_slug))
      if (!page.has_more) break
    }
    assert.equal(seen, slugs)
  }
})

test('without a page size a hundred are shown; a page behind the end is empty and says so', async () => {
  const all = await list('')
  assert.equal([all.limit, all.offset, all.count, all.has_more], [100, 0, COUNT, false])
  const behind = await list(`?offset=${COUNT}`)
  assert.equal([behind.datasets, behind.total, behind.has_more], [[], COUNT, false])
})

test("a page that can not be is refused with the parameter's name", async () => {
  for (const [query, name] of [
    ['limit=0', 'limit'],
    ['limit=1001', 'limit'],
    ['limit=many', 'limit'],
    ['offset=-1', 'offset'],
  ] as const) {
    const { status, json } = await server.get(`/api/datasets?${query}`)
    const problem = json as { code: string; details: { pointer: string }[] }
    assert.equal([status, problem.code, problem.details[0]?.pointer], [400, 'REQUEST_INVALID', `/${name}`], query)
  }
})

test('an item of the list says the same as the detail, but for the state of the tables', async () => {
  const [item] = (await list('?limit=1')).datasets
  const { questdb_state, ...detail } = (await server.get(`/api/datasets/${slugs[0]}`)).json as Record<string, unknown>
  assert.ok(questdb_state)
  assert.equal(item, detail)
})

test('the list shows live rows, and how many runs refer to a dataset, under both names', async () => {
  const slug = slugs[2] as string
  await server.post(`/api/datasets/${slug}/ohlcv/append`, { rows: bars(12) })
  for (let i = 0; i < 3; i++) await server.post('/api/runs', ownRun(prefix, slug, 1))
  const shown = (await list('')).datasets.find((dataset) => dataset.dataset_slug === slug) as Record<string, unknown>
  assert.equal([shown.ohlcv_rows, shown.ohlcv_row_count, shown.indicator_rows], [12, 12, 8143])
  assert.equal([shown.run_count, shown.related_runs, shown.simulation_count, shown.related_simulations], [3, 3, 0, 0])
  const others = (await list('')).datasets.filter((dataset) => dataset.dataset_slug !== slug)
  assert.equal(
    others.map((dataset) => [dataset.run_count, dataset.ohlcv_rows]),
    Array(COUNT - 1).fill([0, 9227]),
  )
})

test('the detail of a dataset with rows shows their count, bounds and the health of the table', async () => {
  const slug = slugs[3] as string
  const rows = bars(25)
  await server.post(`/api/datasets/${slug}/ohlcv/append`, { rows })
  const shown = (await server.get(`/api/datasets/${slug}`)).json as Record<string, unknown> & {
    metadata: Record<string, unknown>
    questdb_state: Record<string, unknown>
  }
  const [first, last] = [rows[0]?.timestamp as number, rows[24]?.timestamp as number]
  assert.equal([shown.ohlcv_rows, shown.metadata.ohlcv_rows], [25, 25])
  assert.equal([shown.first_ohlcv_ts, shown.last_ohlcv_ts], [first, last])
  assert.equal([shown.ohlcv_first_ts, shown.ohlcv_last_ts], [first / 1000, last / 1000])
  assert.equal(
    [shown.metadata.first_ohlcv_timestamp_ms, shown.metadata.last_ohlcv_timestamp_ms],
    [first, last],
    'the manifest that the client sent is stale',
  )
  assert.equal(shown.questdb_state, {
    status: 'ok',
    ohlcv: {
      measurement: `${slug}_ohlcv`,
      status: 'ok',
      exists: true,
      rows: 25,
      first_ts_ms: first,
      last_ts_ms: last,
      suspended: false,
      lag: 0,
    },
    indicators: { measurement: `${slug}_ind`, status: 'missing', exists: false },
  })
})

test.run()
