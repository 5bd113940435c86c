/**
 * For every operation of the contract, a request that needs nothing to be stored, and what it is answered once the token allows it.
 * An operation without a row does not compile.
 */
import type { operations } from '../../generated/api.js'

export type Scope = 'read' | 'write' | 'admin'

export interface Row {
  /** The scope that a token needs. Said here once more: what the contract says by mistake must not be what it is held to. */
  readonly needs: Scope | 'none'
  /** `{…}` of the path filled in. */
  readonly path: string
  /** The status where the token allows the operation. */
  readonly allowed: number
  /** A JSON body. */
  readonly json?: unknown
}

const ID = '0b0e7a54-5d6b-4a35-9d6c-0e3a6f6f9f2c'

export const MATRIX: { readonly [Id in keyof operations]: Row } = {
  healthz: { needs: 'none', path: '/healthz', allowed: 200 },
  readyz: { needs: 'none', path: '/readyz', allowed: 200 },
  getHealth: { needs: 'none', path: '/api/health', allowed: 200 },
  issueToken: { needs: 'none', path: '/api/auth/token', allowed: 401, json: { secret: 'a wrong one' } },
  rotateToken: { needs: 'read', path: '/api/auth/rotation', allowed: 201, json: {} },
  getMe: { needs: 'read', path: '/api/auth/me', allowed: 200 },
  listTokens: { needs: 'admin', path: '/api/auth/tokens', allowed: 200 },
  revokeToken: { needs: 'admin', path: `/api/auth/tokens/${ID}`, allowed: 404 },
  listAudit: { needs: 'admin', path: '/api/audit', allowed: 200 },
  listDatasets: { needs: 'read', path: '/api/datasets', allowed: 200 },
  saveDataset: { needs: 'write', path: '/api/datasets', allowed: 400, json: {} },
  getDataset: { needs: 'read', path: '/api/datasets/none', allowed: 404 },
  getDatasetManifest: { needs: 'read', path: '/api/datasets/none/manifest', allowed: 404 },
  getDatasetIndexMap: { needs: 'read', path: '/api/datasets/none/index_map?start_idx=0&end_idx=1', allowed: 404 },
  listDatasetRuns: { needs: 'read', path: '/api/datasets/none/runs', allowed: 404 },
  readOhlcv: { needs: 'read', path: '/api/datasets/none/ohlcv', allowed: 404 },
  appendOhlcv: { needs: 'write', path: '/api/datasets/none/ohlcv/append', allowed: 404, json: { rows: [] } },
  readIndicators: { needs: 'read', path: '/api/datasets/none/indicators', allowed: 404 },
  appendIndicators: { needs: 'write', path: '/api/datasets/none/indicators/append', allowed: 404, json: { rows: [] } },
  listIndicatorDatasets: { needs: 'read', path: '/api/indicators/datasets', allowed: 200 },
  getIndicatorDataset: { needs: 'read', path: '/api/indicators/datasets/none', allowed: 404 },
  listRuns: { needs: 'read', path: '/api/runs', allowed: 200 },
  saveRun: { needs: 'write', path: '/api/runs', allowed: 400, json: {} },
  getRun: { needs: 'read', path: `/api/runs/${ID}`, allowed: 404 },
  getRunReceipt: { needs: 'read', path: `/api/runs/${ID}/receipt`, allowed: 404 },
  listRunFolds: { needs: 'read', path: `/api/runs/${ID}/folds`, allowed: 404 },
  readRunPredictions: { needs: 'read', path: `/api/runs/${ID}/predictions`, allowed: 404 },
  listSimulations: { needs: 'read', path: '/api/simulations', allowed: 200 },
  saveSimulation: { needs: 'write', path: '/api/simulations', allowed: 400, json: { trades: 1 } },
  getSimulation: { needs: 'read', path: `/api/simulations/${ID}`, allowed: 404 },
  listSimulationTrades: { needs: 'read', path: `/api/simulations/${ID}/trades`, allowed: 404 },
  listWalkforwardRuns: { needs: 'read', path: '/api/walkforward/runs', allowed: 200 },
  getWalkforwardRun: { needs: 'read', path: `/api/walkforward/runs/${ID}`, allowed: 404 },
  listTradesimRuns: { needs: 'read', path: '/api/tradesim/runs', allowed: 200 },
  getTradesimRun: { needs: 'read', path: `/api/tradesim/runs/${ID}`, allowed: 404 },
  listTradesimTrades: { needs: 'read', path: `/api/tradesim/runs/${ID}/trades`, allowed: 404 },
  listMeasurements: { needs: 'read', path: '/api/questdb/measurements', allowed: 200 },
  getMeasurement: { needs: 'read', path: '/api/questdb/measurement/none_such', allowed: 404 },
  readSeries: { needs: 'read', path: '/api/questdb/measurement/none_such/series', allowed: 404 },
  query: { needs: 'read', path: '/api/questdb/query', allowed: 200, json: { sql: 'select 1' } },
  importFrame: { needs: 'write', path: '/api/questdb/import', allowed: 400, json: {} },
  importFrameAsync: { needs: 'write', path: '/api/questdb/import/async', allowed: 400, json: {} },
  exportFrame: { needs: 'read', path: '/api/questdb/export', allowed: 400, json: {} },
  exportFrameAsync: { needs: 'read', path: '/api/questdb/export/async', allowed: 400, json: {} },
  getDownload: { needs: 'read', path: `/api/downloads/${ID}`, allowed: 404 },
  createUpload: { needs: 'write', path: '/api/uploads', allowed: 400, json: {} },
  getUpload: { needs: 'read', path: `/api/uploads/${ID}`, allowed: 404 },
  deleteUpload: { needs: 'write', path: `/api/uploads/${ID}`, allowed: 404 },
  getQuestDbJob: { needs: 'read', path: `/api/questdb/jobs/${ID}`, allowed: 404 },
  cancelQuestDbJob: { needs: 'write', path: `/api/questdb/jobs/${ID}`, allowed: 404 },
  listJobs: { needs: 'read', path: '/api/jobs', allowed: 200 },
  getJob: { needs: 'read', path: `/api/jobs/${ID}`, allowed: 404 },
  cancelJob: { needs: 'write', path: `/api/jobs/${ID}`, allowed: 404 },
  retryJob: { needs: 'write', path: `/api/jobs/${ID}/retry`, allowed: 404 },
  streamEvents: { needs: 'read', path: '/api/events', allowed: 200 },
  createStreamTicket: { needs: 'read', path: '/api/events/tickets', allowed: 201 },
}
