/** What must hold when everything has ended, whatever died on the way. */
import { existsSync, readdirSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import { eventually } from '../support/eventually.js'
import type { StagedWatch } from '../support/staged.js'
import { asAdmin } from '../support/template.js'

/** Where a server keeps what it makes. */
export interface Kept {
  readonly postgresUrl: string
  readonly spool: string
  readonly staged: StagedWatch
}

/** No job runs or waits within the limit; returns how many there are of each status. */
export async function jobsEnd(postgresUrl: string, limitMs: number): Promise<Record<string, number>> {
  const counts = () =>
    asAdmin(postgresUrl, async (admin) => {
      const { rows } = await admin.query<{ status: string; jobs: string }>(
        'select status, count(*) as jobs from stage1_jobs group by status',
      )
      return Object.fromEntries(rows.map(({ status, jobs }) => [status, Number(jobs)]))
    })
  return eventually(
    'all jobs have ended',
    async () => {
      const found = await counts()
      return found.RUNNING || found.PENDING ? undefined : found
    },
    limitMs,
  )
}

/** Files stay for as long as somebody might still use them, which is simulated here; a start then removes what nobody remembers. */
export function age(...folders: readonly string[]): void {
  for (const folder of folders) {
    if (!existsSync(folder)) continue
    for (const name of readdirSync(folder)) utimesSync(join(folder, name), 0, 0)
  }
}

/**
 * Runs are whole; jobs have ended within their tries; there is no staged table, no body and no download that nobody needs, no lock.
 * To be called after `age` and a start. @throws Error that names what is wrong, when it stays so for the whole limit
 */
export async function invariants(kept: Kept, limitMs: number): Promise<void> {
  await jobsEnd(kept.postgresUrl, limitMs)
  let wrong: string[] = []
  await eventually(
    'nothing is half there or left over',
    async () => {
      wrong = await asAdmin(kept.postgresUrl, (admin) => faults(admin, kept))
      return wrong.length === 0
    },
    limitMs,
  ).catch((error: Error) => {
    throw new Error(`${error.message}:\n${wrong.join('\n')}`)
  })
}

async function faults(admin: pg.Client, { spool, staged }: Kept): Promise<string[]> {
  const texts = async (sql: string) => (await admin.query<{ text: string }>(sql)).rows.map(({ text }) => text)
  const inDatabase: string[] = []
  for (const [what, sql] of Object.entries(NEVER)) inDatabase.push(...told(what, await texts(sql)))
  const bodies = new Set(await texts(NEEDED_BODIES))
  const downloads = new Set(await texts('select download_id as text from stage1_downloads'))
  const files = namesIn(spool).filter((name) => name.endsWith('.body'))
  const offered = namesIn(join(spool, 'downloads')).map((name) => name.replace('.download', ''))
  return [
    ...inDatabase,
    ...told('staged tables', await staged.left()),
    ...told(
      'a body that nobody needs',
      files.filter((name) => !bodies.has(name)),
    ),
    ...told(
      'a body that is gone',
      [...bodies].filter((name) => !files.includes(name)),
    ),
    ...told(
      'a file that nobody can download',
      offered.filter((id) => !downloads.has(id)),
    ),
    ...told(
      'a download without its file',
      [...downloads].filter((id) => !offered.includes(id)),
    ),
  ]
}

function told(what: string, found: readonly string[]): string[] {
  return found.map((text) => `${what}: ${text}`)
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : []
}

const NEEDED_BODIES = `select spool ->> 'file' as text from stage1_uploads
  union select member.value ->> 'file' from stage1_jobs, jsonb_each(input) as member
    where retry_until > now() and jsonb_typeof(member.value) = 'object' and member.value ? 'file'`

/** Each finds what must never be found. */
const NEVER: Readonly<Record<string, string>> = {
  'a run without all its folds': `select run_id as text from walkforward_runs r
    where fold_count <> (select count(*) from walkforward_folds f where f.run_id = r.run_id)`,
  'a run without its document or receipt': `select run_id as text from walkforward_runs r
    where receipt is null or not exists (select from walkforward_run_documents d where d.run_id = r.run_id)`,
  'a job that was begun too often': `select job_id || ': ' || attempts as text from stage1_jobs
    where attempts > attempts_allowed + case status when 'FAILED' then 1 else 0 end`,
  'a job that ended and has a lease': 'select job_id as text from stage1_jobs where lease_owner is not null',
  'a download that its job does not name': `select download_id || ' of job ' || job_id as text from stage1_downloads d
    where not exists (select from stage1_jobs j where j.job_id = d.job_id and position(d.download_id::text in j.result::text) > 0)`,
  'an Idempotency-Key at work': `select key as text from stage1_idempotency_keys where status is null and lease_until > now()`,
  'a lock that is held': `select objid::text as text from pg_locks
    where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`,
}
