import { createHash } from 'node:crypto'

/** What tells one content of a record from another: the same for two that say the same, in whatever order of keys. */
export function contentDigest(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content, sortedKeys)).digest('hex')
}

function sortedKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
