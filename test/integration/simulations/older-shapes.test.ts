import * as assert from 'uvu/assert'
import {
  assertSame,
  onlySentKeys,
  ownSimulation,
  type SimulationBody,
  simulationBodies,
} from '../../support/fixtures.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

const server = await startServer()
test.after(() => server.stop())

const real = simulationBodies()[1] as SimulationBody
const others = Array.from({ length: 150 }, (_, i) => ownSimulation(0, { label: i }))

test.before(async () => {
  await server.post('/api/simulations', real)
  for (const body of others) await server.post('/api/simulations', body)
})

test('the older list is a bare array of all simulations, newest first, in both spellings', async () => {
  const { json } = await server.get('/api/tradesim/runs')
  const list = json as Record<string, unknown>[]
  assert.equal(
    list.map((item) => item.simulation_id),
    [real, ...others].map((body) => body.simulation_id).reverse(),
  )
  const last = list.at(-1)
  assert.equal(
    [last?.simulationId, last?.runId, last?.run_id, last?.datasetId, last?.dataset_id, last?.status],
    [real.simulation_id, real.run_id, real.run_id, real.dataset_id, real.dataset_id, 'COMPLETED'],
  )
  const page = (await server.get('/api/tradesim/runs?limit=2&offset=149')).json as Record<string, unknown>[]
  assert.equal(
    page.map((item) => item.simulation_id),
    [others[0]?.simulation_id, real.simulation_id],
  )
})

test('the older detail has the simulation in `run`, its buckets beside it', async () => {
  const { json } = await server.get(`/api/tradesim/runs/${real.simulation_id}`)
  const { run, buckets } = json as { run: Record<string, unknown>; buckets: unknown }
  const { trades: _, buckets: sent, ...facts } = real
  assertSame(onlySentKeys(run, facts), facts)
  assertSame(onlySentKeys(buckets, sent), sent)
  assert.equal([run.simulationId, run.runId, run.trade_count], [real.simulation_id, real.run_id, 1759])
})

test('the older trades are all of them', async () => {
  const { json } = await server.get(`/api/tradesim/runs/${real.simulation_id}/trades`)
  const { trades, count, total } = json as { trades: unknown[]; count: number; total: number }
  assert.equal([count, total], [1759, 1759])
  assertSame(onlySentKeys(trades, real.trades), real.trades)
})

test.run()
