import type { components } from '../../generated/api.js'
import { DomainError } from '../errors.js'
import type { Handle } from '../postgres/handle.js'
import { UUID } from '../records/uuid.js'
import { type ExecutionOptions, execute, type JobRow } from './execution.js'
import { outcomeOf } from './outcome.js'
import * as repository from './repository.js'
import type { JobKind } from './work.js'

export type Job = components['schemas']['Job']
export type { JobContext, JobKind, JobWork } from './work.js'

/** Jobs: accepted, run here or by whichever process claims them, and shown. */
export class JobService {
  readonly #kinds = new Map<string, JobKind>()
  #wake: () => void = () => {}

  constructor(
    private readonly db: Handle,
    private readonly execution: ExecutionOptions,
  ) {}

  /** Makes a kind of job known; every process that runs jobs must know all kinds. */
  register(type: string, kind: JobKind): void {
    this.#kinds.set(type, kind)
  }

  /** Told when a job waits, so that it is claimed at once. */
  onWaiting(wake: () => void): void {
    this.#wake = wake
  }

  /**
   * Accepts a job and returns it as it stands; a runner will take it. A job of its `jobId` that is there stands for it.
   * @param stored told when it was not there, so that what the job needs is left to it
   */
  async enqueue(job: repository.NewJob, stored: () => void = () => {}): Promise<Job> {
    const accepted = await this.accept(this.db, job, stored)
    this.wake()
    return accepted
  }

  /** Accepts a job as a part of a transaction: it is there when that is committed; `wake` has it taken at once then. */
  async accept(tx: Handle, job: repository.NewJob, stored: () => void = () => {}): Promise<Job> {
    const row = await repository.insertPending(tx, job)
    if (row) stored()
    return toJob(row ?? ((await repository.findJob(tx, job.jobId as string)) as JobRow))
  }

  wake(): void {
    this.#wake()
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
    const row = await repository.insertRunning(this.db, job, this.execution.lease)
    if (!row) {
      const jobId = job.jobId as string
      return { jobId, result: await outcomeOf(this.db, jobId, signal) }
    }
    stored()
    return { jobId: row.job_id, result: await execute(row, this.#kind(row.type), signal, this.execution) }
  }

  /** Claims the next waiting or abandoned job and runs it; false when there is none. */
  async runNext(signal: AbortSignal): Promise<boolean> {
    const row = await repository.claimNext(this.db, this.execution.lease)
    if (!row) return false
    await execute(row, this.#kind(row.type), signal, { ...this.execution, retryEngines: true }).catch(() => {})
    return true
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

  /** What unfinished jobs still need. */
  liveInputs(): Promise<Record<string, unknown>[]> {
    return repository.liveInputs(this.db)
  }

  #kind(type: string): JobKind {
    const kind = this.#kinds.get(type)
    if (!kind) throw new Error(`no work is registered for jobs of type ${type}`)
    return kind
  }
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
