/** A thread dies while it loads: its import fails, nothing half done is seen, and the next import works. */
import { readdirSync } from 'node:fs'
import { createRequire, syncBuiltinESMExports } from 'node:module'
import type { Worker } from 'node:worker_threads'
import * as assert from 'uvu/assert'
import { laboriousCsv } from '../../support/csv.js'
import { eventually } from '../../support/eventually.js'
import { importCsv, type Job, type Problem, postCsv, rowCount } from '../../support/imports.js'
import { test } from '../../support/test.js'

// The server's threads are real; they are only remembered, so that a test can end one.
const threads: Worker[] = []
const module = createRequire(import.meta.url)('node:worker_threads') as { Worker: typeof Worker }
module.Worker = class extends module.Worker {
  constructor(...made: ConstructorParameters<typeof Worker>) {
    super(...made)
    threads.push(this)
  }
}
syncBuiltinESMExports()
const { startServer } = await import('../../support/server.js')
const { watchStaged } = await import('../../support/staged.js')

const server = await startServer()
const { engines } = server
const { prefix } = engines
const staged = await watchStaged(engines)
test.after(() => server.stop())

const large = laboriousCsv(200_000)

async function rowsAreLoaded(measurement: string): Promise<void> {
  await eventually('rows are loaded', async () => {
    const { jobs } = (await server.get('/api/jobs?limit=1')).json as { jobs: Job[] }
    return jobs[0]?.payload.measurement === measurement && jobs[0].progress > 0
  })
}

test('the import whose thread dies fails without a word about why, the log has it, and nothing is stored', async () => {
  const name = `${prefix}died`
  const importing = postCsv(server, name, large)
  await rowsAreLoaded(name)
  assert.is(threads.length, 1)
  await threads[0]?.terminate()
  const answer = await importing
  assert.is(answer.status, 500)
  assert.is((answer.json as Problem).code, 'INTERNAL')
  assert.not.match(answer.text, /thread/)
  assert.match(server.log(), /thread ended while it loaded/)
  assert.is(await rowCount(engines, name), undefined)
  assert.equal(await staged.left(), [])
  await eventually('the spool is empty', () => readdirSync(server.spoolDir).length === 0)
})

test('another thread takes its place, and the same file is stored', async () => {
  const receipt = await importCsv(server, `${prefix}died`, large)
  assert.is(receipt.rows_written, 200_000)
  assert.is(threads.length, 2)
})

test.run()
