import type { components } from '../../generated/api.js'
import { crashPoint } from '../crash.js'
import { DomainError } from '../errors.js'
import { mayBeCommitted } from '../postgres/failure.js'
import type { Handle } from '../postgres/handle.js'
import type { Listener } from '../postgres/listener.js'
import { UUID } from '../records/uuid.js'
import { isOther, JobChanges } from './changes.js'
import { ATTEMPTS, type ExecutionOptions, execute, type JobRow } from './execution.js'
import { claimNext } from './lease-repository.js'
import { outcomeOf } from './outcome.js'
import * as repository from './repository.js'
import type { JobKind } from './work.js'

export type Job = components['schemas']['Job']
export type { JobOrigin } from './repository.js'
export type { JobContext, JobKind, JobWork } from './work.js'

export interface JobOptions extends ExecutionOptions {
  readonly listener: Pick<Listener, 'on' | 'onGap'>
  /** How many large jobs may run here at the same time. */
  readonly largeAtATime: number
  /** How many jobs of one token may run, in all processes together; 0 for any number. */
  readonly perToken: number
  /** How many jobs of one token may wait; 0 for any number. */
  readonly queuedPerToken: number
  /** How long jobs that have ended are kept. */
  readonly keepDays: number
}

/** A job that loads more than this is large. */
const LARGE_BYTES = 64 << 20
const REMOVED_AT_A_TIME = 1000

/** Jobs: accepted, run here or by whichever process claims them, and shown. */
export class JobService {
  readonly #kinds = new Map<string, JobKind>()
  /** What cancels each job that runs here. */
  readonly #cancels = new Map<string, () => void>()
  readonly #changes: JobChanges
  #largeRunning = 0

  constructor(
    private readonly db: Handle,
    private readonly options: JobOptions,
  ) {
    this.#changes = new JobChanges(options.listener, (jobIds) => repository.findVersions(db, jobIds))
    options.listener.on(repository.CANCELS_CHANNEL, (jobId) => this.#cancels.get(jobId)?.())
  }

  /** Makes a kind of job known; every process that runs jobs must know all kinds. */
  register(type: string, kind: JobKind): void {
    this.#kinds.set(type, kind)
  }

  /** Told when a job waits, in whichever process it was accepted, so that it is claimed at once. */
  onWaiting(wake: () => void): void {
    this.options.listener.on(repository.WAITING_CHANNEL, wake)
    this.options.listener.onGap(wake)
  }

  /**
   * Accepts a job and returns it as it stands; a runner will take it. A job of its `jobId` that is there stands for it.
   * @param stored told when it was not there, or may not have been, so that what the job needs is left to it
   * @throws DomainError QUEUE_FULL
   */
  async enqueue(job: repository.NewJob, stored: () => void = () => {}): Promise<Job> {
    const accepted = await this.accept(this.db, job, stored)
    await crashPoint('job-stored')
    return accepted
  }

  /** Accepts a job as a part of a transaction: it is there, and taken, when that is committed. @throws DomainError QUEUE_FULL */
  async accept(tx: Handle, job: repository.NewJob, stored: () => void = () => {}): Promise<Job> {
    const full = await this.#queueIsFull(tx, job.tokenId)
    const row = full ? undefined : await orMaybeStored(repository.insertPending(tx, job), stored)
    if (row) stored()
    const standing = row ?? (job.jobId === undefined ? undefined : await repository.findJob(tx, job.jobId))
    if (!standing) throw this.#queueFull()
    return toJob(standing)
  }

  /**
   * Runs a job now while the caller waits; after a crash another process finishes it. A job of its `jobId` that is there is waited for.
   * @param stored told when the job is stored, or may be, so that what it needs is left to it
   * @throws what ended it
   */
  async runHere(
    job: repository.NewJob,
    signal: AbortSignal,
    stored: () => void = () => {},
  ): Promise<{ jobId: string; result: Record<string, unknown> }> {
    const row = await orMaybeStored(repository.insertRunning(this.db, job, this.options.lease), stored)
    if (!row) {
      const jobId = job.jobId as string
      return { jobId, result: await outcomeOf(this.db, this.#changes, jobId, signal) }
    }
    await crashPoint('job-begun')
    stored()
    return { jobId: row.job_id, result: await this.#execute(row, signal, this.options) }
  }

  /** Claims the next waiting or abandoned job and runs it; false when there is none. */
  async runNext(signal: AbortSignal): Promise<boolean> {
    const { db, options } = this
    const mostBytes = this.#largeRunning < options.largeAtATime ? undefined : LARGE_BYTES
    // Counted before it is claimed: the next claim must not overtake this one.
    if (mostBytes === undefined) this.#largeRunning++
    let counted = mostBytes === undefined
    try {
      const row = await claimNext(db, options.lease, { mostBytes, perToken: options.perToken })
      if (counted && (!row || row.size_bytes <= LARGE_BYTES)) {
        this.#largeRunning--
        counted = false
      }
      if (!row) return false
      await crashPoint('job-claimed')
      await this.#execute(row, signal, { ...options, queued: true }).catch(() => {})
      return true
    } finally {
      if (counted) this.#largeRunning--
    }
  }

  /**
   * The job when it has changed, or after so many milliseconds as it is then; at once when it has ended.
   * @throws DomainError JOB_NOT_FOUND, or the signal's reason
   */
  async wait(jobId: string, ms: number, signal: AbortSignal): Promise<Job> {
    const until = performance.now() + ms
    const watch = this.#changes.watch(jobId)
    try {
      const first = await this.#require(jobId)
      for (let row = first; ; row = await this.#require(jobId)) {
        const left = until - performance.now()
        if (left <= 0 || isFinal(row) || isOther(row, first)) return toJob(row)
        await watch.change(first, signal, left)
        signal.throwIfAborted()
      }
    } finally {
      watch.end()
    }
  }

  /**
   * Cancels a job: one that waits at once, one that runs as soon as whoever runs it has rolled back. One that has ended stays as it is.
   * @throws DomainError JOB_NOT_FOUND
   */
  async cancel(jobId: string): Promise<Job> {
    await this.get(jobId)
    const asked = await repository.cancelLive(this.db, jobId)
    if (asked?.status === 'CANCELLED') {
      await crashPoint('cancel-of-waiting')
      await this.#kind(asked.type).ended(asked.input, { jobId })
      return toJob(asked)
    }
    await crashPoint('cancel-wanted')
    return this.get(jobId)
  }

  /** Queues a failed job again. @throws DomainError JOB_NOT_FOUND, JOB_NOT_RETRYABLE */
  async retry(jobId: string): Promise<Job> {
    const job = await this.get(jobId)
    const queued = await repository.requeueFailed(this.db, jobId, ATTEMPTS)
    await crashPoint('job-retried')
    if (queued) return toJob(queued)
    const why =
      job.status !== 'FAILED'
        ? `it is ${job.status}, and only a job that failed can be tried again`
        : 'it would fail again, or what it needs is no longer kept: send the request anew'
    throw new DomainError('JOB_NOT_RETRYABLE', `job ${jobId} can't be tried again: ${why}`, { job_id: jobId })
  }

  /** Removes jobs that ended long ago, in steps that hold up nobody. */
  async sweep(): Promise<void> {
    while ((await repository.removeEnded(this.db, this.options.keepDays, REMOVED_AT_A_TIME)) === REMOVED_AT_A_TIME);
  }

  /** @throws DomainError JOB_NOT_FOUND */
  async get(jobId: string): Promise<Job> {
    return toJob(await this.#require(jobId))
  }

  async list(
    filter: repository.JobFilter,
    page: { limit: number; offset: number },
  ): Promise<{ jobs: Job[]; total: number }> {
    const [rows, total] = await Promise.all([
      repository.listJobs(this.db, filter, page),
      repository.countJobs(this.db, filter),
    ])
    return { jobs: rows.map(toJob), total }
  }

  /** What jobs that have not ended, or may be tried again, still need. */
  liveInputs(): Promise<Record<string, unknown>[]> {
    return repository.liveInputs(this.db)
  }

  async #require(jobId: string): Promise<JobRow> {
    const row = UUID.test(jobId) ? await repository.findJob(this.db, jobId) : undefined
    if (!row) throw new DomainError('JOB_NOT_FOUND', `there is no job ${jobId}`, { job_id: jobId })
    return row
  }

  #execute(row: JobRow, signal: AbortSignal, options: ExecutionOptions): Promise<Record<string, unknown>> {
    return execute(row, this.#kind(row.type), signal, options, (cancel) => {
      this.#cancels.set(row.job_id, cancel)
      return () => {
        if (this.#cancels.get(row.job_id) === cancel) this.#cancels.delete(row.job_id)
      }
    })
  }

  /** Requests that come at the same moment may pass this together. */
  async #queueIsFull(tx: Handle, tokenId: string | undefined): Promise<boolean> {
    const most = this.options.queuedPerToken
    return tokenId !== undefined && most > 0 && (await repository.countWaiting(tx, tokenId, most)) >= most
  }

  #queueFull(): DomainError {
    const most = this.options.queuedPerToken
    const sentence = `${most} jobs of this token wait already; send this again when some of them have ended`
    return new DomainError('QUEUE_FULL', sentence, { limit: most })
  }

  #kind(type: string): JobKind {
    const kind = this.#kinds.get(type)
    if (!kind) throw new Error(`no work is registered for jobs of type ${type}`)
    return kind
  }
}

/** When PostgreSQL does not say whether the job is stored, it may be: what it needs is left to it, or else to the sweep. */
function orMaybeStored<T>(inserting: Promise<T>, stored: () => void): Promise<T> {
  return inserting.catch((error: unknown) => {
    if (mayBeCommitted(error)) stored()
    throw error
  })
}

function isFinal({ status }: JobRow): boolean {
  return status !== 'PENDING' && status !== 'RUNNING'
}

function toJob(row: JobRow): Job {
  return {
    job_id: row.job_id,
    type: row.type,
    job_type: row.type,
    status: row.status,
    progress: row.progress,
    total: row.total,
    unit: row.unit,
    phase: row.phase,
    progress_pct:
      row.total > 0
        ? Math.min(100, Math.round((row.progress / row.total) * 1000) / 10)
        : row.status === 'COMPLETED'
          ? 100
          : 0,
    message: row.message.slice(0, 1000),
    error: row.error.slice(0, 4000),
    error_code: row.error_code,
    payload: row.payload,
    result: row.result ?? {},
    attempts: row.attempts,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    started_at: row.started_at?.toISOString() ?? '',
    completed_at: row.completed_at?.toISOString() ?? '',
  }
}
