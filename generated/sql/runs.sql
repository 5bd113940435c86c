-- Made by `make generate`; do not edit.

-- countRuns
select coalesce(sum(runs), 0)::bigint as "total" from "walkforward_run_counts" where "dataset_id" = $1 and "status" = $2;

-- deleteFolds
delete from "walkforward_folds" where "run_id" = $1;

-- findDocument
select "renderer_version", "etag", "document_gzip" from "walkforward_run_documents" where "run_id" = $1;

-- findFolds
select * from "walkforward_folds" where "run_id" = $1 order by "fold_number" limit $2;

-- findNamers
select "run_id" from "walkforward_runs" where lower("prediction_measurement") = $1 limit $2;

-- findReceipt
select "receipt" from "walkforward_runs" where "run_id" = $1;

-- findRun
select "r".*, "d"."dataset_slug" from "walkforward_runs" as "r" inner join "stage1_datasets" as "d" on "d"."dataset_id" = "r"."dataset_id" where "r"."run_id" = $1;

-- insertFolds
insert into walkforward_folds (
      run_id, fold_number, train_start_idx, train_end_idx, test_start_idx, test_end_idx,
      train_start_ts_ms, train_end_ts_ms, test_start_ts_ms, test_end_ts_ms, samples_train, samples_test,
      best_iteration, best_score, thresholds, metrics, extra
    )
    select
      $1::uuid, fold_number, train_start_idx, train_end_idx, test_start_idx, test_end_idx,
      train_start_ts_ms, train_end_ts_ms, test_start_ts_ms, test_end_ts_ms, samples_train, samples_test,
      best_iteration, best_score, thresholds, metrics, extra
    from jsonb_to_recordset($2::jsonb) as fold (
      fold_number integer, train_start_idx bigint, train_end_idx bigint, test_start_idx bigint, test_end_idx bigint,
      train_start_ts_ms bigint, train_end_ts_ms bigint, test_start_ts_ms bigint, test_end_ts_ms bigint,
      samples_train bigint, samples_test bigint, best_iteration bigint, best_score double precision,
      thresholds jsonb, metrics jsonb, extra jsonb
    );

-- listRuns
select "r".*, "d"."dataset_slug" from "walkforward_runs" as "r" inner join "stage1_datasets" as "d" on "d"."dataset_id" = "r"."dataset_id" where "r"."run_id" in (select "r"."run_id" from "walkforward_runs" as "r" where ("r"."dataset_id" = $1 and "r"."status" = $2 and "r"."prediction_measurement" = $3 and ("r"."search_text" like $4 or "r"."dataset_id" in ($5))) order by "r"."created_at" desc, "r"."run_id" limit $6 offset $7) order by "r"."created_at" desc, "r"."run_id";

-- lockRun
select "content_digest", "accepted_at", "made_by" from "walkforward_runs" where "run_id" = $1 for update;

-- lockRunId
select pg_advisory_xact_lock(hashtextextended($1, 0));

-- setReceipt
update "walkforward_runs" set "receipt" = $1 where "run_id" = $2;

-- upsertDocument
insert into "walkforward_run_documents" ("run_id", "renderer_version", "etag", "document_gzip") values ($1, $2, $3, $4) on conflict ("run_id") do update set "renderer_version" = $5, "etag" = $6, "document_gzip" = $7;

-- upsertRun
insert into "walkforward_runs" ("run_id", "dataset_id", "prediction_measurement", "target_column", "feature_columns", "hyperparameters", "walk_config", "summary_metrics", "status", "requested_by", "started_at", "completed_at", "duration_ms", "extra", "fold_count", "content_digest", "accepted_at", "made_by", "created_at", "updated_at") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, now(), $17, now(), now()) on conflict ("run_id") do update set "dataset_id" = $18, "prediction_measurement" = $19, "target_column" = $20, "feature_columns" = $21, "hyperparameters" = $22, "walk_config" = $23, "summary_metrics" = $24, "status" = $25, "requested_by" = $26, "started_at" = $27, "completed_at" = $28, "duration_ms" = $29, "extra" = $30, "fold_count" = $31, "content_digest" = $32, "accepted_at" = now(), "updated_at" = now() returning "created_at", "updated_at";
