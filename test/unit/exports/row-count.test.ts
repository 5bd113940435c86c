/** Rows counted in the bytes of an export, however those come apart. */
import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { numRows } from '../../../src/exports/parquet-footer.js'
import { rowCountOf } from '../../../src/exports/row-count.js'
import { test } from '../../support/test.js'

async function counted(format: 'csv' | 'json', text: string, cuts: readonly number[]): Promise<number> {
  const bytes = Buffer.from(text)
  const count = rowCountOf(format)
  const edges = [0, ...[...cuts].map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  for (const [i, edge] of edges.slice(1).entries()) count.push(bytes.subarray(edges[i], edge))
  return count.rows('')
}

const cuts = fc.array(fc.nat(500), { maxLength: 12 })

test('CSV rows are its lines but the header, wherever the chunks end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom('1', '"a"', '', '\n', '\r', 'x,\r')), cuts, async (rows, where) => {
      assert.is(await counted('csv', `"h"\r\n${rows.map((row) => `${row}\r\n`).join('')}`, where), rows.length)
    }),
  )
})

test('JSON rows are the count at its end, and an end without one is no whole file', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), cuts, async (rows, where) => {
      assert.is(await counted('json', `{"query":"\\"count\\":7}","dataset":[],"count":${rows}}`, where), rows)
    }),
  )
  await counted('json', '{"dataset":[[1],', []).then(
    () => assert.unreachable(),
    (error: Error) => assert.match(error.message, /does not end with its count/),
  )
})

test('the rows of a Parquet footer stand behind version and schema', () => {
  // As QuestDB writes it for `SELECT x, 'ab' s FROM long_sequence(1000)`, up to the first row group.
  const schema = '48001504001504250218017855010015' + '0c25021801732500' + '35011c1c000000'
  const footer = Buffer.from(`1502193c${schema}16d00f191c`, 'hex')
  assert.is(numRows(footer), 1_000)
  for (let length = 0; length < footer.length - 2; length++)
    assert.throws(() => numRows(footer.subarray(0, length)), /cut/, `${length} bytes`)
  assert.throws(() => numRows(Buffer.from('150200', 'hex')), /no number of rows/)
  assert.throws(() => numRows(Buffer.from('150d1d', 'hex')), /not known|cut/)
})

test.run()
