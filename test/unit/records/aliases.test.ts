import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { mirrored, withAliases, withoutAliases } from '../../../src/records/aliases.js'
import { HYPERPARAMETER_ALIASES, THRESHOLD_ALIASES, WALK_CONFIG_ALIASES } from '../../../src/runs/aliases.js'
import { test } from '../../support/test.js'

const ALIASES: Record<string, string> = { ...WALK_CONFIG_ALIASES, ...HYPERPARAMETER_ALIASES, ...THRESHOLD_ALIASES }
const NAMES = [...Object.keys(ALIASES), ...Object.values(ALIASES), 'max_depth', 'objective']

const values = fc.dictionary(
  fc.constantFrom(...NAMES),
  fc.oneof(fc.integer(), fc.double({ noNaN: true }), fc.string()),
  {
    noNullPrototype: true,
  },
)
/** What a client may have: either name of a value, or both with the same value. */
const unaliased = values.map((of) => withoutAliases(of, ALIASES))

test("a client finds the desktop's values under the names that the dashboard reads", () => {
  assert.equal(withAliases({ fold_step: 24 }, WALK_CONFIG_ALIASES), { fold_step: 24, step_size: 24 })
  assert.equal(withAliases({ min_boost_rounds: 100 }, HYPERPARAMETER_ALIASES), {
    min_boost_rounds: 100,
    min_rounds: 100,
  })
  assert.equal(withAliases({ long_percentile: 1.5, short_percentile: -2 }, THRESHOLD_ALIASES), {
    long_percentile: 1.5,
    short_percentile: -2,
    long_percentile_95: 1.5,
    short_percentile_05: -2,
  })
})

test('an alias that a client sent itself is kept, also when it says something else', () => {
  assert.equal(withAliases({ fold_step: 24, step_size: 12 }, WALK_CONFIG_ALIASES), { fold_step: 24, step_size: 12 })
  assert.equal(withoutAliases({ fold_step: 24, step_size: 12 }, WALK_CONFIG_ALIASES), { fold_step: 24, step_size: 12 })
  assert.equal(withoutAliases({ step_size: 12 }, WALK_CONFIG_ALIASES), { step_size: 12 })
})

test('an alias that only repeats its value is dropped again', () => {
  assert.equal(withoutAliases({ fold_step: 24, step_size: 24 }, WALK_CONFIG_ALIASES), { fold_step: 24 })
})

test('what goes out and comes back is what was stored', () => {
  fc.assert(
    fc.property(unaliased, (stored) => {
      assert.equal(withoutAliases(withAliases(stored, ALIASES), ALIASES), stored)
    }),
  )
})

test('adding aliases loses and changes no value', () => {
  fc.assert(
    fc.property(values, (sent) => {
      const shown = withAliases(sent, ALIASES)
      for (const [key, value] of Object.entries(sent)) assert.is(shown[key], value, key)
      for (const [alias, stored] of Object.entries(ALIASES)) {
        if (stored in sent) assert.ok(alias in shown, alias)
      }
    }),
  )
})

test('a mirror shows zero and false as well, and nothing for what is absent', () => {
  const names = { a: 'x', b: 'y', c: 'z' }
  assert.equal(mirrored({ x: 0, y: false }, names), { a: 0, b: false })
})

test.run()
