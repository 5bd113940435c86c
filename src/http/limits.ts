/** Rate limits by koa-ratelimit: one per address before the token is looked at, one per token after it. */
import type { Context } from 'koa'
import rateLimit from 'koa-ratelimit'
import { DomainError } from '../errors.js'

const MINUTE_MS = 60_000

/**
 * Seconds by the clock that koa-ratelimit counts with: the system's when the process started, and from there on one that nobody
 * sets.
 */
const STARTED_AT = (Date.now() - performance.now()) / 1000
const now = () => STARTED_AT + performance.now() / 1000

export type Limiter = (ctx: Context) => Promise<void>

/**
 * Counts requests a minute under what `identify` says.
 * @throws DomainError RATE_LIMITED (from the returned function) when there were more than `max`
 */
export function perMinute(max: number, identify: (ctx: Context) => string): Limiter {
  const counts = new Map<string, { reset: number }>()
  sweepExpired(counts)
  const limit = rateLimit({ driver: 'memory', db: counts, duration: MINUTE_MS, max, id: identify, throw: true })
  return async (ctx) => {
    try {
      await limit(ctx, async () => {})
      wholeSeconds(ctx)
    } catch (error) {
      if ((error as { status?: number }).status !== 429) throw error
      wholeSeconds(ctx)
      const retryAfter = Math.max(1, Math.floor(Number(ctx.response.get('X-RateLimit-Reset')) - now()))
      throw new DomainError('RATE_LIMITED', `more than ${max} requests a minute; try again in ${retryAfter} s`, {
        limit: max,
        retry_after: retryAfter,
      })
    }
  }
}

/** koa-ratelimit writes the time of the reset with a fraction. */
function wholeSeconds(ctx: Context): void {
  const reset = Number(ctx.response.get('X-RateLimit-Reset'))
  if (reset > 0) ctx.set('X-RateLimit-Reset', String(Math.ceil(reset)))
}

/** The memory driver never forgets a caller; without this an attacker's addresses would fill the heap. */
function sweepExpired(counts: Map<string, { reset: number }>): void {
  setInterval(() => {
    for (const [id, { reset }] of counts) if (reset < now()) counts.delete(id)
  }, MINUTE_MS).unref()
}
