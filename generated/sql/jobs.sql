-- Made by `make generate`; do not edit.

-- cancelLive
update "stage1_jobs" set "status" = case when (status = 'PENDING' and not effect_begun) then 'CANCELLED' else status end, "phase" = case when (status = 'PENDING' and not effect_begun) then 'done' else phase end, "error" = case when (status = 'PENDING' and not effect_begun) then 'the job was cancelled' else error end, "error_code" = case when (status = 'PENDING' and not effect_begun) then 'JOB_CANCELLED' else error_code end, "completed_at" = case when (status = 'PENDING' and not effect_begun) then now() end, "cancel_requested_at" = now(), "updated_at" = now() where "job_id" = $1 and "status" in ($2, $3) and ("status" = $4 or "cancel_requested_at" is null) returning *;

-- claimNext
update "stage1_jobs" set "status" = $1, "phase" = $2, "attempts" = attempts + 1, "fence" = fence + 1, "lease_owner" = $3, "lease_until" = now() + make_interval(secs => $4), "started_at" = coalesce(started_at, now()), "updated_at" = now() where "job_id" = (select "job_id" from "stage1_jobs" where (("status" = $5 and "run_after" <= now() and (token_id is null or token_id <> all ((select stage1_full_tokens($6))::uuid[])) and (measurement is null or not exists (
    select from stage1_jobs as other
    where other.status = 'RUNNING' and other.measurement = stage1_jobs.measurement
      and other.created_at <= stage1_jobs.created_at and other.lease_until > now()))) or ("status" = $7 and "lease_until" < now())) and "size_bytes" <= $8 order by "rank_at", "created_at" limit $9 for update skip locked) returning *;

-- countJobs
select count(*) as "total" from "stage1_jobs" where "type" = $1 and "status" = $2;

-- countWaiting
select count(*) as "count" from (select "job_id" from "stage1_jobs" where "status" = $1 and "token_id" = $2 limit $3) as "waiting";

-- findJob
select * from "stage1_jobs" where "job_id" = $1;

-- findVersions
select "job_id", "status", "progress", "updated_at" from "stage1_jobs" where "job_id" = any($1::uuid[]);

-- finish
update "stage1_jobs" set "status" = $1, "result" = $2, "error" = $3, "error_code" = $4, "phase" = $5, "progress" = total, "lease_owner" = $6, "lease_until" = $7, "retry_until" = $8, "completed_at" = now(), "updated_at" = now() where "job_id" = $9 and "fence" = $10 and "status" = $11;

-- holdOwn
select "job_id" from "stage1_jobs" where "job_id" = $1 and "fence" = $2 and "status" = $3 for share;

-- insertPending
insert into "stage1_jobs" ("token_id", "type", "size_bytes", "measurement", "payload", "input", "status", "progress", "total", "unit", "phase", "message", "error", "error_code", "attempts", "fence", "run_after", "created_at", "updated_at") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, now(), now(), now()) on conflict ("job_id") do nothing returning *;

-- insertRunning
insert into "stage1_jobs" ("token_id", "type", "size_bytes", "measurement", "payload", "input", "progress", "total", "unit", "phase", "message", "error", "error_code", "attempts", "fence", "run_after", "created_at", "updated_at", "status", "lease_owner", "lease_until", "started_at") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, now(), now(), now(), $16, $17, now() + make_interval(secs => $18), now()) on conflict ("job_id") do nothing returning *;

-- listJobs
select * from "stage1_jobs" where "type" = $1 and "status" = $2 order by "created_at" desc, "job_id" limit $3 offset $4;

-- liveInputs
select "input" from "stage1_jobs" where ("status" in ($1, $2) or "retry_until" > now());

-- removeEnded
delete from "stage1_jobs" where "job_id" in (select "job_id" from "stage1_jobs" where "completed_at" < now() - make_interval(days => $1) limit $2);

-- renewLease
update "stage1_jobs" set "lease_until" = now() + make_interval(secs => $1), "effect_begun" = effect_begun or cancel_requested_at is null, "intent" = $2 where "job_id" = $3 and "fence" = $4 and "status" = $5 returning "cancel_requested_at", "effect_begun";

-- requeue
update "stage1_jobs" set "status" = $1, "phase" = $2, "message" = $3, "attempts_allowed" = attempts_allowed + 1, "engine_failures" = engine_failures + 1, "lease_owner" = $4, "lease_until" = $5, "run_after" = now() + make_interval(secs => $6), "updated_at" = now() where "job_id" = $7 and "fence" = $8 and "status" = $9;

-- requeueFailed
update "stage1_jobs" set "status" = $1, "phase" = $2, "message" = $3, "error" = $4, "error_code" = $5, "attempts_allowed" = attempts + $6, "engine_failures" = $7, "cancel_requested_at" = $8, "retry_until" = $9, "completed_at" = $10, "run_after" = now(), "updated_at" = now() where "job_id" = $11 and "status" = $12 and "retry_until" > now() returning *;

-- setProgress
update "stage1_jobs" set "progress" = $1, "total" = $2, "unit" = $3, "phase" = $4, "message" = $5, "updated_at" = now() where "job_id" = $6 and "fence" = $7 and "status" = $8;
