/** Lists at 100 000 runs and 2 000 datasets against the same lists at 1 000 runs and 20 datasets, request by request. */
import pg from 'pg'
import { startServer, type TestServer } from '../support/server.js'
import { median, report } from './figures.js'

const ROUNDS = 150
const GOAL = 1.5

interface Size {
  readonly runs: number
  readonly datasets: number
}

const SMALL: Size = { runs: 1_000, datasets: 20 }
const LARGE: Size = { runs: 100_000, datasets: 2_000 }

const LISTS: readonly { readonly path: string; readonly goal: boolean }[] = [
  { path: '/api/runs?limit=100', goal: true },
  { path: '/api/runs?limit=200&offset=200', goal: true },
  { path: '/api/runs?limit=100&status=COMPLETED', goal: true },
  { path: '/api/runs?limit=20&status=INCOMPLETE', goal: true },
  { path: '/api/runs?limit=50&dataset_id=set_7', goal: true },
  { path: '/api/datasets/set_7/runs?limit=50', goal: true },
  { path: '/api/runs?limit=100&measurement=wf_500', goal: true },
  { path: '/api/runs?limit=100&search=rare_9', goal: true },
  { path: '/api/datasets?limit=20', goal: true },
  { path: '/api/walkforward/runs?limit=100', goal: true },
  // Of these the larger database has more to read, whatever the index: shown, not promised.
  { path: '/api/runs?limit=100&offset=-1', goal: false },
  { path: '/api/runs?limit=100&search=TGT', goal: false },
]

const [small, large] = [await filled(SMALL), await filled(LARGE)]
try {
  for (const { path, goal } of LISTS) {
    const deep = (size: Size) => path.replace('offset=-1', `offset=${size.runs - 100}`)
    const times: [number[], number[]] = [[], []]
    for (let round = 0; round < ROUNDS; round++) {
      times[0].push(await timeOf(small, deep(SMALL)))
      times[1].push(await timeOf(large, deep(LARGE)))
    }
    const [p50, p50Large] = times.map(median) as [number, number]
    const ratio = p50Large / p50
    const figures = `p50 ${p50.toFixed(2)} ms → ${p50Large.toFixed(2)} ms, ratio ${ratio.toFixed(2)}`
    if (goal) report(path, figures, { text: `≤ ${GOAL}`, held: ratio <= GOAL })
    else console.log(`  ${path.padEnd(44)} ${figures}`)
  }
  if (process.env.PLANS) await printPlans(large)
} finally {
  await small.stop()
  await large.stop()
}

async function filled(size: Size): Promise<TestServer> {
  const server = await startServer({
    settings: { STAGE1_LIMITS_ADDRESS_PER_MINUTE: '1000000', STAGE1_LIMITS_TOKEN_PER_MINUTE: '1000000' },
  })
  await withClient(server, async (client) => {
    await client.query(
      `insert into stage1_datasets (dataset_id, dataset_slug, symbol, granularity, source, bar_interval_ms, lookback_rows,
         ohlcv_measurement, indicator_measurement, ohlcv_row_count, indicator_row_count, first_ohlcv_ts, last_ohlcv_ts,
         first_indicator_ts, last_indicator_ts, metadata, created_at, updated_at)
       select gen_random_uuid(), 'set_' || i, 'BTC', '1h', 'bench', 3600000, 0, 'set_' || i || '_ohlcv', 'set_' || i || '_ind',
         0, 0, 0, 0, 0, 0, '{}', now() - i * interval '1 minute', now()
       from generate_series(1, $1::int) i`,
      [size.datasets],
    )
    await client.query(
      `insert into walkforward_runs (run_id, dataset_id, prediction_measurement, target_column, feature_columns,
         hyperparameters, walk_config, summary_metrics, status, requested_by, extra, fold_count, content_digest,
         created_at, updated_at)
       select gen_random_uuid(), d.dataset_id, 'wf_' || i, case when i % ($1::int / 50) = 0 then 'RARE_9' else 'TGT_315' end,
         (select jsonb_agg('feature_' || f) from generate_series(1, 30) f),
         '{"num_rounds": 2000, "learning_rate": 0.01, "max_depth": 4}', '{"train_size": 2000, "fold_step": 24}',
         '{"hit_rate": 0.53}', case when i % 40 = 0 then 'INCOMPLETE' else 'COMPLETED' end, 'bench', '{}', 312, '',
         now() - i * interval '1 second', now()
       from generate_series(1, $1::int) i join stage1_datasets d on d.dataset_slug = 'set_' || (i % $2::int + 1)`,
      [size.runs, size.datasets],
    )
    await client.query('vacuum analyze')
  })
  return server
}

async function timeOf(server: TestServer, path: string): Promise<number> {
  const began = performance.now()
  const answer = await server.get(path, { unchecked: true })
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${answer.text.slice(0, 500)}`)
  return performance.now() - began
}

/** What PostgreSQL does for the statements of these lists, for those who look into a slow one. */
async function printPlans(server: TestServer): Promise<void> {
  const page = (where: string) =>
    `select r.*, d.dataset_slug from walkforward_runs r join stage1_datasets d on d.dataset_id = r.dataset_id
     where r.run_id in (select r.run_id from walkforward_runs r where ${where} order by r.created_at desc, r.run_id limit 100)
     order by r.created_at desc, r.run_id`
  const statements = [
    page('true'),
    page("r.status = 'INCOMPLETE'"),
    page("r.dataset_id = (select dataset_id from stage1_datasets where dataset_slug = 'set_7')"),
    page("r.search_text like '%rare_9%'"),
    'select coalesce(sum(runs), 0)::bigint from walkforward_run_counts',
  ]
  await withClient(server, async (client) => {
    for (const statement of statements) {
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(
        `explain (analyze, costs off, summary off) ${statement}`,
      )
      console.log(`\n  ${statement}\n${rows.map((row) => `    ${row['QUERY PLAN']}`).join('\n')}`)
    }
  })
}

async function withClient(server: TestServer, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: server.engines.postgresUrl })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}
