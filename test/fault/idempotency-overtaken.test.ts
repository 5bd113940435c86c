/** A save whose server dies, another that is acknowledged, and the first once more under its key: what was acknowledged stays. */
import * as assert from 'uvu/assert'
import { crashingServer } from '../support/crashing-server.js'
import { ownDataset, ownRun, ownSimulation, predictionRows } from '../support/fixtures.js'
import { keyed, newKey } from '../support/keyed.js'
import { test } from '../support/test.js'

const server = await crashingServer()
test.after(() => server.release())
const { prefix } = server.engines
const dataset = ownDataset(prefix, 'overtaken')

const POINTS = ['idempotency-claimed', 'idempotency-answer-made'] as const

function runSave(predictions: number) {
  const { run, folds } = ownRun(prefix, dataset.dataset_id, 2)
  const rows = predictions > 0 && { predictions: predictionRows(2, predictions) }
  const body = (status: string) => ({ run: { ...run, status }, folds, ...rows })
  return { path: '/api/runs', document: `/api/runs/${run.run_id}`, body, told: 'status' }
}

function simulationSave() {
  const simulation = ownSimulation(3)
  const body = (status: string) => ({ ...simulation, status })
  return { path: '/api/simulations', document: `/api/simulations/${simulation.simulation_id}`, body, told: 'status' }
}

for (const point of POINTS)
  for (const [what, save] of [
    ['a run', () => runSave(0)],
    ['a run with predictions', () => runSave(4)],
    ['a simulation', simulationSave],
  ] as const)
    test(`${what} is not taken back to an older save by its repetition (${point})`, async () => {
      await server.client().post('/api/datasets', dataset)
      const { path, document, body, told } = save()
      const key = keyed(newKey())
      server.holdAt(point)
      await server.diesAt(point, server.client().post(path, body('FIRST'), key))
      await server.start()
      const second = await server.client().post(path, body('SECOND'))
      assert.ok([200, 201].includes(second.status), second.text)
      await server.passLeases()
      const again = await server.client().post(path, body('FIRST'), key)
      const answer = again.json as { code: string }
      // A run with predictions is its job's work: one that was done before the server died is answered as such.
      if (again.status !== 200 && again.status !== 201) assert.equal([again.status, answer.code], [409, 'SUPERSEDED'])
      const stored = (await server.client().get(document)).json as Record<string, unknown>
      const shown = (stored.run ?? stored.simulation ?? stored) as Record<string, unknown>
      assert.is(shown[told], 'SECOND')
    })

test.run()
