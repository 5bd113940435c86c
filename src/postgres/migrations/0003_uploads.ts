import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table stage1_uploads (
      upload_id uuid primary key default gen_random_uuid(),
      filename text not null,
      spool jsonb not null,
      created_at timestamptz not null default now(),
      expires_at timestamptz not null
    )`.execute(db)
  await sql`create index stage1_uploads_expiry on stage1_uploads (expires_at)`.execute(db)
}
