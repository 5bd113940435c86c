/**
 * Wakes whoever waits for a job to change, in any process.
 *
 * A notification tells of each change, but may get lost with its connection. So now and then, and whenever the connection was
 * lost, one statement looks at all the jobs that are waited for here, however many they are.
 */
import type { Listener } from '../postgres/listener.js'
import { CHANGES_CHANNEL, type JobVersion } from './repository.js'

const LOOK_EVERY_MS = 5000

export class JobChanges {
  readonly #watches = new Map<string, Set<JobWatch>>()
  #looks: NodeJS.Timeout | undefined

  /** @param versionsOf the jobs as they are now; one that is gone is left out */
  constructor(
    listener: Pick<Listener, 'on' | 'onGap'>,
    private readonly versionsOf: (jobIds: string[]) => Promise<JobVersion[]>,
  ) {
    listener.on(CHANGES_CHANNEL, (jobId) => this.#tell(jobId, () => true))
    listener.onGap(() => void this.#look())
  }

  /** Begins to watch a job, until `end`. Begun before a look at the job, it misses no change after that. */
  watch(jobId: string): JobWatch {
    // As PostgreSQL writes it.
    const id = jobId.toLowerCase()
    const watches = this.#watches.get(id) ?? new Set()
    const watch: JobWatch = new JobWatch(() => {
      watches.delete(watch)
      if (watches.size === 0) this.#watches.delete(id)
      if (this.#watches.size > 0) return
      clearInterval(this.#looks)
      this.#looks = undefined
    })
    this.#watches.set(id, watches.add(watch))
    this.#looks ??= setInterval(() => void this.#look(), LOOK_EVERY_MS).unref()
    return watch
  }

  async #look(): Promise<void> {
    const ids = [...this.#watches].filter(([, watches]) => [...watches].some(({ seen }) => seen)).map(([id]) => id)
    if (ids.length === 0) return
    // What can't be looked at now is looked at the next time.
    const found = await this.versionsOf(ids).catch(() => undefined)
    if (!found) return
    const versions = new Map(found.map((version) => [version.job_id, version]))
    for (const id of ids) this.#tell(id, (seen) => isOther(versions.get(id), seen))
  }

  #tell(jobId: string, concerns: (seen: JobVersion | undefined) => boolean): void {
    for (const watch of [...(this.#watches.get(jobId) ?? [])]) if (concerns(watch.seen)) watch.tell()
  }
}

/** One who waits for one job. */
export class JobWatch {
  #seen: JobVersion | undefined
  #told = false
  #wake = () => {}

  constructor(readonly end: () => void) {}

  /** The job as it was known when the wait began; undefined while he looks for himself. */
  get seen(): JobVersion | undefined {
    return this.#seen
  }

  tell(): void {
    this.#told = true
    this.#wake()
  }

  /** Resolves when the job has changed, or may have, since it was seen so; after `ms` when they are given; when the signal ends. */
  change(seen: JobVersion, signal: AbortSignal, ms?: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        this.#seen = undefined
        this.#told = false
        this.#wake = () => {}
        resolve()
      }
      const timer = ms === undefined ? undefined : setTimeout(done, ms)
      signal.addEventListener('abort', done, { once: true })
      this.#seen = seen
      this.#wake = done
      if (this.#told || signal.aborted) done()
    })
  }
}

/** Whether a client would see a difference; one that is gone differs too. */
export function isOther(job: JobVersion | undefined, before: JobVersion | undefined): boolean {
  if (!job || !before) return job !== before
  return (
    job.updated_at.getTime() !== before.updated_at.getTime() ||
    job.status !== before.status ||
    job.progress !== before.progress
  )
}
