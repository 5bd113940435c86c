/** What a kind of job does, and what it is given to do it with. */
import type { Handle } from '../postgres/handle.js'

export interface JobContext {
  readonly jobId: string
  /** 1 for the first start; more after a worker died or an engine was away. */
  readonly attempt: number
  /** When the job was accepted, by the database's clock. */
  readonly createdAt: Date
  /** Ends when the job is no longer ours: lease lost, caller gone, server stopping. */
  readonly signal: AbortSignal
  /** Shows progress; written at most four times a second. */
  readonly progress: (step: Partial<JobStep>) => void
  /** Has something that this run needs let go of when it is over, however it ends. */
  readonly defer: (letGo: () => Promise<void>) => void
  /**
   * To be awaited before the work puts its effect in place: makes sure by the fence that the job is still this run's. A cancel that
   * comes later is too late. @throws DomainError SUPERSEDED, JOB_CANCELLED
   * @param intent kept with the job, so that a later start knows its own effect again; without it an earlier one stays
   */
  readonly beginEffect: (intent?: Record<string, unknown>) => Promise<void>
  /** What an earlier start was about to put in its place, and may have. */
  readonly intent: Record<string, unknown> | undefined
  /**
   * To be awaited inside a transaction that stores an effect: nobody takes the job over before that is committed.
   * @throws DomainError SUPERSEDED when somebody has
   */
  readonly requireOwn: (tx: Handle) => Promise<void>
}

export interface JobStep {
  readonly progress: number
  readonly total: number
  readonly unit: string
  readonly phase: string
  readonly message: string
}

/**
 * Does the work and returns what the job's `result` will be. It may be run again from the start after a crash, so it must
 * end in the same state however often it runs.
 */
export type JobWork = (input: Record<string, unknown>, context: JobContext) => Promise<Record<string, unknown>>

/** A job that has ended for good; only one that was done has a result. */
export interface EndedJob {
  readonly jobId: string
  readonly result?: Record<string, unknown> | undefined
}

/** A kind of job: its work, and what to clean up when it has ended for good. */
export interface JobKind {
  readonly work: JobWork
  readonly ended: (input: Record<string, unknown>, job: EndedJob) => Promise<void>
}
