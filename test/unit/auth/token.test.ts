/** The form of a token. */
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { hashToken, isWellFormed, newToken } from '../../../src/auth/token.js'
import { test } from '../../support/test.js'

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** CRC-32 as the ZIP specification has it, bit by bit. */
function crc32(text: string): number {
  let crc = 0xffffffff
  for (const byte of Buffer.from(text)) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return (crc ^ 0xffffffff) >>> 0
}

test('a token is st1_, 30 random characters and their CRC-32 in 6, so that a scanner can tell a leaked one', () => {
  for (let i = 0; i < 200; i++) {
    const token = newToken()
    const [, random, check] = /^st1_([0-9A-Za-z]{30})([0-9A-Za-z]{6})$/.exec(token) ?? []
    assert.ok(random && check, token)
    const value = [...check].reduce((sum, digit) => sum * 62 + BASE62.indexOf(digit), 0)
    assert.is(value, crc32(random), token)
    assert.ok(isWellFormed(token))
  }
})

test('tokens are never the same, and use all 62 characters', () => {
  const tokens = Array.from({ length: 500 }, newToken)
  assert.is(new Set(tokens).size, 500)
  assert.is(new Set(tokens.map((token) => token.slice(4, 34)).join('')).size, 62)
})

test('one wrong character is noticed without asking the database', () => {
  const place = fc.integer({ min: 4, max: 39 })
  fc.assert(
    fc.property(place, fc.constantFrom(...BASE62), (at, character) => {
      const token = newToken()
      const mistyped = token.slice(0, at) + character + token.slice(at + 1)
      assert.is(isWellFormed(mistyped), mistyped === token)
    }),
    { numRuns: 500 },
  )
})

test('anything else is no token', () => {
  const token = newToken()
  const others = ['', 'st1_', token.slice(0, -1), `${token}a`, ` ${token}`, `${token}\n`, token.toUpperCase()]
  for (const other of [...others, token.replace('st1_', 'st2_'), `Bearer ${token}`, '\0', 'x'.repeat(1_000_000)]) {
    assert.not(isWellFormed(other), JSON.stringify(other.slice(0, 60)))
  }
})

test('a token is known by its SHA-256 only', () => {
  const token = newToken()
  assert.equal(hashToken(token), createHash('sha256').update(token, 'utf8').digest())
})

test.run()
