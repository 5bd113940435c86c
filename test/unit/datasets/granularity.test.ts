import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { canonicalGranularity, granularityMs } from '../../../src/datasets/granularity.js'
import { test } from '../../support/test.js'

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

test('the spellings that the desktop writes are lengths in milliseconds', () => {
  const lengths = ['1m', '5m', '15m', '30m', '1h', '4h', '1d'].map(granularityMs)
  assert.equal(lengths, [60_000, 300_000, 900_000, 1_800_000, 3_600_000, 14_400_000, 86_400_000])
  assert.is(granularityMs('3600000ms'), 3_600_000)
})

test('a length has one spelling, however it was written', () => {
  const cases: [string, string][] = [
    ['240m', '4h'],
    ['60min', '1h'],
    ['60 MIN', '1h'],
    ['3600s', '1h'],
    ['3600sec', '1h'],
    ['3600000ms', '1h'],
    ['24H', '1d'],
    [' 15m ', '15m'],
    ['90m', '90m'],
    ['1w', '7d'],
    ['1500ms', '1500ms'],
  ]
  for (const [written, canonical] of cases) assert.is(canonicalGranularity(written), canonical, written)
})

test('text that is no length stays as it is and is 0 ms long', () => {
  for (const text of ['unknown', '', 'tick', '0m', '1.5h', '-5m', 'h', '4 h x', '1e3m', '9999999999999m']) {
    assert.is(canonicalGranularity(text), text)
    assert.is(granularityMs(text), 0, text)
  }
})

test('a canonical spelling says the same length and is its own canonical spelling', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.constantFrom(...Object.keys(UNITS)), (count, unit) => {
      const length = count * UNITS[unit as keyof typeof UNITS]
      const canonical = canonicalGranularity(`${count}${unit}`)
      assert.is(granularityMs(canonical), length)
      assert.is(canonicalGranularity(canonical), canonical)
    }),
  )
})

test.run()
