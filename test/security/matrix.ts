/**
 * For every operation of the contract, a request that needs nothing to be stored, and what it is answered once the token allows it.
 * An operation without a row does not compile.
 */
import type { operations } from '../../generated/api.js'

export interface Row {
  /** `{…}` of the path filled in. */
  readonly path: string
  /** The status where the token allows the operation. */
  readonly allowed: number
  /** A JSON body. */
  readonly json?: unknown
}

const ID = '0b0e7a54-5d6b-4a35-9d6c-0e3a6f6f9f2c'

export const MATRIX: { readonly [Id in keyof operations]: Row } = {
  healthz: { path: '/healthz', allowed: 200 },
  readyz: { path: '/readyz', allowed: 200 },
  getHealth: { path: '/api/health', allowed: 200 },
  issueToken: { path: '/api/auth/token', allowed: 401, json: { secret: 'a wrong one' } },
  rotateToken: { path: '/api/auth/rotation', allowed: 201, json: {} },
  getMe: { path: '/api/auth/me', allowed: 200 },
  listTokens: { path: '/api/auth/tokens', allowed: 200 },
  revokeToken: { path: `/api/auth/tokens/${ID}`, allowed: 404 },
  listAudit: { path: '/api/audit', allowed: 200 },
  listDatasets: { path: '/api/datasets', allowed: 200 },
  saveDataset: { path: '/api/datasets', allowed: 400, json: {} },
  getDataset: { path: '/api/datasets/none', allowed: 404 },
  getDatasetManifest: { path: '/api/datasets/none/manifest', allowed: 404 },
  getDatasetIndexMap: { path: '/api/datasets/none/index_map?start_idx=0&end_idx=1', allowed: 404 },
  listDatasetRuns: { path: '/api/datasets/none/runs', allowed: 404 },
  readOhlcv: { path: '/api/datasets/none/ohlcv', allowed: 404 },
  appendOhlcv: { path: '/api/datasets/none/ohlcv/append', allowed: 404, json: { rows: [] } },
  readIndicators: { path: '/api/datasets/none/indicators', allowed: 404 },
  appendIndicators: { path: '/api/datasets/none/indicators/append', allowed: 404, json: { rows: [] } },
  listIndicatorDatasets: { path: '/api/indicators/datasets', allowed: 200 },
  getIndicatorDataset: { path: '/api/indicators/datasets/none', allowed: 404 },
  listRuns: { path: '/api/runs', allowed: 200 },
  saveRun: { path: '/api/runs', allowed: 400, json: {} },
  getRun: { path: `/api/runs/${ID}`, allowed: 404 },
  getRunReceipt: { path: `/api/runs/${ID}/receipt`, allowed: 404 },
  listRunFolds: { path: `/api/runs/${ID}/folds`, allowed: 404 },
  readRunPredictions: { path: `/api/runs/${ID}/predictions`, allowed: 404 },
  listSimulations: { path: '/api/simulations', allowed: 200 },
  saveSimulation: { path: '/api/simulations', allowed: 400, json: { trades: 1 } },
  getSimulation: { path: `/api/simulations/${ID}`, allowed: 404 },
  listSimulationTrades: { path: `/api/simulations/${ID}/trades`, allowed: 404 },
  listWalkforwardRuns: { path: '/api/walkforward/runs', allowed: 200 },
  getWalkforwardRun: { path: `/api/walkforward/runs/${ID}`, allowed: 404 },
  listTradesimRuns: { path: '/api/tradesim/runs', allowed: 200 },
  getTradesimRun: { path: `/api/tradesim/runs/${ID}`, allowed: 404 },
  listTradesimTrades: { path: `/api/tradesim/runs/${ID}/trades`, allowed: 404 },
  listMeasurements: { path: '/api/questdb/measurements', allowed: 200 },
  getMeasurement: { path: '/api/questdb/measurement/none_such', allowed: 404 },
  readSeries: { path: '/api/questdb/measurement/none_such/series', allowed: 404 },
  query: { path: '/api/questdb/query', allowed: 200, json: { sql: 'select 1' } },
  importFrame: { path: '/api/questdb/import', allowed: 400, json: {} },
  importFrameAsync: { path: '/api/questdb/import/async', allowed: 400, json: {} },
  exportFrame: { path: '/api/questdb/export', allowed: 400, json: {} },
  exportFrameAsync: { path: '/api/questdb/export/async', allowed: 400, json: {} },
  getDownload: { path: `/api/downloads/${ID}`, allowed: 404 },
  createUpload: { path: '/api/uploads', allowed: 400, json: {} },
  getUpload: { path: `/api/uploads/${ID}`, allowed: 404 },
  deleteUpload: { path: `/api/uploads/${ID}`, allowed: 404 },
  getQuestDbJob: { path: `/api/questdb/jobs/${ID}`, allowed: 404 },
  cancelQuestDbJob: { path: `/api/questdb/jobs/${ID}`, allowed: 404 },
  listJobs: { path: '/api/jobs', allowed: 200 },
  getJob: { path: `/api/jobs/${ID}`, allowed: 404 },
  cancelJob: { path: `/api/jobs/${ID}`, allowed: 404 },
  retryJob: { path: `/api/jobs/${ID}/retry`, allowed: 404 },
  streamEvents: { path: '/api/events', allowed: 200 },
  createStreamTicket: { path: '/api/events/tickets', allowed: 201 },
}
