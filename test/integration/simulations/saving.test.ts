import { randomUUID } from 'node:crypto'
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

interface Receipt {
  readonly simulation_id: string
  readonly run_id: string
  readonly dataset_id: string
  readonly buckets_written: number
  readonly buckets_computed: boolean
  readonly trades_written: number
  readonly success: boolean
  readonly message: string
  readonly warnings: string[]
}

interface Detail extends Record<string, unknown> {
  readonly trade_count: number
  readonly updated_at: string
  readonly buckets: Record<string, unknown>[]
}

const server = await startServer()
test.after(() => server.stop())

async function saved(body: unknown, status = 201): Promise<Receipt> {
  const answer = await server.post('/api/simulations', body)
  assert.is(answer.status, status, answer.text.slice(0, 500))
  return answer.json as Receipt
}

async function detail(id: string): Promise<Detail> {
  const answer = await server.get(`/api/simulations/${id}`)
  assert.is(answer.status, 200)
  return answer.json as Detail
}

async function tradesOf(id: string): Promise<Record<string, unknown>[]> {
  const { json } = await server.get(`/api/simulations/${id}/trades?limit=10000`)
  return (json as { trades: Record<string, unknown>[] }).trades
}

test("the desktop's own simulations come back value by value, and saving them again changes nothing", async () => {
  for (const body of simulationBodies()) {
    const { trades, ...sent } = body
    const receipt = await saved(body)
    assert.equal(
      [receipt.simulation_id, receipt.run_id, receipt.dataset_id, receipt.success],
      [body.simulation_id, body.run_id, '', true],
    )
    assert.equal([receipt.buckets_written, receipt.trades_written, receipt.buckets_computed], [3, trades.length, false])
    assert.is(receipt.message, `${trades.length} trades and 3 buckets saved`)
    const before = await detail(body.simulation_id)
    assertSame(onlySentKeys(before, sent), sent)
    assertSame(onlySentKeys(await tradesOf(body.simulation_id), trades), trades)

    const again = await saved(body, 200)
    assert.equal([again.trades_written, again.warnings], [trades.length, receipt.warnings])
    assertSame(await detail(body.simulation_id), before, 'not even updated_at has changed')
  }
})

test('the detail carries every name that clients look for', async () => {
  const [body] = simulationBodies()
  const shown = await detail((body as SimulationBody).simulation_id)
  assertSame(shown.parameters, body?.config)
  assertSame(shown.config, body?.config)
  assertSame(shown.results, shown.summary_metrics)
  const { return_pct, total_return_pct, max_drawdown, max_drawdown_pct } = shown.summary_metrics as Record<
    string,
    number
  >
  assert.equal([return_pct, total_return_pct, max_drawdown, max_drawdown_pct], [33.163, 33.163, 10.6649, 10.6649])
  assert.is(shown.trade_count, 102)
  assert.equal(
    shown.buckets.map((bucket) => [bucket.side, bucket.trade_count, bucket.win_count, bucket.computed]),
    [
      ['dual', 102, 45, false],
      ['long', 58, 29, false],
      ['short', 44, 16, false],
    ],
  )
  assert.is(shown.buckets[1]?.win_rate_pct, 50)
})

test('an answer that is posted back with its trades is the same save', async () => {
  const body = ownSimulation(20, { own: { deep: [1, 'x'] }, started_at: '2025-11-06T06:59:41.250Z' })
  await saved(body)
  const before = await detail(body.simulation_id)
  await saved({ ...before, trades: await tradesOf(body.simulation_id) }, 200)
  assertSame(await detail(body.simulation_id), before)
})

test('a save with fewer trades and buckets leaves none of the former ones', async () => {
  const [body] = simulationBodies()
  const simulation_id = randomUUID()
  await saved({ ...body, simulation_id })
  const first = await detail(simulation_id)
  const fewer = {
    simulation_id,
    note: 'second session',
    summary_metrics: { total_return_pct: 1 },
    buckets: body?.buckets.slice(0, 1),
    trades: body?.trades.slice(50, 53),
  }
  const receipt = await saved(fewer, 200)
  assert.equal([receipt.buckets_written, receipt.trades_written], [1, 3])
  assert.equal(receipt.warnings, ['bucket dual says 102 trades but 3 came', 'neither a run nor a dataset was named'])
  const second = await detail(simulation_id)
  assert.equal([second.trade_count, second.buckets.length, second.note], [3, 1, 'second session'])
  assert.equal([second.run_id, second.mode, second.config], ['', '', {}], 'nothing of the first save shines through')
  assert.is(second.created_at, first.created_at)
  assertSame(onlySentKeys(await tradesOf(simulation_id), fewer.trades), fewer.trades)

  await saved({ simulation_id }, 200)
  const third = await detail(simulation_id)
  assert.equal([third.trade_count, third.buckets, await tradesOf(simulation_id)], [0, [], []])
})

test('buckets that were not sent are made from the trades and say so', async () => {
  for (const buckets of [undefined, []]) {
    const body = ownSimulation(0, { buckets, trades: simulationBodies()[0]?.trades })
    assert.is((await saved(body)).buckets_computed, true)
    const { buckets: shown } = await detail(body.simulation_id)
    assert.equal(
      shown.map((b) => [b.side, b.trade_count, b.win_count, b.computed]),
      [
        ['dual', 102, 45, true],
        ['long', 58, 29, true],
        ['short', 44, 16, true],
      ],
    )
    assert.ok(Math.abs((shown[0]?.avg_return_pct as number) - 33.163044) < 1e-6)
    assert.ok(Math.abs((shown[0]?.max_drawdown_pct as number) - 15.549722) < 1e-6)
  }
})

test('a figure that did not come is null, a further key is kept, at every level', async () => {
  const simulation_id = randomUUID()
  await saved({
    simulation_id,
    status: 'HALF_WAY',
    initial_capital: 10_000,
    buckets: [{ side: 'weekend', hue: 'red' }],
    trades: [{ side: 'hedge', exit_price: null, exit_reason: 'stop_loss', entry_timestamp: '2025-01-02T17:00:00Z' }],
  })
  const shown = await detail(simulation_id)
  assert.equal([shown.status, shown.initial_capital], ['HALF_WAY', 10_000])
  const [bucket] = shown.buckets
  assert.equal([bucket?.side, bucket?.hue, bucket?.trade_count, bucket?.profit_factor], ['weekend', 'red', null, null])
  const [trade] = await tradesOf(simulation_id)
  assert.equal([trade?.side, trade?.exit_reason, trade?.pnl, trade?.exit_price], ['hedge', 'stop_loss', null, null])
  assert.equal([trade?.entry_timestamp, trade?.exit_timestamp], [Date.UTC(2025, 0, 2, 17), 0])
})

test('doubles come back with all their bits', async () => {
  const size = [5e-324, 1.7976931348623157e308, 0.1 + 0.2, -1 / 3, 123456789012345.67]
  const body = ownSimulation(0, {
    config: { values: size },
    buckets: size.map((profit_factor) => ({ side: 'x', profit_factor, own: profit_factor })),
    trades: size.map((value) => ({ size: value, pnl: value, own: value })),
  })
  await saved(body)
  assertSame(onlySentKeys(await tradesOf(body.simulation_id), body.trades), body.trades)
  const shown = await detail(body.simulation_id)
  assertSame(onlySentKeys(shown.buckets, body.buckets), body.buckets)
  assertSame(shown.config, body.config)
})

test('a simulation without an id gets one from the server', async () => {
  const receipt = await saved({ trades: [{ side: 'long', pnl: 1 }] })
  assert.is((await detail(receipt.simulation_id)).trade_count, 1)
})

test('a nested body is taken like a flat one', async () => {
  const { buckets, trades, ...simulation } = ownSimulation(3)
  const receipt = await saved({ simulation, buckets, trades })
  assert.equal([receipt.simulation_id, receipt.trades_written], [simulation.simulation_id, 3])
})

test('twenty thousand trades are stored, read and replaced', async () => {
  const [, real] = simulationBodies()
  const trades = Array.from({ length: 20_000 }, (_, i) => ({
    ...real?.trades[i % real.trades.length],
    trade_id: randomUUID(),
    entry_timestamp: Date.UTC(2020, 0, 1) + i * 60_000,
    pnl: Math.sin(i + 1),
  }))
  const body = ownSimulation(0, { trades, trade_count: trades.length })
  assert.is((await saved(body)).trades_written, 20_000)
  const shown = [
    ...(await tradesOf(body.simulation_id)),
    ...(
      (await server.get(`/api/simulations/${body.simulation_id}/trades?limit=10000&offset=10000`)).json as {
        trades: Record<string, unknown>[]
      }
    ).trades,
  ]
  assertSame(onlySentKeys(shown, trades), trades)
  assert.is((await saved({ ...body, trades: trades.slice(1), trade_count: 19_999 }, 200)).trades_written, 19_999)
  assert.is((await detail(body.simulation_id)).trade_count, 19_999)
})

test.run()
