-- Made by `make generate`; do not edit.

-- countDatasets
select count(*) as "total" from "stage1_datasets" where 1 = 1;

-- findById
select "d".*, "c"."run_count", "c"."simulation_count", (select coalesce(array_agg(a.alias_id::text order by a.created_at), '{}') as "alias_ids" from "stage1_dataset_aliases" as "a" where "a"."dataset_id" = "d"."dataset_id") as "alias_ids" from "stage1_datasets" as "d" inner join "dataset_catalog" as "c" on "c"."dataset_id" = "d"."dataset_id" where 
  (d.dataset_id = $1 or d.dataset_id = (select a.dataset_id from stage1_dataset_aliases a where a.alias_id = $2));

-- findByMeasurement
select "dataset_slug" from "stage1_datasets" where (lower("ohlcv_measurement") = $1 or lower("indicator_measurement") = $2) limit $3;

-- findBySlug
select "d".*, "c"."run_count", "c"."simulation_count", (select coalesce(array_agg(a.alias_id::text order by a.created_at), '{}') as "alias_ids" from "stage1_dataset_aliases" as "a" where "a"."dataset_id" = "d"."dataset_id") as "alias_ids" from "stage1_datasets" as "d" inner join "dataset_catalog" as "c" on "c"."dataset_id" = "d"."dataset_id" where "d"."dataset_slug" = $1;

-- findIdsBySlugPart
select "dataset_id" from "stage1_datasets" where "dataset_slug" ilike $1;

-- findSlugOfId
select "d"."dataset_slug" from "stage1_datasets" as "d" where 
  (d.dataset_id = $1 or d.dataset_id = (select a.dataset_id from stage1_dataset_aliases a where a.alias_id = $2));

-- insertAlias
insert into "stage1_dataset_aliases" ("alias_id", "dataset_id") values ($1, $2) on conflict ("alias_id") do nothing;

-- insertDataset
insert into "stage1_datasets" ("dataset_id", "dataset_slug", "symbol", "granularity", "source", "bar_interval_ms", "lookback_rows", "ohlcv_measurement", "indicator_measurement", "ohlcv_row_count", "indicator_row_count", "first_ohlcv_ts", "last_ohlcv_ts", "first_indicator_ts", "last_indicator_ts", "metadata", "created_at", "updated_at") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, now(), now()) on conflict ("dataset_slug") do nothing returning *;

-- listDatasets
select "d".*, "c"."run_count", "c"."simulation_count", (select coalesce(array_agg(a.alias_id::text order by a.created_at), '{}') as "alias_ids" from "stage1_dataset_aliases" as "a" where "a"."dataset_id" = "d"."dataset_id") as "alias_ids" from "stage1_datasets" as "d" inner join "dataset_catalog" as "c" on "c"."dataset_id" = "d"."dataset_id" where "d"."dataset_id" in (select "dataset_id" from "stage1_datasets" where (lower("symbol") = $1 and "granularity" = $2 and "search_text" like $3) order by "created_at" desc, "dataset_id" limit $4 offset $5) order by "d"."created_at" desc, "d"."dataset_id";

-- lockBySlug
select * from "stage1_datasets" where "dataset_slug" = $1 for update;

-- lockRegistrations
select pg_advisory_xact_lock(hashtextextended('dataset registrations', 0));

-- updateDataset
update "stage1_datasets" set "symbol" = $1, "granularity" = $2, "source" = $3, "bar_interval_ms" = $4, "lookback_rows" = $5, "ohlcv_measurement" = $6, "indicator_measurement" = $7, "ohlcv_row_count" = $8, "indicator_row_count" = $9, "first_ohlcv_ts" = $10, "last_ohlcv_ts" = $11, "first_indicator_ts" = $12, "last_indicator_ts" = $13, "metadata" = $14, "updated_at" = now() where "dataset_id" = $15 returning *;

-- updateFigures
update "stage1_datasets" set "ohlcv_row_count" = $1, "first_ohlcv_ts" = $2, "last_ohlcv_ts" = $3, "updated_at" = now() where "dataset_id" = $4 and "ohlcv_measurement" = $5 and "indicator_measurement" = $6;
