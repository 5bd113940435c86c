/** A job while it is somebody's: claimed, kept by a lease, and written to under its fence, so that only the last who claimed it can. */
import { sql } from 'kysely'
import type { Handle } from '../postgres/handle.js'

export interface Lease {
  readonly owner: string
  readonly seconds: number
}

/** When a lease ends that is taken or renewed now. */
export const leaseEnd = (lease: Lease) => sql<Date>`now() + make_interval(secs => ${lease.seconds})`

export interface ClaimLimits {
  /** Larger ones are left alone. */
  readonly mostBytes?: number | undefined
  /** So many jobs of one token run at most, in all processes together; 0 for any number. */
  readonly perToken: number
}

/**
 * The next job that waits, or whose worker has fallen silent; undefined when there is none. The latter counts as one that runs,
 * so it is taken whatever its token's limit. One that would only wait for an earlier job of its measurement is left in the queue; later
 * ones do not hold it up, or those that callers wait for, which begin at once, could do so for ever.
 */
export async function claimNext(db: Handle, lease: Lease, { mostBytes, perToken }: ClaimLimits) {
  const hasPlace = sql<boolean>`(token_id is null or token_id <> all ((select stage1_full_tokens(${perToken}))::uuid[]))`
  const isFree = sql<boolean>`(measurement is null or not exists (
    select from stage1_jobs as other
    where other.status = 'RUNNING' and other.measurement = stage1_jobs.measurement
      and other.created_at <= stage1_jobs.created_at and other.lease_until > now()))`
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
            where.and([where('status', '=', 'PENDING'), where('run_after', '<=', sql<Date>`now()`), hasPlace, isFree]),
            where('status', '=', 'RUNNING').and('lease_until', '<', sql<Date>`now()`),
          ]),
        )
        .$if(mostBytes !== undefined, (query) => query.where('size_bytes', '<=', mostBytes as number))
        .orderBy('rank_at')
        .orderBy('created_at')
        .limit(1)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .executeTakeFirst()
}

/** What is recorded with a job whose effect begins. */
export interface BegunEffect {
  /** Kept with the job; without it an earlier one stays. */
  readonly intent?: Record<string, unknown> | undefined
}

/**
 * What is wanted of the run whose lease is renewed: undefined when the job is no longer its own.
 * @param effect given where the effect begins, unless a cancel was asked for before: from then on a cancel is too late
 */
export async function renewLease(
  db: Handle,
  jobId: string,
  fence: number,
  lease: Lease,
  effect?: BegunEffect,
): Promise<'go on' | 'cancel' | undefined> {
  const begun = effect && {
    effect_begun: sql<boolean>`effect_begun or cancel_requested_at is null`,
    ...(effect.intent && { intent: JSON.stringify(effect.intent) }),
  }
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

/** Whether the job is still this run's; if so it stays that until the transaction ends. */
export async function holdOwn(tx: Handle, jobId: string, fence: number): Promise<boolean> {
  const row = await tx
    .selectFrom('stage1_jobs')
    .select('job_id')
    .where('job_id', '=', jobId)
    .where('fence', '=', fence)
    .where('status', '=', 'RUNNING')
    .forShare()
    .executeTakeFirst()
  return row !== undefined
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

/**
 * Puts the job back into the queue, to be claimed after `delaySeconds`; neither reason uses up a try. Whether its effect has begun
 * stays as it is: an engine that went away may have put it in place.
 */
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
