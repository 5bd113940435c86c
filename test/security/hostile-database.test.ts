/** Errors that a value can cause in PostgreSQL: each is a refusal that tells nothing of its tables, and what is no value's fault stays a failure. */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import pg from 'pg'
import * as assert from 'uvu/assert'
import { DomainError } from '../../src/errors.js'
import { problemOf } from '../../src/http/problem.js'
import { createDatabase, createPool } from '../../src/postgres/pool.js'
import { ownDataset, ownSimulation } from '../support/fixtures.js'
import { assertRefused, assertUnharmed, refusalOf } from '../support/hostile.js'
import { startServer } from '../support/server.js'
import { test } from '../support/test.js'

const server = await startServer()
const pool = createPool({
  url: server.engines.postgresUrl,
  size: 2,
  connectSeconds: 5,
  statementSeconds: 20,
  silentTransactionSeconds: 10,
  onIdleError: () => {},
})
const db = createDatabase(pool)
test.after(async () => {
  await db.destroy()
  await server.stop()
})

const deep = 100_000

/** Statements with values that PostgreSQL has no place for, and what it says of them. */
const REFUSED: readonly (readonly [string, string, readonly unknown[]])[] = [
  ['22003', 'select $1::bigint', ['9223372036854775808']],
  ['22003', 'select $1::int4', ['2147483648']],
  ['22003', 'select $1::float8', ['1e400']],
  ['22007', 'select $1::timestamptz', ['no time']],
  ['22008', 'select $1::timestamptz', ['294277-01-01']],
  ['22008', 'select $1::date', ['2024-02-30']],
  ['22012', 'select 1 / $1::int', [0]],
  ['22021', 'select $1::text', ['a\0b']],
  ['2202E', 'select array[$1::int[], $2::int[]]', [[1], [1, 2]]],
  ['22P02', 'select $1::uuid', ['no uuid']],
  ['22P02', 'select $1::jsonb', ['{']],
  ['22P02', 'select $1::jsonb', ['"\\ud800"']],
  ['22P05', 'select $1::jsonb', ['"\\u0000"']],
  ['22023', "select set_config('work_mem', $1, true)", ['much']],
  ['2201W', 'select 1 limit $1::int', [-1]],
  ['22025', "select 'a' like $1::text", ['\\']],
  ['2201B', "select 'a' ~ $1::text", ['(']],
  ['54001', 'select $1::jsonb', [`${'['.repeat(deep)}${']'.repeat(deep)}`]],
]

async function failureOf(statement: string, values: readonly unknown[]): Promise<unknown> {
  const parts = statement.split(/\$\d/)
  const query = sql.join(
    parts.flatMap((part, i) => (i === 0 ? [sql.raw(part)] : [sql`${values[i - 1]}`, sql.raw(part)])),
    sql.raw(''),
  )
  try {
    await sql`${query}`.execute(db)
    return undefined
  } catch (error) {
    return error
  }
}

function assertTellsNothing(error: unknown, status: number, code: string): void {
  assert.instance(error, DomainError)
  const problem = problemOf(error, 'id')
  assert.equal([problem.status, problem.body.code], [status, code])
  assert.not.match(JSON.stringify(problem.body), /stage1_|relation|constraint|duplicate key|input syntax/i)
}

test('B31: each error that a value causes in PostgreSQL is a bad request, in no words of its own', async () => {
  for (const [state, statement, values] of REFUSED) {
    const error = await failureOf(statement, values)
    assert.instance(error, DomainError, `${state} ${statement}: ${error}`)
    assert.is(((error as Error).cause as { code?: string }).code, state, statement)
    assertTellsNothing(error, 400, 'REQUEST_INVALID')
  }
})

test('B31: text that is too long, a value that is missing or forbidden, and a key that is taken or gone, are refusals', async () => {
  const statements: readonly (readonly [string, string, number, string])[] = [
    ['22001', "insert into short values (1, 'abcd', 1)", 400, 'REQUEST_INVALID'],
    ['23502', 'insert into short values (2, null, 1)', 400, 'REQUEST_INVALID'],
    ['23514', "insert into short values (3, 'a', -1)", 400, 'REQUEST_INVALID'],
    ['23505', "insert into short values (0, 'a', 1)", 409, 'CHANGED_MEANWHILE'],
    ['23503', 'insert into pointing values (9)', 409, 'CHANGED_MEANWHILE'],
  ]
  await db.connection().execute(async (one) => {
    await sql`create temporary table short (id int primary key, name varchar(3) not null, n int check (n > 0))`.execute(
      one,
    )
    await sql`create temporary table pointing (id int references short)`.execute(one)
    await sql`insert into short values (0, 'a', 1)`.execute(one)
    for (const [state, statement, status, code] of statements) {
      const error = await sql
        .raw(statement)
        .execute(one)
        .catch((thrown: unknown) => thrown)
      assert.is(((error as Error).cause as { code?: string } | undefined)?.code, state, statement)
      assertTellsNothing(error, status, code)
    }
  })
})

test('B31: two transactions in each other\u2019s way are told to try again', async () => {
  const ids = [randomUUID(), randomUUID()]
  for (const id of ids)
    assert.is(
      (
        await server.post(
          '/api/datasets',
          ownDataset(server.engines.prefix, `lock${ids.indexOf(id)}`, { dataset_id: id }),
        )
      ).status,
      201,
    )
  const touch = (id: string | undefined) => sql`update stage1_datasets set updated_at = now() where dataset_id = ${id}`
  let arrived = 0
  let bothHold = () => {}
  const held = new Promise<void>((resolve) => {
    bothHold = resolve
  })
  const both = await Promise.allSettled(
    [ids, [...ids].reverse()].map(([first, second]) =>
      db.transaction().execute(async (tx) => {
        await touch(first).execute(tx)
        arrived += 1
        if (arrived === 2) bothHold()
        await held
        await touch(second).execute(tx)
      }),
    ),
  )
  const failed = both.flatMap((one) => (one.status === 'rejected' ? [one.reason as Error] : []))
  assert.is(failed.length, 1)
  assert.is((failed[0]?.cause as { code?: string } | undefined)?.code, '40P01')
  assertTellsNothing(failed[0], 503, 'POSTGRES_UNAVAILABLE')
})

test('B31: a mistake in a statement of our own stays a failure', async () => {
  for (const statement of ['select nothing', 'select * from nothing', 'selekt'])
    assert.is(problemOf(await failureOf(statement, []), 'id').status, 500)
})

test('B31: numbers and times that no column holds are refused before PostgreSQL sees them', async () => {
  const cases = [
    ['/api/datasets', { dataset_slug: 'bad', bar_interval_ms: 2 ** 53 }, '/bar_interval_ms'],
    ['/api/datasets', { dataset_slug: 'bad', lookback_rows: 1e300 }, '/lookback_rows'],
    ['/api/simulations', { trades: [{ fold_index: 2 ** 31 }] }, '/trades/0/fold_index'],
    ['/api/simulations', { buckets: [{ trade_count: 2 ** 63 }] }, '/buckets/0/trade_count'],
    ['/api/simulations', { simulation_id: 'no uuid' }, '/simulation_id'],
    ['/api/runs', { run_id: randomUUID(), folds: [{ fold_number: 2 ** 31 }] }, '/folds/0/fold_number'],
    ['/api/runs', { run_id: randomUUID(), duration_ms: 2 ** 63 }, '/duration_ms'],
  ] as const
  for (const [path, body, pointer] of cases)
    assertRefused(await server.post(path, body), 400, 'REQUEST_INVALID', pointer, JSON.stringify(body))
  for (const time of [
    '294277-01-01',
    '275761-01-01T00:00:00Z',
    'infinity',
    '-infinity',
    '0000-00-00',
    '2024-02-30T00:00:00Z',
  ]) {
    const refused = refusalOf(await server.post('/api/simulations', { ...ownSimulation(0), started_at: time }), time)
    assert.ok([400, 422].includes(refused.status))
  }
})

test('B31: a value that only PostgreSQL refuses is a bad request, and its log has the reason', async () => {
  const keeper = new pg.Client({ connectionString: server.engines.postgresUrl })
  await keeper.connect()
  try {
    await keeper.query(`alter table simulation_runs add constraint no_such_mode check (mode <> 'forbidden')`)
    const refused = refusalOf(await server.post('/api/simulations', ownSimulation(0, { mode: 'forbidden' })))
    assert.equal([refused.status, refused.code], [400, 'REQUEST_INVALID'])
    assert.match(server.log(), /no_such_mode.*an engine refused a value/)
  } finally {
    await keeper.query('alter table simulation_runs drop constraint if exists no_such_mode')
    await keeper.end()
  }
})

test('all of this was answered without a failure, and no object was changed', () => assertUnharmed(server))

test.run()
