import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table stage1_tokens
      add column scopes text[] not null default '{read,write}',
      add column last_used_at timestamptz,
      add column revoked_at timestamptz`.execute(db)
  await sql`create index stage1_tokens_newest on stage1_tokens (created_at desc, token_id)`.execute(db)

  // Without references: an entry outlives the token and whatever it tells of.
  await sql`
    create table stage1_audit (
      audit_id bigint generated always as identity primary key,
      at timestamptz not null default now(),
      token_id uuid,
      token_name text not null default '',
      operation text not null,
      subject text not null default '',
      status integer not null default 0,
      error_code text not null default '',
      request_id text not null,
      address text not null
    )`.execute(db)
  await sql`create index stage1_audit_age on stage1_audit (at)`.execute(db)
  await sql`create index stage1_audit_token on stage1_audit (token_id, audit_id desc)`.execute(db)
  await sql`create index stage1_audit_operation on stage1_audit (operation, audit_id desc)`.execute(db)
  await sql`create index stage1_audit_subject on stage1_audit (subject, audit_id desc)`.execute(db)
}
