/**
 * Who is let in: the holder of a token, or of a ticket in its place, within what the token allows and within its limits. Every request counts
 * against `token`; one that writes or is heavy counts against the limit of its cost too.
 */
import type { Context } from 'koa'
import type { Operation } from 'openapi-backend'
import type { RequestLimit } from './contract.js'
import { type Cost, costOf } from './cost.js'
import type { Limiter } from './limits.js'
import { type Scope, scopeOf } from './scope.js'

interface Holder {
  readonly tokenId: string
  readonly name: string
}

/** What the area that owns the tokens knows of them. */
export interface TokenChecks<H extends Holder> {
  /** @throws DomainError UNAUTHORIZED */
  verify(token: string): Promise<H>
  /** @throws DomainError UNAUTHORIZED */
  redeemTicket(ticket: string): Promise<H>
  /** @throws DomainError SCOPE_MISSING */
  allow(holder: H, needed: Scope): void
}

export interface Admission {
  /** @throws DomainError UNAUTHORIZED when the token is missing or wrong, SCOPE_MISSING when it does not allow what is needed, RATE_LIMITED */
  authenticate(ctx: Context, operation: Operation): Promise<void>
  /** Like `authenticate`, for the ticket that a request brings in the place of a token. */
  admit(ctx: Context, operation: Operation, ticket: string): Promise<void>
  /** The limits that requests of this one's token count against, and what is left of them. */
  limits(ctx: Context): Promise<RequestLimit[]>
}

export interface AdmissionParts<H extends Holder> {
  /** Whether tokens are asked for at all. */
  readonly enabled: boolean
  readonly tokens: TokenChecks<H>
  readonly byToken: Limiter
  readonly byCost: Readonly<Record<Exclude<Cost, 'reading'>, Limiter>>
}

export function admission<H extends Holder>({ enabled, tokens, byToken, byCost }: AdmissionParts<H>): Admission {
  async function letIn(ctx: Context, operation: Operation, who: () => Promise<H>): Promise<void> {
    if (!enabled) return
    const holder = await who()
    ctx.state.tokenId = holder.tokenId
    ctx.state.tokenName = holder.name
    await byToken.count(ctx)
    tokens.allow(holder, scopeOf(operation))
    const cost = costOf(operation)
    if (cost !== 'reading') await byCost[cost].count(ctx)
  }

  return {
    authenticate: (ctx, operation) => letIn(ctx, operation, () => tokens.verify(ctx.get('x-stage1-token'))),
    admit: (ctx, operation, ticket) => letIn(ctx, operation, () => tokens.redeemTicket(ticket)),
    async limits(ctx) {
      const counted: RequestLimit[] = ctx.state.limits ?? []
      if (!enabled) return counted
      const others = await Promise.all(Object.values(byCost).map((limiter) => limiter.left(ctx)))
      return [...counted, ...others.filter(({ name }) => !counted.some((limit) => limit.name === name))]
    },
  }
}
