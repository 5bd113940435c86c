/** The list of jobs. */
import * as assert from 'uvu/assert'
import { minutesCsv } from '../../support/csv.js'
import { ended, type ImportReceipt, importCsv, type Job, postCsv } from '../../support/imports.js'
import { startServer } from '../../support/server.js'
import { asAdmin } from '../../support/template.js'
import { test } from '../../support/test.js'

const server = await startServer()
const { prefix } = server.engines
test.after(() => server.stop())

interface Page {
  jobs: Job[]
  count: number
  returned: number
  total: number
  limit: number
  offset: number
  has_more: boolean
}

const list = async (query = '') => (await server.get(`/api/jobs${query}`)).json as Page
const ids = (page: Page) => page.jobs.map((job) => job.job_id)
const made: string[] = []

test('without jobs the list is empty', async () => {
  const page = await list()
  assert.equal(page, { jobs: [], count: 0, returned: 0, total: 0, limit: 100, offset: 0, has_more: false })
})

test('jobs are listed newest first, as each is shown alone', async () => {
  for (let i = 0; i < 3; i++) made.unshift((await importCsv(server, `${prefix}jobs`, minutesCsv(1))).job_id)
  const failing = await postCsv(server, `${prefix}jobs`, 'timestamp,x\n1,1\n', {}, { async: true })
  made.unshift((await ended(server, (failing.json as ImportReceipt).job_id)).job_id)
  const page = await list()
  assert.equal(ids(page), made)
  assert.equal(page.jobs[0], (await server.get(`/api/jobs/${made[0]}`)).json)
})

test('pages follow each other without a gap', async () => {
  const first = await list('?limit=3')
  const second = await list('?limit=3&offset=3')
  assert.equal([...ids(first), ...ids(second)], made)
  assert.equal([first.count, first.returned, first.total, first.has_more], [3, 3, 4, true])
  assert.equal([second.count, second.total, second.offset, second.has_more], [1, 4, 3, false])
  assert.equal((await list('?offset=4')).jobs, [])
})

test('the list can be narrowed to a status, a type, or both', async () => {
  assert.equal(ids(await list('?status=FAILED')), made.slice(0, 1))
  assert.equal(ids(await list('?status=COMPLETED')), made.slice(1))
  assert.is((await list('?status=COMPLETED')).total, 3)
  assert.equal((await list('?status=CANCELLED')).jobs, [])
  assert.is((await list('?job_type=import')).total, 4)
  assert.is((await list('?job_type=save_run')).total, 0)
  assert.equal(ids(await list('?job_type=import&status=FAILED')), made.slice(0, 1))
})

test('a job shows nothing of where its body lies', async () => {
  const { text } = await server.get('/api/jobs')
  assert.not.match(text, /\.body|spool|lease|fence/)
  assert.not.ok(text.includes(server.spoolDir))
})

test('what a job says of itself fits the contract, however much it has to say', async () => {
  const [id] = made
  await asAdmin(server.engines.postgresUrl, (admin) =>
    admin.query(`update stage1_jobs set message = repeat('m', 9000), error = repeat('e', 9000) where job_id = $1`, [
      id,
    ]),
  )
  const answer = await server.get(`/api/jobs/${id}`)
  assert.is(answer.status, 200)
})

test('progress of a job that has none yet is 0 percent, of one that is done 100', async () => {
  await asAdmin(server.engines.postgresUrl, (admin) =>
    admin.query(
      `insert into stage1_jobs (type, status, payload, input, run_after) values ('import', 'PENDING', '{}', '{}', now() + interval '1 day')`,
    ),
  )
  const { jobs } = await list('?status=PENDING')
  assert.equal([jobs[0]?.progress, jobs[0]?.total, jobs[0]?.progress_pct, jobs[0]?.phase], [0, 0, 0, 'queued'])
  assert.equal([jobs[0]?.started_at, jobs[0]?.completed_at], ['', ''])
})

test.run()
