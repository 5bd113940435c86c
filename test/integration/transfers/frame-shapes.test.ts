/** Frames of odd shapes, through the whole server: narrow, wide, empty, and among a great many others. */
import * as assert from 'uvu/assert'
import { fetchBytes } from '../../support/exports.js'
import { ownDataset } from '../../support/fixtures.js'
import { importCsv, type Problem, postCsv, rowCount, storedRows, storedTypes } from '../../support/imports.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

const server = await startServer()
const { engines } = server
const { prefix, questdb } = engines
test.after(() => server.stop())

const T0 = 1_732_831_200_000

test('a frame of one row, and one of one column beside the time, are frames like any other', async () => {
  const one = await importCsv(server, `${prefix}one`, `timestamp,close\n${T0},95210.7\n`)
  assert.equal([one.rows_written, one.first_ts_ms, one.last_ts_ms], [1, T0, T0])
  assert.equal(await storedRows(engines, `${prefix}one`), [['2024-11-28T22:00:00.000000Z', 95210.7]])
})

test('a frame of times alone keeps its times', async () => {
  const { rows_written } = await importCsv(server, `${prefix}times`, `timestamp\n${T0}\n${T0 + 1}\n`)
  assert.is(rows_written, 2)
  assert.equal(await storedTypes(engines, `${prefix}times`), { timestamp: 'TIMESTAMP' })
})

test('a frame without rows is refused, and leaves a measurement as it was and none where there was none', async () => {
  for (const measurement of [`${prefix}one`, `${prefix}nothing`]) {
    const { status, json } = await postCsv(server, measurement, 'timestamp,close\n')
    assert.equal([status, (json as Problem).code], [422, 'FRAME_EMPTY'])
  }
  assert.is(await rowCount(engines, `${prefix}one`), 1)
  assert.is(await storedTypes(engines, `${prefix}nothing`), undefined)
})

test('a dataset of 1 200 indicators is appended to, read and exported whole', async () => {
  const dataset = ownDataset(prefix, 'wide')
  await server.post('/api/datasets', dataset)
  const path = `/api/datasets/${dataset.dataset_slug}/indicators`
  const cells = Object.fromEntries(
    Array.from({ length: 1_200 }, (_, i) => [`indicator_with_a_long_name_${i}`, i + 0.25]),
  )
  assert.is((await server.post(`${path}/append`, { rows: [{ timestamp: T0, ...cells }] })).status, 200)
  const { rows } = (await server.get(path)).json as { rows: Record<string, unknown>[] }
  assert.equal(rows, [{ timestamp: '2024-11-28T22:00:00.000000Z', timestamp_ms: T0, ...cells }])
  const measurement = `${dataset.dataset_slug}_ind`
  const exported = await fetchBytes(server, 'POST', '/api/questdb/export', { json: { measurement, format: 'csv' } })
  assert.is(exported.status, 200, exported.bytes.toString().slice(0, 500))
  const [header, row] = exported.bytes.toString().split('\r\n')
  assert.equal([header?.split(',').length, row?.split(',')[1], row?.split(',')[1_200]], [1_201, '0.25', '1199.25'])
})

test('a time limit on one query is none on the next that takes the same connection', async () => {
  const many = `${prefix}many`
  await questdb.run(`CREATE TABLE ${many} AS (SELECT x FROM long_sequence(30000))`)
  const slow = (size: number) => ({
    sql: `select count() from (${many} limit ${size}) a cross join ${many} b where a.x + b.x < 0`,
  })
  const { status } = await server.post('/api/questdb/query?timeout=1', slow(30_000))
  assert.is(status, 504)
  // QuestDB itself keeps a limit that came with one statement for later ones on its connection.
  for (let size = 500; ; size *= 2) {
    const started = performance.now()
    assert.is((await server.post('/api/questdb/query?timeout=30', slow(size))).status, 200)
    if (performance.now() - started > 1_200 || size > 30_000) break
  }
})

test.run()
