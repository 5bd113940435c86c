import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table stage1_jobs
      add column size_bytes bigint not null default 0,
      add column attempts_allowed integer not null default 3,
      add column engine_failures integer not null default 0,
      add column cancel_requested_at timestamptz,
      add column retry_until timestamptz`.execute(db)
  await sql`create index stage1_jobs_ended on stage1_jobs (completed_at) where completed_at is not null`.execute(db)
  await sql`create index stage1_jobs_status on stage1_jobs (status, created_at desc, job_id)`.execute(db)

  // Kept by a trigger, so that no statement, not even one by hand, changes a job without its event in the same transaction.
  await sql`
    create function stage1_job_changed() returns trigger language plpgsql as $$
    declare
      happened text := case
        when tg_op = 'INSERT' then case new.status when 'PENDING' then 'job.queued' else 'job.claimed' end
        when new.status <> old.status then case
          when new.status = 'RUNNING' then 'job.claimed'
          when new.status = 'PENDING' and old.status = 'RUNNING' then 'job.requeued'
          when new.status = 'PENDING' then 'job.retried'
          else 'job.' || lower(new.status)
        end
        when new.fence <> old.fence then 'job.claimed'
        when new.cancel_requested_at is not null and old.cancel_requested_at is null then 'job.cancel_requested'
        when (new.progress, new.total, new.phase, new.message) <> (old.progress, old.total, old.phase, old.message)
          then 'job.progressed'
      end;
    begin
      if happened is null then return null; end if;
      insert into stage1_events (topic, type, subject, job_id, data) values (
        'jobs', happened, new.job_id::text, new.job_id,
        jsonb_build_object(
          'job_id', new.job_id, 'job_type', new.type, 'status', new.status,
          'progress', new.progress, 'total', new.total, 'unit', new.unit, 'phase', new.phase,
          'progress_pct', case
            when new.total > 0 then least(100, round(new.progress * 1000.0 / new.total) / 10)
            when new.status = 'COMPLETED' then 100 else 0 end,
          'message', left(new.message, 1000), 'error', left(new.error, 4000), 'error_code', new.error_code,
          'attempts', new.attempts));
      perform pg_notify('stage1_events', new.job_id::text);
      if new.status = 'PENDING' then perform pg_notify('stage1_jobs', ''); end if;
      if happened = 'job.cancel_requested' then perform pg_notify('stage1_job_cancels', new.job_id::text); end if;
      return null;
    end $$`.execute(db)
  await sql`
    create trigger stage1_job_changed after insert or update on stage1_jobs
      for each row execute function stage1_job_changed()`.execute(db)
}
