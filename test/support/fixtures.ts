/** The desktop's real payloads, and inputs that look like them. */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'

export interface RunBody {
  run: Record<string, unknown> & { run_id: string; dataset_id: string; prediction_measurement: string }
  folds: (Record<string, unknown> & {
    fold_number: number
    thresholds: Record<string, number>
    metrics: Record<string, unknown>
  })[]
}

export type SimulationBody = Record<string, unknown> & {
  simulation_id: string
  run_id: string
  dataset_id: string
  summary_metrics: Record<string, unknown>
  buckets: (Record<string, unknown> & { side: string })[]
  trades: Record<string, unknown>[]
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

export function simulationBodies(): SimulationBody[] {
  return read('simulations.json') as SimulationBody[]
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

/** A dataset as the desktop registers it; its measurements begin with `prefix`, so that rows may be appended. */
export function ownDataset(prefix: string, name: string, over: Record<string, unknown> = {}): DatasetBody {
  const slug = `${prefix}${name}`
  return {
    dataset_id: randomUUID(),
    dataset_slug: slug,
    symbol: 'BTC',
    granularity: '1h',
    bar_interval_ms: 3_600_000,
    lookback_rows: 1084,
    first_ohlcv_ts: 1_732_831_200_000,
    first_indicator_ts: 1_736_733_600_000,
    metadata: {
      version: 1,
      source: 'laptop_imgui',
      ohlcv_measurement: `${slug}_ohlcv`,
      indicator_measurement: `${slug}_ind`,
      ohlcv_rows: 9227,
      indicator_rows: 8143,
      last_ohlcv_timestamp_ms: 1_766_044_800_000,
      last_indicator_timestamp_ms: 1_766_041_200_000,
      exported_at: '2025-11-06T13:05:17Z',
    },
    ...over,
  }
}

/** The first `folds` folds of the full run, under a new id and with a measurement that begins with `prefix`. */
export function ownRun(prefix: string, dataset: string, folds: number, over: Record<string, unknown> = {}): RunBody {
  const { run, folds: all } = fullRunBody()
  const run_id = randomUUID()
  const prediction_measurement = `${prefix}wf_${run_id.slice(0, 8)}`
  const { prediction_measurement: _, ...walk_config } = run.walk_config as Record<string, unknown>
  return {
    run: { ...run, run_id, dataset_id: dataset, prediction_measurement, walk_config, ...over },
    folds: all.slice(0, folds).map((fold) => ({ ...fold, run_id: String(over.run_id ?? run_id) })),
  }
}

/** The first `trades` trades of a real simulation, under a new id, of a run and a dataset that nobody has. */
export function ownSimulation(trades: number, over: Record<string, unknown> = {}): SimulationBody {
  const [, body] = simulationBodies()
  const { total_trades: _, ...summary_metrics } = (body as SimulationBody).summary_metrics
  return {
    ...(body as SimulationBody),
    summary_metrics,
    simulation_id: randomUUID(),
    run_id: randomUUID(),
    dataset_id: randomUUID(),
    input_run_measurement: '',
    questdb_namespace: '',
    buckets: [],
    trades: (body as SimulationBody).trades.slice(0, trades),
    ...over,
  }
}

/**
 * Predictions of folds whose test spans overlap by half: most bars are predicted in two folds. Every value differs from
 * every other and has all the digits of a double.
 */
export function predictionRows(folds: number, perFold: number, start = Date.UTC(2024, 10, 28, 22)) {
  return Array.from({ length: folds * perFold }, (_, i) => {
    const fold_number = Math.floor(i / perFold)
    const bar_index = 654 + fold_number * Math.ceil(perFold / 2) + (i % perFold)
    return {
      timestamp: start + bar_index * 3_600_000,
      bar_index,
      fold_number,
      prediction: Math.sin(i + 1) * 1e-3,
      target_value: Math.cos(i + 1) / 7,
    }
  })
}

/** The run as answers show it: its flags stand in `metrics` as 1 or 0. */
export function withNumericFlags({ run, folds }: RunBody): RunBody {
  const numeric = (value: unknown) => (typeof value === 'boolean' ? Number(value) : value)
  const shownFolds = folds.map((fold) => ({
    ...fold,
    metrics: Object.fromEntries(Object.entries(fold.metrics).map(([key, value]) => [key, numeric(value)])),
  }))
  return { run, folds: shownFolds }
}

/** Of an answer only the keys that were sent, at every depth: what the server adds beside them is left out. */
export function onlySentKeys(answer: unknown, sent: unknown): unknown {
  if (Array.isArray(answer) && Array.isArray(sent)) return answer.map((item, i) => onlySentKeys(item, sent[i]))
  if (!isObject(answer) || !isObject(sent)) return answer
  const kept = Object.keys(sent).filter((key) => key in answer)
  return Object.fromEntries(kept.map((key) => [key, onlySentKeys(answer[key], sent[key])]))
}

/** Where two JSON values differ first, as a short sentence; undefined when they are the same. */
export function difference(actual: unknown, expected: unknown, at = ''): string | undefined {
  if (isObject(actual) && isObject(expected) && Array.isArray(actual) === Array.isArray(expected)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
      if (Object.hasOwn(actual, key) !== Object.hasOwn(expected, key))
        return `${at}/${key} is ${Object.hasOwn(actual, key) ? 'too much' : 'missing'}`
      const found = difference(actual[key], expected[key], `${at}/${key}`)
      if (found !== undefined) return found
    }
    return undefined
  }
  if (actual instanceof Date && expected instanceof Date && actual.getTime() === expected.getTime()) return undefined
  return actual === expected ? undefined : `${at || '/'} is ${shown(actual)} instead of ${shown(expected)}`
}

/** Fails with the first difference only: the usual diff of a run with hundreds of folds can't be read. */
export function assertSame(actual: unknown, expected: unknown, message = ''): void {
  const found = difference(actual, expected)
  if (found !== undefined) throw new Error(message === '' ? found : `${message}: ${found}`)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !(value instanceof Date)
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 200)
}
