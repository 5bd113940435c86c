/** The Stage1 client for Node 20 and browsers. */
export type { components, operations, paths } from './api.js'
export { dataOf, type Schemas, type Stage1, type Stage1Options, stage1 } from './client.js'
export { type EventsLost, type EventsOptions, events, type Stage1Event } from './events.js'
export {
  type CallOptions,
  exportFrame,
  type FrameBody,
  type FrameMedia,
  type ImportOptions,
  type ImportReceipt,
  importFrame,
  queueImport,
  type SendFrameOptions,
  upload,
} from './frames.js'
export { type Job, JobError, type WaitOptions, waitForJob } from './jobs.js'
export {
  type DatasetFilters,
  datasets,
  folds,
  type PageOptions,
  type PredictionRow,
  predictionRows,
  type RunFilters,
  runs,
} from './pages.js'
export { Stage1Error } from './problem.js'
export type { Attempt, Fetch, RetryOptions, Send } from './retry.js'
