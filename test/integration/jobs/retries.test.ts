/** Jobs whose run ends badly: which are tried again, which are not, and what is said of them. */
import * as assert from 'uvu/assert'
import { DomainError, type ErrorCode } from '../../../src/errors.js'
import type { JobWork } from '../../../src/jobs/work.js'
import { ownEngines } from '../../support/engines.js'
import { eventually } from '../../support/eventually.js'
import { playedQueue } from '../../support/played-jobs.js'
import { test } from '../../support/test.js'

const engines = await ownEngines()
const queue = playedQueue(engines, 5)
test.after(async () => {
  await queue.close()
  await engines.release()
})
test.before.each(queue.clear)

const job = (type: string) => ({ type, payload: {}, input: { file: 'x' } })
const forever = () => new AbortController().signal

/** Fails with one error after the other, then succeeds. */
function failing(...errors: unknown[]): JobWork {
  let turn = 0
  return async (_, context) => {
    context.progress({ progress: 50 - turn * 10, total: 100 })
    const error = errors[turn++]
    if (error !== undefined) throw error
    return { turns: turn }
  }
}

const away = (code: ErrorCode = 'QUESTDB_UNAVAILABLE') => new DomainError(code, 'QuestDB does not answer')

test('a job that finds an engine away waits and is tried again, and then succeeds', async () => {
  const { jobs, ends, errors } = queue.process('away', failing(away(), away('POSTGRES_UNAVAILABLE')))
  const { job_id } = await jobs.enqueue(job('away'))
  const progress: number[] = []
  for (const attempts of [1, 2]) {
    await jobs.runNext(forever())
    const waiting = await jobs.get(job_id)
    assert.equal([waiting.status, waiting.phase, waiting.attempts], ['PENDING', 'queued', attempts])
    assert.match(waiting.message ?? '', /does not answer/)
    progress.push(waiting.progress)
    assert.is(await jobs.runNext(forever()), false, 'it is not tried at once')
    const pause = await queue.hurry(job_id)
    assert.ok(pause > 1 && pause < 15, `${pause} s`)
  }
  await jobs.runNext(forever())
  const done = await jobs.get(job_id)
  assert.equal([done.status, done.attempts, done.result, done.error], ['COMPLETED', 3, { turns: 3 }, ''])
  assert.equal(progress, [50, 50], 'progress never goes back')
  assert.equal([ends.length, errors.length], [1, 0])
})

test('an engine that stays away ends the job after three starts, with the reason', async () => {
  const { jobs, ends } = queue.process('gone', failing(away(), away(), away(), away()))
  const { job_id } = await jobs.enqueue(job('gone'))
  for (let i = 0; i < 3; i++) {
    await jobs.runNext(forever())
    await queue.hurry(job_id)
  }
  const { status, error, error_code, attempts } = await jobs.get(job_id)
  assert.equal([status, error, error_code, attempts], ['FAILED', 'QuestDB does not answer', 'QUESTDB_UNAVAILABLE', 3])
  assert.is(await jobs.runNext(forever()), false)
  assert.equal(ends, [{ file: 'x' }])
})

test('a fault of the input is final at once', async () => {
  const fault = new DomainError('CELL_INVALID', 'line 3: expected a number', { line: 3 })
  const { jobs, ends, errors } = queue.process('fault', failing(fault))
  const { job_id } = await jobs.enqueue(job('fault'))
  await jobs.runNext(forever())
  const { status, error, error_code, attempts } = await jobs.get(job_id)
  assert.equal([status, error, error_code, attempts], ['FAILED', 'line 3: expected a number', 'CELL_INVALID', 1])
  assert.equal([ends.length, errors.length], [1, 0])
})

test('an error that nobody foresaw is final, shown without its text and handed to the log', async () => {
  const { jobs, errors } = queue.process('odd', failing(new TypeError('secret of /srv/stage1')))
  const { job_id } = await jobs.enqueue(job('odd'))
  await jobs.runNext(forever())
  const { status, error, error_code } = await jobs.get(job_id)
  assert.equal([status, error_code], ['FAILED', 'INTERNAL'])
  assert.not.match(error ?? '', /secret/)
  assert.match(String(errors[0]), /secret of/)
})

test('a job that kills every process that starts it is given up in the end', async () => {
  const { jobs } = queue.process('deadly', async () => new Promise<never>(() => {}))
  const { job_id } = await jobs.enqueue(job('deadly'))
  for (let i = 0; i < 3; i++) {
    void jobs.runNext(forever())
    await eventually('it was started', async () => (await jobs.get(job_id)).attempts === i + 1)
    await queue.expire(job_id)
  }
  await jobs.runNext(forever())
  const { status, error } = await jobs.get(job_id)
  assert.is(status, 'FAILED')
  assert.match(error ?? '', /3 times/)
})

test('a server that stops puts its job back, to be taken at once by another start', async () => {
  const stop = new AbortController()
  const { jobs, ends } = queue.process('drained', async (_, { signal }) => {
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    return {}
  })
  const { job_id } = await jobs.enqueue(job('drained'))
  const running = jobs.runNext(stop.signal)
  await eventually('it runs', async () => (await jobs.get(job_id)).status === 'RUNNING')
  stop.abort(new DomainError('DRAINING', 'the server is stopping'))
  await running
  assert.is((await jobs.get(job_id)).status, 'PENDING')
  assert.equal(ends, [])
  const next = queue.process('drained', async () => ({ by: 'the next start' }))
  assert.is(await next.jobs.runNext(forever()), true)
  assert.equal((await jobs.get(job_id)).result, { by: 'the next start' })
})

test('restarts of the server, however many, do not use up the tries of a job', async () => {
  const { jobs } = queue.process('restarted', async (_, { signal }) => {
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    return {}
  })
  const { job_id } = await jobs.enqueue(job('restarted'))
  for (let restart = 0; restart < 4; restart++) {
    const stop = new AbortController()
    const running = jobs.runNext(stop.signal)
    await eventually('it runs again', async () => (await jobs.get(job_id)).status === 'RUNNING', 2_000)
    stop.abort(new DomainError('DRAINING', 'the server is stopping'))
    await running
    assert.is((await jobs.get(job_id)).status, 'PENDING', `after restart ${restart + 1}`)
  }
  const last = queue.process('restarted', async () => ({ done: true }))
  await last.jobs.runNext(forever())
  assert.is((await jobs.get(job_id)).status, 'COMPLETED')
})

test('who waits for a job gets its result, or what ended it', async () => {
  const fault = new DomainError('CELL_INVALID', 'line 3: expected a number', { line: 3 })
  const { jobs } = queue.process('waited', failing(undefined, fault))
  const { jobId, result } = await jobs.runHere(job('waited'), forever())
  assert.equal(result, { turns: 1 })
  assert.is((await jobs.get(jobId)).status, 'COMPLETED')
  const error = await jobs.runHere(job('waited'), forever()).catch((thrown: unknown) => thrown)
  assert.is(error, fault)
})

test('who waits is told at once that an engine is away, and nobody tries again behind his back', async () => {
  const { jobs } = queue.process('impatient', failing(away()))
  const error = await jobs.runHere(job('impatient'), forever()).catch((thrown: unknown) => thrown as DomainError)
  assert.is((error as DomainError).code, 'QUESTDB_UNAVAILABLE')
  const { jobs: listed } = await jobs.list({}, { limit: 10, offset: 0 })
  assert.equal([listed[0]?.status, listed[0]?.error_code], ['FAILED', 'QUESTDB_UNAVAILABLE'])
})

test('who leaves cancels the job', async () => {
  const leave = new AbortController()
  const { jobs, ends } = queue.process('left', async (_, { signal }) => {
    leave.abort(new DomainError('CANCELLED', 'the client has left'))
    signal.throwIfAborted()
    return {}
  })
  await jobs.runHere(job('left'), leave.signal).catch(() => {})
  const { jobs: listed } = await jobs.list({ status: 'CANCELLED' }, { limit: 10, offset: 0 })
  assert.equal([listed.length, listed[0]?.error], [1, 'the client has left'])
  assert.is(ends.length, 1)
})

test('a job that ended is never claimed, changed or ended again', async () => {
  const { jobs } = queue.process('final', failing())
  const { job_id } = await jobs.enqueue(job('final'))
  await jobs.runNext(forever())
  const before = await jobs.get(job_id)
  await queue.expire(job_id)
  await queue.hurry(job_id)
  assert.is(await jobs.runNext(forever()), false)
  assert.equal(await jobs.get(job_id), before)
})

test.run()
