/** Takes jobs from the queue: at once when one is accepted, by whichever process, and by a sweep that finds abandoned ones. */
import { DomainError } from '../errors.js'
import type { JobService } from './service.js'

export interface RunnerOptions {
  readonly concurrency: number
  readonly sweepSeconds: number
  readonly onError: (error: unknown) => void
}

export class JobRunner {
  readonly #stop = new AbortController()
  readonly #running = new Set<Promise<void>>()
  #sweep: NodeJS.Timeout | undefined
  /** Something came while all places were taken, one of them perhaps by a look that was too early to see it. */
  #missed = false

  constructor(
    private readonly jobs: JobService,
    private readonly options: RunnerOptions,
  ) {}

  start(): void {
    this.jobs.onWaiting(() => this.#take())
    this.#sweep = setInterval(() => this.#take(), this.options.sweepSeconds * 1000)
    this.#take()
  }

  /** Ends running jobs so that the next start goes on with them; resolves when they have let go. */
  async stop(): Promise<void> {
    clearInterval(this.#sweep)
    this.#stop.abort(new DomainError('DRAINING', 'the server is stopping'))
    await Promise.all(this.#running)
  }

  /** One more claim, unless all places are taken; goes on for as long as the queue has something. */
  #take(): void {
    if (this.#stop.signal.aborted) return
    if (this.#running.size >= this.options.concurrency) {
      this.#missed = true
      return
    }
    const turn = this.#drain().finally(() => {
      this.#running.delete(turn)
      if (!this.#missed) return
      this.#missed = false
      this.#take()
    })
    this.#running.add(turn)
  }

  async #drain(): Promise<void> {
    try {
      while (!this.#stop.signal.aborted && (await this.jobs.runNext(this.#stop.signal)));
    } catch (error) {
      this.options.onError(error)
    }
  }
}
