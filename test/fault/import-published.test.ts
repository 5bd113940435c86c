/** An import that may only make a new measurement, whose server dies when it has made it and before it could say so. */
import * as assert from 'uvu/assert'
import { crashingServer } from '../support/crashing-server.js'
import { minutesCsv } from '../support/csv.js'
import { ended, type ImportReceipt, jobOf, postCsv, rowCount } from '../support/imports.js'
import { answerIn, importUnder, newKey } from '../support/keyed.js'
import { test } from '../support/test.js'

const POINT = 'job-work-done'
const ROWS = 500
const server = await crashingServer(POINT)
test.after(() => server.release())
const { engines } = server

test('another start knows the measurement for its own, also after a second such death, and who sends it again is answered', async () => {
  const [name, key] = [`${engines.prefix}own`, newKey()]
  const send = () => importUnder(server.client(), key, `measurement=${name}&mode=create`, minutesCsv(ROWS))
  await server.diesAt(POINT, send())
  assert.is(await rowCount(engines, name), ROWS, 'it is there')
  await server.start(POINT)
  await server.isHeldAt(POINT)
  await server.die()
  await server.passLeases()
  await server.start()
  const answer = await send()
  assert.is(answer.status, 200, answer.text)
  const { job_id, rows_written, rows_deduplicated, total_rows } = answer.json as ImportReceipt
  assert.equal([rows_written, rows_deduplicated, total_rows, await rowCount(engines, name)], [ROWS, 0, ROWS, ROWS])
  const { status, attempts } = await jobOf(server.client(), job_id)
  assert.equal([status, attempts], ['COMPLETED', 3])
  assert.equal(answerIn(await send()), answerIn(answer))
})

test('a measurement that others have made in its place is theirs, and stays as it is', async () => {
  const name = `${engines.prefix}theirs`
  await server.start(POINT)
  const accepted = postCsv(server.client(), name, minutesCsv(ROWS), { mode: 'create' }, { async: true })
  await server.diesAt(POINT, accepted)
  const { rows } = await server.sql.query(`select job_id from stage1_jobs where payload->>'measurement' = $1`, [name])
  await engines.questdb.run(`DROP TABLE "${name}"`)
  await engines.questdb.run(
    `CREATE TABLE "${name}" AS (SELECT timestamp_sequence(0, 1000000) timestamp, x FROM long_sequence(3)) TIMESTAMP(timestamp) PARTITION BY MONTH WAL`,
  )
  await server.start()
  const job = await ended(server.client(), rows[0].job_id)
  assert.equal([job.status, job.error_code], ['FAILED', 'MEASUREMENT_EXISTS'])
  assert.is(await rowCount(engines, name), 3)
})

test.run()
