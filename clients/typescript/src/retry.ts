/**
 * Trying again, where that can do no harm: reading, deleting, and whatever carries an `Idempotency-Key`, which every POST gets here.
 * The server does such a request once however often it comes. It says in `Retry-After` how long to wait; without that the pauses grow.
 */
import { retryAfterOf } from './problem.js'

export type Fetch = (request: Request) => Promise<Response>

export interface RetryOptions {
  /** Tries in all; 1 turns it off. */
  readonly tries?: number
  /** Longest pause between two tries, in seconds; a `Retry-After` beyond it ends the tries. */
  readonly longestPauseSeconds?: number
}

const KEY = 'Idempotency-Key'
const FIRST_PAUSE_SECONDS = 0.25

/** A fetch that tries again after broken connections and answers that pass: 429, 502, 503, 504, and 409 while the same request runs. */
export function retrying(fetch: Fetch, { tries = 5, longestPauseSeconds = 30 }: RetryOptions = {}): Fetch {
  return async (given) => {
    const request = keyed(given)
    for (let attempt = 1; ; attempt++) {
      const last = attempt >= tries || isStream(request)
      const copy = last ? request : request.clone()
      let pause = pauseAfter(attempt, longestPauseSeconds)
      try {
        const response = await fetch(copy)
        if (last || !(await passes(response))) return response
        const asked = retryAfterOf(response)
        if (asked !== undefined && asked > longestPauseSeconds) return response
        pause = asked ?? pause
        await response.body?.cancel()
      } catch (error) {
        if (last || request.signal.aborted) throw error
      }
      await sleep(pause * 1000, request.signal)
    }
  }
}

/** Resolves after the pause. @throws the signal's reason */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const timer = setTimeout(done, ms)
    signal?.addEventListener('abort', stop, { once: true })
    function done() {
      signal?.removeEventListener('abort', stop)
      resolve()
    }
    function stop() {
      clearTimeout(timer)
      reject(signal?.reason)
    }
  })
}

/** The request under a key of its own, unless it has one or needs none. */
function keyed(request: Request): Request {
  if (request.method !== 'POST' || request.headers.has(KEY)) return request
  request.headers.set(KEY, crypto.randomUUID())
  return request
}

/** The body of a stream is gone after the first try. */
function isStream(request: Request): boolean {
  return STREAMED.has(request)
}

const STREAMED = new WeakSet<Request>()

/** Marks a request whose body can be read once only. */
export function sentOnce(request: Request): Request {
  STREAMED.add(request)
  return request
}

async function passes(response: Response): Promise<boolean> {
  if ([429, 502, 503, 504].includes(response.status)) return true
  if (response.status !== 409) return false
  const body = await response
    .clone()
    .json()
    .catch(() => undefined)
  return (body as { code?: string } | undefined)?.code === 'IDEMPOTENCY_IN_PROGRESS'
}

/** Doubled each time, and random, so that clients that failed together do not come back together. */
function pauseAfter(attempt: number, longest: number): number {
  return Math.min(longest, FIRST_PAUSE_SECONDS * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2)
}
