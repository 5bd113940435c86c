import * as assert from 'uvu/assert'
import { ownDataset } from '../../support/fixtures.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

const server = await startServer()
const { prefix, questdb } = server.engines
test.after(() => server.stop())

const START = Date.UTC(2024, 10, 28, 22)
/** Laid out by column, this many cells are above the 32 MB that go to QuestDB in one request. */
const COLUMNS = 60
const ROWS = 72_000

/** Rows of which each has a tenth of the columns, always the same for one time. */
function sparseRows(from: number, count: number): string {
  const rows: string[] = []
  for (let n = from; n < from + count; n++) {
    let row = `{"timestamp":${START + n * 60_000}`
    for (let c = n % 10; c < COLUMNS; c += 10) row += `,"i${c}":${n + c / 8}`
    rows.push(`${row}}`)
  }
  return `{"rows":[${rows.join(',')}]}`
}

async function dataset(name: string): Promise<string> {
  const body = ownDataset(prefix, name)
  assert.is((await server.post('/api/datasets', body)).status, 201)
  return `/api/datasets/${body.dataset_slug}/indicators`
}

async function append(path: string, body: string): Promise<Record<string, unknown>> {
  const answer = await server.send('POST', `${path}/append`, { body })
  assert.is(answer.status, 200, answer.text.slice(0, 500))
  return answer.json as Record<string, unknown>
}

/** Sums of all cells and of the cells that are missing, so that tables can be compared without moving them. */
async function summary(measurement: string): Promise<readonly unknown[]> {
  const sums = [0, 1, 10, 27, COLUMNS - 1].map((c) => `sum(i${c}), count(i${c}), min(i${c}), max(i${c})`)
  const { dataset: rows } = await questdb.exec(
    `SELECT count(), min(timestamp), max(timestamp), ${sums.join(', ')} FROM "${measurement}"`,
  )
  return rows[0] ?? []
}

test('a frame that is too large for one request takes the long way, with the same result as small ones', async () => {
  const large = await dataset('large')
  const small = await dataset('small')
  await append(large, sparseRows(0, 10))
  await append(small, sparseRows(0, 10))

  const receipt = await append(large, sparseRows(5, ROWS))
  assert.equal(
    [receipt.rows_received, receipt.rows_written, receipt.duplicates, receipt.total_rows],
    [ROWS, ROWS - 5, 5, ROWS + 5],
  )
  assert.equal([receipt.first_ts_ms, receipt.last_ts_ms], [START + 5 * 60_000, START + (ROWS + 4) * 60_000])

  for (let part = 0; part < 3; part++) await append(small, sparseRows(5 + (part * ROWS) / 3, ROWS / 3))
  assert.equal(await summary(`${prefix}large_ind`), await summary(`${prefix}small_ind`))

  const again = await append(large, sparseRows(5, ROWS))
  assert.equal([again.rows_written, again.duplicates, again.total_rows], [0, ROWS, ROWS + 5])
  assert.equal(await summary(`${prefix}large_ind`), await summary(`${prefix}small_ind`))

  const bad = sparseRows(ROWS + 100, ROWS).replace(/\}\]\}$/, ',"i1":"x"}]}')
  const refused = await server.send('POST', `${large}/append`, { body: bad })
  const { code, details } = refused.json as { code: string; details: Record<string, unknown> }
  assert.equal([refused.status, code, details.row, details.column], [422, 'CELL_INVALID', ROWS - 1, 'i1'])
  assert.equal(await summary(`${prefix}large_ind`), await summary(`${prefix}small_ind`), 'nothing of it was stored')
})

test('a large frame with new columns joins a narrow table; rows before it are null there', async () => {
  const path = await dataset('widened')
  await append(path, JSON.stringify({ rows: [{ timestamp: START - 60_000, own: 1.5 }] }))
  const receipt = await append(path, sparseRows(0, ROWS))
  assert.equal([receipt.rows_written, receipt.total_rows], [ROWS, ROWS + 1])
  const { rows } = (await server.get(`${path}?limit=3&columns=own,i0,i1,i51`)).json as {
    rows: Record<string, unknown>[]
  }
  assert.equal(
    rows.map(({ own, i0, i1, i51 }) => [own, i0, i1, i51]),
    [
      [1.5, null, null, null],
      [null, 0, null, null],
      [null, null, 1 + 1 / 8, 1 + 51 / 8],
    ],
  )
})

test.run()
