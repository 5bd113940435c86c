import fc from 'fast-check'
import * as assert from 'uvu/assert'
import type { ColumnType } from '../../../src/frames/batch.js'
import { newBuilder } from '../../../src/frames/builders.js'
import { test } from '../../support/test.js'

const present = fc.array(fc.boolean(), { minLength: 1, maxLength: 1200, size: 'max' })

/** Sets the rows that have values, reads the finished column back; undefined is a missing cell. */
function build(
  type: ColumnType,
  has: readonly boolean[],
): { values: unknown[]; valid: Uint8Array | undefined; missing: unknown[] } {
  const builder = newBuilder(type)
  for (const [row, some] of has.entries()) {
    if (!some) continue
    if (builder.type === 'double') builder.set(row, row + 0.5)
    else if (builder.type === 'long') builder.set(row, BigInt(-row))
    else if (builder.type === 'timestamp') builder.set(row, 1704067200e6 + row)
    else if (builder.type === 'boolean') builder.set(row, row % 3 === 0)
    else builder.set(row, `row ${row}`)
  }
  const column = builder.finish('x', has.length)
  assert.is(column.type, type)
  assert.is(column.values.length, has.length)
  const all = Array.from<unknown>(column.values)
  return { values: all.filter((_, row) => has[row]), valid: column.valid, missing: all.filter((_, row) => !has[row]) }
}

const VALUE: Record<ColumnType, (row: number) => unknown> = {
  double: (row) => row + 0.5,
  long: (row) => BigInt(-row),
  timestamp: (row) => BigInt(1704067200e6 + row),
  boolean: (row) => (row % 3 === 0 ? 1 : 0),
  varchar: (row) => `row ${row}`,
  symbol: (row) => `row ${row}`,
}

test('whichever rows have values, a column of any type has them, and says which', () => {
  for (const type of Object.keys(VALUE) as ColumnType[]) {
    fc.assert(
      fc.property(present, (has) => {
        const { values, valid, missing } = build(type, has)
        assert.equal(
          values,
          has.flatMap((some, row) => (some ? [VALUE[type](row)] : [])),
        )
        if (has.every(Boolean)) assert.is(valid, undefined)
        else assert.equal([...(valid ?? [])], has.map(Number))
        if (type === 'double') assert.ok(missing.every(Number.isNaN))
        if (type === 'varchar') assert.ok(missing.every((text) => text === ''))
      }),
      { numRuns: 60 },
    )
  }
})

test('rows that are missing at the end, or everywhere, are part of the column', () => {
  for (const type of Object.keys(VALUE) as ColumnType[]) {
    for (const filled of [0, 1, 300]) {
      const { values, valid } = build(
        type,
        Array.from({ length: 700 }, (_, row) => row < filled),
      )
      assert.is(values.length, filled)
      assert.is(valid?.length, 700)
      assert.is(valid?.indexOf(0), filled)
    }
  }
})

test.run()
