/** The links of simulations at the size of a real catalogue: the same from either side, and looked up by indexes. */
import pg from 'pg'
import * as assert from 'uvu/assert'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

const server = await startServer()
const client = new pg.Client({ connectionString: server.engines.postgresUrl })

const DATASETS = 2000
const SIMULATIONS = 5000
const uuid = (kind: string, of: string) => `('00000000-0000-4000-${kind}-' || lpad(to_hex(${of}), 12, '0'))::uuid`

test.before(async () => {
  await client.connect()
  await client.query(`
    insert into stage1_datasets (
      dataset_id, dataset_slug, symbol, granularity, source, bar_interval_ms, lookback_rows, ohlcv_measurement,
      indicator_measurement, ohlcv_row_count, indicator_row_count, first_ohlcv_ts, last_ohlcv_ts, first_indicator_ts,
      last_indicator_ts, metadata, created_at, updated_at
    )
    select ${uuid('8000', 'i')}, 'Ds' || i, 'x', '1h', '', 0, 0, 'ds' || i || '_ohlcv',
      -- every seventh dataset has the indicators of its neighbour
      'ds' || (case when i % 7 = 0 then i - 1 else i end) || '_hm',
      0, 0, 0, 0, 0, 0, '{}', now() - i * interval '1 minute', now()
    from generate_series(1, ${DATASETS}) i`)
  await client.query(`
    insert into stage1_dataset_aliases (alias_id, dataset_id)
    select ${uuid('a000', 'i')}, ${uuid('8000', 'i')} from generate_series(1, ${DATASETS / 2}) i`)
  await client.query(`
    insert into walkforward_runs (
      run_id, dataset_id, prediction_measurement, target_column, feature_columns, hyperparameters, walk_config,
      summary_metrics, status, requested_by, extra, fold_count, content_digest, created_at, updated_at
    )
    select ${uuid('9000', 'i')}, ${uuid('8000', `1 + i % ${DATASETS}`)}, 'ds' || (1 + i % 900) || '_wf' || i % 1100,
      '', '[]', '{}', '{}', '{}', 'COMPLETED', '', '{}', 0, '', now(), now()
    from generate_series(1, 3000) i`)
  await client.query(`
    insert into simulation_runs (
      simulation_id, run_id, dataset_id, input_run_measurement, questdb_namespace, mode, status, config, summary_metrics,
      extra, trade_count, content_digest, created_at, updated_at
    )
    select ${uuid('b000', 'i')},
      (array[${uuid('9000', '1 + i % 3000')}::text, gen_random_uuid()::text, ''])[1 + i % 3],
      (array[${uuid('8000', `1 + i % ${DATASETS}`)}::text, ${uuid('a000', `1 + i % ${DATASETS}`)}::text,
        'Ds' || i % ${DATASETS}, gen_random_uuid()::text, ''])[1 + i % 5],
      (array['DS' || (1 + i % 900) || '_wf' || i % 1100, 'ds' || i % 2500 || '_hm_run7', 'ds' || i % 2500 || '_wf9', ''])[1 + i % 4],
      'ds' || i % 2500 || '_sim1', 'dual', 'COMPLETED', '{}', '{}', '{}', 0, '', now() - i * interval '1 second', now()
    from generate_series(1, ${SIMULATIONS}) i`)
})

test.after(async () => {
  await client.end()
  await server.stop()
})

async function rows(sql: string): Promise<Record<string, number>[]> {
  return (await client.query(sql)).rows as Record<string, number>[]
}

test('a simulation is among those of a dataset and a run exactly when it says that it belongs to them', async () => {
  const [counts] = await rows(`
    select count(known_run_id)::int as runs, count(known_dataset_id)::int as datasets, count(*)::int as all
    from simulation_catalog`)
  assert.is(counts?.all, SIMULATIONS)
  assert.ok((counts?.runs ?? 0) > 1000 && (counts?.datasets ?? 0) > 1000 && (counts?.datasets ?? 0) < SIMULATIONS)
  for (const [view, known, id] of [
    ['dataset_simulations', 'known_dataset_id', 'dataset_id'],
    ['run_simulations', 'known_run_id', 'run_id'],
  ]) {
    const told = `select ${known}, simulation_id from simulation_catalog where ${known} is not null`
    const found = `select ${id}, simulation_id from ${view}`
    assert.equal(await rows(`(${told} except all ${found}) union all (${found} except all ${told})`), [], view)
  }
})

test('the list of datasets counts what the list of simulations finds', async () => {
  const { json } = await server.get('/api/datasets?limit=40&offset=1200')
  const { datasets } = json as { datasets: { dataset_slug: string; related_simulations: number }[] }
  assert.is(datasets.length, 40)
  assert.ok(datasets.some((dataset) => dataset.related_simulations > 1))
  for (const { dataset_slug, related_simulations } of datasets) {
    const page = (await server.get(`/api/simulations?dataset_id=${dataset_slug}&limit=1`)).json as { total: number }
    assert.is(page.total, related_simulations, dataset_slug)
  }
})

test('counting and finding simulations reads no table from end to end, before and after its statistics are known', async () => {
  const questions = [
    'select * from dataset_catalog where dataset_id in (select dataset_id from stage1_datasets order by created_at desc limit 100)',
    `select * from dataset_simulations where dataset_id = ${uuid('8000', '7')}`,
    `select * from run_simulations where run_id = ${uuid('9000', '7')}`,
    `select * from simulation_catalog where simulation_id = ${uuid('b000', '7')}`,
  ]
  for (const statistics of ['unknown', 'known']) {
    if (statistics === 'known') await client.query('analyze')
    for (const question of questions) {
      const plan = (await client.query(`explain ${question}`)).rows.map((row) => row['QUERY PLAN']).join('\n')
      assert.not.match(plan, /Seq Scan on (simulation_runs|walkforward_runs)/, `statistics ${statistics}: ${question}`)
    }
  }
})

test.run()
