/** The disks of QuestDB and of PostgreSQL are full: nothing is half stored, reads go on, and so does all when there is room. */
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { EngineHome } from '../../scripts/engines/engine-home.js'
import { createQuestdb } from '../../scripts/engines/questdb.js'
import { DomainError } from '../../src/errors.js'
import { fromPostgres } from '../../src/postgres/failure.js'
import { minutesCsv } from '../support/csv.js'
import { eventually } from '../support/eventually.js'
import { bars, ownDataset, ownRun, ownSimulation, predictionRows } from '../support/fixtures.js'
import { importCsv, postCsv, rowCount } from '../support/imports.js'
import { type OwnPostgres, ownPostgres } from '../support/own-postgres.js'
import { type Received, startServer, type TestServer } from '../support/server.js'
import { smallDisk } from '../support/small-disk.js'
import { type StagedWatch, watchStaged } from '../support/staged.js'
import { test } from '../support/test.js'

// An empty QuestDB takes some 180 MB, and a PostgreSQL some 60.
const questDisk = smallDisk(384)
const postgresDisk = smallDisk(160)
const story = questDisk && postgresDisk ? test : test.skip
const home = new EngineHome()
let own: OwnPostgres
let server: TestServer
let staged: StagedWatch
const dataset = ownDataset('', 'full')

test.before(async () => {
  if (!questDisk || !postgresDisk) return
  const quest = await createQuestdb(home, () => {}, join(questDisk.folder, 'questdb'))
  await quest.start()
  process.env.STAGE1_QUESTDB_URL = quest.url
  process.env.STAGE1_QUESTDB_IMPORT_DIR = ''
  own = await ownPostgres({ dataFolder: join(postgresDisk.folder, 'data'), settings: { autovacuum: 'off' } })
  staged = await watchStaged(own.engines)
  server = await startServer({ engines: own.engines })
  const metadata = { ohlcv_measurement: `${own.engines.prefix}bars`, indicator_measurement: `${own.engines.prefix}ind` }
  await server.post('/api/datasets', { ...dataset, metadata })
  assert.is((await append(0, 10)).status, 200)
})
test.after.each(() => {
  questDisk?.free()
  postgresDisk?.free()
})
test.after(async () => {
  questDisk?.free()
  postgresDisk?.free()
  await server?.stop()
  await own?.release()
  await home.close()
  questDisk?.release()
  postgresDisk?.release()
})

/** Bars of a month, so that each append needs a partition of its own. */
const append = (month: number, count: number) =>
  server.post(`/api/datasets/${dataset.dataset_slug}/ohlcv/append`, { rows: bars(count, Date.UTC(2025, month, 1)) })
const total = async () =>
  ((await server.get(`/api/datasets/${dataset.dataset_slug}/ohlcv`)).json as { total: number }).total

function noRoom(answer: Received): void {
  assert.ok([503, 507].includes(answer.status), answer.text)
  const { code } = answer.json as { code: string }
  assert.is(code, answer.status === 507 ? 'INSUFFICIENT_STORAGE' : 'QUESTDB_UNAVAILABLE', answer.text)
  assert.match(answer.headers.get('retry-after') ?? '', /^[1-9]\d?$/)
  assert.not.match(answer.text, /stage1-test-disk|txn_seq/)
}

test('PostgreSQL says that its disk is full by a code of its own', () => {
  const error = fromPostgres(Object.assign(new Error('could not extend file "base/5/1"'), { code: '53100' }))
  assert.ok(error instanceof DomainError)
  assert.is(error.code, 'INSUFFICIENT_STORAGE')
  assert.not.match(error.message, /base/)
})

story('with no room in QuestDB imports, appends and predictions are refused, and reads go on', async () => {
  const { prefix } = own.engines
  const run = ownRun(prefix, dataset.dataset_id, 3)
  questDisk?.fill()
  const [imported, appended, saved] = await Promise.all([
    postCsv(server, `${prefix}new`, minutesCsv(20_000)),
    append(1, 300),
    server.post('/api/runs', { ...run, predictions: predictionRows(3, 50) }),
  ])
  for (const answer of [imported, appended, saved]) noRoom(answer)
  assert.is(await total(), 10)
  assert.is((await server.get(`/api/runs/${run.run.run_id}`)).status, 404)
  assert.is((await server.get('/api/datasets')).status, 200)
  assert.is(await rowCount(own.engines, `${prefix}new`), undefined)
  questDisk?.free()
  assert.is((await server.post('/api/runs', { ...run, predictions: predictionRows(3, 50) })).status, 201)
  assert.is((await importCsv(server, `${prefix}new`, minutesCsv(20_000))).total_rows, 20_000)
  assert.is(((await append(1, 300)).json as { total_rows: number }).total_rows, 310)
})

story('rows that QuestDB has taken and could not show for want of room are shown after the next append', async () => {
  questDisk?.fill(8_192)
  noRoom(await append(2, 5))
  assert.is(await total(), 310)
  questDisk?.free()
  const answer = await append(3, 7)
  assert.is(answer.status, 200, answer.text)
  const { rows_written, total_rows } = receipt(answer)
  // Whether QuestDB had taken the refused rows depends on where it ran out of room; they are not counted as the later ones.
  assert.is(rows_written, 7)
  assert.ok([317, 322].includes(total_rows), String(total_rows))
  // Sent again, as their sender was told, they are there once.
  assert.equal(receipt(await append(2, 5)), { rows_written: 322 - total_rows, total_rows: 322 })
})

function receipt({ json }: Received): { rows_written: number; total_rows: number } {
  const { rows_written, total_rows } = json as { rows_written: number; total_rows: number }
  return { rows_written, total_rows }
}

story('after all this no staged table is left', async () => {
  await eventually('no staged table is left', async () => (await staged.left()).length === 0)
})

story(
  'with no room in PostgreSQL a save is refused whole, reads go on, and it is done when there is room',
  async () => {
    postgresDisk?.fill()
    let refused: Received | undefined
    let body = ownSimulation(40)
    for (let tries = 0; tries < 300 && refused === undefined; tries++) {
      body = ownSimulation(40)
      const answer = await server.post('/api/simulations', body)
      if (answer.status !== 201) refused = answer
    }
    assert.ok(refused, 'the disk never became full')
    assert.is(refused.status, 507, refused.text)
    const { code, message } = refused.json as { code: string; message: string }
    assert.is(code, 'INSUFFICIENT_STORAGE')
    assert.match(message, /disk of PostgreSQL is full/)
    assert.is((await server.get(`/api/simulations/${body.simulation_id}`)).status, 404)
    assert.is((await server.get('/api/simulations')).status, 200)
    postgresDisk?.free()
    assert.is((await server.post('/api/simulations', body)).status, 201)
    const { trades } = (await server.get(`/api/simulations/${body.simulation_id}/trades`)).json as { trades: unknown[] }
    assert.is(trades.length, 40)
  },
)

test.run()
