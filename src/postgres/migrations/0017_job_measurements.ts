import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table stage1_jobs add column measurement text`.execute(db)
  await sql`
    create index stage1_jobs_measurement on stage1_jobs (measurement) where status = 'RUNNING' and measurement is not null`.execute(
    db,
  )
  // A job that ends makes way for another one of its measurement, or of its token, for which whoever is idle looks then.
  await sql`
    create or replace function stage1_job_place_freed() returns trigger language plpgsql as $$
    begin
      if exists (
        select from stage1_jobs where status = 'PENDING' and (token_id = new.token_id or measurement = new.measurement)
      ) then
        perform pg_notify('stage1_jobs', '');
      end if;
      return null;
    end $$`.execute(db)
  await sql`drop trigger stage1_job_place_freed on stage1_jobs`.execute(db)
  await sql`
    create trigger stage1_job_place_freed after update on stage1_jobs for each row
      when (old.status = 'RUNNING' and new.status <> 'RUNNING'
        and (new.token_id is not null or new.measurement is not null))
      execute function stage1_job_place_freed()`.execute(db)
}
