/**
 * The SQL that every repository function sends, as text: each is called once with sample arguments on a database that answers
 * nothing and keeps what it was asked. A function without samples does not compile.
 */
import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely'
import * as audit from '../src/audit/repository.js'
import * as auth from '../src/auth/repository.js'
import * as datasets from '../src/datasets/repository.js'
import * as downloads from '../src/downloads/repository.js'
import * as events from '../src/events/repository.js'
import * as idempotency from '../src/idempotency/repository.js'
import * as leases from '../src/jobs/lease-repository.js'
import * as jobs from '../src/jobs/repository.js'
import type { Handle } from '../src/postgres/handle.js'
import type { Database } from '../src/postgres/schema.js'
import * as runs from '../src/runs/repository.js'
import * as simulations from '../src/simulations/repository.js'
import * as system from '../src/system/repository.js'
import * as transfers from '../src/transfers/repository.js'

type Samples<Repository> = {
  [F in keyof Repository as Repository[F] extends (db: Handle, ...rest: never[]) => unknown
    ? F
    : never]: Repository[F] extends (db: Handle, ...rest: infer Rest) => unknown ? Rest : never
}

const ID = '00000000-0000-4000-8000-000000000000'
const PAGE = { limit: 100, offset: 0 }
const LEASE = { owner: 'worker', seconds: 10 }
const JOB = { type: 'import', payload: {}, input: {} }

const DATASET_FACTS = {
  symbol: 'BTC',
  granularity: '1h',
  source: '',
  bar_interval_ms: 0,
  lookback_rows: 0,
  ohlcv_measurement: 'b_ohlcv',
  indicator_measurement: 'b_ind',
  ohlcv_row_count: 0,
  indicator_row_count: 0,
  first_ohlcv_ts: 0,
  last_ohlcv_ts: 0,
  first_indicator_ts: 0,
  last_indicator_ts: 0,
  metadata: '{}',
}

const RUN = {
  run_id: ID,
  dataset_id: ID,
  prediction_measurement: 'b_wf1',
  target_column: 'TGT_315',
  feature_columns: '[]',
  hyperparameters: '{}',
  walk_config: '{}',
  summary_metrics: '{}',
  status: 'COMPLETED',
  requested_by: '',
  started_at: null,
  completed_at: null,
  duration_ms: null,
  extra: '{}',
  fold_count: 0,
  content_digest: '',
  accepted_at: new Date(0),
  made_by: ID,
}

const AUDIT: Samples<typeof audit> = {
  insertEntry: [{ tokenId: ID, tokenName: '', operation: 'saveRun', requestId: ID, address: '::1' }],
  setOutcome: [1, { status: 201, errorCode: '', subject: ID }],
  listEntries: [{ before: 9, tokenId: ID, operation: 'saveRun', subject: ID }, 100],
  removeOldEntries: [365, 1000],
}

const AUTH: Samples<typeof auth> = {
  insertToken: [{ hash: Buffer.alloc(32), name: '', scopes: ['read'], expiresInSeconds: 60, rotatedFrom: null }],
  findLiveToken: [Buffer.alloc(32)],
  noteUse: [ID],
  liveTokens: [[ID]],
  shortenToken: [ID, 3600],
  revokeToken: [ID],
  findToken: [ID],
  listTokens: [PAGE],
  countTokens: [],
  removeEndedTokens: [30],
  insertTicket: [{ hash: Buffer.alloc(32), tokenId: ID, expiresInSeconds: 30 }],
  spendTicket: [Buffer.alloc(32)],
}

const DATASETS: Samples<typeof datasets> = {
  insertDataset: [{ dataset_id: ID, dataset_slug: 'b', ...DATASET_FACTS }, undefined],
  lockRegistrations: [],
  lockBySlug: ['b'],
  updateDataset: [ID, DATASET_FACTS],
  updateFigures: [
    { dataset_id: ID, ohlcv_measurement: 'b_ohlcv', indicator_measurement: 'b' },
    { ohlcv_row_count: 0, first_ohlcv_ts: 0, last_ohlcv_ts: 0 },
  ],
  findSlugOfId: [ID],
  insertAlias: [ID, ID],
  findById: [ID],
  findBySlug: ['b'],
  listDatasets: [{ symbol: 'BTC', granularity: '1h', search: 'btc' }, PAGE],
  countDatasets: [{}],
  findByMeasurement: ['b_ohlcv'],
  findIdsBySlugPart: ['btc'],
}

const EVENTS: Samples<typeof events> = {
  insertEvents: [[{ topic: 'runs', type: 'run.saved', subject: ID, data: {} }]],
  findEvents: [0, { limit: 100, upTo: 200, filter: { topics: ['runs'], jobId: ID } }],
  lastNumber: [],
  findWriters: [],
  removedUpTo: [],
  removeEvents: [7, 5000],
}

const JOBS: Samples<typeof jobs & typeof leases> = {
  insertPending: [JOB],
  insertRunning: [JOB, LEASE],
  claimNext: [LEASE, { perToken: 4, mostBytes: 1 }],
  renewLease: [ID, 1, LEASE, { intent: {} }],
  holdOwn: [ID, 1],
  setProgress: [ID, 1, { progress: 0, total: 0, unit: '', phase: '', message: '' }],
  finish: [ID, 1, { status: 'COMPLETED' }],
  requeue: [ID, 1, { delaySeconds: 5, message: '', because: 'engine away' }],
  cancelLive: [ID],
  requeueFailed: [ID, 3],
  removeEnded: [30, 1000],
  findJob: [ID],
  findVersions: [[ID]],
  listJobs: [{ type: 'import', status: 'RUNNING' }, PAGE],
  countWaiting: [ID, 1000],
  countJobs: [{ type: 'import', status: 'RUNNING' }],
  liveInputs: [],
}

const CLAIM = { holder: ID, key: 'k', owner: ID }

const IDEMPOTENCY: Samples<typeof idempotency> = {
  claimKey: [{ holder: ID, key: 'k', target: Buffer.alloc(32), body: Buffer.alloc(32) }, ID, 10],
  findKey: [ID, 'k'],
  findFirstSent: [ID],
  renewKey: [CLAIM, 10],
  keepAnswer: [CLAIM, { status: 200, headers: {}, body: '{}' }],
  releaseKey: [CLAIM],
  forgetKey: [CLAIM],
  deleteOldKeys: [24, 1000],
}

const RUNS: Samples<typeof runs> = {
  lockRun: [ID],
  lockRunId: [ID],
  upsertRun: [RUN],
  deleteFolds: [ID],
  insertFolds: [ID, []],
  upsertDocument: [{ runId: ID, rendererVersion: 1, etag: '', gzipped: Buffer.alloc(0) }],
  findDocument: [ID],
  findRun: [ID],
  setReceipt: [ID, {}],
  findReceipt: [ID],
  findFolds: [ID, PAGE],
  findNamers: ['b_wf1'],
  listRuns: [
    { datasetId: ID, status: 'COMPLETED', measurement: 'b_wf1', search: { text: 'TGT', datasetIds: [ID] } },
    PAGE,
  ],
  countRuns: [{ datasetId: ID, status: 'COMPLETED' }],
}

const SIMULATION = {
  simulation_id: ID,
  run_id: ID,
  dataset_id: ID,
  input_run_measurement: 'b_wf1',
  questdb_namespace: 'b_sim1',
  mode: 'dual',
  status: 'COMPLETED',
  config: '{}',
  summary_metrics: '{}',
  started_at: null,
  completed_at: null,
  extra: '{}',
  trade_count: 0,
  content_digest: '',
}
const SIMULATION_FILTER = { runId: ID, runAsSent: 'r', datasetId: ID, datasetAsSent: 'b', status: 'DONE', search: 'b' }

const SIMULATIONS: Samples<typeof simulations> = {
  lockSimulationId: [ID],
  findSave: [ID],
  upsertSimulation: [SIMULATION],
  deleteBuckets: [ID],
  deleteTrades: [ID],
  insertBuckets: [ID, []],
  insertTrades: [ID, []],
  findSimulation: [ID],
  findLinks: [ID],
  listSimulations: [SIMULATION_FILTER, PAGE],
  countSimulations: [SIMULATION_FILTER],
  listTrades: [ID, { side: 'long', foldIndex: 8 }, PAGE],
  countTrades: [ID, { side: 'long', foldIndex: 8 }],
}

const SYSTEM: Samples<typeof system> = { ping: [] }

const TRANSFERS: Samples<typeof transfers> = {
  insertStaged: [{ table: 'stage1_staged_x', target: 'b_ohlcv', role: 'staging' }],
  moveOn: ['stage1_staged_x', 'created'],
  beginRecovery: ['stage1_staged_x'],
  stageAgain: ['stage1_staged_x'],
  deleteStaged: ['stage1_staged_x'],
  listStaged: [],
  insertUpload: [{ uploadId: ID, filename: '', spool: {}, hours: 24 }],
  findUpload: [ID],
  deleteUpload: [ID],
  deleteExpiredUploads: [],
  listUploadSpools: [],
  findOwner: ['b_ohlcv'],
  claimMeasurement: ['b_ohlcv', { kind: 'dataset', id: ID }],
}

const DOWNLOADS: Samples<typeof downloads> = {
  insertDownload: [
    {
      download_id: ID,
      job_id: ID,
      filename: 'b.csv',
      media_type: 'text/csv',
      bytes: 0,
      digest: '',
      row_count: 0,
      hours: 24,
    },
  ],
  findDownload: [ID],
  deleteDownload: [ID],
  deleteDownloadsOf: [ID, ID],
  deleteExpiredDownloads: [],
  listDownloads: [],
}

/** SQL text by area, functions in alphabetical order. */
export async function repositorySql(): Promise<Map<string, string>> {
  return new Map([
    ['audit', await areaSql(audit, AUDIT)],
    ['auth', await areaSql(auth, AUTH)],
    ['datasets', await areaSql(datasets, DATASETS)],
    ['downloads', await areaSql(downloads, DOWNLOADS)],
    ['events', await areaSql(events, EVENTS)],
    ['idempotency', await areaSql(idempotency, IDEMPOTENCY)],
    ['jobs', await areaSql({ ...jobs, ...leases }, JOBS)],
    ['runs', await areaSql(runs, RUNS)],
    ['simulations', await areaSql(simulations, SIMULATIONS)],
    ['system', await areaSql(system, SYSTEM)],
    ['transfers', await areaSql(transfers, TRANSFERS)],
  ])
}

async function areaSql<R extends object>(repository: R, samples: Samples<R>): Promise<string> {
  const parts: string[] = ['-- Made by `make generate`; do not edit.\n']
  for (const name of Object.keys(samples).sort() as (keyof R & keyof Samples<R> & string)[]) {
    const sent = await statementsOf(
      repository[name] as (...all: unknown[]) => Promise<unknown>,
      samples[name] as unknown[],
    )
    parts.push(`-- ${name}\n${sent.join(';\n')};\n`)
  }
  return parts.join('\n')
}

async function statementsOf(call: (...all: unknown[]) => Promise<unknown>, rest: unknown[]): Promise<string[]> {
  const sent: string[] = []
  const db = new Kysely<Database>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (kysely) => new PostgresIntrospector(kysely),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
    log: (event) => {
      sent.push(event.query.sql.trim())
    },
  })
  // A function that needs a row finds none here and throws; what it asked for is known by then.
  await call(db, ...rest).catch(() => {})
  return sent
}
