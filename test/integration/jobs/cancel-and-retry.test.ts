/** Jobs that somebody cancels, and jobs that are tried again, on a real queue with played work. */
import { setTimeout as sleep } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { DomainError, isDomainError } from '../../../src/errors.js'
import type { JobContext, JobWork } from '../../../src/jobs/work.js'
import { ownEngines } from '../../support/engines.js'
import { eventually } from '../../support/eventually.js'
import { playedQueue } from '../../support/played-jobs.js'
import { test } from '../../support/test.js'

const engines = await ownEngines()
const queue = playedQueue(engines, 15)
const deaf = playedQueue(engines, 0.9, { deaf: true })
test.after(async () => {
  await queue.close()
  await deaf.close()
  await engines.release()
})
test.before.each(queue.clear)

const job = (type: string) => ({ type, payload: {}, input: { file: 'x' } })
const forever = () => new AbortController().signal

/** Works until its signal ends it. */
const untilEnded: JobWork = (_, { signal }) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })

const runs = (process: ReturnType<typeof queue.process>, jobId: string) =>
  eventually('it runs', async () => (await process.jobs.get(jobId)).status === 'RUNNING')

async function eventsOf(jobId: string): Promise<string[]> {
  const { rows } = await queue.sql('select type from stage1_events where job_id = $1 order by event_id', [jobId])
  return rows.map((row: { type: string }) => row.type.replace('job.', ''))
}

const refusal = (ask: Promise<unknown>) => ask.then(() => undefined).catch((error: unknown) => error as DomainError)

test('a job that waits is cancelled at once, is never run, and can be tried again', async () => {
  const { jobs, ends } = queue.process('waiting', async () => ({ done: true }))
  const { job_id } = await jobs.enqueue(job('waiting'))
  const cancelled = await jobs.cancel(job_id)
  assert.equal([cancelled.status, cancelled.error_code, cancelled.attempts], ['CANCELLED', 'CANCELLED', 0])
  assert.not.equal(cancelled.completed_at, '')
  assert.is(await jobs.runNext(forever()), false)
  const queued = await jobs.retry(job_id)
  assert.equal(
    [queued.job_id, queued.status, queued.error, queued.error_code, queued.completed_at, queued.cancel_requested_at],
    [job_id, 'PENDING', '', '', '', ''],
  )
  assert.is(await jobs.runNext(forever()), true)
  const done = await jobs.get(job_id)
  assert.equal([done.status, done.attempts, done.result], ['COMPLETED', 1, { done: true }])
  assert.equal(ends, [{ file: 'x' }], 'what it needs is let go once it has succeeded')
  assert.equal(await eventsOf(job_id), ['queued', 'cancelled', 'retried', 'claimed', 'completed'])
})

test('a running job is told within a second, by whichever process it was cancelled', async () => {
  const runner = queue.process('running', untilEnded)
  const other = queue.process('running', untilEnded)
  const { job_id } = await runner.jobs.enqueue(job('running'))
  const running = runner.jobs.runNext(forever())
  await runs(runner, job_id)
  const asked = performance.now()
  const answer = await other.jobs.cancel(job_id)
  assert.is(answer.status, 'RUNNING')
  assert.not.equal(answer.cancel_requested_at, '')
  await running
  assert.ok(performance.now() - asked < 1_000, `${performance.now() - asked} ms`)
  const { status, error, error_code } = await other.jobs.get(job_id)
  assert.equal([status, error, error_code], ['CANCELLED', 'the job was cancelled', 'CANCELLED'])
  assert.equal(await eventsOf(job_id), ['queued', 'claimed', 'cancel_requested', 'cancelled'])
})

test('a process that does not hear of it sees it when it renews its lease', async () => {
  const runner = deaf.process('deaf', untilEnded)
  const { job_id } = await runner.jobs.enqueue(job('deaf'))
  const running = runner.jobs.runNext(forever())
  await runs(runner, job_id)
  await runner.jobs.cancel(job_id)
  await running
  assert.is((await runner.jobs.get(job_id)).status, 'CANCELLED')
})

test('a cancelled job whose process dies is ended by the next one without being started again', async () => {
  let starts = 0
  const work: JobWork = async () => {
    starts++
    return new Promise<never>(() => {})
  }
  const dead = deaf.process('orphan', work)
  const { job_id } = await dead.jobs.enqueue(job('orphan'))
  void dead.jobs.runNext(forever())
  await runs(dead, job_id)
  await dead.jobs.cancel(job_id)
  await queue.expire(job_id)
  await queue.process('orphan', work).jobs.runNext(forever())
  assert.equal([(await dead.jobs.get(job_id)).status, starts], ['CANCELLED', 1])
})

test('a cancel that comes while the effect takes place is too late: the job is completed', async () => {
  const seen: boolean[] = []
  const runner = queue.process('late', async (_, { effect, signal }) => {
    await effect.begin()
    await runner.jobs.cancel(id)
    await sleep(100)
    seen.push(signal.aborted)
    effect.end()
    return { stored: true }
  })
  const { job_id: id } = await runner.jobs.enqueue(job('late'))
  await runner.jobs.runNext(forever())
  const { status, result, error } = await runner.jobs.get(id)
  assert.equal([status, result, error], ['COMPLETED', { stored: true }, ''])
  assert.equal(seen, [false])
})

test('a cancel that comes before the effect forbids it, though nobody was told', async () => {
  const stored: string[] = []
  const runner = deaf.process('early', async (_, { effect }) => {
    await runner.jobs.cancel(id)
    await effect.begin()
    stored.push('stored')
    return {}
  })
  const { job_id: id } = await runner.jobs.enqueue(job('early'))
  await runner.jobs.runNext(forever())
  assert.equal([(await runner.jobs.get(id)).status, stored], ['CANCELLED', []])
})

test('a run that was taken over may store nothing more', async () => {
  const outcomes: unknown[] = []
  const contexts: JobContext[] = []
  const letGo = new AbortController()
  const first = queue.process('fenced', async (_, context) => {
    contexts.push(context)
    await new Promise((resolve) => letGo.signal.addEventListener('abort', resolve))
    await context.assertOwned().catch((error) => outcomes.push(error))
    return {}
  })
  const second = queue.process('fenced', async (_, { assertOwned }) => {
    await assertOwned()
    return { by: 'the second' }
  })
  const { job_id } = await first.jobs.enqueue(job('fenced'))
  const running = first.jobs.runNext(forever())
  await eventually('it runs', () => contexts.length === 1)
  await contexts[0]?.assertOwned()
  await queue.expire(job_id)
  await second.jobs.runNext(forever())
  letGo.abort()
  await running
  assert.ok(isDomainError(outcomes[0], 'SUPERSEDED'), String(outcomes[0]))
  assert.equal((await first.jobs.get(job_id)).result, { by: 'the second' })
})

test('a job that has ended stays as it is, however often it is cancelled', async () => {
  const { jobs } = queue.process('final', async () => ({ done: true }))
  const { job_id } = await jobs.enqueue(job('final'))
  await jobs.runNext(forever())
  const before = await jobs.get(job_id)
  assert.equal(await jobs.cancel(job_id), before)
  assert.equal(await jobs.get(job_id), before)
  const error = await refusal(jobs.retry(job_id))
  assert.is(error?.code, 'JOB_NOT_RETRYABLE')
  assert.match(error?.message ?? '', /is COMPLETED/)
})

test('only what may end better another time can be tried again, and only for a time', async () => {
  const fault = new DomainError('CELL_INVALID', 'line 3: expected a number')
  const time = new DomainError('TIME_LIMIT', 'it took too long')
  const errors: unknown[] = [fault, time]
  const { jobs, ends } = queue.process('failed', async () => {
    throw errors.shift()
  })
  const [bad, slow] = [await jobs.enqueue(job('failed')), await jobs.enqueue(job('failed'))]
  while (await jobs.runNext(forever()));
  assert.is(ends.length, 1, 'what a faulty frame needed is let go at once')
  assert.is((await refusal(jobs.retry(bad.job_id)))?.code, 'JOB_NOT_RETRYABLE')
  assert.is((await jobs.liveInputs()).length, 1)
  await queue.sql(`update stage1_jobs set retry_until = now() - interval '1 s' where job_id = $1`, [slow.job_id])
  assert.match((await refusal(jobs.retry(slow.job_id)))?.message ?? '', /send the request again/)
  assert.is((await jobs.liveInputs()).length, 0)
})

test('who waits for a job that is cancelled is told so, and what he sent is let go', async () => {
  const { jobs, ends } = queue.process('waited', untilEnded)
  const outcome = refusal(jobs.runHere(job('waited'), forever()))
  const { job_id } = await eventually('it runs', async () => (await jobs.list({}, { limit: 1, offset: 0 })).jobs[0])
  await jobs.cancel(job_id)
  assert.is((await outcome)?.code, 'CANCELLED')
  assert.is(ends.length, 1)
  assert.is((await refusal(jobs.retry(job_id)))?.code, 'JOB_NOT_RETRYABLE')
})

test('a job that was given up gets all its tries again when a client asks for it', async () => {
  const deadly = queue.process('deadly', () => new Promise<never>(() => {}))
  const { job_id } = await deadly.jobs.enqueue(job('deadly'))
  for (let i = 0; i < 3; i++) {
    void deadly.jobs.runNext(forever())
    await eventually('it was started', async () => (await deadly.jobs.get(job_id)).attempts === i + 1)
    await queue.expire(job_id)
  }
  await deadly.jobs.runNext(forever())
  assert.is((await deadly.jobs.get(job_id)).status, 'FAILED')
  await deadly.jobs.retry(job_id)
  await queue.process('deadly', async () => ({ done: true })).jobs.runNext(forever())
  const { status, attempts } = await deadly.jobs.get(job_id)
  assert.equal([status, attempts], ['COMPLETED', 5])
})

test('what happened to a job is told in its order, and how it stood', async () => {
  const { jobs } = queue.process('told', async (_, context) => {
    context.progress({ progress: 5, total: 10, unit: 'bytes', phase: 'loading', message: '1 row read' })
    return { secret: 'result' }
  })
  const { job_id } = await jobs.enqueue({ ...job('told'), payload: { secret: 'payload' } })
  await jobs.runNext(forever())
  assert.equal(await eventsOf(job_id), ['queued', 'claimed', 'progressed', 'completed'])
  const { rows } = await queue.sql('select * from stage1_events where job_id = $1 order by event_id', [job_id])
  const { topic, subject, data } = rows[2] as { topic: string; subject: string; data: Record<string, unknown> }
  assert.equal([topic, subject], ['jobs', job_id])
  assert.equal(data, {
    job_id,
    job_type: 'told',
    status: 'RUNNING',
    progress: 5,
    total: 10,
    unit: 'bytes',
    phase: 'loading',
    progress_pct: 50,
    message: '1 row read',
    error: '',
    error_code: '',
    attempts: 1,
  })
  assert.not.match(JSON.stringify(rows), /secret/)
})

test.run()
