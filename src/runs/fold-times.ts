/**
 * The times of a fold's spans, looked up in its dataset's indicator rows: a client knows the rows by their positions only.
 * A start is the time of the span's first row, an end that of its last one (the position before the exclusive end).
 */
import type { QuestDbClient } from '../questdb/client.js'
import { timesAtPositions } from '../questdb/positions.js'
import type { FoldRecord } from './fold.js'

/** How long a save waits for the times before it does without. */
const LIMIT_MS = 2000

export interface TimedFolds {
  readonly folds: readonly FoldRecord[]
  readonly warnings: readonly string[]
}

/**
 * The folds with the times that are known; a fold keeps what its client sent where the rows do not tell. While QuestDB does
 * not answer, times that were found at an earlier save stay.
 * @param known the folds as they are stored
 */
export async function withTimes(
  questdb: QuestDbClient,
  measurement: string,
  folds: readonly FoldRecord[],
  known: () => Promise<readonly FoldRecord[]>,
): Promise<TimedFolds> {
  const wanted = new Set(folds.flatMap(positionsOf).filter((position) => position >= 0))
  if (wanted.size === 0) return { folds, warnings: [] }
  const found = await timesAtPositions(questdb, measurement, [...wanted], { timeoutMs: LIMIT_MS }).catch(
    () => undefined,
  )
  if (!found) return { folds: withKnownTimes(folds, await known()), warnings: [UNANSWERED] }
  if (found.rows === 0) return { folds, warnings: [] }
  const at = (position: number) => found.times.get(position) ?? null
  return { folds: folds.map((fold) => timed(fold, at)), warnings: beyond(folds, found.rows) }
}

const UNANSWERED = 'times of folds were not looked up: QuestDB did not answer in time'

function withKnownTimes(folds: readonly FoldRecord[], known: readonly FoldRecord[]): FoldRecord[] {
  const byNumber = new Map(known.map((fold) => [fold.fold_number, fold]))
  return folds.map((fold) => {
    const before = byNumber.get(fold.fold_number)
    if (!before || positionsOf(before).join() !== positionsOf(fold).join()) return fold
    return {
      ...fold,
      train_start_ts_ms: fold.train_start_ts_ms ?? before.train_start_ts_ms,
      train_end_ts_ms: fold.train_end_ts_ms ?? before.train_end_ts_ms,
      test_start_ts_ms: fold.test_start_ts_ms ?? before.test_start_ts_ms,
      test_end_ts_ms: fold.test_end_ts_ms ?? before.test_end_ts_ms,
    }
  })
}

function timed(fold: FoldRecord, at: (position: number) => number | null): FoldRecord {
  const [trainStart, trainEnd, testStart, testEnd] = positionsOf(fold).map(at)
  return {
    ...fold,
    train_start_ts_ms: trainStart ?? fold.train_start_ts_ms,
    train_end_ts_ms: trainEnd ?? fold.train_end_ts_ms,
    test_start_ts_ms: testStart ?? fold.test_start_ts_ms,
    test_end_ts_ms: testEnd ?? fold.test_end_ts_ms,
  }
}

/** Positions of the first and last row of both spans; -1 for a span without rows. */
function positionsOf(fold: FoldRecord): number[] {
  const span = (start: number, end: number) => (end > start ? [start, end - 1] : [-1, -1])
  return [...span(fold.train_start_idx, fold.train_end_idx), ...span(fold.test_start_idx, fold.test_end_idx)]
}

function beyond(folds: readonly FoldRecord[], rows: number): string[] {
  const over = folds.filter((fold) => Math.max(fold.train_end_idx, fold.test_end_idx) > rows)
  const [first] = over
  if (!first) return []
  const end = Math.max(first.train_end_idx, first.test_end_idx)
  const others = over.length > 1 ? `, and ${over.length - 1} more folds too` : ''
  return [`fold ${first.fold_number} ends at row ${end} but the dataset has ${rows} indicator rows${others}`]
}
