import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  // The line break keeps a search from finding the end of a slug and the beginning of a symbol as one word.
  `alter table stage1_datasets
    add column search_text text not null generated always as (lower(dataset_slug || E'\\n' || symbol)) stored`,
  `create index stage1_datasets_symbol on stage1_datasets (lower(symbol), created_at desc, dataset_id)`,
  `create index stage1_datasets_granularity on stage1_datasets (granularity, created_at desc, dataset_id)`,

  // A search for a part of a word needs trigrams. Where the extension may not be made, searches read every dataset.
  `do $$ begin
    create extension if not exists pg_trgm;
    create index stage1_datasets_search on stage1_datasets using gin (search_text gin_trgm_ops);
  exception when insufficient_privilege or undefined_file or feature_not_supported then
    raise notice 'pg_trgm is not to be had: searches for datasets will be slow';
  end $$`,
]
