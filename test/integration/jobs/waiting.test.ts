/** Many who wait for many jobs in one process, where notifications come and where they get lost. */
import type { KyselyPlugin } from 'kysely'
import * as assert from 'uvu/assert'
import type { DomainError } from '../../../src/errors.js'
import type { Job } from '../../../src/jobs/service.js'
import type { JobWork } from '../../../src/jobs/work.js'
import { ownEngines } from '../../support/engines.js'
import { eventually } from '../../support/eventually.js'
import { playedQueue } from '../../support/played-jobs.js'
import { asAdmin } from '../../support/template.js'
import { test } from '../../support/test.js'

const engines = await ownEngines()
const queue = playedQueue(engines, 15)
test.after(async () => {
  await queue.close()
  await engines.release()
})
test.before.each(queue.clear)

const CLIENTS = 40
const WAIT_MS = 30_000
const nothing: JobWork = async () => ({})

/** A process that counts its statements and hears of no change, but can be told that it may have missed some. */
function deafProcess() {
  const looks: (() => void)[] = []
  let statements = 0
  const counting: KyselyPlugin = {
    transformQuery({ node }) {
      statements++
      return node
    },
    transformResult: async ({ result }) => result,
  }
  const { jobs } = queue.process('watched', nothing, {
    db: queue.db.withPlugin(counting),
    listener: {
      on: () => () => {},
      onGap(look) {
        looks.push(look)
        return () => {}
      },
    },
  })
  return {
    jobs,
    statements: () => statements,
    mayHaveMissed() {
      for (const look of looks) look()
    },
  }
}

/** Each client waits for a job of his own. */
async function clients({ jobs }: ReturnType<typeof deafProcess>) {
  const answers = new Map<string, Job>()
  const leave = new AbortController()
  const refused: string[] = []
  const waits: Promise<unknown>[] = []
  for (let n = 0; n < CLIENTS; n++) {
    const { job_id } = await jobs.enqueue({ type: 'watched', payload: {}, input: {} })
    waits.push(
      jobs.wait(job_id, WAIT_MS, leave.signal).then(
        (job) => answers.set(job_id, job),
        (error: DomainError) => refused.push(error.code ?? 'left'),
      ),
    )
  }
  const ids = (await jobs.list({}, { limit: CLIENTS, offset: 0 })).jobs.map(({ job_id }) => job_id)
  return {
    ids,
    answers,
    refused,
    async leave() {
      leave.abort(new Error('the client has left'))
      await Promise.all(waits)
    },
  }
}

const changeQuietly = (jobId: string) =>
  asAdmin(engines.postgresUrl, (admin) =>
    admin.query(`update stage1_jobs set progress = progress + 7, updated_at = now() where job_id = $1`, [jobId]),
  )

test('whoever waits when notifications got lost is answered by one look at all the jobs, and the others wait on', async () => {
  const process = deafProcess()
  const { ids, answers, refused, leave } = await clients(process)
  const [changed, gone] = ids as [string, string]
  await changeQuietly(changed)
  const before = process.statements()
  process.mayHaveMissed()
  await eventually('its client is answered', () => answers.has(changed))
  assert.equal([answers.size, answers.get(changed)?.progress], [1, 7])
  // Two, unless the look that comes by itself fell in between.
  const looked = process.statements() - before
  assert.ok(looked < CLIENTS / 4, `${looked} statements`)
  await queue.sql('delete from stage1_jobs where job_id = $1', [gone])
  process.mayHaveMissed()
  await eventually('its client is told', () => refused.length > 0)
  assert.equal([refused, answers.size], [['JOB_NOT_FOUND'], 1])
  await leave()
  const after = process.statements()
  process.mayHaveMissed()
  assert.is(process.statements(), after, 'where nobody waits, nobody looks')
})

test('it looks by itself now and then, at all of them together', async () => {
  const process = deafProcess()
  const { ids, answers, leave } = await clients(process)
  const before = process.statements()
  const [changed] = ids as [string]
  await changeQuietly(changed)
  await eventually('its client is answered', () => answers.has(changed), 20_000)
  const looked = process.statements() - before - 1
  assert.ok(looked >= 1 && looked < CLIENTS / 2, `${looked} statements`)
  await leave()
})

test('a second one who asks for the same work is given its outcome without asking all the time', async () => {
  const process = deafProcess()
  const { jobs } = queue.process('watched', nothing)
  const { job_id: jobId } = await jobs.enqueue({ type: 'watched', payload: {}, input: {} })
  const outcome = process.jobs.runHere({ jobId, type: 'watched', payload: {}, input: {} }, new AbortController().signal)
  await eventually('he waits', () => process.statements() >= 2)
  await jobs.runNext(new AbortController().signal)
  process.mayHaveMissed()
  assert.equal(await outcome, { jobId, result: {} })
  assert.ok(process.statements() <= 6, `${process.statements()} statements`)
})

test.run()
