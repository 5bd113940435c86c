import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  // Whoever sets a load right says so first, and the load, whose lock may be lost, can't settle any more.
  await sql`alter table stage1_staged_tables add column recovering boolean not null default false`.execute(db)
}
