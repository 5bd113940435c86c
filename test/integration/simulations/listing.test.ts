import { randomUUID } from 'node:crypto'
import * as assert from 'uvu/assert'
import { assertSame, ownSimulation, type SimulationBody } from '../../support/fixtures.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

interface Page {
  readonly simulations: (Record<string, unknown> & { simulation_id: string })[]
  readonly count: number
  readonly returned: number
  readonly total: number
  readonly limit: number
  readonly offset: number
  readonly has_more: boolean
}

const server = await startServer()
test.after(() => server.stop())

const RUN = randomUUID()
/** In the order in which they are saved. */
const saved = [
  ownSimulation(3, { label: 'oldest', questdb_namespace: 'btc25_3_sim1', run_id: RUN }),
  ownSimulation(2, { label: 'percent', questdb_namespace: 'up 5%_sim2', run_id: RUN }),
  ownSimulation(1, { label: 'failed', status: 'FAILED' }),
  ownSimulation(0, { label: 'measured', input_run_measurement: 'ETH_1h_run2' }),
  ownSimulation(5, { label: 'newest', dataset_id: 'a\\b' }),
]
const newestFirst = saved.map((body) => body.label as string).reverse()

test.before(async () => {
  for (const body of saved) await server.post('/api/simulations', body)
  await server.post('/api/simulations', { ...saved[0], note: 'saved again, and still the oldest' })
})

async function list(query = ''): Promise<Page> {
  const { status, json } = await server.get(`/api/simulations${query}`)
  assert.is(status, 200)
  return json as Page
}

async function found(filter: Record<string, string>): Promise<unknown[]> {
  const page = await list(`?${new URLSearchParams(filter)}`)
  assert.is(page.total, page.count)
  return page.simulations.map((item) => item.label)
}

test('the newest simulation comes first, each as in its detail but without buckets', async () => {
  const { simulations } = await list()
  assert.equal(
    simulations.map((item) => item.label),
    newestFirst,
  )
  for (const item of simulations) {
    const { buckets, ...rest } = (await server.get(`/api/simulations/${item.simulation_id}`))
      .json as Page['simulations'][0]
    assert.ok(Array.isArray(buckets))
    assertSame(item, rest)
  }
})

test('every page size leads through all simulations and says when there are more', async () => {
  for (let limit = 1; limit <= saved.length + 1; limit++) {
    const seen: unknown[] = []
    for (let offset = 0; ; offset += limit) {
      const page = await list(`?limit=${limit}&offset=${offset}`)
      assert.equal([page.total, page.limit, page.offset, page.returned], [saved.length, limit, offset, page.count])
      seen.push(...page.simulations.map((item) => item.label))
      assert.is(page.has_more, offset + page.count < saved.length)
      if (!page.has_more) break
    }
    assert.equal(seen, newestFirst)
  }
})

test('simulations are found by run, dataset, status, and all together', async () => {
  assert.equal(await found({ run_id: RUN }), ['percent', 'oldest'])
  assert.equal(await found({ run_id: RUN.toUpperCase() }), ['percent', 'oldest'])
  assert.equal(await found({ run_id: randomUUID() }), [])
  assert.equal(await found({ run_id: 'nobody' }), [])
  assert.equal(await found({ status: 'FAILED' }), ['failed'])
  assert.equal(await found({ dataset_id: saved[1]?.dataset_id as string }), ['percent'])
  assert.equal(await found({ run_id: RUN, dataset_id: saved[1]?.dataset_id as string, status: 'COMPLETED' }), [
    'percent',
  ])
  assert.equal(await found({ run_id: RUN, status: 'FAILED' }), [])
})

test('a search finds parts of id, namespace, measurement and the ids as sent, in any case', async () => {
  assert.equal(await found({ search: (saved[2] as SimulationBody).simulation_id.slice(3, 25).toUpperCase() }), [
    'failed',
  ])
  assert.equal(await found({ search: 'BTC25' }), ['oldest'])
  assert.equal(await found({ search: 'eth_1H' }), ['measured'])
  assert.equal(await found({ search: RUN.slice(2, 30) }), ['percent', 'oldest'])
  assert.equal(await found({ search: '5%' }), ['percent'])
  assert.equal(await found({ search: '%' }), ['percent'])
  assert.equal(await found({ search: '\\' }), ['newest'])
  assert.equal(await found({ search: "'; drop table simulation_runs --" }), [])
})

test('a filter that can not be is refused', async () => {
  for (const query of ['status=', 'search=', 'limit=0', 'limit=1001', 'bogus=1', 'dataset_id=a/b', 'run_id=']) {
    const { status, json } = await server.get(`/api/simulations?${query}`)
    assert.equal([status, (json as { code: string }).code], [400, 'REQUEST_INVALID'], query)
  }
})

test.run()
