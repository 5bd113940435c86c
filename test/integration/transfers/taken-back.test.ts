/** Loads that are set right by one process while another believes that they go on, or that have ended since somebody looked. */
import pg from 'pg'
import * as assert from 'uvu/assert'
import { DomainError, isDomainError } from '../../../src/errors.js'
import { type HeldLock, NamedLocks } from '../../../src/postgres/lock.js'
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
  silentTransactionSeconds: 10,
  onIdleError: () => {},
})
const db = createDatabase(pool)
const signal = new AbortController().signal
const held: HeldLock = { async requireHeld() {} }
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
    { db, client, lock: held, signal },
    confirm,
  )
  return stagingTable
}

async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  )
}

/** Sets right all that is recorded of the measurement, as whoever gets its lock does. */
async function setRight(target: string): Promise<void> {
  for (const staged of await repository.listStaged(db, target)) await recover(staged.table, { db, client, lock: held })
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
      async tryLock(_: string, __: AbortSignal, work: (lock: HeldLock) => Promise<void>) {
        looked()
        await isSettled
        return work(held)
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
    assert.ok(isDomainError(await failure(late), 'POSTGRES_UNAVAILABLE'))
    assert.is(await rowCount(engines, target), mode === 'replace' ? 3 : undefined)
  })
}

for (const [mode, rows] of [
  ['create', undefined],
  ['replace', 3],
  ['append', 3],
] as const)
  test(`a load that was taken back before it began to publish does not (${mode})`, async () => {
    const target = `${prefix}early_${mode}`
    if (rows) await table(target, rows)
    const stagingTable = await table(stagedTableName(), 5)
    await repository.insertStaged(db, { table: stagingTable, target, role: 'staging' })
    await repository.beginRecovery(db, stagingTable)
    const plan = { target, stagingTable, mode, dedupKeys: [], dedupKeysIfPresent: [] } as unknown as LoadPlan
    const context = { db, client, lock: held, signal }
    const error = await failure(publish(plan, LOADED as unknown as Loaded, context, (settle) => settle(db)))
    assert.ok(isDomainError(error, 'POSTGRES_UNAVAILABLE'), String(error))
    assert.is(await rowCount(engines, target), rows)
    assert.equal(
      (await repository.listStaged(db, target)).map((staged) => staged.table),
      [stagingTable],
    )
    await setRight(target)
    assert.is(await rowCount(engines, stagingTable), undefined)
  })

/** A lock that is held for so many questions, and then is another's. */
function heldFor(questions: number): HeldLock {
  let left = questions
  return {
    async requireHeld() {
      if (left-- === 0) throw new DomainError('POSTGRES_UNAVAILABLE', 'the lock was lost')
    },
  }
}

for (const questions of [0, 1])
  test(`whoever puts a measurement back stops where its lock is lost, and the next one ends it (${questions})`, async () => {
    const target = await table(`${prefix}put_back_${questions}`, 5)
    const former = await table(stagedTableName(), 3)
    await repository.insertStaged(db, { table: former, target, role: 'replaced' })
    const lost = await failure(recover(former, { db, client, lock: heldFor(questions) }))
    assert.ok(isDomainError(lost, 'POSTGRES_UNAVAILABLE'))
    assert.is(await rowCount(engines, target), questions === 0 ? 5 : undefined)
    await setRight(target)
    assert.equal([await rowCount(engines, target), await repository.listStaged(db, target)], [3, []])
  })

for (const questions of [0, 1])
  test(`a load whose lock is lost while it replaces leaves what was there to be put back (${questions})`, async () => {
    const target = await table(`${prefix}replaces_${questions}`, 3)
    const stagingTable = await table(stagedTableName(), 5)
    await repository.insertStaged(db, { table: stagingTable, target, role: 'staging' })
    const plan = { target, stagingTable, mode: 'replace' } as LoadPlan
    const context = { db, client, lock: heldFor(questions), signal }
    const error = await failure(publish(plan, LOADED as unknown as Loaded, context, (settle) => settle(db)))
    assert.ok(isDomainError(error, 'POSTGRES_UNAVAILABLE'))
    assert.is(await rowCount(engines, target), questions === 0 ? 3 : undefined)
    await setRight(target)
    assert.equal([await rowCount(engines, target), await repository.listStaged(db, target)], [3, []])
  })

test('a lock whose connection has ended is known to be lost', async () => {
  const locks = new NamedLocks({ url: engines.postgresUrl, size: 1, connectSeconds: 3, statementSeconds: 5 })
  const error = await failure(
    locks.withLock('measurement:lost', signal, async (lock) => {
      await lock.requireHeld()
      const admin = new pg.Client(engines.postgresUrl)
      await admin.connect()
      await admin.query(
        `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and database =
         (select oid from pg_database where datname = current_database())`,
      )
      await admin.end()
      await lock.requireHeld()
    }),
  )
  assert.ok(isDomainError(error, 'POSTGRES_UNAVAILABLE'), String(error))
  assert.is(await locks.tryLock('measurement:lost', signal, async () => 'mine'), 'mine')
  await locks.close()
})

test('those who wait for one measurement keep nobody from another', async () => {
  const locks = new NamedLocks({ url: engines.postgresUrl, size: 2, connectSeconds: 3, statementSeconds: 5 })
  let letGo = () => {}
  let busy: Promise<void> = Promise.resolve()
  await new Promise<void>((isHeld) => {
    busy = locks.withLock('measurement:busy', signal, () => {
      isHeld()
      return new Promise<void>((resolve) => {
        letGo = resolve
      })
    })
  })
  const order: string[] = []
  const waiting = Array.from({ length: 8 }, () =>
    locks.withLock('measurement:busy', signal, async () => order.push('busy')),
  )
  for (let n = 0; n < 20; n++) await locks.withLock('measurement:free', signal, async () => order.push('free'))
  letGo()
  await Promise.all([busy, ...waiting])
  assert.equal(order, [...Array(20).fill('free'), ...Array(8).fill('busy')])
  await locks.close()
})

test('a table that can not be set right does not keep the others from it', async () => {
  const [first, second] = [`${prefix}stuck`, `${prefix}goes`]
  const [stuck, goes] = [await table(stagedTableName(), 1), await table(stagedTableName(), 1)]
  await repository.insertStaged(db, { table: stuck, target: first, role: 'staging' })
  await repository.insertStaged(db, { table: goes, target: second, role: 'staging' })
  const locks = {
    async tryLock(name: string, _: AbortSignal, work: (lock: HeldLock) => Promise<void>) {
      if (name.endsWith('stuck')) throw new DomainError('QUESTDB_UNAVAILABLE', 'QuestDB does not answer')
      return work(held)
    },
  }
  const error = await failure(new Loader({ db, locks, questdb: client } as never).sweep(signal))
  assert.ok(isDomainError(error, 'QUESTDB_UNAVAILABLE'))
  assert.equal([(await repository.listStaged(db, first)).length, await repository.listStaged(db, second)], [1, []])
  await setRight(first)
})

async function rowsAre(target: string, rows: number): Promise<void> {
  while ((await rowCount(engines, target).catch(() => undefined)) !== rows)
    await new Promise((resolve) => setTimeout(resolve, 20))
}

test.run()
