/** The writer of Arrow streams against Arrow's own reader and ours; bits that pass packed from Parquet to Arrow. */

import { tableFromIPC } from 'apache-arrow'
import * as fc from 'fast-check'
import * as assert from 'uvu/assert'
import { NumberCells, TextCells } from '../../../src/frames/arrow-cells.js'
import { type ArrowColumnType, batchMessage, END_OF_STREAM, schemaMessage } from '../../../src/frames/arrow-writer.js'
import { BitWriter, copyBitRuns } from '../../../src/frames/bit-writer.js'
import { test } from '../../support/test.js'

const COLUMNS: ArrowColumnType[] = [
  { name: 'ä "name" 收', type: { kind: 'int', bits: 64 }, nullable: true },
  { name: 'i8', type: { kind: 'int', bits: 8 }, nullable: false },
  { name: 'f', type: { kind: 'float', bits: 32 }, nullable: true },
  { name: 'd', type: { kind: 'float', bits: 64 }, nullable: true },
  { name: 'b', type: { kind: 'bool' }, nullable: false },
  { name: 't', type: { kind: 'timestamp', unit: 'us' }, nullable: false },
  { name: 's', type: { kind: 'utf8' }, nullable: true },
]

const bytesOf = (array: ArrayBufferView) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength)

test("Arrow's own reader finds the schema, and in each batch the values and the missing cells", () => {
  const none = new Uint8Array(0)
  const batch = batchMessage(3, [
    { nulls: 1, buffers: [Uint8Array.of(0b101), bytesOf(BigInt64Array.of(2n ** 63n - 1n, 0n, -(2n ** 63n)))] },
    { nulls: 0, buffers: [none, bytesOf(Int8Array.of(-128, 0, 127))] },
    { nulls: 0, buffers: [none, bytesOf(Float32Array.of(1.5, -0.25, 3))] },
    { nulls: 0, buffers: [none, bytesOf(Float64Array.of(5e-324, -0, Infinity))] },
    { nulls: 0, buffers: [none, Uint8Array.of(0b110)] },
    { nulls: 0, buffers: [none, bytesOf(BigInt64Array.of(1_732_831_200_123_456n, 0n, -1n))] },
    { nulls: 1, buffers: [Uint8Array.of(0b011), bytesOf(Int32Array.of(0, 3, 3, 3)), Buffer.from('a收'.slice(1))] },
  ])
  const table = tableFromIPC([Buffer.concat([schemaMessage(COLUMNS), batch, batch, END_OF_STREAM])])
  assert.equal(
    table.schema.fields.map(({ name, type, nullable }) => `${name} ${type} ${nullable}`),
    [
      'ä "name" 收 Int64 true',
      'i8 Int8 false',
      'f Float32 true',
      'd Float64 true',
      'b Bool false',
      't Timestamp<MICROSECOND, UTC> false',
      's Utf8 true',
    ],
  )
  assert.is(table.numRows, 6)
  const column = (index: number) => [...(table.getChildAt(index) as Iterable<unknown>)].slice(3)
  assert.equal(column(0), [2n ** 63n - 1n, null, -(2n ** 63n)])
  assert.equal(column(1), [-128, 0, 127])
  assert.equal(column(2), [1.5, -0.25, 3])
  assert.ok(Object.is(column(3)[1], -0))
  assert.equal(column(3), [5e-324, -0, Infinity])
  assert.equal(column(4), [false, true, true])
  assert.equal(column(6), ['收', '', null])
})

test('a stream without batches is an empty table with its columns, however many', () => {
  const many = Array.from(
    { length: 3000 },
    (_, i): ArrowColumnType => ({ ...(COLUMNS[3] as ArrowColumnType), name: `c${i}` }),
  )
  const table = tableFromIPC([Buffer.concat([schemaMessage(many), END_OF_STREAM])])
  assert.equal([table.numRows, table.numCols, table.schema.fields[2999]?.name], [0, 3000, 'c2999'])
})

/** Bits as Parquet may write them: runs of equal bits and packed groups of eight, in any order. */
const runs = fc.array(
  fc.oneof(
    fc.record({ bit: fc.constantFrom(0, 1), length: fc.integer({ min: 1, max: 300 }) }),
    fc.record({ packed: fc.uint8Array({ minLength: 1, maxLength: 40 }) }),
  ),
  { minLength: 1, maxLength: 12 },
)

function written(parts: readonly ({ bit: number; length: number } | { packed: Uint8Array })[]) {
  const bits: number[] = []
  const bytes: number[] = []
  const varint = (value: number) => {
    for (let rest = value; ; rest >>= 7) {
      bytes.push(rest > 127 ? (rest & 127) | 128 : rest)
      if (rest <= 127) return
    }
  }
  for (const part of parts) {
    if ('packed' in part) {
      varint(part.packed.length * 2 + 1)
      bytes.push(...part.packed)
      for (const byte of part.packed) for (let bit = 0; bit < 8; bit++) bits.push((byte >> bit) & 1)
    } else {
      varint(part.length * 2)
      bytes.push(part.bit)
      for (let i = 0; i < part.length; i++) bits.push(part.bit)
    }
  }
  return { bits, bytes: Uint8Array.from(bytes) }
}

test('bits in runs and groups, page after page at any place, arrive as they were', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(runs, fc.nat(7)), { minLength: 1, maxLength: 4 }), (pages) => {
      const parts = pages.map(([page, cut]) => ({ ...written(page), cut }))
      const kept = parts.map(({ bits, cut }) => bits.slice(0, Math.max(1, bits.length - cut)))
      const expected = kept.flat()
      const writer = new BitWriter(expected.length)
      parts.forEach(({ bytes }, i) => {
        copyBitRuns(bytes, (kept[i] as number[]).length, writer)
      })
      assert.equal(
        expected.map((_, i) => Number(writer.has(i))),
        expected,
      )
      assert.is(writer.ones, expected.filter((bit) => bit === 1).length)
    }),
  )
  assert.throws(() => copyBitRuns(Uint8Array.of(4, 1), 3, new BitWriter(3)), /damaged/)
  assert.throws(() => copyBitRuns(Uint8Array.of(5, 1), 16, new BitWriter(16)), /damaged/)
})

test('values go to the rows that have one, whatever their width, and missing ones are zero', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })), { minLength: 1 }), {
        minLength: 1,
        maxLength: 3,
      }),
      (pages) => {
        for (const width of [4, 8]) {
          const rows = pages.flat()
          const cells = new NumberCells(rows.length, width, width, 'x')
          for (const page of pages) {
            const present = page.filter((value) => value !== null)
            const values =
              width === 8
                ? BigInt64Array.from(present)
                : Int32Array.from(present, (value) => Number(BigInt.asIntN(32, value)))
            const levels = Uint8Array.from(page.flatMap((value) => [2, value === null ? 0 : 1]))
            cells.page({ rows: page.length, levels, values: bytesOf(values), encoding: 'PLAIN' })
          }
          const { nulls, buffers } = cells.cells()
          assert.is(nulls, rows.filter((value) => value === null).length)
          const bytes = (buffers[1] as Uint8Array).slice().buffer
          const found = width === 8 ? [...new BigInt64Array(bytes)] : [...new Int32Array(bytes)].map(BigInt)
          assert.equal(
            found,
            rows.map((value) => (value === null ? 0n : BigInt.asIntN(width * 8, value))),
          )
        }
      },
    ),
  )
})

test('a column whose text has several dictionaries takes each for the pages behind it', () => {
  const dictionary = (...texts: string[]) =>
    Buffer.concat(
      texts.map((text) =>
        Buffer.concat([Buffer.from(Uint32Array.of(Buffer.byteLength(text)).buffer), Buffer.from(text)]),
      ),
    )
  const cells = new TextCells(4, 'x')
  cells.dictionary(dictionary('a', 'é'), 2)
  cells.page({ rows: 2, levels: undefined, values: Uint8Array.of(1, 3, 0b01), encoding: 'RLE_DICTIONARY' })
  cells.dictionary(dictionary('long '.repeat(20)), 1)
  cells.page({ rows: 2, levels: Uint8Array.of(2, 0, 2, 1), values: Uint8Array.of(1, 2, 0), encoding: 'RLE_DICTIONARY' })
  const { nulls, buffers } = cells.cells()
  assert.is(nulls, 1)
  assert.equal([...new Int32Array((buffers[1] as Uint8Array).slice().buffer)], [0, 2, 3, 3, 103])
  assert.is(Buffer.from(buffers[2] as Uint8Array).toString(), `éa${'long '.repeat(20)}`)
  assert.throws(
    () => cells.page({ rows: 1, levels: undefined, values: Uint8Array.of(1, 2, 1), encoding: 'RLE_DICTIONARY' }),
    /fewer bytes/,
  )
})

test.run()
