/** The worker threads, played by threads that do as a test tells them. */
import { EventEmitter } from 'node:events'
import { createRequire, syncBuiltinESMExports } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { DomainError } from '../../../src/errors.js'
import type { Loaded, LoadPlan } from '../../../src/transfers/load-plan.js'
import type { RunHooks } from '../../../src/transfers/worker-pool.js'
import { test } from '../../support/test.js'

/** What the pool sees of a thread. */
class PlayedThread extends EventEmitter {
  static readonly all: PlayedThread[] = []
  readonly told: { load?: { target: string }; cancel?: { code: string }; goAhead?: true }[] = []
  ended = false

  constructor() {
    super()
    PlayedThread.all.push(this)
  }
  unref(): void {}
  postMessage(message: PlayedThread['told'][number]): void {
    this.told.push(structuredClone(message))
  }
  async terminate(): Promise<void> {
    this.die()
  }
  die(): void {
    if (this.ended) return
    this.ended = true
    this.emit('exit', 1)
  }
  /** The target of the load that was handed to it last. */
  get target(): string | undefined {
    return this.told.findLast((message) => message.load)?.load?.target
  }
  finish(): void {
    this.emit('message', { loaded: loaded(this.target as string) })
  }
}

const threads = createRequire(import.meta.url)('node:worker_threads') as { Worker: unknown }
threads.Worker = PlayedThread
syncBuiltinESMExports()
const { WorkerPool } = await import('../../../src/transfers/worker-pool.js')

function pool(size: number) {
  PlayedThread.all.length = 0
  const notices: string[] = []
  const settings = { questdbUrl: 'http://127.0.0.1:9000', questdbTimeoutMs: 1000, importDir: '' }
  const workers = new WorkerPool(size, settings, (sentence) => notices.push(sentence))
  return { workers, played: PlayedThread.all, notices }
}

const plan = (target: string) => ({ target }) as LoadPlan
const loaded = (name: string) => ({ place: 'target', totalRows: name.length }) as Loaded
const forever = () => new AbortController().signal
const ignore: RunHooks = { onProgress() {}, async beforeEffect() {} }

test('a load goes to a free thread, which tells its progress and then its result', async () => {
  const { workers, played } = pool(1)
  const seen: number[] = []
  const load = workers.run(plan('bars'), forever(), { ...ignore, onProgress: ({ rows }) => seen.push(rows) })
  await sleep(0)
  played[0]?.emit('message', { progress: { bytesRead: 10, rows: 1 } })
  played[0]?.emit('message', { progress: { bytesRead: 20, rows: 2 } })
  played[0]?.finish()
  assert.equal(await load, loaded('bars'))
  assert.equal(seen, [1, 2])
})

test('what a thread has to say for the log is handed on, and the load goes on', async () => {
  const { workers, played, notices } = pool(1)
  const load = workers.run(plan('bars'), forever(), ignore)
  await sleep(0)
  played[0]?.emit('message', { notice: 'by another way' })
  played[0]?.finish()
  assert.equal(await load, loaded('bars'))
  assert.equal(notices, ['by another way'])
})

test('a thread that is ready to send goes ahead when it may, and is cancelled with the reason when not', async () => {
  const { workers, played } = pool(1)
  const answers: (() => void)[] = []
  const beforeEffect = () => new Promise<void>((resolve) => answers.push(resolve))
  const load = workers.run(plan('bars'), forever(), { ...ignore, beforeEffect })
  await sleep(0)
  played[0]?.emit('message', { ready: true })
  await sleep(0)
  assert.is(played[0]?.told.length, 1, 'it waits')
  answers[0]?.()
  await sleep(0)
  assert.equal(played[0]?.told.at(-1), { goAhead: true })
  played[0]?.finish()
  await load
  const refuse = async () => {
    throw new DomainError('SUPERSEDED', 'taken over')
  }
  const refused = workers.run(plan('late'), forever(), { ...ignore, beforeEffect: refuse }).catch(() => {})
  await sleep(0)
  played[0]?.emit('message', { ready: true })
  await sleep(0)
  assert.is(played[0]?.told.at(-1)?.cancel?.code, 'SUPERSEDED')
  played[0]?.finish()
  await refused
})

test('loads wait in the order in which they came', async () => {
  const { workers, played } = pool(1)
  const order: string[] = []
  const loads = ['a', 'b', 'c', 'd'].map((name) =>
    workers.run(plan(name), forever(), ignore).then(() => order.push(name)),
  )
  for (const name of ['a', 'b', 'c', 'd']) {
    await sleep(0)
    assert.is(played[0]?.target, name)
    played[0]?.finish()
  }
  await Promise.all(loads)
  assert.equal(order, ['a', 'b', 'c', 'd'])
})

test('as many loads run at once as there are threads', async () => {
  const { workers, played } = pool(2)
  const loads = ['a', 'b', 'c'].map((name) => workers.run(plan(name), forever(), ignore))
  await sleep(0)
  assert.equal(played.map((thread) => thread.target).sort(), ['a', 'b'])
  const first = played.find((thread) => thread.target === 'a') as PlayedThread
  first.finish()
  await sleep(0)
  assert.is(first.target, 'c')
  for (const thread of played) thread.finish()
  await Promise.all(loads)
})

test('who gives up while waiting is out of the queue, and the others keep their places', async () => {
  const { workers, played } = pool(1)
  const first = workers.run(plan('first'), forever(), ignore)
  const leaving = new AbortController()
  const gone = workers.run(plan('gone'), leaving.signal, ignore).catch((error: unknown) => error)
  const last = workers.run(plan('last'), forever(), ignore)
  leaving.abort(new DomainError('CANCELLED', 'the client has left'))
  assert.is(((await gone) as DomainError).code, 'CANCELLED')
  played[0]?.finish()
  await first
  await sleep(0)
  assert.is(played[0]?.target, 'last')
  played[0]?.finish()
  await last
  assert.is(played[0]?.told.filter((message) => message.load).length, 2)
})

test('who has given up before is not queued at all', async () => {
  const { workers, played } = pool(1)
  const signal = AbortSignal.abort(new DomainError('TIME_LIMIT', 'time is up'))
  const error = await workers.run(plan('late'), signal, ignore).catch((reason: unknown) => reason)
  assert.is((error as DomainError).code, 'TIME_LIMIT')
  assert.equal(played[0]?.told, [])
})

test('who gives up while the load runs has it cancelled, and the thread goes on with the next', async () => {
  const { workers, played } = pool(1)
  const leaving = new AbortController()
  const running = workers.run(plan('running'), leaving.signal, ignore).catch((error: unknown) => error)
  await sleep(0)
  leaving.abort(new DomainError('CANCELLED', 'the client has left'))
  assert.is(played[0]?.told.at(-1)?.cancel?.code, 'CANCELLED')
  played[0]?.emit('message', { failed: { code: 'CANCELLED', message: 'the client has left', details: {} } })
  assert.is(((await running) as DomainError).code, 'CANCELLED')
  const next = workers.run(plan('next'), forever(), ignore)
  await sleep(0)
  played[0]?.finish()
  assert.equal(await next, loaded('next'))
})

test('a fault of the frame comes back with its code and details, any other with its stack for the log', async () => {
  const { workers, played } = pool(1)
  const bad = workers.run(plan('bad'), forever(), ignore).catch((error: unknown) => error)
  await sleep(0)
  played[0]?.emit('message', { failed: { code: 'CELL_INVALID', message: 'line 3', details: { line: 3 } } })
  assert.equal(((await bad) as DomainError).details, { line: 3 })
  const odd = workers.run(plan('odd'), forever(), ignore).catch((error: unknown) => error)
  await sleep(0)
  const failed = { code: 'INTERNAL', message: 'unexpected', details: {} }
  played[0]?.emit('message', { failed, stack: 'TypeError: x\n    at load' })
  assert.match(((await odd) as Error).message, /TypeError: x/)
})

test('a thread that dies fails its load and no other; another takes its place', async () => {
  const { workers, played } = pool(1)
  const doomed = workers.run(plan('doomed'), forever(), ignore).catch((error: unknown) => error)
  const next = workers.run(plan('next'), forever(), ignore)
  await sleep(0)
  played[0]?.emit('error', new Error('out of memory'))
  played[0]?.die()
  assert.match(((await doomed) as Error).message, /out of memory|ended/)
  await sleep(700)
  assert.is(played.length, 2)
  assert.is(played[1]?.target, 'next')
  played[1]?.finish()
  assert.equal(await next, loaded('next'))
})

test('threads that cannot even start are tried again at a pace that leaves the processor alone', async () => {
  const { workers, played } = pool(1)
  played[0]?.die()
  await sleep(100)
  assert.is(played.length, 1)
  await sleep(500)
  assert.is(played.length, 2)
  played[1]?.die()
  await sleep(100)
  assert.is(played.length, 2)
  await workers.close()
})

test('a closed pool ends its threads and starts none', async () => {
  const { workers, played } = pool(2)
  const running = workers.run(plan('running'), forever(), ignore).catch((error: unknown) => error)
  await sleep(0)
  await workers.close()
  assert.ok((await running) instanceof Error)
  assert.ok(played.every((thread) => thread.ended))
  await sleep(600)
  assert.is(played.length, 2)
})

test.run()
