import fc from 'fast-check'
import * as assert from 'uvu/assert'
import type { ColumnType } from '../../../src/frames/batch.js'
import { decodeCsv } from '../../../src/frames/csv.js'
import { CsvColumn } from '../../../src/frames/csv-column.js'
import { emptyTexts } from '../../../src/frames/csv-quotes.js'
import { ColumnWidened } from '../../../src/frames/decode.js'
import { test } from '../../support/test.js'

interface Outcome {
  readonly type: ColumnType | undefined
  readonly values: unknown[]
  readonly refusal: string | undefined
}

/** Feeds one column's cells, '' being a missing one, and stops at the first refusal. */
function readColumn(given: readonly string[], declared?: ColumnType): Outcome {
  const column = new CsvColumn('x', declared)
  let refusal: string | undefined
  for (const [row, cell] of given.entries()) {
    if (cell === '') continue
    const read = column.read(cell, row)
    if (typeof read === 'string') throw new Error(`read again as ${read}`)
    refusal = read?.sentence
    if (refusal !== undefined) break
  }
  const made = column.finish(given.length)
  const values = Array.from<unknown, unknown>(made?.values ?? [], (value, row) =>
    made?.valid === undefined || made.valid[row] === 1 ? value : undefined,
  )
  return { type: made?.type, values, refusal }
}

function accepted(given: readonly string[], type: ColumnType, values: unknown[], declared?: ColumnType): void {
  assert.equal(readColumn(given, declared), { type, values, refusal: undefined }, given.join(' | '))
}

test('the first cell that is not empty decides what a column holds', () => {
  accepted(['', '1', '2'], 'long', [undefined, 1n, 2n])
  accepted(['0', '-7', ''], 'long', [0n, -7n, undefined])
  accepted(['1.5', '2'], 'double', [1.5, 2])
  accepted(['-.5', '5.', '+3', '1e-3'], 'double', [-0.5, 5, 3, 0.001])
  accepted(['true', 'FALSE', 'True'], 'boolean', [1, 0, 1])
  accepted(['040000', '120000'], 'varchar', ['040000', '120000'])
  accepted(['abc', '1', '1,5'], 'varchar', ['abc', '1', '1,5'])
  accepted(['2024-04-01'], 'varchar', ['2024-04-01'])
  accepted(['', ''], undefined as never, [])
})

test('NaN is a number that is missing, an infinity is no number', () => {
  accepted(['NaN', '1', 'nan', '-nan(ind)'], 'double', [undefined, 1, undefined, undefined])
  accepted(['1', 'NaN', '2'], 'long', [1n, undefined, 2n])
  accepted(['NaN', '3.0'], 'long', [undefined, 3n], 'long')
  accepted(['abc', 'NaN'], 'varchar', ['abc', 'NaN'])
  const hint = 'expected a finite number (leave the cell empty when there is none), got'
  for (const cell of ['Infinity', '-inf', '1e400']) {
    assert.is(readColumn(['1.5', cell]).refusal, `${hint} "${cell}"`)
    assert.is(readColumn([cell]).refusal, `${hint} "${cell}"`)
    assert.is(readColumn([cell], 'double').refusal, `${hint} "${cell}"`)
  }
})

test('a missing double is NaN in the values too', () => {
  const column = new CsvColumn('x', 'double')
  column.read('1.5', 1)
  const made = column.finish(3)
  assert.equal([...(made?.values ?? [])], [Number.NaN, 1.5, Number.NaN])
  assert.equal([...(made?.valid ?? [])], [0, 1, 0])
})

test('whole numbers become doubles at the first decimal, losing nothing', () => {
  accepted(['1', '', '9007199254740992', '2.5'], 'double', [1, undefined, 9007199254740992, 2.5])
  accepted(['1', '1e2'], 'double', [1, 100])
  accepted(['5', '9223372036854775808'], 'double', [5, 2 ** 63])
  accepted(['5', '-0'], 'double', [5, -0])
})

test('a column that mixes decimals with integers beyond 2^53 is refused, whichever came first', () => {
  const why = 'the column mixes integers beyond 2^53 with decimals, and no number type holds both exactly'
  assert.is(readColumn(['9007199254740993', '2.5']).refusal, `expected all whole numbers or none, got "2.5": ${why}`)
  assert.is(
    readColumn(['2.5', '9007199254740993']).refusal,
    `expected all whole numbers or none, got "9007199254740993": ${why}`,
  )
  accepted(['9007199254740993', '1'], 'long', [9007199254740993n, 1n])
  accepted(['9007199254740993', '2.5'], 'double', [9007199254740992, 2.5], 'double')
})

test('numbers that turn out to be codes with leading zeros become text as it stood', () => {
  accepted(['120000', '', '000000', '040000'], 'varchar', ['120000', undefined, '000000', '040000'])
  accepted(['-12', '007'], 'varchar', ['-12', '007'])
})

test('text among numbers or booleans is refused', () => {
  assert.is(readColumn(['1', 'abc']).refusal, 'expected a number, got "abc"')
  assert.is(readColumn(['1.5', 'abc']).refusal, 'expected a number, got "abc"')
  assert.is(readColumn(['1.5', 'true']).refusal, 'expected a number, got "true"')
  assert.is(readColumn(['1', ' 2']).refusal, 'expected a number, got " 2"')
  assert.is(readColumn(['0x10'], 'double').refusal, 'expected a number, got "0x10"')
  assert.is(readColumn(['true', '1']).refusal, 'expected true or false, got "1"')
})

test('a declared type is kept to', () => {
  accepted(['1', '040000', 'true', 'False'], 'double', [1, 40000, 1, 0], 'double')
  accepted(['3.0', '1e3', '+7', '007', '9223372036854775807'], 'long', [3n, 1000n, 7n, 7n, 2n ** 63n - 1n], 'long')
  accepted(['1', 'false'], 'boolean', [1, 0], 'boolean')
  accepted(['1', 'NaN'], 'symbol', ['1', 'NaN'], 'symbol')
  accepted(['1704067200', '2024-01-01'], 'timestamp', [1704067200000000n, 1704067200000000n], 'timestamp')
  assert.is(readColumn(['1.5'], 'long').refusal, 'expected a whole number, got "1.5"')
  assert.is(readColumn(['abc'], 'long').refusal, 'expected a whole number, got "abc"')
  assert.is(
    readColumn(['9223372036854775808'], 'long').refusal,
    'expected a whole number that fits 64 bits, got "9223372036854775808"',
  )
  assert.match(readColumn(['12'], 'timestamp').refusal ?? '', /^timestamp 12 is in no unit between 1980 and 2100/)
  assert.is(readColumn(['2'], 'boolean').refusal, 'expected true or false, got "2"')
})

test('a column without values in a batch is all missing once its type is known', () => {
  const column = new CsvColumn('x', undefined)
  assert.is(column.finish(2), undefined)
  column.read('5', 0)
  assert.equal([...(column.finish(1)?.values ?? [])], [5n])
  const empty = column.finish(2)
  assert.is(empty?.type, 'long')
  assert.equal([...(empty?.valid ?? [])], [0, 0])
})

test('when longs are out already, the caller is told to read again as doubles or as text', async () => {
  const lines = (cells: string[]) => `ts,a,b\n${cells.map((cell, i) => `${1704067200 + i},1,${cell}`).join('\n')}\n`
  const read = async (cells: string[], types: Map<string, ColumnType>) => {
    const values: unknown[] = []
    async function* source() {
      yield Buffer.from(lines(cells))
    }
    for await (const batch of decodeCsv(source(), { otherwise: 'infer', batchRows: 2, types })) {
      values.push(...(batch.columns[1]?.values ?? []))
    }
    return values
  }
  for (const [late, to, all] of [
    ['3.5', 'double', [1, 2, 3.5]],
    ['007', 'varchar', ['1', '2', '007']],
  ] as const) {
    const found = new Map<string, ColumnWidened['to']>()
    let widened: unknown
    await read(['1', '2', late], found).catch((error: unknown) => {
      widened = error
    })
    assert.instance(widened, ColumnWidened)
    const { column, to: wider } = widened as ColumnWidened
    assert.equal([column, wider], ['b', to])
    found.set(column, wider)
    assert.equal(await read(['1', '2', late], found), [...all])
  }
})

test('an empty cell in quotes is empty text, one without quotes is missing', async () => {
  async function* source() {
    yield Buffer.from('\ufeff\n\nts,"a ""b"", c",n\r\n1704067200,"x, ""y""",1\n\n1704067260,"",\r\n1704067320,,""\r\n')
    yield Buffer.from('1704067380,"\n","2"\n1704067440,"a","4"')
  }
  for await (const batch of decodeCsv(source(), { otherwise: 'infer' })) {
    const [text, number] = batch.columns
    assert.equal(text?.values, ['x, "y"', '', '', '\n', 'a'])
    assert.equal([...(text?.valid ?? [])], [1, 1, 0, 1, 1])
    assert.equal([...(number?.valid ?? [])], [1, 0, 0, 1, 1])
  }
})

test('empty text is found behind quotes, commas and blank lines, in the first cell and in the last', async () => {
  async function* source() {
    yield Buffer.from('a,ts,b,c\n"x",1704067200,"y","z"\n\n\r\n"",1704067260,"""q"", ""r""",""\n,1704067320,"",')
    yield Buffer.from('"""a"""\n"",1704067380,,""')
  }
  for await (const batch of decodeCsv(source(), { otherwise: 'infer' })) {
    assert.equal(
      batch.columns.map((column) => column.values),
      [
        ['x', '', '', ''],
        ['y', '"q", "r"', '', ''],
        ['z', '', '"a"', ''],
      ],
    )
    assert.equal(
      batch.columns.map((column) => [...(column.valid ?? [])]),
      [[1, 1, 0, 1], [1, 1, 1, 0], []],
    )
  }
})

test('a text that begins with a quote is not empty', () => {
  assert.equal([...emptyTexts(Buffer.from('"","""x",a,"b ""c"", d",""\r\n'))], [0, 4])
  assert.equal([...emptyTexts(Buffer.from('a,,"b"\n'))], [])
})

test('a column of any integers and decimals has one type that doesn\u2019t depend on their order', () => {
  const integer = fc.bigInt({ min: -(2n ** 60n), max: 2n ** 60n }).map(String)
  const decimal = fc
    .double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 })
    .map((value) => `${value.toFixed(3)}`)
  fc.assert(
    fc.property(
      fc.array(fc.oneof(integer, decimal), { minLength: 1, maxLength: 8 }),
      fc.infiniteStream(fc.nat()),
      (given, order) => {
        const once = readColumn(given)
        const shuffled = given.map((cell) => [order.next().value as number, cell] as const).sort((a, b) => a[0] - b[0])
        const again = readColumn(shuffled.map(([, cell]) => cell))
        assert.is(once.refusal === undefined, again.refusal === undefined)
        if (once.refusal !== undefined) return
        assert.is(once.type, again.type)
        assert.equal(once.values.map(Number), given.map(Number))
      },
    ),
    { numRuns: 2000 },
  )
})

test.run()
