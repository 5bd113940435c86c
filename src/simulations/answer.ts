/** A simulation as answers show it, under every name that a client looks for. */
import type { components } from '../../generated/api.js'
import { withAliases } from '../records/aliases.js'
import { isoSeconds } from '../records/times.js'
import { type BucketRecord, renderBucket } from './bucket.js'
import { type SimulationFacts, SUMMARY_ALIASES } from './record.js'

export type Simulation = components['schemas']['Simulation']
export type SimulationDetail = components['schemas']['SimulationDetail']
export type TradesimRun = components['schemas']['TradesimRun']

/** A stored simulation with what it is found to belong to; `run_id` and `dataset_id` are still the client's own words. */
export interface StoredSimulation extends SimulationFacts {
  readonly trade_count: number
  readonly created_at: Date
  readonly updated_at: Date
  readonly known_run_id: string | null
  readonly known_dataset_id: string | null
  readonly dataset_slug: string | null
}

export function renderSimulation(stored: StoredSimulation): Simulation {
  const summary = withAliases(stored.summary_metrics, SUMMARY_ALIASES)
  return {
    parameters: stored.config,
    results: summary,
    ...stored.extra,
    simulation_id: stored.simulation_id,
    run_id: stored.known_run_id ?? stored.run_id,
    dataset_id: stored.known_dataset_id ?? stored.dataset_id,
    dataset_slug: stored.dataset_slug ?? '',
    run_known: stored.known_run_id !== null,
    dataset_known: stored.known_dataset_id !== null,
    client_run_id: stored.run_id,
    client_dataset_id: stored.dataset_id,
    input_run_measurement: stored.input_run_measurement,
    questdb_namespace: stored.questdb_namespace,
    mode: stored.mode,
    status: stored.status,
    started_at: isoSeconds(stored.started_at),
    completed_at: isoSeconds(stored.completed_at),
    config: stored.config,
    summary_metrics: summary,
    trade_count: stored.trade_count,
    created_at: stored.created_at.toISOString(),
    updated_at: stored.updated_at.toISOString(),
  }
}

export function renderDetail(stored: StoredSimulation, buckets: readonly BucketRecord[]): SimulationDetail {
  return { ...renderSimulation(stored), buckets: buckets.map(renderBucket) }
}

/** The older shape, with names in both spellings. */
export function renderTradesimRun(stored: StoredSimulation): TradesimRun {
  const shown = renderSimulation(stored)
  return {
    ...shown,
    simulationId: shown.simulation_id,
    runId: shown.run_id as string,
    datasetId: shown.dataset_id as string,
    inputRunMeasurement: stored.input_run_measurement,
    questdbNamespace: stored.questdb_namespace,
    startedAt: shown.started_at as string,
    completedAt: shown.completed_at as string,
  }
}
