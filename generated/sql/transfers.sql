-- Made by `make generate`; do not edit.

-- beginRecovery
update "stage1_staged_tables" set "recovering" = $1 where "table_name" = $2 returning "table_name", "target", "role";

-- claimMeasurement
insert into "stage1_measurement_owners" ("measurement", "owner_kind", "owner_id") values ($1, $2, $3) on conflict ("measurement") do nothing;

-- deleteExpiredUploads
delete from "stage1_uploads" where "expires_at" <= now();

-- deleteStaged
delete from "stage1_staged_tables" where "table_name" = $1;

-- deleteUpload
delete from "stage1_uploads" where "upload_id" = $1;

-- findOwner
select "owner_kind", "owner_id" from "stage1_measurement_owners" where "measurement" = $1;

-- findUpload
select * from "stage1_uploads" where "upload_id" = $1 and "expires_at" > now();

-- insertStaged
insert into "stage1_staged_tables" ("table_name", "target", "role") values ($1, $2, $3);

-- insertUpload
insert into "stage1_uploads" ("upload_id", "filename", "spool", "expires_at") values ($1, $2, $3, now() + make_interval(hours => $4)) on conflict ("upload_id") do nothing returning *;

-- listStaged
select "table_name", "target", "role" from "stage1_staged_tables" order by "created_at";

-- listUploadSpools
select "spool" from "stage1_uploads";

-- moveOn
update "stage1_staged_tables" set "role" = $1 where "table_name" = $2 and "recovering" = $3;

-- stageAgain
update "stage1_staged_tables" set "role" = $1 where "table_name" = $2;
