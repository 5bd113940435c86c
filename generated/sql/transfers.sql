-- Made by `make generate`; do not edit.

-- claimMeasurement
insert into "stage1_measurement_owners" ("measurement", "owner_kind", "owner_id") values ($1, $2, $3) on conflict ("measurement") do nothing;

-- deleteStaged
delete from "stage1_staged_tables" where "table_name" = $1;

-- findOwner
select "owner_kind", "owner_id" from "stage1_measurement_owners" where "measurement" = $1;

-- insertStaged
insert into "stage1_staged_tables" ("table_name", "target", "role") values ($1, $2, $3);

-- listStaged
select "table_name", "target", "role" from "stage1_staged_tables" order by "created_at";
