import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  // A request that is done once more after its server died must not undo what has come after it.
  await sql`alter table stage1_idempotency_keys add column repeated boolean not null default false`.execute(db)
  await sql`create index stage1_idempotency_keys_repeated on stage1_idempotency_keys (work_id) where repeated`.execute(
    db,
  )
}
