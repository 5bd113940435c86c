/** What a token may do, as the contract's `x-scope` names it: each scope includes those before it. */
import { DomainError } from '../errors.js'

export const EVERY_SCOPE = ['read', 'write', 'admin'] as const
export type Scope = (typeof EVERY_SCOPE)[number]

/** @throws DomainError SCOPE_MISSING when none of the scopes that a token has includes the one that is needed */
export function requireScope(has: readonly string[], needed: Scope): void {
  const enough = EVERY_SCOPE.slice(EVERY_SCOPE.indexOf(needed)) as readonly string[]
  if (has.some((scope) => enough.includes(scope))) return
  throw new DomainError('SCOPE_MISSING', `this needs a token with the scope ${needed}`, {
    needed,
    scopes: [...has],
  })
}
