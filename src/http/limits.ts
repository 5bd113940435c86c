/** Rate limits by koa-ratelimit: one per address before the token is looked at, one per token after it. */
import type { Context } from 'koa'
import rateLimit from 'koa-ratelimit'
import { DomainError } from '../errors.js'
import type { SharedCounts } from './shared-counts.js'

const MINUTE_MS = 60_000

export type Limiter = (ctx: Context) => Promise<void>

export interface Limit {
  /** Tells it from other limits where counts are shared. */
  readonly name: string
  /** Requests a minute. */
  readonly max: number
  readonly identify: (ctx: Context) => string
}

/**
 * Counts requests a minute under what `identify` says: for all processes together where they share their counts, and each for itself
 * while these can't be had. Refusing everybody then would make Redis an engine that the server can't work without.
 * @throws DomainError RATE_LIMITED (from the returned function) when there were more than `max`
 */
export function perMinute({ name, max, identify }: Limit, shared: SharedCounts | undefined): Limiter {
  const counts = new Map<string, { reset: number }>()
  sweepExpired(counts)
  const options = { duration: MINUTE_MS, max, throw: true }
  const own = rateLimit({ ...options, driver: 'memory', db: counts, id: identify })
  const common =
    shared && rateLimit({ ...options, driver: 'redis', db: shared.redis, namespace: `stage1:${name}`, id: identify })

  /** @throws what koa-ratelimit throws when there were too many */
  async function count(ctx: Context): Promise<void> {
    if (!common || !shared.isThere) return own(ctx, nothing)
    try {
      await common(ctx, nothing)
      shared.found()
    } catch (error) {
      if (isRefusal(error)) throw error
      shared.lost(error)
      await own(ctx, nothing)
    }
  }

  return async (ctx) => {
    try {
      await count(ctx)
      wholeSeconds(ctx)
    } catch (error) {
      if (!isRefusal(error)) throw error
      wholeSeconds(ctx)
      const retryAfter = Math.max(1, Number(ctx.state.rateLimit?.after ?? 1))
      throw new DomainError('RATE_LIMITED', `more than ${max} requests a minute; try again in ${retryAfter} s`, {
        limit: max,
        retry_after: retryAfter,
      })
    }
  }
}

async function nothing(): Promise<void> {}

function isRefusal(error: unknown): boolean {
  return (error as { status?: number }).status === 429
}

/** koa-ratelimit writes the time of the reset with a fraction. */
function wholeSeconds(ctx: Context): void {
  const reset = Number(ctx.response.get('X-RateLimit-Reset'))
  if (reset > 0) ctx.set('X-RateLimit-Reset', String(Math.ceil(reset)))
}

/** The memory driver never forgets a caller; without this an attacker's addresses would fill the heap. */
function sweepExpired(counts: Map<string, { reset: number }>): void {
  setInterval(() => {
    const now = Date.now() / 1000
    for (const [id, { reset }] of counts) if (reset < now) counts.delete(id)
  }, MINUTE_MS).unref()
}
