/** Times in a CSV: any of the known columns, any unit, text, or a date and a time. */
import * as assert from 'uvu/assert'
import { importCsv, type Problem, postCsv, storedRows, storedTypes } from '../../support/imports.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

const server = await startServer()
const { engines } = server
test.after(() => server.stop())

const names = { count: 0 }
const fresh = () => `${engines.prefix}times_${names.count++}`

/** The times that QuestDB holds after an import of rows with one more column. */
async function timesOf(
  header: string,
  times: readonly string[],
  more: Record<string, string> = {},
): Promise<unknown[]> {
  const name = fresh()
  await importCsv(server, name, `${header},x\n${times.map((time, i) => `${time},${i}`).join('\n')}\n`, more)
  return (await storedRows(engines, name, 'timestamp')).map(([time]) => time)
}

test('every name that clients give the time column is known, in any case', async () => {
  const known = ['timestamp', 'timestamp_unix', 'timestamp_ms', 'timestamp_seconds', 'timestamp_unix_s', 'ts', 'time']
  for (const name of [...known, 'Timestamp', 'TIME', '"timestamp_unix"']) {
    assert.equal(await timesOf(name, ['1732831200000']), ['2024-11-28T22:00:00.000000Z'], name)
  }
})

test('the time column is stored as timestamp only, under no other name', async () => {
  const name = fresh()
  await importCsv(server, name, 'x,timestamp_unix\n1.5,1732831200\n')
  assert.equal(await storedTypes(engines, name), { timestamp: 'TIMESTAMP', x: 'DOUBLE' })
})

test('seconds, milliseconds, microseconds and nanoseconds are told apart by their size', async () => {
  const expected = ['2024-11-28T22:00:01.000000Z']
  for (const time of ['1732831201', '1732831201000', '1732831201000000', '1732831201000000000'])
    assert.equal(await timesOf('timestamp', [time]), expected, time)
})

test('each row may be in its own unit, and the order of rows does not matter', async () => {
  const found = await timesOf('timestamp', ['1732831203000000', '1732831201', '1732831202000', '1732831204000000000'])
  assert.equal(
    found,
    [1, 2, 3, 4].map((second) => `2024-11-28T22:00:0${second}.000000Z`),
  )
})

test('what is finer than a second is kept to the microsecond', async () => {
  assert.equal(
    await timesOf('timestamp', ['1732831200.25', '1732831200500', '1732831200750001', '1732831200999999999']),
    [
      '2024-11-28T22:00:00.250000Z',
      '2024-11-28T22:00:00.500000Z',
      '2024-11-28T22:00:00.750001Z',
      '2024-11-28T22:00:00.999999Z',
    ],
  )
})

test('ISO 8601 text in every shape that clients write', async () => {
  const texts = [
    ['2024-11-28T22:00:00Z', '2024-11-28T22:00:00.000000Z'],
    ['2024-11-28T22:00:00.123Z', '2024-11-28T22:00:00.123000Z'],
    ['2024-11-28T22:00:00.123456Z', '2024-11-28T22:00:00.123456Z'],
    ['2024-11-28 22:00:00', '2024-11-28T22:00:00.000000Z'],
    ['2024-11-28T22:00:00', '2024-11-28T22:00:00.000000Z'],
    ['2024-11-28T23:30:00+01:30', '2024-11-28T22:00:00.000000Z'],
    ['2024-11-28T17:00:00-0500', '2024-11-28T22:00:00.000000Z'],
    ['2024-11-28', '2024-11-28T00:00:00.000000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000000Z'],
  ] as const
  for (const [text, stored] of texts) assert.equal(await timesOf('timestamp', [text]), [stored], text)
})

test('the edges of the calendar are stored', async () => {
  assert.equal(await timesOf('timestamp', ['1980-01-01T00:00:00Z', '4102444799']), [
    '1980-01-01T00:00:00.000000Z',
    '2099-12-31T23:59:59.000000Z',
  ])
  assert.equal(await timesOf('timestamp', ['315532800000']), ['1980-01-01T00:00:00.000000Z'])
})

test('a date and a time of day in columns of their own, as the trading program writes them', async () => {
  const rows = ['2024-04-01,040000', '2024-04-01,200000', '20240402,0', '2024-04-02,10:15:30']
  assert.equal(await timesOf('Date,Time', rows), [
    '2024-04-01T04:00:00.000000Z',
    '2024-04-01T20:00:00.000000Z',
    '2024-04-02T00:00:00.000000Z',
    '2024-04-02T10:15:30.000000Z',
  ])
})

test('a time of day in hours and minutes, as the desktop shows it', async () => {
  assert.equal(await timesOf('Date,Time', ['2024-04-02,0930', '2024-04-02,2200']), [
    '2024-04-02T09:30:00.000000Z',
    '2024-04-02T22:00:00.000000Z',
  ])
})

test('a column of another name can be named as the time, and its unit declared', async () => {
  const found = await timesOf('closed_at', ['1732831200'], { timestamp_column: 'closed_at', timestamp_unit: 's' })
  assert.equal(found, ['2024-11-28T22:00:00.000000Z'])
})

test('when a file has several time columns the first of the known names counts, the others are data', async () => {
  const name = fresh()
  await importCsv(server, name, 'ts,timestamp,x\n1700000000,1732831200,1\n')
  assert.equal(await storedRows(engines, name, 'timestamp, ts'), [['2024-11-28T22:00:00.000000Z', '1700000000']])
})

test('a named time column beside one called timestamp is refused, since only one can have that name', async () => {
  const answer = await postCsv(server, fresh(), 'opened,timestamp\n1732831200,1\n', { timestamp_column: 'opened' })
  assert.is(answer.status, 422)
  assert.is((answer.json as Problem).code, 'FRAME_MALFORMED')
})

test('two spellings of the same time are one row where the last is to be kept, and the receipt says so', async () => {
  const name = fresh()
  const csv = 'timestamp,x\n1732831200,1\n1732831201,2\n1732831200000,3\n'
  const receipt = await importCsv(server, name, csv, { on_duplicate: 'keep_last' })
  assert.equal(
    [receipt.rows_received, receipt.rows_written, receipt.rows_deduplicated, receipt.total_rows],
    [3, 2, 1, 2],
  )
  assert.is(receipt.warnings.length, 1)
  assert.match(receipt.warnings[0] ?? '', /1 row/)
  assert.equal(await storedRows(engines, name, 'x'), [['3'], ['2']])
})

test('predictions of one time in several folds are several rows', async () => {
  const name = fresh()
  const csv = 'timestamp,fold_number,prediction\n1732831200,1,0.75\n1732831200,2,0.25\n'
  const receipt = await importCsv(server, name, csv)
  assert.equal([receipt.rows_written, receipt.rows_deduplicated], [2, 0])
  const { dataset } = await engines.questdb.exec(`SELECT fold_number, prediction FROM "${name}" ORDER BY fold_number`)
  assert.equal(dataset, [
    ['1', 0.75],
    ['2', 0.25],
  ])
})

test.run()
