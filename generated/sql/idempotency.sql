-- Made by `make generate`; do not edit.

-- claimKey
insert into "stage1_idempotency_keys" ("holder", "key", "target_sha256", "body_sha256", "owner", "lease_until") values ($1, $2, $3, $4, $5, now() + make_interval(secs => $6)) on conflict ("holder", "key") do update set "owner" = "excluded"."owner", "lease_until" = "excluded"."lease_until", "repeated" = $7, "work_id" = case when exists (
            select from stage1_jobs
            where stage1_jobs.job_id = stage1_idempotency_keys.work_id and stage1_jobs.status in ('FAILED', 'CANCELLED')
          ) then gen_random_uuid() else stage1_idempotency_keys.work_id end where "stage1_idempotency_keys"."status" is null and "stage1_idempotency_keys"."lease_until" <= now() and "stage1_idempotency_keys"."target_sha256" = "excluded"."target_sha256" and "stage1_idempotency_keys"."body_sha256" = "excluded"."body_sha256" returning "work_id";

-- deleteOldKeys
delete from "stage1_idempotency_keys" where ("holder", "key") in (select "holder", "key" from "stage1_idempotency_keys" where "created_at" < now() - make_interval(hours => $1) and ("status" is not null or "lease_until" <= now()) limit $2);

-- findFirstSent
select "created_at" from "stage1_idempotency_keys" where "work_id" = $1 and "repeated" = $2;

-- findKey
select "target_sha256", "body_sha256", "status", "headers", "body", lease_until <= now() as "lapsed" from "stage1_idempotency_keys" where "holder" = $1 and "key" = $2;

-- forgetKey
delete from "stage1_idempotency_keys" where not exists (select from "stage1_jobs" where "stage1_jobs"."job_id" = "stage1_idempotency_keys"."work_id" and "stage1_jobs"."status" not in ($1, $2)) and not exists (select from "stage1_uploads" where "stage1_uploads"."upload_id" = "stage1_idempotency_keys"."work_id") and "holder" = $3 and "key" = $4 and "owner" = $5 and "status" is null;

-- keepAnswer
update "stage1_idempotency_keys" set "status" = $1, "headers" = $2, "body" = $3 where "holder" = $4 and "key" = $5 and "owner" = $6 and "status" is null;

-- releaseKey
update "stage1_idempotency_keys" set "lease_until" = now() where "holder" = $1 and "key" = $2 and "owner" = $3 and "status" is null;

-- renewKey
update "stage1_idempotency_keys" set "lease_until" = now() + make_interval(secs => $1) where "holder" = $2 and "key" = $3 and "owner" = $4 and "status" is null;
