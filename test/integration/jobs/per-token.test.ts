/** One token's jobs beside those of others: how many run at a time over all processes, and how many may wait. */
import * as assert from 'uvu/assert'
import type { DomainError } from '../../../src/errors.js'
import { claimNext } from '../../../src/jobs/lease-repository.js'
import type { NewJob } from '../../../src/jobs/repository.js'
import type { JobWork } from '../../../src/jobs/work.js'
import { createDatabase, createPool } from '../../../src/postgres/pool.js'
import { minutesCsv } from '../../support/csv.js'
import { ownEngines } from '../../support/engines.js'
import { eventually } from '../../support/eventually.js'
import { ended, type ImportReceipt, type Problem, postCsv } from '../../support/imports.js'
import { lockMeasurement } from '../../support/outside-lock.js'
import { forever, playedQueue } from '../../support/played-jobs.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

const engines = await ownEngines()
const queue = playedQueue(engines, 15)
test.after(async () => {
  await queue.close()
  await engines.release()
})
test.before.each(queue.clear)

const [ALICE, BOB] = ['00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000b']
const jobOf = (tokenId?: string): NewJob => ({ type: 'held', payload: {}, input: {}, tokenId })
const isDone: JobWork = async () => ({})

/** Work that goes on until it is let go, the eldest first. */
function held() {
  const running: (() => void)[] = []
  const work: JobWork = () => new Promise((resolve) => running.push(() => resolve({})))
  const letGo = (count = running.length) => {
    for (const end of running.splice(0, count)) end()
  }
  return { work, letGo }
}

/** How many jobs of Alice, of Bob and of nobody are in this status. */
async function countsOf(status: string): Promise<number[]> {
  const { rows } = await queue.sql('select token_id from stage1_jobs where status = $1', [status])
  return [ALICE, BOB, null].map((tokenId) => rows.filter((row) => row.token_id === tokenId).length)
}

const areRunning = (counts: number[]) =>
  eventually(`${counts} run`, async () => `${await countsOf('RUNNING')}` === `${counts}`)

test('of one token two jobs run in both processes together while those of others go on, and the next when one has ended', async () => {
  const { work, letGo } = held()
  const processes = [queue.process('held', work, { perToken: 2 }), queue.process('held', work, { perToken: 2 })]
  const [one] = processes.map(({ jobs }) => jobs)
  if (!one) throw new Error('there are two')
  for (const token of [ALICE, ALICE, ALICE, ALICE, BOB, undefined, undefined, undefined])
    await one.enqueue(jobOf(token))
  const turns = processes.flatMap(({ jobs }) => [1, 2, 3, 4].map(() => jobs.runNext(forever())))
  await areRunning([2, 1, 3])
  assert.is(await one.runNext(forever()), false)
  assert.equal(await countsOf('PENDING'), [2, 0, 0])
  // The first to be claimed are hers.
  letGo(1)
  await eventually('one has ended', async () => (await countsOf('COMPLETED'))[0] === 1)
  turns.push(one.runNext(forever()))
  await areRunning([2, 1, 3])
  assert.equal(await countsOf('PENDING'), [1, 0, 0])
  letGo()
  assert.equal((await Promise.all(turns)).filter((found) => !found).length, 2, 'two found none that they might take')
})

test('many claims at the same moment never take more places than a token has', async () => {
  const pool = createPool({
    url: engines.postgresUrl,
    size: 12,
    connectSeconds: 10,
    statementSeconds: 15,
    silentTransactionSeconds: 10,
    onIdleError() {},
  })
  const db = createDatabase(pool)
  const { jobs } = queue.process('held', isDone)
  for (let round = 0; round < 25; round++) {
    await queue.clear()
    for (let n = 0; n < 6; n++) await jobs.enqueue(jobOf(n < 4 ? ALICE : BOB))
    const claim = () => claimNext(db, { owner: 'x', seconds: 15 }, { perToken: 2 })
    const claims = await Promise.all(Array.from({ length: 12 }, claim))
    assert.equal(await countsOf('RUNNING'), [2, 2, 0], `round ${round}`)
    assert.is(claims.filter((job) => job !== undefined).length, 4, 'who waited for his turn found what was left')
  }
  await db.destroy()
})

test('jobs whose process fell silent are taken over, although their token has no place left', async () => {
  const stuck = queue.process('held', () => new Promise<never>(() => {}), { perToken: 1 })
  const { job_id } = await stuck.jobs.enqueue(jobOf(ALICE))
  void stuck.jobs.runNext(forever())
  await areRunning([1, 0, 0])
  const other = queue.process('held', async () => ({ by: 'the other' }), { perToken: 1 })
  const next = await other.jobs.enqueue(jobOf(ALICE))
  assert.is(await other.jobs.runNext(forever()), false)
  await queue.expire(job_id)
  assert.is(await other.jobs.runNext(forever()), true)
  assert.equal((await other.jobs.get(job_id)).result, { by: 'the other' })
  assert.is((await other.jobs.get(next.job_id)).status, 'PENDING')
})

test('when a request that did its work at once is done, idle processes hear that its token has a place again', async () => {
  const { work, letGo } = held()
  const { jobs } = queue.process('held', work, { perToken: 1 })
  const blocking = jobs.runHere(jobOf(ALICE), forever())
  await areRunning([1, 0, 0])
  const { jobs: idle } = queue.process('held', isDone, { perToken: 1 })
  let told = 0
  idle.onWaiting(() => told++)
  const { job_id } = await jobs.enqueue(jobOf(ALICE))
  await eventually('it hears of the job', () => told === 1)
  assert.is(await idle.runNext(forever()), false)
  letGo()
  await blocking
  await eventually('it hears of the place', () => told === 2)
  assert.is(await idle.runNext(forever()), true)
  assert.is((await jobs.get(job_id)).status, 'COMPLETED')
})

test('0 is no limit', async () => {
  const { work, letGo } = held()
  const { jobs } = queue.process('held', work)
  for (let n = 0; n < 6; n++) await jobs.enqueue(jobOf(ALICE))
  const turns = [1, 2, 3, 4, 5, 6].map(() => jobs.runNext(forever()))
  await areRunning([6, 0, 0])
  letGo()
  await Promise.all(turns)
})

test('a token whose queue is full is refused further jobs, but not the answer about one that it has; others are not', async () => {
  const { jobs } = queue.process('held', isDone, { queuedPerToken: 2 })
  const jobId = '00000000-0000-4000-8000-000000000001'
  const refusal = () => jobs.enqueue(jobOf(ALICE)).then(String, (error: DomainError) => error.code)
  await jobs.enqueue({ ...jobOf(ALICE), jobId })
  await jobs.enqueue(jobOf(ALICE))
  assert.is(await refusal(), 'QUEUE_FULL')
  assert.is((await jobs.enqueue({ ...jobOf(ALICE), jobId })).job_id, jobId)
  for (const other of [BOB, undefined, undefined, undefined]) await jobs.enqueue(jobOf(other))
  assert.equal(await countsOf('PENDING'), [2, 1, 3])
  await jobs.runHere(jobOf(ALICE), forever())
  await jobs.runNext(forever())
  await jobs.enqueue(jobOf(ALICE))
  assert.is(await refusal(), 'QUEUE_FULL')
})

test('a client with too many imports under way is told when to come back, and its files go through then', async () => {
  const server = await startServer({
    engines,
    settings: { STAGE1_JOBS_PER_TOKEN: '1', STAGE1_JOBS_QUEUED_PER_TOKEN: '1' },
  })
  try {
    const names = ['first', 'second', 'third'].map((name) => `${engines.prefix}${name}`) as [string, string, string]
    const send = (name: string) => postCsv(server, name, minutesCsv(50), {}, { async: true })
    const lock = await lockMeasurement(engines.postgresUrl, names[0])
    const first = (await send(names[0])).json as ImportReceipt
    const isRunning = async () => (await queue.sql(`select from stage1_jobs where status = 'RUNNING'`)).rowCount === 1
    await eventually('the first runs', isRunning)
    const second = (await send(names[1])).json as ImportReceipt
    const refused = await send(names[2])
    assert.equal([refused.status, (refused.json as Problem).code], [429, 'QUEUE_FULL'])
    assert.is(refused.headers.get('retry-after'), '10')
    assert.is((await postCsv(server, names[2], minutesCsv(50))).status, 200, 'who waits for it is not held up')
    await lock.release()
    for (const { job_id } of [first, second]) assert.is((await ended(server, job_id)).status, 'COMPLETED')
    assert.is((await send(names[2])).status, 202)
  } finally {
    await server.stop()
  }
})

test.run()
