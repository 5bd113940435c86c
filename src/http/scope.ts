/** Which scope an operation needs, as its contract says in `x-scope`. */
import type { Operation } from 'openapi-backend'

export type Scope = 'read' | 'write' | 'admin'

/** @throws Error for an operation that asks for a token but names no scope, which is a fault of the contract */
export function scopeOf(operation: Operation): Scope {
  const { 'x-scope': scope } = operation as { 'x-scope'?: Scope }
  if (scope === undefined) throw new Error(`${operation.operationId} asks for a token and has no x-scope`)
  return scope
}
