/** Moments at which nobody can tell at once what has happened to a job: nothing is lost, and nothing is said that may be wrong. */
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import * as assert from 'uvu/assert'
import { DomainError, isDomainError } from '../../../src/errors.js'
import type { JobWork } from '../../../src/jobs/work.js'
import { inTransaction } from '../../../src/postgres/handle.js'
import { createDatabase, createPool } from '../../../src/postgres/pool.js'
import { ownEngines } from '../../support/engines.js'
import { eventually } from '../../support/eventually.js'
import { forever, playedQueue } from '../../support/played-jobs.js'
import { test } from '../../support/test.js'

const engines = await ownEngines()
const queue = playedQueue(engines, 5)
const { sql } = queue
test.after(async () => {
  await queue.close()
  await engines.release()
})
test.before.each(queue.clear)

const job = (type: string) => ({ type, payload: {}, input: { file: 'x' } })
const away = () => new DomainError('QUESTDB_UNAVAILABLE', 'QuestDB does not answer')
const idle: JobWork = async () => ({})

/** Another client's transaction changes the job; `meanwhile` is asked for before that is committed. */
async function whileChanging<T>(change: string, jobId: string, meanwhile: () => Promise<T>): Promise<T> {
  const other = new pg.Client(engines.postgresUrl)
  await other.connect()
  try {
    await other.query('begin')
    await other.query(`update stage1_jobs set ${change} where job_id = $1`, [jobId])
    const asked = meanwhile()
    await eventually('it waits for the other transaction', async () => {
      const { rows } = await sql(`select from pg_locks where locktype = 'transactionid' and not granted`)
      return rows.length > 0
    })
    await other.query('commit')
    return await asked
  } finally {
    await other.end()
  }
}

const RUNNING = `status = 'RUNNING', fence = fence + 1, lease_until = now() + interval '1 hour'`
const PENDING = `status = 'PENDING', lease_until = null`

test('a cancel that meets the claim of its job has whoever claimed it cancel it', async () => {
  const { jobs } = queue.process('claimed', idle)
  const { job_id } = await jobs.enqueue(job('claimed'))
  const shown = await whileChanging(RUNNING, job_id, () => jobs.cancel(job_id))
  assert.is(shown.status, 'RUNNING')
  const { rows } = await sql('select cancel_requested_at from stage1_jobs where job_id = $1', [job_id])
  assert.ok(rows[0].cancel_requested_at)
})

test('a cancel that meets the return of its job to the queue cancels it', async () => {
  const { jobs, ends } = queue.process('returned', idle)
  const { job_id } = await jobs.enqueue(job('returned'))
  await sql(`update stage1_jobs set ${RUNNING} where job_id = $1`, [job_id])
  const shown = await whileChanging(PENDING, job_id, () => jobs.cancel(job_id))
  assert.equal([shown.status, shown.error_code], ['CANCELLED', 'JOB_CANCELLED'])
  assert.equal(ends, [{ file: 'x' }])
})

test('a job that may have left its effect when an engine went away is not called cancelled', async () => {
  let turn = 0
  const { jobs } = queue.process('begun', async (_, context) => {
    await context.beginEffect()
    if (turn++ === 0) throw away()
    return { turn }
  })
  const { job_id } = await jobs.enqueue(job('begun'))
  await jobs.runNext(forever())
  const asked = await jobs.cancel(job_id)
  assert.is(asked.status, 'PENDING')
  await queue.hurry(job_id)
  await jobs.runNext(forever())
  const done = await jobs.get(job_id)
  assert.equal([done.status, done.result], ['COMPLETED', { turn: 2 }])
})

test('a job that waits for an engine before its effect is cancelled at once', async () => {
  const { jobs } = queue.process('not-begun', async () => {
    throw away()
  })
  const { job_id } = await jobs.enqueue(job('not-begun'))
  await jobs.runNext(forever())
  assert.is((await jobs.cancel(job_id)).status, 'CANCELLED')
})

test('what a job needs is left to it when PostgreSQL does not say whether the job is stored', async () => {
  const { jobs } = queue.process('unsaid', idle)
  await sql(`
    create function end_connection() returns trigger language plpgsql as
      $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$;
    create constraint trigger end_connection after insert on stage1_jobs
      deferrable initially deferred for each row execute function end_connection()`)
  try {
    for (const begin of [
      (stored: () => void) => jobs.enqueue(job('unsaid'), stored),
      (stored: () => void) => jobs.runHere(job('unsaid'), forever(), stored),
    ]) {
      let left = 0
      const error = await begin(() => left++).then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
      assert.ok(isDomainError(error, 'POSTGRES_UNAVAILABLE'), String(error))
      assert.is(left, 1)
    }
  } finally {
    await sql('drop trigger end_connection on stage1_jobs; drop function end_connection()')
  }
})

test('a job that is done stays so when it can not be cleared away, which its log tells', async () => {
  const { jobs, errors } = queue.process('uncleared', async () => ({ answer: 42 }))
  jobs.register('uncleared', {
    work: async () => ({ answer: 42 }),
    async ended() {
      throw new Error('no such folder')
    },
  })
  const { result } = await jobs.runHere(job('uncleared'), forever())
  assert.equal(result, { answer: 42 })
  assert.match(String(errors[0]), /no such folder/)
})

test('a process that stands still in a transaction does not keep its locks', async () => {
  const { jobs } = queue.process('kept', idle)
  const { job_id } = await jobs.enqueue(job('kept'))
  const pool = createPool({
    url: engines.postgresUrl,
    size: 1,
    connectSeconds: 3,
    statementSeconds: 15,
    silentTransactionSeconds: 1,
    onIdleError() {},
  })
  const db = createDatabase(pool)
  let locked = () => {}
  const isLocked = new Promise<void>((resolve) => {
    locked = resolve
  })
  const silent = inTransaction(db, async (tx) => {
    const row = tx.selectFrom('stage1_jobs').select('status').where('job_id', '=', job_id)
    await row.forUpdate().execute()
    locked()
    await sleep(2_000)
    return row.execute()
  }).then(
    () => undefined,
    (error: unknown) => error,
  )
  await isLocked
  assert.is((await jobs.cancel(job_id)).status, 'CANCELLED')
  const error = await silent
  assert.ok(isDomainError(error, 'POSTGRES_UNAVAILABLE'), String(error))
  await db.destroy()
})

test.run()
