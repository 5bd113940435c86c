import pg from 'pg'
import * as assert from 'uvu/assert'
import { ownDataset, ownRun, predictionRows } from '../../support/fixtures.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

const server = await startServer()
const { prefix, postgresUrl, questdb } = server.engines
const sql = new pg.Client({ connectionString: postgresUrl })
await sql.connect()
test.after(async () => {
  await sql.end()
  await server.stop()
})

const dataset = ownDataset(prefix, 'rollback')

/** PostgreSQL fails at the end of a save whose run says so: at its last statement, or at the commit itself. */
test.before(async () => {
  await server.post('/api/datasets', dataset)
  await sql.query(`
    create function fail_documents() returns trigger language plpgsql as
      'begin
        if exists (select 1 from walkforward_runs r where r.run_id = new.run_id and r.status = tg_argv[0])
        then raise exception ''fails as the test wants''; end if;
        return new;
      end';
    create trigger at_statement before insert or update on walkforward_run_documents
      for each row execute function fail_documents('FAILS_AT_STATEMENT');
    create constraint trigger at_commit after insert or update on walkforward_run_documents
      deferrable initially deferred for each row execute function fail_documents('FAILS_AT_COMMIT')`)
})

async function everything(runId: string): Promise<string[]> {
  const paths = [`/api/runs/${runId}`, `/api/runs/${runId}/predictions`]
  return Promise.all(paths.map(async (path) => (await server.get(path)).text))
}

async function tables(): Promise<string[]> {
  const { dataset: rows } = await questdb.exec(`SELECT table_name FROM tables() WHERE table_name LIKE '${prefix}%'`)
  return rows.map(([name]) => String(name)).sort()
}

for (const status of ['FAILS_AT_STATEMENT', 'FAILS_AT_COMMIT']) {
  test(`a run that PostgreSQL does not take (${status}) leaves the former run and its predictions in place`, async () => {
    const { run, folds } = ownRun(prefix, dataset.dataset_id, 3)
    await server.post('/api/runs', { run, folds, predictions: predictionRows(3, 8) })
    const [before, tablesBefore] = [await everything(run.run_id), await tables()]
    const failing = { run: { ...run, status }, folds: folds.slice(0, 1), predictions: predictionRows(1, 5) }
    assert.is((await server.post('/api/runs', failing)).status, 500)
    assert.equal(await everything(run.run_id), before)
    assert.equal(await tables(), tablesBefore)
    assert.equal((await sql.query('select * from stage1_staged_tables')).rows, [])

    const again = { ...failing, run: { ...run, status: 'COMPLETED' } }
    assert.is((await server.post('/api/runs', again)).status, 200, 'the next save is taken')
    const after = (await server.get(`/api/runs/${run.run_id}/predictions`)).json as { total: number }
    assert.is(after.total, 5)
  })

  test(`a new run that PostgreSQL does not take (${status}) leaves no predictions behind`, async () => {
    const { run, folds } = ownRun(prefix, dataset.dataset_id, 2)
    const before = await tables()
    const body = { run: { ...run, status }, folds, predictions: predictionRows(2, 8) }
    assert.is((await server.post('/api/runs', body)).status, 500)
    assert.is((await server.get(`/api/runs/${run.run_id}`)).status, 404)
    assert.equal(await tables(), before)
    assert.equal((await sql.query('select * from stage1_staged_tables')).rows, [])
  })
}

test('a save that breaks off while its measurement gets its owner can be sent again', async () => {
  await sql.query(`
    create function fail_once() returns trigger language plpgsql as
      'begin raise exception ''fails as the test wants''; end';
    create trigger once before insert or update on stage1_measurement_owners for each row execute function fail_once()`)
  const { run, folds } = ownRun(prefix, dataset.dataset_id, 2, { prediction_measurement: `${prefix}rollback_ind` })
  const body = { run, folds, predictions: predictionRows(2, 8) }
  assert.is((await server.post('/api/runs', body)).status, 500)
  await sql.query('drop trigger once on stage1_measurement_owners')
  const again = await server.post('/api/runs', body)
  assert.ok([200, 201].includes(again.status), again.text)
  const stored = (await server.get(`/api/runs/${run.run_id}/predictions`)).json as { total: number }
  assert.is(stored.total, 16)
})

test('a run without predictions that PostgreSQL does not take changes nothing', async () => {
  const { run, folds } = ownRun(prefix, dataset.dataset_id, 3)
  await server.post('/api/runs', { run, folds })
  const before = await server.get(`/api/runs/${run.run_id}`)
  const failing = { run: { ...run, status: 'FAILS_AT_COMMIT' }, folds: folds.slice(0, 1) }
  assert.is((await server.post('/api/runs', failing)).status, 500)
  assert.is((await server.get(`/api/runs/${run.run_id}`)).text, before.text)
})

test.run()
