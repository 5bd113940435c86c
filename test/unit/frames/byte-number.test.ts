import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { doubleFromBytes, wholeFromBytes } from '../../../src/frames/byte-number.js'
import { microsFromBytes } from '../../../src/frames/byte-time.js'
import { isPlainInteger, numberFromText } from '../../../src/frames/number.js'
import { microsFromText } from '../../../src/frames/time.js'
import { test } from '../../support/test.js'

function double(text: string): number {
  return within(text, doubleFromBytes)
}

/** Reads the text where it stands in the middle of others, as a cell does. */
function within(text: string, read: (bytes: Uint8Array, start: number, end: number) => number): number {
  const bytes = Buffer.from(`12.5,${text},98`)
  return read(bytes, 5, bytes.length - 3)
}

/** NaN stands for "read the text instead", which is always allowed; anything else must be what the text means. */
function sameOrNotTaken(read: number, meant: number, text: string): void {
  if (!Number.isNaN(read)) assert.ok(Object.is(read, meant), `${text} was read as ${read} instead of ${meant}`)
}

const spelledDoubles = fc
  .tuple(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer({ min: 0, max: 5 }),
    fc.integer({ min: 1, max: 21 }),
  )
  .map(([value, way, digits]) => {
    if (way === 0) return String(value)
    if (way === 1) return value.toPrecision(digits)
    if (way === 2) return (value % 1e6).toFixed(digits - 1)
    if (way === 3) return value.toExponential(digits - 1)
    if (way === 4) return String(value % 1e5)
    return String(Math.trunc(value))
  })

test('a number read from its bytes is the very double that its text means', () => {
  fc.assert(
    fc.property(spelledDoubles, (text) => sameOrNotTaken(double(text), numberFromText(text), text)),
    { numRuns: 20_000 },
  )
})

test('digits around the middle between two doubles are rounded as their text is', () => {
  const near = fc.tuple(
    fc.bigInt({ min: 2n ** 52n, max: 2n ** 53n }),
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: -2, max: 2 }),
  )
  fc.assert(
    fc.property(near, ([mantissa, shift, off]) => {
      // The exact decimal of a double's middle to the next one, and its neighbours in the last place.
      const tenths = (mantissa * 2n + 1n) * 5n + BigInt(off)
      const digits = String(tenths)
      const text = `${digits.slice(0, -shift)}.${digits.slice(-shift)}`
      sameOrNotTaken(double(text), Number(text), text)
    }),
    { numRuns: 20_000 },
  )
})

test('what measured frames hold is read from bytes, not by way of text', () => {
  for (const text of [
    '95210.7',
    '98364.88480408132',
    '-0.00012345678901234567',
    '0',
    '-0',
    '1732831200000',
    '1.5e-7',
    '.5',
    '5.',
  ])
    assert.ok(Object.is(double(text), Number(text)), text)
  let taken = 0
  for (let i = 0; i < 10_000; i++) {
    const value = 95_000 + 4_000 * Math.sin(i)
    const read = double(String(value))
    sameOrNotTaken(read, value, String(value))
    if (!Number.isNaN(read)) taken++
  }
  assert.is(taken, 10_000)
})

test('what is no plain number is left to the rules for text', () => {
  for (const text of [
    '',
    '-',
    '.',
    '-.',
    'e5',
    '1e',
    '1e+',
    '1.2.3',
    '1,5',
    '0x10',
    'NaN',
    'inf',
    ' 1',
    '1 ',
    '+1',
    '1e1000',
    '--1',
    '12345678901234567',
  ])
    assert.ok(Number.isNaN(double(text)), text)
  for (const text of ['', '-', '01', '-0', '1.0', '1e3', '+1', '12345678901234567', '9007199254740993'])
    assert.ok(Number.isNaN(within(text, wholeFromBytes)), text)
})

test('a whole number read from its bytes is the one printed so', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }), (value) => {
      const read = within(String(value), wholeFromBytes)
      assert.ok(isPlainInteger(String(value)))
      if (value >= -(2n ** 53n) + 1n && value <= 2n ** 53n - 1n) assert.is(read, Number(value))
      else assert.ok(Number.isNaN(read))
    }),
  )
})

const times = fc
  .tuple(
    fc.date({ min: new Date('1970-01-01'), max: new Date('2110-01-01'), noInvalidDate: true }),
    fc.nat(999),
    fc.nat(7),
  )
  .map(([date, micros, way]) => {
    const iso = date.toISOString()
    const fine = `${iso.slice(0, -1)}${String(micros).padStart(3, '0')}`
    const millis = date.getTime()
    return [
      iso,
      fine,
      `${fine}Z`,
      iso.slice(0, 19),
      iso.replace('T', ' '),
      String(millis),
      String(Math.floor(millis / 1000)),
      `${millis}${micros}`,
    ][way] as string
  })

test('a time read from its bytes is the instant that its text means', () => {
  fc.assert(
    fc.property(times, fc.constantFrom(undefined, 's' as const, 'ms' as const, 'us' as const), (text, unit) => {
      const read = within(text, (bytes, start, end) => microsFromBytes(bytes, start, end, unit))
      const meant = microsFromText(text, unit)
      if (meant === undefined) assert.ok(Number.isNaN(read), text)
      else sameOrNotTaken(read, meant, text)
    }),
    { numRuns: 5_000 },
  )
})

test('a day, a time of day or a fraction that does not exist is left to the rules for text', () => {
  const wrong = [
    '2023-02-29T00:00:00Z',
    '2024-13-01T00:00:00',
    '2024-00-10T00:00:00',
    '2024-04-31 00:00:00',
    '2024-04-01T24:00:00',
    '2024-04-01T00:60:00',
    '2024-04-01T00:00:60',
    '2024-04-01T00:00:00.',
    '2024-04-01T00:00:00.1234567',
    '2024-04-01T00:00:0x',
    '2024-04-01T00:00:00+02:00',
    '1979-12-31T23:59:59Z',
    '2100-01-01T00:00:00Z',
    '2024-04-01',
    '2024/04/01T00:00:00Z',
  ]
  for (const text of wrong)
    assert.ok(Number.isNaN(within(text, (bytes, start, end) => microsFromBytes(bytes, start, end, undefined))), text)
  for (const text of [
    '2024-02-29T00:00:00Z',
    '2024-04-01T04:00:00',
    '2099-12-31 23:59:59.999999',
    '2000-02-29T12:00:00.5Z',
  ])
    assert.is(
      within(text, (bytes, start, end) => microsFromBytes(bytes, start, end, undefined)),
      microsFromText(text),
      text,
    )
})

test.run()
