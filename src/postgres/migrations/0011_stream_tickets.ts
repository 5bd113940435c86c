import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table stage1_stream_tickets (
      ticket_sha256 bytea primary key,
      token_id uuid references stage1_tokens on delete cascade,
      expires_at timestamptz not null
    )`.execute(db)
  await sql`create index stage1_stream_tickets_age on stage1_stream_tickets (expires_at)`.execute(db)
  await sql`create index stage1_stream_tickets_token on stage1_stream_tickets (token_id)`.execute(db)
  // One row: up to which number events have been removed because of their age.
  await sql`create table stage1_events_removed (up_to bigint not null)`.execute(db)
  await sql`insert into stage1_events_removed values (0)`.execute(db)
}
