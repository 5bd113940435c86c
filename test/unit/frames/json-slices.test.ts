/** Long JSON, parsed piece by piece. */
import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { assembled, slicesOf } from '../../../src/frames/json-slices.js'
import { test } from '../../support/test.js'

/** What the slices make, and how many of them there were. */
async function inSlices(text: string): Promise<{ value: unknown; turns: number } | undefined> {
  const slices = slicesOf(text)
  let turns = 0
  const turn = async () => void turns++
  return slices && { value: await assembled(text, slices, turn), turns }
}

const many = (count: number, item: unknown) => Array.from({ length: count }, () => item)
const LONG = 'text with "quotes", [brackets], {braces}: \\ and commas, '.repeat(2000)

test('long JSON is the same in slices as at once, and no slice is long', async () => {
  const values: unknown[] = [
    many(100_000, 1),
    many(50_000, {}),
    many(50_000, [[]]),
    { config: { x: many(100_000, 1) }, after: 1 },
    { before: [], a: many(20_000, { b: 'c,]}"' }), between: { d: {} }, e: { f: many(20_000, null) }, after: [LONG] },
    [many(20_000, 'a'), 1, many(20_000, 'b'), many(20_000, 'c'), [], {}],
    Object.fromEntries(many(9_000, 0).map((_, i) => [`k"${i}`, { 7: i, a: 'b', 3: i }])),
    [LONG, LONG],
    { [LONG]: { [LONG]: many(20_000, 1) } },
  ]
  for (const value of values)
    for (const indent of [undefined, 1]) {
      const text = JSON.stringify(value, undefined, indent)
      const made = await inSlices(text)
      assert.is(JSON.stringify(made?.value), JSON.stringify(JSON.parse(text)))
      assert.ok((made?.turns ?? 0) >= Math.min(text.length, 100_000) / 2 / (LONG.length + (32 << 10)))
    }
  assert.ok(((await inSlices(JSON.stringify(many(500_000, 1))))?.turns ?? 0) >= 30)
  assert.is((await inSlices(`{"a": [${' '.repeat(100_000)}], "b" :{${' '.repeat(100_000)}} }`))?.turns, 2)
})

test('short JSON has no place to be cut at', async () => {
  for (const value of [{}, [], { a: [1, { b: 2 }] }]) assert.is(await inSlices(JSON.stringify(value)), undefined)
})

test('whatever the values are, slices lose and change nothing', async () => {
  const item = fc.json({ maxDepth: 4 }).map((text) => JSON.parse(text.replaceAll('__proto__', 'proto')))
  const long = fc.array(fc.tuple(item, fc.integer({ min: 1, max: 4000 })), { minLength: 1, maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(long, async (parts) => {
      const value = parts.map(([one, times], i) => (i % 2 ? { [`m${i}`]: many(times, one), one } : many(times, one)))
      const text = JSON.stringify({ value, ...value })
      assert.is(JSON.stringify((await inSlices(text))?.value ?? JSON.parse(text)), JSON.stringify(JSON.parse(text)))
    }),
    { numRuns: 60 },
  )
})

test.run()
