import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { DomainError } from '../../../src/errors.js'
import {
  microsFromIso,
  microsFromNumber,
  microsFromText,
  microsToIso,
  microsToMillis,
  optionalTimeToMillis,
  type TimeUnit,
  timeToMicros,
  timeToMillis,
  unitOf,
} from '../../../src/frames/time.js'
import { test } from '../../support/test.js'

const FIRST_SECOND = Date.UTC(1980, 0, 1) / 1000
const END_SECOND = Date.UTC(2100, 0, 1) / 1000
const NOON = Date.UTC(2024, 3, 1, 12) * 1000

const second = fc.integer({ min: FIRST_SECOND, max: END_SECOND - 1 })
const milli = fc.integer({ min: FIRST_SECOND * 1000, max: END_SECOND * 1000 - 1 })
const micro = fc.tuple(second, fc.integer({ min: 0, max: 999_999 })).map(([s, us]) => s * 1e6 + us)

test('an instant gives the same microseconds in every unit and every spelling', () => {
  fc.assert(
    fc.property(second, (s) => {
      const us = s * 1e6
      const iso = new Date(s * 1000).toISOString()
      const spellings = [s, s * 1e3, s * 1e6, s * 1e9, BigInt(s), BigInt(s) * 1_000_000_000n]
      for (const value of [...spellings, ...spellings.map(String), `${s}.0`, iso, iso.replace('T', ' ').slice(0, 19)])
        assert.is(timeToMicros(value, undefined, {}), us, String(value))
    }),
  )
})

test('milliseconds turned into nanoseconds in a JavaScript number come back exactly', () => {
  fc.assert(fc.property(milli, (ms) => assert.is(microsFromNumber(ms * 1e6), ms * 1e3)))
})

test('microseconds survive as nanoseconds, whether a rounded number or exact digits', () => {
  fc.assert(
    fc.property(micro, fc.integer({ min: 0, max: 999 }), (us, ns) => {
      const nanos = BigInt(us) * 1000n
      assert.is(microsFromNumber(Number(nanos)), us)
      assert.is(microsFromText(String(nanos + BigInt(ns))), us)
      assert.is(timeToMicros(nanos + BigInt(ns), 'ns', {}), us)
    }),
  )
})

test('a fraction of seconds or milliseconds keeps its microseconds', () => {
  fc.assert(
    fc.property(micro, (us) => {
      const fraction = String(us % 1e6).padStart(6, '0')
      assert.is(microsFromNumber(us / 1e6), us)
      assert.is(microsFromNumber(us / 1e3), us)
      assert.is(microsFromText(`${Math.floor(us / 1e6)}.${fraction}987`), us)
      assert.is(microsFromText(`${Math.floor(us / 1e3)}.${fraction.slice(3)}`), us)
    }),
  )
})

test('time written out as ISO text reads back as the same time', () => {
  fc.assert(
    fc.property(micro, (us) => {
      assert.is(microsFromIso(microsToIso(us)), us)
      assert.is(microsToIso(us).length, us % 1000 === 0 ? 24 : 27)
      assert.is(microsToMillis(BigInt(us)), Math.floor(us / 1000))
    }),
  )
})

test('each unit takes 1980 up to, and not including, 2100', () => {
  const units: [TimeUnit, bigint][] = [
    ['s', 1n],
    ['ms', 1000n],
    ['us', 1_000_000n],
    ['ns', 1_000_000_000n],
  ]
  for (const [unit, per] of units) {
    const first = BigInt(FIRST_SECOND) * per
    const end = BigInt(END_SECOND) * per
    assert.is(microsFromText(String(first), unit), FIRST_SECOND * 1e6)
    assert.is(microsFromText(String(first - 1n), unit), undefined)
    assert.ok((microsFromText(String(end - 1n), unit) as number) < END_SECOND * 1e6, unit)
    assert.ok((microsFromText(String(end - 1n), unit) as number) >= (END_SECOND - 1) * 1e6, unit)
    assert.is(microsFromText(String(end), unit), undefined)
    assert.is(unitOf(Number(first)), unit)
    assert.is(microsFromNumber(Number(end)), undefined)
  }
  assert.is(microsFromIso('1979-12-31T23:59:59.999999Z'), undefined)
  assert.is(microsFromIso('1980-01-01'), FIRST_SECOND * 1e6)
  assert.is(microsFromIso('2099-12-31T23:59:59.999999999Z'), END_SECOND * 1e6 - 1)
  assert.is(microsFromIso('2100-01-01'), undefined)
})

test('every number is in one unit at most, and never in the declared one when it is in another', () => {
  const anything = fc.oneof(fc.double({ noNaN: true }), fc.maxSafeInteger(), milli, micro)
  fc.assert(
    fc.property(anything, fc.constantFrom<TimeUnit>('s', 'ms', 'us', 'ns'), (value, unit) => {
      const micros = microsFromNumber(value, unit)
      if (micros === undefined) return
      assert.is(unitOf(value), unit)
      assert.is(microsFromNumber(value), micros)
      assert.ok(Number.isSafeInteger(micros))
    }),
  )
})

test('ISO text is understood as people and databases write it', () => {
  const cases: [string, number][] = [
    ['2024-04-01T12:00:00Z', NOON],
    ['2024-04-01 12:00:00', NOON],
    ['2024-04-01T12:00', NOON],
    ['2024-04-01t12:00:00z', NOON],
    ['2024-04-01T12:00:00.5Z', NOON + 500_000],
    ['2024-04-01T12:00:00.000001Z', NOON + 1],
    ['2024-04-01T12:00:00.123456789Z', NOON + 123_456],
    ['2024-04-01T14:00:00+02', NOON],
    ['2024-04-01T14:00:00+0200', NOON],
    ['2024-04-01T06:30:00-05:30', NOON],
    ['2024-04-01T12:00:00.000000Z', NOON],
    ['2024-04-01', NOON - 12 * 3600e6],
    ['2024-02-29', Date.UTC(2024, 1, 29) * 1000],
  ]
  for (const [text, micros] of cases) assert.is(microsFromText(text), micros, text)
})

test('text that only resembles a time is refused', () => {
  const wrong = [
    '2023-02-29',
    '2024-04-31',
    '2024-04-00',
    '0085-01-01',
    '2024-13-01',
    '2024-04-01T24:00:00Z',
    '2024-04-01T12:60:00Z',
    '2024-04-01T12:00:60Z',
    '2024-04-01T12',
    '2024-04-01T12:00:00.Z',
    '2024-04-01T12:00:00.1234567890Z',
    '2024-04-01T12:00:00+25:00',
    '2024-04-01T',
    '2024-4-1',
    '24-04-01',
    '01.04.2024',
    ' 2024-04-01',
    'yesterday',
    '',
    'NaN',
    '1.7040672e9',
    '0x65920080',
    '+1704067200',
    '01704067200',
    '1704067200,5',
  ]
  for (const text of wrong) assert.is(microsFromText(text), undefined, text)
})

test('a number out of range is told what it would have been', () => {
  const cases: [unknown, TimeUnit | undefined, string][] = [
    [
      100000000000,
      undefined,
      'timestamp 100000000000 is in no unit between 1980 and 2100; read as milliseconds it would be 1973-03-03',
    ],
    [0, undefined, 'timestamp 0 is in no unit between 1980 and 2100; read as seconds it would be 1970-01-01'],
    [-5, undefined, 'timestamp -5 is in no unit between 1980 and 2100; read as seconds it would be 1969-12-31'],
    [
      '1704067200000000000000',
      undefined,
      'timestamp 1704067200000000000000 is in no unit between 1980 and 2100; read as nanoseconds it would be in the year 55969',
    ],
    [
      1e300,
      undefined,
      'timestamp 1e+300 is in no unit between 1980 and 2100; read as nanoseconds it would be beyond any calendar',
    ],
    [
      1704067200000,
      's',
      'timestamp 1704067200000 does not fit the declared unit, seconds (it would be in the year 55969); it looks like milliseconds, which gives 2024-01-01',
    ],
    [
      '1704067200000000001',
      's',
      'timestamp 1704067200000000001 does not fit the declared unit, seconds (it would be beyond any calendar); it looks like nanoseconds, which gives 2024-01-01',
    ],
    [
      1704067200,
      'ms',
      'timestamp 1704067200 does not fit the declared unit, milliseconds (it would be 1970-01-20); it looks like seconds, which gives 2024-01-01',
    ],
    [5, 'us', 'timestamp 5 is in no unit between 1980 and 2100; read as microseconds it would be 1970-01-01'],
    ['1970-01-01T00:00:00Z', undefined, 'timestamp 1970-01-01T00:00:00Z is not between 1980 and 2100'],
  ]
  for (const [value, unit, sentence] of cases) {
    const error = failure(() => timeToMicros(value, unit, { line: 57, column: 'time' }))
    assert.is(error.code, 'TIMESTAMP_OUT_OF_RANGE', String(value))
    assert.is(error.message, `line 57, column "time": ${sentence}`)
    assert.equal(error.details, { line: 57, column: 'time', value, expected: 'a time from 1980 up to 2100' })
  }
})

test('what is no time at all is refused with its place, by a code that fits the place', () => {
  for (const value of ['abc', true, null, undefined, {}, [], Number.NaN, Number.POSITIVE_INFINITY, '']) {
    const inFrame = failure(() => timeToMicros(value, undefined, { row: 3, column: 'timestamp' }))
    assert.is(inFrame.code, 'CELL_INVALID', String(value))
    assert.match(inFrame.message, /^row 3, column "timestamp": expected a time: seconds, /)
    const inRequest = failure(() => timeToMicros(value, undefined, { pointer: '/first_ohlcv_ts' }))
    assert.is(inRequest.code, 'REQUEST_INVALID')
    assert.match(inRequest.message, /^\/first_ohlcv_ts: expected a time/)
  }
  const fraction = failure(() => timeToMicros('1704067200000000.5', undefined, {}))
  assert.is(fraction.code, 'CELL_INVALID')
  assert.match(fraction.message, /expected whole microseconds \(only seconds and milliseconds may have a fraction\)/)
  assert.is(timeToMicros('1704067200000000.0', undefined, {}), 1704067200e6)
})

test('a time that may be unknown is null when it is', () => {
  for (const unknown of [0, '0', 0n, '', null, undefined]) assert.is(optionalTimeToMillis(unknown), null)
  assert.is(optionalTimeToMillis(1704067200), 1704067200000)
  assert.is(optionalTimeToMillis(1704067200000), 1704067200000)
  assert.is(optionalTimeToMillis('2024-01-01T00:00:00.123999Z'), 1704067200123)
  assert.is(timeToMillis('2024-01-01'), 1704067200000)
  const error = failure(() => optionalTimeToMillis(-1, { pointer: '/first_ohlcv_ts' }))
  assert.is(error.code, 'TIMESTAMP_OUT_OF_RANGE')
  assert.match(error.message, /^\/first_ohlcv_ts: timestamp -1 /)
})

function failure(work: () => unknown): DomainError {
  try {
    work()
  } catch (error) {
    if (error instanceof DomainError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

test.run()
