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
import { rowCount } from '../../support/imports.js'
import { lockMeasurement } from '../../support/measurement-lock.js'
import { testConfig } from '../../support/server.js'
import { watchStaged } from '../../support/staged.js'
import { asAdmin } from '../../support/template.js'
import { test } from '../../support/test.js'

const engines = await ownEngines()
const { prefix, questdb } = engines
const spool = mkdtempSync(join(tmpdir(), 'stage1-test-spool-'))
const staged = await watchStaged(engines)
const made: string[] = []
test.after(async () => {
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

async function table(name: string, rows: number): Promise<string> {
  made.push(name)
  await createTable(questdb, { name, columns: [{ name: 'n', type: 'long' }], partitionBy: 'MONTH', dedupKeys: [] })
  if (rows > 0) {
    await questdb.run(
      `INSERT INTO "${name}" SELECT timestamp_sequence('2024-01-01', 60000000L) AS timestamp, x AS n FROM long_sequence(${rows})`,
    )
    await waitUntilVisible(questdb, name)
  }
  return name
}

const record = (name: string, target: string, role: 'staging' | 'replaced') =>
  sql('insert into stage1_staged_tables (table_name, target, role) values ($1, $2, $3)', [name, target, role])

const names = { count: 0 }
const fresh = () => `${prefix}target_${names.count++}`

test('a crash while rows were staged: the staging table goes, the measurement stays as it was', async () => {
  const target = await table(fresh(), 3)
  const staging = await table(stagedTableName(), 5)
  await record(staging, target, 'staging')
  await startAndStop()
  assert.is(await rowCount(engines, staging), undefined)
  assert.is(await rowCount(engines, target), 3)
  assert.equal(await staged.left(), [])
})

test('a crash before the staging table was made, or after it was published: only the record goes', async () => {
  const target = await table(fresh(), 3)
  await record(stagedTableName(), target, 'staging')
  await record(stagedTableName(), fresh(), 'replaced')
  await record(stagedTableName(), target, 'replaced')
  await startAndStop()
  assert.is(await rowCount(engines, target), 3)
  assert.equal(await staged.left(), [])
})

test('a crash between the two renames of a swap: the former rows come back, the new ones go', async () => {
  const target = fresh()
  const [former, staging] = [await table(stagedTableName(), 7), await table(stagedTableName(), 5)]
  made.push(target)
  await record(staging, target, 'staging')
  await record(former, target, 'replaced')
  await startAndStop()
  assert.is(await rowCount(engines, target), 7)
  assert.is(await rowCount(engines, former), undefined)
  assert.is(await rowCount(engines, staging), undefined)
  assert.equal(await staged.left(), [])
})

test('a crash after the swap: the new rows stay, the former ones go', async () => {
  const target = await table(fresh(), 5)
  const former = await table(stagedTableName(), 7)
  await record(former, target, 'replaced')
  await startAndStop()
  assert.is(await rowCount(engines, target), 5)
  assert.is(await rowCount(engines, former), undefined)
  assert.equal(await staged.left(), [])
})

test('a load that is under way elsewhere is left alone, whatever the case of its name', async () => {
  const target = await table(fresh(), 3)
  const staging = await table(stagedTableName(), 5)
  await record(staging, target.toUpperCase(), 'staging')
  const other = await lockMeasurement(engines.postgresUrl, target)
  await startAndStop()
  assert.is(await rowCount(engines, staging), 5)
  await other.release()
  await startAndStop()
  assert.is(await rowCount(engines, staging), undefined)
  assert.equal(await staged.left(), [])
})

test('one that is under way does not keep the others from being set right', async () => {
  const [busy, idle] = [await table(fresh(), 1), fresh()]
  const [first, second] = [await table(stagedTableName(), 1), await table(stagedTableName(), 2)]
  await record(first, busy, 'staging')
  await record(second, idle, 'staging')
  const other = await lockMeasurement(engines.postgresUrl, busy)
  await startAndStop()
  await other.release()
  assert.is(await rowCount(engines, first), 1)
  assert.is(await rowCount(engines, second), undefined)
  await startAndStop()
  assert.equal(await staged.left(), [])
})

test('a staged table that this database knows nothing of belongs to somebody else', async () => {
  const foreign = await table(stagedTableName(), 2)
  await startAndStop()
  assert.is(await rowCount(engines, foreign), 2)
})

test('bodies in the spool: old ones that no job needs go, all others stay', async () => {
  const file = (name: string, hours: number) => {
    const path = join(spool, name)
    writeFileSync(path, 'timestamp,x\n')
    const then = Date.now() / 1000 - hours * 3600
    utimesSync(path, then, then)
    return path
  }
  const [abandoned, young, waiting, done] = ['a', 'b', 'c', 'd'].map((name) =>
    file(`${name}.body`, name === 'b' ? 0 : 30),
  )
  const job = (status: string, name: string) =>
    sql(
      `insert into stage1_jobs (type, status, payload, input, run_after, lease_until)
       values ('import', $1, '{}', $2, now() + interval '1 day', now() + interval '1 day')`,
      [status, JSON.stringify({ spool: { file: name } })],
    )
  await job('PENDING', 'c.body')
  await job('COMPLETED', 'd.body')
  await startAndStop()
  const left = [abandoned, young, waiting, done].map((path) => existsSync(path as string))
  assert.equal(left, [false, true, true, false])
})

test.run()
