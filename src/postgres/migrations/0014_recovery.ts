import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  // `created`: the staged table has become a measurement where there was none, until that is confirmed.
  await sql`alter table stage1_staged_tables drop constraint stage1_staged_tables_role_check`.execute(db)
  await sql`
    alter table stage1_staged_tables add constraint stage1_staged_tables_role_check
      check (role in ('staging', 'replaced', 'created'))`.execute(db)
  await sql`alter table stage1_jobs add column effect_begun boolean not null default false`.execute(db)
  await sql`create index stage1_downloads_job on stage1_downloads (job_id)`.execute(db)
  // The work that has made a record, so that its request is told so also when it is sent again after a crash.
  for (const table of ['walkforward_runs', 'simulation_runs', 'stage1_datasets'])
    await sql`alter table ${sql.table(table)} add column made_by uuid`.execute(db)
}
