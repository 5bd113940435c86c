import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { DomainError } from '../../../src/errors.js'
import { unescapeString } from '../../../src/frames/unescape.js'
import { test } from '../../support/test.js'

test('CSV text comes out of a JSON string as it was', async () => {
  const csv = 'ts,note\r\n1704067200,"a ""b"" \\ / \u00e9 \u20ac \ud83d\ude00"\n\t\b\f'
  assert.is(await plainText(JSON.stringify(csv)), csv)
  assert.is(await plainText('"\\u0074\\u00E9\\u20ac\\uD83D\\ude00\\/"'), 't\u00e9\u20ac\ud83d\ude00/')
  assert.is(await plainText('""'), '')
  const long = 'a'.repeat(1000)
  assert.is(await plainText(JSON.stringify(`${long}\n${long}`)), `${long}\n${long}`)
})

test('any text, with any of its characters escaped, in any chunks, comes out as JSON.parse has it', async () => {
  const wellFormed = fc.string({ unit: 'binary', maxLength: 40 }).filter((text) => !/\p{Surrogate}/u.test(text))
  const text = fc.oneof(
    wellFormed,
    fc.string({ unit: fc.constantFrom('\n', '"', '\\', '\u00e9', '\ud83d\ude00', 'u', 'a'), maxLength: 120 }),
  )
  await fc.assert(
    fc.asyncProperty(text, fc.array(fc.nat(3)), fc.array(fc.nat(400)), async (text, how, cuts) => {
      const units = text.split('').map((unit, i) => escapeUnit(unit, how[i % Math.max(1, how.length)] ?? 0))
      const json = Buffer.from(wholePairs(text, units))
      assert.is(JSON.parse(json.toString()), text)
      assert.is(await plainText(json, cuts), text)
    }),
    { numRuns: 2000 },
  )
})

test('what JSON refuses is refused, with its byte', async () => {
  const cases: [string, RegExp][] = [
    ['', /^byte 0: the string ends early: its closing quote is missing/],
    ['abc"', /^byte 0: expected a string/],
    ['"abc', /^byte 4: the string ends early/],
    ['"abc\\"', /^byte 6: the string ends early/],
    ['"ab\\', /^byte 4: the string ends early/],
    ['"ab\\u00', /^byte 7: the string ends early/],
    ['"ab" ', /^byte 4: text follows the closing quote/],
    ['"a\nb"', /^byte 2: a control character must be escaped/],
    ['"a\\x"', /^byte 2: this escape is not known in JSON/],
    ['"a\\u12g4"', /^byte 2: \\u must be followed by four hexadecimal digits/],
    ['"a\\ud83d"', /^byte 2: half of a surrogate pair stands alone/],
    ['"a\\ud83db"', /^byte 2: half of a surrogate pair stands alone/],
    ['"a\\ud83d\\n"', /^byte 2: half of a surrogate pair stands alone/],
    ['"a\\ud83d\\u0041"', /^byte 2: half of a surrogate pair stands alone/],
    ['"a\\ud83d\\ud83d\\ude00"', /^byte 2: half of a surrogate pair stands alone/],
    ['"a\\ude00"', /^byte 2: half of a surrogate pair stands alone/],
  ]
  for (const [json, message] of cases) {
    const every = Array.from({ length: json.length }, (_, i) => i)
    for (const cuts of [[], every, [3], [4], [8], [9]]) {
      const error = await failure(json, cuts)
      assert.is(error.code, 'JSON_MALFORMED')
      assert.match(error.message, message)
      assert.is((error.details as { byte: number }).byte, Number(/^byte (\d+)/.exec(error.message)?.[1]))
    }
  }
})

test('bytes are counted from where the string stands in its body', async () => {
  const error = await failure('"a\\x"', [2], 1000)
  assert.equal(error.details, { byte: 1002 })
})

test('a chunk never grows', async () => {
  async function* source() {
    yield Buffer.from('"')
    for (let i = 0; i < 1000; i++) yield Buffer.from('\\u20ac')
    yield Buffer.from('"')
  }
  for await (const text of unescapeString(source())) assert.ok(text.length <= 6)
})

/** 0 and 1: as JSON.stringify writes it, 2: \uxxxx, 3: \uXXXX. */
function escapeUnit(unit: string, how: number): string {
  if (how < 2) return JSON.stringify(unit).slice(1, -1)
  const hex = unit.charCodeAt(0).toString(16).padStart(4, '0')
  return `\\u${how === 2 ? hex : hex.toUpperCase()}`
}

/** Half a pair can't stand raw beside an escaped half: such pairs are written raw as a whole. */
function wholePairs(text: string, units: string[]): string {
  const out = [...units]
  for (let i = 0; i + 1 < text.length; i++) {
    const pair = text.slice(i, i + 2)
    if (pair.codePointAt(0) === pair.charCodeAt(0)) continue
    if (
      units[i]?.toLowerCase() !== escapeUnit(pair[0] as string, 2) ||
      units[i + 1]?.toLowerCase() !== escapeUnit(pair[1] as string, 2)
    ) {
      out[i] = pair
      out[i + 1] = ''
    }
  }
  return `"${out.join('')}"`
}

async function* cut(bytes: Buffer, cuts: number[]): AsyncGenerator<Buffer> {
  const places = [0, ...cuts.filter((at) => at < bytes.length).sort((a, b) => a - b), bytes.length]
  for (let i = 1; i < places.length; i++) yield bytes.subarray(places[i - 1], places[i])
}

async function plainText(json: string | Buffer, cuts: number[] = [], firstByte = 0): Promise<string> {
  const parts: Uint8Array[] = []
  for await (const text of unescapeString(cut(Buffer.from(json), cuts), firstByte)) parts.push(text)
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(parts))
}

async function failure(json: string, cuts: number[], firstByte = 0): Promise<DomainError> {
  try {
    await plainText(json, cuts, firstByte)
  } catch (error) {
    if (error instanceof DomainError) return error
    throw error
  }
  throw new Error(`nothing was thrown for ${json}`)
}

test.run()
