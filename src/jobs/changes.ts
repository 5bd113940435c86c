import type { Listener } from '../postgres/listener.js'
import { CHANGES_CHANNEL } from './repository.js'

/** A notification may get lost with its connection. */
const LOOK_EVERY_MS = 5000

/** Wakes whoever waits for a job to change, in any process. */
export class JobChanges {
  readonly #waiting = new Map<string, Set<() => void>>()

  constructor(listener: Pick<Listener, 'on' | 'onGap'>) {
    listener.on(CHANGES_CHANNEL, (jobId) => this.#wake(jobId))
    listener.onGap(() => {
      for (const jobId of this.#waiting.keys()) this.#wake(jobId)
    })
  }

  /**
   * Begins to wait: the promise resolves with the next change of the job, after `ms`, when the signal ends, or now and then without
   * a reason. Begun before a look at the job, it misses nothing.
   */
  next(jobId: string, ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(jobId) ?? new Set()
      const done = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        waiting.delete(done)
        if (waiting.size === 0) this.#waiting.delete(jobId)
        resolve()
      }
      const timer = setTimeout(done, Math.min(ms, LOOK_EVERY_MS))
      signal.addEventListener('abort', done, { once: true })
      this.#waiting.set(jobId, waiting.add(done))
    })
  }

  #wake(jobId: string): void {
    for (const done of [...(this.#waiting.get(jobId) ?? [])]) done()
  }
}
