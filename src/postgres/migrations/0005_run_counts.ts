import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

/**
 * How many runs each dataset has in each status, so that a list's total costs the same whatever the number of runs.
 * Counted when the transaction commits (a deferred trigger): two saves of one dataset's runs then wait for each other
 * for that moment alone.
 */
const STATEMENTS = [
  // Half of each page is left free for the next versions of its rows, so that counting does not make the table grow.
  `create table walkforward_run_counts (
    dataset_id uuid not null references stage1_datasets on delete cascade,
    status text not null,
    runs bigint not null,
    primary key (dataset_id, status)
  ) with (fillfactor = 50)`,
  // In the order of the key, so that two transactions that count the same pair can't each wait for the other.
  `create function count_walkforward_run() returns trigger language plpgsql as $$
  begin
    insert into walkforward_run_counts as counted (dataset_id, status, runs)
    select change.dataset_id, change.status, sum(change.runs)
    from (
      select new.dataset_id, new.status, 1 as runs where tg_op <> 'DELETE'
      union all
      select old.dataset_id, old.status, -1 where tg_op <> 'INSERT'
    ) as change
    group by change.dataset_id, change.status
    having sum(change.runs) <> 0
    order by change.dataset_id, change.status
    on conflict (dataset_id, status) do update set runs = counted.runs + excluded.runs;
    return null;
  end $$`,
  // Making the trigger keeps saves out until this migration ends, so none slips between it and the count below.
  `create constraint trigger walkforward_runs_counted
    after insert or delete or update of dataset_id, status on walkforward_runs
    deferrable initially deferred
    for each row execute function count_walkforward_run()`,
  `insert into walkforward_run_counts (dataset_id, status, runs)
    select dataset_id, status, count(*) from walkforward_runs group by dataset_id, status`,

  `create or replace view dataset_catalog as
    select
      d.dataset_id,
      (select coalesce(sum(c.runs), 0)::bigint from walkforward_run_counts c where c.dataset_id = d.dataset_id) as run_count,
      (select count(*) from dataset_simulations s where s.dataset_id = d.dataset_id) as simulation_count
    from stage1_datasets d`,
]
