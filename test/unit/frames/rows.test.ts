import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { DomainError } from '../../../src/errors.js'
import type { ColumnBatch, ColumnType } from '../../../src/frames/batch.js'
import type { DecodeOptions } from '../../../src/frames/decode.js'
import { decodeRows } from '../../../src/frames/rows.js'
import { test } from '../../support/test.js'

const INFER: DecodeOptions = { otherwise: 'infer' }
const DOUBLES: DecodeOptions = { otherwise: 'double' }
const MIDNIGHT = Date.UTC(2024, 0, 1) * 1000
const T = 1704067200

test('the rows that the desktop appends: seconds or milliseconds, doubles, cells that are left out', async () => {
  const rows = [
    { timestamp: T, Date: 20240101.0, Time: 0.0, rsi: 54.25 },
    { timestamp: (T + 60) * 1000, Date: 20240101.0, Time: 1.0, rsi: 50, macd: -1.5 },
    { timestamp: T + 120, rsi: null, macd: 2 },
  ]
  const [batch] = await decode(rows, DOUBLES)
  assert.equal(
    times(batch),
    [0, 60, 120].map((second) => MIDNIGHT + second * 1e6),
  )
  assert.equal(shape(batch), { Date: 'double', Time: 'double', rsi: 'double', macd: 'double' })
  assert.equal(cells(batch, 'rsi'), [54.25, 50, undefined])
  assert.equal(cells(batch, 'macd'), [undefined, -1.5, 2])
  assert.equal(cells(batch, 'Date'), [20240101, 20240101, undefined])
})

test('rows as this server returns them can be sent back: text time and the same in milliseconds', async () => {
  const row = { timestamp: '2024-01-01T00:00:00.123456Z', timestamp_ms: 1704067200123, close: 1 }
  const [batch] = await decode([row, { ...row, timestamp_ms: null }, { close: 2, ts: 5, timestamp: T }], INFER)
  assert.equal(times(batch), [MIDNIGHT + 123_456, MIDNIGHT + 123_456, MIDNIGHT])
  assert.equal(shape(batch), { close: 'double', ts: 'double' })
  const error = await failure([row, { ...row, timestamp_ms: 1704067200124 }], INFER)
  assert.is(error.code, 'CELL_INVALID')
  assert.is(
    error.message,
    'row 1, column "timestamp_ms": expected the same time as "timestamp", 2024-01-01T00:00:00.123456Z, got 1704067200124',
  )
})

test('predictions: whole numbers are longs where the caller says so, doubles elsewhere', async () => {
  const types = new Map<string, ColumnType>([
    ['bar_index', 'long'],
    ['fold_number', 'long'],
  ])
  const rows = [
    { timestamp_unix: T, bar_index: 800, FOLD_NUMBER: '9007199254740993', prediction: 1 },
    { timestamp_unix: T, bar_index: -801.0, FOLD_NUMBER: null, prediction: 0.5 },
  ]
  const [batch] = await decode(rows, { otherwise: 'infer', types })
  assert.equal(cells(batch, 'bar_index'), [800n, -801n])
  assert.equal(cells(batch, 'FOLD_NUMBER'), [9007199254740993n, undefined])
  assert.equal(cells(batch, 'prediction'), [1, 0.5])
  const at = async (value: unknown) =>
    (await failure([{ ts: T, bar_index: value }], { otherwise: 'infer', types })).message
  assert.is(await at(1.5), 'row 0, column "bar_index": expected a whole number or null, got 1.5')
  assert.is(
    await at(9007199254740992),
    'row 0, column "bar_index": expected a whole number up to 2^53 (send a larger one as text), or null, got 9007199254740992',
  )
  assert.match(
    await at('9223372036854775808'),
    /expected a whole number that fits 64 bits, or null, got "9223372036854775808"$/,
  )
  assert.match(await at(true), /expected a whole number or null, got true$/)
})

test('found out by their values: numbers, booleans, text; null says nothing', async () => {
  const rows = [
    { ts: T, a: null, b: true, c: 'x', d: null },
    { ts: T, a: 5, b: false, c: '', d: null },
  ]
  const [batch] = await decode(rows, INFER)
  assert.equal(shape(batch), { a: 'double', b: 'boolean', c: 'varchar' })
  assert.equal(cells(batch, 'a'), [undefined, 5])
  assert.equal(cells(batch, 'b'), [1, 0])
  assert.equal(cells(batch, 'c'), ['x', ''])
})

test('where doubles are wanted, booleans and numbers as text will do', async () => {
  const [batch] = await decode(
    [
      { ts: T, a: true },
      { ts: T, a: '1.5' },
      { ts: T, a: 'NaN' },
      { ts: T, a: false },
    ],
    DOUBLES,
  )
  assert.equal(cells(batch, 'a'), [1, 1.5, undefined, 0])
})

test('a declared type is kept to', async () => {
  const types = new Map<string, ColumnType>([
    ['t', 'timestamp'],
    ['b', 'boolean'],
    ['s', 'symbol'],
  ])
  const options: DecodeOptions = { otherwise: 'infer', types }
  const [batch] = await decode(
    [
      { ts: T, t: T * 1000, b: 1, s: 'a' },
      { ts: T, t: '2024-01-01', b: false, s: '' },
    ],
    options,
  )
  assert.equal(shape(batch), { t: 'timestamp', b: 'boolean', s: 'symbol' })
  assert.equal(cells(batch, 't'), [BigInt(MIDNIGHT), BigInt(MIDNIGHT)])
  assert.equal(cells(batch, 'b'), [1, 0])
  assert.match((await failure([{ ts: T, s: 5 }], options)).message, /^row 0, column "s": expected text or null, got 5$/)
  assert.match((await failure([{ ts: T, b: 2 }], options)).message, /expected true, false or null, got 2$/)
  assert.match((await failure([{ ts: T, t: 0 }], options)).message, /timestamp 0 is in no unit/)
  assert.match((await failure([{ ts: T, t: {} }], options)).message, /expected a time: .* got an object$/)
})

test('a value of the wrong kind is named by row, column and value', async () => {
  const error = await failure(
    [
      { ts: T, close: 1 },
      { ts: T, close: 'abc' },
    ],
    DOUBLES,
  )
  assert.is(error.code, 'CELL_INVALID')
  assert.is(error.message, 'row 1, column "close": expected a number or null, got "abc"')
  assert.equal(error.details, { row: 1, column: 'close', value: 'abc', expected: 'a number or null' })
  const at = async (value: unknown, options = INFER) =>
    (
      await failure(
        [
          { ts: T, x: 1 },
          { ts: T, x: value },
        ],
        options,
      )
    ).message
  assert.is(await at({ a: 1 }), 'row 1, column "x": expected a number or null, got an object')
  assert.is(await at([1]), 'row 1, column "x": expected a number or null, got an array')
  assert.is(await at('', DOUBLES), 'row 1, column "x": expected a number or null, got ""')
  assert.match(
    await text(`[{"ts":${T},"x":1e400}]`),
    /^row 0, column "x": expected a finite number or null, got Infinity$/,
  )
  assert.match(await text(`[{"ts":${T},"x":"1e400"}]`), /expected a finite number or null, got "1e400"$/)
  assert.match(
    await text(`[{"ts":${T},"x":{"y":1}}]`, INFER),
    /^row 0, column "x": expected a number, text, true, false or null, got an object$/,
  )
})

test('each row finds its own time, by the same names as a CSV header', async () => {
  const rows = [
    { ts: T + 9, timestamp_unix: T },
    { time: T + 1, TS: T + 9, timestamp_unix: T + 1 },
    { Time: 200, Date: '20240101' },
    { DATE: 20240101, time: '0003' },
  ]
  for (const [row, second] of [
    [rows[0], 0],
    [rows[1], 1],
    [rows[2], 7200],
    [rows[3], 180],
  ] as const)
    assert.equal(times((await decode([row], INFER))[0]), [MIDNIGHT + second * 1e6])
  const mixed = [{ ts: T, x: 1 }, { timestamp: T + 1, ts: 7 }, { ts: T + 2 }, { x: 2, timestamp_ms: T + 3, ts: 8 }]
  const [batch] = await decode(mixed, INFER)
  assert.equal(
    times(batch),
    [0, 1, 2, 3].map((second) => MIDNIGHT + second * 1e6),
  )
  assert.equal(cells(batch, 'ts'), [undefined, 7, undefined, 8])
})

test('a row without a time, or with a bad one, is refused', async () => {
  const none = await failure(
    [
      { ts: T, x: 1 },
      { x: 1, y: 2 },
    ],
    INFER,
  )
  assert.is(none.code, 'TIMESTAMP_COLUMN_MISSING')
  assert.match(none.message, /^row 1: no time column: one of timestamp, .* is needed; the columns are x, y$/)
  const empty = await failure([{}], INFER)
  assert.match(empty.message, /^row 0: no time column: .*; there are no columns$/)
  const absent = await failure([{ timestamp: null, ts: T }], INFER)
  assert.is(absent.code, 'CELL_INVALID')
  assert.match(absent.message, /^row 0, column "timestamp": expected a time: .* got null$/)
  assert.is((await failure([{ timestamp: 0 }], INFER)).code, 'TIMESTAMP_OUT_OF_RANGE')
  const unit = await failure([{ timestamp: T }], { otherwise: 'infer', timestampUnit: 'ms' })
  assert.match(unit.message, /does not fit the declared unit, milliseconds/)
  const date = await failure([{ Date: null, Time: 5 }], INFER)
  assert.match(date.message, /^row 0, column "Date": expected a date such as .* got null$/)
})

test('a time column can be named; another called timestamp is refused beside it', async () => {
  const options: DecodeOptions = { otherwise: 'infer', timestampColumn: 'bar' }
  const [batch] = await decode([{ Bar: T, ts: 3 }], options)
  assert.equal([times(batch), shape(batch)], [[MIDNIGHT], { ts: 'double' }])
  assert.is((await failure([{ bar: T, Timestamp: T }], options)).code, 'FRAME_MALFORMED')
  assert.is((await failure([{ bar: T }, { ts: T }], options)).code, 'TIMESTAMP_COLUMN_MISSING')
})

test('names that tables could not keep apart are refused', async () => {
  const twice = await failure(
    [
      { ts: T, close: 1 },
      { ts: T, Close: 1 },
    ],
    INFER,
  )
  assert.is(twice.code, 'FRAME_MALFORMED')
  assert.match(twice.message, /^row 1: the columns "close" and "Close" differ only by case/)
  assert.is((await failure([{ ts: T, '': 1 }], INFER)).code, 'FRAME_MALFORMED')
  const poisoned = await failureOf(decodeRows(once(`[{"ts":${T},"__proto__":{"x":1}}]`), INFER))
  assert.is(poisoned.code, 'COLUMN_NAME_INVALID')
  assert.match(poisoned.message, /^row 0, column "__proto__": /)
})

test('what is not such an array is refused with its place', async () => {
  const row = `{"ts":${T}}`
  const cases: [string, string, RegExp][] = [
    ['', 'JSON_MALFORMED', /^byte 0: there is no array of rows/],
    ['{}', 'JSON_MALFORMED', /^byte 0: expected an array of rows, found "{"/],
    [`[${row}`, 'JSON_MALFORMED', /^byte 18: the rows end early, after 1 rows/],
    [`[${row},`, 'JSON_MALFORMED', /^byte 19: the rows end early, after 1 rows/],
    [`[${row},{"ts":"]}`, 'JSON_MALFORMED', /^byte 28: the rows end early, inside row 1/],
    [`[${row},]`, 'JSON_MALFORMED', /^byte 19: expected row 1, found "]"/],
    [`[,${row}]`, 'JSON_MALFORMED', /^byte 1: expected row 0, found ","/],
    [`[${row}${row}]`, 'JSON_MALFORMED', /^byte 18: expected "," or "]" after row 0, found "{"/],
    [`[${row}] x`, 'JSON_MALFORMED', /^byte 20: text follows the array of rows: "x"/],
    [`[${row},{"a":1]]`, 'JSON_MALFORMED', /^byte 25: "]" closes nothing that is open/],
    [`[${row}, {"a":01}]`, 'JSON_MALFORMED', /^row 1, which begins at byte 20, is not valid JSON: /],
    [`[${row},${row.replace('}', ',}')}]`, 'JSON_MALFORMED', /^row 1, which begins at byte 19, is not valid JSON: /],
    [`[${row},5]`, 'FRAME_MALFORMED', /^row 1: a row must be an object such as .* found "5"/],
    [`[[${T},1]]`, 'FRAME_MALFORMED', /^row 0: a row must be an object such as .* found "\["/],
    [`[null]`, 'FRAME_MALFORMED', /^row 0: a row must be an object/],
    [`[${'{"a":'.repeat(70)}`, 'JSON_MALFORMED', /^byte 316: arrays and objects are nested deeper than 64/],
    [`[{"a":"${'x'.repeat(9e6)}"}]`, 'FRAME_MALFORMED', /^row 0 is longer than 8388608 bytes/],
  ]
  for (const [given, code, message] of cases) {
    const error = await failureOf(decodeRows(once(given), INFER))
    assert.is(error.code, code, error.message)
    assert.match(error.message, message)
  }
  const latin = Buffer.from(`[${row},{"ts":${T},"x":"\xe9"}]`, 'latin1')
  const error = await failureOf(decodeRows(once(latin), INFER, 1000))
  assert.is(error.message, 'row 1, which begins at byte 1019, is not valid UTF-8')
  assert.equal(error.details, { row: 1, byte: 1019 })
})

test('an empty array gives no batch', async () => {
  assert.equal(await decode([], INFER), [])
  assert.equal(await collect(decodeRows(once(' [ \n ] '), INFER)), [])
})

test('rows come in batches of the size asked for, numbered through the frame', async () => {
  const rows = Array.from({ length: 25 }, (_, i) => ({ ts: T + i, x: i, ...(i >= 12 && { late: `n${i}` }) }))
  const batches = await decode(rows, { otherwise: 'infer', batchRows: 10 })
  assert.equal(
    batches.map((batch) => [batch.firstRow, batch.rows, batch.columns.length]),
    [
      [0, 10, 1],
      [10, 10, 2],
      [20, 5, 2],
    ],
  )
  assert.equal(cells(batches[1], 'late').slice(0, 3), [undefined, undefined, 'n12'])
  assert.match(
    (await failure([...rows, { ts: T, x: 'abc' }], { otherwise: 'infer', batchRows: 10 })).message,
    /^row 25, column "x"/,
  )
})

test('a frame of very many columns makes batches of fewer rows, of too many none', async () => {
  const wide = Object.fromEntries(Array.from({ length: 3999 }, (_, i) => [`c${i}`, i]))
  const rows = Array.from({ length: 2500 }, (_, i) => (i === 0 ? { ts: T, ...wide } : { ts: T + i, c0: 1 }))
  const batches = await decode(rows, DOUBLES)
  assert.equal(
    batches.map((batch) => [batch.rows, batch.columns.length]),
    [
      [2000, 3999],
      [500, 3999],
    ],
  )
  const growing = Array.from({ length: 5000 }, (_, i) => ({ ts: T + i, [`c${i}`]: 1 }))
  const error = await failure(growing, DOUBLES)
  assert.is(error.code, 'FRAME_MALFORMED')
  assert.is(error.message, 'row 4095: there are more than 4096 columns')
})

test('leaving the batches early closes the source', async () => {
  let closed = false
  async function* source() {
    try {
      yield Buffer.from('[')
      for (let i = 0; ; i++) yield Buffer.from(`{"ts":${T + i}},`)
    } finally {
      closed = true
    }
  }
  for await (const batch of decodeRows(source(), { otherwise: 'infer', batchRows: 3 })) {
    assert.is(batch.rows, 3)
    break
  }
  assert.ok(closed)
})

test('any rows, in any chunks, give what JSON.parse gives', async () => {
  const text = fc.string({
    unit: fc.constantFrom('a', '"', '\\', '{', '}', '[', ']', ',', ':', '\n', 'é', '😀', '\u2028'),
    maxLength: 10,
  })
  const name = fc.constantFrom('a', 'b', 'na"me', 'br{ce', '\\', 'é')
  const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value))
  const value = fc.record(
    { number: fc.option(number), text: fc.option(text), truth: fc.option(fc.boolean()) },
    { requiredKeys: [] },
  )
  const rows = fc.array(fc.tuple(value, name), { maxLength: 25 })
  const style = fc.constantFrom<[number, string]>([0, ''], [2, ''], [0, ' \r\n\t'])
  await fc.assert(
    fc.asyncProperty(rows, fc.array(fc.nat(3000)), style, async (made, cuts, [indent, space]) => {
      const sent = made.map(([row, name], i) => ({ [`n ${name}`]: i, ts: T + i, ...row }))
      const bytes = Buffer.from(`${space}${JSON.stringify(sent, null, indent)}${space}`)
      const parsed: Record<string, unknown>[] = JSON.parse(bytes.toString())
      const batches = await collect(decodeRows(cut(bytes, cuts), { otherwise: 'infer', batchRows: 7 }))
      assert.equal(
        batches.flatMap(times),
        parsed.map((row) => (row.ts as number) * 1e6),
      )
      for (const name of new Set(parsed.flatMap((row) => Object.keys(row)).filter((key) => key !== 'ts'))) {
        const found = batches.flatMap((batch) => {
          const column = cells(batch, name)
          return column.length === 0 ? Array(batch.rows).fill(undefined) : column
        })
        const expected = parsed.map((row) => row[name] ?? undefined)
        assert.equal(
          found,
          expected.map((value) => (typeof value === 'boolean' ? Number(value) : value)),
          name,
        )
      }
    }),
    { numRuns: 500 },
  )
})

test('where a fault is does not depend on how the array is cut into chunks', async () => {
  const bytes = Buffer.from(
    `[{"ts":${T},"s":"é}{\\""}, {"ts":${T}},\n{"ts":${T},"s":"\\\\","x":"😀"},{"ts":${T},"s":tru}]`,
  )
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length)), async (cuts) => {
      const error = await failureOf(decodeRows(cut(bytes, cuts), INFER))
      assert.match(error.message, /^row 3, which begins at byte 90, is not valid JSON: /)
    }),
  )
})

async function text(json: string, options = DOUBLES): Promise<string> {
  return (await failureOf(decodeRows(once(json), options))).message
}

async function decode(rows: readonly unknown[], options: DecodeOptions): Promise<ColumnBatch[]> {
  return collect(decodeRows(once(JSON.stringify(rows)), options))
}

async function failure(rows: readonly unknown[], options: DecodeOptions): Promise<DomainError> {
  return failureOf(decodeRows(once(JSON.stringify(rows)), options))
}

function once(given: string | Buffer): AsyncGenerator<Buffer> {
  return cut(Buffer.from(given), [])
}

async function* cut(bytes: Buffer, cuts: number[]): AsyncGenerator<Buffer> {
  const places = [0, ...cuts.filter((at) => at < bytes.length).sort((a, b) => a - b), bytes.length]
  for (let i = 1; i < places.length; i++) yield bytes.subarray(places[i - 1], places[i])
}

async function collect(source: AsyncGenerator<ColumnBatch>): Promise<ColumnBatch[]> {
  const batches: ColumnBatch[] = []
  for await (const batch of source) batches.push(batch)
  return batches
}

async function failureOf(source: AsyncGenerator<ColumnBatch>): Promise<DomainError> {
  try {
    await collect(source)
  } catch (error) {
    if (error instanceof DomainError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

function times(batch: ColumnBatch | undefined): number[] {
  return [...(batch?.timestamps ?? [])].map(Number)
}

function shape(batch: ColumnBatch | undefined): Record<string, string> {
  return Object.fromEntries((batch?.columns ?? []).map((column) => [column.name, column.type]))
}

function cells(batch: ColumnBatch | undefined, name: string): unknown[] {
  const column = batch?.columns.find((column) => column.name === name)
  if (column === undefined) return []
  assert.is(column.values.length, batch?.rows)
  return Array.from<unknown, unknown>(column.values, (value, row) =>
    column.valid === undefined || column.valid[row] === 1 ? value : undefined,
  )
}

test.run()
