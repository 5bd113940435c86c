/** Loads that are set right by one process while another believes that they go on, or that have ended since somebody looked. */
import * as assert from 'uvu/assert'
import { createDatabase, createPool } from '../../../src/postgres/pool.js'
import { stagedTableName } from '../../../src/questdb/names.js'
import { createTable, dropTable } from '../../../src/questdb/tables.js'
import { waitUntilVisible } from '../../../src/questdb/visibility.js'
import type { Loaded, LoadPlan } from '../../../src/transfers/load-plan.js'
import { Loader } from '../../../src/transfers/loader.js'
import { publish, recover, type Settle } from '../../../src/transfers/publish.js'
import * as repository from '../../../src/transfers/repository.js'
import { ownEngines } from '../../support/engines.js'
import { rowCount } from '../../support/imports.js'
import { test } from '../../support/test.js'

const engines = await ownEngines()
const { prefix, questdb: client } = engines
const pool = createPool({
  url: engines.postgresUrl,
  size: 4,
  connectSeconds: 3,
  statementSeconds: 15,
  onIdleError: () => {},
})
const db = createDatabase(pool)
const signal = new AbortController().signal
const made: string[] = []
test.after(async () => {
  for (const table of made) await dropTable(client, table)
  await db.destroy()
  await engines.release()
})

async function table(name: string, rows: number): Promise<string> {
  made.push(name)
  await createTable(client, { name, columns: [{ name: 'n', type: 'long' }], partitionBy: 'MONTH', dedupKeys: [] })
  await client.run(
    `INSERT INTO "${name}" SELECT timestamp_sequence('2024-01-01', 60000000L) AS timestamp, x AS n FROM long_sequence(${rows})`,
  )
  await waitUntilVisible(client, name)
  return name
}

const LOADED = { place: 'staging', rowsReceived: 5, rowsAdded: 5, totalRows: 5, firstMs: 0, lastMs: 0, columns: [] }

/** Publishes five staged rows; they have taken the place of those that were there when `confirm` runs. */
async function publishFive(
  target: string,
  mode: 'create' | 'replace',
  confirm: (settle: Settle) => Promise<void>,
): Promise<string> {
  const stagingTable = await table(stagedTableName(), 5)
  await repository.insertStaged(db, { table: stagingTable, target, role: 'staging' })
  await publish(
    { target, stagingTable, mode } as LoadPlan,
    LOADED as unknown as Loaded,
    { db, client, signal },
    confirm,
  )
  return stagingTable
}

/** Sets right all that is recorded of the measurement, as whoever gets its lock does. */
async function setRight(target: string): Promise<void> {
  for (const staged of await repository.listStaged(db, target)) await recover(staged.table, { db, client })
}

for (const mode of ['create', 'replace'] as const) {
  test(`rows that were settled between the look of a sweep and its lock stay (${mode})`, async () => {
    const target = `${prefix}looked_${mode}`
    if (mode === 'replace') await table(target, 3)
    let settled = () => {}
    let looked = () => {}
    const isSettled = new Promise<void>((resolve) => {
      settled = resolve
    })
    const hasLooked = new Promise<void>((resolve) => {
      looked = resolve
    })
    const publishing = publishFive(target, mode, async (settle) => {
      await hasLooked
      await settle(db)
    }).then(settled)
    await rowsAre(target, 5)
    const locks = {
      async tryLock(_: string, __: AbortSignal, work: () => Promise<void>) {
        looked()
        await isSettled
        return work()
      },
    }
    await new Loader({ db, locks, questdb: client } as never).sweep(signal)
    await publishing
    assert.is(await rowCount(engines, target), 5)
    assert.equal(await repository.listStaged(db, target), [])
  })

  test(`a load that somebody has begun to take back can not settle (${mode})`, async () => {
    const target = `${prefix}lost_${mode}`
    if (mode === 'replace') await table(target, 3)
    const late = publishFive(target, mode, async (settle) => {
      await setRight(target)
      await settle(db)
    })
    const error = await late.then(
      () => undefined,
      (thrown: unknown) => thrown as { code: string },
    )
    assert.is(error?.code, 'POSTGRES_UNAVAILABLE')
    assert.is(await rowCount(engines, target), mode === 'replace' ? 3 : undefined)
  })
}

test('a load that was taken back before it began to publish does not', async () => {
  const target = `${prefix}early`
  const stagingTable = await table(stagedTableName(), 5)
  await repository.insertStaged(db, { table: stagingTable, target, role: 'staging' })
  await repository.beginRecovery(db, stagingTable)
  const plan = { target, stagingTable, mode: 'create' } as LoadPlan
  const error = await publish(plan, LOADED as unknown as Loaded, { db, client, signal }, (settle) => settle(db)).then(
    () => undefined,
    (thrown: unknown) => thrown as { code: string },
  )
  assert.is(error?.code, 'POSTGRES_UNAVAILABLE')
  assert.is(await rowCount(engines, target), undefined)
  await setRight(target)
  assert.is(await rowCount(engines, stagingTable), undefined)
})

async function rowsAre(target: string, rows: number): Promise<void> {
  while ((await rowCount(engines, target).catch(() => undefined)) !== rows)
    await new Promise((resolve) => setTimeout(resolve, 20))
}

test.run()
