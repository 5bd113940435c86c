/** Rate limits by koa-ratelimit: one per address before the token is looked at, others per token after it. */
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

export interface Limiter {
  /** Counts the request. @throws DomainError RATE_LIMITED when there were more than the limit lets through */
  count(ctx: Context): Promise<void>
  /** Takes back what was counted of this request. */
  takeBack(ctx: Context): Promise<void>
  /** What is left, without counting. */
  left(ctx: Context): Promise<RequestLimit>
}

export interface Limit {
  /** Tells it from other limits: in headers, in `GET /api/auth/me`, and where counts are shared. */
  readonly name: string
  /** Requests a minute. */
  readonly max: number
  readonly identify: (ctx: Context) => string
}

/** A count as koa-ratelimit's memory driver keeps it; `remaining` is one more than what is left, and 0 once a request was refused. */
interface OwnCount {
  reset: number
  remaining: number
}

/**
 * Counts requests a minute under what `identify` says: for all processes together where they share their counts, and each for itself
 * while these can't be had. The client is told what is left (draft-ietf-httpapi-ratelimit-headers). Refusing everybody then would make Redis an engine that the server can't work without.
 */
export function perMinute({ name, max, identify }: Limit, shared: SharedCounts | undefined): Limiter {
  const counts = new Map<string, OwnCount>()
  sweepExpired(counts)
  const options = { duration: MINUTE_MS, max, throw: true }
  const own = rateLimit({ ...options, driver: 'memory', db: counts, id: identify })
  const common =
    shared && rateLimit({ ...options, driver: 'redis', db: shared.redis, namespace: `stage1:${name}`, id: identify })
  const ownCount = (ctx: Context) => counts.get(`limit:${identify(ctx)}`)
  const commonKey = (ctx: Context) => `stage1:${name}:${identify(ctx)}`

  async function countAlone(ctx: Context): Promise<void> {
    try {
      await own(ctx, nothing)
    } catch (error) {
      // Else a place that is given back would be lost to the request that was refused for want of it.
      const count = ownCount(ctx)
      if (isRefusal(error) && count) count.remaining = 1
      throw error
    }
  }

  /** What the shared counts say, or else what this process knows by itself. */
  async function where<T>(together: (counts: SharedCounts) => Promise<T>, alone: () => Promise<T>): Promise<T> {
    if (!shared?.isThere) return alone()
    try {
      const result = await together(shared)
      shared.found()
      return result
    } catch (error) {
      if (isRefusal(error)) throw error
      shared.lost(error)
      return alone()
    }
  }

  return {
    async count(ctx) {
      try {
        await where(
          async () => common?.(ctx, nothing),
          () => countAlone(ctx),
        )
        tell(ctx, written(ctx, name, max))
      } catch (error) {
        if (!isRefusal(error)) throw error
        tell(ctx, written(ctx, name, max))
        const retryAfter = Math.max(1, Math.floor(Number(ctx.response.get('X-RateLimit-Reset')) - now()))
        const sentence = `more than ${max} requests a minute, by the limit "${name}"; try again in ${retryAfter} s`
        throw new DomainError('RATE_LIMITED', sentence, { name, limit: max, retry_after: retryAfter })
      }
    },
    async takeBack(ctx) {
      await where(
        async ({ redis }) => {
          await redis.zpopmax(commonKey(ctx))
        },
        async () => {
          const count = ownCount(ctx)
          if (count) count.remaining += 1
        },
      )
      const limits: RequestLimit[] = ctx.state.limits ?? []
      const counted = limits.find((limit) => limit.name === name)
      if (counted) tell(ctx, { ...counted, remaining: counted.remaining + 1 })
    },
    left: (ctx) =>
      where(
        async ({ redis }) => {
          const [key, since] = [commonKey(ctx), `(${Date.now() - MINUTE_MS}`]
          const [counted, oldest] = await Promise.all([
            redis.zcount(key, since, '+inf'),
            redis.zrangebyscore(key, since, '+inf', 'LIMIT', 0, 1),
          ])
          const reset = oldest[0] === undefined ? now() : (Number(oldest[0]) + MINUTE_MS) / 1000
          return limitOf(name, max, max - counted, reset)
        },
        async () => {
          const count = ownCount(ctx)
          return !count || count.reset < now()
            ? limitOf(name, max, max, now())
            : limitOf(name, max, count.remaining - 1, count.reset)
        },
      ),
  }
}

async function nothing(): Promise<void> {}

function isRefusal(error: unknown): boolean {
  return (error as { status?: number }).status === 429
}

/** The limit as koa-ratelimit has written it into the headers. */
function written(ctx: Context, name: string, max: number): RequestLimit {
  const reset = Math.ceil(Number(ctx.response.get('X-RateLimit-Reset')))
  ctx.set('X-RateLimit-Reset', String(reset))
  return limitOf(name, max, Number(ctx.response.get('X-RateLimit-Remaining')), reset)
}

/** @param reset when its window ends, in seconds */
function limitOf(name: string, max: number, left: number, reset: number): RequestLimit {
  return {
    name,
    limit: max,
    remaining: Math.max(0, left),
    window_seconds: MINUTE_MS / 1000,
    reset_seconds: Math.max(0, Math.min(MINUTE_MS / 1000, Math.ceil(reset - now()))),
  }
}

/** Adds the limit to those that the request has been counted against; what koa-ratelimit writes is of the last one alone. */
function tell(ctx: Context, spent: RequestLimit): void {
  const before: RequestLimit[] = ctx.state.limits ?? []
  const limits = [...before.filter(({ name }) => name !== spent.name), spent]
  ctx.state.limits = limits
  ctx.set('X-RateLimit-Remaining', String(spent.remaining))
  ctx.set('RateLimit-Policy', limits.map((l) => `"${l.name}";q=${l.limit};w=${l.window_seconds}`).join(', '))
  ctx.set('RateLimit', limits.map((l) => `"${l.name}";r=${l.remaining};t=${l.reset_seconds}`).join(', '))
}

/** The memory driver never forgets a caller; without this an attacker's addresses would fill the heap. */
function sweepExpired(counts: Map<string, OwnCount>): void {
  setInterval(() => {
    for (const [id, { reset }] of counts) if (reset < now()) counts.delete(id)
  }, MINUTE_MS).unref()
}
