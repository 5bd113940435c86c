/** What a crash leaves of a load, and how the next start sets it right. */
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { startApp } from '../../../src/app.js'
import { createLog } from '../../../src/log.js'
import { stagedTableName } from '../../../src/questdb/names.js'
import { createTable, dropTable } from '../../../src/questdb/tables.js'
import { waitUntilVisible } from '../../../src/questdb/visibility.js'
import { ownEngines } from '../../support/engines.js'
import { importCsv, rowCount } from '../../support/imports.js'
import { lockMeasurement, type OutsideLock } from '../../support/outside-lock.js'
import { startServer, testConfig } from '../../support/server.js'
import { watchStaged } from '../../support/staged.js'
import { asAdmin } from '../../support/template.js'
import { test } from '../../support/test.js'

const engines = await ownEngines()
const { prefix, questdb } = engines
const spool = mkdtempSync(join(tmpdir(), 'stage1-test-spool-'))
const staged = await watchStaged(engines)
const made: string[] = []
const state = { otherLoad: undefined as OutsideLock | undefined }
test.after(async () => {
  await state.otherLoad?.release()
  for (const table of made) await dropTable(questdb, table)
  await engines.release()
  rmSync(spool, { recursive: true, force: true })
})

/** A whole start and stop of the server. */
async function startAndStop(): Promise<void> {
  const app = await startApp(testConfig(engines, spool), createLog('silent'))
  await app.prepared
  await app.stop()
}

const sql = (text: string, values: unknown[] = []) => asAdmin(engines.postgresUrl, (admin) => admin.query(text, values))

/** A table as a load makes it. */
async function table(name: string, rows: number): Promise<string> {
  made.push(name)
  await createTable(questdb, { name, columns: [{ name: 'n', type: 'long' }], partitionBy: 'MONTH', dedupKeys: [] })
  await questdb.run(
    `INSERT INTO "${name}" SELECT timestamp_sequence('2024-01-01', 60000000L) AS timestamp, x AS n FROM long_sequence(${rows})`,
  )
  await waitUntilVisible(questdb, name)
  return name
}

const recorded = async (name: string, target: string, role: 'staging' | 'replaced' | 'created') => {
  await sql('insert into stage1_staged_tables (table_name, target, role) values ($1, $2, $3)', [name, target, role])
  return name
}

/** What was left when the server crashed at several points, each at a measurement of its own. */
const left = {
  // While rows were staged.
  loading: { target: `${prefix}loading`, staging: stagedTableName() },
  // Before the staging table was made, or after it was published.
  recordOnly: { target: `${prefix}record_only` },
  // Between the two renames of a swap.
  swapping: { target: `${prefix}swapping`, staging: stagedTableName(), former: stagedTableName() },
  // After both renames, before the new rows were settled and afterwards.
  swapped: { target: `${prefix}swapped`, former: stagedTableName() },
  settled: { target: `${prefix}settled`, former: stagedTableName() },
  // Before and after a staging table became a measurement that was not there.
  making: { target: `${prefix}making`, staging: stagedTableName() },
  made: { target: `${prefix}made`, staging: stagedTableName() },
  // Not crashed at all: another process is at work.
  busy: { target: `${prefix}busy`, staging: stagedTableName() },
  // Nothing that this database knows of.
  foreign: stagedTableName(),
}
const bodies = {
  abandoned: join(spool, 'a.body'),
  uploading: join(spool, 'b.body'),
  waiting: join(spool, 'c.body'),
  done: join(spool, 'd.body'),
}

test.before(async () => {
  await table(left.loading.target, 3)
  await recorded(await table(left.loading.staging, 5), left.loading.target, 'staging')
  await table(left.recordOnly.target, 3)
  await recorded(stagedTableName(), left.recordOnly.target, 'staging')
  await recorded(stagedTableName(), left.recordOnly.target, 'replaced')
  await recorded(stagedTableName(), `${prefix}never_made`, 'replaced')
  made.push(left.swapping.target)
  await recorded(await table(left.swapping.staging, 5), left.swapping.target, 'staging')
  await recorded(await table(left.swapping.former, 7), left.swapping.target, 'replaced')
  await recorded(await table(left.swapped.former, 7), left.swapped.target, 'replaced')
  await table(left.swapped.target, 5)
  await recorded(await table(left.settled.former, 7), left.settled.target, 'staging')
  await table(left.settled.target, 5)
  await recorded(await table(left.making.staging, 5), left.making.target, 'created')
  await recorded(left.made.staging, left.made.target, 'created')
  await table(left.made.target, 5)
  await table(left.busy.target, 3)
  await recorded(await table(left.busy.staging, 5), left.busy.target.toUpperCase(), 'staging')
  state.otherLoad = await lockMeasurement(engines.postgresUrl, left.busy.target)
  await table(left.foreign, 2)

  for (const [what, path] of Object.entries(bodies)) {
    writeFileSync(path, 'timestamp,x\n')
    const then = Date.now() / 1000 - (what === 'uploading' ? 0 : 30 * 3600)
    utimesSync(path, then, then)
  }
  const job = `insert into stage1_jobs (type, status, payload, input, run_after)
    values ('import', $1, '{}', jsonb_build_object('spool', jsonb_build_object('file', $2::text)), now() + interval '1 day')`
  await sql(job, ['PENDING', 'c.body'])
  await sql(job, ['COMPLETED', 'd.body'])
  await startAndStop()
})

test('a crash while rows were staged: the staging table goes, the measurement stays as it was', async () => {
  assert.is(await rowCount(engines, left.loading.staging), undefined)
  assert.is(await rowCount(engines, left.loading.target), 3)
})

test('a crash before the staging table was made, or after it was published: nothing of the measurement changes', async () => {
  assert.is(await rowCount(engines, left.recordOnly.target), 3)
  assert.is(await rowCount(engines, `${prefix}never_made`), undefined)
})

test('a crash between the two renames of a swap: the former rows come back, the new ones go', async () => {
  assert.is(await rowCount(engines, left.swapping.target), 7)
  assert.is(await rowCount(engines, left.swapping.former), undefined)
  assert.is(await rowCount(engines, left.swapping.staging), undefined)
})

test('a crash after the swap: the new rows stay if what goes with them is stored, else the former ones come back', async () => {
  assert.is(await rowCount(engines, left.settled.target), 5)
  assert.is(await rowCount(engines, left.settled.former), undefined)
  assert.is(await rowCount(engines, left.swapped.target), 7)
  assert.is(await rowCount(engines, left.swapped.former), undefined)
})

test('a crash while a measurement was made: there is none, as before', async () => {
  for (const { target, staging } of [left.making, left.made]) {
    assert.is(await rowCount(engines, target), undefined)
    assert.is(await rowCount(engines, staging), undefined)
  }
})

test('rows that come between a broken swap and the sweep join the former rows, which come back first', async () => {
  const name = `${prefix}rejoined`
  const server = await startServer({ engines })
  // Only now, since a start sets right what it finds.
  await recorded(await table(stagedTableName(), 7), name, 'replaced')
  const receipt = await importCsv(server, name, 'timestamp,n\n2025-06-01T00:00:00Z,99\n')
  await server.stop()
  made.push(name)
  assert.equal([receipt.rows_written, receipt.total_rows], [1, 8])
  assert.is(await rowCount(engines, name), 8)
})

test('a staged table that this database knows nothing of belongs to somebody else', async () => {
  assert.is(await rowCount(engines, left.foreign), 2)
})

test('bodies in the spool: old ones that no job needs go, all others stay', () => {
  const there = Object.entries(bodies).filter(([, path]) => existsSync(path))
  assert.equal(
    there.map(([what]) => what),
    ['uploading', 'waiting'],
  )
})

test('a load that is under way elsewhere is left alone, whatever the case of its name, and all else is set right', async () => {
  assert.is(await rowCount(engines, left.busy.staging), 5)
  assert.equal(await staged.left(), [left.busy.staging])
})

test('and is cleared away as soon as nobody is at work there', async () => {
  await state.otherLoad?.release()
  state.otherLoad = undefined
  await startAndStop()
  assert.is(await rowCount(engines, left.busy.target), 3)
  assert.equal(await staged.left(), [])
})

test.run()
