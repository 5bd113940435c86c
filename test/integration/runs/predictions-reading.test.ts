import * as assert from 'uvu/assert'
import { waitUntilVisible } from '../../../src/questdb/visibility.js'
import { assertSame, ownDataset, ownRun, predictionRows } from '../../support/fixtures.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

interface Table {
  readonly run_id: string
  readonly measurement: string
  readonly total: number
  readonly has_more: boolean
  readonly columns: string[]
  readonly dataset: number[][]
  readonly count: number
}

const server = await startServer()
const { prefix, questdb } = server.engines
test.after(() => server.stop())

const COLUMNS = ['timestamp_ms', 'bar_index', 'fold_number', 'prediction', 'target_value']
const PER_FOLD = 24
const FOLDS = 50
const sent = predictionRows(FOLDS, PER_FOLD)
/** As they are read: by time, and at one time by fold. */
const rows = sent
  .map((row) => [row.timestamp, row.bar_index, row.fold_number, row.prediction, row.target_value] as const)
  .sort((a, b) => a[0] - b[0] || a[2] - b[2])
const dataset = ownDataset(prefix, 'predicted')
const { run, folds } = ownRun(prefix, dataset.dataset_id, FOLDS)
const path = `/api/runs/${run.run_id}/predictions`

test.before(async () => {
  await server.post('/api/datasets', dataset)
  const answer = await server.post('/api/runs', { run, folds, predictions: [...sent].reverse() })
  assert.is(answer.status, 201, answer.text)
})

async function read(query: string): Promise<Table> {
  const answer = await server.get(path + query)
  assert.is(answer.status, 200, answer.text.slice(0, 300))
  const table = answer.json as Table
  assert.equal([table.count, table.columns], [table.dataset.length, COLUMNS])
  return table
}

/** Cells of a CSV as numbers, under its header. */
function parseCsv(text: string): { header: string[]; cells: number[][] } {
  const [first = '', ...lines] = text.trimEnd().split('\r\n')
  return {
    header: first.split(',').map((name) => name.replaceAll('"', '')),
    cells: lines.map((line) => line.split(',').map(Number)),
  }
}

test('without a limit every row is sent, by time and fold, to the last bit', async () => {
  const table = await read('')
  assert.equal([table.run_id, table.measurement], [run.run_id, run.prediction_measurement])
  assert.equal([table.total, table.count, table.has_more], [1200, 1200, false])
  assertSame(table.dataset, rows)
})

test("CSV says the same, by format, by Accept and as the run's download", async () => {
  const answers = await Promise.all([
    server.get(`${path}?format=csv`),
    server.get(path, { headers: { accept: 'text/csv' } }),
    server.get(path, { headers: { accept: 'text/csv, application/json;q=0.5' } }),
    server.get(`/api/runs/${run.run_id}?download_predictions=true`),
  ])
  for (const answer of answers) {
    assert.equal([answer.status, answer.headers.get('content-type')?.split(';')[0]], [200, 'text/csv'])
    assert.is(answer.headers.get('content-disposition'), `attachment; filename="${run.run_id}.csv"`)
    const { header, cells } = parseCsv(answer.text)
    assert.equal(header, COLUMNS)
    assertSame(cells, rows)
  }
})

test('format wins over Accept, and JSON over CSV when it is named first', async () => {
  for (const [query, accept] of [
    ['?format=json', 'text/csv'],
    ['', 'application/json, text/csv'],
    ['', '*/*'],
  ]) {
    const answer = await server.get(path + query, { headers: { accept: accept as string } })
    assert.is(answer.headers.get('content-type')?.split(';')[0], 'application/json', `${query} ${accept}`)
  }
})

test('one fold is read alone, with its rows that other folds predict as well', async () => {
  for (const fold of [0, 17, FOLDS - 1]) {
    const table = await read(`?fold_number=${fold}`)
    const expected = rows.filter((row) => row[2] === fold)
    assert.is(expected.length, PER_FOLD)
    assert.is(table.total, PER_FOLD)
    assertSame(table.dataset, expected)
    assertSame(parseCsv((await server.get(`${path}?format=csv&fold_number=${fold}`)).text).cells, expected)
  }
  const none = await read(`?fold_number=${FOLDS}`)
  assert.equal([none.total, none.dataset], [0, []])
})

test('a time range takes both of its ends, in any unit', async () => {
  const [from, to] = [rows[100]?.[0] as number, rows[200]?.[0] as number]
  const expected = rows.filter(([time]) => time >= from && time <= to)
  for (const [start, end] of [
    [from, to],
    [from / 1000, to / 1000],
    [new Date(from).toISOString(), new Date(to).toISOString()],
  ]) {
    const table = await read(`?start_timestamp=${start}&end_timestamp=${end}`)
    assert.is(table.total, expected.length)
    assertSame(table.dataset, expected)
  }
  const ofFold = await read(`?fold_number=5&start_timestamp=${from}`)
  assertSame(
    ofFold.dataset,
    rows.filter((row) => row[2] === 5 && row[0] >= from),
  )
})

test('pages of any size lead through all rows once', async () => {
  for (const limit of [1200, 1199, 600, 77]) {
    const seen: number[][] = []
    for (let offset = 0; ; offset += limit) {
      const table = await read(`?limit=${limit}&offset=${offset}`)
      seen.push(...table.dataset)
      assert.is(table.total, 1200)
      assert.is(table.has_more, offset + table.count < 1200)
      if (!table.has_more) break
    }
    assertSame(seen, rows)
  }
  const page = await server.get(`${path}?format=csv&limit=3&offset=1198`)
  assertSame(parseCsv(page.text).cells, rows.slice(1198))
})

test('predictions that a desktop wrote into QuestDB itself are read in the same order', async () => {
  const own = ownRun(prefix, dataset.dataset_id, 1)
  const { prediction_measurement } = own.run
  await server.post('/api/runs', own)
  await questdb.exec(
    `CREATE TABLE "${prediction_measurement}" AS (
      SELECT ('2025-01-0' || (1 + x % 2))::timestamp timestamp, 9 - x fold_number, x / 8.0 prediction FROM long_sequence(8)
    ) TIMESTAMP(timestamp) PARTITION BY MONTH`,
  )
  await waitUntilVisible(questdb, prediction_measurement)
  const table = (await server.get(`/api/runs/${own.run.run_id}/predictions`)).json as Table
  assert.equal(
    table.dataset.map(([time, fold]) => [new Date(time as number).getUTCDate(), fold]),
    [1, 3, 5, 7].map((fold) => [1, fold]).concat([2, 4, 6, 8].map((fold) => [2, fold])),
  )
})

test('a filter that can not be is refused with its name', async () => {
  for (const [query, status] of [
    ['fold_number=-1', 400],
    ['fold_number=x', 400],
    ['limit=0', 400],
    ['format=xml', 400],
    ['start_timestamp=yesterday', 400],
    ['start_timestamp=1732831', 422],
    ['bogus=1', 400],
  ] as const) {
    const answer = await server.get(`${path}?${query}`)
    assert.is(answer.status, status, `${query}: ${answer.text}`)
    assert.match(answer.text, query.split('=')[0] as string)
  }
})

test.run()
