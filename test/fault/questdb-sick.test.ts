/**
 * QuestDB answers, but not as it should. Saves are refused with the time to come back, or wait as jobs; what lies in PostgreSQL is
 * served as ever; nothing is half stored. Beside `questdb-away`, where it is gone or hangs.
 */
import { readdirSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { minutesCsv } from '../support/csv.js'
import { eventually } from '../support/eventually.js'
import { bars, ownDataset, ownRun, predictionRows } from '../support/fixtures.js'
import { ended, type ImportReceipt, jobOf, postCsv, rowCount } from '../support/imports.js'
import { type Received, startServer } from '../support/server.js'
import { SICKNESSES, type Sickness, sickQuestdb } from '../support/sick-questdb.js'
import { watchStaged } from '../support/staged.js'
import { asAdmin } from '../support/template.js'
import { test } from '../support/test.js'

const sick = await sickQuestdb(process.env.STAGE1_QUESTDB_URL as string)
const server = await startServer({
  questdbUrl: sick.url,
  settings: { STAGE1_QUESTDB_TIMEOUT_SECONDS: '1', STAGE1_QUESTDB_IMPORT_DIR: '' },
})
const { engines } = server
const { prefix } = engines
const staged = await watchStaged(engines)
const dataset = ownDataset(prefix, 'sick')
const append = (count: number) =>
  server.post(`/api/datasets/${dataset.dataset_slug}/ohlcv/append`, { rows: bars(count) })
test.before(async () => {
  await server.post('/api/datasets', dataset)
  assert.is((await append(3)).status, 200)
})
test.after.each(() => sick.cure())
test.after(async () => {
  await server.stop()
  await sick.stop()
})

function refused(answer: Received, what: string): void {
  assert.is(answer.status, 503, `${what}: ${answer.text}`)
  assert.is((answer.json as { code: string }).code, 'QUESTDB_UNAVAILABLE', what)
  assert.match(answer.headers.get('retry-after') ?? '', /^[1-9]\d?$/)
  assert.not.match(answer.text, /127\.0\.0\.1|node_modules|"stack"/)
}

for (const [n, sickness] of (Object.keys(SICKNESSES) as Sickness[]).entries()) {
  test(`when QuestDB ${sickness}, saves are refused, jobs wait, and PostgreSQL is read as ever`, async () => {
    const run = ownRun(prefix, dataset.dataset_id, 2)
    const [now, later] = [`${prefix}now_${n}`, `${prefix}later_${n}`]
    sick.fall(sickness)
    const [imported, appended, saved, accepted] = await Promise.all([
      postCsv(server, now, minutesCsv(20)),
      append(9),
      server.post('/api/runs', { ...run, predictions: predictionRows(2, 20) }),
      postCsv(server, later, minutesCsv(20), {}, { async: true }),
    ])
    for (const [what, answer] of Object.entries({ imported, appended, saved })) refused(answer, what)
    refused(await server.get(`/api/questdb/measurement/${prefix}sick_ohlcv`), 'read')
    for (const path of ['/api/datasets', '/api/runs', '/api/jobs', `/api/datasets/${dataset.dataset_slug}`])
      assert.is((await server.get(path)).status, 200, path)
    assert.is((await server.get(`/api/runs/${run.run.run_id}`)).status, 404)

    const { job_id } = accepted.json as ImportReceipt
    await eventually('the job waits', async () => {
      const job = await jobOf(server, job_id)
      return job.status === 'PENDING' && job.attempts > 0
    })
    sick.cure()
    await asAdmin(engines.postgresUrl, (admin) => admin.query('update stage1_jobs set run_after = now()'))
    const job = await ended(server, job_id)
    assert.equal([job.status, job.result.rows_written], ['COMPLETED', 20])
    assert.is(await rowCount(engines, now), undefined)
    assert.is(await rowCount(engines, later), 20)
    assert.is(await rowCount(engines, `${prefix}sick_ohlcv`), 3)
  })
}

test('rows that something else takes in the place of QuestDB are not taken for stored', async () => {
  sick.fall('is another program, which answers 200 with HTML', '/write')
  refused(await append(9), 'append')
  refused(await postCsv(server, `${prefix}elsewhere`, minutesCsv(20)), 'import')
  sick.cure()
  assert.is(await rowCount(engines, `${prefix}sick_ohlcv`), 3)
  assert.is(await rowCount(engines, `${prefix}elsewhere`), undefined)
  assert.is((await append(9)).status, 200)
  assert.is(await rowCount(engines, `${prefix}sick_ohlcv`), 9)
})

test('after all this no body and no staged table is left', async () => {
  await eventually('the spool is empty', () => readdirSync(server.spoolDir).length === 0)
  // The sweep comes back each minute, and with each start.
  const next = await startServer({ engines })
  await eventually('no staged table is left', async () => (await staged.left()).length === 0)
  await next.stop()
})

test.run()
