/** Everything that the demo is going to save, made before it starts: two frames, a dataset's names, a run with predictions. */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { DatasetNames } from './desktop-dataset.js'
import { generateBars, generateIndicators, generatePredictions, type Row } from './generated-frames.js'

/** A body for POST /api/runs without predictions. */
export interface RunBody {
  readonly run: Readonly<Record<string, unknown>> & { readonly run_id: string }
  readonly folds: readonly (Readonly<Record<string, unknown>> & {
    readonly run_id: string
    readonly fold_number: number
    readonly test_start_idx: number
    readonly test_end_idx: number
    readonly thresholds: Readonly<Record<string, number>>
    readonly metrics: Readonly<Record<string, number | boolean>>
  })[]
}

export interface Material {
  readonly names: DatasetNames
  /** A second dataset, whose indicators come by way of CSV. */
  readonly csvNames: DatasetNames
  readonly bars: readonly Row[]
  readonly indicators: readonly Row[]
  readonly run: RunBody
  readonly predictionMeasurement: string
  readonly predictions: readonly Row[]
}

export const MEASUREMENT_PREFIX = 'demo_'

export const BAR_COLUMNS = ['open', 'high', 'low', 'close', 'volume']
export const PREDICTION_COLUMNS = [
  ...['bar_index', 'fold_number', 'prediction', 'target_value', 'long_threshold', 'short_threshold'],
]

/** @param id makes all names new; the values are the same in every run */
export function makeMaterial(id: string): Material {
  const bars = generateBars()
  const indicators = generateIndicators(bars)
  const names = datasetNames(`${MEASUREMENT_PREFIX}${id}_btc_1h`)
  const predictionMeasurement = `${names.dataset_slug}_wf1762168539`
  const run = recordedRun(names, predictionMeasurement)
  return {
    names,
    csvNames: datasetNames(`${MEASUREMENT_PREFIX}${id}_btc_1h_csv`),
    bars,
    indicators,
    run,
    predictionMeasurement,
    predictions: generatePredictions(run.folds, indicators),
  }
}

function datasetNames(slug: string): DatasetNames {
  return {
    dataset_id: randomUUID(),
    dataset_slug: slug,
    ohlcv_measurement: `${slug}_ohlcv`,
    indicator_measurement: `${slug}_ind`,
  }
}

/** The body that a desktop made of a run of 312 folds, moved to our dataset. */
function recordedRun({ dataset_id }: DatasetNames, prediction_measurement: string): RunBody {
  const file = new URL('../../fixtures/stage1_3/run_312_full_synthetic.json', import.meta.url)
  const { run, folds } = JSON.parse(readFileSync(file, 'utf8')) as RunBody
  const run_id = randomUUID()
  const walk_config = { ...(run.walk_config as object), prediction_measurement }
  return {
    run: { ...run, run_id, dataset_id, prediction_measurement, walk_config },
    folds: folds.map((fold) => ({ ...fold, run_id })),
  }
}
