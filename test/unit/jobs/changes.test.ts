/** Who waits for a job, and is told of its changes by a connection that is played here. */
import { setImmediate } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { JobChanges } from '../../../src/jobs/changes.js'
import { test } from '../../support/test.js'

const JOB = '7f0a3f51-5f1e-4a57-9a1c-0a4c5d1b2e3f'
const SEEN = { job_id: JOB, status: 'PENDING', progress: 0, updated_at: new Date(0) }
const forever = () => new AbortController().signal

function played() {
  const hear: ((jobId: string) => void)[] = []
  const changes = new JobChanges(
    {
      on(_, tell) {
        hear.push(tell)
        return () => {}
      },
      onGap: () => () => {},
    },
    async () => [],
  )
  return { changes, tell: (jobId: string) => hear.forEach((one) => void one(jobId)) }
}

/** Whether the promise has resolved by now. */
async function isDone(promise: Promise<void>): Promise<boolean> {
  let done = false
  void promise.then(() => {
    done = true
  })
  await setImmediate()
  return done
}

test('who waits for a job hears of its change, also when he wrote its id in capital letters, and not of others', async () => {
  const { changes, tell } = played()
  const watch = changes.watch(JOB.toUpperCase())
  const change = watch.change(SEEN, forever())
  tell('00000000-0000-4000-8000-000000000000')
  assert.is(await isDone(change), false)
  tell(JOB)
  assert.is(await isDone(change), true)
  watch.end()
})

test('a change that comes while he reads the job is not missed, and none is told twice', async () => {
  const { changes, tell } = played()
  const watch = changes.watch(JOB)
  tell(JOB)
  assert.is(await isDone(watch.change(SEEN, forever())), true)
  const next = watch.change(SEEN, forever())
  assert.is(await isDone(next), false)
  tell(JOB)
  assert.is(await isDone(next), true)
  watch.end()
})

test('a wait ends with its signal, also one that has ended before', async () => {
  const { changes } = played()
  const watch = changes.watch(JOB)
  const leave = new AbortController()
  const change = watch.change(SEEN, leave.signal)
  leave.abort()
  assert.is(await isDone(change), true)
  assert.is(await isDone(watch.change(SEEN, leave.signal)), true)
  watch.end()
})

test.run()
