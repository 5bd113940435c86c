/** What tests of hostile input share: how a refusal reads, what is stored, and that the server never failed. */
import { readdirSync } from 'node:fs'
import pg from 'pg'
import * as assert from 'uvu/assert'
import type { Received, TestServer } from './server.js'

export interface Refusal {
  readonly status: number
  readonly code: string
  readonly message: string
  /** Of the first place that the problem names; undefined when it names none by a pointer. */
  readonly pointer: string | undefined
  readonly details: Readonly<Record<string, unknown>>
}

/** The answer as a refusal; fails when it is none, or tells of the server's inside. */
export function refusalOf(answer: Pick<Received, 'status' | 'json' | 'text'>, what = ''): Refusal {
  assert.ok(answer.status >= 400 && answer.status < 500, `${what}: ${answer.status} ${answer.text.slice(0, 300)}`)
  const { code, message, details, status } = answer.json as Omit<Refusal, 'pointer' | 'details'> & { details: unknown }
  assert.is(status, answer.status)
  assert.not.match(answer.text, /node_modules|\.[jt]s:\d|stage1_|walkforward_|simulation_runs|duplicate key|constraint/)
  const first = (Array.isArray(details) ? (details[0] ?? {}) : details) as Record<string, unknown>
  return { status, code, message, pointer: first.pointer as string | undefined, details: first }
}

/** Fails unless the answer is this refusal. */
export function assertRefused(
  answer: Pick<Received, 'status' | 'json' | 'text'>,
  status: number,
  code: string,
  pointer: string | undefined,
  what: string,
): void {
  const found = refusalOf(answer, what)
  assert.equal([found.status, found.code, found.pointer], [status, code, pointer], `${what}: ${found.message}`)
}

const RECORDS = [
  ...['stage1_datasets', 'stage1_dataset_aliases', 'walkforward_runs', 'walkforward_folds', 'simulation_runs'],
  ...['simulation_trades', 'simulation_trade_buckets', 'stage1_uploads', 'stage1_downloads'],
]

/** How many records there are of each kind (jobs aside, which tell of what failed), the file's measurements with their rows, and the files of the spool. */
export async function whatIsStored(server: TestServer): Promise<Record<string, unknown>> {
  const client = new pg.Client({ connectionString: server.engines.postgresUrl })
  await client.connect()
  try {
    const counts = RECORDS.map((table) => `(select count(*)::int from ${table}) as ${table}`)
    const { rows } = await client.query(`select ${counts.join(', ')}`)
    const { dataset } = await server.engines.questdb.exec(
      `SELECT table_name, table_row_count FROM tables() WHERE table_name LIKE '${server.engines.prefix}%' ORDER BY table_name`,
    )
    return { ...rows[0], measurements: dataset, spool: readdirSync(server.spoolDir) }
  } finally {
    await client.end()
  }
}

/** Runs the story, and fails when anything is stored afterwards that was not before. */
export async function storingNothing(server: TestServer, story: () => Promise<void>): Promise<void> {
  const before = await whatIsStored(server)
  await story()
  assert.equal(await whatIsStored(server), before)
}

/** Fails when a request was answered with a 5xx so far, or all objects have got a member. */
export function assertUnharmed(server: TestServer): void {
  const lines = server
    .log()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { status?: number; level: number | string; msg: string })
  const failed = lines.filter(({ status = 0, level }) => status >= 500 || level === 'error')
  assert.equal(failed, [])
  assert.ok(lines.some(({ status }) => status !== undefined))
  const inherited: string[] = []
  for (const key in {}) inherited.push(key)
  assert.equal(inherited, [])
}
