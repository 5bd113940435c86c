/** What an operation costs the server, as its contract says in `x-cost`. */
import type { Operation } from 'openapi-backend'

/** `reading` is what every request is; `writing` and `heavy` have limits of their own beside that. */
export type Cost = 'reading' | 'writing' | 'heavy'

/** @throws Error for an operation that asks for a token but names no cost, which is a fault of the contract */
export function costOf(operation: Operation): Cost {
  const { 'x-cost': cost } = operation as { 'x-cost'?: Cost }
  if (cost === undefined) throw new Error(`${operation.operationId} asks for a token and has no x-cost`)
  return cost
}
