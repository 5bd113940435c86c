/** How rows become part of a dataset's frame, whatever way they come, and what is said of them afterwards. */
import type { components } from '../../generated/api.js'
import type { FrameSource } from '../frames/open.js'
import type { SpooledBody } from '../frames/spooled.js'
import type { QuestDbClient } from '../questdb/client.js'
import { type LoadRequest, type LoadResult, loadReceipt } from '../transfers/service.js'
import { appendWarnings } from './append-warnings.js'
import { type FrameKind, measurementOf } from './frame-kind.js'
import type { StoredDataset } from './service.js'

export type AppendReceipt = components['schemas']['AppendReceipt']

const REQUIRED: Record<FrameKind, readonly string[]> = { ohlcv: ['open', 'high', 'low', 'close'], indicators: [] }

/** The load that adds rows to a frame; the same rows again change nothing. */
export function frameLoad(dataset: StoredDataset, kind: FrameKind, source: FrameSource): LoadRequest {
  return {
    source,
    target: measurementOf(dataset, kind),
    owner: { kind: 'dataset', id: dataset.dataset_id },
    mode: 'append',
    dedupKeys: ['timestamp'],
    dedupKeysIfPresent: [],
    partitionBy: 'MONTH',
    types: new Map(),
    otherwise: 'double',
    required: REQUIRED[kind],
    filled: REQUIRED[kind],
    renamed: new Map(),
  }
}

/** What an append is answered: its counts, and what looks odd in its rows. */
export async function appendReceipt(
  questdb: QuestDbClient,
  dataset: StoredDataset,
  kind: FrameKind,
  result: LoadResult,
  spooled: Pick<SpooledBody, 'bytes' | 'digest' | 'startedAt'>,
): Promise<AppendReceipt> {
  const { rows_deduplicated: duplicates, ...receipt } = loadReceipt(result, spooled)
  const warnings = await appendWarnings(questdb, dataset, kind, result)
  const { dataset_id } = dataset
  return { dataset_id, measurement: measurementOf(dataset, kind), ...receipt, duplicates, warnings }
}
