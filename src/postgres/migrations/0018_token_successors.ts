import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  // Who revokes a token that was stolen means those that the thief has made of it, too.
  await sql`alter table stage1_tokens add column rotated_from uuid`.execute(db)
  await sql`create index stage1_tokens_rotated_from on stage1_tokens (rotated_from)`.execute(db)
}
