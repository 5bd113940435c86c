/** Whether the table that is there is the one that a client takes it for. */
import { DomainError } from '../errors.js'
import type { QuestDbClient } from '../questdb/client.js'
import { type TableColumn, tableStates } from '../questdb/table-states.js'
import type { LoadPlan } from './load-plan.js'

/**
 * The plan as it holds for the measurement as it is: rows that are appended are told apart by the keys that it has.
 * @throws DomainError MEASUREMENT_EXISTS when it was to be created, MEASUREMENT_DIFFERS when the client said other keys or
 *   partitions of it
 */
export async function planFor(
  plan: LoadPlan,
  existing: readonly TableColumn[] | null,
  { client, signal }: { readonly client: QuestDbClient; readonly signal: AbortSignal },
): Promise<LoadPlan> {
  if (!existing || plan.mode === 'replace') return plan
  if (plan.madeBefore) return plan
  if (plan.mode === 'create') throw measurementExists(plan.target)
  const designated = existing.find((column) => column.designated)?.name.toLowerCase()
  const stored = existing.filter((column) => column.upsertKey).map((column) => column.name.toLowerCase())
  const differences = {
    ...keyDifference(plan, stored, designated),
    ...(await partitionDifference(plan, client, signal)),
  }
  if (Object.keys(differences).length > 0) throw measurementDiffers(plan.target, differences)
  const besideTime = (names: readonly string[]) => names.filter((name) => name !== designated)
  const fitting = { ...plan, required: besideTime(plan.required) }
  if (stored.length === 0) return { ...fitting, dedupKeys: besideTime(plan.dedupKeys) }
  return { ...fitting, dedupKeys: ['timestamp', ...besideTime(stored)], dedupKeysIfPresent: [] }
}

export function measurementExists(measurement: string): DomainError {
  return new DomainError(
    'MEASUREMENT_EXISTS',
    `measurement ${measurement} exists, and mode=create makes new ones only; nothing was stored`,
    { measurement },
  )
}

interface Difference {
  readonly stored: unknown
  readonly sent: unknown
}

/** A table without keys has none to differ from: it gets those that were sent. */
function keyDifference(
  { declared }: LoadPlan,
  stored: readonly string[],
  designated: string | undefined,
): Record<string, Difference> {
  if (!declared?.dedupKeys || stored.length === 0) return {}
  const sent = new Set(declared.dedupKeys.filter((key) => key !== designated))
  const others = stored.filter((key) => key !== designated)
  if (sent.size === others.length && others.every((key) => sent.has(key))) return {}
  return { dedup_keys: { stored: ['timestamp', ...others], sent: ['timestamp', ...sent] } }
}

async function partitionDifference(
  { declared, target }: LoadPlan,
  client: QuestDbClient,
  signal: AbortSignal,
): Promise<Record<string, Difference>> {
  if (!declared?.partitionBy) return {}
  const [state] = await tableStates(client, { names: [target] }, { signal })
  if (!state || state.partitionBy === declared.partitionBy) return {}
  return { partition_by: { stored: state.partitionBy, sent: declared.partitionBy } }
}

function measurementDiffers(measurement: string, differences: Record<string, Difference>): DomainError {
  const told = Object.entries(differences).map(([name, { stored, sent }]) => `${name} ${stored}, not ${sent}`)
  return new DomainError(
    'MEASUREMENT_DIFFERS',
    `measurement ${measurement} has ${told.join(' and ')}; leave out what differs, or send mode=replace`,
    { measurement, ...differences },
  )
}
