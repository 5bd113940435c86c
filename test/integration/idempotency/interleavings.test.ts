/** Random requests at random moments under few keys, in two processes' services: the promises hold for each key. */
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import pg from 'pg'
import * as assert from 'uvu/assert'
import { DomainError, isDomainError } from '../../../src/errors.js'
import { IdempotencyService } from '../../../src/idempotency/service.js'
import { insertPending } from '../../../src/jobs/repository.js'
import { createDatabase, createPool } from '../../../src/postgres/pool.js'
import { ownEngines } from '../../support/engines.js'
import { test } from '../../support/test.js'

const engines = await ownEngines()
const pool = createPool({
  url: engines.postgresUrl,
  size: 8,
  connectSeconds: 5,
  statementSeconds: 5,
  silentTransactionSeconds: 10,
  onIdleError: () => {},
})
const db = createDatabase(pool)
const sql = new pg.Pool({ connectionString: engines.postgresUrl, max: 1 })
sql.on('error', () => {})
test.after(async () => {
  await sql.end()
  await db.destroy()
  await engines.release()
})

const errors: unknown[] = []
const services = [1, 2].map(
  () => new IdempotencyService({ db, leaseSeconds: 5, keepHours: 24, onError: (error) => errors.push(error) }),
)

/** How the work ends: done, refused (400), or broken by the server (500) before or after its effect. */
type End = 'done' | 'refused' | 'broken' | 'broken after'

interface Sent {
  readonly key: string
  readonly holder: string
  readonly body: string
  readonly target: string
  readonly end: End
  readonly afterMs: number
  readonly takesMs: number
}

const requests = fc.array(
  fc.record<Sent>({
    key: fc.constantFrom('a', 'b'),
    holder: fc.constantFrom('x', 'y'),
    body: fc.constantFrom('1', '1', '1', '2'),
    target: fc.constantFrom('POST /a', 'POST /a', 'POST /a', 'POST /b'),
    end: fc.constantFrom<End>('done', 'done', 'refused', 'broken', 'broken after'),
    afterMs: fc.integer({ min: 0, max: 12 }),
    takesMs: fc.integer({ min: 0, max: 4 }),
  }),
  { minLength: 2, maxLength: 12 },
)

const of = ({ holder, key }: Sent) => `${holder} ${key}`
const requestOf = ({ body, target }: Sent) => `${target} ${body}`

let round = 0

/** Sends all and tells, for each, how it was answered. An effect is a job under the work id, as the services store them. */
async function play(all: readonly Sent[]) {
  round += 1
  const atWork = new Map<string, number>()
  const overlaps: string[] = []
  const answers = await Promise.all(
    all.map(async (sent, i) => {
      await sleep(sent.afterMs)
      const service = services[i % services.length] as IdempotencyService
      const work = async (workId: string) => {
        const name = of(sent)
        atWork.set(name, (atWork.get(name) ?? 0) + 1)
        if (atWork.get(name) !== 1) overlaps.push(name)
        await sleep(sent.takesMs)
        atWork.set(name, 0)
        if (sent.end === 'refused') throw new DomainError('REQUEST_INVALID', 'refused')
        if (sent.end === 'broken') throw new DomainError('QUESTDB_UNAVAILABLE', 'broken')
        await insertPending(db, { jobId: workId, type: `${round} ${name}`, payload: {}, input: {} })
        if (sent.end === 'broken after') throw new DomainError('INTERNAL', 'broken')
        return { status: 201, headers: { Location: `/${workId}` }, body: `{"work":"${workId}"}` }
      }
      const keyedRequest = { ...sent, key: `${round} ${sent.key}` }
      const answered = service.once(keyedRequest, new AbortController().signal, work, (error) =>
        isDomainError(error, 'REQUEST_INVALID'),
      )
      return answered.then(
        ({ answer, replayed }) => ({ sent, body: answer.body, location: answer.headers.Location, replayed }),
        (error: DomainError) => ({ sent, code: error.code }),
      )
    }),
  )
  const jobs = await sql.query('select type from stage1_jobs where starts_with(type, $1)', [`${round} `])
  return { answers, effects: jobs.rows.map(({ type }) => String(type)), overlaps }
}

test('whatever comes in whatever order: one effect and one answer for each key, which no other request and no other token is given', async () => {
  let replays = 0
  let reused = 0
  await fc.assert(
    fc.asyncProperty(requests, async (all) => {
      const { answers, effects, overlaps } = await play(all)
      assert.equal(overlaps, [], 'two never work on one key at the same time')
      for (const name of new Set(all.map(of))) {
        const own = answers.filter(({ sent }) => of(sent) === name)
        const good = own.filter((answer) => 'body' in answer)
        assert.ok(effects.filter((effect) => effect === `${round} ${name}`).length <= 1, 'one effect')
        assert.ok(new Set(good.map(({ body, location }) => `${body} ${location}`)).size <= 1, 'one answer')
        assert.ok(new Set(good.map(({ sent }) => requestOf(sent))).size <= 1, 'for one request')
        assert.ok(good.filter(({ replayed }) => !replayed).length <= 1, 'made once')
        replays += good.filter(({ replayed }) => replayed).length
        reused += own.filter((answer) => 'code' in answer && answer.code === 'IDEMPOTENCY_KEY_REUSED').length
        const alone = own.every(({ sent }) => requestOf(sent) === requestOf((own[0] as (typeof own)[0]).sent))
        if (alone) assert.not.ok(own.some((answer) => 'code' in answer && answer.code === 'IDEMPOTENCY_KEY_REUSED'))
      }
    }),
    { numRuns: 150 },
  )
  assert.equal(errors, [])
  assert.ok(replays > 50 && reused > 50, `${replays} replays and ${reused} reused keys were met`)
})

test.run()
