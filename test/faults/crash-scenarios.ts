/** For every point at which the process may die, the ways that lead there. */
import type { CrashPoint } from '../../src/crash.js'
import { minutesCsv } from '../support/csv.js'
import { lockMeasurement } from '../support/outside-lock.js'
import type { Received } from '../support/server.js'
import {
  exported,
  flawedCsv,
  imported,
  importedOver,
  recordedDataset,
  reversedCsv,
  runWithPredictions,
  surprisingCsv,
  uploaded,
} from './crash-deeds.js'
import type { CrashStage, MakeScenario, Scenario } from './crash-stage.js'
import type { Deed } from './deeds.js'

type Left = Scenario['left']

const BY_LINES = { STAGE1_QUESTDB_IMPORT_DIR: '' }

const newImport =
  (left: Left = 'whole', settings = {}): MakeScenario =>
  async ({ world }) => ({ deed: imported(world), left, settings })

const laterImport: MakeScenario = async ({ world }) => ({ deed: imported(world, { later: true }), left: 'whole' })

const replacing: MakeScenario = async ({ world, server }) => ({
  deed: await importedOver(world, server.client(), { mode: 'replace', csv: minutesCsv(300), rows: 300 }),
  left: 'whole',
})

/** A small frame for a measurement that is there. */
const joining: MakeScenario = async ({ world, server }) => ({
  deed: await importedOver(world, server.client(), {
    mode: 'append',
    csv: minutesCsv(900, 2),
    rows: 900,
    firstRows: 300,
    first: minutesCsv(300),
  }),
  left: 'whole',
})

const merging: MakeScenario = async ({ world, server }) => ({
  deed: await importedOver(world, server.client(), {
    mode: 'append',
    csv: reversedCsv(1000),
    rows: 1000,
    firstRows: 300,
    first: minutesCsv(300),
  }),
  left: 'whole',
})

const surprising =
  (what: 'wider' | 'column'): MakeScenario =>
  async ({ world }) => ({ deed: imported(world, surprisingCsv(what)), left: 'whole', settings: BY_LINES })

const lenient =
  (bad: number): MakeScenario =>
  async ({ world }) => ({
    deed: imported(world, { csv: flawedCsv(600, bad), more: { validation: 'lenient' } }),
    left: 'whole',
  })

type RunOptions = Parameters<typeof runWithPredictions>[2]

/** A new run, whose first answer is 201 whenever it comes. */
const newRun =
  (options: RunOptions = {}, left: Left = 'whole'): MakeScenario =>
  async ({ world, server }) => ({
    deed: await runWithPredictions(world, server.client(), options),
    left,
    again: options?.later ? 202 : 201,
  })

const savedAgain: MakeScenario = async ({ world, server }) => ({
  deed: await runWithPredictions(world, server.client(), { over: true }),
  left: 'whole',
  again: 200,
})

/** A save that PostgreSQL refuses when its predictions are in place, until the recovery. */
const refusedRun =
  (options: RunOptions): MakeScenario =>
  async ({ world, server }) => {
    const deed = await runWithPredictions(world, server.client(), options)
    return { deed, left: 'whole', reach: (stage, send) => stage.hinder('save', deed.subject).then(send) }
  }

/** Another save of the run is acknowledged before this one is done, which is then never done, not even when it is repeated. */
const overtakenRun =
  (options: RunOptions): MakeScenario =>
  async ({ world, server }) => {
    const deed = await runWithPredictions(world, server.client(), options)
    return { deed, left: 'absent', again: 409, meanwhile: (client) => deed.overtake(client) }
  }

const retriedRun: MakeScenario = async ({ world, server }) => {
  const deed = await runWithPredictions(world, server.client(), { later: true })
  const reach = async (stage: CrashStage, send: () => Promise<Received>) => {
    await stage.hinder('save', deed.subject)
    await send()
    return server.client().post(`/api/jobs/${await stage.jobOf(deed, 'FAILED')}/retry`, undefined)
  }
  return { deed, left: 'whole', reach }
}

const dataset: MakeScenario = async ({ world }) => ({ deed: recordedDataset(world), left: 'whole', again: 201 })

const datasetTables: MakeScenario = async ({ world }) => ({
  deed: recordedDataset(world, { frames: false }),
  left: 'absent',
  again: 201,
})

const exporting: MakeScenario = async ({ world }) => ({ deed: exported(world), left: 'whole' })

/** A deed whose work stands still at the lock of a measurement, while something else comes to the point. */
function heldUp(
  make: (stage: CrashStage) => Promise<{ readonly deed: Deed; readonly measurement: string }>,
  then: (stage: CrashStage, jobId: string) => Promise<unknown>,
  more: Pick<Scenario, 'left'> & Partial<Scenario>,
): MakeScenario {
  return async (stage) => {
    const { deed, measurement } = await make(stage)
    const reach = async (_: CrashStage, send: () => Promise<Received>) => {
      const lock = await lockMeasurement(stage.server.engines.postgresUrl, measurement)
      const sent = send().catch(() => {})
      try {
        await then(stage, await stage.jobOf(deed))
        await stage.server.process().ended
      } finally {
        await lock.release()
      }
      return sent
    }
    return { deed, reach, ...more }
  }
}

const cancels = ({ server }: CrashStage, jobId: string) =>
  server
    .client()
    .send('DELETE', `/api/jobs/${jobId}`)
    .catch(() => {})

const heldImport = async ({ world }: CrashStage) => {
  const deed = imported(world)
  return { deed, measurement: deed.subject }
}
const heldLaterImport = async ({ world }: CrashStage) => {
  const deed = imported(world, { later: true })
  return { deed, measurement: deed.subject }
}
const heldRun = async ({ world, server }: CrashStage) => {
  const deed = await runWithPredictions(world, server.client())
  return { deed, measurement: `${world.engines.prefix}wf_${deed.subject.slice(0, 8)}` }
}
const heldDataset = async ({ world }: CrashStage) => {
  const deed = recordedDataset(world)
  return { deed, measurement: `${deed.subject}_ohlcv` }
}

const cancelled = (make: Parameters<typeof heldUp>[0], again?: Scenario['again']) =>
  heldUp(make, cancels, { left: 'absent', ...(again !== undefined && { again }) })

/** So long that a client can cancel it; what is looked for and sent again is a short one. */
const cancelledExport: MakeScenario = async ({ world, server }) => {
  const [deed, slow] = [exported(world), exported(world, { slow: true })]
  const reach = async (stage: CrashStage) => {
    await slow.send(server.client())
    await cancels(stage, await stage.jobOf(slow))
  }
  return { deed, left: 'absent', reach }
}

const cancelledWaiting: MakeScenario = async ({ world }) => {
  const deed = imported(world, { later: true })
  const reach = async (stage: CrashStage, send: () => Promise<Received>) => {
    await stage.hinder('claim', deed.subject)
    await send()
    return cancels(stage, await stage.jobOf(deed, 'PENDING'))
  }
  return { deed, left: 'absent', again: 'replay', reach }
}

/** The server is asked to stop while the job is held up, and hands it on. */
const handedOn = heldUp(
  heldLaterImport,
  async ({ server }) => {
    await server.process().terminate()
  },
  { left: 'whole', alone: true },
)

/** A client cancels the job after the death, when its effect has begun: too late, as it would have been in the same process. */
const cancelledTooLate =
  (make: MakeScenario): MakeScenario =>
  async (stage) => {
    const scenario = await make(stage)
    const meanwhile = async () => cancels(stage, await stage.jobOf(scenario.deed))
    return { ...scenario, meanwhile }
  }

const recovering =
  (first: CrashPoint, make: MakeScenario): MakeScenario =>
  async (stage) => ({ ...(await make(stage)), first })

const uploading: MakeScenario = async (stage) => ({
  deed: uploaded(stage.world, () => stage.uploads()),
  left: 'whole',
})

type Ways = readonly [MakeScenario, ...MakeScenario[]]

/** The first way of each point is for the short form; the compiler misses a point that has none. */
export const SCENARIOS: Readonly<Record<CrashPoint, Ways>> = {
  'idempotency-claimed': [newImport('absent'), newRun({}, 'absent')],
  'idempotency-answer-made': [newRun({ predictions: false }), newImport(), newRun(), dataset, exporting, uploading],
  'idempotency-answer-kept': [newRun(), newImport(), dataset, exporting, uploading],
  'spool-written': [newImport('absent'), newRun({}, 'absent')],
  'upload-stored': [uploading],
  'job-stored': [laterImport, newRun({ later: true }), exporting],
  'job-begun': [newImport(), newRun(), savedAgain],
  'job-claimed': [laterImport, dataset, exporting, newRun({ later: true })],
  'job-work-done': [newImport(), savedAgain, newRun(), dataset, exporting, merging],
  'job-ended': [newRun(), newImport(), dataset, exporting],
  'job-cleaned': [newImport(), newRun(), dataset, exporting],
  'job-requeued': [handedOn],
  'job-retried': [retriedRun],
  'cancel-of-waiting': [cancelledWaiting],
  'cancel-wanted': [cancelled(heldRun, 201), cancelled(heldImport), cancelled(heldDataset, 'replay'), cancelledExport],
  'cancel-rolled-back': [
    cancelled(heldImport),
    cancelled(heldRun, 201),
    cancelled(heldDataset, 'replay'),
    cancelledExport,
  ],
  'load-recorded': [newImport(), newRun(), replacing],
  'load-table-made': [newImport(), newRun(), replacing],
  'load-columns-added': [surprising('column')],
  'load-rows-sent': [newImport('whole', BY_LINES)],
  'load-begun-anew': [surprising('wider')],
  'load-filled': [newImport(), newRun(), merging],
  'relay-file-written': [newImport(), newRun()],
  'relay-file-loaded': [newImport(), newRun()],
  'one-request-fitted': [joining],
  'one-request-sent': [joining],
  'load-done': [replacing, joining, newRun()],
  'effect-begun': [cancelledTooLate(newImport()), newRun(), merging],
  'create-recorded': [newImport(), newRun()],
  'create-renamed': [
    overtakenRun({}),
    newRun(),
    cancelledTooLate(newRun()),
    newImport(),
    cancelledTooLate(newImport()),
    dataset,
  ],
  'create-confirmed': [cancelledTooLate(newRun()), newRun(), newImport(), dataset],
  'replace-recorded': [savedAgain, replacing],
  'replace-emptied': [replacing, savedAgain],
  'replace-renamed': [overtakenRun({ over: true }), savedAgain, cancelledTooLate(savedAgain), replacing],
  'replace-confirmed': [replacing, savedAgain, cancelledTooLate(savedAgain)],
  'replace-dropped': [savedAgain, replacing],
  'merge-fitted': [merging],
  'merge-inserted': [cancelledTooLate(merging), merging],
  'merge-confirmed': [merging],
  'load-published': [newRun(), replacing, dataset, joining],
  'load-staging-dropped': [newImport(), newRun(), replacing],
  'recover-renamed': [
    refusedRun({ over: true }),
    recovering('replace-emptied', savedAgain),
    recovering('replace-emptied', replacing),
  ],
  'recover-undone': [recovering('replace-renamed', savedAgain)],
  'recover-unmade': [refusedRun({}), recovering('create-renamed', newImport())],
  'recover-dropped': [recovering('load-filled', newImport()), recovering('replace-confirmed', savedAgain)],
  'run-stored': [newRun(), savedAgain, newRun({ predictions: false }, 'absent')],
  'run-committed': [newRun({ predictions: false }), newRun(), savedAgain, newRun({ later: true })],
  'rejected-rows-listed': [lenient(3)],
  'rejected-rows-kept': [lenient(3)],
  'rejected-rows-discarded': [lenient(0)],
  'export-written': [exporting],
  'export-kept': [exporting],
  'dataset-registered': [dataset],
  'dataset-tables-made': [datasetTables],
  'dataset-frame-loaded': [dataset],
  'dataset-frame-told': [dataset],
  'dataset-figures-stored': [dataset],
}

const POINTS = Object.keys(SCENARIOS) as CrashPoint[]

/** The parts that the short form is done in: the beginnings of their points' names. */
const PARTS = {
  requests: ['idempotency', 'spool', 'upload', 'job'],
  loads: ['load', 'relay', 'one-request', 'effect'],
  places: ['create', 'replace', 'merge', 'recover'],
  work: ['cancel', 'run', 'rejected', 'export', 'dataset'],
} as const

/** One way to each point of a part. @throws Error when a point is in no part, or in two */
export function shortForm(part: keyof typeof PARTS): [CrashPoint, MakeScenario][] {
  for (const point of POINTS) if (partsOf(point).length !== 1) throw new Error(`${point} is in ${partsOf(point)}`)
  return POINTS.filter((point) => partsOf(point).includes(part)).map((point) => [point, SCENARIOS[point][0]])
}

/** Every way to every point. */
export function longForm(): [CrashPoint, MakeScenario][] {
  return POINTS.flatMap((point) => SCENARIOS[point].map((way): [CrashPoint, MakeScenario] => [point, way]))
}

function partsOf(point: CrashPoint): string[] {
  return Object.entries(PARTS).flatMap(([part, beginnings]) =>
    beginnings.some((beginning) => point.startsWith(`${beginning}-`)) ? [part] : [],
  )
}
