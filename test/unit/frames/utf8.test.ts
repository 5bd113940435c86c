import { isUtf8 } from 'node:buffer'
import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { Utf8Gate } from '../../../src/frames/utf8.js'
import { test } from '../../support/test.js'

/** What passes the gate, whether it stopped for broken text, and whether the source could end there. */
function pass(chunks: readonly Buffer[]): { text: Buffer; good: boolean } {
  const gate = new Utf8Gate()
  const texts: Buffer[] = []
  for (const chunk of chunks) {
    const { text, broken } = gate.push(chunk)
    texts.push(Buffer.from(text))
    assert.ok(isUtf8(text))
    if (broken) return { text: Buffer.concat(texts), good: false }
  }
  return { text: Buffer.concat(texts), good: gate.end() }
}

function cut(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...cuts.filter((at) => at < bytes.length).sort((a, b) => a - b), bytes.length]
  return places.slice(1).map((end, i) => bytes.subarray(places[i], end))
}

/** The longest valid beginning, found the slow way. */
function validBeginning(bytes: Buffer): Buffer {
  let end = bytes.length
  while (!isUtf8(bytes.subarray(0, end))) end--
  return bytes.subarray(0, end)
}

test('valid text passes whole, however its characters are cut', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.array(fc.nat(60)), (text, cuts) => {
      const bytes = Buffer.from(text)
      assert.equal(pass(cut(bytes, cuts)), { text: bytes, good: true })
    }),
  )
})

test('of broken text the valid beginning passes and no more', () => {
  const piece = fc.oneof(
    fc.constantFrom('a', '\n', 'é', '€', '😀').map((text) => Buffer.from(text)),
    fc
      .constantFrom(
        [0xff],
        [0xc3],
        [0x80],
        [0xe2, 0x82],
        [0xf0, 0x9f, 0x98],
        [0xed, 0xa0, 0x80],
        [0xc0, 0x80],
        [0xf5, 0x80, 0x80, 0x80],
      )
      .map(Buffer.from),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.array(fc.nat(40)), (pieces, cuts) => {
      const bytes = Buffer.concat(pieces)
      const { text, good } = pass(cut(bytes, cuts))
      assert.is(good, isUtf8(bytes))
      assert.equal(text, validBeginning(bytes))
    }),
    { numRuns: 3000 },
  )
})

test.run()
