/**
 * One AbortSignal a request: its time is up, its client has left, or the server must stop. An operation that the contract calls
 * `x-open-ended` has no time limit, and is the first to go when the server stops, since it would not end by itself.
 */
import type { Context, Middleware } from 'koa'
import type { Operation } from 'openapi-backend'
import type { Config } from '../config.js'
import { DomainError } from '../errors.js'
import { frameMembersOf } from './body.js'

/** These tell of the server itself and answer at any time. */
export const HEALTH_PATHS = new Set(['/healthz', '/readyz', '/api/health'])

/** For a process that only works the queue: to a client it says nothing about what is stored, so that the next one is asked. */
export function healthOnly(): Middleware {
  return async (ctx, next) => {
    if (!HEALTH_PATHS.has(ctx.path))
      throw new DomainError('NOT_SERVED_HERE', 'this server only runs jobs; send requests to one with the role api')
    return next()
  }
}

/** What a request that is ended because the server stops has for its last words. */
const FAREWELL_MS = 1000

export function requestSignals(limits: Config['limits']) {
  const running = new Set<AbortController>()
  /** With the token that each was let in with. */
  const openEnded = new Map<AbortController, string | undefined>()
  const state = { starting: true, draining: false, open: 0, onIdle: () => {} }

  const middleware: Middleware = async (ctx, next) => {
    try {
      await admitted(ctx, next)
    } finally {
      // The next request on this connection would meet a server that is gone.
      if (state.draining) ctx.set('Connection', 'close')
    }
  }

  const admitted: Middleware = async (ctx, next) => {
    // A body that breaks the rules of HTTP ends its connection before anybody looks at the request.
    if (ctx.req.socket.destroyed) throw new DomainError('CANCELLED', 'the client has left')
    if (!HEALTH_PATHS.has(ctx.path)) {
      if (state.draining) throw new DomainError('DRAINING', 'the server is stopping; try again shortly')
      if (state.starting)
        throw new DomainError('POSTGRES_UNAVAILABLE', 'the server is starting and waits for PostgreSQL')
    }
    state.open++
    const answered = new Promise<void>((done) => ctx.res.once('close', done))
    try {
      await next()
    } finally {
      void answered.then(() => {
        state.open--
        if (state.open === 0) state.onIdle()
      })
    }
  }

  /** Its timer runs until the answer has been sent, so that it bounds streams too. */
  function signalFor(ctx: Context, operation: Operation): AbortSignal {
    const request = new AbortController()
    const { 'x-open-ended': isOpenEnded } = operation as { 'x-open-ended'?: boolean }
    if (isOpenEnded) openEnded.set(request, ctx.state.tokenId)
    else running.add(request)
    ctx.state.openEnded = isOpenEnded
    const timer = isOpenEnded ? undefined : limit(request, secondsFor(ctx, operation))
    ctx.res.once('close', () => {
      clearTimeout(timer)
      running.delete(request)
      openEnded.delete(request)
      request.abort(new DomainError('CANCELLED', 'the client has left'))
    })
    return request.signal
  }

  function limit(request: AbortController, seconds: number): NodeJS.Timeout {
    const late = () =>
      request.abort(new DomainError('TIME_LIMIT', `the request took longer than its ${seconds} s`, { seconds }))
    return setTimeout(late, seconds * 1000)
  }

  function secondsFor(ctx: Context, operation: Operation): number {
    if (frameMembersOf(operation)) return limits.transfer_seconds
    const asked = Number(ctx.query.timeout)
    return Number.isInteger(asked) && asked > 0 ? Math.min(asked, limits.max_request_seconds) : limits.request_seconds
  }

  /** Resolves when no request is open, or when the time is over. */
  async function idleWithin(ms: number): Promise<void> {
    if (state.open === 0) return
    let timer: NodeJS.Timeout | undefined
    const idle = new Promise<void>((done) => {
      state.onIdle = done
      timer = setTimeout(done, ms)
    })
    await idle
    clearTimeout(timer)
  }

  return {
    middleware,
    signalFor,
    /** Requests are taken from now on. */
    open(): void {
      state.starting = false
    },
    get starting() {
      return state.starting
    },
    get draining() {
      return state.draining
    },
    /** The tokens with which requests without an end of their own are open. */
    openTokens(): string[] {
      return [...new Set(openEnded.values())].filter((tokenId) => tokenId !== undefined)
    },
    /** Ends requests without an end of their own whose token is not among these. */
    closeOthers(live: ReadonlySet<string>, among: readonly string[]): void {
      const ended = new Set(among.filter((tokenId) => !live.has(tokenId)))
      const reason = new DomainError('UNAUTHORIZED', 'the token has expired or was revoked')
      for (const [request, tokenId] of openEnded) if (tokenId && ended.has(tokenId)) request.abort(reason)
    },
    /**
     * Refuses new requests; resolves when those that run have ended. What has not after `limitMs` is ended with this reason, and has a
     * moment to say so and to remove what it leaves behind.
     */
    async drain(limitMs: number, reason: DomainError): Promise<void> {
      state.draining = true
      for (const request of openEnded.keys()) request.abort(reason)
      await idleWithin(limitMs)
      for (const request of running) request.abort(reason)
      await idleWithin(FAREWELL_MS)
    },
  }
}
