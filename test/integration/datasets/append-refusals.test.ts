import * as assert from 'uvu/assert'
import { assertSame, bars, ownDataset } from '../../support/fixtures.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

interface Problem {
  readonly code: string
  readonly message: string
  readonly details: Record<string, unknown>
}

const server = await startServer()
const { prefix } = server.engines
test.after(() => server.stop())

const START = Date.UTC(2024, 10, 28, 22)
const stored = bars(5)
const path = await datasetWithRows()

async function datasetWithRows(): Promise<string> {
  const body = ownDataset(prefix, 'kept')
  await server.post('/api/datasets', body)
  const at = `/api/datasets/${body.dataset_slug}`
  for (const frame of ['ohlcv', 'indicators']) await server.post(`${at}/${frame}/append`, { rows: stored })
  return at
}

/** Refused with this code, and the frame holds what it held before. */
async function refused(frame: 'ohlcv' | 'indicators', rows: unknown, status: number, code: string): Promise<Problem> {
  const answer = await server.post(`${path}/${frame}/append`, { rows })
  const problem = answer.json as Problem
  assert.equal([answer.status, problem.code], [status, code], answer.text)
  const read = (await server.get(`${path}/${frame}`)).json as { rows: Record<string, unknown>[]; total: number }
  assert.is(read.total, 5, 'nothing of it was stored')
  assertSame(
    read.rows.map(({ timestamp, timestamp_ms, ...values }) => ({ timestamp: timestamp_ms, ...values })),
    stored,
  )
  return problem
}

const good = (n: number) => ({ timestamp: START + n * 3_600_000, open: 1, high: 2, low: 0.5, close: 1.5, volume: 3 })

test('one bad cell among many rows is named by row, column and value, and nothing is stored', async () => {
  const rows = [...Array.from({ length: 400 }, (_, n) => good(n + 100)), { ...good(600), close: 'n/a' }, good(601)]
  const { details, message } = await refused('ohlcv', rows, 422, 'CELL_INVALID')
  assert.equal([details.row, details.column, details.value], [400, 'close', 'n/a'])
  assert.match(message, 'row 400, column "close"')
})

test('a cell that is an object, a list or an infinity is a bad cell', async () => {
  for (const [cell, value] of [
    ['{"a":1}', 'an object'],
    ['[1]', 'an array'],
    ['1e999', 'Infinity'],
  ] as const) {
    const body = `{"rows":[{"timestamp":${START},"open":1,"high":1,"low":1,"close":${cell}}]}`
    const answer = await server.send('POST', `${path}/ohlcv/append`, { body })
    const { code, details } = answer.json as Problem
    assert.equal(
      [answer.status, code, details.row, details.column, details.value],
      [422, 'CELL_INVALID', 0, 'close', value],
      cell,
    )
  }
  assert.is(((await server.get(`${path}/ohlcv`)).json as { total: number }).total, 5)
})

test('required columns that never come are listed with those that came', async () => {
  const rows = [{ timestamp: START, open: 1, Volume: 2 }]
  const { details, message } = await refused('ohlcv', rows, 422, 'FRAME_MALFORMED')
  assert.equal(
    [details.missing, details.found],
    [
      ['high', 'low', 'close'],
      ['open', 'Volume'],
    ],
  )
  assert.match(message, 'high, low, close')
})

test('a time in 1970, or in the far future, is refused with the unit it looks like', async () => {
  for (const [timestamp, row, hint] of [
    [START / 1000 / 1000, 0, 'read as seconds it would be 1970-01-21'],
    [0, 0, 'read as seconds it would be 1970-01-01'],
    [START * 40, 1, 'read as microseconds it would be 1972-03-13'],
    [START * 1000 * 40, 1, 'read as nanoseconds it would be 1972-03-13'],
  ] as const) {
    const rows = row === 0 ? [{ ...good(1), timestamp }] : [good(1), { ...good(2), timestamp }]
    const { details, message } = await refused('ohlcv', rows, 422, 'TIMESTAMP_OUT_OF_RANGE')
    assert.equal([details.row, details.column, details.value], [row, 'timestamp', timestamp])
    assert.match(message, hint)
  }
})

test('a row without a time is refused by its number', async () => {
  const { timestamp: _, ...timeless } = good(2)
  const missing = await refused('ohlcv', [good(1), timeless], 422, 'TIMESTAMP_COLUMN_MISSING')
  assert.is(missing.details.row, 1)
  const none = await refused('indicators', [{ ...good(1), timestamp: null }], 422, 'CELL_INVALID')
  assert.equal([none.details.row, none.details.column], [0, 'timestamp'])
})

test('no rows, and what are no rows, are refused', async () => {
  await refused('ohlcv', [], 422, 'FRAME_EMPTY')
  for (const rows of [undefined, null, 5, 'rows', { timestamp: START }]) {
    const answer = await server.post(`${path}/ohlcv/append`, { rows })
    const { code, details } = answer.json as Problem
    assert.equal([answer.status, code], [400, 'REQUEST_INVALID'], JSON.stringify(rows))
    assert.is((details as unknown as { pointer: string }[])[0]?.pointer, '/rows')
  }
  for (const rows of [[5], [[START, 1]], [good(1), 'x']]) await refused('ohlcv', rows, 422, 'FRAME_MALFORMED')
})

test('a column that no table may have, or that stands twice in other letters, is refused by name', async () => {
  for (const column of ['BB.width', 'a/b', 'x'.repeat(128)]) {
    const { details } = await refused('indicators', [{ timestamp: START, [column]: 1 }], 422, 'COLUMN_NAME_INVALID')
    assert.is(details.column, column)
  }
  await refused('indicators', [{ timestamp: START, '': 1 }], 422, 'FRAME_MALFORMED')
  const twice = await server.post(`${path}/indicators/append`, { rows: [{ timestamp: START, rsi: 1, RSI: 2 }] })
  assert.is(twice.status, 422, twice.text)
})

test('a body that stops in the middle of a row, or says more than it may, stores nothing', async () => {
  const whole = JSON.stringify({ rows: [good(1), good(2)] })
  for (const [body, status] of [
    [whole.slice(0, -20), 400],
    [whole.slice(0, -1), 400],
    [`${whole}x`, 400],
    [whole.replace('"rows"', '"further": 1, "rows"'), 400],
    [whole.replace('1.5', '1.5.5'), 400],
  ] as const) {
    const answer = await server.send('POST', `${path}/ohlcv/append`, { body })
    assert.is(answer.status, status, body)
  }
  assert.is(((await server.get(`${path}/ohlcv`)).json as { total: number }).total, 5)
})

test('rows for a dataset that nobody registered are refused; a dataset without rows has none to read', async () => {
  for (const frame of ['ohlcv', 'indicators']) {
    const answer = await server.post(`/api/datasets/nobody/${frame}/append`, { rows: [good(1)] })
    assert.equal([answer.status, (answer.json as Problem).code], [404, 'DATASET_NOT_FOUND'])
  }
  const empty = ownDataset(prefix, 'empty')
  await server.post('/api/datasets', empty)
  for (const [frame, measurement] of [
    ['ohlcv', `${prefix}empty_ohlcv`],
    ['indicators', `${prefix}empty_ind`],
  ]) {
    const { status, json } = await server.get(`/api/datasets/${empty.dataset_slug}/${frame}`)
    const { code, details, message } = json as Problem
    assert.equal([status, code, details.measurement], [404, 'MEASUREMENT_NOT_FOUND', measurement])
    assert.match(message, `has no ${frame} rows yet`)
  }
})

test('a refused first append leaves no table behind, and the next one may make it', async () => {
  const body = ownDataset(prefix, 'second_try')
  await server.post('/api/datasets', body)
  const at = `/api/datasets/${body.dataset_slug}/ohlcv`
  assert.is((await server.post(`${at}/append`, { rows: [good(1), { ...good(2), low: 'x' }] })).status, 422)
  assert.is((await server.get(at)).status, 404)
  assert.is((await server.post(`${at}/append`, { rows: [good(1), good(2)] })).status, 200)
  assert.is(((await server.get(at)).json as { total: number }).total, 2)
})

test.run()
