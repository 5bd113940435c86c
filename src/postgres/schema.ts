/** The tables of PostgreSQL as Kysely sees them. Columns shared with the desktop carry its names. */
import type { ColumnType, Generated, JSONColumnType } from 'kysely'

/** `bigint` comes as a number (all of ours are far below 2^53) and may be written as one. */
type Int8 = ColumnType<number, number, number>
type Timestamp = ColumnType<Date, Date | string, Date | string>
type Json = JSONColumnType<Record<string, unknown>>

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
  created_at: Timestamp
  updated_at: Timestamp
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
  /** Counts saves, so that a save resumed after a crash never overwrites a newer one. */
  revision: Int8
  created_at: Timestamp
  updated_at: Timestamp
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
  attempts: number
  /** Grows with every claim; a write under an older number is refused. */
  fence: Int8
  lease_owner: string | null
  lease_until: ColumnType<Date | null, Date | null, Date | null>
  run_after: Timestamp
  created_at: Timestamp
  updated_at: Timestamp
  started_at: ColumnType<Date | null, Date | null, Date | null>
  completed_at: ColumnType<Date | null, Date | null, Date | null>
}

export interface TokensTable {
  token_id: Generated<string>
  token_sha256: Buffer
  name: string
  expires_at: Timestamp
  created_at: Generated<Date>
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

/** Tables of QuestDB that are not published yet, or no longer: what a crash may leave behind. */
export interface StagedTablesTable {
  table_name: string
  target: string
  /** `staging`: rows on their way to the target; `replaced`: the target's former rows until the swap is confirmed. */
  role: 'staging' | 'replaced'
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

export interface Database {
  stage1_datasets: DatasetsTable
  stage1_dataset_aliases: DatasetAliasesTable
  walkforward_runs: RunsTable
  walkforward_folds: FoldsTable
  walkforward_run_documents: RunDocumentsTable
  stage1_jobs: JobsTable
  stage1_tokens: TokensTable
  stage1_staged_tables: StagedTablesTable
  stage1_uploads: UploadsTable
  stage1_measurement_owners: MeasurementOwnersTable
  dataset_catalog: DatasetCatalogView
}
