/** How a job ended that somebody else runs, or has run. */
import { setTimeout as sleep } from 'node:timers/promises'
import { DomainError, ERROR_CODES } from '../errors.js'
import type { Handle } from '../postgres/handle.js'
import * as repository from './repository.js'

const POLL_MS = 100

/**
 * Waits until the job has ended, and returns its result. The signal ends the waiting, not the job.
 * @throws DomainError what ended the job, or the signal's reason
 */
export async function outcomeOf(db: Handle, jobId: string, signal: AbortSignal): Promise<Record<string, unknown>> {
  for (;;) {
    const job = await repository.findJob(db, jobId)
    if (job?.status === 'COMPLETED') return job.result ?? {}
    if (!job || job.status === 'FAILED' || job.status === 'CANCELLED') throw endOf(jobId, job)
    await sleep(POLL_MS)
    signal.throwIfAborted()
  }
}

function endOf(jobId: string, job: { error: string; error_code: string } | undefined): DomainError {
  const code = ERROR_CODES.find((known) => known === job?.error_code) ?? 'INTERNAL'
  return new DomainError(code, job?.error || 'the work ended without a reason', { job_id: jobId })
}
