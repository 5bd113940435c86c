/** `stage1_jobs` is the queue: each statement stands alone, and every write of a running job names its fence. */
import { sql } from 'kysely'
import type { Handle } from '../postgres/handle.js'

export interface NewJob {
  /** For work that must be found again by whoever asks for it once more: of two jobs with this id the first is stored. */
  readonly jobId?: string | undefined
  readonly type: string
  /** Of what the job loads; 0 when it does not load anything. */
  readonly bytes?: number
  readonly payload: Record<string, unknown>
  readonly input: Record<string, unknown>
}

export interface Lease {
  readonly owner: string
  readonly seconds: number
}

const leaseEnd = (lease: Lease) => sql<Date>`now() + make_interval(secs => ${lease.seconds})`

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

/** So many bytes put a job a second back in the queue, ten minutes at most: small before large, and no large one waits for ever. */
const BYTES_PER_SECOND = 20_000_000
const MOST_SECONDS_BACK = 600

/**
 * The next job that waits, or whose worker has fallen silent; undefined when there is none.
 * @param mostBytes leaves larger ones alone
 */
export async function claimNext(db: Handle, lease: Lease, mostBytes = Number.MAX_SAFE_INTEGER) {
  return db
    .updateTable('stage1_jobs')
    .set({
      status: 'RUNNING',
      phase: 'loading',
      attempts: sql<number>`attempts + 1`,
      fence: sql<number>`fence + 1`,
      lease_owner: lease.owner,
      lease_until: leaseEnd(lease),
      started_at: sql<Date>`coalesce(started_at, now())`,
      updated_at: sql<Date>`now()`,
    })
    .where('job_id', '=', (eb) =>
      eb
        .selectFrom('stage1_jobs')
        .select('job_id')
        .where((where) =>
          where.or([
            where('status', '=', 'PENDING').and('run_after', '<=', sql<Date>`now()`),
            where('status', '=', 'RUNNING').and('lease_until', '<', sql<Date>`now()`),
          ]),
        )
        .where('size_bytes', '<=', mostBytes)
        .orderBy(
          sql`run_after + make_interval(secs => least(size_bytes / ${BYTES_PER_SECOND}::float8, ${MOST_SECONDS_BACK}))`,
        )
        .orderBy('created_at')
        .limit(1)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .executeTakeFirst()
}

/** What is wanted of the run whose lease is renewed: undefined when the job is no longer its own. One whose effect begins is not cancelled. */
export async function renewLease(
  db: Handle,
  jobId: string,
  fence: number,
  lease: Lease,
  beginsEffect = false,
): Promise<'go on' | 'cancel' | undefined> {
  const begun = beginsEffect && { effect_begun: sql<boolean>`effect_begun or cancel_requested_at is null` }
  const row = await db
    .updateTable('stage1_jobs')
    .set({ lease_until: leaseEnd(lease), ...begun })
    .where('job_id', '=', jobId)
    .where('fence', '=', fence)
    .where('status', '=', 'RUNNING')
    .returning(['cancel_requested_at', 'effect_begun'])
    .executeTakeFirst()
  return row && (row.cancel_requested_at && !row.effect_begun ? 'cancel' : 'go on')
}

export interface JobProgress {
  readonly progress: number
  readonly total: number
  readonly unit: string
  readonly phase: string
  readonly message: string
}

export async function setProgress(db: Handle, jobId: string, fence: number, step: JobProgress): Promise<void> {
  await db
    .updateTable('stage1_jobs')
    .set({
      progress: step.progress,
      total: step.total,
      unit: step.unit,
      phase: step.phase,
      message: step.message,
      updated_at: sql<Date>`now()`,
    })
    .where('job_id', '=', jobId)
    .where('fence', '=', fence)
    .where('status', '=', 'RUNNING')
    .execute()
}

export interface JobEnd {
  readonly status: 'COMPLETED' | 'FAILED' | 'CANCELLED'
  readonly result?: Record<string, unknown>
  readonly error?: string
  readonly errorCode?: string
  /** What the job needs is kept for so long, so that it can be tried again. */
  readonly retryHours?: number
}

/** Writes how the job ended; false when it is no longer ours or has ended already. */
export async function finish(db: Handle, jobId: string, fence: number, end: JobEnd): Promise<boolean> {
  const done = end.status === 'COMPLETED'
  const result = await db
    .updateTable('stage1_jobs')
    .set({
      status: end.status,
      result: end.result ? JSON.stringify(end.result) : null,
      error: end.error ?? '',
      error_code: end.errorCode ?? '',
      phase: 'done',
      ...(done ? { progress: sql<number>`total` } : {}),
      lease_owner: null,
      lease_until: null,
      retry_until: end.retryHours === undefined ? null : sql<Date>`now() + make_interval(hours => ${end.retryHours})`,
      completed_at: sql<Date>`now()`,
      updated_at: sql<Date>`now()`,
    })
    .where('job_id', '=', jobId)
    .where('fence', '=', fence)
    .where('status', '=', 'RUNNING')
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** Puts the job back into the queue, to be claimed after `delaySeconds`; neither reason uses up a try. */
export async function requeue(
  db: Handle,
  jobId: string,
  fence: number,
  next: { readonly delaySeconds: number; readonly message: string; readonly because: 'engine away' | 'server stops' },
): Promise<void> {
  await db
    .updateTable('stage1_jobs')
    .set({
      status: 'PENDING',
      phase: 'queued',
      message: next.message,
      effect_begun: false,
      ...(next.because === 'engine away'
        ? { attempts_allowed: sql<number>`attempts_allowed + 1`, engine_failures: sql<number>`engine_failures + 1` }
        : { attempts: sql<number>`attempts - 1` }),
      lease_owner: null,
      lease_until: null,
      run_after: sql<Date>`now() + make_interval(secs => ${next.delaySeconds})`,
      updated_at: sql<Date>`now()`,
    })
    .where('job_id', '=', jobId)
    .where('fence', '=', fence)
    .where('status', '=', 'RUNNING')
    .execute()
}

/** Cancels a job that waits; the job as it is then, undefined when it does not wait. */
export async function cancelPending(db: Handle, jobId: string) {
  return db
    .updateTable('stage1_jobs')
    .set({
      status: 'CANCELLED',
      phase: 'done',
      error: 'the job was cancelled',
      error_code: 'JOB_CANCELLED',
      cancel_requested_at: sql<Date>`now()`,
      completed_at: sql<Date>`now()`,
      updated_at: sql<Date>`now()`,
    })
    .where('job_id', '=', jobId)
    .where('status', '=', 'PENDING')
    .returningAll()
    .executeTakeFirst()
}

/** Has a job that runs cancelled by whoever runs it; asking again changes nothing. */
export async function requestCancel(db: Handle, jobId: string): Promise<void> {
  await db
    .updateTable('stage1_jobs')
    .set({ cancel_requested_at: sql<Date>`now()`, updated_at: sql<Date>`now()` })
    .where('job_id', '=', jobId)
    .where('status', '=', 'RUNNING')
    .where('cancel_requested_at', 'is', null)
    .execute()
}

/** Queues a failed job again, with `attempts` more starts; undefined when it did not fail or what it needs is gone. */
export async function requeueFailed(db: Handle, jobId: string, attempts: number) {
  return db
    .updateTable('stage1_jobs')
    .set({
      status: 'PENDING',
      phase: 'queued',
      message: 'queued again',
      effect_begun: false,
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
  type: job.type,
  size_bytes: job.bytes ?? 0,
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
