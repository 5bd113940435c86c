/**
 * The server at work, from an empty start: engines, server, then everything that a desktop does with it, and a check that
 * every value comes back bit by bit. Ends with exit code 0, 1 for a failure or a difference, 130 when interrupted. Engines
 * that STAGE1_POSTGRES_URL or STAGE1_QUESTDB_URL name are used instead of new ones and left as they were.
 */
import { randomBytes } from 'node:crypto'
import { ApiClient, ApiError } from './demo/api.js'
import { DifferenceError } from './demo/compare.js'
import { loadFrames, loadPredictions, loadRun, lookAround } from './demo/loading.js'
import { type Material, MEASUREMENT_PREFIX, makeMaterial } from './demo/material.js'
import { count, Narrator } from './demo/narrator.js'
import { makePlace, type Place } from './demo/place.js'
import { getToken, importAsJob, JobError, registerDataset, saveRun, uploadFrames } from './demo/saving.js'
import { ServerError, ServerProcess } from './demo/server-process.js'
import { EngineError, type Engines, settingsOf, startEngines } from './engines.js'
import { interruptController } from './interrupt.js'

const INTERRUPTED_EXIT_CODE = 130
/** Engines of the demo's own vanish with all that is in them. */
const ENGINES_GIVEN = Boolean(process.env.STAGE1_POSTGRES_URL || process.env.STAGE1_QUESTDB_URL)
const AFTERMATH = ENGINES_GIVEN
  ? 'The server is stopped, the engines are as they were.'
  : 'Server and engines are stopped.'
const SECRET = randomBytes(32).toString('base64url')

async function main(): Promise<number> {
  const interrupt = interruptController()
  process.stdout.on('error', () => interrupt.abort()) // nobody reads on, as behind a pipe into `head`
  const narrator = new Narrator()
  const began = performance.now()
  try {
    const summary = await demonstrate(narrator, interrupt.signal)
    console.log(`\n${summary}\nThe demo took ${((performance.now() - began) / 1000).toFixed(1)} s. ${AFTERMATH}`)
    return 0
  } catch (error) {
    if (interrupt.signal.aborted) {
      console.error(`\nInterrupted. ${AFTERMATH}`)
      return INTERRUPTED_EXIT_CODE
    }
    console.error(`\nThe demo failed. ${explanation(error)}`)
    return 1
  }
}

async function demonstrate(narrator: Narrator, signal: AbortSignal): Promise<string> {
  narrator.chapter('Start')
  return withEngines(narrator, signal, (engines) =>
    withPlace(engines, (place) =>
      withServer(engines, place, narrator, signal, async (server) => {
        const material = makeMaterial(place.id)
        const values = await tellStory(new ApiClient(server.url, signal), narrator, material)
        return summaryOf(material, values)
      }),
    ),
  )
}

/** @returns how many values were compared */
async function tellStory(anonymous: ApiClient, narrator: Narrator, material: Material): Promise<number> {
  const api = await getToken(anonymous, narrator, SECRET)

  narrator.chapter(`Save a dataset: ${material.names.dataset_slug}`)
  await registerDataset(api, narrator, material)
  await uploadFrames(api, narrator, material)

  narrator.chapter('Import the indicators once more, as CSV, by a job')
  await importAsJob(api, narrator, material)

  narrator.chapter(`Save a run: ${material.run.run.run_id}`)
  await saveRun(api, narrator, material)

  narrator.chapter('Load everything back and compare it')
  const frames = await loadFrames(api, narrator, material)
  const run = await loadRun(api, narrator, material)
  const predictions = await loadPredictions(api, narrator, material)
  await lookAround(api, narrator, material)
  return frames + run + predictions
}

async function withEngines<T>(
  narrator: Narrator,
  signal: AbortSignal,
  work: (engines: Engines) => Promise<T>,
): Promise<T> {
  const engines = await narrator.step(
    () => startEngines({ log: (line) => narrator.note(line), signal }),
    () => 'PostgreSQL and QuestDB are there',
  )
  try {
    return await work(engines)
  } finally {
    await engines.stop()
  }
}

async function withPlace<T>(engines: Engines, work: (place: Place) => Promise<T>): Promise<T> {
  const place = await makePlace(engines, MEASUREMENT_PREFIX)
  try {
    return await work(place)
  } finally {
    if (ENGINES_GIVEN) await place.clear().catch(tellOfRest)
  }
}

function tellOfRest(error: unknown): void {
  console.error(`What the demo made on the engines could not be removed: ${explanation(error)}`)
}

async function withServer<T>(
  engines: Engines,
  place: Place,
  narrator: Narrator,
  signal: AbortSignal,
  work: (server: ServerProcess) => Promise<T>,
): Promise<T> {
  const server = await narrator.step(
    () => ServerProcess.start({ settings: settingsFor(engines, place), signal }),
    ({ url }) => `server ready at ${url}`,
  )
  try {
    return await work(server)
  } catch (error) {
    // What differs is told by the difference itself; of anything else the server's log may know more.
    if (!(error instanceof DifferenceError || signal.aborted))
      console.error(`\nThe end of the server's log:\n${server.lastLines()}`)
    throw error
  } finally {
    await server.stop()
  }
}

/** The demo's own settings and no other: what is set for another server must not change what is shown. */
function settingsFor(engines: Engines, place: Place): Record<string, string | undefined> {
  const others = Object.keys(process.env).filter((name) => name.startsWith('STAGE1_'))
  return {
    ...Object.fromEntries(others.map((name) => [name, undefined])),
    STAGE1_SERVER_PORT: '0',
    STAGE1_SERVER_DRAIN_SECONDS: '2',
    STAGE1_TRANSFERS_WORKERS: '1',
    ...settingsOf(engines),
    STAGE1_POSTGRES_URL: place.postgresUrl,
    STAGE1_AUTH_SHARED_SECRET: SECRET,
  }
}

function summaryOf({ bars, indicators, run, predictions }: Material, values: number): string {
  return [
    `Saved and loaded: ${count(bars.length)} bars, ${count(indicators.length)} indicator rows by two ways,`,
    `a run with ${run.folds.length} folds and ${count(predictions.length)} predictions.`,
    `Each of ${count(values)} values came back as it was sent, to the last bit.`,
  ].join('\n')
}

function explanation(error: unknown): string {
  const knownByMessage = [ApiError, DifferenceError, EngineError, JobError, ServerError]
  if (knownByMessage.some((known) => error instanceof known)) return (error as Error).message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

process.exit(await main())
