import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { type DatasetFacts, isUnknown } from '../../../src/datasets/manifest.js'
import { mergeFacts } from '../../../src/datasets/merge.js'
import { test } from '../../support/test.js'

const SLUG = 'btc25_3'

const text = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom('', ' ', 'unknown', 'UNKNOWN') },
  { weight: 3, arbitrary: fc.constantFrom('BTC', 'ETH', '1h', SLUG, 'laptop_imgui') },
)
const number = fc.oneof(
  { weight: 2, arbitrary: fc.constant(0) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 2_000_000_000_000 }) },
)
const metadata = fc.dictionary(
  fc.constantFrom('symbol', 'source', 'ohlcv_rows', 'exported_at', 'note', 'nested'),
  fc.oneof(text, number, fc.constant(null), fc.boolean(), fc.constant({ a: 1 })),
  { noNullPrototype: true },
)
const facts: fc.Arbitrary<DatasetFacts> = fc.record(
  {
    symbol: text,
    granularity: text,
    source: text,
    bar_interval_ms: number,
    lookback_rows: number,
    ohlcv_measurement: text,
    indicator_measurement: text,
    ohlcv_row_count: number,
    indicator_row_count: number,
    first_ohlcv_ts: number,
    last_ohlcv_ts: number,
    first_indicator_ts: number,
    last_indicator_ts: number,
    metadata,
  },
  { noNullPrototype: true },
)

/** Columns and manifest entries alike, the symbols apart: they have a rule of their own. */
function plainValues(of: DatasetFacts): [string, unknown][] {
  const { metadata: manifest, symbol: _, ...columns } = of
  const { symbol: __, ...entries } = manifest
  return [
    ...Object.entries(columns),
    ...Object.entries(entries).map(([key, value]): [string, unknown] => [`/${key}`, value]),
  ]
}

test('what is known is never lost to what says nothing, and a real change is taken', () => {
  fc.assert(
    fc.property(facts, facts, (known, incoming) => {
      const before = new Map(plainValues(known))
      const told = new Map(plainValues(incoming))
      for (const [key, after] of plainValues(mergeFacts(SLUG, known, incoming))) {
        const change = told.get(key)
        if (isUnknown(change)) {
          if (before.has(key)) assert.equal(after, before.get(key), `${key} was blanked`)
        } else assert.equal(after, change, `${key} was not taken`)
      }
    }),
  )
})

test('no manifest entry vanishes and none appears that nobody sent', () => {
  fc.assert(
    fc.property(facts, facts, (known, incoming) => {
      const keys = new Set([...Object.keys(known.metadata), ...Object.keys(incoming.metadata)])
      assert.equal(Object.keys(mergeFacts(SLUG, known, incoming).metadata).sort(), [...keys].sort())
    }),
  )
})

test('the same registration twice is the same as once', () => {
  fc.assert(
    fc.property(facts, facts, (known, incoming) => {
      const once = mergeFacts(SLUG, known, incoming)
      assert.equal(mergeFacts(SLUG, once, incoming), once)
    }),
  )
})

test('merging leaves both of its inputs as they were', () => {
  fc.assert(
    fc.property(facts, facts, (known, incoming) => {
      const copies = structuredClone([known, incoming])
      mergeFacts(SLUG, known, incoming)
      assert.equal([known, incoming], copies)
    }),
  )
})

test('a symbol that only repeats the slug never replaces a better one, in columns or manifest', () => {
  fc.assert(
    fc.property(facts, facts, (known, incoming) => {
      const merged = mergeFacts(SLUG, known, incoming)
      const expected = (before: unknown, told: unknown) => {
        if (isUnknown(told)) return before
        return told === SLUG && !isUnknown(before) ? before : told
      }
      assert.is(merged.symbol, expected(known.symbol, incoming.symbol))
      if (!isUnknown(merged.metadata.symbol))
        assert.equal(merged.metadata.symbol, expected(known.metadata.symbol, incoming.metadata.symbol))
    }),
  )
})

test('the slug as symbol is taken where none stood, and gives way to a real one', () => {
  const [blank, slug, real] = [named(''), named(SLUG), named('BTC')]
  assert.is(mergeFacts(SLUG, blank, slug).symbol, SLUG)
  assert.is(mergeFacts(SLUG, slug, real).symbol, 'BTC')
  assert.is(mergeFacts(SLUG, real, slug).symbol, 'BTC')
  assert.equal(mergeFacts(SLUG, real, slug).metadata, { symbol: 'BTC' })
  assert.is(mergeFacts('other', real, slug).symbol, SLUG, 'a name that is not this slug is a symbol like any other')
})

function named(symbol: string): DatasetFacts {
  return { ...EMPTY, symbol, metadata: { symbol } }
}

const EMPTY: DatasetFacts = {
  symbol: '',
  granularity: '',
  source: '',
  bar_interval_ms: 0,
  lookback_rows: 0,
  ohlcv_measurement: '',
  indicator_measurement: '',
  ohlcv_row_count: 0,
  indicator_row_count: 0,
  first_ohlcv_ts: 0,
  last_ohlcv_ts: 0,
  first_indicator_ts: 0,
  last_indicator_ts: 0,
  metadata: {},
}

test.run()
