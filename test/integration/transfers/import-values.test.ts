/** Values come out of QuestDB as they went in. */
import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { csvOf, FIRST_MS } from '../../support/csv.js'
import { importCsv, storedRows, storedTypes } from '../../support/imports.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

const server = await startServer()
const { engines } = server
test.after(() => server.stop())

const names = { count: 0 }
const fresh = () => `${engines.prefix}values_${names.count++}`

type Cell = string | number | bigint | boolean | null

/** Imports one column, `v`, and returns its type and what QuestDB holds of it. */
async function stored(cells: readonly Cell[], name = fresh()): Promise<{ type: string | undefined; cells: unknown[] }> {
  // A second column keeps rows whose cell is missing.
  await importCsv(server, name, csvOf(cells.map((v, i) => ({ timestamp: FIRST_MS + i, i, v }))))
  const rows = await storedRows(engines, name, '*')
  const types = (await storedTypes(engines, name)) ?? {}
  const at = Object.keys(types).indexOf('v')
  return { type: types.v, cells: rows.map((row) => (at < 0 ? null : row[at])) }
}

const MAX = 2n ** 63n - 1n

test('whole numbers keep all their digits, up to the largest', async () => {
  const numbers = [0n, 1n, -1n, 2n ** 53n, 2n ** 53n + 1n, -(2n ** 53n) - 1n, MAX, -MAX, 1_234_567_890_123_456_789n]
  const found = await stored(numbers)
  assert.is(found.type, 'LONG')
  assert.equal(found.cells, numbers.map(String))
})

test('any whole numbers that 64 bits hold come back', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.bigInt({ min: -MAX, max: MAX }), { minLength: 1, maxLength: 200 }),
      async (numbers) => {
        const found = await stored(numbers)
        assert.is(found.type, 'LONG')
        assert.equal(found.cells, numbers.map(String))
      },
    ),
    { numRuns: 5 },
  )
})

test('any decimals come back to their last bit', async () => {
  const double = fc.double({ noNaN: true, noDefaultInfinity: true })
  await fc.assert(
    fc.asyncProperty(fc.array(double, { minLength: 1, maxLength: 300 }), async (numbers) => {
      const found = await stored([0.5, ...numbers])
      assert.is(found.type, 'DOUBLE')
      assert.equal(
        found.cells.map((cell) => Number(cell) + 0),
        [0.5, ...numbers].map((number) => number + 0),
      )
    }),
    { numRuns: 5 },
  )
})

test('whole numbers that turn out to be decimals later become decimals from the first row on', async () => {
  assert.equal(await stored([1, 2, 3.5]), { type: 'DOUBLE', cells: [1, 2, 3.5] })
  const late: Cell[] = Array.from({ length: 30_000 }, (_, i) => i)
  late.push(0.5)
  const found = await stored(late)
  assert.is(found.type, 'DOUBLE')
  assert.is(found.cells.length, 30_001)
  assert.is(found.cells[29_999], 29_999)
  assert.is(found.cells[30_000], 0.5)
})

test('exponents, signs and zeros are numbers', async () => {
  const found = await stored(['1e5', '-2.5E-3', '0.0', '-7', '.5', '5.'])
  assert.equal(found, { type: 'DOUBLE', cells: [100_000, -0.0025, 0, -7, 0.5, 5] })
})

test('numbers with leading zeros are codes, and stay text', async () => {
  assert.equal(await stored(['007', '42']), { type: 'VARCHAR', cells: ['007', '42'] })
})

test('true and false are truth values, however they are written', async () => {
  const found = await stored([true, false, 'TRUE', 'False'])
  assert.equal(found, { type: 'BOOLEAN', cells: [true, false, true, false] })
})

test('a cell that is empty has no value, a cell of empty text does', async () => {
  assert.equal(await stored([null, 1.5, null]), { type: 'DOUBLE', cells: [null, 1.5, null] })
  assert.equal(await stored([7, null]), { type: 'LONG', cells: ['7', null] })
  assert.equal(await stored(['NaN', 1.5, 'nan']), { type: 'DOUBLE', cells: [null, 1.5, null] })
  assert.equal(await stored(['a', null, '']), { type: 'VARCHAR', cells: ['a', null, ''] })
  assert.equal(await stored([null, null]), { type: undefined, cells: [null, null] })
})

test('text keeps quotes, commas, line breaks, backslashes and everything that line protocol could trip over', async () => {
  const texts = [
    'plain',
    'a "quoted" word',
    'comma, and = and space ',
    'two\nlines\r\nthree',
    'back\\slash \\n \\" \\\\',
    '\ttab',
    'ünï → \u{1f4c8} \u{10ffff}',
    'e\u0301 \u202e bidi \u200b zero',
    "'; DROP TABLE x;--",
    '=cmd()|A1',
    '{"json":[1,"2"]}',
    '<script>alert(1)</script>',
    '# comment',
    '  ',
    '0x1F',
    '12:30',
    'x'.repeat(100_000),
  ]
  const found = await stored(texts)
  assert.is(found.type, 'VARCHAR')
  assert.equal(found.cells, texts)
})

test('any text comes back', async () => {
  const text = fc
    .string({ unit: 'binary', minLength: 1, maxLength: 40 })
    .filter((value) => !/\p{Surrogate}|\0/u.test(value))
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 200 }), async (texts) => {
      const found = await stored(['text', ...texts])
      assert.equal(found.cells, ['text', ...texts])
    }),
    { numRuns: 5 },
  )
})

test('column names keep their spelling, with spaces, signs and letters of any language', async () => {
  const name = fresh()
  const columns = ['prob long', 'RSI_14', 'größe', '利益', 'a=b', 'a#b', 'select', 'Index', '1st']
  await importCsv(server, name, `timestamp,${columns.join(',')}\n${FIRST_MS},${columns.map((_, i) => i).join(',')}\n`)
  assert.equal(Object.keys((await storedTypes(engines, name)) ?? {}), ['timestamp', ...columns])
  const quoted = columns.map((column) => `"${column}"`).join(', ')
  assert.equal(await storedRows(engines, name, quoted), [columns.map((_, i) => String(i))])
})

test('a byte order mark and CRLF, as spreadsheets write them, change nothing', async () => {
  const name = fresh()
  await importCsv(server, name, `\ufefftimestamp,close,note\r\n${FIRST_MS},1.5,a\r\n${FIRST_MS + 1},2.5,"b\r\nc"\r\n`)
  assert.equal(await storedRows(engines, name, 'close, note'), [
    [1.5, 'a'],
    [2.5, 'b\r\nc'],
  ])
})

test('a column of a table that exists takes what fits its type, whatever it looks like', async () => {
  const name = fresh()
  await importCsv(server, name, `timestamp,x,n,note\n${FIRST_MS},0.5,1,a\n`)
  await importCsv(server, name, `timestamp,NOTE,N,X\n${FIRST_MS + 1},42,2.0,7\n`)
  assert.equal(await storedRows(engines, name, 'x, n, note'), [
    [0.5, '1', 'a'],
    [7, '2', '42'],
  ])
})

test('new columns may come later; rows before them have no value there', async () => {
  const name = fresh()
  await importCsv(server, name, `timestamp,x\n${FIRST_MS},1.5\n`)
  await importCsv(server, name, `timestamp,x,y\n${FIRST_MS + 1},2.5,3\n`)
  assert.equal(await storedRows(engines, name, 'x, y'), [
    [1.5, null],
    [2.5, '3'],
  ])
})

test.run()
