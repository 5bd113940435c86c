/** The order in which one process hands out what many transactions write at the same time, and how it hears of it. */
import fc from 'fast-check'
import pg from 'pg'
import * as assert from 'uvu/assert'
import type { EncodedEvent } from '../../../src/events/encoding.js'
import { EventFeed } from '../../../src/events/feed.js'
import { Listener } from '../../../src/postgres/listener.js'
import { createDatabase, createPool } from '../../../src/postgres/pool.js'
import { startProxy } from '../../support/cutting-proxy.js'
import { ownEngines } from '../../support/engines.js'
import { eventually } from '../../support/eventually.js'
import { test } from '../../support/test.js'

const engines = await ownEngines()
const proxy = await startProxy(engines.postgresUrl)
const pool = createPool({
  url: engines.postgresUrl,
  size: 4,
  connectSeconds: 2,
  statementSeconds: 5,
  silentTransactionSeconds: 10,
  onIdleError: () => {},
})
const db = createDatabase(pool)
const lost: unknown[] = []
const listener = new Listener({ url: proxy.url, connectSeconds: 1, onLost: (error) => lost.push(error) })
const failures: unknown[] = []
const feed = new EventFeed({ db, listener, onError: (error) => failures.push(error) })
const heard: number[] = []
feed.subscribe({ hand: ({ number }: EncodedEvent) => heard.push(number) })
const writers = Array.from({ length: 4 }, () => new pg.Client({ connectionString: engines.postgresUrl }))

test.before(async () => {
  await Promise.all(writers.map((writer) => writer.connect()))
  listener.start()
  feed.start()
  await feed.ready
})
test.after(async () => {
  await proxy.restore()
  await feed.stop()
  await listener.close()
  await Promise.all(writers.map((writer) => writer.end()))
  await db.destroy()
  await proxy.stop()
  await engines.release()
})
test.before.each(() => {
  heard.length = 0
})

async function write(by = 0): Promise<number> {
  const { rows } = await (writers[by] as pg.Client).query(`
    with e as (
      insert into stage1_events (topic, type, subject, data) values ('runs', 'run.saved', 'x', '{}') returning event_id
    ) select event_id, pg_notify('stage1_events', '') from e`)
  return Number(rows[0].event_id)
}
const run = (statement: string, by = 0) => (writers[by] as pg.Client).query(statement)
const settled = (number: number) => eventually(`${number} has been passed`, () => feed.passed >= number, 3_000)

test('what is written one after the other is heard at once', async () => {
  const began = performance.now()
  const numbers = [await write(0), await write(1), await write(2)]
  await settled(numbers[2] as number)
  assert.equal(heard, numbers)
  assert.ok(performance.now() - began < 1_000, 'told, not found by looking now and then')
})

test('a transaction that commits late is waited for, and comes before those that overtook it', async () => {
  await run('begin', 0)
  const slow = await write(0)
  const quick = await write(1)
  await new Promise((resolve) => setTimeout(resolve, 300))
  assert.equal(heard, [])
  await run('commit', 0)
  await settled(quick)
  assert.equal(heard, [slow, quick])
})

test('writers that come without end do not keep a gap open', async () => {
  await run('begin', 0)
  const void_ = await write(0)
  const first = await write(1)
  let busy = true
  // Two take turns so that at every moment some transaction has written and not ended.
  const flood = (async () => {
    await run('begin', 2)
    await write(2)
    for (let by = 3; busy; by = by === 3 ? 2 : 3) {
      await run('begin', by)
      await write(by)
      await run('commit', by === 3 ? 2 : 3)
    }
    for (const by of [2, 3]) await run('commit', by)
  })()
  await new Promise((resolve) => setTimeout(resolve, 50))
  await run('rollback', 0)
  try {
    await eventually('the first is heard', () => heard.includes(first), 2_000)
  } finally {
    busy = false
    await flood
  }
  assert.not(heard.includes(void_))
  assert.equal(
    heard,
    [...new Set(heard)].sort((a, b) => a - b),
  )
  await settled(await write())
})

test('a long transaction that writes other tables holds nobody up', async () => {
  await run('begin', 0)
  await run(`insert into stage1_tokens (token_sha256, name, expires_at) values ('x', 'x', now())`, 0)
  await run('select count(*) from stage1_events', 0)
  await run('begin', 1)
  await write(1)
  await run('rollback', 1)
  const number = await write(2)
  await settled(number)
  assert.equal(heard, [number])
  await run('rollback', 0)
})

test('a part that is rolled back alone leaves a void, and the rest is heard', async () => {
  await run('begin', 0)
  const kept = await write(0)
  await run('savepoint s', 0)
  await write(0)
  await run('rollback to savepoint s', 0)
  const also = await write(0)
  await run('commit', 0)
  await settled(also)
  assert.equal(heard, [kept, also])
})

test('in whatever order transactions write, commit and roll back: all that is committed is heard once, in order', async () => {
  const step = fc.record({ by: fc.nat(3), what: fc.constantFrom('write', 'write', 'commit', 'rollback', 'wait') })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 24 }), async (steps) => {
      heard.length = 0
      const open = new Map<number, number[]>()
      const committed: number[] = []
      const end = async (by: number, what: string) => {
        await run(what, by)
        if (what === 'commit') committed.push(...(open.get(by) ?? []))
        open.delete(by)
      }
      for (const { by, what } of steps) {
        if (what === 'wait') await new Promise((resolve) => setTimeout(resolve, 8))
        else if (what !== 'write') await end(by, what)
        else {
          if (!open.has(by)) await run('begin', by)
          open.set(by, [...(open.get(by) ?? []), await write(by)])
        }
      }
      for (const by of [...open.keys()]) await end(by, 'commit')
      const last = await write()
      await settled(last)
      assert.equal(
        heard,
        [...committed, last].sort((a, b) => a - b),
      )
    }),
    { numRuns: 40, endOnFailure: true },
  )
})

test('a feed that begins while a lower number is in flight knows no end of its past before that', async () => {
  await run('begin', 0)
  await write(0)
  const quick = await write(1)
  const second = new EventFeed({ db, listener, onError: () => {} })
  second.start()
  const ready = second.ready.then(() => true)
  const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 200))
  assert.is(await Promise.race([ready, late]), false)
  await run('commit', 0)
  assert.is(await ready, true)
  assert.ok(second.passed >= quick)
  await second.stop()
  await settled(quick)
})

test('with the connection that hears of events cut, events are found when it stands again, and it hears on', async () => {
  for (const cut of ['proxy', 'terminate'] as const) {
    heard.length = 0
    const before = lost.length
    if (cut === 'proxy') await proxy.cut()
    else
      await run(`select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'stage1-listener' and datname = current_database()`)
    await eventually('the loss is told', () => lost.length === before + 1)
    const missed = await write()
    await proxy.restore()
    await settled(missed)
    await eventually('it hears again', async () => {
      const { rows } = await run(`select 1 from pg_stat_activity
        where application_name = 'stage1-listener' and datname = current_database() and query like 'listen%'`)
      return rows.length > 0
    })
    const began = performance.now()
    const next = await write()
    await settled(next)
    assert.ok(performance.now() - began < 1_000, 'told, not found by looking')
    assert.equal(heard, [missed, next])
  }
})

test('a listener can be closed while it connects, while nobody answers, and before it has begun', async () => {
  const within = async (closing: Promise<void>) => {
    const began = performance.now()
    await closing
    assert.ok(performance.now() - began < 900)
  }
  const make = (url: string) => new Listener({ url, connectSeconds: 5, onLost: () => {} })
  await within(make(engines.postgresUrl).close())
  const connecting = make(engines.postgresUrl)
  connecting.start()
  await within(connecting.close())
  const refused = make('postgres://postgres@127.0.0.1:1/x')
  refused.start()
  await new Promise((resolve) => setTimeout(resolve, 50))
  await within(refused.close())
  proxy.freeze()
  const hanging = make(proxy.url)
  hanging.start()
  await new Promise((resolve) => setTimeout(resolve, 50))
  await within(hanging.close())
  await proxy.restore()
})

test('nothing failed unseen', () => {
  assert.equal(failures, [])
})

test.run()
