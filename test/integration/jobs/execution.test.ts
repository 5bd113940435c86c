/** One run of one job on a real queue: lease, fence, progress, end. The work itself is played. */
import { setTimeout as sleep } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { DomainError, isDomainError } from '../../../src/errors.js'
import type { JobContext, JobWork } from '../../../src/jobs/work.js'
import { ownEngines } from '../../support/engines.js'
import { eventually } from '../../support/eventually.js'
import { forever, playedQueue } from '../../support/played-jobs.js'
import { test } from '../../support/test.js'

const LEASE_SECONDS = 0.6
const engines = await ownEngines()
const queue = playedQueue(engines, LEASE_SECONDS)
const { sql, expire } = queue
test.after(async () => {
  await queue.close()
  await engines.release()
})
test.before.each(queue.clear)

const job = (type: string, input: Record<string, unknown> = {}) => ({ type, payload: { shown: 1 }, input })

async function leaseOf(jobId: string): Promise<{ left: number; fence: number; status: string }> {
  const { rows } = await sql(
    'select extract(epoch from lease_until - now())::float8 as left, fence::int, status from stage1_jobs where job_id = $1',
    [jobId],
  )
  return rows[0] as { left: number; fence: number; status: string }
}

test('a job that waits is claimed, run with its input, and ends with its result', async () => {
  const seen: unknown[] = []
  const { jobs, ends } = queue.process('plain', async (input, context) => {
    seen.push(input, context.attempt)
    return { answer: 42 }
  })
  const accepted = await jobs.enqueue(job('plain', { file: 'a' }))
  assert.equal([accepted.status, accepted.attempts, accepted.payload], ['PENDING', 0, { shown: 1 }])
  assert.is(await jobs.runNext(forever()), true)
  assert.is(await jobs.runNext(forever()), false)
  const { status, result, attempts, phase } = await jobs.get(accepted.job_id)
  assert.equal([status, result, attempts, phase], ['COMPLETED', { answer: 42 }, 1, 'done'])
  assert.equal(seen, [{ file: 'a' }, 1])
  assert.equal(ends, [{ file: 'a' }])
})

test('jobs are taken in the order in which they came, each by one process only', async () => {
  const order: unknown[] = []
  const work: JobWork = async (input) => {
    order.push(input.n)
    await sleep(5)
    return {}
  }
  const [first, second] = [queue.process('ordered', work), queue.process('ordered', work)]
  for (let n = 0; n < 6; n++) await first.jobs.enqueue(job('ordered', { n }))
  await Promise.all(
    [first, second].map(async ({ jobs }) => {
      while (await jobs.runNext(forever()));
    }),
  )
  assert.equal([...order].sort(), [0, 1, 2, 3, 4, 5])
  assert.is(order[0], 0)
})

test('the lease is renewed for as long as the work takes', async () => {
  const { jobs } = queue.process('long', async () => {
    await sleep(LEASE_SECONDS * 2_500)
    return {}
  })
  const { job_id } = await jobs.enqueue(job('long'))
  const running = jobs.runNext(forever())
  const lefts: number[] = []
  for (let i = 0; i < 10; i++) {
    await sleep(LEASE_SECONDS * 200)
    const { left, status } = await leaseOf(job_id)
    if (status === 'RUNNING') lefts.push(left)
  }
  await running
  assert.ok(lefts.length > 3 && Math.min(...lefts) > 0, `the lease ran out: ${lefts}`)
  assert.is((await jobs.get(job_id)).attempts, 1)
})

test('a job whose process fell silent is taken over, and the first one is told to stop and cannot write', async () => {
  const signals: JobContext['signal'][] = []
  const letGo = new AbortController()
  const slow = queue.process('silent', async (_, context) => {
    signals.push(context.signal)
    await new Promise((resolve) => letGo.signal.addEventListener('abort', resolve))
    return { by: 'the first' }
  })
  const quick = queue.process('silent', async (_, context) => ({ by: 'the second', attempt: context.attempt }))
  const { job_id } = await slow.jobs.enqueue(job('silent'))
  const first = slow.jobs.runNext(forever())
  await eventually('it runs', () => signals.length === 1)
  await expire(job_id)
  assert.is(await quick.jobs.runNext(forever()), true)
  await eventually('the first is told', () => signals[0]?.aborted, 3_000)
  assert.ok(isDomainError(signals[0]?.reason, 'SUPERSEDED'))
  letGo.abort()
  await first
  const { status, result } = await slow.jobs.get(job_id)
  assert.equal([status, result], ['COMPLETED', { by: 'the second', attempt: 2 }])
  assert.equal([slow.ends.length, quick.ends.length], [0, 1])
})

test('a late end of the first owner is refused even while the second still works', async () => {
  const gate = new AbortController()
  const waitFor = (signal: AbortSignal) => new Promise((resolve) => signal.addEventListener('abort', resolve))
  const finish = new AbortController()
  const first = queue.process('late', async () => {
    await waitFor(gate.signal)
    throw new DomainError('CELL_INVALID', 'the first says that it failed')
  })
  const second = queue.process('late', async () => {
    await waitFor(finish.signal)
    return { by: 'the second' }
  })
  const { job_id } = await first.jobs.enqueue(job('late'))
  const one = first.jobs.runNext(forever())
  await eventually('it runs', async () => (await leaseOf(job_id)).status === 'RUNNING')
  await expire(job_id)
  const two = second.jobs.runNext(forever())
  await eventually('it was taken over', async () => (await leaseOf(job_id)).fence === 2)
  gate.abort()
  await one
  assert.is((await first.jobs.get(job_id)).status, 'RUNNING')
  finish.abort()
  await two
  const { status, error, result } = await first.jobs.get(job_id)
  assert.equal([status, error, result], ['COMPLETED', '', { by: 'the second' }])
})

test('progress is shown and never goes back, not even when the work begins anew', async () => {
  let end = () => {}
  const { jobs } = queue.process('progress', async (_, context) => {
    context.progress({ progress: 80, total: 100, unit: 'bytes', phase: 'loading', message: '8 rows read' })
    context.progress({ progress: 10, message: 'once more from the start' })
    await new Promise<void>((resolve) => {
      end = resolve
    })
    return {}
  })
  const { job_id } = await jobs.enqueue(job('progress'))
  const running = jobs.runNext(forever())
  const shown = await eventually('progress is shown', async () => {
    const found = await jobs.get(job_id)
    return found.progress > 0 ? found : undefined
  })
  assert.equal(
    [shown.progress, shown.total, shown.unit, shown.progress_pct, shown.message],
    [80, 100, 'bytes', 80, 'once more from the start'],
  )
  end()
  await running
  const done = await jobs.get(job_id)
  assert.equal([done.progress, done.total, done.progress_pct], [100, 100, 100])
})

test('progress stays where the first start had brought it until the second has come as far, and the first writes no more', async () => {
  const shown: JobContext[] = []
  const { jobs } = queue.process('resumed', async (_, context) => {
    shown.push(context)
    if (context.attempt === 1) context.progress({ progress: 80, total: 100 })
    else context.progress({ progress: 10, total: 100, message: 'from the start' })
    return new Promise<never>(() => {})
  })
  const { job_id } = await jobs.enqueue(job('resumed'))
  const shows = (what: string) =>
    eventually(what, async () => {
      const { progress, message } = await jobs.get(job_id)
      return `${progress} ${message}` === what
    })
  void jobs.runNext(forever())
  await shows('80 ')
  await expire(job_id)
  void jobs.runNext(forever())
  await shows('80 from the start')
  shown[0]?.progress({ progress: 95, message: 'by the first' })
  shown[1]?.progress({ progress: 60, message: 'on its way' })
  await shows('80 on its way')
  shown[1]?.progress({ progress: 90, message: 'further' })
  await shows('90 further')
})

test('progress is written no more than four times a second, however often it is told, and the last word is not lost', async () => {
  let tookMs = 0
  const { jobs } = queue.process('talkative', async (_, context) => {
    const began = performance.now()
    for (let progress = 1; performance.now() - began < 1_100; progress++) {
      context.progress({ progress, total: 1_000_000, message: `${progress} done` })
      await sleep(2)
    }
    context.progress({ message: 'the last word' })
    tookMs = performance.now() - began
    return {}
  })
  const { job_id } = await jobs.enqueue(job('talkative'))
  await jobs.runNext(forever())
  const { rows } = await sql(`select from stage1_events where job_id = $1 and type = 'job.progressed'`, [job_id])
  // The last word is written at once, when the work is done.
  assert.ok(rows.length >= 1 && rows.length <= tookMs / 250 + 1, `${rows.length} in ${tookMs} ms`)
  assert.is((await jobs.get(job_id)).message, 'the last word')
})

test.run()
