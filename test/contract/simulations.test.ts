/** Simulations, which the desktop posts without looking at the answer and the dashboard shows. */
import { randomUUID } from 'node:crypto'
import * as assert from 'uvu/assert'
import {
  assertSame,
  onlySentKeys,
  ownDataset,
  ownRun,
  ownSimulation,
  type SimulationBody,
  simulationBodies,
} from '../support/fixtures.js'
import { startServer } from '../support/server.js'
import { test } from '../support/test.js'
import { readDataset } from './desktop/dataset-reader.js'
import { ensureBody, must } from './desktop/sender.js'
import { Desktop } from './desktop/transport.js'
import type { Json } from './desktop/values.js'
import { readSimulation } from './web/readers.js'
import { ask } from './web/transport.js'

const server = await startServer()
const desktop = new Desktop(server.url, server.token)
const { prefix } = server.engines
test.after(() => server.stop())

const bodies = simulationBodies()
const [small, large] = bodies as [SimulationBody, SimulationBody]

test.before(async () => {
  for (const body of bodies) await must(desktop.post('/api/simulations', body))
})

const detail = async (id: string) => (await ask(server, 'GET', `/api/simulations/${id}`)) as Json & { buckets: Json[] }

async function trades(path: string): Promise<Json[]> {
  return ((await ask(server, 'GET', path)) as { trades: Json[] }).trades
}

test('A3 #20: a simulation is kept whatever it points to, and its dataset is found by its run or its measurement', async () => {
  const dataset = ownDataset(prefix, 'found')
  await must(desktop.post('/api/datasets', dataset))
  const { run, folds } = ownRun(prefix, dataset.dataset_id, 1)
  await must(desktop.post('/api/runs', { run, folds }))
  const hash = randomUUID()
  for (const over of [{ run_id: run.run_id }, { input_run_measurement: `${dataset.dataset_slug}_wf1762169` }]) {
    const body = ownSimulation(1, { dataset_id: hash, ...over })
    await must(desktop.post('/api/simulations', body))
    const shown = await detail(body.simulation_id)
    assert.equal([shown.dataset_id, shown.client_dataset_id], [dataset.dataset_id, hash], JSON.stringify(over))
  }
  assert.is(readDataset((await desktop.get(`/api/datasets/${dataset.dataset_id}`)).text).simulation_count, 2)
})

test('A3 #22: buckets of the sides dual and all are taken', async () => {
  const buckets = ['dual', 'all', 'long', 'short'].map((side, i) => ({ side, trade_count: 2, win_count: i % 3 }))
  const body = ownSimulation(2, { buckets })
  await must(desktop.post('/api/simulations', body))
  const shown = (await detail(body.simulation_id)).buckets
  assert.equal(onlySentKeys(shown, buckets), buckets)
})

test('A3 #40: returns and drawdowns stand under both names, in percent as they came', async () => {
  for (const { simulation_id } of bodies) {
    const answer = await detail(simulation_id)
    assert.equal(readSimulation(answer, 'short'), readSimulation(answer, 'long'))
  }
  assert.is(readSimulation(await detail(small.simulation_id), 'short').totalReturn, '33.16%')
})

test('A3 #41: a trade has its times in milliseconds and that of its bar as text', async () => {
  const [first] = await trades(`/api/simulations/${small.simulation_id}/trades?limit=1`)
  const earliest = Math.min(...small.trades.map((trade) => trade.entry_timestamp as number))
  assert.equal([first?.entry_timestamp, first?.exit_timestamp], [earliest, 0])
  assert.is(first?.bar_timestamp, new Date(earliest).toISOString())
})

test('A3 #44: list, detail and trades each have their own route, and older shapes theirs', async () => {
  const page = (await ask(server, 'GET', `/api/simulations?run_id=${small.run_id}`)) as Json & { simulations: Json[] }
  assert.equal([page.count, page.total], [2, 2])
  assert.equal(
    new Set(page.simulations.map((item) => item.simulation_id)),
    new Set(bodies.map((body) => body.simulation_id)),
  )
  for (const body of bodies) {
    const answer = await detail(body.simulation_id)
    assert.is(answer.trade_count, body.trades.length)
    assert.not('trades' in answer)
    assertSame([answer.parameters, answer.config], [body.config, body.config])
    const { summary_metrics } = body
    assertSame(
      onlySentKeys([answer.results, answer.summary_metrics], Array(2).fill(summary_metrics)),
      Array(2).fill(summary_metrics),
    )
    assertSame(onlySentKeys(answer.buckets, body.buckets), body.buckets)
    const older = (await ask(server, 'GET', `/api/tradesim/runs/${body.simulation_id}`)) as {
      run: Json
      buckets: Json[]
    }
    assert.equal([older.run.simulation_id, older.run.simulationId], Array(2).fill(body.simulation_id))
    assertSame(older.buckets, answer.buckets)
    const list = (await ask(server, 'GET', '/api/tradesim/runs')) as Json[]
    const item = list.find((one) => one.simulation_id === body.simulation_id)
    assert.equal([item?.status, item?.dataset_id, item?.runId], [body.status, body.dataset_id, body.run_id])
    const inOrder = [...body.trades].sort((a, b) => (a.entry_timestamp as number) - (b.entry_timestamp as number))
    assertSame(onlySentKeys(await trades(`/api/tradesim/runs/${body.simulation_id}/trades`), inOrder), inOrder)
  }
  assert.is((await trades(`/api/simulations/${large.simulation_id}/trades`)).length, 1000)
})

test('pain 12: a client may send either name of return and drawdown, and read the other', async () => {
  const short = { return_pct: 11.4465, max_drawdown: 3.25 }
  const long = { total_return_pct: 11.4465, max_drawdown_pct: 3.25 }
  for (const summary_metrics of [short, long]) {
    const body = ownSimulation(0, { summary_metrics })
    await must(desktop.post('/api/simulations', body))
    const shown = (await detail(body.simulation_id)).summary_metrics
    assert.equal(shown, { ...short, ...long })
  }
})

test('pain 13: a return of 11.45 % is shown as 11.45 %, however often it was read and posted', async () => {
  const body = ownSimulation(1, { summary_metrics: { total_return_pct: 11.4465, max_drawdown_pct: 3.25 } })
  await must(desktop.post('/api/simulations', body))
  for (let i = 0; i < 2; i++) {
    const answer = await detail(body.simulation_id)
    for (const spelling of ['short', 'long'] as const) {
      const { totalReturn, drawdown } = readSimulation(answer, spelling)
      assert.equal([totalReturn, drawdown], ['11.45%', '3.25%'])
    }
    const { trade_count: _, ...again } = answer
    await must(desktop.post('/api/simulations', again))
  }
})

test('pain 14: each slice has its trades and its win rate', async () => {
  const { slices } = readSimulation(await detail(small.simulation_id), 'long')
  assert.equal(slices, [
    { side: 'dual', trades: 102, winRate: (100 * 45) / 102 },
    { side: 'long', trades: 58, winRate: 50 },
    { side: 'short', trades: 44, winRate: (100 * 16) / 44 },
  ])
})

test('pain 60: the real simulations, of a run and a dataset that nobody has, are not lost', async () => {
  for (const { simulation_id, run_id, dataset_id } of bodies) {
    const answer = await detail(simulation_id)
    assert.equal([answer.run_id, answer.run_known], [run_id, false])
    assert.equal([answer.dataset_id, answer.dataset_known], [dataset_id, false])
  }
})

test('pain 63: a run that is INCOMPLETE and a bucket that is dual are stored like any other', async () => {
  const dataset = ownDataset(prefix, 'incomplete')
  await must(desktop.post('/api/datasets', ensureBody(dataset)))
  const { run, folds } = ownRun(prefix, dataset.dataset_id, 1, { status: 'INCOMPLETE' })
  await must(desktop.post('/api/runs', { run, folds }))
  const body = ownSimulation(1, {
    run_id: run.run_id,
    status: 'INCOMPLETE',
    buckets: [{ side: 'dual', trade_count: 1 }],
  })
  await must(desktop.post('/api/simulations', body))
  const answer = await detail(body.simulation_id)
  assert.equal(
    [answer.status, answer.run_known, answer.buckets.map(({ side }) => side)],
    ['INCOMPLETE', true, ['dual']],
  )
})

test('a simulation whose number began anew replaces the former one, trades and buckets included', async () => {
  const body = ownSimulation(5)
  await must(desktop.post('/api/simulations', body))
  await must(desktop.post('/api/simulations', { ...body, trades: body.trades.slice(0, 2) }))
  assert.is((await detail(body.simulation_id)).trade_count, 2)
  assert.is((await trades(`/api/simulations/${body.simulation_id}/trades`)).length, 2)
})

test.run()
