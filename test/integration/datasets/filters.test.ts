/** Finding datasets by symbol, length of bar and part of a name. */
import * as assert from 'uvu/assert'
import { ownDataset } from '../../support/fixtures.js'
import { startServer } from '../../support/server.js'
import { asAdmin } from '../../support/template.js'
import { test } from '../../support/test.js'

const server = await startServer()
const { prefix } = server.engines
test.after(() => server.stop())

const KINDS = [
  { symbol: 'BTC', granularity: '1h' },
  { symbol: 'btc', granularity: '4h' },
  { symbol: 'ETH', granularity: '240m' },
  { symbol: 'ES 100%', granularity: 'unknown' },
  { symbol: 'EURUSD', granularity: '60min' },
]
/** Newest first. */
const all: { slug: string; symbol: string; granularity: string }[] = []
const STORED: Record<string, string> = { '240m': '4h', '60min': '1h' }

test.before(async () => {
  for (let i = 0; i < 15; i++) {
    const kind = KINDS[i % KINDS.length] as (typeof KINDS)[number]
    const created_at = new Date(Date.UTC(2025, 0, 1, i)).toISOString()
    const body = ownDataset(prefix, `Set_${i}.x`, { ...kind, created_at, bar_interval_ms: 0 })
    assert.is((await server.post('/api/datasets', { ...body, metadata: {} })).status, 201)
    const granularity = STORED[kind.granularity] ?? kind.granularity
    all.unshift({ slug: body.dataset_slug, symbol: kind.symbol, granularity })
  }
})

async function slugs(query: Record<string, string>): Promise<{ slugs: string[]; total: number; more: boolean }> {
  const answer = await server.get(`/api/datasets?${new URLSearchParams(query)}`)
  assert.is(answer.status, 200, answer.text)
  const page = answer.json as { datasets: { dataset_slug: string }[]; total: number; has_more: boolean }
  return { slugs: page.datasets.map((item) => item.dataset_slug), total: page.total, more: page.has_more }
}

type Condition = (dataset: (typeof all)[number]) => boolean

async function finds(query: Record<string, string>, condition: Condition): Promise<void> {
  const expected = all.filter(condition).map((dataset) => dataset.slug)
  assert.equal(await slugs(query), { slugs: expected, total: expected.length, more: false }, JSON.stringify(query))
}

test('a symbol finds its datasets in any case, and only those', async () => {
  await finds({ symbol: 'BTC' }, ({ symbol }) => symbol.toLowerCase() === 'btc')
  await finds({ symbol: 'Eth' }, ({ symbol }) => symbol === 'ETH')
  await finds({ symbol: 'ES 100%' }, ({ symbol }) => symbol === 'ES 100%')
  await finds({ symbol: 'E' }, () => false)
  await finds({ symbol: '%' }, () => false)
})

test('a length of bar finds its datasets however either was spelled', async () => {
  for (const spelling of ['4h', '240m', '14400s']) await finds({ granularity: spelling }, (d) => d.granularity === '4h')
  await finds({ granularity: '60m' }, ({ granularity }) => granularity === '1h')
  await finds({ granularity: 'unknown' }, ({ granularity }) => granularity === 'unknown')
  await finds({ granularity: '7m' }, () => false)
})

test('a search looks into slug and symbol, in any case, and takes every character as itself', async () => {
  await finds({ search: 'set_1' }, ({ slug }) => slug.includes('Set_1'))
  await finds({ search: 'SET_14.' }, ({ slug }) => slug.endsWith('Set_14.x'))
  await finds({ search: 'usd' }, ({ symbol }) => symbol === 'EURUSD')
  await finds({ search: 'e' }, () => true)
  await finds({ search: '0%' }, ({ symbol }) => symbol === 'ES 100%')
  for (const pattern of ['set%x', 'set-1', 'se__1', '\\', 'xbtc']) await finds({ search: pattern }, () => false)
})

test('filters narrow each other, and pages of what they find lead through all of it', async () => {
  await finds(
    { symbol: 'btc', granularity: '4h', search: 'set_1' },
    ({ slug, granularity, symbol }) => symbol === 'btc' && granularity === '4h' && slug.includes('Set_1'),
  )
  const expected = all.filter(({ symbol }) => symbol.toLowerCase() === 'btc').map(({ slug }) => slug)
  const seen: string[] = []
  for (let offset = 0; offset < expected.length; offset += 2) {
    const page = await slugs({ symbol: 'btc', limit: '2', offset: String(offset) })
    assert.equal([page.total, page.more], [expected.length, offset + 2 < expected.length])
    seen.push(...page.slugs)
  }
  assert.equal(seen, expected)
})

test('an empty filter is refused by its name rather than taken as none', async () => {
  for (const name of ['symbol', 'granularity', 'search']) {
    const { status, json } = await server.get(`/api/datasets?${name}=`)
    const problem = json as { code: string; details: { pointer: string }[] }
    assert.equal([status, problem.code, problem.details[0]?.pointer], [400, 'REQUEST_INVALID', `/${name}`])
  }
})

test('with two thousand datasets each filter has an index to go by', async () => {
  await asAdmin(server.engines.postgresUrl, async (client) => {
    await client.query(`
      insert into stage1_datasets (dataset_id, dataset_slug, symbol, granularity, source, bar_interval_ms, lookback_rows,
        ohlcv_measurement, indicator_measurement, ohlcv_row_count, indicator_row_count, first_ohlcv_ts, last_ohlcv_ts,
        first_indicator_ts, last_indicator_ts, metadata, created_at, updated_at)
      select gen_random_uuid(), 'many_' || n, 'S' || n % 200, n % 90 || 'm', '', 0, 0, 'many_o' || n, 'many_i' || n, 0, 0,
        0, 0, 0, 0, '{}', now() - n * interval '1 hour', now()
      from generate_series(1, 2000) n`)
    await client.query('analyze stage1_datasets')
    // Of a table this small the planner may rightly read all; what counts is that it need not.
    await client.query('set enable_seqscan = off')
    for (const [condition, index] of [
      [`lower(symbol) = 's7'`, 'stage1_datasets_symbol'],
      [`granularity = '15m'`, 'stage1_datasets_granularity'],
      [`search_text like '%many\\_77%'`, 'stage1_datasets_search'],
    ]) {
      const { rows } = await client.query(`explain select dataset_id from stage1_datasets where ${condition}`)
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
      assert.ok(plan.includes(index as string), `${condition}\n${plan}`)
    }
  })
  const page = await slugs({ symbol: 's7', limit: '3' })
  assert.equal([page.slugs, page.total], [['many_7', 'many_207', 'many_407'], 10])
})

test.run()
