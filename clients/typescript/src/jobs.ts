/** Waiting for long work. */
import { dataOf, type Schemas, type Stage1 } from './client.js'
import { events } from './events.js'
import { sleep } from './retry.js'

export type Job = Schemas['Job']

export interface WaitOptions {
  /**
   * How to hear of changes: `events` over one stream, `long-poll` with requests that wait on the server, `poll` every two seconds.
   * All end with the same job, and with an error when the server is away for longer than a request is tried.
   */
  readonly by?: 'events' | 'long-poll' | 'poll'
  /** Told of the job at each look: first as it is, then when it has changed or half a minute has gone by. */
  readonly onProgress?: (job: Job) => void
  readonly signal?: AbortSignal
}

const FINAL: ReadonlySet<string> = new Set(['COMPLETED', 'FAILED', 'CANCELLED'])
const LONG_POLL_SECONDS = 25
const POLL_MS = 2000
/** A server that answers at once, as one that is stopping does, is not asked without a pause. */
const LEAST_PAUSE_MS = 50
/** A stream that does not stand by then never will: something between holds it back. */
const OPENS_WITHIN_MS = 10_000
/** Whether the server is still there, when nothing is heard. */
const LOOK_EVERY_MS = 30_000

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
  for (let job = await get(client, jobId, signal); ; ) {
    onProgress?.(job)
    if (FINAL.has(job.status)) return job
    const least = sleep(LEAST_PAUSE_MS, signal)
    least.catch(() => {})
    job = await get(client, jobId, signal, LONG_POLL_SECONDS)
    await least
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

async function byEvents(client: Stage1, jobId: string, options: WaitOptions): Promise<Job> {
  const { signal, onProgress } = options
  // A server that can't be reached is said at once, where the stream would be opened again and again.
  const first = await get(client, jobId, signal)
  if (FINAL.has(first.status)) {
    onProgress?.(first)
    return first
  }
  const over = new AbortController()
  const stop = signal ? AbortSignal.any([signal, over.signal]) : over.signal
  let opened = () => {}
  const isOpen = new Promise<'open'>((resolve) => {
    opened = () => resolve('open')
  })
  const heard = events(client, { jobId, signal: stop, onOpen: opened })
  const nextHeard = () => {
    const next = heard.next()
    next.catch(() => {})
    return next
  }
  try {
    let next = nextHeard()
    const begun = await within(OPENS_WITHIN_MS, Promise.race([isOpen, next]))
    signal?.throwIfAborted()
    if (begun === undefined) return await byLongPoll(client, jobId, options)
    // What happened before the stream stood is seen by the look after it.
    for (;;) {
      const job = await get(client, jobId, signal)
      onProgress?.(job)
      if (FINAL.has(job.status)) return job
      const event = await within(LOOK_EVERY_MS, next)
      signal?.throwIfAborted()
      if (event) next = nextHeard()
    }
  } finally {
    over.abort()
  }
}

/** What the work gives, or undefined when the time is over. */
async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

async function get(client: Stage1, job_id: string, signal?: AbortSignal, wait?: number): Promise<Job> {
  const query = wait === undefined ? {} : { wait }
  const options = { params: { path: { job_id }, query }, ...(signal ? { signal } : {}) }
  return dataOf(await client.api.GET('/api/jobs/{job_id}', options))
}
