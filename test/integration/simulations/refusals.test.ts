import { randomUUID } from 'node:crypto'
import * as assert from 'uvu/assert'
import { ownSimulation } from '../../support/fixtures.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

interface Problem {
  readonly code: string
  readonly message: string
  readonly details: Record<string, unknown> & Record<string, unknown>[]
}

const server = await startServer()
test.after(() => server.stop())

/** Refused with this answer, and the simulation is not there afterwards. */
async function refused(body: Record<string, unknown>, status: number, code: string): Promise<Problem> {
  const answer = await server.post('/api/simulations', body)
  const problem = answer.json as Problem
  assert.equal([answer.status, problem.code], [status, code], answer.text.slice(0, 300))
  assert.is((await server.get(`/api/simulations/${body.simulation_id}`)).status, 404, 'nothing of it was stored')
  return problem
}

test('a simulation with fewer trades or buckets than it declares stores nothing', async () => {
  const body = ownSimulation(5, { trade_count: 6 })
  const { message, details } = await refused(body, 422, 'COUNT_MISMATCH')
  assert.equal([details.declared, details.received, details.pointer], [6, 5, '/trade_count'])
  assert.match(message, 'trade_count says 6 trades but 5 came; nothing was stored')
  await refused(ownSimulation(5, { bucket_count: 3 }), 422, 'COUNT_MISMATCH')
})

test('a refused save leaves the simulation that was there as it was', async () => {
  const body = ownSimulation(5)
  const path = `/api/simulations/${body.simulation_id}`
  await server.post('/api/simulations', body)
  const before = [(await server.get(path)).text, (await server.get(`${path}/trades`)).text]
  for (const bad of [
    { ...body, trades: [], trade_count: 5 },
    { ...body, trades: [{ entry_timestamp: 17 }] },
    { ...body, status: 7 },
    (await server.get(path)).json,
  ])
    assert.ok((await server.post('/api/simulations', bad)).status >= 400)
  assert.equal([(await server.get(path)).text, (await server.get(`${path}/trades`)).text], before)
})

test('what does not fit the contract is refused with its place', async () => {
  const cases: [Record<string, unknown>, string][] = [
    [{ trades: [{}, { pnl: 'much' }] }, '/trades/1/pnl'],
    [{ trades: [{ fold_index: 1.5 }] }, '/trades/0/fold_index'],
    [{ trades: {} }, '/trades'],
    [{ trades: [null] }, '/trades/0'],
    [{ buckets: [{ side: 3 }] }, '/buckets/0/side'],
    [{ buckets: [{ side: 'dual', win_count: -1 }] }, '/buckets/0/win_count'],
    [{ config: [] }, '/config'],
    [{ summary_metrics: '{}' }, '/summary_metrics'],
    [{ status: 'x'.repeat(41) }, '/status'],
    [{ run_id: 5 }, '/run_id'],
    [{ started_at: 'soon' }, '/started_at'],
    [{ trades: [{ exit_timestamp: 'soon' }] }, '/trades/0/exit_timestamp'],
    [{ simulation: { mode: 1 } }, '/simulation/mode'],
  ]
  for (const [fields, pointer] of cases) {
    const { details } = await refused({ simulation_id: randomUUID(), ...fields }, 400, 'REQUEST_INVALID')
    assert.is([details].flat()[0]?.pointer, pointer, JSON.stringify(fields))
  }
})

test('a time outside 1980 to 2100 is refused with the date it would have been', async () => {
  const body = ownSimulation(0, { trades: [{}, {}, { entry_timestamp: 20_250_102 }] })
  const { message, details } = await refused(body, 422, 'TIMESTAMP_OUT_OF_RANGE')
  assert.is(details.pointer, '/trades/2/entry_timestamp')
  assert.match(message, '1970-08-23')
})

test('an id that is no UUID is refused, not failed over', async () => {
  for (const simulation_id of ['btc25_3_sim1', '1', '']) {
    const { status, json } = await server.post('/api/simulations', { simulation_id })
    assert.equal([status, (json as Problem).details[0]?.pointer], [400, '/simulation_id'], simulation_id)
  }
})

test("text that PostgreSQL can not hold is refused as the client's fault", async () => {
  for (const over of [{ run_id: 'a\u0000b' }, { config: { note: '\u0000' } }, { trades: [{ side: '\ud800' }] }])
    await refused(ownSimulation(1, over), 400, 'REQUEST_INVALID')
})

test.run()
