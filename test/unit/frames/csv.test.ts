import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { DomainError } from '../../../src/errors.js'
import type { ColumnBatch } from '../../../src/frames/batch.js'
import { decodeCsv } from '../../../src/frames/csv.js'
import type { DecodeOptions } from '../../../src/frames/decode.js'
import { test } from '../../support/test.js'

const INFER: DecodeOptions = { otherwise: 'infer' }
const DOUBLES: DecodeOptions = { otherwise: 'double' }
const MIDNIGHT = Date.UTC(2024, 0, 1) * 1000

test('a file as a spreadsheet saves it: byte order mark, CRLF, quoted names, a comma in a text', async () => {
  const text = '\ufeff"timestamp","close","note"\r\n1704067200,1.5,"a, ""quoted"" word"\r\n1704067260,2,\r\n'
  const [batch] = await decode(text, INFER)
  assert.equal([...times(batch)], [MIDNIGHT, MIDNIGHT + 60e6])
  assert.equal(shape(batch), { close: 'double', note: 'varchar' })
  assert.equal(cells(batch, 'close'), [1.5, 2])
  assert.equal(cells(batch, 'note'), ['a, "quoted" word', undefined])
})

test('line ends may be mixed, blank lines don\u2019t matter, the last line needs no end', async () => {
  const [batch] = await decode('\n\r\nts,x\r\n\n1704067200,1\n\r\n\n1704067260,2', INFER)
  assert.equal(cells(batch, 'x'), [1n, 2n])
})

test('both fixtures of small indicator frames are read by their Date and Time', async () => {
  const folder = new URL('../../../fixtures/stage1_3/datasets/', import.meta.url)
  assert.equal(readdirSync(folder).sort(), ['btc_4h_v2.csv', 'eth_1h_v1.csv'])
  const [btc] = await decode(readFileSync(new URL('btc_4h_v2.csv', folder)), INFER)
  assert.equal(
    times(btc),
    [4, 8, 12, 16, 20].map((hour) => Date.UTC(2024, 3, 1, hour) * 1000),
  )
  assert.equal(cells(btc, 'Time'), ['040000', '080000', '120000', '160000', '200000'])
  assert.equal(cells(btc, 'Date')[0], '2024-04-01')
  assert.equal(cells(btc, 'MACD'), [1.234, 1.31, 1.205, 1.118, 0.984])
  const [eth] = await decode(readFileSync(new URL('eth_1h_v1.csv', folder)), {
    otherwise: 'double',
    types: new Map([['date', 'varchar']]),
  })
  assert.equal(times(eth)[0], Date.UTC(2024, 3, 2, 1) * 1000)
  assert.equal(shape(eth).Time, 'double')
  assert.equal(cells(eth, 'Time'), [10000, 20000, 30000, 40000, 50000])
})

test('dates and times saved as doubles are read', async () => {
  const [batch] = await decode('Date,Time,x\n20241128.0,2200.0,1\n20241128.0,2215.0,2\n20241129.0,0.0,3\n', INFER)
  assert.equal(times(batch), [
    Date.UTC(2024, 10, 28, 22) * 1000,
    Date.UTC(2024, 10, 28, 22, 15) * 1000,
    Date.UTC(2024, 10, 29) * 1000,
  ])
  assert.equal(cells(batch, 'Time'), [2200, 2215, 0])
})

test('the time column is the first known name, whatever its case and unit', async () => {
  const pick = async (header: string) => {
    const [batch] = await decode(
      `${header}\n${header
        .split(',')
        .map((_, i) => 1704067200 + i)
        .join(',')}\n`,
      INFER,
    )
    const index = ((times(batch)[0] as number) - MIDNIGHT) / 1e6
    return header.split(',')[index]
  }
  assert.is(await pick('x,time,ts,timestamp'), 'timestamp')
  assert.is(await pick('x,TS,Timestamp_Unix'), 'Timestamp_Unix')
  assert.is(await pick('timestamp_seconds,timestamp_ms'), 'timestamp_ms')
  assert.is(await pick('timestamp_unix_s,timestamp_seconds'), 'timestamp_seconds')
  assert.is(await pick('ts,timestamp_unix_s'), 'timestamp_unix_s')
  assert.is(await pick('Time,ts'), 'ts')
  assert.is(await pick('x,Time'), 'Time')
  const [seconds] = await decode('timestamp_ms,x\n1704067200,1\n1704067200500,2\n', INFER)
  assert.equal(times(seconds), [MIDNIGHT, MIDNIGHT + 500_000])
})

test('a time column can be named, with the unit its numbers must have', async () => {
  const options: DecodeOptions = { otherwise: 'infer', timestampColumn: 'Bar_End', timestampUnit: 'ms' }
  const [batch] = await decode('ts,bar_end\n1704067200,1704067200500\n', options)
  assert.equal(times(batch), [MIDNIGHT + 500_000])
  assert.equal(shape(batch), { ts: 'long' })
  const error = await failure('ts,bar_end\n1704067200,1704067200\n', options)
  assert.is(error.code, 'TIMESTAMP_OUT_OF_RANGE')
  assert.match(
    error.message,
    /^line 2, column "bar_end": timestamp 1704067200 does not fit the declared unit, milliseconds/,
  )
})

test('a frame without a time column says which names are taken and which it has', async () => {
  const error = await failure('date,open,close\n2024-04-01,1,2\n', INFER)
  assert.is(error.code, 'TIMESTAMP_COLUMN_MISSING')
  assert.is(
    error.message,
    'line 1: no time column: one of timestamp, timestamp_unix, timestamp_ms, timestamp_seconds, timestamp_unix_s, ts, ' +
      'time, or Date and Time, is needed; the columns are date, open, close',
  )
  const named = await failure('ts,x\n1704067200,1\n', { otherwise: 'infer', timestampColumn: 'when' })
  assert.is(named.code, 'TIMESTAMP_COLUMN_MISSING')
  assert.match(named.message, /"when" was named as the time column and is not there; the columns are ts, x$/)
})

test('a second column called timestamp is refused, not overwritten', async () => {
  const error = await failure('Timestamp,ts\n1,1704067200\n', { otherwise: 'infer', timestampColumn: 'ts' })
  assert.is(error.code, 'FRAME_MALFORMED')
  assert.match(error.message, /^line 1, column "Timestamp": the time is taken from "ts"/)
})

test('a cell that is no number is named by line, column and value', async () => {
  const error = await failure('timestamp,close\n1704067200,1.5\n1704067260,abc\n', INFER)
  assert.is(error.code, 'CELL_INVALID')
  assert.is(error.message, 'line 3, column "close": expected a number, got "abc"')
  assert.equal(error.details, { line: 3, column: 'close', value: 'abc', expected: 'a number' })
})

test('lines are counted as an editor shows them, across blank lines and quoted line breaks', async () => {
  const head = 'ts,note,x\r\n1704067200,"one\r\ntwo\n\nthree",1.5\r\n\r\n1704067260,"a\nb",'
  assert.match((await failure(`${head}oops\r\n`, INFER)).message, /^line 8, column "x": expected a number, got "oops"/)
  assert.match((await failure(`${head}1,2\n`, INFER)).message, /^line 7: the row has 4 cells and the header names 3/)
  assert.match(
    (await failure(`${head}1\n170406,c,1\n`, INFER)).message,
    /^line 9, column "ts": timestamp 170406 is in no/,
  )
})

test('a time that is missing, absurd or no time at all is refused', async () => {
  const at = async (cell: string) => failure(`ts,x\n${cell},1\n`, INFER)
  assert.is((await at('')).code, 'CELL_INVALID')
  assert.match((await at('')).message, /^line 2, column "ts": expected a time: .* got ""$/)
  assert.is((await at('0')).code, 'TIMESTAMP_OUT_OF_RANGE')
  assert.match((await at('soon')).message, /got "soon"$/)
  const date = await failure('Date,Time\n2024-02-30,1200\n', INFER)
  assert.match(date.message, /^line 2, column "Date": expected a date such as 2024-04-01 .* got "2024-02-30"$/)
  const time = await failure('Date,Time\n2024-02-28,2500\n', INFER)
  assert.match(time.message, /^line 2, column "Time": expected a time of day: .* got "2500"$/)
})

test('what is not such a CSV file is refused with its line', async () => {
  const cases: [string | Buffer, RegExp][] = [
    ['', /^line 1: there is no text/],
    ['\n\n', /^line 1: there is no text/],
    ['ts,x\n1704067200,1,2\n', /^line 2: the row has 3 cells and the header names 2 columns/],
    ['ts,x\n1704067200\n', /^line 2: the row has 1 cells and the header names 2 columns/],
    ['ts,x,x\n', /^line 1: the column "x" is there twice/],
    ['ts,Close,close\n', /^line 1: the columns "Close" and "close" differ only by case/],
    ['ts,x,\n', /^line 1: column 3 has no name/],
    ['1704067200,1.5\n1704067260,2\n', /^line 1: the first line must name the columns/],
    ['2024-01-01,5\n', /^line 1: the first line must name the columns/],
    [
      'ts;x\n1704067200;1,5\n',
      /^line 1: cells must be separated by commas: semicolon- .* decimal commas are not accepted/,
    ],
    ['ts\tx\n1704067200\t1\n', /^line 1: cells must be separated by commas/],
    ['ts,x\r1704067200,1\r', /^line 1: a column name holds a line break/],
    ['ts,x\n1704067200,1\n1704067260,"2\n', /^line 3: a quote that this row opens is never closed/],
    ['ts,x\n1704067200,1\n1704067260,"2"3\n', /^line 3: a closing quote must be followed by a comma/],
    ['ts,x\n1704067200,1\n1704067260,2"\n', /^line 3: a quote stands inside a cell/],
    [Buffer.from('ts,x\n1704067200,1\n1704067260,\xe9\n', 'latin1'), /^line 3: the text is not UTF-8/],
    [Buffer.from('ts,x\n1704067200,1\n1704067260,\xe2\x82', 'latin1'), /^line 3: the text is not UTF-8/],
    [Buffer.from('\ufeffts,x\n1704067200,1\n', 'utf16le'), /^line 1: the text is not UTF-8/],
    [`ts,x\n1704067200,a\n1704067200,${'a'.repeat(1024 * 1024 + 1)}\n`, /^line 3: a cell is longer than 1048576 char/],
    [`ts,x\n1704067200,"${'a\n'.repeat(5 * 1024 * 1024)}`, /^line 2: the row is longer than 8388608 bytes/],
    [`ts,${'n'.repeat(300)}\n`, /^line 1: a column name is 300 characters long/],
    [`ts,${Array.from({ length: 4096 }, (_, i) => `c${i}`)}\n`, /^line 1: there are more than 4096 columns/],
  ]
  for (const [text, message] of cases) {
    const error = await failure(text, INFER)
    assert.is(error.code, 'FRAME_MALFORMED', error.message)
    assert.match(error.message, message)
    assert.is((error.details as { line: number }).line, Number(/^line (\d+)/.exec(error.message)?.[1]))
  }
  assert.is((await failure('ts,__proto__\n', INFER)).code, 'COLUMN_NAME_INVALID')
})

test('a decimal comma is refused where it would become text', async () => {
  const first = await failure('ts,x\n1704067200,"1,5"\n', INFER)
  assert.is(first.code, 'CELL_INVALID')
  assert.match(
    first.message,
    /^line 2, column "x": expected a number with a decimal point, got "1,5": decimal commas and/,
  )
  const later = await failure('ts,x\n1704067200,2\n1704067260,"1,5"\n', INFER)
  assert.match(later.message, /^line 3, column "x": .* semicolon-delimited files are not accepted$/)
  assert.match((await failure('ts,x\n1704067200,"1,5"\n', DOUBLES)).message, /decimal commas/)
})

test('a file with a header and no rows gives no batch', async () => {
  assert.equal(await decode('timestamp,x\n', INFER), [])
  assert.equal(await decode('timestamp,x', INFER), [])
})

test('rows come in batches of the size asked for, numbered through the frame', async () => {
  const text = `ts,x,note\n${Array.from({ length: 25 }, (_, i) => `${1704067200 + i},${i},${i < 12 ? '' : `n${i}`}`).join('\n')}`
  const batches = await decode(text, { otherwise: 'infer', batchRows: 10 })
  assert.equal(
    batches.map((batch) => [batch.firstRow, batch.rows, batch.columns.length]),
    [
      [0, 10, 1],
      [10, 10, 2],
      [20, 5, 2],
    ],
  )
  assert.equal(
    batches.flatMap((batch) => cells(batch, 'x')),
    Array.from({ length: 25 }, (_, i) => BigInt(i)),
  )
  assert.equal(cells(batches[1], 'note').slice(0, 3), [undefined, undefined, 'n12'])
  assert.equal(batches[2]?.columns[1]?.valid, undefined)
})

test('rows before a fault are judged first, so the first fault of the file is the one that is told', async () => {
  const text = 'ts,x\n1704067200,1\n1704067260,oops\n1704067320,"2"3\n'
  assert.match((await failure(text, INFER)).message, /^line 3, column "x"/)
  const broken = Buffer.concat([Buffer.from(text), Buffer.from([0xff])])
  assert.match((await failure(broken, INFER)).message, /^line 3, column "x"/)
})

test('very wide text makes smaller batches, so that memory stays flat', async () => {
  const row = `1704067200,${'a'.repeat(1_000_000)}\n`
  async function* source() {
    yield Buffer.from('ts,note\n')
    for (let i = 0; i < 70; i++) yield Buffer.from(row)
  }
  const rows: number[] = []
  for await (const batch of decodeCsv(source(), INFER)) rows.push(batch.rows)
  assert.equal(rows, [68, 2])
})

test('leaving the batches early closes the source', async () => {
  let closed = false
  async function* source() {
    try {
      yield Buffer.from('ts,x\n')
      for (let i = 0; ; i++) yield Buffer.from(`${1704067200 + i},${i}\n`)
    } finally {
      closed = true
    }
  }
  for await (const batch of decodeCsv(source(), { otherwise: 'infer', batchRows: 3 })) {
    assert.is(batch.rows, 3)
    break
  }
  assert.ok(closed)
})

test('any table of doubles, longs and text comes back, however the file is cut into chunks', async () => {
  const double = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value))
  const long = fc.bigInt({ min: -(2n ** 63n) + 1n, max: 2n ** 63n - 1n })
  const text = fc.string({
    unit: fc.constantFrom('a', '"', ',', '\n', '\r\n', ' ', 'é', '€', '😀', '1', ';'),
    maxLength: 12,
  })
  const row = fc.record({
    double: fc.option(double, { nil: undefined }),
    long: fc.option(long, { nil: undefined }),
    text: fc.option(text, { nil: undefined }),
  })
  const table = fc.array(row, { minLength: 1, maxLength: 30 })
  const types = new Map([['d', 'double'] as const, ['l', 'long'] as const, ['t', 'varchar'] as const])
  await fc.assert(
    fc.asyncProperty(table, fc.array(fc.nat(2000)), fc.constantFrom('\n', '\r\n'), async (rows, cuts, lineEnd) => {
      const lines = rows.map((r, i) => [
        1704067200 + i,
        r.double ?? '',
        r.text === undefined ? '' : quoted(r.text),
        r.long ?? '',
      ])
      const bytes = Buffer.from([['ts', 'd', 't', 'l'], ...lines].map((line) => line.join(',') + lineEnd).join(''))
      const batches: ColumnBatch[] = []
      for await (const batch of decodeCsv(cut(bytes, cuts), { otherwise: 'infer', types, batchRows: 7 }))
        batches.push(batch)
      assert.equal(
        batches.flatMap((batch) => cells(batch, 'd')),
        rows.map((r) => r.double),
      )
      assert.equal(
        batches.flatMap((batch) => cells(batch, 'l')),
        rows.map((r) => r.long),
      )
      assert.equal(
        batches.flatMap((batch) => cells(batch, 't')),
        rows.map((r) => r.text),
      )
      assert.equal(
        batches.flatMap((batch) => times(batch)),
        rows.map((_, i) => MIDNIGHT + i * 1e6),
      )
    }),
    { numRuns: 300 },
  )
})

test('where a fault is does not depend on how the file is cut into chunks', async () => {
  const bytes = Buffer.from(
    'ts,note,x\n1704067200,"é\n€",1\n\n1704067260,"b",2\n1704067320,"😀\r\n",x\n1704067380,"c"d,3\n',
  )
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length)), async (cuts) => {
      const error = await failureOf(decodeCsv(cut(bytes, cuts), INFER))
      assert.is(error.message, 'line 7, column "x": expected a number, got "x"')
    }),
  )
})

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}

async function* cut(bytes: Buffer, cuts: number[]): AsyncGenerator<Buffer> {
  const places = [0, ...cuts.filter((at) => at < bytes.length).sort((a, b) => a - b), bytes.length]
  for (let i = 1; i < places.length; i++) yield bytes.subarray(places[i - 1], places[i])
}

async function decode(text: string | Buffer, options: DecodeOptions): Promise<ColumnBatch[]> {
  const batches: ColumnBatch[] = []
  for await (const batch of decodeCsv(cut(Buffer.from(text), []), options)) batches.push(batch)
  return batches
}

async function failure(text: string | Buffer, options: DecodeOptions): Promise<DomainError> {
  return failureOf(decodeCsv(cut(Buffer.from(text), []), options))
}

async function failureOf(batches: AsyncGenerator<ColumnBatch>): Promise<DomainError> {
  try {
    for await (const _ of batches);
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
