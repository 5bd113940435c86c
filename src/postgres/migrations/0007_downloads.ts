import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table stage1_downloads (
      download_id uuid primary key,
      job_id uuid not null,
      filename text not null,
      media_type text not null,
      bytes bigint not null,
      digest text not null,
      row_count bigint not null,
      created_at timestamptz not null default now(),
      expires_at timestamptz not null
    )`.execute(db)
  await sql`create index stage1_downloads_expiry on stage1_downloads (expires_at)`.execute(db)
}
