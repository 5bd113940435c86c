-- Made by `make generate`; do not edit.

-- deleteStaged
delete from "stage1_staged_tables" where "table_name" = $1;

-- insertStaged
insert into "stage1_staged_tables" ("table_name", "target", "role") values ($1, $2, $3);

-- listStaged
select "table_name", "target", "role" from "stage1_staged_tables" order by "created_at";
