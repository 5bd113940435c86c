import { DomainError } from '../errors.js'

/**
 * One signal out of two reasons to stop: the caller's own signal, and a time limit. Made by hand because
 * `AbortSignal.any` keeps a listener on a long-lived caller's signal for as long as that signal lives.
 */
export class Deadline {
  readonly #controller = new AbortController()
  readonly #timer: NodeJS.Timeout
  readonly #outer: AbortSignal | undefined
  readonly #forward = () => this.#controller.abort(this.#outer?.reason)

  /** `outer` aborts with its own reason; the time limit aborts with TIME_LIMIT. */
  constructor(limitMs: number, outer?: AbortSignal) {
    this.#outer = outer
    this.#timer = setTimeout(() => this.#controller.abort(timeLimit(limitMs)), limitMs)
    if (outer?.aborted) this.#forward()
    else outer?.addEventListener('abort', this.#forward, { once: true })
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Ends the time limit; the caller's signal still counts. */
  stopClock(): void {
    clearTimeout(this.#timer)
  }

  /** Lets go of the timer and of the caller's signal. */
  release(): void {
    clearTimeout(this.#timer)
    this.#outer?.removeEventListener('abort', this.#forward)
  }
}

function timeLimit(limitMs: number): DomainError {
  return new DomainError('TIME_LIMIT', `QuestDB did not finish within ${limitMs / 1000} s; ask for less at a time.`, {
    limitMs,
  })
}
