import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  // The place in the queue is stored, so that an index has the jobs in their order: 20 MB put a job a second back, ten minutes at
  // most. Small before large, and no large one waits for ever. By way of UTC, since sums of times with a zone can't be stored.
  await sql`
    alter table stage1_jobs
      add column token_id uuid,
      add column intent jsonb,
      add column rank_at timestamptz not null generated always as (
        (run_after at time zone 'UTC' + make_interval(secs => least(size_bytes / 2e7::float8, 600))) at time zone 'UTC') stored`.execute(
    db,
  )
  await sql`drop index stage1_jobs_claim`.execute(db)
  await sql`
    create index stage1_jobs_claim on stage1_jobs (rank_at, created_at) where status in ('PENDING', 'RUNNING')`.execute(
    db,
  )
  await sql`
    create index stage1_jobs_live on stage1_jobs (status, token_id) where status in ('PENDING', 'RUNNING')`.execute(db)

  // Tokens that have no place left. Claims come one at a time from here to their commit. A function that is volatile sees what was
  // committed while it waited for its turn, which the statement that calls it does not: so no two claims take the last place.
  await sql`
    create function stage1_full_tokens(places integer) returns uuid[] language plpgsql volatile as $$
    begin
      if places = 0 then return '{}'; end if;
      perform pg_advisory_xact_lock(hashtextextended('stage1_jobs:claim', 0));
      return array(
        select token_id from stage1_jobs
        where status = 'RUNNING' and token_id is not null
        group by token_id having count(*) >= places);
    end $$`.execute(db)

  // A job that ends makes a place for another one of its token, for which whoever is idle looks then.
  await sql`
    create function stage1_job_place_freed() returns trigger language plpgsql as $$
    begin
      if exists (select from stage1_jobs where status = 'PENDING' and token_id = new.token_id) then
        perform pg_notify('stage1_jobs', '');
      end if;
      return null;
    end $$`.execute(db)
  await sql`
    create trigger stage1_job_place_freed after update on stage1_jobs for each row
      when (old.status = 'RUNNING' and new.status <> 'RUNNING' and new.token_id is not null)
      execute function stage1_job_place_freed()`.execute(db)
}
