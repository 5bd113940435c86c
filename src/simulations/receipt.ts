/** What a save tells its client: what was stored, what it belongs to, and what looks odd about it. */
import type { components } from '../../generated/api.js'
import type { StoredSimulation } from './answer.js'
import { oddities, type SimulationRecord } from './record.js'

export type SimulationReceipt = components['schemas']['SimulationReceipt']

/** The run and the dataset that the simulation is found to belong to. */
export type Links = Pick<StoredSimulation, 'known_run_id' | 'known_dataset_id' | 'dataset_slug'>

export function receiptOf(record: SimulationRecord, links: Links): SimulationReceipt {
  const { buckets, trades } = record
  return {
    simulation_id: record.simulation_id,
    run_id: links.known_run_id ?? record.run_id,
    dataset_id: links.known_dataset_id ?? '',
    dataset_slug: links.dataset_slug ?? '',
    run_known: links.known_run_id !== null,
    dataset_known: links.known_dataset_id !== null,
    buckets_written: buckets.length,
    buckets_computed: buckets.some((bucket) => bucket.computed),
    trades_written: trades.length,
    status: record.status,
    saved_at: new Date().toISOString(),
    success: true,
    message: `${inWords(trades.length, 'trade')} and ${inWords(buckets.length, 'bucket')} saved`,
    warnings: [...oddities(record), ...missing(record, links)],
  }
}

function missing(record: SimulationRecord, links: Links): string[] {
  const found: string[] = []
  if (links.known_run_id === null && record.run_id !== '')
    found.push(`run ${record.run_id} is not here; the simulation belongs to it as soon as it is saved`)
  if (links.known_dataset_id === null && record.dataset_id !== '')
    found.push(`dataset ${record.dataset_id} is not here; the simulation belongs to it as soon as it is registered`)
  if (links.known_dataset_id === null && record.run_id === '' && record.dataset_id === '')
    found.push('neither a run nor a dataset was named')
  return found
}

function inWords(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
