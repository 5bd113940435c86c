/**
 * Jobs and readers of events over four processes: every job has its effect once, whoever took it in and whoever ran it, and every
 * reader hears every event once and in order, however often it changes servers.
 */
import { deepStrictEqual, strictEqual } from 'node:assert'
import { setTimeout as sleep } from 'node:timers/promises'
import { csvOf, FIRST_MS } from '../support/csv.js'
import { EventReader } from '../support/event-reader.js'
import { eventually } from '../support/eventually.js'
import { ended, type ImportReceipt, postCsv, rowCount } from '../support/imports.js'
import { asAdmin } from '../support/template.js'
import type { Fleet } from './fleet.js'

const ROWS = 500
/** So many jobs append to one measurement. */
const SHARED_BY = 20
/** What the readers want, in turn, and the events that this is. */
const WANTED = [
  { query: '', where: 'true' },
  { query: '?topics=jobs', where: `topic = 'jobs'` },
  { query: '?topics=datasets,runs', where: `topic in ('datasets', 'runs')` },
] as const

export interface Extent {
  readonly jobs: number
  readonly readers: number
  /** So many times a reader leaves the one server for the other, each way. */
  readonly changes: number
}

/** Returns what was counted. @throws AssertionError when an effect or an event is missing or doubled */
export async function manyProcesses(fleet: Fleet, extent: Extent): Promise<Record<string, number>> {
  const readers = Array.from(
    { length: extent.readers },
    (_, n) => new EventReader(fleet.token, (WANTED[n % WANTED.length] as (typeof WANTED)[number]).query),
  )
  try {
    for (let n = 0; n < readers.length; n += 50)
      await Promise.all(readers.slice(n, n + 50).map((reader, k) => reader.connect(fleet.apiUrl(n + k))))
    const working = workJobs(fleet, extent.jobs)
    const [attempts] = await Promise.all([working, changeServers(fleet, readers, extent.changes)])
    await eventsStandStill(fleet)
    const events = await heardOnce(fleet, readers)
    return { ...extent, ...attempts, ...events }
  } finally {
    for (const reader of readers) reader.leave()
  }
}

/** Every twentieth of the jobs' rows belongs to a measurement that twenty jobs append to, each its own hours. */
async function workJobs(fleet: Fleet, jobs: number) {
  const accepted = await Promise.all(
    Array.from({ length: jobs }, async (_, n) => {
      const answer = await postCsv(fleet.client(n), measurement(fleet, n), rowsOf(n), {}, { async: true })
      strictEqual(answer.status, 202, answer.text)
      return (answer.json as { job_id: string }).job_id
    }),
  )
  let mostAttempts = 0
  for (const [n, jobId] of accepted.entries()) {
    const job = await ended(fleet.client(n + 1), jobId, 120_000)
    strictEqual(job.status, 'COMPLETED', job.error)
    mostAttempts = Math.max(mostAttempts, job.attempts)
    const receipt = job.result as unknown as ImportReceipt
    deepStrictEqual([receipt.rows_received, receipt.rows_written, receipt.rows_deduplicated], [ROWS, ROWS, 0])
  }
  const names = new Set(accepted.map((_, n) => measurement(fleet, n)))
  for (const name of names) {
    const mine = accepted.filter((_, n) => measurement(fleet, n) === name).length
    strictEqual(await rowCount(fleet.engines, name), mine * ROWS, name)
  }
  const told = await asAdmin(fleet.engines.postgresUrl, async (admin) => {
    const { rows } = await admin.query<{ times: number; jobs: number }>(
      `select times, count(*) as jobs from (
         select job_id, count(*) as times from stage1_events where type = 'job.completed' group by job_id) t group by times`,
    )
    return rows
  })
  deepStrictEqual(told, [{ times: 1, jobs }], 'each job was completed once')
  return { measurements: names.size, mostAttempts, rows: jobs * ROWS }
}

async function changeServers(fleet: Fleet, readers: readonly EventReader[], changes: number): Promise<void> {
  // Readers with even numbers begin at the one server and those with odd ones at the other, so both ways are taken equally often.
  for (let n = 0; n < 2 * changes; n++) {
    await (readers[n % readers.length] as EventReader).connect(fleet.apiUrl(n + 1 + Math.floor(n / readers.length)))
    await sleep(Math.random() * 20)
  }
}

/** What a job leaves to be told after its end has been told as well. */
async function eventsStandStill({ engines }: Fleet): Promise<void> {
  let last = 0
  await eventually(
    'no event comes any more',
    async () => {
      const before = last
      last = await asAdmin(engines.postgresUrl, async (admin) => {
        const { rows } = await admin.query<{ last: number }>('select max(event_id) as last from stage1_events')
        return rows[0]?.last as number
      })
      await sleep(500)
      return last === before
    },
    30_000,
  )
}

/** Each reader has heard what is stored from where it began, each event once, in the order of the numbers. */
async function heardOnce(fleet: Fleet, readers: readonly EventReader[]) {
  let heard = 0
  for (const [n, reader] of readers.entries()) {
    const { where } = WANTED[n % WANTED.length] as (typeof WANTED)[number]
    const expected = await storedAfter(fleet, reader.began as number, where)
    await eventually(`reader ${n} has heard the last event`, () => reader.numbers.at(-1) === expected.at(-1), 30_000)
    deepStrictEqual(reader.numbers, expected, `reader ${n} has heard every event once`)
    heard += expected.length
  }
  return { heard }
}

const stored = new Map<string, Promise<number[]>>()

function storedAfter(fleet: Fleet, began: number, where: string): Promise<number[]> {
  const key = `${fleet.engines.prefix} ${began} ${where}`
  const known = stored.get(key)
  if (known) return known
  const asked = asAdmin(fleet.engines.postgresUrl, async (admin) => {
    const { rows } = await admin.query<{ event_id: number }>(
      `select event_id from stage1_events where event_id > $1 and ${where} order by event_id`,
      [began],
    )
    return rows.map(({ event_id }) => event_id)
  })
  stored.set(key, asked)
  return asked
}

function measurement({ engines }: Fleet, n: number): string {
  return `${engines.prefix}shared_${Math.floor(n / SHARED_BY)}`
}

function rowsOf(n: number): string {
  const first = FIRST_MS + n * ROWS * 60_000
  return csvOf(Array.from({ length: ROWS }, (_, row) => ({ timestamp: first + row * 60_000, n: row, job: n })))
}
