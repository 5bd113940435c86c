/** `stage1_jobs` is the queue: each statement stands alone, and every write of a running job names its fence. */
import { sql } from 'kysely'
import type { Handle } from '../postgres/handle.js'

export interface NewJob {
  /** For work that must be found again by whoever asks for it once more: of two jobs with this id the first is stored. */
  readonly jobId?: string | undefined
  readonly type: string
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

/** The next job that waits, or whose worker has fallen silent; undefined when there is none. */
export async function claimNext(db: Handle, lease: Lease) {
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
        .orderBy('run_after')
        .orderBy('created_at')
        .limit(1)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .executeTakeFirst()
}

/** False when the job is no longer ours. */
export async function renewLease(db: Handle, jobId: string, fence: number, lease: Lease): Promise<boolean> {
  const result = await db
    .updateTable('stage1_jobs')
    .set({ lease_until: leaseEnd(lease) })
    .where('job_id', '=', jobId)
    .where('fence', '=', fence)
    .where('status', '=', 'RUNNING')
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
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
      completed_at: sql<Date>`now()`,
      updated_at: sql<Date>`now()`,
    })
    .where('job_id', '=', jobId)
    .where('fence', '=', fence)
    .where('status', '=', 'RUNNING')
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** Puts the job back into the queue, to be claimed after `delaySeconds`; `spent` says whether this start counts as a try. */
export async function requeue(
  db: Handle,
  jobId: string,
  fence: number,
  next: { readonly delaySeconds: number; readonly message: string; readonly spent: boolean },
): Promise<void> {
  await db
    .updateTable('stage1_jobs')
    .set({
      status: 'PENDING',
      phase: 'queued',
      message: next.message,
      attempts: next.spent ? sql<number>`attempts` : sql<number>`attempts - 1`,
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

/** The inputs of jobs that have not ended: what they refer to must stay. */
export async function liveInputs(db: Handle): Promise<Record<string, unknown>[]> {
  const rows = await db
    .selectFrom('stage1_jobs')
    .select('input')
    .where('status', 'in', ['PENDING', 'RUNNING'])
    .execute()
  return rows.map((row) => row.input)
}

const jobValues = (job: NewJob) => ({
  ...(job.jobId === undefined ? {} : { job_id: job.jobId }),
  type: job.type,
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
