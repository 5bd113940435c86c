import { randomUUID } from 'node:crypto'
import * as assert from 'uvu/assert'
import { ownSimulation } from '../../support/fixtures.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

interface TradePage {
  readonly simulation_id: string
  readonly trades: (Record<string, unknown> & { trade_id: string; trade_index: number; bar_timestamp: string })[]
  readonly count: number
  readonly total: number
  readonly limit: number
  readonly offset: number
  readonly has_more: boolean
}

const server = await startServer()
test.after(() => server.stop())

const HOUR = 3_600_000
const START = Date.UTC(2025, 0, 2)

/** Sent out of order: two at the same time, one without a time. */
const simulation = ownSimulation(0, {
  trades: [
    { trade_id: 'c', side: 'long', fold_index: 1, entry_timestamp: START + 2 * HOUR, exit_timestamp: START + 3 * HOUR },
    { trade_id: 'a', side: 'short', fold_index: 0, entry_timestamp: 0 },
    { trade_id: 'd', side: 'LONG', fold_index: 1, entry_timestamp: START + 2 * HOUR },
    { trade_id: 'b', side: 'short', fold_index: 0, entry_timestamp: START + HOUR },
    { trade_id: 'e', side: 'hedge', fold_index: -1, entry_timestamp: START + 4 * HOUR },
  ],
})
const path = `/api/simulations/${simulation.simulation_id}/trades`

test.before(async () => {
  await server.post('/api/simulations', simulation)
})

async function page(query = ''): Promise<TradePage> {
  const { status, json } = await server.get(path + query)
  assert.is(status, 200)
  return json as TradePage
}

async function ids(query = ''): Promise<string> {
  const { trades, total, count } = await page(query)
  assert.is(count, trades.length)
  assert.is(total, count)
  return trades.map((trade) => trade.trade_id).join('')
}

test('trades come in the order of time, then as they were sent, each with its bar', async () => {
  const { trades, simulation_id, ...figures } = await page()
  assert.is(simulation_id, simulation.simulation_id)
  assert.equal(
    trades.map((trade) => [trade.trade_id, trade.trade_index, trade.bar_timestamp]),
    [
      ['a', 1, ''],
      ['b', 3, '2025-01-02T01:00:00.000Z'],
      ['c', 0, '2025-01-02T02:00:00.000Z'],
      ['d', 2, '2025-01-02T02:00:00.000Z'],
      ['e', 4, '2025-01-02T04:00:00.000Z'],
    ],
  )
  assert.equal(figures, { count: 5, returned: 5, total: 5, limit: 1000, offset: 0, has_more: false })
  const [, , c] = trades
  assert.equal([c?.entry_timestamp, c?.exit_timestamp], [START + 2 * HOUR, START + 3 * HOUR])
})

test('every page size leads through all trades', async () => {
  for (let limit = 1; limit <= 6; limit++) {
    let seen = ''
    for (let offset = 0; ; offset += limit) {
      const { trades, total, has_more } = await page(`?limit=${limit}&offset=${offset}`)
      seen += trades.map((trade) => trade.trade_id).join('')
      assert.equal([total, has_more], [5, offset + trades.length < 5])
      if (!has_more) break
    }
    assert.is(seen, 'abcde')
  }
})

test('trades are found by side and fold, and both', async () => {
  assert.equal([await ids('?side=long'), await ids('?side=Short'), await ids('?side=hedge')], ['cd', 'ab', 'e'])
  assert.equal([await ids('?fold_index=0'), await ids('?fold_index=-1'), await ids('?fold_index=7')], ['ab', 'e', ''])
  assert.is(await ids('?fold_index=1&side=short'), '')
})

test('a page is at most ten thousand trades', async () => {
  assert.is((await page('?limit=10000')).count, 5)
  assert.is((await server.get(`${path}?limit=10001`)).status, 400)
})

test('a simulation that nobody saved is named in the answer', async () => {
  for (const id of [randomUUID(), 'nobody', 'btc25_3_sim1', '1']) {
    for (const of of [`/api/simulations/${id}`, `/api/simulations/${id}/trades`, `/api/tradesim/runs/${id}`]) {
      const { status, json } = await server.get(of)
      const { code, message, error } = json as { code: string; message: string; error: string }
      assert.equal([status, code, message], [404, 'SIMULATION_NOT_FOUND', error], of)
      assert.match(message, id)
    }
    assert.is((await server.get(`/api/tradesim/runs/${id}/trades`)).status, 404)
  }
  for (const id of ['a%20b', '%00', 'x'.repeat(200)]) {
    const { status, json } = await server.get(`/api/simulations/${id}`)
    assert.equal([status, typeof (json as { message: string }).message], [404, 'string'], id)
  }
})

test.run()
