import { contentDigest } from '../records/digest.js'
import type { RunRecord } from './record.js'

/** The content's digest, the same under whatever name of the dataset the run was sent. */
export function digestOf(record: RunRecord, datasetId: string): Promise<string> {
  return contentDigest({ ...record, dataset: datasetId })
}
