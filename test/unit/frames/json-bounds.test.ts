import * as fc from 'fast-check'
import * as assert from 'uvu/assert'
import { JsonBounds, MAX_NAMES } from '../../../src/frames/json-bounds.js'
import { test } from '../../support/test.js'

function countValues(text: string, maxValues: number, depth?: number): number {
  const bounds = new JsonBounds(maxValues)
  bounds.take(text, depth)
  return bounds.values
}

function counted(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const inside = Object.values(value)
  return Math.max(1, inside.length) + inside.reduce<number>((sum, item) => sum + counted(item), 0)
}

test('members and items are counted as the parsed value has them, whatever the text in them', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(undefined, 1), (value, indent) => {
      assert.is(countValues(JSON.stringify(value, undefined, indent), 1e9), counted(value))
    }),
    { numRuns: 500 },
  )
})

test('escapes before a quote do not hide the end of a string', () => {
  for (const text of ['\\', '\\\\', '"', '\\"', 'a\\', '\\\\"'])
    assert.is(countValues(JSON.stringify([text, text]), 2), 2, text)
})

test('text that is no JSON ends', () => {
  for (const text of ['"', '"\\', '"\\"', '[', ']]]]', '', '{"a', ',,,']) assert.ok(countValues(text, 100) >= 0, text)
})

test('one too many is refused, and so is one level too many', () => {
  assert.is(countValues('[1,2,3]', 3), 3)
  assert.throws(() => countValues('[1,2,3]', 2), /more than 2 members/)
  assert.throws(() => countValues('[[],[]]', 2), /more than 2 members/)
  const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)
  assert.is(countValues(nested(64), 100), 64)
  assert.throws(() => countValues(nested(65), 100), /nested deeper than 64/)
  assert.throws(() => countValues(nested(64), 100, 1), /nested deeper than 64/)
})

test('different names are counted over all texts of a body, and the same one once', () => {
  const members = (from: number, to: number) =>
    `{${Array.from({ length: to - from }, (_, i) => `"k${from + i}" : "v${i}"`).join(',')}}`
  const bounds = new JsonBounds()
  bounds.take(members(0, MAX_NAMES))
  bounds.take(members(0, MAX_NAMES))
  assert.throws(() => bounds.take(members(MAX_NAMES, MAX_NAMES + 1)), /more than 10000 different names/)
  const text = JSON.stringify(Array.from({ length: 2 * MAX_NAMES }, (_, i) => `k${i}":`))
  new JsonBounds().take(text)
})

test.run()
