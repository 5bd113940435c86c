/** Jobs whose run ends badly: which are tried again, which are not, and what is said of them. */
import * as assert from 'uvu/assert'
import { DomainError, type ErrorCode } from '../../../src/errors.js'
import type { JobWork } from '../../../src/jobs/work.js'
import { ownEngines } from '../../support/engines.js'
import { eventually } from '../../support/eventually.js'
import { forever, playedQueue } from '../../support/played-jobs.js'
import { test } from '../../support/test.js'

const engines = await ownEngines()
const queue = playedQueue(engines, 5)
test.after(async () => {
  await queue.close()
  await engines.release()
})
test.before.each(queue.clear)

const job = (type: string) => ({ type, payload: {}, input: { file: 'x' } })

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
    assert.ok(pause > 2 ** (attempts - 1) * 0.5 && pause < 2 ** (attempts - 1) * 1.3, `${pause} s`)
  }
  await jobs.runNext(forever())
  const done = await jobs.get(job_id)
  assert.equal([done.status, done.attempts, done.result, done.error], ['COMPLETED', 3, { turns: 3 }, ''])
  assert.equal(progress, [50, 50], 'progress never goes back')
  assert.equal([ends.length, errors.length], [1, 0])
})

test('an engine that stays away for minutes ends the job after twelve starts, with the reason', async () => {
  const { jobs, ends } = queue.process('gone', failing(...Array.from({ length: 13 }, () => away())))
  const { job_id } = await jobs.enqueue(job('gone'))
  for (let i = 0; i < 12; i++) {
    await jobs.runNext(forever())
    await queue.hurry(job_id)
  }
  const { status, error, error_code, attempts } = await jobs.get(job_id)
  assert.equal([status, error, error_code, attempts], ['FAILED', 'QuestDB does not answer', 'QUESTDB_UNAVAILABLE', 12])
  assert.is(await jobs.runNext(forever()), false)
  assert.equal(ends, [], 'what it needs is kept, so that it can be tried again')
})

test('a job that failed for a reason that may pass is tried again on demand, with as many starts as at first', async () => {
  const { jobs, ends } = queue.process('again', failing(...Array.from({ length: 14 }, () => away())))
  const { job_id } = await jobs.enqueue(job('again'))
  for (let i = 0; i < 12; i++) {
    await jobs.runNext(forever())
    await queue.hurry(job_id)
  }
  assert.is((await jobs.get(job_id)).status, 'FAILED')
  assert.equal(await jobs.liveInputs(), [{ file: 'x' }], 'its body is not swept away')
  const queued = await jobs.retry(job_id)
  assert.equal([queued.status, queued.error, queued.error_code, queued.attempts], ['PENDING', '', '', 12])
  for (let i = 0; i < 3; i++) {
    await jobs.runNext(forever())
    await queue.hurry(job_id)
  }
  const done = await jobs.get(job_id)
  assert.equal([done.status, done.attempts, done.result], ['COMPLETED', 15, { turns: 15 }])
  assert.equal(ends, [{ file: 'x' }])
})

test('a run that was taken over puts nothing in its place, and a cancel that comes after that is too late', async () => {
  const done: string[] = []
  const { jobs } = queue.process('effect', async ({ file }, { jobId, beginEffect }) => {
    if (file === 'lost') await queue.sql('update stage1_jobs set fence = fence + 1 where job_id = $1', [jobId])
    if (file === 'early')
      await queue.sql('update stage1_jobs set cancel_requested_at = now() where job_id = $1', [jobId])
    await beginEffect()
    if (file === 'late') await jobs.cancel(jobId)
    done.push(String(file))
    return {}
  })
  const statuses: string[] = []
  for (const file of ['lost', 'early', 'late']) {
    const { job_id } = await jobs.enqueue({ type: 'effect', payload: {}, input: { file } })
    await jobs.runNext(forever())
    statuses.push((await jobs.get(job_id)).status)
  }
  assert.equal(done, ['late'])
  assert.equal(statuses, ['RUNNING', 'CANCELLED', 'COMPLETED'])
})

test('a job is tried again neither for a fault of its input, nor when it is done, nor when what it needs is gone', async () => {
  const refusal = (jobId: string) =>
    jobs.retry(jobId).then(
      () => 'it was queued',
      (error: DomainError) => `${error.code}: ${error.message}`,
    )
  const fault = new DomainError('CELL_INVALID', 'line 3: expected a number')
  const { jobs } = queue.process('final', failing(fault, undefined, new Error('odd')))
  const ids = []
  for (let i = 0; i < 3; i++) ids.push((await jobs.enqueue(job('final'))).job_id)
  for (let i = 0; i < 3; i++) await jobs.runNext(forever())
  const [faulty, done, late] = ids as [string, string, string]
  await queue.sql(`update stage1_jobs set retry_until = now() - interval '1 s' where job_id = $1`, [late])
  assert.match(await refusal(faulty), /^JOB_NOT_RETRYABLE: .*it would fail again/)
  assert.match(await refusal(done), /^JOB_NOT_RETRYABLE: .*COMPLETED/)
  assert.match(await refusal(late), /^JOB_NOT_RETRYABLE: .*no longer kept/)
  assert.equal(await jobs.liveInputs(), [])
})

test('small jobs go before large ones, and a large one that has waited long goes before small ones', async () => {
  const order: unknown[] = []
  const { jobs } = queue.process('sized', async ({ name }) => {
    order.push(name)
    return {}
  })
  const sized = (name: string, bytes: number) => ({ type: 'sized', bytes, payload: {}, input: { name } })
  const [large] = [await jobs.enqueue(sized('large', 2e9)), await jobs.enqueue(sized('small', 1000))]
  for (let i = 0; i < 2; i++) await jobs.runNext(forever())
  assert.equal(order, ['small', 'large'])
  const again = await jobs.enqueue(sized('old', 2e9))
  await queue.sql(`update stage1_jobs set run_after = now() - interval '20 min' where job_id = $1`, [again.job_id])
  await jobs.enqueue(sized('new', 1000))
  for (let i = 0; i < 2; i++) await jobs.runNext(forever())
  assert.equal(order.slice(2), ['old', 'new'])
  assert.is((await jobs.get(large.job_id)).status, 'COMPLETED')
})

test('while a large job runs, the place that is left is for small ones', async () => {
  let release = () => {}
  const { jobs } = queue.process('place', async ({ name }) => {
    if (name === 'first')
      await new Promise<void>((resolve) => {
        release = resolve
      })
    return {}
  })
  const sized = (name: string, bytes: number) => ({ type: 'place', bytes, payload: {}, input: { name } })
  const first = await jobs.enqueue(sized('first', 1e9))
  const running = jobs.runNext(forever())
  await eventually('the first runs', async () => (await jobs.get(first.job_id)).status === 'RUNNING')
  const second = await jobs.enqueue(sized('second', 1e9))
  assert.is(await jobs.runNext(forever()), false)
  const small = await jobs.enqueue(sized('small', 1e6))
  assert.is(await jobs.runNext(forever()), true)
  assert.is((await jobs.get(small.job_id)).status, 'COMPLETED')
  release()
  await running
  assert.is(await jobs.runNext(forever()), true)
  assert.is((await jobs.get(second.job_id)).status, 'COMPLETED')
})

test('jobs that ended long ago are removed, and no others', async () => {
  const { jobs } = queue.process('kept', async () => ({}))
  const old = await jobs.enqueue(job('kept'))
  await jobs.runNext(forever())
  await queue.sql(`update stage1_jobs set completed_at = now() - interval '31 days'`)
  const fresh = await jobs.enqueue(job('kept'))
  await jobs.runNext(forever())
  const waiting = await jobs.enqueue(job('kept'))
  await jobs.sweep()
  const { rows } = await queue.sql('select job_id from stage1_jobs')
  assert.equal(rows.map(({ job_id }) => job_id).sort(), [fresh.job_id, waiting.job_id].sort())
  assert.not.ok(rows.some(({ job_id }) => job_id === old.job_id))
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
