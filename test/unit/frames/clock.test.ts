import * as assert from 'uvu/assert'
import { ClockReader, microsOfDate } from '../../../src/frames/clock.js'
import { test } from '../../support/test.js'

const HOUR = 3600e6
const MINUTE = 60e6

test('a date is read with dashes, without, and as the double it was saved as', () => {
  const day = Date.UTC(2024, 10, 28) * 1000
  for (const text of ['2024-11-28', '20241128', '20241128.0', '20241128.']) assert.is(microsOfDate(text), day, text)
  for (const text of ['2024-1128', '20241131', '2024-11-28T00:00', '241128', '20241128.5', '', '19791231', '21000101'])
    assert.is(microsOfDate(text), undefined, text)
})

test('a time of day is HHMMSS from five digits on and HHMM up to four, leading zeros or not', () => {
  const cases: [string, number][] = [
    ['040000', 4 * HOUR],
    ['40000', 4 * HOUR],
    ['235959', 23 * HOUR + 59 * MINUTE + 59e6],
    ['2200', 22 * HOUR],
    ['2200.0', 22 * HOUR],
    ['930', 9 * HOUR + 30 * MINUTE],
    ['0930', 9 * HOUR + 30 * MINUTE],
    ['30', 30 * MINUTE],
    ['0', 0],
    ['0.0', 0],
    ['000000', 0],
    ['9:30', 9 * HOUR + 30 * MINUTE],
    ['09:30:15', 9 * HOUR + 30 * MINUTE + 15e6],
  ]
  for (const [text, micros] of cases) assert.is(new ClockReader().micros(text), micros, text)
  for (const text of ['2400', '2260', '240000', '126000', '120060', '1234567', '12.5', 'noon', '', '-930', '9:5'])
    assert.is(new ClockReader().micros(text), undefined, text)
})

test('bars every five minutes keep their times when the zeros of HHMMSS were lost', () => {
  const clock = new ClockReader()
  const read = ['235500', '0', '500', '1000', '5500', '10000'].map((text) => clock.micros(text))
  assert.equal(read, [23 * HOUR + 55 * MINUTE, 0, 5 * MINUTE, 10 * MINUTE, 55 * MINUTE, HOUR])
})

test('a frame that began as HHMM is not continued as HHMMSS', () => {
  const clock = new ClockReader()
  assert.is(clock.micros('0'), 0)
  assert.is(clock.micros('500'), 5 * HOUR)
  assert.is(clock.micros('10000'), undefined)
  assert.is(clock.micros('000930'), undefined)
  assert.is(clock.micros('0930'), 9 * HOUR + 30 * MINUTE)
})

test.run()
