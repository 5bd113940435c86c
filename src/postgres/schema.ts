/** The tables of PostgreSQL as Kysely sees them. Columns shared with the desktop carry its names. */
import type { ColumnType, Generated, GeneratedAlways } from 'kysely'
import type { Int8, Json, Timestamp } from './column-types.js'
import type { AuditTable, IdempotencyKeysTable, StreamTicketsTable, TokensTable } from './schema-access.js'

/** Id of the work that has made a record; written once. */
type MadeBy = ColumnType<string | null, string | undefined, never>

export interface DatasetsTable {
  dataset_id: string
  dataset_slug: string
  symbol: string
  granularity: string
  source: string
  bar_interval_ms: Int8
  lookback_rows: Int8
  ohlcv_measurement: string
  indicator_measurement: string
  ohlcv_row_count: Int8
  indicator_row_count: Int8
  first_ohlcv_ts: Int8
  last_ohlcv_ts: Int8
  first_indicator_ts: Int8
  last_indicator_ts: Int8
  metadata: Json
  /** Slug and symbol in lower case, for searches. */
  search_text: ColumnType<string, never, never>
  created_at: Timestamp
  updated_at: Timestamp
  made_by: MadeBy
}

export interface DatasetAliasesTable {
  alias_id: string
  dataset_id: string
  created_at: Generated<Date>
}

export interface RunsTable {
  run_id: string
  dataset_id: string
  prediction_measurement: string
  target_column: string
  feature_columns: ColumnType<string[], string, string>
  hyperparameters: Json
  walk_config: Json
  summary_metrics: Json
  status: string
  requested_by: string
  started_at: ColumnType<Date | null, Date | null, Date | null>
  completed_at: ColumnType<Date | null, Date | null, Date | null>
  duration_ms: ColumnType<number | null, number | null, number | null>
  extra: Json
  fold_count: number
  /** What the last save was answered. */
  receipt: ColumnType<Record<string, unknown>, never, string>
  /** Id, measurement and target in lower case, for searches. */
  search_text: ColumnType<string, never, never>
  /** SHA-256 of the record and its folds: the same save again is recognised by it. */
  content_digest: string
  /** When the save that stands here was accepted: one that was accepted before it and is done after it never takes its place. */
  accepted_at: ColumnType<Date, Date, Date>
  created_at: Timestamp
  updated_at: Timestamp
  made_by: MadeBy
}

/** Kept by a trigger; how many runs a dataset has in a status. */
export interface RunCountsTable {
  dataset_id: string
  status: string
  runs: number
}

export interface FoldsTable {
  run_id: string
  fold_number: number
  train_start_idx: number
  train_end_idx: number
  test_start_idx: number
  test_end_idx: number
  train_start_ts_ms: number | null
  train_end_ts_ms: number | null
  test_start_ts_ms: number | null
  test_end_ts_ms: number | null
  samples_train: number
  samples_test: number
  best_iteration: number | null
  best_score: number | null
  thresholds: Json
  metrics: Json
  extra: Json
}

export interface RunDocumentsTable {
  run_id: string
  renderer_version: number
  etag: string
  document_gzip: Buffer
}

export interface SimulationsTable {
  simulation_id: string
  /** As the client sent it, whether or not it names a run that is here. */
  run_id: string
  /** As the client sent it, whether or not it names a dataset that is here. */
  dataset_id: string
  input_run_measurement: string
  questdb_namespace: string
  mode: string
  status: string
  config: Json
  summary_metrics: Json
  started_at: ColumnType<Date | null, Date | null, Date | null>
  completed_at: ColumnType<Date | null, Date | null, Date | null>
  extra: Json
  trade_count: number
  /** SHA-256 of the record, its buckets and trades: the same save again is recognised by it. */
  content_digest: string
  created_at: Timestamp
  updated_at: Timestamp
  made_by: MadeBy
}

export interface SimulationBucketsTable {
  simulation_id: string
  /** Position in the request. */
  bucket_index: number
  side: string
  trade_count: number | null
  win_count: number | null
  profit_factor: number | null
  avg_return_pct: number | null
  max_drawdown_pct: number | null
  notes: string
  /** Made by the server from the trades. */
  computed: boolean
  extra: Json
}

export interface SimulationTradesTable {
  simulation_id: string
  /** Position in the request. */
  trade_index: number
  trade_id: string
  fold_index: number | null
  side: string
  size: number | null
  entry_price: number | null
  exit_price: number | null
  pnl: number | null
  return_pct: number | null
  entry_signal: number | null
  exit_signal: number | null
  /** Unix ms; 0 = unknown. */
  entry_timestamp: Int8
  exit_timestamp: Int8
  extra: Json
}

export interface JobsTable {
  job_id: Generated<string>
  type: string
  status: 'PENDING' | 'RUNNING' | 'COMPLETED' | 'FAILED' | 'CANCELLED'
  /** What the client may see of the job. */
  payload: Json
  /** What the worker needs: spool file, options. */
  input: Json
  result: ColumnType<Record<string, unknown> | null, string | null, string | null>
  progress: Int8
  total: Int8
  unit: string
  phase: string
  message: string
  error: string
  error_code: string
  /** Of what the job loads. */
  size_bytes: Int8
  /** What the job loads into, in lower case; null when it loads into nothing. */
  measurement: string | null
  /** What an earlier start was about to put in its place, as the work itself tells. */
  intent: ColumnType<Record<string, unknown> | null, never, string>
  /** Whose job it is; null where no token is asked for. */
  token_id: string | null
  attempts: number
  /** After so many starts the job is given up; an engine that was away and a retry allow more. */
  attempts_allowed: Generated<number>
  /** Starts that found an engine away. */
  engine_failures: Generated<number>
  cancel_requested_at: ColumnType<Date | null, never, Date | null>
  /** Its effect was being put in place when it was last heard of. */
  effect_begun: Generated<boolean>
  /** Until then what a failed job needs is kept, so that it can be tried again. */
  retry_until: ColumnType<Date | null, never, Date | null>
  /** Grows with every claim; a write under an older number is refused. */
  fence: Int8
  lease_owner: string | null
  lease_until: ColumnType<Date | null, Date | null, Date | null>
  run_after: Timestamp
  /** Its place in the queue: small ones go before large ones. */
  rank_at: GeneratedAlways<Date>
  created_at: Timestamp
  updated_at: Timestamp
  started_at: ColumnType<Date | null, Date | null, Date | null>
  completed_at: ColumnType<Date | null, Date | null, Date | null>
}

/** What has happened, in the order of its numbers. */
export interface EventsTable {
  event_id: Generated<number>
  topic: string
  type: string
  subject: string
  job_id: string | null
  data: Json
  created_at: Generated<Date>
}

/** One row. */
export interface EventsRemovedTable {
  /** Events up to this number have been removed because of their age. */
  up_to: Int8
}

/** Frames that wait until a save names them. */
export interface UploadsTable {
  upload_id: Generated<string>
  filename: string
  /** Where the body lies, as a job would remember it. */
  spool: Json
  created_at: Generated<Date>
  expires_at: Timestamp
}

/** Files that export jobs have made. */
export interface DownloadsTable {
  download_id: string
  job_id: string
  filename: string
  media_type: string
  bytes: Int8
  /** As in Content-Digest (RFC 9530). */
  digest: string
  row_count: Int8
  created_at: Generated<Date>
  expires_at: Timestamp
}

/** Tables of QuestDB that are not published yet, or no longer: what a crash may leave behind. */
export interface StagedTablesTable {
  table_name: string
  target: string
  /** Until it is settled that the target's new rows stay, `replaced`: its former ones, `created`: where they came from; else `staging`. */
  role: 'staging' | 'replaced' | 'created'
  /** Somebody has begun to take the load back. */
  recovering: Generated<boolean>
  created_at: Generated<Date>
}

/** Whose rows a measurement holds; its name in lower case. */
export interface MeasurementOwnersTable {
  measurement: string
  owner_kind: 'dataset' | 'run'
  owner_id: string
  created_at: Generated<Date>
}

/** View: a dataset with what refers to it. */
export interface DatasetCatalogView {
  dataset_id: string
  run_count: number
  simulation_count: number
}

/** View: a simulation with the run and the dataset that it is found to belong to; null while they are not here. */
export interface SimulationCatalogView extends Omit<SimulationsTable, 'made_by'> {
  known_run_id: string | null
  known_dataset_id: string | null
  dataset_slug: string | null
}

/** View: the simulations of each run that is here. */
export interface RunSimulationsView {
  run_id: string
  simulation_id: string
}

/** View: the simulations of each dataset that is here. */
export interface DatasetSimulationsView {
  dataset_id: string
  simulation_id: string
}

export interface Database {
  stage1_datasets: DatasetsTable
  stage1_dataset_aliases: DatasetAliasesTable
  walkforward_runs: RunsTable
  walkforward_run_counts: RunCountsTable
  walkforward_folds: FoldsTable
  walkforward_run_documents: RunDocumentsTable
  simulation_runs: SimulationsTable
  simulation_trade_buckets: SimulationBucketsTable
  simulation_trades: SimulationTradesTable
  stage1_jobs: JobsTable
  stage1_events: EventsTable
  stage1_events_removed: EventsRemovedTable
  stage1_tokens: TokensTable
  stage1_stream_tickets: StreamTicketsTable
  stage1_audit: AuditTable
  stage1_staged_tables: StagedTablesTable
  stage1_uploads: UploadsTable
  stage1_downloads: DownloadsTable
  stage1_idempotency_keys: IdempotencyKeysTable
  stage1_measurement_owners: MeasurementOwnersTable
  dataset_catalog: DatasetCatalogView
  simulation_catalog: SimulationCatalogView
  run_simulations: RunSimulationsView
  dataset_simulations: DatasetSimulationsView
}
