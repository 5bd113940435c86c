import {
  type DatabaseConnection,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely'
import * as assert from 'uvu/assert'
import type { StoredDataset } from '../../../src/datasets/answer.js'
import { DatasetService } from '../../../src/datasets/service.js'
import { DomainError } from '../../../src/errors.js'
import type { QuestDbService } from '../../../src/measurements/service.js'
import type { Database } from '../../../src/postgres/schema.js'
import { test } from '../../support/test.js'

const ID = 'f33dff88-a44c-438b-ad85-234076b11dae'
const STORED: StoredDataset = {
  dataset_id: ID,
  dataset_slug: 'btc25_3',
  alias_ids: [],
  symbol: 'BTC',
  granularity: '1h',
  source: 'laptop_imgui',
  bar_interval_ms: 3_600_000,
  lookback_rows: 1084,
  ohlcv_measurement: 'btc25_3_ohlcv',
  indicator_measurement: 'btc25_3',
  ohlcv_row_count: 9227,
  indicator_row_count: 8143,
  first_ohlcv_ts: 1_732_831_200_000,
  last_ohlcv_ts: 1_766_044_800_000,
  first_indicator_ts: 1_736_733_600_000,
  last_indicator_ts: 1_766_041_200_000,
  metadata: {},
  run_count: 0,
  simulation_count: 0,
  created_at: new Date(0),
  updated_at: new Date(0),
}

interface Statement {
  readonly sql: string
  readonly parameters: readonly unknown[]
}

/** A database that answers every statement by the script, and remembers what it was asked. */
function scripted(answer: (statement: Statement) => readonly unknown[]) {
  const asked: Statement[] = []
  const connection: DatabaseConnection = {
    async executeQuery<R>({ sql, parameters }: Statement) {
      asked.push({ sql, parameters })
      return { rows: answer({ sql, parameters }) as R[] }
    },
    async *streamQuery() {},
  }
  class Driver extends DummyDriver {
    override async acquireConnection(): Promise<DatabaseConnection> {
      return connection
    }
  }
  const db = new Kysely<Database>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new Driver(),
      createIntrospector: (of) => new PostgresIntrospector(of),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  })
  return { db, asked }
}

const byIdOrSlug = ({ sql, parameters }: Statement) => {
  if (/count\(\*\) as "total"/.test(sql)) return [{ total: 1 }]
  if (/limit/.test(sql)) return [STORED]
  return parameters.includes(ID) || parameters.includes('btc25_3') ? [STORED] : []
}

function measurements(states: QuestDbService['states']): QuestDbService {
  return { states } as unknown as QuestDbService
}

const away = measurements(async () => {
  throw new DomainError('QUESTDB_UNAVAILABLE', 'QuestDB does not answer')
})

test('a dataset is shown while QuestDB is away: its tables are unknown, its figures the registered ones', async () => {
  const shown = await new DatasetService(scripted(byIdOrSlug).db, away).get(ID)
  assert.equal([shown.dataset_id, shown.ohlcv_rows, shown.first_ohlcv_ts], [ID, 9227, 1_732_831_200_000])
  assert.equal(shown.questdb_state, {
    status: 'unknown',
    ohlcv: { measurement: 'btc25_3_ohlcv', status: 'unknown' },
    indicators: { measurement: 'btc25_3', status: 'unknown' },
  })
})

test('the list is shown while QuestDB is away', async () => {
  const { datasets, total } = await new DatasetService(scripted(byIdOrSlug).db, away).list({}, { limit: 10, offset: 0 })
  assert.equal([total, datasets.length, datasets[0]?.ohlcv_rows], [1, 1, 9227])
  assert.not('questdb_state' in (datasets[0] ?? {}), 'the state of the tables is for the detail')
})

test('QuestDB is asked once for both tables, and given two seconds', async () => {
  const calls: unknown[] = []
  const service = new DatasetService(
    scripted(byIdOrSlug).db,
    measurements(async (names, options) => {
      calls.push([names, options])
      return new Map()
    }),
  )
  const shown = await service.get('btc25_3')
  assert.equal(calls, [[['btc25_3_ohlcv', 'btc25_3'], { timeoutMs: 2000 }]])
  assert.is(shown.questdb_state?.ohlcv?.status, 'missing')
})

test('an empty page asks QuestDB nothing', async () => {
  let calls = 0
  const counting = measurements(async () => {
    calls++
    return new Map()
  })
  const service = new DatasetService(scripted(({ sql }) => (/total/.test(sql) ? [{ total: 3 }] : [])).db, counting)
  assert.equal(await service.list({}, { limit: 5, offset: 3 }), { datasets: [], total: 3 })
  assert.is(calls, 0)
})

test('a key that looks like no id is looked for as a slug only; an id that is not known may still be a slug', async () => {
  const slug = scripted(byIdOrSlug)
  await new DatasetService(slug.db, away).require('btc25_3')
  assert.is(slug.asked.length, 1)
  assert.match(slug.asked[0]?.sql ?? '', /"d"\."dataset_slug" = \$1/)

  const strange = '8620f8da-8f74-4dd9-8ee2-d14d2c672873'
  const known = scripted(({ sql }) => (/dataset_slug" = \$1/.test(sql) ? [{ ...STORED, dataset_slug: strange }] : []))
  assert.is((await new DatasetService(known.db, away).require(strange)).dataset_slug, strange)
  assert.is(known.asked.length, 2)
})

test('a dataset that is not there is named in the refusal', async () => {
  const service = new DatasetService(scripted(() => []).db, away)
  assert.is(await service.find('nobody'), undefined)
  for (const call of [() => service.get('nobody'), () => service.require('nobody')]) {
    const error = await call().catch((thrown: unknown) => thrown)
    assert.instance(error, DomainError)
    assert.equal(
      [(error as DomainError).code, (error as DomainError).details],
      ['DATASET_NOT_FOUND', { dataset_id: 'nobody' }],
    )
  }
})

test('a dataset that can not be stored is refused before the database is touched', async () => {
  const { db, asked } = scripted(() => [])
  const service = new DatasetService(db, away)
  const refusals: [Record<string, unknown>, string][] = [
    [{ metadata: 'not json' }, 'REQUEST_INVALID'],
    [{ created_at: 'yesterday' }, 'REQUEST_INVALID'],
    [{ first_ohlcv_ts: 17 }, 'TIMESTAMP_OUT_OF_RANGE'],
    [{ ohlcv_measurement: 'a-b' }, 'MEASUREMENT_NAME_INVALID'],
  ]
  for (const [fields, code] of refusals) {
    const error = await service.save({ dataset_slug: 'a', ...fields }).catch((thrown: unknown) => thrown)
    assert.is((error as DomainError).code, code, JSON.stringify(fields))
  }
  assert.equal(asked, [])
})

test.run()
