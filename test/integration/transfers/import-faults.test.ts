/** A CSV with a fault stores nothing, and its sender is shown the place. */
import * as assert from 'uvu/assert'
import { FIRST_MS, minutesCsv } from '../../support/csv.js'
import { importCsv, type Problem, postCsv, rowCount, storedRows, storedTypes } from '../../support/imports.js'
import { startServer } from '../../support/server.js'
import { watchStaged } from '../../support/staged.js'
import { test } from '../../support/test.js'

const server = await startServer()
const { engines } = server
const { prefix } = engines
const staged = await watchStaged(engines)
test.after(() => server.stop())

const T = FIRST_MS
const names = { count: 0 }
const fresh = () => `${prefix}fault_${names.count++}`

/** Expects a refusal, and that the measurement is not there afterwards. */
async function refused(csv: string | Uint8Array, status: number, code: string, more: Record<string, string> = {}) {
  const name = fresh()
  const answer = await postCsv(server, name, csv, more)
  assert.is(answer.status, status, `${csv.slice(0, 100)}: ${answer.text}`)
  const problem = answer.json as Problem
  assert.is(problem.code, code, answer.text)
  assert.is(await storedTypes(engines, name), undefined)
  return problem
}

test('the cell that cannot be stored is named by its line, its column and its value', async () => {
  const problem = await refused(
    `timestamp,close,volume\n${T},1.5,1\n${T + 1},2.5,2\n${T + 2},abc,3\n`,
    422,
    'CELL_INVALID',
  )
  const { line, column, value, expected } = problem.details
  assert.equal([line, column, value, expected], [4, 'close', 'abc', 'a number'])
  assert.match(problem.message, /line 4.*"close".*"abc"/)
})

test('the line is the one that an editor shows, also after cells of several lines', async () => {
  const csv = `timestamp,note,x\n\n${T},"one\ntwo\nthree",1\n\n${T + 1},four,oops\n`
  const { details } = await refused(csv, 422, 'CELL_INVALID')
  assert.equal([details.line, details.column, details.value], [7, 'x', 'oops'])
})

test('a fault in the last of many rows stores none of them, in a measurement that is new', async () => {
  const problem = await refused(`${minutesCsv(30_000)}${T + 30_000 * 60_000},x,1\n`, 422, 'CELL_INVALID')
  assert.equal([problem.details.line, problem.details.column], [30_002, 'n'])
})

test('and in one that exists, whose rows and columns stay as they were', async () => {
  const name = fresh()
  await importCsv(server, name, `timestamp,n,c0\n${T - 60_000},7,7.5\n`)
  const before = await storedRows(engines, name)
  const types = await storedTypes(engines, name)
  for (const rows of [10, 30_000]) {
    const csv = minutesCsv(rows, 2)
    const answer = await postCsv(server, name, `${csv}${T},broken,1,1\n`)
    assert.is(answer.status, 422, answer.text)
    assert.equal(await storedRows(engines, name), before)
    assert.equal(await storedTypes(engines, name), types)
  }
})

test('a value that does not fit the column that is there is refused', async () => {
  const name = fresh()
  await importCsv(server, name, `timestamp,n,x,flag,note\n${T},1,1.5,true,abc\n`)
  const cases = [
    ['n', '1.5'],
    ['n', 'abc'],
    ['x', 'abc'],
    ['flag', 'perhaps'],
  ] as const
  for (const [column, cell] of cases) {
    const answer = await postCsv(server, name, `timestamp,${column}\n${T + 1},${cell}\n`)
    assert.is(answer.status, 422, answer.text)
    const { details } = answer.json as Problem
    assert.equal([details.line, details.column, details.value], [2, column, cell])
  }
  assert.is(await rowCount(engines, name), 1)
})

test('times outside 1980 to 2100 are refused, with the unit that they look like', async () => {
  const outside = [
    ['0', /1970/],
    ['1', /1970/],
    ['-1732831200', /1915/],
    ['99999999', /1973/],
    ['17328312000', /seconds.*2519|milliseconds.*1970/],
    ['4102444800', /2100/],
    ['1732831200000000000000', /year|calendar/],
  ] as const
  for (const [time, hint] of outside) {
    const problem = await refused(`timestamp,x\n${T},1\n${time},2\n`, 422, 'TIMESTAMP_OUT_OF_RANGE')
    assert.match(problem.message, hint)
    assert.match(problem.message, /1980/)
    assert.equal([problem.details.line, problem.details.column, problem.details.value], [3, 'timestamp', time])
  }
  for (const time of ['1979-12-31T23:59:59Z', '2100-01-01']) {
    await refused(`timestamp,x\n${time},1\n`, 422, 'TIMESTAMP_OUT_OF_RANGE')
  }
})

test('a declared unit that the times are not in is refused with the one they look like', async () => {
  const problem = await refused(`timestamp,x\n1732831200,1\n`, 422, 'TIMESTAMP_OUT_OF_RANGE', { timestamp_unit: 'ms' })
  assert.match(problem.message, /looks like seconds/)
  assert.match(problem.message, /2024-11-28/)
})

test('a time that is missing or is no time is refused', async () => {
  for (const time of ['', 'yesterday', '2024-02-30T00:00:00Z', '2024-13-01', 'NaN', '1,732', '28/11/2024']) {
    const cell = time.includes(',') ? `"${time}"` : time
    const { details } = await refused(`timestamp,x\n${T},1\n${cell},2\n`, 422, 'CELL_INVALID')
    assert.equal([details.line, details.column, details.value], [3, 'timestamp', time])
  }
})

test('a file without a time column is told which names are known', async () => {
  const { details, message } = await refused('when,x\n1732831200,1\n', 422, 'TIMESTAMP_COLUMN_MISSING')
  assert.ok((details.accepted as string[]).includes('timestamp_unix'))
  assert.equal(details.found, ['when', 'x'])
  assert.match(message, /when/)
  await refused('timestamp,x\n1732831200,1\n', 422, 'TIMESTAMP_COLUMN_MISSING', { timestamp_column: 'nowhere' })
})

test('a file that holds no row is refused', async () => {
  for (const csv of ['timestamp,x\n', 'timestamp,x', '\ufefftimestamp,x\r\n\r\n'])
    await refused(csv, 422, 'FRAME_EMPTY')
  await refused('\n', 422, 'FRAME_MALFORMED')
})

test('a file that is no such CSV is refused with the line', async () => {
  const faults = [
    [`timestamp,x\n${T},1\n${T},1,2\n`, 3],
    [`timestamp,x\n${T}\n`, 2],
    [`timestamp,x\n${T},"open\n`, 2],
    [`timestamp,x\n${T},a"b\n`, 2],
    [`timestamp;x\n${T};1\n`, 1],
    [`timestamp,x,X\n${T},1,2\n`, 1],
    [`timestamp,\n${T},1\n`, 1],
    [`${T},1\n${T + 1},2\n`, 1],
    ['%PDF-1.4', 1],
  ] as const
  for (const [csv, line] of faults) {
    const name = fresh()
    const answer = await postCsv(server, name, csv)
    assert.is(answer.status, 422, csv)
    assert.is((answer.json as Problem).details.line, line, answer.text)
    assert.is(await storedTypes(engines, name), undefined)
  }
  await refused(
    Buffer.concat([Buffer.from(`timestamp,x\n${T},`), Buffer.from([0xff, 0xfe, 0x0a])]),
    422,
    'FRAME_MALFORMED',
  )
})

test('column names that no table takes are refused by name', async () => {
  for (const name of ['a.b', 'a?b', "it's", 'a/b', 'x'.repeat(200), '__proto__']) {
    const problem = await refused(`timestamp,${name}\n${T},1\n`, 422, 'COLUMN_NAME_INVALID')
    assert.ok(problem.message.includes(name.slice(0, 20)) || problem.details.column !== undefined, problem.message)
  }
})

test('a measurement name that is none, or is kept for the system, is refused before anything is read', async () => {
  const bad = ['', 'two words', '1st', 'a-b', 'a.b', '../etc', 'x'.repeat(128), 'naïve', "x'; DROP TABLE y;--"]
  for (const name of bad) {
    const answer = await postCsv(server, name, minutesCsv(1))
    assert.is(answer.status, 400, name)
    const body = { measurement: name, data: minutesCsv(1) }
    assert.is((await server.post('/api/questdb/import', body)).status, 400, name)
  }
  for (const name of ['stage1_staged_x', 'STAGE1_STAGED_x', 'telemetry', 'telemetry_config', '_query_trace']) {
    for (const async of [false, true]) {
      const answer = await postCsv(server, name, minutesCsv(1), {}, { async })
      assert.is(answer.status, 422, name)
      assert.is((answer.json as Problem).code, 'MEASUREMENT_NAME_INVALID')
    }
  }
})

test('none of this has left a table or a record of one', async () => {
  assert.ok((await staged.seen()).length > 10)
  assert.equal(await staged.left(), [])
})

test.run()
