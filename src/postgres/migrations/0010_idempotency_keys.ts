import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table stage1_idempotency_keys (
      holder text not null,
      key text not null,
      target_sha256 bytea not null,
      body_sha256 bytea not null,
      work_id uuid not null default gen_random_uuid(),
      owner uuid not null,
      lease_until timestamptz not null,
      status integer,
      headers jsonb,
      body text,
      created_at timestamptz not null default now(),
      primary key (holder, key)
    )`.execute(db)
  await sql`create index stage1_idempotency_keys_age on stage1_idempotency_keys (created_at)`.execute(db)
}
