/**
 * One run of one job: keeps its lease alive, shows its progress, and writes how it ended. A run whose lease is lost (this
 * process was stopped, another one took the job over) is told so by its signal, and its writes are refused by the fence.
 */
import { DomainError, isDomainError, storableText, toErrorRecord } from '../errors.js'
import type { Handle } from '../postgres/handle.js'
import * as repository from './repository.js'
import type { JobContext, JobKind, JobStep } from './work.js'

export type JobRow = NonNullable<Awaited<ReturnType<typeof repository.insertRunning>>>

export interface ExecutionOptions {
  readonly db: Handle
  readonly lease: repository.Lease
  readonly onError: (error: unknown, jobId: string) => void
  /** Whether a job that found an engine away waits for it; not so when a caller was told 503 and will try again. */
  readonly retryEngines?: boolean
}

/** After so many starts a job is given up. */
const MAX_ATTEMPTS = 3
const PROGRESS_EVERY_MS = 250
const RETRY_DELAY_SECONDS = 5

/**
 * Runs the job to its end and returns its result.
 * @param caller the signal of a request that waits for it, or of the server that stops
 * @throws what ended it, after that was written to the job
 */
export async function execute(
  job: JobRow,
  kind: JobKind,
  caller: AbortSignal,
  options: ExecutionOptions,
): Promise<Record<string, unknown>> {
  // Linked by hand: the caller may be the server's own signal, which would keep every signal derived from it.
  const ours = new AbortController()
  const stop = () => ours.abort(caller.reason)
  if (caller.aborted) stop()
  else caller.addEventListener('abort', stop, { once: true })
  const heartbeat = keepLease(job, ours, options)
  const progress = progressWriter(job, options)
  const context: JobContext = {
    jobId: job.job_id,
    attempt: job.attempts,
    createdAt: job.created_at,
    signal: ours.signal,
    progress: progress.show,
  }
  try {
    if (job.attempts > MAX_ATTEMPTS)
      throw new DomainError('INTERNAL', `given up: the work was started ${MAX_ATTEMPTS} times and never ended`)
    const result = await kind.work(job.input, context)
    await progress.settle()
    await end(job, kind, { status: 'COMPLETED', result }, options)
    return result
  } catch (error) {
    await progress.settle()
    await recordFailure(job, kind, error, caller, options)
    throw error
  } finally {
    clearInterval(heartbeat)
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
      const next = { delaySeconds: 0, message: 'the server stopped; another start goes on with it', spent: false }
      await repository.requeue(options.db, job.job_id, job.fence, next)
    } else if (options.retryEngines && isEngineAway(error) && job.attempts < MAX_ATTEMPTS) {
      const next = { delaySeconds: RETRY_DELAY_SECONDS, message, spent: true }
      await repository.requeue(options.db, job.job_id, job.fence, next)
    } else {
      const status = caller.aborted && code !== 'TIME_LIMIT' ? 'CANCELLED' : 'FAILED'
      await end(job, kind, { status, error: message, errorCode: code }, options)
    }
  } catch (writeError) {
    // PostgreSQL is away: the lease runs out and another start finds the job.
    options.onError(writeError, job.job_id)
  }
}

async function end(job: JobRow, kind: JobKind, how: repository.JobEnd, options: ExecutionOptions): Promise<void> {
  const ours = await repository.finish(options.db, job.job_id, job.fence, how)
  if (!ours) throw new DomainError('SUPERSEDED', `job ${job.job_id} was taken over by another worker`)
  await kind.ended(job.input)
}

function isEngineAway(error: unknown): boolean {
  return isDomainError(error, 'QUESTDB_UNAVAILABLE') || isDomainError(error, 'POSTGRES_UNAVAILABLE')
}

function keepLease(job: JobRow, lost: AbortController, { db, lease }: ExecutionOptions): NodeJS.Timeout {
  let goodUntil = Date.now() + lease.seconds * 1000
  const giveUp = () => lost.abort(new DomainError('SUPERSEDED', `the lease of job ${job.job_id} was lost`))
  const timer = setInterval(
    async () => {
      try {
        if (await repository.renewLease(db, job.job_id, job.fence, lease)) goodUntil = Date.now() + lease.seconds * 1000
        else giveUp()
      } catch {
        if (Date.now() > goodUntil) giveUp()
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
    writing = writing.then(() => repository.setProgress(db, job.job_id, job.fence, step)).catch(() => {})
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
