/** Taking jobs from the queue, which is played here. */
import { setTimeout as sleep } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { type DomainError, isDomainError } from '../../../src/errors.js'
import { JobRunner } from '../../../src/jobs/runner.js'
import type { JobService } from '../../../src/jobs/service.js'
import { test } from '../../support/test.js'

/** A queue whose jobs run until the test ends them. */
function playedQueue() {
  const running: { end: () => void; signal: AbortSignal }[] = []
  const state = { waiting: 0, asked: 0, most: 0, failWith: undefined as Error | undefined, wake: () => {} }
  const jobs = {
    onWaiting(wake: () => void) {
      state.wake = wake
    },
    async runNext(signal: AbortSignal): Promise<boolean> {
      state.asked++
      if (state.failWith) throw state.failWith
      if (state.waiting === 0) return false
      state.waiting--
      await new Promise<void>((resolve) => {
        const end = () => {
          running.splice(running.indexOf(job), 1)
          resolve()
        }
        const job = { signal, end }
        signal.addEventListener('abort', job.end, { once: true })
        running.push(job)
        state.most = Math.max(state.most, running.length)
      })
      return true
    },
  } as unknown as JobService
  return { state, running, jobs }
}

function start(jobs: JobService, concurrency = 2, sweepSeconds = 3600) {
  const errors: unknown[] = []
  const runner = new JobRunner(jobs, { concurrency, sweepSeconds, onError: (error) => errors.push(error) })
  runner.start()
  return { runner, errors }
}

test('a job that comes while the last look at the queue is under way is taken, not left for the sweep', async () => {
  const { state, jobs } = playedQueue()
  let look = () => {}
  const asked: boolean[] = []
  const slow = {
    ...jobs,
    onWaiting: jobs.onWaiting,
    runNext: () =>
      new Promise<boolean>((resolve) => {
        look = () => {
          asked.push(true)
          resolve(false)
        }
      }),
  } as unknown as JobService
  const { runner } = start(slow, 1)
  state.wake()
  look()
  await sleep(5)
  look()
  await sleep(5)
  assert.is(asked.length, 2)
  await runner.stop()
})

test('jobs that wait already are taken at the start, never more at a time than allowed', async () => {
  const { state, running, jobs } = playedQueue()
  state.waiting = 5
  const { runner } = start(jobs)
  for (let i = 0; i < 10; i++) state.wake()
  await sleep(5)
  assert.is(running.length, 2)
  while (running.length > 0) {
    running[0]?.end()
    await sleep(1)
  }
  assert.is(state.waiting, 0)
  assert.is(state.most, 2)
  await runner.stop()
})

test('a job that was accepted here is taken at once', async () => {
  const { state, running, jobs } = playedQueue()
  const { runner } = start(jobs)
  await sleep(5)
  assert.is(running.length, 0)
  state.waiting = 1
  state.wake()
  await sleep(5)
  assert.is(running.length, 1)
  await runner.stop()
})

test('the sweep finds jobs that nobody told of', async () => {
  const { state, running, jobs } = playedQueue()
  const { runner } = start(jobs, 2, 0.05)
  await sleep(5)
  state.waiting = 1
  await sleep(150)
  assert.is(running.length, 1)
  await runner.stop()
})

test('a queue that cannot be asked is asked again later', async () => {
  const { state, running, jobs } = playedQueue()
  state.failWith = new Error('PostgreSQL is away')
  const { runner, errors } = start(jobs, 2, 0.05)
  await sleep(20)
  assert.is((errors[0] as Error).message, 'PostgreSQL is away')
  state.failWith = undefined
  state.waiting = 1
  await sleep(150)
  assert.is(running.length, 1)
  await runner.stop()
})

test('a stop tells running jobs why, waits until they have let go, and takes no more', async () => {
  const { state, running, jobs } = playedQueue()
  state.waiting = 3
  const { runner } = start(jobs, 2, 0.05)
  state.wake()
  await sleep(5)
  assert.is(running.length, 2)
  const [first] = running
  await runner.stop()
  assert.ok(isDomainError(first?.signal.reason, 'DRAINING'), String((first?.signal.reason as DomainError)?.code))
  assert.is(running.length, 0)
  const { asked } = state
  state.wake()
  await sleep(120)
  assert.is(state.asked, asked)
  assert.is(state.waiting, 1)
})

test.run()
