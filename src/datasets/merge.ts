/**
 * What stands after a dataset is registered again. One rule: a value that is known is never replaced by one that says
 * nothing (absent, empty, 0, `unknown`); a real change is taken. A symbol that only repeats the slug is what the desktop
 * sends when it does not know the symbol, so it counts as unknown where a better one stands.
 */
import { type DatasetFacts, isUnknown } from './manifest.js'

export function mergeFacts(slug: string, known: DatasetFacts, incoming: DatasetFacts): DatasetFacts {
  const merged = mergeValues(
    known as unknown as Record<string, unknown>,
    incoming as unknown as Record<string, unknown>,
  )
  const metadata = mergeValues(known.metadata, incoming.metadata)
  const symbol = betterSymbol(slug, known.symbol, incoming.symbol)
  if (!isUnknown(metadata.symbol)) metadata.symbol = betterSymbol(slug, known.metadata.symbol, incoming.metadata.symbol)
  return { ...(merged as unknown as DatasetFacts), metadata, symbol }
}

function mergeValues(known: Record<string, unknown>, incoming: Record<string, unknown>): Record<string, unknown> {
  const merged = { ...known }
  for (const [key, value] of Object.entries(incoming)) {
    if (!saysNothing(value) || !Object.hasOwn(merged, key)) merged[key] = value
  }
  return merged
}

/** In a manifest an empty list or object says as little as empty text. */
function saysNothing(value: unknown): boolean {
  return isUnknown(value) || (typeof value === 'object' && value !== null && Object.keys(value).length === 0)
}

function betterSymbol<T>(slug: string, known: T, incoming: T): T {
  if (isUnknown(incoming)) return known
  return incoming === slug && !isUnknown(known) ? known : incoming
}
