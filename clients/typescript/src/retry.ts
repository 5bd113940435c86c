/**
 * Trying again, where that stores nothing twice: reading, deleting, and whatever carries an `Idempotency-Key`, which every POST gets here.
 * The server does such a request once however often it comes; but a token or a ticket may be issued twice, and a DELETE whose answer was
 * lost is a 404 the next time. It says in `Retry-After` how long to wait; without that the pauses grow.
 */
import { retryAfterOf } from './problem.js'

export type Fetch = (request: Request) => Promise<Response>

/** One try of a request. What it sends must not be the request itself, which is there for the next try. */
export type Attempt = (request: Request, fetch: Fetch) => Promise<Response>

/** Sends a request until it is answered; `once` when its body is gone after the first try. */
export type Send = (
  request: Request,
  how?: { readonly attempt?: Attempt; readonly once?: boolean },
) => Promise<Response>

export interface RetryOptions {
  /** Tries in all; 1 turns it off. */
  readonly tries?: number
  /** Longest pause between two tries, in seconds; a `Retry-After` beyond it ends the tries. */
  readonly longestPauseSeconds?: number
  /** How long to ask for the answer to a request that the server still works at, though its connection broke; 0 turns it off. */
  readonly inProgressSeconds?: number
}

const KEY = 'Idempotency-Key'
const FIRST_PAUSE_SECONDS = 0.25

/**
 * A fetch that tries again after broken connections and answers that pass: 429, 502, 503, 504 unless the request's own time limit was
 * over, and 409 while the same request runs, which is no failed try. What breaks after the answer has begun is not tried again.
 */
export function retrying(
  fetch: Fetch,
  { tries = 5, longestPauseSeconds = 30, inProgressSeconds = 900 }: RetryOptions = {},
): Send {
  return async (given, { attempt = copied, once = false } = {}) => {
    const request = keyed(given)
    const patience = performance.now() + inProgressSeconds * 1000
    for (let failed = 0; ; ) {
      let pause: number
      try {
        const response = await attempt(request, fetch)
        const fate = await fateOf(response)
        if (fate === 'passing') failed += 1
        const isLast = once || (fate === 'in progress' ? performance.now() > patience : failed >= tries)
        if (fate === 'final' || isLast) return response
        const asked = retryAfterOf(response)
        if (asked !== undefined && asked > longestPauseSeconds) return response
        pause = asked ?? pauseAfter(failed)
        await response.body?.cancel()
      } catch (error) {
        failed += 1
        if (once || failed >= tries || request.signal.aborted) throw error
        pause = pauseAfter(failed)
      }
      await sleep(Math.min(pause, longestPauseSeconds) * 1000, request.signal)
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
  if (request.method === 'POST' && !request.headers.has(KEY)) request.headers.set(KEY, newKey())
  return request
}

/** Of 128 random bits. `crypto.randomUUID` is missing in pages that came over plain HTTP. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

const copied: Attempt = (request, fetch) => fetch(request.clone())

async function fateOf(response: Response): Promise<'final' | 'passing' | 'in progress'> {
  switch (response.status) {
    case 409:
      return (await codeIn(response)) === 'IDEMPOTENCY_IN_PROGRESS' ? 'in progress' : 'final'
    case 504:
      return (await codeIn(response)) === 'TIME_LIMIT' ? 'final' : 'passing'
    case 429:
    case 502:
    case 503:
      return 'passing'
    default:
      return 'final'
  }
}

async function codeIn(response: Response): Promise<string | undefined> {
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => undefined)
  return (body as { code?: string } | null | undefined)?.code
}

/** In seconds; doubled each time, and random, so that clients that failed together do not come back together. */
function pauseAfter(failed: number): number {
  return FIRST_PAUSE_SECONDS * 2 ** Math.max(0, failed - 1) * (0.5 + Math.random() / 2)
}
