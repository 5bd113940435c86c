/** Rows split at their commas against rows split by csv-parse: whatever the text, both read the same. */
import fc from 'fast-check'
import * as assert from 'uvu/assert'
import type { ColumnBatch } from '../../../src/frames/batch.js'
import { decodeCsv } from '../../../src/frames/csv.js'
import { test } from '../../support/test.js'

async function* chunks(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

/** The batches as plain values, or the details of the error that ended them. */
async function read(text: string, size = 1 << 20): Promise<unknown> {
  const batches: unknown[] = []
  try {
    for await (const batch of decodeCsv(chunks(text, size), { otherwise: 'infer', batchRows: 7 }))
      batches.push(plainly(batch))
  } catch (error) {
    const { message, details } = error as { message: string; details?: unknown }
    return { message, details }
  }
  return batches
}

/** Every value as text, so that NaN is the same as NaN and -0 not the same as 0. */
function plainly({ timestamps, columns, ...rest }: ColumnBatch): unknown {
  const texts = (values: ArrayLike<unknown>) =>
    Array.from(values, (value) => (Object.is(value, -0) ? '-0' : String(value)))
  const shown = columns.map(({ values, valid, ...named }) => ({
    ...named,
    values: texts(values),
    valid: valid && texts(valid),
  }))
  return { ...rest, timestamps: texts(timestamps), columns: shown }
}

const cells = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => value.toFixed(17)),
  fc.integer().map(String),
  fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }).map(String),
  fc.constantFrom('', 'NaN', '-0', '007', '1e3', '.5', 'true', 'x', 'é€𝄞', '1,5', ' 1', '1 '),
)
const ends = fc.constantFrom('\n', '\r\n', '\n\n', '\r\n\r\n')

const texts = fc
  .tuple(fc.array(fc.tuple(fc.array(cells, { minLength: 2, maxLength: 3 }), ends), { maxLength: 20 }), fc.boolean())
  .map(([rows, ended]) => {
    const lines = rows.map(([row, end], i) => `${1_732_831_200_000 + i},${row.join(',')}${end}`).join('')
    return ended ? lines : lines.trimEnd()
  })

test('rows without quotes are read as csv-parse reads them, wherever the text is cut', async () => {
  await fc.assert(
    fc.asyncProperty(texts, fc.integer({ min: 1, max: 200 }), async (lines, size) => {
      const plain = await read(`timestamp,a,b\n${lines}`, size)
      // A quote in the first row and an empty name behind it would change the rows: the quotes stand in the first time cell.
      const quoted = await read(`timestamp,a,b\n${lines.replace(/^(\d+)/, '"$1"')}`, size)
      assert.equal(plain, quoted)
      assert.equal(await read(`\uFEFF"timestamp","a","b"\n${lines}`), plain)
    }),
    { numRuns: 500 },
  )
})

test('a quote far down changes nothing for the rows before and after it', async () => {
  const lines = Array.from({ length: 40 }, (_, i) => `${1_732_831_200_000 + i},${i / 7},text ${i}`)
  const quoted = lines.map((line, i) => (i === 25 ? line.replace('text 25', '"text 25"') : line))
  assert.equal(
    await read(`timestamp,a,b\n${quoted.join('\n')}`, 64),
    await read(`timestamp,a,b\n${lines.join('\n')}`, 64),
  )
})

test('a line is told by its number in the text on both sides of the first quote', async () => {
  const rows = (wrong: number) =>
    Array.from({ length: 30 }, (_, i) => `${1_732_831_200_000 + i},${i === wrong ? 'x' : i / 7},"n${i}"`)
  const plainRows = rows(20).map((line) => line.replaceAll('"', ''))
  for (const lines of [plainRows, rows(20)]) {
    const { details } = (await read(`timestamp,a,b\n\n${lines.join('\n')}`, 50)) as { details: { line: number } }
    assert.is(details.line, 23)
  }
})

test('a row or a cell without end is refused before it fills the memory', async () => {
  const long = await read(`timestamp,a\n1732831200000,${'9'.repeat(2 << 20)}\n`)
  assert.match((long as { message: string }).message, /^line 2: a cell is longer than 1048576 characters/)
  const endless = await read(`timestamp,a\n1732831200000,${'9'.repeat(9 << 20)}`)
  assert.match((endless as { message: string }).message, /^line 2: the row is longer than 8388608 bytes/)
})

test.run()
