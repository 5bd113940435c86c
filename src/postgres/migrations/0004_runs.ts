import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  `alter table walkforward_folds
    add column train_start_ts_ms bigint,
    add column train_end_ts_ms bigint,
    add column test_start_ts_ms bigint,
    add column test_end_ts_ms bigint`,

  `alter table walkforward_runs
    drop column revision,
    add column accepted_at timestamptz not null default now(),
    add column receipt jsonb not null default '{}',
    add column search_text text not null generated always as (
      lower(run_id::text || ' ' || prediction_measurement || ' ' || target_column)
    ) stored`,
  `create index walkforward_runs_status on walkforward_runs (status, created_at desc, run_id)`,

  // A search for a part of a word needs trigrams. Where the extension may not be made, searches read every run.
  `do $$ begin
    create extension if not exists pg_trgm;
    create index walkforward_runs_search on walkforward_runs using gin (search_text gin_trgm_ops);
  exception when insufficient_privilege or undefined_file or feature_not_supported then
    raise notice 'pg_trgm is not to be had: searches for runs will be slow';
  end $$`,
]
