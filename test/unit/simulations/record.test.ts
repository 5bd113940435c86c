import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { DomainError } from '../../../src/errors.js'
import { contentDigest } from '../../../src/records/digest.js'
import { renderDetail, type StoredSimulation } from '../../../src/simulations/answer.js'
import {
  oddities,
  readSimulation,
  type SimulationRecord,
  type SimulationSave,
} from '../../../src/simulations/record.js'
import { renderTrade } from '../../../src/simulations/trade.js'
import { simulationBodies } from '../../support/fixtures.js'
import { test } from '../../support/test.js'

const ID = '76c0d152-0b70-42a0-be34-2cac592261b0'
const NOW = new Date('2025-11-06T13:05:17Z')

function refusal(body: SimulationSave): DomainError {
  try {
    readSimulation(body)
  } catch (error) {
    if (error instanceof DomainError) return error
    throw error
  }
  throw new Error('it was taken')
}

/** The answer of `GET /api/simulations/{id}` right after the save, nothing it refers to being here. */
function answerTo(record: SimulationRecord) {
  const { buckets, trades, ...facts } = record
  const stored: StoredSimulation = {
    ...facts,
    trade_count: trades.length,
    created_at: NOW,
    updated_at: NOW,
    known_run_id: null,
    known_dataset_id: null,
    dataset_slug: null,
  }
  return renderDetail(stored, buckets)
}

/** What a client posts that sends an answer back, with the trades that it has read. */
function postedBack(record: SimulationRecord): SimulationSave {
  return { ...answerTo(record), trades: record.trades.map(renderTrade) } as SimulationSave
}

test('flat and nested say the same', () => {
  const [body] = simulationBodies()
  const { buckets, trades, ...simulation } = body as SimulationSave
  const nested = { simulation, buckets, trades } as SimulationSave
  assert.equal(readSimulation(nested), readSimulation(body as SimulationSave))
})

test('a simulation without an id gets one, another one each time', () => {
  const ids = [readSimulation({}), readSimulation({})].map((record) => record.simulation_id)
  assert.match(ids[0] as string, /^[0-9a-f-]{36}$/)
  assert.is.not(ids[0], ids[1])
  assert.is(readSimulation({ simulation_id: ID.toUpperCase() }).simulation_id, ID)
})

test('what did not come is empty or null, never made up', () => {
  const record = readSimulation({ simulation_id: ID, run_id: null, trades: [{}] })
  assert.equal(
    [record.run_id, record.dataset_id, record.mode, record.status, record.started_at],
    ['', '', '', 'UNKNOWN', null],
  )
  const [trade] = record.trades
  assert.equal([trade?.pnl, trade?.fold_index, trade?.side, trade?.entry_timestamp], [null, null, '', 0])
})

test('keys that nobody declared are kept at every level', () => {
  const record = readSimulation({
    initial_capital: 5000,
    simulation: { simulation_id: ID, initial_capital: 1000, label: { a: [1] } },
    buckets: [{ side: 'dual', hue: 'red' }],
    trades: [{ exit_reason: 'stop_loss' }],
  })
  assert.equal(record.extra, { initial_capital: 1000, label: { a: [1] } })
  assert.equal([record.buckets[0]?.extra, record.trades[0]?.extra], [{ hue: 'red' }, { exit_reason: 'stop_loss' }])
})

test('parameters and results are other names of config and summary_metrics', () => {
  const record = readSimulation({ parameters: { size: 1 }, results: { total_return_pct: 2 } })
  assert.equal([record.config, record.summary_metrics, record.extra], [{ size: 1 }, { total_return_pct: 2 }, {}])
  const both = readSimulation({ config: { size: 1 }, parameters: { size: 2 } })
  assert.equal([both.config, both.extra], [{ size: 1 }, { parameters: { size: 2 } }])
  assert.equal([answerTo(both).config, answerTo(both).parameters], [{ size: 1 }, { size: 2 }])
})

test('percentages are shown under both spellings, never scaled, and stored once', () => {
  for (const summary_metrics of [
    { total_return_pct: 11.45, max_drawdown_pct: 3.5 },
    { return_pct: 11.45, max_drawdown: 3.5 },
    { return_pct: 11.45, total_return_pct: 11.45, max_drawdown: 3.5 },
  ]) {
    const record = readSimulation({ simulation_id: ID, summary_metrics })
    assert.equal(record.summary_metrics, { total_return_pct: 11.45, max_drawdown_pct: 3.5 })
    const shown = { total_return_pct: 11.45, return_pct: 11.45, max_drawdown_pct: 3.5, max_drawdown: 3.5 }
    assert.equal(answerTo(record).summary_metrics, shown)
    assert.equal(answerTo(record).results, shown)
  }
  const apart = { return_pct: 1, total_return_pct: 2 }
  assert.equal(answerTo(readSimulation({ summary_metrics: apart })).summary_metrics, apart)
})

test('an answer that is posted back is the same save', async () => {
  const inner = fc.dictionary(
    fc.constantFrom('return_pct', 'total_return_pct', 'max_drawdown', 'max_drawdown_pct', 'own'),
    fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })),
    { noNullPrototype: true },
  )
  const bodies = fc.record(
    {
      simulation_id: fc.constant(ID),
      run_id: fc.constantFrom('', 'some run'),
      config: inner,
      parameters: inner,
      summary_metrics: inner,
      results: inner,
      own_key: fc.integer(),
      trades: fc.array(
        fc.record(
          {
            side: fc.constantFrom('long', 'short'),
            pnl: fc.integer(),
            entry_timestamp: fc.constantFrom(0, 1_735_837_200_000),
            own: fc.boolean(),
          },
          { noNullPrototype: true },
        ),
      ),
      buckets: fc.constantFrom([], [{ side: 'dual', trade_count: 3, win_count: 1, own: 1 }]),
    },
    { requiredKeys: ['simulation_id'], noNullPrototype: true },
  )
  await fc.assert(
    fc.asyncProperty(bodies, async (body) => {
      const record = readSimulation(body as unknown as SimulationSave)
      const again = readSimulation(postedBack(record))
      assert.is(await contentDigest(again), await contentDigest(record), JSON.stringify({ body, again }))
    }),
  )
})

test('times are told apart by size; 0, nothing and empty text are unknown', () => {
  const times = [1_735_837_200, 1_735_837_200_000, 1_735_837_200_000_000, '2025-01-02T17:00:00Z', 0, null, '']
  const read = readSimulation({ trades: times.map((entry_timestamp) => ({ entry_timestamp })) })
  assert.equal(
    read.trades.map((trade) => trade.entry_timestamp),
    [...Array(4).fill(1_735_837_200_000), 0, 0, 0],
  )
  assert.equal(read.trades.map((trade) => renderTrade(trade).bar_timestamp).slice(3, 5), [
    '2025-01-02T17:00:00.000Z',
    '',
  ])
  const bar = readSimulation({ trades: [{ bar_timestamp: 1_735_837_200_000_000 }] })
  assert.is(bar.trades[0]?.entry_timestamp, 1_735_837_200_000)
})

test('a time that is none is refused with its trade', () => {
  const outside = refusal({ trades: [{}, { exit_timestamp: 12_345 }] })
  assert.equal(outside.code, 'TIMESTAMP_OUT_OF_RANGE')
  assert.is((outside.details as { pointer: string }).pointer, '/trades/1/exit_timestamp')
  assert.is(refusal({ trades: [{ entry_timestamp: 'soon' }] }).code, 'REQUEST_INVALID')
  const nested = refusal({ simulation: { started_at: 'soon' } })
  assert.is((nested.details as { pointer: string }).pointer, '/simulation/started_at')
})

test('a declared count that is another than what came is refused with both numbers', () => {
  const { code, details } = refusal({ trade_count: 3, trades: [{}, {}] })
  assert.equal([code, details], ['COUNT_MISMATCH', { pointer: '/trade_count', declared: 3, received: 2 }])
  assert.is(refusal({ bucket_count: 1 }).code, 'COUNT_MISMATCH')
  assert.is(refusal({ trade_count: 102 }).code, 'COUNT_MISMATCH', 'an answer posted back without its trades')
  assert.is(readSimulation({ trade_count: 0, bucket_count: 0 }).trades.length, 0)
})

test('buckets and summaries that contradict the trades are told, agreeing ones are not', () => {
  for (const body of simulationBodies()) assert.equal(oddities(readSimulation(body as SimulationSave)), [])
  const trades = [{ side: 'long' }, { side: 'long' }, { side: 'short' }]
  const buckets = [
    { side: 'all', trade_count: 3 },
    { side: 'long', trade_count: 3 },
    { side: 'mine', trade_count: 9 },
  ]
  assert.equal(oddities(readSimulation({ trades, buckets, summary_metrics: { total_trades: 4 } })), [
    'bucket long says 3 trades but 2 came',
    'summary_metrics.total_trades says 4 but 3 trades came',
  ])
})

test('a trade that only has a flag for its side gets the side', () => {
  const sides = readSimulation({ trades: [{ is_long: true }, { is_long: false }, { side: 'Both', is_long: true }] })
  assert.equal(
    sides.trades.map((trade) => trade.side),
    ['long', 'short', 'Both'],
  )
})

test.run()
