-- Made by `make generate`; do not edit.

-- countSimulations
select count(*) as "total" from "simulation_runs" as "s" where "s"."simulation_id" in (select "l"."simulation_id" from "run_simulations" as "l" where "l"."run_id" = $1 union all select "o"."simulation_id" from "simulation_runs" as "o" where lower("o"."run_id") = $2) and lower("s"."run_id") = $3 and "s"."simulation_id" in (select "l"."simulation_id" from "dataset_simulations" as "l" where "l"."dataset_id" = $4) and lower("s"."dataset_id") = $5 and "s"."status" = $6 and (s.simulation_id::text ilike $7 or "s"."questdb_namespace" ilike $8 or "s"."input_run_measurement" ilike $9 or "s"."run_id" ilike $10 or "s"."dataset_id" ilike $11);

-- countTrades
select count(*) as "total" from "simulation_trades" as "t" where ("t"."simulation_id" = $1 and lower("t"."side") = $2 and "t"."fold_index" = $3);

-- deleteBuckets
delete from "simulation_trade_buckets" where "simulation_id" = $1;

-- deleteTrades
delete from "simulation_trades" where "simulation_id" = $1;

-- findLinks
select "known_run_id", "known_dataset_id", "dataset_slug" from "simulation_catalog" where "simulation_id" = $1;

-- findSave
select "content_digest", "made_by", "updated_at" from "simulation_runs" where "simulation_id" = $1;

-- findSimulation
select "c".*, (select coalesce(
          jsonb_agg(to_jsonb(b) - '{simulation_id,bucket_index}'::text[] order by b.bucket_index), '[]') as "buckets" from "simulation_trade_buckets" as "b" where "b"."simulation_id" = "c"."simulation_id") as "buckets" from "simulation_catalog" as "c" where "c"."simulation_id" = $1;

-- insertBuckets
insert into simulation_trade_buckets (
      simulation_id, bucket_index, side, trade_count, win_count, profit_factor, avg_return_pct, max_drawdown_pct,
      notes, computed, extra
    )
    select
      $1::uuid, bucket_index, side, trade_count, win_count, profit_factor, avg_return_pct, max_drawdown_pct,
      notes, computed, extra
    from jsonb_to_recordset($2::jsonb) as bucket (
      bucket_index integer, side text, trade_count bigint, win_count bigint, profit_factor double precision,
      avg_return_pct double precision, max_drawdown_pct double precision, notes text, computed boolean, extra jsonb
    );

-- insertTrades
insert into simulation_trades (
      simulation_id, trade_index, trade_id, fold_index, side, size, entry_price, exit_price, pnl, return_pct,
      entry_signal, exit_signal, entry_timestamp, exit_timestamp, extra
    )
    select
      $1::uuid, trade_index, trade_id, fold_index, side, size, entry_price, exit_price, pnl, return_pct,
      entry_signal, exit_signal, entry_timestamp, exit_timestamp, extra
    from jsonb_to_recordset($2::jsonb) as trade (
      trade_index integer, trade_id text, fold_index integer, side text, size double precision,
      entry_price double precision, exit_price double precision, pnl double precision, return_pct double precision,
      entry_signal double precision, exit_signal double precision, entry_timestamp bigint, exit_timestamp bigint,
      extra jsonb
    );

-- listSimulations
select "c".* from "simulation_catalog" as "c" where "c"."simulation_id" in (select "s"."simulation_id" from "simulation_runs" as "s" where "s"."simulation_id" in (select "l"."simulation_id" from "run_simulations" as "l" where "l"."run_id" = $1 union all select "o"."simulation_id" from "simulation_runs" as "o" where lower("o"."run_id") = $2) and lower("s"."run_id") = $3 and "s"."simulation_id" in (select "l"."simulation_id" from "dataset_simulations" as "l" where "l"."dataset_id" = $4) and lower("s"."dataset_id") = $5 and "s"."status" = $6 and (s.simulation_id::text ilike $7 or "s"."questdb_namespace" ilike $8 or "s"."input_run_measurement" ilike $9 or "s"."run_id" ilike $10 or "s"."dataset_id" ilike $11) order by "s"."created_at" desc, "s"."simulation_id" limit $12 offset $13) order by "c"."created_at" desc, "c"."simulation_id";

-- listTrades
select "trade_index", "trade_id", "fold_index", "side", "size", "entry_price", "exit_price", "pnl", "return_pct", "entry_signal", "exit_signal", "entry_timestamp", "exit_timestamp", "extra" from "simulation_trades" as "t" where ("t"."simulation_id" = $1 and lower("t"."side") = $2 and "t"."fold_index" = $3) order by "t"."entry_timestamp", "t"."trade_index" limit $4 offset $5;

-- lockSimulationId
select pg_advisory_xact_lock(hashtextextended($1, 0));

-- upsertSimulation
insert into "simulation_runs" ("simulation_id", "run_id", "dataset_id", "input_run_measurement", "questdb_namespace", "mode", "status", "config", "summary_metrics", "started_at", "completed_at", "extra", "trade_count", "content_digest", "created_at", "updated_at") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, now(), now()) on conflict ("simulation_id") do update set "run_id" = $15, "dataset_id" = $16, "input_run_measurement" = $17, "questdb_namespace" = $18, "mode" = $19, "status" = $20, "config" = $21, "summary_metrics" = $22, "started_at" = $23, "completed_at" = $24, "extra" = $25, "trade_count" = $26, "content_digest" = $27, "updated_at" = now();
