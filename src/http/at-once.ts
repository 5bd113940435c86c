/** How many requests of a kind one token may have open at once; the contract's `x-at-once` names the kind of an operation. */
import type { Context } from 'koa'
import type { Operation } from 'openapi-backend'
import { DomainError } from '../errors.js'

type AtOnce = 'exports' | 'queries' | 'streams'

/**
 * Holds a place for the request until its answer has been sent, of those that its token has for its kind. This process counts for itself.
 * @throws DomainError TOO_MANY_AT_ONCE (from the returned function), or CANCELLED when the client has left already
 */
export function placesAtOnce(limits: Readonly<Record<AtOnce, number>>): (ctx: Context, operation: Operation) => void {
  const taken = new Map<string, number>()
  return (ctx, operation) => {
    const { 'x-at-once': kind } = operation as { 'x-at-once'?: AtOnce }
    if (kind === undefined) return
    // Nobody would tell that its answer has ended.
    if (ctx.res.closed) throw new DomainError('CANCELLED', 'the client has left')
    const holder = `${kind} ${ctx.state.tokenId ?? ctx.ip}`
    const open = taken.get(holder) ?? 0
    if (open >= limits[kind]) {
      const sentence = `this token has ${open} ${kind} open, and no more may be at once; try again when one has ended`
      throw new DomainError('TOO_MANY_AT_ONCE', sentence, { kind, limit: limits[kind] })
    }
    taken.set(holder, open + 1)
    ctx.res.once('close', () => {
      const rest = (taken.get(holder) ?? 1) - 1
      if (rest === 0) taken.delete(holder)
      else taken.set(holder, rest)
    })
  }
}
