import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer'
import * as assert from 'uvu/assert'
import { cellsOf, decodeBytes, INFER, refusalOf, timesOf, typesOf } from '../../support/batches.js'
import { assertFixtureFrame, assertHarmless } from '../../support/fixture-frames.js'
import { test } from '../../support/test.js'

const FIRST = Date.UTC(2024, 0, 1)
const timestamps = (rows: number): ColumnSource => ({
  name: 'timestamp',
  data: Array.from({ length: rows }, (_, row) => BigInt(FIRST + row * 60_000)),
  type: 'INT64',
  nullable: false,
})
const parquet = (columnData: ColumnSource[], options: object = {}) =>
  new Uint8Array(parquetWriteBuffer({ columnData, ...options }))
const fixture = (file: string) => readFileSync(new URL(`../../../fixtures/frames/${file}`, import.meta.url))

const FILES = ['snappy', 'gzip', 'zstd', 'lz4', 'brotli', 'none', 'v2', 'pages'].map((name) => `${name}.parquet`)

for (const file of FILES) {
  test(`${file}, as another library writes it, is read to the last value`, async () => {
    for (const batchRows of [10_000, 37]) {
      const batches = await decodeBytes('parquet', fixture(file), { ...INFER, batchRows })
      assertFixtureFrame(batches)
      assert.equal(typesOf(batches), {
        ...{
          close: 'double',
          n: 'long',
          up: 'boolean',
          note: 'varchar',
          side: 'varchar',
          at: 'timestamp',
          day: 'timestamp',
        },
      })
    }
  })

  test(`${file}: whatever bytes are wrong, the frame is read or refused, soon and in little memory`, async () => {
    await assertHarmless('parquet', fixture(file), 300)
  })
}

test('every type of number comes to its last bit', async () => {
  const bytes = parquet([
    timestamps(3),
    { name: 'f64', data: [Number.MAX_VALUE, Number.MIN_VALUE, -0], type: 'DOUBLE' },
    { name: 'f32', data: [1.5, -2.25, 0], type: 'FLOAT' },
    { name: 'i64', data: [2n ** 63n - 1n, -(2n ** 63n) + 1n, 0n], type: 'INT64' },
    { name: 'i32', data: [2 ** 31 - 1, -(2 ** 31), 0], type: 'INT32' },
    { name: 'text', data: ['', 'Zürich 東京 🚀', 'a,"b"\n'], type: 'STRING' },
  ])
  const batches = await decodeBytes('parquet', bytes)
  assert.equal(
    timesOf(batches),
    [0, 1, 2].map((row) => (FIRST + row * 60_000) * 1000),
  )
  assert.equal(cellsOf(batches, 'f64'), [Number.MAX_VALUE, Number.MIN_VALUE, -0])
  assert.equal(cellsOf(batches, 'f32'), [1.5, -2.25, 0])
  assert.equal(cellsOf(batches, 'i64'), [2n ** 63n - 1n, -(2n ** 63n) + 1n, 0n])
  assert.equal(cellsOf(batches, 'i32'), [2n ** 31n - 1n, -(2n ** 31n), 0n])
  assert.equal(cellsOf(batches, 'text'), ['', 'Zürich 東京 🚀', 'a,"b"\n'])
})

test('random tables come out as they went in, whatever the pages and row groups', async () => {
  const row = fc.tuple(
    fc.option(fc.double({ noDefaultInfinity: true, noNaN: true }), { nil: null }),
    fc.option(fc.bigInt({ min: -(2n ** 63n) + 1n, max: 2n ** 63n - 1n }), { nil: null }),
    fc.option(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('long', 'short')), { nil: null }),
    fc.option(fc.boolean(), { nil: null }),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 1, maxLength: 120 }),
      fc.integer({ min: 1, max: 150 }),
      fc.integer({ min: 20, max: 400 }),
      fc.integer({ min: 1, max: 50 }),
      fc.constantFrom('SNAPPY', 'UNCOMPRESSED'),
      async (rows, rowGroupSize, pageSize, batchRows, codec) => {
        const column = <K extends 0 | 1 | 2 | 3>(index: K) => rows.map((cells) => cells[index])
        const bytes = parquet(
          [
            timestamps(rows.length),
            { name: 'd', data: column(0), type: 'DOUBLE', nullable: true },
            { name: 'i', data: column(1), type: 'INT64', nullable: true },
            { name: 't', data: column(2), type: 'STRING', nullable: true },
            { name: 'b', data: column(3), type: 'BOOLEAN', nullable: true },
          ],
          { rowGroupSize, pageSize, codec },
        )
        const batches = await decodeBytes('parquet', bytes, { ...INFER, batchRows })
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
          cellsOf(batches, 'b'),
          column(3).map((value) => (value === null ? undefined : Number(value))),
        )
        assert.equal(
          timesOf(batches),
          rows.map((_, index) => (FIRST + index * 60_000) * 1000),
        )
        let next = 0
        for (const batch of batches) {
          assert.is(batch.firstRow, next)
          next += batch.rows
        }
      },
    ),
    { numRuns: 100 },
  )
})

test('a file that was cut anywhere is refused', async () => {
  const bytes = fixture('snappy.parquet')
  for (let length = 0; length < bytes.length; length += length < 64 || length > bytes.length - 64 ? 1 : 997) {
    const refusal = await refusalOf('parquet', bytes.subarray(0, length))
    assert.is(refusal.code, 'FRAME_MALFORMED')
    assert.match(refusal.message, /it was cut, or is none/)
  }
})

test('types without a place in a table are refused by column and type', async () => {
  const cases: [string, ColumnSource][] = [
    ['binary', { name: 'odd', data: [new Uint8Array([1])], type: 'BYTE_ARRAY' }],
    ['uuid', { name: 'odd', data: ['00000000-0000-0000-0000-000000000001'], type: 'UUID' }],
  ]
  for (const [type, column] of cases) {
    const refusal = await refusalOf('parquet', parquet([timestamps(1), column]))
    assert.is(refusal.code, 'FRAME_MALFORMED')
    assert.equal(refusal.details, { column: 'odd', type })
  }
  for (const [type, file] of [
    ['decimal', 'decimal.parquet'],
    ['group (nested)', 'nested.parquet'],
    ['time', 'time.parquet'],
  ] as const) {
    const refusal = await refusalOf('parquet', fixture(file))
    assert.equal(refusal.details, { column: 'odd', type })
  }
})

test('whole numbers without a sign: up to 2^63 - 1 they are stored, above refused with row and column', async () => {
  const refusal = await refusalOf('parquet', fixture('unsigned.parquet'))
  assert.is(refusal.code, 'CELL_INVALID')
  assert.equal(refusal.details, {
    ...{ row: 2, column: 'wide', value: '18446744073709551615', expected: 'a whole number up to 2^63 - 1' },
  })
})

test('times as Spark writes them, microseconds and no value at all', async () => {
  const batches = await decodeBytes('parquet', fixture('int96.parquet'))
  assert.equal(timesOf(batches), [FIRST * 1000 + 1, FIRST * 1000 + 2])
  assert.equal(typesOf(batches), { u32: 'long', x: 'double' })
  assert.equal(cellsOf(batches, 'u32'), [2n ** 32n - 1n, 1n])
  assert.equal(cellsOf(batches, 'x'), [undefined, undefined])
})

test('a footer that claims 2^40 rows is refused before anything is allocated', async () => {
  const bytes = Buffer.from(parquet([timestamps(1)], { codec: 'UNCOMPRESSED' }))
  const startedAt = performance.now()
  const before = process.memoryUsage().arrayBuffers
  // A zigzag varint of 1 is one byte, 2: whichever of them counts rows, one that says more is no longer believed.
  for (let at = bytes.length - 9 - bytes.readUInt32LE(bytes.length - 8); at < bytes.length - 8; at++) {
    if (bytes[at] !== 2) continue
    const more = Buffer.concat([
      bytes.subarray(0, at),
      Buffer.from([0x80, 0x80, 0x80, 0x80, 0x80, 0x40]),
      bytes.subarray(at + 1),
    ])
    more.writeUInt32LE(bytes.readUInt32LE(bytes.length - 8) + 5, more.length - 8)
    try {
      assert.is(
        (await decodeBytes('parquet', more)).reduce((rows, batch) => rows + batch.rows, 0),
        1,
      )
    } catch (error) {
      assert.is((error as { code?: string }).code, 'FRAME_MALFORMED', String(error))
    }
  }
  assert.ok(performance.now() - startedAt < 2000)
  assert.ok(process.memoryUsage().arrayBuffers - before < 4 * 1024 * 1024)
})

test.run()
