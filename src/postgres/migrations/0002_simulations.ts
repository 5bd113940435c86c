import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const UUID = '^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$'

const STATEMENTS = [
  // run_id and dataset_id are the client's own words, whatever they name; what they are found to name is in the views below.
  `create table simulation_runs (
    simulation_id uuid primary key,
    run_id text not null,
    dataset_id text not null,
    input_run_measurement text not null,
    questdb_namespace text not null,
    mode text not null,
    status text not null,
    config jsonb not null,
    summary_metrics jsonb not null,
    started_at timestamptz,
    completed_at timestamptz,
    extra jsonb not null,
    trade_count integer not null,
    content_digest text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    run_uuid uuid generated always as (case when run_id ~ '${UUID}' then run_id::uuid end) stored,
    dataset_uuid uuid generated always as (case when dataset_id ~ '${UUID}' then dataset_id::uuid end) stored,
    input_key text generated always as (lower(input_run_measurement)) stored,
    dataset_stem text generated always as (
      lower(regexp_replace(coalesce(nullif(input_run_measurement, ''), questdb_namespace), '_(wf|run|sim)[0-9]+$', ''))
    ) stored
  )`,
  `create index simulation_runs_newest on simulation_runs (created_at desc, simulation_id)`,
  `create index simulation_runs_run on simulation_runs (run_uuid)`,
  `create index simulation_runs_run_as_sent on simulation_runs (lower(run_id))`,
  `create index simulation_runs_dataset on simulation_runs (dataset_uuid)`,
  `create index simulation_runs_dataset_slug on simulation_runs (dataset_id)`,
  `create index simulation_runs_dataset_as_sent on simulation_runs (lower(dataset_id))`,
  `create index simulation_runs_input on simulation_runs (input_key)`,
  `create index simulation_runs_stem on simulation_runs (dataset_stem)`,
  `create index stage1_datasets_slug_any_case on stage1_datasets (lower(dataset_slug))`,
  `create index stage1_datasets_indicators_any_case on stage1_datasets (lower(indicator_measurement))`,

  `create table simulation_trade_buckets (
    simulation_id uuid not null references simulation_runs on delete cascade,
    bucket_index integer not null,
    side text not null,
    trade_count bigint,
    win_count bigint,
    profit_factor double precision,
    avg_return_pct double precision,
    max_drawdown_pct double precision,
    notes text not null,
    computed boolean not null,
    extra jsonb not null,
    primary key (simulation_id, bucket_index)
  )`,

  `create table simulation_trades (
    simulation_id uuid not null references simulation_runs on delete cascade,
    trade_index integer not null,
    trade_id text not null,
    fold_index integer,
    side text not null,
    size double precision,
    entry_price double precision,
    exit_price double precision,
    pnl double precision,
    return_pct double precision,
    entry_signal double precision,
    exit_signal double precision,
    entry_timestamp bigint not null,
    exit_timestamp bigint not null,
    extra jsonb not null,
    primary key (simulation_id, trade_index)
  )`,
  `create index simulation_trades_in_time on simulation_trades (simulation_id, entry_timestamp, trade_index)`,

  // Links are worked out when they are read, so that a run or dataset that is saved later is found from then on. Of each kind
  // the first rule that finds something decides. Every lookup is by one index, whatever the planner knows of the tables.
  `create view simulation_run_links as
    select
      s.simulation_id,
      coalesce(
        -- the run that the client names
        (select r.run_id from walkforward_runs r where r.run_id = s.run_uuid),
        -- the only run whose predictions have the name of those that the simulation read
        (select (array_agg(r.run_id))[1] from walkforward_runs r
          where lower(r.prediction_measurement) = s.input_key having count(*) = 1)
      ) as run_id
    from simulation_runs s`,
  `create view simulation_links as
    select
      s.simulation_id,
      l.run_id,
      coalesce(
        -- the dataset of the run
        (select r.dataset_id from walkforward_runs r where r.run_id = l.run_id),
        -- the dataset that the client names: by id, alias or slug
        (select d.dataset_id from stage1_datasets d where d.dataset_id = s.dataset_uuid),
        (select a.dataset_id from stage1_dataset_aliases a where a.alias_id = s.dataset_uuid),
        (select d.dataset_id from stage1_datasets d where d.dataset_slug = s.dataset_id),
        -- the only dataset from whose slug or indicators the measurement's name is made
        (select (array_agg(d.dataset_id))[1] from stage1_datasets d
          where lower(d.dataset_slug) = s.dataset_stem or lower(d.indicator_measurement) = s.dataset_stem
          having count(*) = 1)
      ) as dataset_id
    from simulation_runs s
    join simulation_run_links l on l.simulation_id = s.simulation_id`,
  `create view simulation_catalog as
    select s.*, l.run_id as known_run_id, d.dataset_id as known_dataset_id, d.dataset_slug
    from simulation_runs s
    join simulation_links l on l.simulation_id = s.simulation_id
    left join stage1_datasets d on d.dataset_id = l.dataset_id`,
  // The other way round: the simulations that might belong to it, by everything that may link them, and of them those that
  // do. OFFSET keeps the planner from making a join with the links of all simulations out of it.
  `create view run_simulations as
    select r.run_id, linked.simulation_id
    from walkforward_runs r
    cross join lateral (
      select s.simulation_id
      from simulation_runs s
      where (s.run_uuid = r.run_id or s.input_key = lower(r.prediction_measurement))
        and (select l.run_id from simulation_run_links l where l.simulation_id = s.simulation_id) = r.run_id
      offset 0
    ) linked`,
  `create view dataset_simulations as
    select d.dataset_id, linked.simulation_id
    from stage1_datasets d
    cross join lateral (
      select s.simulation_id
      from simulation_runs s
      where (
          s.run_uuid = any (array(
            select r.run_id from walkforward_runs r where r.dataset_id = d.dataset_id))
          or s.input_key = any (array(
            select lower(r.prediction_measurement) from walkforward_runs r where r.dataset_id = d.dataset_id))
          or s.dataset_uuid = d.dataset_id
          or s.dataset_uuid = any (array(
            select a.alias_id from stage1_dataset_aliases a where a.dataset_id = d.dataset_id))
          or s.dataset_id = d.dataset_slug
          or s.dataset_stem = lower(d.dataset_slug)
          or s.dataset_stem = lower(d.indicator_measurement)
        )
        and (select l.dataset_id from simulation_links l where l.simulation_id = s.simulation_id) = d.dataset_id
      offset 0
    ) linked`,
  `create or replace view dataset_catalog as
    select
      d.dataset_id,
      (select count(*) from walkforward_runs r where r.dataset_id = d.dataset_id) as run_count,
      (select count(*) from dataset_simulations s where s.dataset_id = d.dataset_id) as simulation_count
    from stage1_datasets d`,
]
