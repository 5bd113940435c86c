-- Made by `make generate`; do not edit.

-- claimNext
update "stage1_jobs" set "status" = $1, "phase" = $2, "attempts" = attempts + 1, "fence" = fence + 1, "lease_owner" = $3, "lease_until" = now() + make_interval(secs => $4), "started_at" = coalesce(started_at, now()), "updated_at" = now() where "job_id" = (select "job_id" from "stage1_jobs" where (("status" = $5 and "run_after" <= now()) or ("status" = $6 and "lease_until" < now())) order by "run_after", "created_at" limit $7 for update skip locked) returning *;

-- countJobs
select count(*) as "total" from "stage1_jobs" where "type" = $1 and "status" = $2;

-- findJob
select * from "stage1_jobs" where "job_id" = $1;

-- finish
update "stage1_jobs" set "status" = $1, "result" = $2, "error" = $3, "error_code" = $4, "phase" = $5, "progress" = total, "lease_owner" = $6, "lease_until" = $7, "completed_at" = now(), "updated_at" = now() where "job_id" = $8 and "fence" = $9 and "status" = $10;

-- insertPending
insert into "stage1_jobs" ("type", "payload", "input", "status", "progress", "total", "unit", "phase", "message", "error", "error_code", "attempts", "fence", "run_after", "created_at", "updated_at") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, now(), now(), now()) on conflict ("job_id") do nothing returning *;

-- insertRunning
insert into "stage1_jobs" ("type", "payload", "input", "progress", "total", "unit", "phase", "message", "error", "error_code", "attempts", "fence", "run_after", "created_at", "updated_at", "status", "lease_owner", "lease_until", "started_at") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, now(), now(), now(), $13, $14, now() + make_interval(secs => $15), now()) on conflict ("job_id") do nothing returning *;

-- listJobs
select * from "stage1_jobs" where "type" = $1 and "status" = $2 order by "created_at" desc, "job_id" limit $3 offset $4;

-- liveInputs
select "input" from "stage1_jobs" where "status" in ($1, $2);

-- renewLease
update "stage1_jobs" set "lease_until" = now() + make_interval(secs => $1) where "job_id" = $2 and "fence" = $3 and "status" = $4;

-- requeue
update "stage1_jobs" set "status" = $1, "phase" = $2, "message" = $3, "attempts" = attempts, "lease_owner" = $4, "lease_until" = $5, "run_after" = now() + make_interval(secs => $6), "updated_at" = now() where "job_id" = $7 and "fence" = $8 and "status" = $9;

-- setProgress
update "stage1_jobs" set "progress" = $1, "total" = $2, "unit" = $3, "phase" = $4, "message" = $5, "updated_at" = now() where "job_id" = $6 and "fence" = $7 and "status" = $8;
