/** The desktop's real payloads, and inputs that look like them. */
import { readFileSync } from 'node:fs'

export interface RunBody {
  run: Record<string, unknown> & { run_id: string; dataset_id: string; prediction_measurement: string }
  folds: (Record<string, unknown> & {
    fold_number: number
    thresholds: Record<string, number>
    metrics: Record<string, unknown>
  })[]
}

export type DatasetBody = Record<string, unknown> & {
  dataset_id: string
  dataset_slug: string
  metadata: Record<string, unknown>
}

export function datasetBodies(): DatasetBody[] {
  return read('datasets.json') as DatasetBody[]
}

export function runBodies(): RunBody[] {
  return read('runs.json') as RunBody[]
}

export function fullRunBody(): RunBody {
  return read('run_312_full_synthetic.json') as RunBody
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../fixtures/stage1_3/${name}`, import.meta.url), 'utf8'))
}

/** Hourly bars from a start on; every value differs from every other. */
export function bars(count: number, start = Date.UTC(2024, 10, 28, 22)) {
  return Array.from({ length: count }, (_, i) => ({
    timestamp: start + i * 3_600_000,
    open: 95_000 + i * 1.25,
    high: 95_010 + i * 1.25,
    low: 94_990 + i * 1.25,
    close: 95_005 + i / 3,
    volume: 1000 + i / 7,
  }))
}
