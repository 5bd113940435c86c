import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  `create table stage1_datasets (
    dataset_id uuid primary key,
    dataset_slug text not null unique,
    symbol text not null,
    granularity text not null,
    source text not null,
    bar_interval_ms bigint not null,
    lookback_rows bigint not null,
    ohlcv_measurement text not null,
    indicator_measurement text not null,
    ohlcv_row_count bigint not null,
    indicator_row_count bigint not null,
    first_ohlcv_ts bigint not null,
    last_ohlcv_ts bigint not null,
    first_indicator_ts bigint not null,
    last_indicator_ts bigint not null,
    metadata jsonb not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
  )`,
  `create index stage1_datasets_newest on stage1_datasets (created_at desc, dataset_id)`,

  `create table stage1_dataset_aliases (
    alias_id uuid primary key,
    dataset_id uuid not null references stage1_datasets on delete cascade,
    created_at timestamptz not null default now()
  )`,
  `create index stage1_dataset_aliases_dataset on stage1_dataset_aliases (dataset_id)`,

  `create table walkforward_runs (
    run_id uuid primary key,
    dataset_id uuid not null references stage1_datasets,
    prediction_measurement text not null,
    target_column text not null,
    feature_columns jsonb not null,
    hyperparameters jsonb not null,
    walk_config jsonb not null,
    summary_metrics jsonb not null,
    status text not null,
    requested_by text not null,
    started_at timestamptz,
    completed_at timestamptz,
    duration_ms bigint,
    extra jsonb not null,
    fold_count integer not null,
    content_digest text not null,
    revision bigint not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
  )`,
  `create index walkforward_runs_newest on walkforward_runs (created_at desc, run_id)`,
  `create index walkforward_runs_dataset on walkforward_runs (dataset_id, created_at desc, run_id)`,
  `create index walkforward_runs_measurement on walkforward_runs (prediction_measurement)`,
  `create index walkforward_runs_measurement_any_case on walkforward_runs (lower(prediction_measurement))`,

  `create table walkforward_folds (
    run_id uuid not null references walkforward_runs on delete cascade,
    fold_number integer not null,
    train_start_idx bigint not null,
    train_end_idx bigint not null,
    test_start_idx bigint not null,
    test_end_idx bigint not null,
    samples_train bigint not null,
    samples_test bigint not null,
    best_iteration bigint,
    best_score double precision,
    thresholds jsonb not null,
    metrics jsonb not null,
    extra jsonb not null,
    primary key (run_id, fold_number)
  )`,

  `create table walkforward_run_documents (
    run_id uuid primary key references walkforward_runs on delete cascade,
    renderer_version integer not null,
    etag text not null,
    document_gzip bytea not null
  )`,
  // The document is gzip already; compressing it again only costs time.
  `alter table walkforward_run_documents alter column document_gzip set storage external`,

  `create table stage1_jobs (
    job_id uuid primary key default gen_random_uuid(),
    type text not null,
    status text not null check (status in ('PENDING', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED')),
    payload jsonb not null,
    input jsonb not null,
    result jsonb,
    progress bigint not null default 0,
    total bigint not null default 0,
    unit text not null default '',
    phase text not null default 'queued',
    message text not null default '',
    error text not null default '',
    error_code text not null default '',
    attempts integer not null default 0,
    fence bigint not null default 0,
    lease_owner text,
    lease_until timestamptz,
    run_after timestamptz not null default now(),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    started_at timestamptz,
    completed_at timestamptz
  )`,
  `create index stage1_jobs_newest on stage1_jobs (created_at desc, job_id)`,
  `create index stage1_jobs_claim on stage1_jobs (run_after, created_at) where status in ('PENDING', 'RUNNING')`,

  `create table stage1_tokens (
    token_id uuid primary key default gen_random_uuid(),
    token_sha256 bytea not null unique,
    name text not null,
    expires_at timestamptz not null,
    created_at timestamptz not null default now()
  )`,

  `create table stage1_staged_tables (
    table_name text primary key,
    target text not null,
    role text not null check (role in ('staging', 'replaced')),
    created_at timestamptz not null default now()
  )`,

  // Whose rows a measurement holds; names in lower case, since QuestDB's are the same in any case.
  `create table stage1_measurement_owners (
    measurement text primary key,
    owner_kind text not null check (owner_kind in ('dataset', 'run')),
    owner_id uuid not null,
    created_at timestamptz not null default now()
  )`,

  `create view dataset_catalog as
    select
      d.dataset_id,
      (select count(*) from walkforward_runs r where r.dataset_id = d.dataset_id) as run_count,
      0::bigint as simulation_count
    from stage1_datasets d`,
]
