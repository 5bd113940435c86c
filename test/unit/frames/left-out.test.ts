/** Rows that can't be taken are left out: what stays is what a frame without them would give, and each is told of once. */
import { Float64, Int64, Table, TimestampMicrosecond, tableToIPC, Uint64, Utf8, vectorFromArray } from 'apache-arrow'
import fc from 'fast-check'
import { parquetWriteBuffer } from 'hyparquet-writer'
import * as assert from 'uvu/assert'
import type { ColumnBatch } from '../../../src/frames/batch.js'
import { ColumnWidened, type DecodeOptions } from '../../../src/frames/decode.js'
import type { FrameSource } from '../../../src/frames/open.js'
import type { RowFault } from '../../../src/frames/refusal.js'
import { cellsOf, decodeBytes, INFER, refusalOf, timesOf } from '../../support/batches.js'
import { test } from '../../support/test.js'

type Format = FrameSource['format']
type Details = { line?: number; row?: number; column?: string; value?: unknown; expected?: string }

const T = Date.UTC(2024, 0, 1)
const takesText = (text: string) => !text.includes('\0')

/** Reads a frame, again where a column turns out to be wider. */
async function read(format: Format, bytes: Uint8Array, options: DecodeOptions = INFER): Promise<ColumnBatch[]> {
  const widened = new Map<string, ColumnWidened['to']>()
  for (;;) {
    try {
      return await decodeBytes(format, bytes, { ...options, widened })
    } catch (error) {
      if (!(error instanceof ColumnWidened)) throw error
      widened.set(error.column, error.to)
    }
  }
}

async function lenient(format: Format, bytes: Uint8Array, options: DecodeOptions = INFER) {
  let faults: RowFault[] = []
  const widened = new Map<string, ColumnWidened['to']>()
  for (;;) {
    faults = []
    const leaveOut = { takesText, rejected: (fault: RowFault) => faults.push(fault) }
    try {
      const batches = await decodeBytes(format, bytes, { ...options, widened, leaveOut })
      return { batches, faults, details: faults.map((fault) => fault.details as Details) }
    } catch (error) {
      if (!(error instanceof ColumnWidened)) throw error
      widened.set(error.column, error.to)
    }
  }
}

/** Times, types and cells by column name, whatever the batches. */
function contents(batches: readonly ColumnBatch[]) {
  const names = [...new Set(batches.flatMap((batch) => batch.columns.map((column) => column.name)))].sort()
  const columns = names.map((name) => {
    const cells = batches.flatMap((batch) => {
      const there = batch.columns.some((column) => column.name === name)
      return there ? cellsOf([batch], name) : new Array(batch.rows).fill(undefined)
    })
    const types = new Set(
      batches.flatMap((batch) => batch.columns.filter((column) => column.name === name).map(({ type }) => type)),
    )
    return [name, [...types], cells]
  })
  return { times: timesOf(batches), columns }
}

const csv = (text: string) => Buffer.from(text)
const rows = (all: readonly unknown[]) => Buffer.from(JSON.stringify(all))

test('rows of a CSV with a bad cell, a bad time or too few cells are left out, each with its line', async () => {
  const text = [
    'timestamp,close,n,note',
    `${T},1.5,1,a`,
    `${T + 1},abc,2,b`,
    '0,2.5,3,c',
    `${T + 3},3.5`,
    `${T + 4},4.5,x,"two`,
    'lines"',
    `${T + 5},inf,y,f`,
    `,6.5,6,g`,
    `${T + 7},7.5,7,h,i`,
    `${T + 8},8.5,8,"\0"`,
    `${T + 9},9.5,9,j`,
  ].join('\n')
  for (const batchRows of [10_000, 3, 1]) {
    const { batches, details } = await lenient('csv', csv(text), { ...INFER, batchRows })
    assert.equal(timesOf(batches), [T * 1000, (T + 9) * 1000])
    assert.equal(cellsOf(batches, 'close'), [1.5, 9.5])
    assert.equal(cellsOf(batches, 'n'), [1n, 9n])
    assert.equal(cellsOf(batches, 'note'), ['a', 'j'])
    assert.equal(
      details.map(({ line, column, value, expected }) => [line, column, value, expected]),
      [
        [3, 'close', 'abc', 'a number'],
        [4, 'timestamp', '0', 'a time from 1980 up to 2100'],
        [5, undefined, '2 cells', '4 cells'],
        [6, 'n', 'x', 'a number'],
        [8, 'close', 'inf', 'a finite number (leave the cell empty when there is none)'],
        [9, 'timestamp', '', details[5]?.expected],
        [10, undefined, '5 cells', '4 cells'],
        [11, 'note', '\0', 'text without U+0000 and halves of surrogate pairs'],
      ],
    )
  }
})

test('a row that is left out tells nothing of the types of its columns', async () => {
  const first = await lenient('csv', csv(`ts,a,b\n${T},007,0,1\n${T},n/a\n0,n/a,x\n${T + 1},2,3\n${T + 2},3,4\n`))
  assert.equal(contents(first.batches).columns, [
    ['a', ['long'], [2n, 3n]],
    ['b', ['long'], [3n, 4n]],
  ])
  const types = new Map([['b', 'long']] as const)
  const text = csv(`ts,a,b\n${T},n/a,x\n${T + 1},1,1\n${T + 2},2.5,x\n${T + 3},9007199254740993,x\n${T + 4},2,2\n`)
  for (const batchRows of [10_000, 2, 1]) {
    const { batches, details } = await lenient('csv', text, { ...INFER, types, batchRows })
    assert.equal(contents(batches).columns[0], ['a', ['long'], [1n, 2n]])
    assert.equal(
      details.map(({ line }) => line),
      [2, 4, 5],
    )
  }
})

test('a large number in a row that is left out does not make decimals later a mixture', async () => {
  const types = new Map([['b', 'long']] as const)
  const { batches, details } = await lenient(
    'csv',
    csv(`ts,a,b\n${T},1,1\n${T + 1},9007199254740993,x\n${T + 2},2.5,2\n`),
    { ...INFER, types },
  )
  assert.equal(contents(batches).columns[0], ['a', ['double'], [1, 2.5]])
  assert.is(details.length, 1)
})

test('a frame that is read twice, since whole numbers turned out to be decimals, tells of each row once', async () => {
  const text = csv(`ts,a\n${T},1\n${T + 1},true\n${T + 2},2\n${T + 3},2.5\n${T + 4},x\n${T + 5},9007199254740993\n`)
  for (const batchRows of [10_000, 2, 1]) {
    const { batches, details } = await lenient('csv', text, { ...INFER, batchRows })
    assert.equal(contents(batches).columns, [['a', ['double'], [1, 2, 2.5]]])
    assert.equal(
      details.map(({ line, value }) => [line, value]),
      [
        [3, 'true'],
        [6, 'x'],
        [7, '9007199254740993'],
      ],
    )
  }
})

const CELLS = ['"\0"', '1', '2.5', '-3', '9007199254740993', 'abc', '', 'true', '"a,b"', '1,5', 'NaN', '1e400', '0']
const TIMES = [String(T), '2024-04-01', '0', '', 'soon']

async function assertAsWithout(lines: readonly string[], batchRows: number, types?: DecodeOptions['types']) {
  const options = { ...INFER, batchRows, ...(types === undefined ? {} : { types }) }
  const { batches, details } = await lenient('csv', csv(['ts,a,b,c', ...lines].join('\n')), options)
  const bad = new Set(details.map(({ line }) => line))
  assert.is(bad.size, details.length)
  const good = lines.filter((_, index) => !bad.has(index + 2))
  assert.is(
    batches.reduce((sum, batch) => sum + batch.rows, 0),
    good.length,
  )
  if (good.length === 0) return
  const strict = await read('csv', csv(['ts,a,b,c', ...good].join('\n')), options)
  assert.equal(contents(batches.filter((batch) => batch.rows > 0)), contents(strict), lines.join('\n'))
}

test('whatever a CSV holds, what stays is what the CSV without the rows left out gives', async () => {
  const line = (cells: readonly string[]) =>
    fc
      .tuple(
        fc.constantFrom(...TIMES),
        fc.array(fc.constantFrom(...cells), { minLength: 3, maxLength: 3 }),
        fc.integer({ min: 0, max: 9 }),
      )
      .map(([time, all, cut]) => [time, ...(cut === 0 ? all.slice(1) : all)].join(','))
  const types = fc.constantFrom(undefined, new Map([['c', 'long']] as const), new Map([['b', 'boolean']] as const))
  await fc.assert(
    fc.asyncProperty(fc.array(line([...CELLS, '007']), { maxLength: 12 }), types, (lines, known) =>
      assertAsWithout(lines, 10_000, known),
    ),
    { numRuns: 120 },
  )
  const numbers = CELLS.filter((cell) => cell !== 'NaN')
  await fc.assert(
    fc.asyncProperty(fc.array(line(numbers), { maxLength: 12 }), fc.integer({ min: 1, max: 4 }), (lines, batchRows) =>
      assertAsWithout(lines, batchRows),
    ),
    { numRuns: 120 },
  )
})

test('JSON rows: what stays is what the rows without those left out give, and rows keep their numbers', async () => {
  const value = fc.constantFrom(1, 2.5, 'abc', true, null, { deep: 1 }, [1], 'x\0', '1.5')
  const time = fc.constantFrom<unknown>(T, T, String(T), '2024-04-01', 0, null, 'soon', { at: T })
  const row = fc
    .record({ timestamp: time, a: value, b: value, c: value }, { requiredKeys: [] })
    .map((made) => made as Record<string, unknown>)
  const types = new Map([['c', 'long']] as const)
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 12 }), fc.integer({ min: 1, max: 5 }), async (all, batchRows) => {
      const options = { ...INFER, batchRows, types }
      const { batches, details } = await lenient('rows', rows(all), options)
      const bad = new Set(details.map((fault) => fault.row))
      const good = all.filter((_, index) => !bad.has(index))
      assert.is(bad.size, details.length)
      const nul = (one: Record<string, unknown>) => Object.values(one).includes('x\0')
      assert.not.ok(good.some(nul))
      const strict = await read('rows', rows(good), options)
      assert.equal(contents(batches.filter((batch) => batch.rows > 0)), contents(strict))
    }),
    { numRuns: 120 },
  )
})

test('JSON rows without a time are left out, and told that they have none', async () => {
  const all = [{ timestamp: T, x: 1 }, { x: 2 }, { x: 3 }, { timestamp: T + 1, x: 4 }]
  const { batches, faults, details } = await lenient('rows', rows(all))
  assert.equal(cellsOf(batches, 'x'), [1, 4])
  assert.equal(
    faults.map(({ code }, index) => [code, details[index]?.row]),
    [
      ['TIMESTAMP_COLUMN_MISSING', 1],
      ['TIMESTAMP_COLUMN_MISSING', 2],
    ],
  )
})

interface Cells {
  readonly ts: bigint
  readonly d: number | null
  readonly i: bigint | null
  readonly u: bigint | null
  readonly t: string | null
}

const isBad = ({ ts, d, i, u, t }: Cells) =>
  ts < BigInt(T) * 1000n ||
  Math.abs(d ?? 0) === Number.POSITIVE_INFINITY ||
  i === -(2n ** 63n) ||
  (u ?? 0n) >= 2n ** 63n ||
  (t ?? '').includes('\0')

const cell = fc.record({
  ts: fc.constantFrom(BigInt(T) * 1000n, BigInt(T + 1) * 1000n, 1000n),
  d: fc.constantFrom(0.5, -0, null, Number.NaN, Number.POSITIVE_INFINITY),
  i: fc.constantFrom(1n, 2n ** 63n - 1n, null, -(2n ** 63n)),
  u: fc.constantFrom(0n, 2n ** 63n - 1n, null, 2n ** 63n, 2n ** 64n - 1n),
  t: fc.constantFrom('', 'a', 'Zürich', null, 'x\0'),
})

function arrow(all: readonly Cells[]): Uint8Array {
  const column = <K extends keyof Cells>(name: K) => all.map((row) => row[name])
  return tableToIPC(
    new Table({
      ts: vectorFromArray(
        column('ts').map((micros) => Number(micros) / 1000),
        new TimestampMicrosecond(),
      ),
      d: vectorFromArray(column('d'), new Float64()),
      i: vectorFromArray(column('i'), new Int64()),
      u: vectorFromArray(column('u'), new Uint64()),
      t: vectorFromArray(column('t'), new Utf8()),
    }),
    'stream',
  )
}

function parquet(all: readonly Cells[]): Uint8Array {
  const column = <K extends keyof Cells>(name: K) => all.map((row) => row[name])
  const columnData = [
    { name: 'ts', data: column('ts'), type: 'INT64' as const, nullable: false },
    { name: 'd', data: column('d'), type: 'DOUBLE' as const },
    { name: 'i', data: column('i'), type: 'INT64' as const },
    { name: 't', data: column('t'), type: 'STRING' as const },
  ]
  return new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 4 }))
}

for (const [format, made] of [
  ['arrow', arrow],
  ['parquet', (all: readonly Cells[]) => parquet(all.map((row) => ({ ...row, u: null })))],
] as const) {
  test(`${format}: exactly the bad rows are left out, and the others are as in a frame of their own`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(cell, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        async (all, batchRows) => {
          const bad = all.flatMap((row, index) =>
            isBad(format === 'arrow' ? row : { ...row, u: null }) ? [index] : [],
          )
          const { batches, details } = await lenient(format, made(all), { ...INFER, batchRows })
          assert.equal(
            details.map(({ row }) => row),
            bad,
          )
          const good = all.filter((_, index) => !bad.includes(index))
          if (good.length === 0) return
          const strict = await read(format, made(good), INFER)
          assert.equal(contents(batches.filter((batch) => batch.rows > 0)), contents(strict))
        },
      ),
      { numRuns: 60 },
    )
  })
}

test('text of Arrow that is no UTF-8 costs its own row only', async () => {
  const cells = { ts: BigInt(T) * 1000n, d: 1, i: 1n, u: 1n }
  const bytes = Buffer.from(arrow(['first', 'broken', 'last'].map((t) => ({ ...cells, t }))))
  bytes[bytes.indexOf('broken')] = 0xff
  const { batches, details } = await lenient('arrow', bytes)
  assert.equal(cellsOf(batches, 't'), ['first', 'last'])
  assert.equal(
    details.map(({ row, column, expected }) => [row, column, expected]),
    [[1, 't', 'UTF-8 text']],
  )
})

test('of several faults in a row the first is told', async () => {
  const row = { ts: 1n, d: Number.POSITIVE_INFINITY, i: -(2n ** 63n), u: 0n, t: '\0' }
  for (const [bad, column] of [
    [row, 'ts'],
    [{ ...row, ts: BigInt(T) }, 'd'],
    [{ ...row, ts: BigInt(T), d: 0 }, 'i'],
  ] as const)
    assert.equal(
      (await lenient('parquet', parquet([bad]))).details.map((fault) => fault.column),
      [column],
    )
})

test('a frame that is wrong as a whole is refused all the same', async () => {
  const leaveOut = { takesText, rejected: () => {} }
  const options = { ...INFER, leaveOut }
  const refused = async (format: Format, bytes: Uint8Array) => (await refusalOf(format, bytes, options)).code
  assert.is(await refused('csv', csv('')), 'FRAME_MALFORMED')
  assert.is(await refused('csv', csv('when,x\n1,2\n')), 'TIMESTAMP_COLUMN_MISSING')
  assert.is(await refused('csv', csv('ts,x,X\n')), 'FRAME_MALFORMED')
  assert.is(await refused('csv', csv(`ts,x\n${T},"open\n`)), 'FRAME_MALFORMED')
  assert.is(await refused('csv', csv(`ts,x\n${T},a"b\n`)), 'FRAME_MALFORMED')
  assert.is(await refused('rows', Buffer.from('[{"timestamp": 1,]')), 'JSON_MALFORMED')
  const whole = [{ ts: BigInt(T) * 1000n, d: 1, i: 1n, u: 1n, t: 'a' }]
  assert.is(await refused('arrow', arrow(whole).slice(0, -16)), 'FRAME_MALFORMED')
  assert.is(await refused('parquet', parquet(whole).slice(0, -16)), 'FRAME_MALFORMED')
})

test.run()
