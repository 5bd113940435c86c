import { createHash } from 'node:crypto'
import type { RunRecord } from './record.js'

/**
 * What tells one content of a run from another: the same for two saves that say the same, in whatever order of keys and under
 * whatever name of the dataset.
 */
export function digestOf(record: RunRecord, datasetId: string): string {
  const content = { ...record, dataset: datasetId }
  return createHash('sha256').update(JSON.stringify(content, sortedKeys)).digest('hex')
}

function sortedKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
