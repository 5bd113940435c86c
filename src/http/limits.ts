/** Rate limits by koa-ratelimit: one per address before the token is looked at, one per token after it. */
import type { Context } from 'koa'
import rateLimit from 'koa-ratelimit'
import { DomainError } from '../errors.js'
import type { RequestLimit } from './contract.js'

const MINUTE_MS = 60_000

/**
 * Seconds by the clock that koa-ratelimit counts with: the system's when the process started, and from there on one that nobody
 * sets.
 */
const STARTED_AT = (Date.now() - performance.now()) / 1000
const now = () => STARTED_AT + performance.now() / 1000

export type Limiter = (ctx: Context) => Promise<void>

/**
 * Counts requests a minute under what `identify` says, and tells the client of it (draft-ietf-httpapi-ratelimit-headers).
 * @param name of the limit in the headers and in `GET /api/auth/me`
 * @throws DomainError RATE_LIMITED (from the returned function) when there were more than `max`
 */
export function perMinute(name: string, max: number, identify: (ctx: Context) => string): Limiter {
  const counts = new Map<string, { reset: number }>()
  sweepExpired(counts)
  const limit = rateLimit({ driver: 'memory', db: counts, duration: MINUTE_MS, max, id: identify, throw: true })
  return async (ctx) => {
    try {
      await limit(ctx, async () => {})
      tell(ctx, name, max)
    } catch (error) {
      if ((error as { status?: number }).status !== 429) throw error
      tell(ctx, name, max)
      const retryAfter = Math.max(1, Math.floor(Number(ctx.response.get('X-RateLimit-Reset')) - now()))
      throw new DomainError('RATE_LIMITED', `more than ${max} requests a minute; try again in ${retryAfter} s`, {
        limit: max,
        retry_after: retryAfter,
      })
    }
  }
}

/** Adds the limit to those that the request has been counted against; what koa-ratelimit has written is of the last one alone. */
function tell(ctx: Context, name: string, max: number): void {
  const reset = Math.ceil(Number(ctx.response.get('X-RateLimit-Reset')))
  ctx.set('X-RateLimit-Reset', String(reset))
  const spent: RequestLimit = {
    name,
    limit: max,
    remaining: Number(ctx.response.get('X-RateLimit-Remaining')),
    window_seconds: MINUTE_MS / 1000,
    reset_seconds: Math.max(0, Math.min(MINUTE_MS / 1000, Math.ceil(reset - now()))),
  }
  const limits: RequestLimit[] = [...(ctx.state.limits ?? []), spent]
  ctx.state.limits = limits
  ctx.set('RateLimit-Policy', limits.map((l) => `"${l.name}";q=${l.limit};w=${l.window_seconds}`).join(', '))
  ctx.set('RateLimit', limits.map((l) => `"${l.name}";r=${l.remaining};t=${l.reset_seconds}`).join(', '))
}

/** The memory driver never forgets a caller; without this an attacker's addresses would fill the heap. */
function sweepExpired(counts: Map<string, { reset: number }>): void {
  setInterval(() => {
    for (const [id, { reset }] of counts) if (reset < now()) counts.delete(id)
  }, MINUTE_MS).unref()
}
