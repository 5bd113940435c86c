import * as assert from 'uvu/assert'
import { ownSimulation } from '../../support/fixtures.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

interface Detail {
  readonly note: number
  readonly trade_count: number
  readonly buckets: { side: string; trade_count: number; note: number }[]
}

const server = await startServer()
test.after(() => server.stop())

/** Saves of one simulation that differ in their number of trades; each says in every part which save it was. */
function saves(counts: readonly number[]) {
  const simulation = ownSimulation(1759)
  return counts.map((count) => ({
    ...simulation,
    note: count,
    buckets: [{ side: 'dual', trade_count: count, note: count }],
    trades: simulation.trades.slice(0, count).map((trade) => ({ ...trade, note: count })),
    trade_count: count,
  }))
}

test('eight saves of one simulation at the same moment, with reads between: every read is one whole save', async () => {
  const counts = [1759, 1, 600, 299, 37, 8, 1500, 64]
  const bodies = saves(counts)
  const path = `/api/simulations/${bodies[0]?.simulation_id}`
  await server.post('/api/simulations', bodies[0])
  let saving = true
  let reads = 0
  const readOn = async () => {
    while (saving) {
      const { status, json } = await server.get(path)
      assert.is(status, 200)
      const { note, trade_count, buckets } = json as Detail
      assert.ok(counts.includes(note))
      assert.equal([trade_count, buckets], [note, [{ ...buckets[0], side: 'dual', trade_count: note, note }]])
      reads++
    }
  }
  const reading = Promise.all([readOn(), readOn()])
  reading.catch(() => {})
  for (let round = 0; round < 3; round++) {
    const answers = await Promise.all(bodies.map((body) => server.post('/api/simulations', body)))
    assert.equal(
      answers.map(({ status, json }) => [status, (json as { trades_written: number }).trades_written]),
      counts.map((count) => [200, count]),
    )
  }
  saving = false
  await reading
  assert.ok(reads > 8, `${reads} reads`)

  const { note } = (await server.get(path)).json as Detail
  const { trades } = (await server.get(`${path}/trades?limit=10000`)).json as { trades: { note: number }[] }
  assert.equal([trades.length, trades.every((trade) => trade.note === note)], [note, true])
})

test('a new simulation that is saved ten times at the same moment is new once', async () => {
  const [body] = saves([200])
  const answers = await Promise.all(Array.from({ length: 10 }, () => server.post('/api/simulations', body)))
  assert.equal(answers.map(({ status }) => status).sort(), [...Array(9).fill(200), 201])
  const { total } = (await server.get(`/api/simulations/${body?.simulation_id}/trades`)).json as { total: number }
  assert.is(total, 200)
})

test.run()
