/**
 * What clients do while processes are killed, and how each of these deeds is looked up afterwards: a deed that was acknowledged must
 * be there whole, one whose answer never came must be there whole or not at all.
 */
import { randomUUID } from 'node:crypto'
import { minutesCsv } from '../support/csv.js'
import type { OwnEngines } from '../support/engines.js'
import { ownRun, ownSimulation, predictionRows } from '../support/fixtures.js'
import { postCsv, rowCount } from '../support/imports.js'
import type { Received, SendOptions, TestClient } from '../support/server.js'

/** What is found of a deed: `half` says in words what is wrong. */
export type Found = 'whole' | 'absent' | { readonly half: string }

export interface Deed {
  readonly what: string
  /** What it makes: an id or a name. */
  readonly subject: string
  /** Jobs that have made what was there before. */
  readonly jobsBefore?: number
  /** Sends it; the answer may say that it was done, or that a job will do it. */
  send(client: TestClient, options?: SendOptions): Promise<Received>
  look(client: TestClient): Promise<Found>
}

export interface World {
  readonly engines: OwnEngines
  readonly datasetId: string
}

const FOLDS = 24
const PREDICTIONS = FOLDS * 30
const ROWS = 4000
const TRADES = 40

export type DeedKind = (world: World) => Deed

export function runSaved(world: World): Deed {
  return savingOfRun(world)
}

export function runSavedByJob(world: World): Deed {
  return savingOfRun(world, { prefer: 'respond-async' })
}

function savingOfRun({ engines, datasetId }: World, headers: Readonly<Record<string, string>> = {}): Deed {
  const body = ownRun(engines.prefix, datasetId, FOLDS)
  const { run_id, prediction_measurement } = body.run
  return {
    what: `run ${run_id}`,
    subject: run_id,
    send: (client) =>
      client.post(
        '/api/runs',
        { ...body, fold_count: FOLDS, predictions: predictionRows(FOLDS, PREDICTIONS / FOLDS) },
        { headers },
      ),
    async look(client) {
      const answer = await client.get(`/api/runs/${run_id}`)
      const rows = await rowCount(engines, prediction_measurement)
      if (answer.status === 404) return rows === undefined ? 'absent' : { half: `${rows} predictions and no run` }
      const { folds } = answer.json as { folds: unknown[] }
      return folds.length === FOLDS && rows === PREDICTIONS
        ? 'whole'
        : { half: `${folds.length} folds and ${rows} predictions` }
    },
  }
}

export function importedWhileWaiting({ engines }: World): Deed {
  const name = freshName(engines, 'now')
  return {
    what: `import of ${name}`,
    subject: name,
    send: (client) => postCsv(client, name, minutesCsv(ROWS)),
    look: () => rowsOf(engines, name, ROWS),
  }
}

export function importedByJob({ engines }: World): Deed {
  const name = freshName(engines, 'job')
  return {
    what: `import of ${name} by a job`,
    subject: name,
    send: (client) => postCsv(client, name, minutesCsv(ROWS * 5), {}, { async: true }),
    look: () => rowsOf(engines, name, ROWS * 5),
  }
}

export function simulationSaved(): Deed {
  const body = ownSimulation(TRADES)
  return {
    what: `simulation ${body.simulation_id}`,
    subject: body.simulation_id,
    send: (client) => client.post('/api/simulations', body),
    async look(client) {
      const answer = await client.get(`/api/simulations/${body.simulation_id}/trades`)
      if (answer.status === 404) return 'absent'
      const { trades } = answer.json as { trades: unknown[] }
      return trades.length === TRADES ? 'whole' : { half: `${trades.length} trades` }
    },
  }
}

/** Two files for one measurement, the second in the place of the first; both have the sum of their own. */
export function replaced({ engines }: World): Deed {
  const name = freshName(engines, 'swap')
  return {
    what: `replacement of ${name}`,
    subject: name,
    async send(client) {
      const first = await postCsv(client, name, minutesCsv(ROWS))
      return first.status === 200 ? postCsv(client, name, minutesCsv(ROWS / 2), { mode: 'replace' }) : first
    },
    async look() {
      const rows = await rowCount(engines, name)
      if (rows === ROWS / 2) return 'whole'
      // The first of the two is all that was acknowledged when the second was cut off.
      return rows === undefined || rows === ROWS ? 'absent' : { half: `${rows} rows` }
    },
  }
}

/** What ends while the client waits for it, and what a job does. */
export const EVERY_KIND: readonly DeedKind[] = [
  runSaved,
  importedWhileWaiting,
  importedByJob,
  simulationSaved,
  replaced,
  runSavedByJob,
]
export const BY_JOBS: readonly DeedKind[] = [importedByJob, runSavedByJob]

async function rowsOf(engines: OwnEngines, name: string, rows: number): Promise<Found> {
  const found = await rowCount(engines, name)
  if (found === undefined) return 'absent'
  return found === rows ? 'whole' : { half: `${found} of ${rows} rows` }
}

export function freshName({ prefix }: Pick<OwnEngines, 'prefix'>, kind: string): string {
  return `${prefix}${kind}_${randomUUID().slice(0, 8)}`
}
