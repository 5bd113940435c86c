/**
 * One run of one job: keeps its lease alive, shows its progress, and writes how it ended. A run whose lease is lost (this
 * process was stopped, another one took the job over) is told so by its signal, and its writes are refused by the fence.
 */
import { crashPoint } from '../crash.js'
import { DomainError, type ErrorCode, isDomainError, storableText, toErrorRecord } from '../errors.js'
import type { Handle } from '../postgres/handle.js'
import * as leases from './lease-repository.js'
import type { insertRunning } from './repository.js'
import type { JobContext, JobKind, JobStep } from './work.js'

export type JobRow = NonNullable<Awaited<ReturnType<typeof insertRunning>>>

export interface ExecutionOptions {
  readonly db: Handle
  readonly lease: leases.Lease
  readonly onError: (error: unknown, jobId: string) => void
  /** What a failed job needs is kept for so long. */
  readonly retryHours: number
  /**
   * Whether the job came from the queue: it waits then for an engine that is away, and can be tried again by hand. Not so when a
   * caller waits for it, who is told and will send it again.
   */
  readonly queued?: boolean
}

/** So many starts a job is given before it is given up, and as many more with each retry. */
export const ATTEMPTS = 3
const PROGRESS_EVERY_MS = 250
const LONGEST_PAUSE_SECONDS = 30
/** An engine may be away for so many starts: some four minutes, with the pauses between them. */
const ENGINE_FAILURES = 12

/** Failures that pass when an engine is back, or when somebody has made room on a disk: a queued job waits for that. */
const AWAY: ReadonlySet<ErrorCode> = new Set([
  'POSTGRES_UNAVAILABLE',
  'QUESTDB_UNAVAILABLE',
  'SPOOL_UNAVAILABLE',
  'INSUFFICIENT_STORAGE',
])

/** Failures that the same work may not meet again. */
const CURABLE: ReadonlySet<ErrorCode> = new Set([...AWAY, 'TIME_LIMIT', 'SUPERSEDED', 'CHANGED_MEANWHILE', 'INTERNAL'])

/**
 * Runs the job to its end and returns its result.
 * @param caller the signal of a request that waits for it, or of the server that stops
 * @param running told what cancels the job while it runs; returns what ends that
 * @throws what ended it, after that was written to the job
 */
export async function execute(
  job: JobRow,
  kind: JobKind,
  caller: AbortSignal,
  options: ExecutionOptions,
  running: (cancel: () => void) => () => void,
): Promise<Record<string, unknown>> {
  // Linked by hand: the caller may be the server's own signal, which would keep every signal derived from it.
  const ours = new AbortController()
  const stop = () => ours.abort(caller.reason)
  if (caller.aborted) stop()
  else caller.addEventListener('abort', stop, { once: true })
  // An earlier run has died while it put the effect in place: this one ends that.
  let effectBegun = job.effect_begun
  const cancelled = () => new DomainError('JOB_CANCELLED', 'the job was cancelled', { job_id: job.job_id })
  const cancel = () => {
    // What is being put in its place is not taken back: the job ends as done.
    if (!effectBegun) ours.abort(cancelled())
  }
  if (job.cancel_requested_at) cancel()
  const ended = running(cancel)
  const heartbeat = keepLease(job, ours, cancel, options)
  const progress = progressWriter(job, options)
  const deferred: (() => Promise<void>)[] = []
  const context: JobContext = {
    jobId: job.job_id,
    attempt: job.attempts,
    createdAt: job.created_at,
    signal: ours.signal,
    progress: progress.show,
    defer: (letGo) => {
      deferred.push(letGo)
    },
    intent: job.intent ?? undefined,
    async beginEffect(intent) {
      effectBegun = true
      const wanted = await leases.renewLease(options.db, job.job_id, job.fence, options.lease, { intent })
      if (wanted === undefined) throw superseded(job)
      if (wanted === 'cancel') throw cancelled()
    },
    async requireOwn(tx) {
      if (!(await leases.holdOwn(tx, job.job_id, job.fence))) throw superseded(job)
    },
  }
  try {
    if (job.attempts > job.attempts_allowed)
      throw new DomainError('INTERNAL', `given up: the work was started ${job.attempts - 1} times and never ended`)
    ours.signal.throwIfAborted()
    const result = await kind.work(job.input, context)
    await crashPoint('job-work-done')
    await progress.settle()
    await end(job, kind, { status: 'COMPLETED', result }, options)
    return result
  } catch (error) {
    await progress.settle()
    await recordFailure(job, kind, error, caller, options)
    throw error
  } finally {
    ended()
    clearInterval(heartbeat)
    for (const letGo of deferred) await letGo().catch((error: unknown) => options.onError(error, job.job_id))
    caller.removeEventListener('abort', stop)
  }
}

async function recordFailure(
  job: JobRow,
  kind: JobKind,
  error: unknown,
  caller: AbortSignal,
  options: ExecutionOptions,
): Promise<void> {
  if (!isDomainError(error)) options.onError(error, job.job_id)
  const { code, message: said } = toErrorRecord(error)
  const message = storableText(said)
  try {
    if (code === 'DRAINING') {
      const because = 'server stops'
      const next = { delaySeconds: 0, message: 'the server stopped; another start goes on with it', because } as const
      await leases.requeue(options.db, job.job_id, job.fence, next)
      await crashPoint('job-requeued')
    } else if (options.queued && AWAY.has(code) && job.engine_failures + 1 < ENGINE_FAILURES) {
      const next = { delaySeconds: pauseAfter(job.engine_failures), message, because: 'engine away' } as const
      await leases.requeue(options.db, job.job_id, job.fence, next)
      await crashPoint('job-requeued')
    } else {
      if (code === 'JOB_CANCELLED') await crashPoint('cancel-rolled-back')
      const cancelled = code === 'JOB_CANCELLED' || (caller.aborted && code !== 'TIME_LIMIT')
      const how = { status: cancelled ? 'CANCELLED' : 'FAILED', error: message, errorCode: code } as const
      const kept = options.queued && !cancelled && CURABLE.has(code)
      await end(job, kind, kept ? { ...how, retryHours: options.retryHours } : how, options)
    }
  } catch (writeError) {
    // PostgreSQL is away: the lease runs out and another start finds the job.
    options.onError(writeError, job.job_id)
  }
}

async function end(job: JobRow, kind: JobKind, how: leases.JobEnd, options: ExecutionOptions): Promise<void> {
  const ours = await leases.finish(options.db, job.job_id, job.fence, how)
  if (!ours) throw superseded(job)
  await crashPoint('job-ended')
  // It has ended, whether or not this can be cleared away now; a sweep finds what is left.
  if (how.retryHours === undefined)
    await kind
      .ended(job.input, { jobId: job.job_id, result: how.result })
      .catch((error: unknown) => options.onError(error, job.job_id))
  await crashPoint('job-cleaned')
}

function superseded({ job_id }: JobRow): DomainError {
  return new DomainError('SUPERSEDED', `job ${job_id} was taken over by another worker`)
}

function silent({ job_id }: JobRow): DomainError {
  return new DomainError(
    'POSTGRES_UNAVAILABLE',
    `PostgreSQL did not answer for longer than the lease of job ${job_id}; try again shortly`,
  )
}

/** 1, 2, 4 … seconds, a quarter more or less, so that jobs which failed together do not come back together. */
function pauseAfter(failures: number): number {
  return Math.min(LONGEST_PAUSE_SECONDS, 2 ** failures) * (0.75 + Math.random() / 2)
}

function keepLease(
  job: JobRow,
  lost: AbortController,
  cancel: () => void,
  { db, lease }: ExecutionOptions,
): NodeJS.Timeout {
  // Of a clock that nobody sets: the lease itself runs by that of the database.
  const leaseEnds = () => performance.now() + lease.seconds * 1000
  let goodUntil = leaseEnds()
  const timer = setInterval(
    async () => {
      try {
        const wanted = await leases.renewLease(db, job.job_id, job.fence, lease)
        if (wanted === undefined)
          return lost.abort(new DomainError('SUPERSEDED', `the lease of job ${job.job_id} was lost`))
        goodUntil = leaseEnds()
        // Told by a notification already, unless that was missed.
        if (wanted === 'cancel') cancel()
      } catch {
        // Whether another has the job by now is for the fence to say; if none has, it is queued again.
        if (performance.now() > goodUntil) lost.abort(silent(job))
      }
    },
    (lease.seconds * 1000) / 3,
  )
  timer.unref()
  return timer
}

function progressWriter(job: JobRow, { db }: ExecutionOptions) {
  let step: JobStep = {
    progress: job.progress,
    total: job.total,
    unit: job.unit,
    phase: job.phase,
    message: job.message,
  }
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()
  const write = () => {
    timer = undefined
    // Progress is a courtesy: a failed write must not end the work that it tells of.
    writing = writing.then(() => leases.setProgress(db, job.job_id, job.fence, step)).catch(() => {})
  }
  return {
    show(next: Partial<JobStep>): void {
      step = { ...step, ...next, progress: Math.max(step.progress, next.progress ?? 0) }
      timer ??= setTimeout(write, PROGRESS_EVERY_MS)
    },
    async settle(): Promise<void> {
      if (timer) {
        clearTimeout(timer)
        write()
      }
      await writing
    },
  }
}
