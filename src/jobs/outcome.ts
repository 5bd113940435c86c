/** How a job ended that somebody else runs, or has run. */
import { DomainError, ERROR_CODES } from '../errors.js'
import type { Handle } from '../postgres/handle.js'
import type { JobChanges } from './changes.js'
import * as repository from './repository.js'

/**
 * Waits until the job has ended, and returns its result. The signal ends the waiting, not the job.
 * @throws DomainError what ended the job, or the signal's reason
 */
export async function outcomeOf(
  db: Handle,
  changes: JobChanges,
  jobId: string,
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  const watch = changes.watch(jobId)
  try {
    for (;;) {
      const job = await repository.findJob(db, jobId)
      if (job?.status === 'COMPLETED') return job.result ?? {}
      if (!job || job.status === 'FAILED' || job.status === 'CANCELLED') throw endOf(jobId, job)
      await watch.change(job, signal)
      signal.throwIfAborted()
    }
  } finally {
    watch.end()
  }
}

function endOf(jobId: string, job: { error: string; error_code: string } | undefined): DomainError {
  const code = ERROR_CODES.find((known) => known === job?.error_code) ?? 'INTERNAL'
  return new DomainError(code, job?.error || 'the work ended without a reason', { job_id: jobId })
}
