import { readFileSync } from 'node:fs'
import {
  Binary,
  Bool,
  DateDay,
  DateMillisecond,
  Decimal,
  Dictionary,
  Field,
  Float16,
  Float32,
  Float64,
  Int8,
  Int16,
  Int32,
  Int64,
  LargeUtf8,
  List,
  Null,
  RecordBatch,
  Schema,
  Struct,
  Table,
  TimeMillisecond,
  TimestampMicrosecond,
  TimestampMillisecond,
  TimestampNanosecond,
  TimestampSecond,
  tableToIPC,
  Uint8,
  Uint16,
  Uint32,
  Uint64,
  Utf8,
  vectorFromArray,
} from 'apache-arrow'
import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { cellsOf, decodeBytes, INFER, refusalOf, timesOf, typesOf } from '../../support/batches.js'
import { assertFixtureFrame, assertHarmless } from '../../support/fixture-frames.js'
import { test } from '../../support/test.js'

type Vectors = ConstructorParameters<typeof Table>[0]
const FIRST = Date.UTC(2024, 0, 1)
const minutes = (rows: number) =>
  vectorFromArray(
    Array.from({ length: rows }, (_, row) => BigInt(FIRST + row * 60_000)),
    new Int64(),
  )

function ipc(vectors: Record<string, unknown>, format: 'stream' | 'file' = 'stream'): Uint8Array {
  return tableToIPC(new Table(vectors as Vectors & object), format)
}

/** The writer's own way to nanoseconds goes through doubles. */
function nanoseconds(millis: readonly number[]) {
  const vector = vectorFromArray(millis, new TimestampNanosecond('UTC'))
  vector.data[0]?.values.set(millis.map((ms) => BigInt(ms) * 1_000_000n))
  return vector
}

const bothForms = ['stream', 'file'] as const

for (const form of bothForms) {
  test(`${form}: every type that is taken comes with its values, bit for bit`, async () => {
    const doubles = [Number.MAX_VALUE, Number.MIN_VALUE, -0, 0.1]
    const longs = [2n ** 63n - 1n, -(2n ** 63n) + 1n, 0n, -1n]
    const batches = await decodeBytes(
      'arrow',
      ipc(
        {
          timestamp: minutes(4),
          f64: vectorFromArray(doubles, new Float64()),
          f32: vectorFromArray([1.5, -2.25, 0, 3], new Float32()),
          i64: vectorFromArray(longs, new Int64()),
          u64: vectorFromArray([2n ** 63n - 1n, 0n, 1n, 2n], new Uint64()),
          i32: vectorFromArray([2 ** 31 - 1, -(2 ** 31), 0, 1], new Int32()),
          u32: vectorFromArray([2 ** 32 - 1, 0, 1, 2], new Uint32()),
          i16: vectorFromArray([32767, -32768, 0, 1], new Int16()),
          u16: vectorFromArray([65535, 0, 1, 2], new Uint16()),
          i8: vectorFromArray([127, -128, 0, 1], new Int8()),
          u8: vectorFromArray([255, 0, 1, 2], new Uint8()),
          flag: vectorFromArray([true, false, true, true], new Bool()),
          text: vectorFromArray(['', 'a,"b"\n', 'Zürich 東京', '🚀'], new Utf8()),
          large: vectorFromArray(['x', 'y', '', 'ß'], new LargeUtf8()),
          side: vectorFromArray(['long', 'short', 'long', 'flat'], new Dictionary(new Utf8(), new Int32())),
          s: vectorFromArray([FIRST, FIRST + 1000, FIRST, FIRST], new TimestampSecond()),
          ms: vectorFromArray([FIRST, FIRST + 1, FIRST, FIRST], new TimestampMillisecond()),
          us: vectorFromArray([FIRST, FIRST + 1, FIRST, FIRST], new TimestampMicrosecond()),
          ns: nanoseconds([FIRST, FIRST + 1, FIRST, FIRST]),
          day: vectorFromArray(
            [FIRST, FIRST + 86_400_000, FIRST, FIRST].map((ms) => new Date(ms)),
            new DateDay(),
          ),
          date: vectorFromArray(
            [FIRST, FIRST + 1, FIRST, FIRST].map((ms) => new Date(ms)),
            new DateMillisecond(),
          ),
          nothing: vectorFromArray([null, null, null, null], new Null()),
        },
        form,
      ),
    )
    assert.equal(
      timesOf(batches),
      [0, 1, 2, 3].map((row) => (FIRST + row * 60_000) * 1000),
    )
    assert.equal(typesOf(batches), {
      ...{ f64: 'double', f32: 'double', i64: 'long', u64: 'long', i32: 'long', u32: 'long', i16: 'long', u16: 'long' },
      ...{ i8: 'long', u8: 'long', flag: 'boolean', text: 'varchar', large: 'varchar', side: 'symbol' },
      ...{ s: 'timestamp', ms: 'timestamp', us: 'timestamp', ns: 'timestamp', day: 'timestamp', date: 'timestamp' },
    })
    assert.equal(cellsOf(batches, 'f64'), doubles)
    assert.ok(Object.is(cellsOf(batches, 'f64')[2], -0))
    assert.equal(cellsOf(batches, 'f32'), [1.5, -2.25, 0, 3])
    assert.equal(cellsOf(batches, 'i64'), longs)
    assert.equal(cellsOf(batches, 'u64'), [2n ** 63n - 1n, 0n, 1n, 2n])
    assert.equal(cellsOf(batches, 'i32'), [2n ** 31n - 1n, -(2n ** 31n), 0n, 1n])
    assert.equal(cellsOf(batches, 'u32'), [2n ** 32n - 1n, 0n, 1n, 2n])
    assert.equal(cellsOf(batches, 'i16'), [32767n, -32768n, 0n, 1n])
    assert.equal(cellsOf(batches, 'u16'), [65535n, 0n, 1n, 2n])
    assert.equal(cellsOf(batches, 'i8'), [127n, -128n, 0n, 1n])
    assert.equal(cellsOf(batches, 'u8'), [255n, 0n, 1n, 2n])
    assert.equal(cellsOf(batches, 'flag'), [1, 0, 1, 1])
    assert.equal(cellsOf(batches, 'text'), ['', 'a,"b"\n', 'Zürich 東京', '🚀'])
    assert.equal(cellsOf(batches, 'large'), ['x', 'y', '', 'ß'])
    assert.equal(cellsOf(batches, 'side'), ['long', 'short', 'long', 'flat'])
    const micros = (...millis: number[]) => millis.map((ms) => BigInt(ms) * 1000n)
    assert.equal(cellsOf(batches, 's'), micros(FIRST, FIRST + 1000, FIRST, FIRST))
    for (const name of ['ms', 'us', 'ns', 'date'])
      assert.equal(cellsOf(batches, name), micros(FIRST, FIRST + 1, FIRST, FIRST), name)
    assert.equal(cellsOf(batches, 'day'), micros(FIRST, FIRST + 86_400_000, FIRST, FIRST))
  })
}

test('missing cells are missing whatever stands in their place; not-a-number is a missing double', async () => {
  const batches = await decodeBytes(
    'arrow',
    ipc({
      ts: minutes(4),
      d: vectorFromArray([null, 1.5, Number.NaN, null], new Float64()),
      i: vectorFromArray([1n, null, null, 4n], new Int64()),
      b: vectorFromArray([null, true, null, false], new Bool()),
      t: vectorFromArray(['', null, 'x', null], new Utf8()),
      k: vectorFromArray([null, 'x', null, ''], new Dictionary(new Utf8(), new Int8())),
      at: vectorFromArray([null, FIRST, null, FIRST], new TimestampMillisecond()),
    }),
  )
  assert.equal(cellsOf(batches, 'd'), [undefined, 1.5, undefined, undefined])
  assert.equal([...(batches[0]?.columns[0]?.values ?? [])], [Number.NaN, 1.5, Number.NaN, Number.NaN])
  assert.equal(cellsOf(batches, 'i'), [1n, undefined, undefined, 4n])
  assert.equal(cellsOf(batches, 'b'), [undefined, 1, undefined, 0])
  assert.equal(cellsOf(batches, 't'), ['', undefined, 'x', undefined])
  assert.equal(cellsOf(batches, 'k'), [undefined, 'x', undefined, ''])
  assert.equal(cellsOf(batches, 'at'), [undefined, BigInt(FIRST) * 1000n, undefined, BigInt(FIRST) * 1000n])
})

test('the time: typed timestamps exactly, whole numbers by their size, text, decimals, dates with times of day', async () => {
  const x = vectorFromArray([1, 2], new Float64())
  const at = async (vectors: Record<string, unknown>, more = {}) =>
    timesOf(await decodeBytes('arrow', ipc({ x, ...vectors }), { ...INFER, ...more }))
  const micros = 1_704_067_200_123_457n
  const typed = vectorFromArray([0, 0], new TimestampMicrosecond())
  typed.data[0]?.values.set([micros, micros + 1n])
  assert.equal(await at({ when: typed }, { timestampColumn: 'WHEN' }), [Number(micros), Number(micros) + 1])
  const nanos = vectorFromArray([micros * 1000n + 999n, micros * 1000n], new Int64())
  assert.equal(await at({ ts: nanos }), [Number(micros), Number(micros)])
  assert.equal(await at({ time: vectorFromArray([1704067200, 1704067260], new Int32()) }), [
    FIRST * 1000,
    FIRST * 1000 + 60e6,
  ])
  assert.equal(await at({ timestamp_ms: vectorFromArray([1704067200.5, 1704067260], new Float64()) }), [
    FIRST * 1000 + 500_000,
    FIRST * 1000 + 60e6,
  ])
  const iso = vectorFromArray(['2024-01-01T00:00:00Z', '2024-01-01T00:01:00.5Z'], new Utf8())
  assert.equal(await at({ Timestamp: iso }), [FIRST * 1000, FIRST * 1000 + 60_500_000])
  const date = vectorFromArray(['2024-01-01', '2024-01-02'], new Utf8())
  const clock = vectorFromArray([93000, 100000], new Int32())
  const morning = [FIRST * 1000 + 34_200e6, FIRST * 1000 + 86_400e6 + 36_000e6]
  assert.equal(await at({ Date: date, Time: clock }), morning)
  const day = vectorFromArray([new Date(FIRST), new Date(FIRST + 86_400_000)], new DateDay())
  assert.equal(await at({ Date: day, Time: clock }), morning)
})

test('a time that is missing, out of range or in another unit is refused with its row', async () => {
  const x = vectorFromArray([1, 2], new Float64())
  const missing = await refusalOf('arrow', ipc({ ts: vectorFromArray([BigInt(FIRST), null], new Int64()), x }))
  assert.is(missing.code, 'CELL_INVALID')
  assert.match(missing.message, /^row 1, column "ts": expected a time/)
  const early = await refusalOf('arrow', ipc({ ts: vectorFromArray([FIRST, 0], new TimestampMillisecond()), x }))
  assert.is(early.code, 'TIMESTAMP_OUT_OF_RANGE')
  assert.equal(early.details, { row: 1, column: 'ts', value: '0', expected: 'a time from 1980 up to 2100' })
  const unit = await refusalOf('arrow', ipc({ ts: minutes(2), x }), { ...INFER, timestampUnit: 's' })
  assert.is(unit.code, 'TIMESTAMP_OUT_OF_RANGE')
  assert.match(unit.message, /does not fit the declared unit, seconds/)
  const none = await refusalOf('arrow', ipc({ x }))
  assert.is(none.code, 'TIMESTAMP_COLUMN_MISSING')
  assert.match(none.message, /^no time column: one of timestamp, .*the columns are x$/)
})

test('types that are known keep: whole numbers as doubles, doubles as whole numbers, text as numbers', async () => {
  const types = new Map([
    ['i', 'double'],
    ['D', 'long'],
    ['t', 'double'],
    ['k', 'varchar'],
    ['w', 'timestamp'],
    ['b', 'boolean'],
  ] as const)
  const batches = await decodeBytes(
    'arrow',
    ipc({
      ts: minutes(2),
      i: vectorFromArray([3n, null], new Int64()),
      d: vectorFromArray([4, Number.NaN], new Float64()),
      t: vectorFromArray(['1.5', 'nan'], new Utf8()),
      k: vectorFromArray(['a', 'b'], new Dictionary(new Utf8(), new Int32())),
      w: minutes(2),
      b: vectorFromArray([1, 0], new Uint8()),
    }),
    { types, otherwise: 'infer' },
  )
  assert.equal(typesOf(batches), { i: 'double', d: 'long', t: 'double', k: 'varchar', w: 'timestamp', b: 'boolean' })
  assert.equal(cellsOf(batches, 'i'), [3, undefined])
  assert.equal(cellsOf(batches, 'd'), [4n, undefined])
  assert.equal(cellsOf(batches, 't'), [1.5, undefined])
  assert.equal(cellsOf(batches, 'k'), ['a', 'b'])
  assert.equal(cellsOf(batches, 'w'), [BigInt(FIRST) * 1000n, BigInt(FIRST + 60_000) * 1000n])
  assert.equal(cellsOf(batches, 'b'), [1, 0])
})

test('values that a column can not hold are refused with row and column', async () => {
  const cases: [Record<string, unknown>, Record<string, 'double' | 'long' | 'varchar'>, RegExp][] = [
    [
      { x: vectorFromArray([1n, 2n ** 63n], new Uint64()) },
      {},
      /^row 1, column "x": expected a whole number up to 2\^63 - 1, got 9223372036854775808$/,
    ],
    [
      { x: vectorFromArray([1n, -(2n ** 63n)], new Int64()) },
      {},
      /^row 1, column "x": expected a whole number above -2\^63/,
    ],
    [
      { x: vectorFromArray([1, Number.POSITIVE_INFINITY], new Float64()) },
      {},
      /^row 1, column "x": expected a finite number/,
    ],
    [
      { x: vectorFromArray([1n, 2n ** 53n + 1n], new Int64()) },
      { x: 'double' },
      /^row 1, column "x": expected a whole number that a double holds/,
    ],
    [{ x: vectorFromArray([1, 1.5], new Float64()) }, { x: 'long' }, /^row 1, column "x": expected a whole number/],
    [{ x: vectorFromArray(['1', 'one'], new Utf8()) }, { x: 'double' }, /^row 1, column "x": expected a number/],
    [{ x: vectorFromArray([null, 1], new Float64()) }, { x: 'varchar' }, /^row 1, column "x": expected text/],
    [
      { x: vectorFromArray([null, FIRST], new TimestampMillisecond()) },
      { x: 'long' },
      /^row 1, column "x": expected long and no timestamp/,
    ],
  ]
  for (const [vectors, types, sentence] of cases) {
    const options = { ...INFER, types: new Map(Object.entries(types)) }
    const refusal = await refusalOf('arrow', ipc({ ts: minutes(2), ...vectors }), options)
    assert.is(refusal.code, 'CELL_INVALID')
    assert.match(refusal.message, sentence)
    assert.is((refusal.details as { row: number }).row, 1)
  }
})

test('a number of 64 bits without a sign that is missing may be anything', async () => {
  const x = vectorFromArray([1n, null], new Uint64())
  x.data[0]?.values.set([1n, 2n ** 64n - 1n])
  assert.equal(cellsOf(await decodeBytes('arrow', ipc({ ts: minutes(2), x })), 'x'), [1n, undefined])
})

test('types without a place in a table are refused by column and type', async () => {
  const struct = new Struct([new Field('a', new Float64())])
  const cases: [string, unknown][] = [
    ['list', vectorFromArray([[1]], new List(new Field('item', new Float64())))],
    ['struct', vectorFromArray([{ a: 1 }], struct)],
    ['decimal', vectorFromArray([new Uint32Array([1, 0, 0, 0])], new Decimal(2, 10))],
    ['binary', vectorFromArray([new Uint8Array([1])], new Binary())],
    ['time', vectorFromArray([1], new TimeMillisecond())],
    ['half-precision float', vectorFromArray([1], new Float16())],
    ['dictionary of int', vectorFromArray([1], new Dictionary(new Int32(), new Int32()))],
  ]
  for (const [type, column] of cases) {
    const refusal = await refusalOf('arrow', ipc({ ts: minutes(1), odd: column }))
    assert.is(refusal.code, 'FRAME_MALFORMED', type)
    assert.equal(refusal.details, { column: 'odd', type })
    assert.match(refusal.message, `column "odd" is of type ${type}, which is not taken`)
  }
})

test('many batches and pieces make one frame in order, whose rows are counted through', async () => {
  const schema = new Schema([new Field('ts', new Int64()), new Field('n', new Int32(), true)])
  const counts = [3, 0, 25_001, 7]
  let row = 0
  const parts = counts.map((count) => {
    const from = row
    row += count
    const at = Array.from({ length: count }, (_, n) => from + n)
    return new Table({
      ts: vectorFromArray(
        at.map((n) => BigInt(FIRST + n)),
        new Int64(),
      ),
      n: vectorFromArray(
        at.map((n) => (n % 9 === 0 ? null : n)),
        new Int32(),
      ),
    }).batches[0] as RecordBatch
  })
  const table = new Table(
    schema,
    parts.map((part) => new RecordBatch(schema, part.data as never)),
  )
  for (const form of bothForms) {
    const batches = await decodeBytes('arrow', tableToIPC(table, form))
    assert.equal(
      batches.map((batch) => batch.rows),
      [3, 10_000, 10_000, 5_001, 7],
    )
    assert.equal(
      batches.map((batch) => batch.firstRow),
      [0, 3, 10_003, 20_003, 25_004],
    )
    assert.equal(
      timesOf(batches),
      Array.from({ length: row }, (_, n) => (FIRST + n) * 1000),
    )
    assert.equal(
      cellsOf(batches, 'n'),
      Array.from({ length: row }, (_, n) => (n % 9 === 0 ? undefined : BigInt(n))),
    )
  }
})

test('a frame without rows gives no batch', async () => {
  for (const form of bothForms) {
    const table = new Table(new Schema([new Field('ts', new Int64())]))
    assert.equal(await decodeBytes('arrow', tableToIPC(table, form)), [])
  }
})

const anyDouble = fc.option(fc.double({ noDefaultInfinity: true, noNaN: true }), { nil: null })
const anyLong = fc.option(fc.bigInt({ min: -(2n ** 63n) + 1n, max: 2n ** 63n - 1n }), { nil: null })
const anyText = fc.option(fc.string({ unit: 'grapheme' }), { nil: null })
const anyFlag = fc.option(fc.boolean(), { nil: null })

test('random tables come out as they went in', async () => {
  const rows = fc.array(fc.tuple(anyDouble, anyLong, anyText, anyFlag), { minLength: 1, maxLength: 60 })
  await fc.assert(
    fc.asyncProperty(
      rows,
      fc.constantFrom(...bothForms),
      fc.integer({ min: 1, max: 20 }),
      async (rows, form, batchRows) => {
        const column = <K extends 0 | 1 | 2 | 3>(index: K) => rows.map((row) => row[index])
        const bytes = ipc(
          {
            ts: minutes(rows.length),
            d: vectorFromArray(column(0), new Float64()),
            i: vectorFromArray(column(1), new Int64()),
            t: vectorFromArray(column(2), new Utf8()),
            k: vectorFromArray(column(2), new Dictionary(new Utf8(), new Int32())),
            b: vectorFromArray(column(3), new Bool()),
          },
          form,
        )
        const batches = await decodeBytes('arrow', bytes, { ...INFER, batchRows })
        assert.equal(
          cellsOf(batches, 'd'),
          column(0).map((value) => value ?? undefined),
        )
        assert.equal(
          cellsOf(batches, 'i'),
          column(1).map((value) => value ?? undefined),
        )
        assert.equal(
          cellsOf(batches, 't'),
          column(2).map((value) => value ?? undefined),
        )
        assert.equal(
          cellsOf(batches, 'k'),
          column(2).map((value) => value ?? undefined),
        )
        assert.equal(
          cellsOf(batches, 'b'),
          column(3).map((value) => (value === null ? undefined : Number(value))),
        )
      },
    ),
    { numRuns: 100 },
  )
})

const SAMPLE = {
  ts: minutes(50),
  d: vectorFromArray(
    Array.from({ length: 50 }, (_, n) => (n % 5 ? n / 3 : null)),
    new Float64(),
  ),
  t: vectorFromArray(
    Array.from({ length: 50 }, (_, n) => 'é'.repeat(n % 7)),
    new Utf8(),
  ),
  k: vectorFromArray(
    Array.from({ length: 50 }, (_, n) => `side ${n % 3}`),
    new Dictionary(new Utf8(), new Int32()),
  ),
}

for (const form of bothForms) {
  test(`${form}: a frame that was cut anywhere is refused`, async () => {
    const bytes = ipc(SAMPLE, form)
    for (let length = 0; length < bytes.length; length += length < 64 || length > bytes.length - 64 ? 1 : 13) {
      const refusal = await refusalOf('arrow', bytes.subarray(0, length))
      assert.is(refusal.code, 'FRAME_MALFORMED', `${length} bytes: ${refusal.message}`)
    }
  })

  test(`${form}: whatever bytes are wrong, the frame is read or refused, soon and in little memory`, async () => {
    await assertHarmless('arrow', ipc(SAMPLE, form), 1500)
  })
}

test('a small file that claims 2^40 rows is refused before anything is allocated', async () => {
  const bytes = Buffer.from(
    ipc({ ts: vectorFromArray([BigInt(FIRST)], new Int64()), nothing: vectorFromArray([null], new Null()) }),
  )
  const one = Buffer.alloc(8)
  one.writeBigInt64LE(1n)
  let claims = 0
  for (let at = bytes.indexOf(one); at !== -1; at = bytes.indexOf(one, at + 8)) {
    const lying = Buffer.from(bytes)
    // The row counts of the batch and of both its columns, in any order they may stand.
    for (let place = lying.indexOf(one); place !== -1; place = lying.indexOf(one, place + 8))
      lying.writeBigInt64LE(2n ** 40n, place)
    const before = process.memoryUsage().arrayBuffers
    const startedAt = performance.now()
    const refusal = await refusalOf('arrow', lying)
    assert.is(refusal.code, 'FRAME_MALFORMED')
    assert.ok(performance.now() - startedAt < 100)
    assert.ok(process.memoryUsage().arrayBuffers - before < 1024 * 1024)
    claims++
  }
  assert.ok(claims > 0)
})

for (const file of ['lz4.arrow', 'zstd.arrow', 'lz4.arrows', 'zstd.arrows', 'views.arrows']) {
  test(`${file}, as another library writes it, is read to the last value`, async () => {
    const bytes = readFileSync(new URL(`../../../fixtures/frames/${file}`, import.meta.url))
    for (const batchRows of [10_000, 37]) assertFixtureFrame(await decodeBytes('arrow', bytes, { ...INFER, batchRows }))
  })

  test(`${file}: whatever bytes are wrong, the frame is read or refused, soon and in little memory`, async () => {
    const bytes = readFileSync(new URL(`../../../fixtures/frames/${file}`, import.meta.url))
    await assertHarmless('arrow', bytes, 400)
  })
}

test('a damaged Zstandard block over which a decoder might spin for ever is refused', async () => {
  const bytes = readFileSync(new URL('../../../fixtures/frames/zstd.arrow', import.meta.url))
  for (const by of [79, 207]) {
    const wrong = Uint8Array.from(bytes)
    wrong[8614] = (wrong[8614] as number) ^ by
    const refusal = await refusalOf('arrow', wrong)
    assert.is(refusal.code, 'FRAME_MALFORMED')
    assert.match(refusal.message, /compressed with Zstandard can not be decompressed/)
  }
})

test('what is no Arrow at all is refused in words', async () => {
  const refusal = await refusalOf('arrow', Buffer.from('timestamp,close\n1704067200,1.5\n'))
  assert.is(refusal.code, 'FRAME_MALFORMED')
  assert.match(refusal.message, /no Arrow message begins here/)
  assert.match((await refusalOf('arrow', Buffer.from('FEA1....'))).message, /Feather version 1/)
  assert.match((await refusalOf('arrow', new Uint8Array(0))).message, /ends without its end marker/)
  const twice = Buffer.concat([ipc(SAMPLE), ipc(SAMPLE)])
  assert.match((await refusalOf('arrow', twice)).message, /bytes follow the end of the stream/)
})

test('text that is no UTF-8, or longer than a megabyte, is refused with its row', async () => {
  const texts = vectorFromArray(['ab', 'cd'], new Utf8())
  const bytes = Buffer.from(ipc({ ts: minutes(2), t: texts }))
  bytes.writeUInt8(0xff, bytes.indexOf('abcd') + 3)
  const refusal = await refusalOf('arrow', bytes)
  assert.is(refusal.code, 'CELL_INVALID')
  assert.is(refusal.message, 'row 1, column "t": the text is not valid UTF-8')
  const long = ipc({ ts: minutes(2), t: vectorFromArray(['', 'x'.repeat(1024 * 1024 + 1)], new Utf8()) })
  assert.match((await refusalOf('arrow', long)).message, /^row 1, column "t": the text is longer than 1048576 bytes$/)
})

test.run()
