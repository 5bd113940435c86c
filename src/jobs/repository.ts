/** `stage1_jobs` is the queue: jobs are accepted, shown, cancelled and removed here; see lease-repository.ts for those that run. */
import { sql } from 'kysely'
import type { Handle } from '../postgres/handle.js'
import { type Lease, leaseEnd } from './lease-repository.js'

/** The request that a job comes from. */
export interface JobOrigin {
  /** For work that must be found again by whoever asks for it once more: of two jobs with this id the first is stored. */
  readonly jobId?: string | undefined
  /** Whose job it is; absent where no token is asked for. */
  readonly tokenId?: string | undefined
}

export interface NewJob extends JobOrigin {
  readonly type: string
  /** Of what the job loads; 0 when it does not load anything. */
  readonly bytes?: number
  /** What the job loads into: while another one does, this one waits in the queue and not in a worker's place. */
  readonly measurement?: string | undefined
  readonly payload: Record<string, unknown>
  readonly input: Record<string, unknown>
}

/** Undefined when a job of this id is there. */
export async function insertPending(db: Handle, job: NewJob) {
  return db
    .insertInto('stage1_jobs')
    .values({ ...jobValues(job), status: 'PENDING', ...untouched })
    .onConflict((conflict) => conflict.column('job_id').doNothing())
    .returningAll()
    .executeTakeFirst()
}

/** A job that starts at once in this process, so that no other one claims it first; undefined when a job of this id is there. */
export async function insertRunning(db: Handle, job: NewJob, lease: Lease) {
  return db
    .insertInto('stage1_jobs')
    .values({
      ...jobValues(job),
      ...untouched,
      status: 'RUNNING',
      phase: 'loading',
      attempts: 1,
      fence: 1,
      lease_owner: lease.owner,
      lease_until: leaseEnd(lease),
      started_at: sql<Date>`now()`,
    })
    .onConflict((conflict) => conflict.column('job_id').doNothing())
    .returningAll()
    .executeTakeFirst()
}

/** Told when a job waits to be claimed, and when one that runs is to be cancelled; the payload of the latter is its id. */
export const WAITING_CHANNEL = 'stage1_jobs'
export const CANCELS_CHANNEL = 'stage1_job_cancels'
/** Told whenever a job changes, with its id. */
export const CHANGES_CHANNEL = 'stage1_events'

/**
 * Cancels a job that waits, and has one that runs cancelled by whoever runs it; returns the job as it is then, undefined when it has
 * ended or is to be cancelled already. One statement, since a job may begin or be queued again at any moment. A job that waits but may have
 * left its effect behind, when an engine went away before it could say so, goes on to the end: that is not taken back.
 */
export async function cancelLive(db: Handle, jobId: string) {
  const now = sql<Date>`now()`
  const atOnce = sql<boolean>`(status = 'PENDING' and not effect_begun)`
  return db
    .updateTable('stage1_jobs')
    .set({
      status: sql<'PENDING'>`case when ${atOnce} then 'CANCELLED' else status end`,
      phase: sql<string>`case when ${atOnce} then 'done' else phase end`,
      error: sql<string>`case when ${atOnce} then 'the job was cancelled' else error end`,
      error_code: sql<string>`case when ${atOnce} then 'JOB_CANCELLED' else error_code end`,
      completed_at: sql<Date | null>`case when ${atOnce} then now() end`,
      cancel_requested_at: now,
      updated_at: now,
    })
    .where('job_id', '=', jobId)
    .where('status', 'in', ['PENDING', 'RUNNING'])
    .where((where) => where.or([where('status', '=', 'PENDING'), where('cancel_requested_at', 'is', null)]))
    .returningAll()
    .executeTakeFirst()
}

/** Queues a failed job again, with `attempts` more starts; undefined when it did not fail or what it needs is gone. */
export async function requeueFailed(db: Handle, jobId: string, attempts: number) {
  return db
    .updateTable('stage1_jobs')
    .set({
      status: 'PENDING',
      phase: 'queued',
      message: 'queued again',
      error: '',
      error_code: '',
      attempts_allowed: sql<number>`attempts + ${attempts}`,
      engine_failures: 0,
      cancel_requested_at: null,
      retry_until: null,
      completed_at: null,
      run_after: sql<Date>`now()`,
      updated_at: sql<Date>`now()`,
    })
    .where('job_id', '=', jobId)
    .where('status', '=', 'FAILED')
    .where('retry_until', '>', sql<Date>`now()`)
    .returningAll()
    .executeTakeFirst()
}

/** Removes at most `limit` of the jobs that ended so long ago; returns how many it were. */
export async function removeEnded(db: Handle, olderThanDays: number, limit: number): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('stage1_jobs')
    .where('job_id', 'in', (query) =>
      query
        .selectFrom('stage1_jobs')
        .select('job_id')
        .where('completed_at', '<', sql<Date>`now() - make_interval(days => ${olderThanDays})`)
        .limit(limit),
    )
    .executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}

export async function findJob(db: Handle, jobId: string) {
  return db.selectFrom('stage1_jobs').selectAll().where('job_id', '=', jobId).executeTakeFirst()
}

/** What tells one state of a job from the next. */
export interface JobVersion {
  readonly job_id: string
  readonly status: string
  readonly progress: number
  readonly updated_at: Date
}

export async function findVersions(db: Handle, jobIds: readonly string[]): Promise<JobVersion[]> {
  return db
    .selectFrom('stage1_jobs')
    .select(['job_id', 'status', 'progress', 'updated_at'])
    .where('job_id', '=', sql<string>`any(${jobIds}::uuid[])`)
    .execute()
}

export interface JobFilter {
  readonly type?: string | undefined
  readonly status?: 'PENDING' | 'RUNNING' | 'COMPLETED' | 'FAILED' | 'CANCELLED' | undefined
}

export async function listJobs(db: Handle, filter: JobFilter, page: { limit: number; offset: number }) {
  return db
    .selectFrom('stage1_jobs')
    .selectAll()
    .$if(filter.type !== undefined, (query) => query.where('type', '=', filter.type as string))
    .$if(filter.status !== undefined, (query) =>
      query.where('status', '=', filter.status as NonNullable<JobFilter['status']>),
    )
    .orderBy('created_at', 'desc')
    .orderBy('job_id')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
}

export async function countJobs(db: Handle, filter: JobFilter): Promise<number> {
  const row = await db
    .selectFrom('stage1_jobs')
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .$if(filter.type !== undefined, (query) => query.where('type', '=', filter.type as string))
    .$if(filter.status !== undefined, (query) =>
      query.where('status', '=', filter.status as NonNullable<JobFilter['status']>),
    )
    .executeTakeFirstOrThrow()
  return row.total
}

/** How many jobs of the token wait, counted no further than `upTo`. */
export async function countWaiting(db: Handle, tokenId: string, upTo: number): Promise<number> {
  const row = await db
    .selectFrom((query) =>
      query
        .selectFrom('stage1_jobs')
        .select('job_id')
        .where('status', '=', 'PENDING')
        .where('token_id', '=', tokenId)
        .limit(upTo)
        .as('waiting'),
    )
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return row.count
}

/** The inputs of jobs that have not ended, or may be tried again: what they refer to must stay. */
export async function liveInputs(db: Handle): Promise<Record<string, unknown>[]> {
  const rows = await db
    .selectFrom('stage1_jobs')
    .select('input')
    .where((where) =>
      where.or([where('status', 'in', ['PENDING', 'RUNNING']), where('retry_until', '>', sql<Date>`now()`)]),
    )
    .execute()
  return rows.map((row) => row.input)
}

const jobValues = (job: NewJob) => ({
  ...(job.jobId === undefined ? {} : { job_id: job.jobId }),
  token_id: job.tokenId ?? null,
  type: job.type,
  size_bytes: job.bytes ?? 0,
  measurement: job.measurement?.toLowerCase() ?? null,
  payload: JSON.stringify(job.payload),
  input: JSON.stringify(job.input),
})

const untouched = {
  progress: 0,
  total: 0,
  unit: '',
  phase: 'queued',
  message: '',
  error: '',
  error_code: '',
  attempts: 0,
  fence: 0,
  run_after: sql<Date>`now()`,
  created_at: sql<Date>`now()`,
  updated_at: sql<Date>`now()`,
}
