import { SenderBufferV2, SenderOptions } from '@questdb/nodejs-client'
import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { DomainError } from '../../../src/errors.js'
import type { Column, ColumnBatch } from '../../../src/frames/batch.js'
import { encodeBatch, encodeInPieces } from '../../../src/questdb/ilp.js'
import { isWritable, putText, QUOTED, UNQUOTED } from '../../../src/questdb/ilp-cells.js'
import { test } from '../../support/test.js'

const MINUTE = 60_000_000n

function batch(columns: Column[], rows: number, firstRow = 0): ColumnBatch {
  const timestamps = BigInt64Array.from({ length: rows }, (_, i) => 1_600_000_000_000_000n + BigInt(i) * MINUTE)
  return { rows, firstRow, timestamps, columns }
}

function text(bytes: Buffer): string {
  return bytes.toString('latin1')
}

test('one row of each kind is the line that the protocol asks for', () => {
  const line = encodeBatch(
    'my table',
    batch(
      [
        { name: 'n', type: 'long', values: BigInt64Array.of(-42n) },
        { name: 'up', type: 'boolean', values: Uint8Array.of(1) },
        { name: 'note', type: 'varchar', values: ['say "hi"\\\n, a=b'] },
        { name: 'pair', type: 'symbol', values: ['BTC USDT,=\\'] },
        { name: 'at', type: 'timestamp', values: BigInt64Array.of(-1n) },
      ],
      1,
    ),
  )
  assert.is(
    text(line),
    'my\\ table,pair=BTC\\ USDT\\,\\=\\\\ n=-42i,up=t,note="say \\"hi\\"\\\\\\\n, a=b",at=-1t 1600000000000000t\n',
  )
})

test('a double travels as its eight bytes', () => {
  const line = encodeBatch('t', batch([{ name: 'close', type: 'double', values: Float64Array.of(0.1) }], 1))
  const expected = Buffer.concat([Buffer.from('t close==\x10'), Buffer.alloc(8), Buffer.from(' 1600000000000000t\n')])
  expected.writeDoubleLE(0.1, 10)
  assert.equal(line, expected)
})

test('a missing cell is left out of its line, and the first cell that is there begins the fields', () => {
  const lines = encodeBatch(
    't',
    batch(
      [
        { name: 'a', type: 'long', values: BigInt64Array.of(1n, 0n, 3n), valid: Uint8Array.of(1, 0, 1) },
        { name: 's', type: 'symbol', values: ['x', 'y', ''], valid: Uint8Array.of(0, 1, 0) },
        { name: 'b', type: 'long', values: BigInt64Array.of(4n, 5n, 0n), valid: Uint8Array.of(1, 1, 0) },
      ],
      3,
    ),
  )
  assert.is(text(lines), 't a=1i,b=4i 1600000000000000t\nt,s=y b=5i 1600000060000000t\nt a=3i 1600000120000000t\n')
})

test('a row in which everything is missing keeps its place in time', () => {
  const nothing = batch(
    [{ name: 'a', type: 'double', values: Float64Array.of(Number.NaN), valid: Uint8Array.of(0) }],
    1,
  )
  assert.is(text(encodeBatch('t', nothing)), 't timestamp=1600000000000000t 1600000000000000t\n')
  assert.is(
    text(encodeBatch('t', nothing, { designated: 'ts event' })),
    't ts\\ event=1600000000000000t 1600000000000000t\n',
  )
})

test('integers keep all their digits up to both ends of 64 bits', () => {
  const values = [
    0n,
    9n,
    10n,
    9_999n,
    10_000n,
    99_999_999n,
    100_000_000n,
    10_000_000_000_000_001n,
    2n ** 53n,
    2n ** 53n + 1n,
  ]
  const all = [...values, 2n ** 63n - 1n, -(2n ** 63n) + 1n, -(2n ** 53n) - 1n, -7n]
  const lines = text(
    encodeBatch('t', batch([{ name: 'n', type: 'long', values: BigInt64Array.from(all) }], all.length)),
  )
  assert.equal(
    [...lines.matchAll(/n=(-?\d+)i/g)].map(([, digits]) => BigInt(digits!)),
    all,
  )
})

test('arrays that are views of a larger buffer are read at their place', () => {
  const timestamps = BigInt64Array.of(1n, 2n, 3n).subarray(1)
  const values = BigInt64Array.of(7n, 8n, 9n).subarray(1)
  const columns: Column[] = [{ name: 'n', type: 'long', values }]
  assert.is(text(encodeBatch('t', { rows: 2, firstRow: 0, timestamps, columns })), 't n=8i 2t\nt n=9i 3t\n')
})

test('text that cannot be stored is refused with its row in the frame and its column', () => {
  for (const broken of ['nul \0', 'half \ud83d', '\ud83dx', '\udc00 other half']) {
    for (const type of ['varchar', 'symbol'] as const) {
      try {
        encodeBatch('t', batch([{ name: 'note', type, values: ['fine 😀', broken] }], 2, 1_000))
        assert.unreachable(`${JSON.stringify(broken)} was encoded`)
      } catch (error) {
        assert.instance(error, DomainError)
        assert.is((error as DomainError).code, 'CELL_INVALID')
        assert.equal((error as DomainError).details, { row: 1_001, column: 'note' })
      }
    }
  }
})

test('a large batch leaves in pieces of whole lines that together are the batch', () => {
  const values = Float64Array.from({ length: 1_000 }, (_, i) => i / 7)
  const notes = Array.from({ length: 1_000 }, (_, i) => 'n'.repeat(i % 50))
  const frame = batch(
    [
      { name: 'a', type: 'double', values },
      { name: 'note', type: 'varchar', values: notes },
    ],
    1_000,
    500,
  )
  const pieces = [...encodeInPieces('t', frame, { targetBytes: 10_000 })]
  assert.ok(pieces.length > 5 && pieces.length < 30, `${pieces.length} pieces`)
  assert.equal(Buffer.concat(pieces.map(({ bytes }) => bytes)), encodeBatch('t', frame))
  let next = 500
  for (const { bytes, firstRow, rows } of pieces) {
    assert.is(firstRow, next)
    assert.is(bytes.at(-1), 0x0a)
    assert.ok(bytes.length <= 12_000)
    next += rows
  }
  assert.is(next, 1_500)
  assert.equal([...encodeInPieces('t', batch([], 0))], [])
})

// Characters that mean something to the protocol, and some of each length in UTF-8.
const anyText = fc.string({ unit: fc.constantFrom(...' ,="\\\n\r\tabZ09_;[]#é€收😀'), maxLength: 12 })
const columnName = fc.string({ unit: fc.constantFrom(...' =[];#_abZ09é收😀'), minLength: 1, maxLength: 8 })
const number = fc.oneof(
  fc.double({ noDefaultInfinity: true }),
  fc.constantFrom(0, -0, 5e-324, 1.7976931348623157e308, Number.NaN),
)
const safe = fc.maxSafeInteger().map(BigInt)

function cells(type: Column['type'], rows: number): fc.Arbitrary<Column> {
  const exactly = { minLength: rows, maxLength: rows }
  const named = <V>(values: fc.Arbitrary<V>) =>
    fc
      .record({ name: columnName, values, valid: fc.option(fc.uint8Array({ ...exactly, max: 1 }), { nil: undefined }) })
      .map(({ name, values, valid }) => ({ name, type, values, ...(valid && { valid }) }) as unknown as Column)
  if (type === 'double') return named(fc.array(number, exactly).map((all) => Float64Array.from(all)))
  if (type === 'boolean') return named(fc.uint8Array({ ...exactly, max: 1 }))
  if (type === 'varchar' || type === 'symbol') return named(fc.array(anyText, exactly))
  return named(fc.array(safe, exactly).map((all) => BigInt64Array.from(all)))
}

const anyBatch: fc.Arbitrary<ColumnBatch> = fc.integer({ min: 1, max: 6 }).chain((rows) =>
  fc.record({
    rows: fc.constant(rows),
    firstRow: fc.nat(1_000),
    timestamps: fc
      .array(fc.bigInt({ min: 0n, max: 9_214_646_400_000_000n }), { minLength: rows, maxLength: rows })
      .map((all) => BigInt64Array.from(all)),
    columns: fc
      .array(fc.constantFrom<Column['type']>('double', 'long', 'boolean', 'varchar', 'symbol', 'timestamp'), {
        maxLength: 7,
      })
      .chain((types) => fc.tuple(...types.map((type) => cells(type, rows)))),
  }),
)

function byOfficialClient(table: string, { rows, timestamps, columns }: ColumnBatch): Buffer {
  const buffer = new SenderBufferV2(new SenderOptions('http::addr=localhost:9000;protocol_version=2;auto_flush=off;'))
  for (let row = 0; row < rows; row++) {
    buffer.table(table)
    const present = columns.filter(({ valid }) => valid === undefined || valid[row] === 1)
    for (const column of present) if (column.type === 'symbol') buffer.symbol(column.name, column.values[row]!)
    for (const { name, type, values } of present) {
      if (type === 'double') buffer.floatColumn(name, values[row]!)
      if (type === 'long') buffer.intColumn(name, Number(values[row]!))
      if (type === 'boolean') buffer.booleanColumn(name, values[row] === 1)
      if (type === 'varchar') buffer.stringColumn(name, values[row]!)
      if (type === 'timestamp') buffer.timestampColumn(name, values[row]!, 'us')
    }
    if (present.length === 0) buffer.timestampColumn('timestamp', timestamps[row]!, 'us')
    buffer.at(timestamps[row]!, 'us')
  }
  return buffer.toBufferNew() ?? Buffer.alloc(0)
}

test('the bytes are those of the official client, whatever the names and values', () => {
  const table = fc
    .string({ unit: fc.constantFrom(...' =[];#_abZ-é收😀'), minLength: 1, maxLength: 8 })
    .filter((name) => name.trim() === name)
  fc.assert(
    fc.property(table, anyBatch, (name, rows) => {
      const expected = byOfficialClient(name, rows)
      assert.ok(encodeBatch(name, rows).equals(expected))
    }),
    { numRuns: 1_000 },
  )
})

test('text is writable exactly when it can be put', () => {
  const bytes = new Uint8Array(1024)
  const unit = fc.constantFrom('\0', 'a', '"', 'ü', '東', '🚀', '\ud83d', '\ude80', '\udfff', '\ud800')
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 8 }), fc.constantFrom(QUOTED, UNQUOTED), (units, rules) => {
      const made = units.join('')
      assert.is(isWritable(made), putText(bytes, 0, made, rules) >= 0, JSON.stringify(made))
    }),
    { numRuns: 2_000 },
  )
})

test.run()
