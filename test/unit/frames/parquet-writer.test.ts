/** Files that this library writes are read by its own reader and by another library. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { parquetReadObjects } from 'hyparquet'
import * as assert from 'uvu/assert'
import type { Column, ColumnBatch } from '../../../src/frames/batch.js'
import { ParquetWriter, type WrittenColumn } from '../../../src/frames/parquet-writer.js'
import { cellsOf, decodeBytes, timesOf } from '../../support/batches.js'
import { test } from '../../support/test.js'

const FIRST = 1_732_831_200_000_000n
const folder = mkdtempSync(join(tmpdir(), 'parquet-writer-'))
const names = { count: 0 }
test.after(() => rmSync(folder, { recursive: true }))

function batchOf(firstRow: number, rows: number, columns: Column[]): ColumnBatch {
  const timestamps = BigInt64Array.from({ length: rows }, (_, row) => FIRST + BigInt(firstRow + row))
  return { rows, firstRow, timestamps, columns }
}

async function written(columns: readonly WrittenColumn[], batches: readonly ColumnBatch[]): Promise<Uint8Array> {
  const path = join(folder, String(names.count++))
  const file = await open(path, 'wx')
  const writer = new ParquetWriter(file, 'timestamp', columns)
  for (const batch of batches) await writer.write(batch)
  await writer.finish()
  await file.close()
  const bytes = new Uint8Array(readFileSync(path))
  assert.is(writer.bytes, bytes.length)
  return bytes
}

/** As the other library reads it. */
function rowsOf(bytes: Uint8Array): Promise<Record<string, unknown>[]> {
  return parquetReadObjects({ file: bytes.buffer.slice(0, bytes.length) as ArrayBuffer })
}

const valid = (...flags: number[]) => Uint8Array.from(flags)
const MAX = 2n ** 63n - 1n

const EVERY_TYPE: Column[] = [
  { name: 'all there', type: 'double', values: Float64Array.of(1.5, -0, Number.MIN_VALUE, Number.MAX_VALUE) },
  { name: 'd', type: 'double', values: Float64Array.of(0.1, Number.NaN, 3, 4), valid: valid(1, 0, 1, 0) },
  { name: 'n', type: 'long', values: BigInt64Array.of(MAX, -MAX, 0n, 1n), valid: valid(1, 1, 0, 1) },
  { name: 'b', type: 'boolean', values: Uint8Array.of(1, 0, 1, 1), valid: valid(1, 1, 0, 1) },
  { name: 'größe', type: 'varchar', values: ['', 'ünï 📈', '', 'x'.repeat(70_000)], valid: valid(1, 1, 0, 1) },
  { name: 's', type: 'symbol', values: ['BTC', 'BTC', 'é', 'plain ASCII that is longer than short'] },
  { name: 'at', type: 'timestamp', values: BigInt64Array.of(FIRST, 0n, FIRST + 1n, 0n), valid: valid(1, 0, 1, 0) },
  { name: 'none', type: 'varchar', values: ['', '', '', ''], valid: valid(0, 0, 0, 0) },
]
const EXPECTED: Record<string, unknown[]> = {
  'all there': [1.5, -0, Number.MIN_VALUE, Number.MAX_VALUE],
  d: [0.1, undefined, 3, undefined],
  n: [MAX, -MAX, undefined, 1n],
  b: [1, 0, undefined, 1],
  größe: ['', 'ünï 📈', undefined, 'x'.repeat(70_000)],
  s: ['BTC', 'BTC', 'é', 'plain ASCII that is longer than short'],
  at: [FIRST, undefined, FIRST + 1n, undefined],
}
const SCHEMA = EVERY_TYPE.map(({ name, type }) => ({ name, type }))

test('every type of value comes back to the last bit, and missing cells stay missing', async () => {
  const bytes = await written(SCHEMA, [batchOf(0, 4, EVERY_TYPE)])
  const batches = await decodeBytes('parquet', bytes)
  assert.equal(
    timesOf(batches),
    [0, 1, 2, 3].map((row) => Number(FIRST) + row),
  )
  for (const [name, cells] of Object.entries(EXPECTED)) assert.equal(cellsOf(batches, name), cells, name)
  assert.ok(Object.is(cellsOf(batches, 'all there')[1], -0))
  assert.equal(
    cellsOf(batches, 'none').filter((cell) => cell !== undefined),
    [],
  )
})

test('another library reads the same values, and times as times', async () => {
  const rows = await rowsOf(await written(SCHEMA, [batchOf(0, 4, EVERY_TYPE)]))
  assert.is(rows.length, 4)
  assert.equal(rows[0]?.timestamp, new Date(Number(FIRST / 1000n)))
  for (const [name, cells] of Object.entries(EXPECTED)) {
    if (name === 'at') continue
    const found = rows.map((row) => row[name] ?? undefined)
    assert.equal(name === 'b' ? found.map((cell) => (cell === undefined ? cell : Number(cell))) : found, cells, name)
  }
})

test('the lowest whole number and NaN are written as they are', async () => {
  const bytes = await written(
    [
      { name: 'n', type: 'long' },
      { name: 'd', type: 'double' },
    ],
    [
      batchOf(0, 1, [
        { name: 'n', type: 'long', values: BigInt64Array.of(-MAX - 1n) },
        { name: 'd', type: 'double', values: Float64Array.of(Number.NaN) },
      ]),
    ],
  )
  const [row] = await rowsOf(bytes)
  assert.equal([row?.n, row?.d], [-MAX - 1n, Number.NaN])
})

test('a file without rows, and one with a single row, are whole files', async () => {
  const schema: WrittenColumn[] = [{ name: 'close', type: 'double' }]
  assert.equal(await rowsOf(await written(schema, [])), [])
  assert.equal(await rowsOf(await written(schema, [batchOf(0, 0, [])])), [])
  const one = batchOf(0, 1, [{ name: 'close', type: 'double', values: Float64Array.of(7) }])
  assert.equal(cellsOf(await decodeBytes('parquet', await written(schema, [one])), 'close'), [7])
})

test('batches follow one another; one that lacks a column has no values there, whatever the case of its names', async () => {
  const schema: WrittenColumn[] = [
    { name: 'a', type: 'double' },
    { name: 'b', type: 'long' },
  ]
  const bytes = await written(schema, [
    batchOf(0, 2, [{ name: 'A', type: 'double', values: Float64Array.of(1, 2) }]),
    batchOf(2, 1, [
      { name: 'b', type: 'long', values: BigInt64Array.of(3n) },
      { name: 'a', type: 'double', values: Float64Array.of(4) },
    ]),
  ])
  const batches = await decodeBytes('parquet', bytes)
  assert.equal(cellsOf(batches, 'a'), [1, 2, 4])
  assert.equal(
    (await rowsOf(bytes)).map(({ b }) => b ?? null),
    [null, null, 3n],
  )
})

test('a batch whose column has another type than the file is refused', async () => {
  const batch = batchOf(0, 1, [{ name: 'a', type: 'long', values: BigInt64Array.of(1n) }])
  const error = await written([{ name: 'a', type: 'double' }], [batch]).catch((reason: unknown) => reason)
  assert.match(String(error), /column a was double and is long now/)
})

test('a thousand columns are written in more than one go', async () => {
  const columns = Array.from({ length: 1000 }, (_, i): Column => {
    return { name: `c${i}`, type: 'double', values: Float64Array.of(i, i + 0.5) }
  })
  const batches = await decodeBytes('parquet', await written(columns, [batchOf(0, 2, columns)]))
  for (const i of [0, 499, 999]) assert.equal(cellsOf(batches, `c${i}`), [i, i + 0.5])
})

test('any presence and any text come back', async () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 40 })
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(text, { nil: undefined }), { minLength: 1, maxLength: 300 }), async (cells) => {
      const values = cells.map((cell) => cell ?? '')
      const column: Column = {
        name: 't',
        type: 'varchar',
        values,
        valid: valid(...cells.map((c) => (c === undefined ? 0 : 1))),
      }
      const bytes = await written([{ name: 't', type: 'varchar' }], [batchOf(0, cells.length, [column])])
      assert.equal(
        (await rowsOf(bytes)).map((row) => row.t ?? undefined),
        cells,
      )
    }),
    { numRuns: 50 },
  )
})

test.run()
