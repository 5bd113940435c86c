/** Every POST that takes a key, all at once, while the server dies three times at different steps: each is done once. */
import * as assert from 'uvu/assert'
import { crashingServer } from '../support/crashing-server.js'
import { minutesCsv } from '../support/csv.js'
import { eventually } from '../support/eventually.js'
import { ownSimulation } from '../support/fixtures.js'
import { rowCount } from '../support/imports.js'
import { answerIn, isReplayed, newKey } from '../support/keyed.js'
import type { Received, SendOptions } from '../support/server.js'
import { test } from '../support/test.js'

const server = await crashingServer('idempotency-claimed')
test.after(() => server.release())
const { prefix } = server.engines

const csv = { body: minutesCsv(50), media: 'text/csv' }
const bar = { timestamp: 1_732_831_200_000, open: 1, high: 2, low: 0.5, close: 1.5, volume: 3 }
const set = `${prefix}set`
const runId = newKey()
const folds = Array.from({ length: 312 }, (_, fold_number) => ({
  fold_number,
  metrics: { hit_rate: fold_number / 312 },
}))
const simulation = ownSimulation(40)

const POSTS: readonly [string, SendOptions][] = [
  ['/api/datasets', { json: { dataset_slug: `${set}2`, record_questdb: true, ohlcv: [bar] } }],
  [`/api/datasets/${set}/ohlcv/append`, { json: { rows: [bar] } }],
  [
    '/api/runs',
    {
      json: {
        run: { run_id: runId, dataset_id: set, prediction_measurement: `${prefix}wf` },
        folds,
        predictions: folds.map(({ fold_number }) => ({ timestamp: bar.timestamp, fold_number, prediction: 0.5 })),
      },
    },
  ],
  ['/api/simulations', { json: simulation }],
  [`/api/questdb/import?measurement=${prefix}now&mode=create`, csv],
  [`/api/questdb/import/async?measurement=${prefix}later&mode=create`, csv],
  ['/api/questdb/export/async', { json: { sql: 'select 1 x' } }],
  ['/api/uploads?filename=a.csv', csv],
]
const keys = POSTS.map(newKey)

const send = (): Promise<Received>[] =>
  POSTS.map(([path, options], i) =>
    server.client().send('POST', path, { ...options, headers: { 'idempotency-key': keys[i] as string } }),
  )

const count = async (statement: string): Promise<number> => Number((await server.sql.query(statement)).rows[0].count)

test('5: after three deaths everything is there once, and is answered', async () => {
  assert.is((await server.client().post('/api/datasets', { dataset_slug: set, granularity: '1m' })).status, 201)
  const points = ['idempotency-claimed', 'idempotency-answer-made', 'idempotency-answer-kept'] as const
  for (const [i, point] of points.entries()) {
    await server.diesAt(point, ...send())
    await server.passLeases()
    await server.start(points[i + 1])
  }
  const answers = await eventually('all are answered', async () => {
    const all = await Promise.all(send())
    return all.every(({ status }) => status !== 409) && all
  })
  const told = answers.map(({ status, text }) => `${status} ${text.slice(0, 300)}`)
  assert.ok(
    answers.every(({ status }) => status < 300),
    told.join('\n'),
  )
  for (const [i, again] of (await Promise.all(send())).entries()) {
    assert.ok(isReplayed(again), POSTS[i]?.[0])
    assert.equal(answerIn(again), answerIn(answers[i] as Received))
  }
  await eventually(
    'all jobs have ended',
    async () => (await count(`select count(*) from stage1_jobs where status in ('PENDING', 'RUNNING')`)) === 0,
  )
  const jobs = (await server.sql.query('select type, status from stage1_jobs order by type')).rows
  const types = ['export', 'import', 'import', 'record_dataset', 'save_run']
  assert.equal(
    jobs,
    types.map((type) => ({ type, status: 'COMPLETED' })),
  )
  assert.is(await count('select count(*) from stage1_uploads'), 1)
  // A job that died after it had written its file wrote another one; it names the last.
  assert.is(await count('select count(distinct job_id) from stage1_downloads'), 1)
  assert.is(await count('select count(*) from walkforward_runs'), 1)
  assert.is(await count('select count(*) from walkforward_folds'), 312)
  assert.is(await count('select count(*) from simulation_runs'), 1)
  assert.is(await count('select count(*) from simulation_trades'), 40)
  for (const [name, rows] of Object.entries({ now: 50, later: 50, wf: 312, set_ohlcv: 1, set2_ohlcv: 1 }))
    assert.is(await rowCount(server.engines, `${prefix}${name}`), rows, name)
})

test.run()
