import fc from 'fast-check'
import * as assert from 'uvu/assert'
import {
  fitsDouble,
  hasDecimalComma,
  hasLeadingZero,
  isPlainInteger,
  isSpelledInfinity,
  isSpelledNaN,
  longFromPlainInteger,
  longFromText,
  numberFromText,
} from '../../../src/frames/number.js'
import { test } from '../../support/test.js'

const GRAMMAR = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
const LONGEST = 2n ** 63n - 1n

test('text is a number exactly when the grammar says so', () => {
  const alphabet = fc.constantFrom(...'0123456789+-.eExXbBoO_, nN\t\u00a0\ufeff'.split(''))
  const text = fc.array(alphabet, { maxLength: 8 }).map((letters) => letters.join(''))
  fc.assert(
    fc.property(text, (text) => {
      const expected = GRAMMAR.test(text) ? Number(text) : Number.NaN
      assert.ok(Object.is(numberFromText(text), expected), JSON.stringify(text))
    }),
    { numRuns: 20_000 },
  )
  for (const text of ['0x10', '0b11', '0o17', '1e5', '.5', '5.', '+5', '-.5e-3', '00.5', '045'])
    assert.ok(Object.is(numberFromText(text), GRAMMAR.test(text) ? Number(text) : Number.NaN), text)
  assert.is(numberFromText('1e400'), Number.POSITIVE_INFINITY)
})

test('every double comes back from its text', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      assert.ok(Object.is(numberFromText(Object.is(value, -0) ? '-0' : String(value)), value))
    }),
  )
})

test('every long but the one QuestDB keeps for "none" comes back from its text', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -LONGEST, max: LONGEST }), (value) => {
      assert.ok(isPlainInteger(String(value)))
      assert.is(longFromPlainInteger(String(value)), value)
      assert.is(longFromText(String(value)), value)
      assert.is(longFromText(`${value}.000`), value)
    }),
  )
  assert.is(longFromText(String(LONGEST + 1n)), undefined)
  assert.is(longFromText(String(-LONGEST - 1n)), undefined)
  assert.is(longFromPlainInteger(String(LONGEST + 1n)), undefined)
})

test('a long may be written with a sign, zeros or an exponent, never with a fraction', () => {
  const cases: [string, bigint | undefined][] = [
    ['+5', 5n],
    ['007', 7n],
    ['-0', 0n],
    ['3.0', 3n],
    ['3.', 3n],
    ['1e3', 1000n],
    ['1.5e1', 15n],
    ['3.5', undefined],
    ['1e300', undefined],
    ['', undefined],
    ['abc', undefined],
    ['9'.repeat(100_000), undefined],
  ]
  for (const [text, value] of cases) assert.is(longFromText(text), value, text.slice(0, 20))
})

test('integers, codes, decimal commas and spelled-out numbers are told apart', () => {
  for (const text of ['0', '7', '-12', '1234567890123456789012']) assert.ok(isPlainInteger(text), text)
  for (const text of ['', '-0', '00', '012', '+1', '1.0', '1e3', '-', ' 1']) assert.not.ok(isPlainInteger(text), text)
  for (const text of ['040000', '00', '007']) assert.ok(hasLeadingZero(text), text)
  for (const text of ['0', '10', '0.5', '-07', '0a']) assert.not.ok(hasLeadingZero(text), text)
  for (const text of ['1,5', '-1,5', '1.234,56', '0,5e3']) assert.ok(hasDecimalComma(text), text)
  for (const text of ['1.5', 'a,5', '1,', ',5', '1, 5', '1,2,3']) assert.not.ok(hasDecimalComma(text), text)
  for (const text of ['NaN', 'nan', '-nan', '-nan(ind)', 'NAN']) assert.ok(isSpelledNaN(text), text)
  for (const text of ['Infinity', '-inf', '+INF']) assert.ok(isSpelledInfinity(text), text)
  for (const text of ['nano', 'information', 'n']) assert.not.ok(isSpelledNaN(text) || isSpelledInfinity(text), text)
})

test('integers beyond 2^53 are known to need more than a double', () => {
  assert.ok(fitsDouble(2n ** 53n))
  assert.not.ok(fitsDouble(2n ** 53n + 1n))
  assert.ok(fitsDouble(2n ** 60n))
})

test.run()
