import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  // Numbers without a cache, so that they are given in the order in which they are asked for.
  await sql`
    create table stage1_events (
      event_id bigint generated always as identity (cache 1) primary key,
      topic text not null,
      type text not null,
      subject text not null,
      job_id uuid,
      data jsonb not null,
      created_at timestamptz not null default now()
    )`.execute(db)
  await sql`create index stage1_events_age on stage1_events (created_at)`.execute(db)
  await sql`create index stage1_events_job on stage1_events (job_id, event_id) where job_id is not null`.execute(db)
}
