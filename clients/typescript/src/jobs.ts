/** Waiting for long work. */
import { dataOf, type Schemas, type Stage1 } from './client.js'
import { events } from './events.js'
import { sleep } from './retry.js'

export type Job = Schemas['Job']

export interface WaitOptions {
  /**
   * How to hear of changes: `events` over one stream, `long-poll` with requests that wait on the server, `poll` every two seconds.
   * All end with the same job.
   */
  readonly by?: 'events' | 'long-poll' | 'poll'
  /** Told each time the job has changed. */
  readonly onProgress?: (job: Job) => void
  readonly signal?: AbortSignal
}

const FINAL: ReadonlySet<string> = new Set(['COMPLETED', 'FAILED', 'CANCELLED'])
const LONG_POLL_SECONDS = 25
const POLL_MS = 2000

/** The job did not end well: it failed or was cancelled. */
export class JobError extends Error {
  override readonly name = 'JobError'
  constructor(readonly job: Job) {
    super(job.error || `job ${job.job_id} is ${job.status}`)
  }
}

/**
 * The job when it is COMPLETED.
 * @throws JobError when it is FAILED or CANCELLED, Stage1Error when it is not known, or the signal's reason
 */
export async function waitForJob(client: Stage1, jobId: string, options: WaitOptions = {}): Promise<Job> {
  const job = await { events: byEvents, 'long-poll': byLongPoll, poll: byPolling }[options.by ?? 'long-poll'](
    client,
    jobId,
    options,
  )
  if (job.status !== 'COMPLETED') throw new JobError(job)
  return job
}

async function byLongPoll(client: Stage1, jobId: string, { signal, onProgress }: WaitOptions): Promise<Job> {
  for (let job = await get(client, jobId, signal); ; job = await get(client, jobId, signal, LONG_POLL_SECONDS)) {
    onProgress?.(job)
    if (FINAL.has(job.status)) return job
  }
}

async function byPolling(client: Stage1, jobId: string, { signal, onProgress }: WaitOptions): Promise<Job> {
  for (;;) {
    const job = await get(client, jobId, signal)
    onProgress?.(job)
    if (FINAL.has(job.status)) return job
    await sleep(POLL_MS, signal)
  }
}

async function byEvents(client: Stage1, jobId: string, { signal, onProgress }: WaitOptions): Promise<Job> {
  const over = new AbortController()
  const stop = signal ? AbortSignal.any([signal, over.signal]) : over.signal
  let opened = () => {}
  const isOpen = new Promise<void>((resolve) => {
    opened = resolve
  })
  const heard = events(client, { jobId, signal: stop, onOpen: opened })
  try {
    let next = heard.next()
    // What happens before the stream stands is seen by the look after it.
    await Promise.race([isOpen, next])
    for (;;) {
      const job = await get(client, jobId, signal)
      onProgress?.(job)
      if (FINAL.has(job.status)) return job
      await next
      signal?.throwIfAborted()
      next = heard.next()
    }
  } finally {
    over.abort()
  }
}

async function get(client: Stage1, job_id: string, signal?: AbortSignal, wait?: number): Promise<Job> {
  const query = wait === undefined ? {} : { wait }
  const options = { params: { path: { job_id }, query }, ...(signal ? { signal } : {}) }
  return dataOf(await client.api.GET('/api/jobs/{job_id}', options))
}
