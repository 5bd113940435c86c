/** Rate limits by koa-ratelimit: one per address before the token is looked at, one per token after it. */
import type { Context } from 'koa'
import rateLimit from 'koa-ratelimit'
import { DomainError } from '../errors.js'
import type { RequestLimit } from './contract.js'
import type { SharedCounts } from './shared-counts.js'

const MINUTE_MS = 60_000

/**
 * Seconds by the clock that koa-ratelimit counts with: the system's when the process started, and from there on one that nobody
 * sets.
 */
const STARTED_AT = (Date.now() - performance.now()) / 1000
const now = () => STARTED_AT + performance.now() / 1000

export type Limiter = (ctx: Context) => Promise<void>

export interface Limit {
  /** Tells it from other limits: in headers, in `GET /api/auth/me`, and where counts are shared. */
  readonly name: string
  /** Requests a minute. */
  readonly max: number
  readonly identify: (ctx: Context) => string
}

/**
 * Counts requests a minute under what `identify` says: for all processes together where they share their counts, and each for itself
 * while these can't be had. The client is told what is left (draft-ietf-httpapi-ratelimit-headers). Refusing everybody then would make Redis an engine that the server can't work without.
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
      tell(ctx, name, max)
    } catch (error) {
      if (!isRefusal(error)) throw error
      tell(ctx, name, max)
      const retryAfter = Math.max(1, Math.floor(Number(ctx.response.get('X-RateLimit-Reset')) - now()))
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
