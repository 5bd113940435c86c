import type { components } from '../../generated/api.js'
import { crashPoint } from '../crash.js'
import { DomainError } from '../errors.js'
import type { Handle } from '../postgres/handle.js'
import type { Listener } from '../postgres/listener.js'
import { UUID } from '../records/uuid.js'
import { JobChanges } from './changes.js'
import { ATTEMPTS, type ExecutionOptions, execute, type JobRow } from './execution.js'
import { outcomeOf } from './outcome.js'
import * as repository from './repository.js'
import type { JobKind } from './work.js'

export type Job = components['schemas']['Job']
export type { JobContext, JobKind, JobWork } from './work.js'

export interface JobOptions extends ExecutionOptions {
  readonly listener: Pick<Listener, 'on' | 'onGap'>
  /** How many large jobs may run here at the same time. */
  readonly largeAtATime: number
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
    this.#changes = new JobChanges(options.listener)
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
   * @param stored told when it was not there, so that what the job needs is left to it
   */
  async enqueue(job: repository.NewJob, stored: () => void = () => {}): Promise<Job> {
    const accepted = await this.accept(this.db, job, stored)
    await crashPoint('job-stored')
    return accepted
  }

  /** Accepts a job as a part of a transaction: it is there, and taken, when that is committed. */
  async accept(tx: Handle, job: repository.NewJob, stored: () => void = () => {}): Promise<Job> {
    const row = await repository.insertPending(tx, job)
    if (row) stored()
    return toJob(row ?? ((await repository.findJob(tx, job.jobId as string)) as JobRow))
  }

  /**
   * Runs a job now while the caller waits; after a crash another process finishes it. A job of its `jobId` that is there is waited for.
   * @param stored told when the job is stored, so that what it needs is left to it
   * @throws what ended it
   */
  async runHere(
    job: repository.NewJob,
    signal: AbortSignal,
    stored: () => void = () => {},
  ): Promise<{ jobId: string; result: Record<string, unknown> }> {
    const row = await repository.insertRunning(this.db, job, this.options.lease)
    if (!row) {
      const jobId = job.jobId as string
      return { jobId, result: await outcomeOf(this.db, jobId, signal) }
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
      const row = await repository.claimNext(db, options.lease, mostBytes)
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
    const ended = new AbortController()
    try {
      for (let first: Job | undefined; ; ) {
        const left = until - performance.now()
        const change = left > 0 && this.#changes.next(jobId, left, AbortSignal.any([signal, ended.signal]))
        const job = await this.get(jobId)
        first ??= job
        if (!change || isFinal(job) || hasChanged(job, first)) return job
        await change
        signal.throwIfAborted()
      }
    } finally {
      ended.abort()
    }
  }

  /**
   * Cancels a job: one that waits at once, one that runs as soon as whoever runs it has rolled back. One that has ended stays as it is.
   * @throws DomainError JOB_NOT_FOUND
   */
  async cancel(jobId: string): Promise<Job> {
    await this.get(jobId)
    const cancelled = await repository.cancelPending(this.db, jobId)
    if (cancelled) {
      await crashPoint('cancel-of-waiting')
      await this.#kind(cancelled.type).ended(cancelled.input, { jobId })
      return toJob(cancelled)
    }
    await repository.requestCancel(this.db, jobId)
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
    const row = UUID.test(jobId) ? await repository.findJob(this.db, jobId) : undefined
    if (!row) throw new DomainError('JOB_NOT_FOUND', `there is no job ${jobId}`, { job_id: jobId })
    return toJob(row)
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

  #execute(row: JobRow, signal: AbortSignal, options: ExecutionOptions): Promise<Record<string, unknown>> {
    return execute(row, this.#kind(row.type), signal, options, (cancel) => {
      this.#cancels.set(row.job_id, cancel)
      return () => {
        if (this.#cancels.get(row.job_id) === cancel) this.#cancels.delete(row.job_id)
      }
    })
  }

  #kind(type: string): JobKind {
    const kind = this.#kinds.get(type)
    if (!kind) throw new Error(`no work is registered for jobs of type ${type}`)
    return kind
  }
}

function isFinal({ status }: Job): boolean {
  return status !== 'PENDING' && status !== 'RUNNING'
}

function hasChanged(job: Job, before: Job): boolean {
  return job.updated_at !== before.updated_at || job.status !== before.status || job.progress !== before.progress
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
