/** What a client does when its server dies at a named point; each of a name of its own, with all its values looked at. */
import { randomUUID } from 'node:crypto'
import { minutesCsv } from '../support/csv.js'
import { bars, ownRun, predictionRows, type RunBody } from '../support/fixtures.js'
import { postCsv, rowCount, storedTypes } from '../support/imports.js'
import type { Received, SendOptions, TestClient } from '../support/server.js'
import { type Deed, type Found, freshName, type World } from './deeds.js'

const ROWS = 600
/** Rows of the measurement that is exported. */
export const NUMBERS = 500

export interface CrashWorld extends World {
  readonly numbers: string
}

/** A CSV into a measurement that is not there; `more` are query parameters. */
export function imported(
  { engines }: World,
  { csv = minutesCsv(ROWS), rows = ROWS, more = {}, later = false, name = freshName(engines, 'import') } = {},
): Deed {
  return {
    what: `import of ${name}`,
    subject: name,
    send: (client, options) => postCsv(client, name, csv, more, { ...options, async: later }),
    look: () => numbered(engines, name, rows),
  }
}

/** A CSV in the place of another one, or joined to it. */
export async function importedOver(
  world: World,
  client: TestClient,
  {
    mode,
    csv,
    rows,
    first = minutesCsv(ROWS * 2),
    firstRows = ROWS * 2,
  }: {
    readonly mode: 'replace' | 'append'
    readonly csv: string
    readonly rows: number
    readonly first?: string
    readonly firstRows?: number
  },
): Promise<Deed> {
  const deed = imported(world, { csv, rows, more: { mode } })
  await requireDone(postCsv(client, deed.subject, first))
  return { ...deed, jobsBefore: 1, look: () => numbered(world.engines, deed.subject, rows, firstRows) }
}

/** Rows `n` from 0 on: all of them, those that were there before, or none. */
async function numbered(engines: World['engines'], name: string, rows: number, before?: number): Promise<Found> {
  if (!(await storedTypes(engines, name))) return before === undefined ? 'absent' : { half: `${name} is gone` }
  const { dataset } = await engines.questdb.exec(`SELECT count(), sum(n), max(n) FROM "${name}"`)
  const found = JSON.stringify(dataset[0]?.map(Number))
  const expected = (count: number) => JSON.stringify([count, (count * (count - 1)) / 2, count - 1])
  if (found === expected(rows)) return 'whole'
  return before !== undefined && found === expected(before) ? 'absent' : { half: `${name} has ${found}` }
}

const FOLDS = 12
const PER_FOLD = 20
/** Folds of a save that is acknowledged while an earlier one is not done. */
const OVERTAKING = 5

/** A run with its predictions, or without; `over` a run of another size that is there, which it replaces. */
export async function runWithPredictions(
  world: World,
  client: TestClient,
  { over = false, predictions = true, later = false } = {},
): Promise<Deed & { readonly overtake: (client: TestClient) => Promise<void> }> {
  const body = ownRun(world.engines.prefix, world.datasetId, FOLDS)
  const { run_id } = body.run
  const before = { ...body, folds: body.folds.slice(0, FOLDS / 2) }
  let overtaken = false
  const bodyOf = (run: RunBody) => ({
    ...run,
    fold_count: run.folds.length,
    ...(predictions && { predictions: predictionRows(run.folds.length, PER_FOLD) }),
  })
  if (over) await requireDone(client.post('/api/runs', bodyOf(before)))
  const headers = later ? { prefer: 'respond-async' } : {}
  return {
    what: `run ${run_id}`,
    subject: run_id,
    /** Saves the run in another form, without predictions. */
    async overtake(client) {
      overtaken = true
      await requireDone(client.post('/api/runs', { ...body, folds: body.folds.slice(0, OVERTAKING) }))
    },
    jobsBefore: over ? 1 : 0,
    send: (client, options) =>
      client.post('/api/runs', bodyOf(body), { ...options, headers: { ...headers, ...options?.headers } }),
    async look(client) {
      const answer = await client.get(`/api/runs/${run_id}`)
      const folds = answer.status === 404 ? undefined : (answer.json as { folds: unknown[] }).folds.length
      const rows = await rowCount(world.engines, body.run.prediction_measurement)
      const holder = await client.get(`/api/runs/${run_id}/receipt`)
      const told = (holder.json as { prediction_rows?: number }).prediction_rows
      const are = (of: number) => folds === of && (!predictions || (rows === of * PER_FOLD && told === rows))
      if (are(FOLDS)) return 'whole'
      if (overtaken && folds === OVERTAKING && rows === (over ? (FOLDS / 2) * PER_FOLD : undefined)) return 'absent'
      if (over ? are(FOLDS / 2) : folds === undefined && rows === undefined) return 'absent'
      return { half: `${folds} folds, ${rows} predictions, ${told} in the receipt` }
    },
  }
}

/** A dataset with both frames, or with tables alone. */
export function recordedDataset({ engines }: World, { frames = true } = {}): Deed {
  const slug = freshName(engines, 'set')
  const rows = bars(90)
  const indicators = rows.slice(0, 50).map(({ timestamp, close }) => ({ timestamp, SMA_3: close }))
  return {
    what: `dataset ${slug}`,
    subject: slug,
    send: (client, options) =>
      client.post(
        '/api/datasets',
        { dataset_slug: slug, granularity: '1h', record_questdb: true, ...(frames && { ohlcv: rows, indicators }) },
        options,
      ),
    async look(client) {
      const answer = await client.get(`/api/datasets/${slug}`)
      const counts = [await rowCount(engines, `${slug}_ohlcv`), await rowCount(engines, `${slug}_ind`)]
      const found = JSON.stringify([answer.status, ...counts])
      if (found === JSON.stringify(frames ? [200, 90, 50] : [200, 0, 0])) return 'whole'
      // A job that was cancelled leaves the registration, which was acknowledged.
      return counts.every((count) => count === undefined || (!frames && count === 0)) ? 'absent' : { half: found }
    },
  }
}

/** Rows in a file to download, made by a job. */
export function exported({ engines, numbers }: CrashWorld, { slow = false } = {}): Deed {
  const filename = `${freshName(engines, 'file')}.csv`
  const every = `select a.n, b.n m, c.n k from ${numbers} a cross join ${numbers} b cross join ${numbers} c`
  const wanted = slow ? { sql: every } : { measurement: numbers }
  return {
    what: `export of ${filename}`,
    subject: filename,
    send: (client, options) =>
      client.post('/api/questdb/export/async', { ...wanted, filename, format: 'csv' }, options),
    async look(client) {
      const { jobs } = (await client.get('/api/jobs?limit=1000')).json as {
        jobs: { status: string; payload: { filename: string }; result: { url: string } }[]
      }
      const done = jobs.filter(({ payload, status }) => payload.filename === filename && status === 'COMPLETED')
      for (const { result } of done) {
        const { status, text } = await client.get(result.url)
        const rows = text.split('\r\n').length - 2
        if (status !== 200 || rows !== NUMBERS) return { half: `${status} with ${rows} rows` }
      }
      return done.length > 0 ? 'whole' : 'absent'
    },
  }
}

/** A frame that waits for the save that names it. */
export function uploaded({ engines }: World, uploads: () => Promise<string[]>): Deed {
  const filename = `${freshName(engines, 'upload')}.csv`
  return {
    what: `upload of ${filename}`,
    subject: filename,
    send: (client, options) =>
      client.send('POST', `/api/uploads?filename=${filename}`, { ...options, body: minutesCsv(20), media: 'text/csv' }),
    look: async () => ((await uploads()).includes(filename) ? 'whole' : 'absent'),
  }
}

/** The first whole number that is none comes in the second batch, and so does the first value of another column. */
export function surprisingCsv(what: 'wider' | 'column'): { csv: string; rows: number } {
  const rows = 25_000
  const cell = (n: number) => {
    if (n < 20_000) return what === 'wider' ? n : ''
    return `${n}.5`
  }
  const lines = Array.from({ length: rows }, (_, n) => `${1_704_067_200_000 + n * 1000},${n},${cell(n)}`)
  return { csv: `timestamp,n,other\n${lines.join('\n')}\n`, rows }
}

/** Latest first, and so many that two keys look alike until QuestDB has counted them: staged and then copied, small as it is. */
export function reversedCsv(rows: number): string {
  const [head, ...lines] = minutesCsv(rows).trimEnd().split('\n')
  return `${[head, ...lines.reverse()].join('\n')}\n`
}

/** `n` counts from 0 on; of `bad` rows more the time can't be read. */
export function flawedCsv(rows: number, bad: number): string {
  return `${minutesCsv(rows)}${'never,1,1.5\n'.repeat(bad)}`
}

async function requireDone(sent: Promise<Received>): Promise<void> {
  const answer = await sent
  if (answer.status >= 300) throw new Error(`${answer.status} ${answer.text}`)
}

export const underKey = (key: string): SendOptions => ({ headers: { 'idempotency-key': key } })
export const newKey = () => randomUUID()
