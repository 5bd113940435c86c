import { type ExpressionBuilder, type Insertable, type SelectQueryBuilder, sql } from 'kysely'
import type { Handle } from '../postgres/handle.js'
import { containing } from '../postgres/like.js'
import type { Database, SimulationBucketsTable, SimulationsTable, SimulationTradesTable } from '../postgres/schema.js'

type Plain<Table> = Omit<Table, 'simulation_id' | 'extra' | 'entry_timestamp' | 'exit_timestamp'>

export type SimulationValues = Omit<Insertable<SimulationsTable>, 'created_at' | 'updated_at'>
export type BucketValues = Omit<Plain<SimulationBucketsTable>, 'bucket_index'> & { extra: Record<string, unknown> }
export type TradeValues = Plain<SimulationTradesTable> & {
  entry_timestamp: number
  exit_timestamp: number
  extra: Record<string, unknown>
}

/** Keeps saves of one simulation apart even while it has no row to lock. */
export async function lockSimulationId(db: Handle, simulationId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`simulation:${simulationId}`}, 0))`.execute(db)
}

/** What tells of the save that is stored under this id; undefined when the simulation is new. */
export async function findSave(db: Handle, simulationId: string) {
  return db
    .selectFrom('simulation_runs')
    .select(['content_digest', 'made_by', 'updated_at'])
    .where('simulation_id', '=', simulationId)
    .executeTakeFirst()
}

export async function upsertSimulation(db: Handle, values: SimulationValues): Promise<void> {
  const { simulation_id: _, made_by: __, ...changes } = values
  await db
    .insertInto('simulation_runs')
    .values({ ...values, created_at: sql<Date>`now()`, updated_at: sql<Date>`now()` })
    .onConflict((conflict) =>
      conflict.column('simulation_id').doUpdateSet({ ...changes, updated_at: sql<Date>`now()` }),
    )
    .execute()
}

export async function deleteBuckets(db: Handle, simulationId: string): Promise<void> {
  await db.deleteFrom('simulation_trade_buckets').where('simulation_id', '=', simulationId).execute()
}

export async function deleteTrades(db: Handle, simulationId: string): Promise<void> {
  await db.deleteFrom('simulation_trades').where('simulation_id', '=', simulationId).execute()
}

/** Numbers the buckets by their order. */
export async function insertBuckets(db: Handle, simulationId: string, buckets: readonly BucketValues[]) {
  const rows = buckets.map((bucket, bucket_index) => ({ ...bucket, bucket_index }))
  const result = await sql`
    insert into simulation_trade_buckets (
      simulation_id, bucket_index, side, trade_count, win_count, profit_factor, avg_return_pct, max_drawdown_pct,
      notes, computed, extra
    )
    select
      ${simulationId}::uuid, bucket_index, side, trade_count, win_count, profit_factor, avg_return_pct, max_drawdown_pct,
      notes, computed, extra
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as bucket (
      bucket_index integer, side text, trade_count bigint, win_count bigint, profit_factor double precision,
      avg_return_pct double precision, max_drawdown_pct double precision, notes text, computed boolean, extra jsonb
    )`.execute(db)
  return Number(result.numAffectedRows ?? 0n)
}

/** A batch of trades in one statement with one parameter, however many there are. */
export async function insertTrades(db: Handle, simulationId: string, trades: readonly TradeValues[]): Promise<number> {
  const result = await sql`
    insert into simulation_trades (
      simulation_id, trade_index, trade_id, fold_index, side, size, entry_price, exit_price, pnl, return_pct,
      entry_signal, exit_signal, entry_timestamp, exit_timestamp, extra
    )
    select
      ${simulationId}::uuid, trade_index, trade_id, fold_index, side, size, entry_price, exit_price, pnl, return_pct,
      entry_signal, exit_signal, entry_timestamp, exit_timestamp, extra
    from jsonb_to_recordset(${JSON.stringify(trades)}::jsonb) as trade (
      trade_index integer, trade_id text, fold_index integer, side text, size double precision,
      entry_price double precision, exit_price double precision, pnl double precision, return_pct double precision,
      entry_signal double precision, exit_signal double precision, entry_timestamp bigint, exit_timestamp bigint,
      extra jsonb
    )`.execute(db)
  return Number(result.numAffectedRows ?? 0n)
}

/** The simulation with its buckets, in one statement: both are of the same save. */
export async function findSimulation(db: Handle, simulationId: string) {
  return db
    .selectFrom('simulation_catalog as c')
    .selectAll('c')
    .select((eb) =>
      eb
        .selectFrom('simulation_trade_buckets as b')
        .select(
          sql<BucketValues[]>`coalesce(
          jsonb_agg(to_jsonb(b) - '{simulation_id,bucket_index}'::text[] order by b.bucket_index), '[]')`.as('buckets'),
        )
        .whereRef('b.simulation_id', '=', 'c.simulation_id')
        .$asScalar()
        .$notNull()
        .as('buckets'),
    )
    .where('c.simulation_id', '=', simulationId)
    .executeTakeFirst()
}

export async function findLinks(db: Handle, simulationId: string) {
  return db
    .selectFrom('simulation_catalog')
    .select(['known_run_id', 'known_dataset_id', 'dataset_slug'])
    .where('simulation_id', '=', simulationId)
    .executeTakeFirstOrThrow()
}

export interface SimulationFilter {
  /** A UUID: simulations that belong to this run, or whose client named it while it is not here. */
  readonly runId?: string | undefined
  /** Simulations whose client named the run so. */
  readonly runAsSent?: string | undefined
  /** Simulations that belong to this dataset. */
  readonly datasetId?: string | undefined
  /** Simulations whose client named the dataset so. */
  readonly datasetAsSent?: string | undefined
  readonly status?: string | undefined
  readonly search?: string | undefined
}

/** The page is chosen first, so that only what it shows is looked up. */
export async function listSimulations(db: Handle, filter: SimulationFilter, page: { limit: number; offset: number }) {
  const chosen = filtered(db.selectFrom('simulation_runs as s').select('s.simulation_id'), filter)
    .orderBy('s.created_at', 'desc')
    .orderBy('s.simulation_id')
    .limit(page.limit)
    .offset(page.offset)
  return db
    .selectFrom('simulation_catalog as c')
    .selectAll('c')
    .where('c.simulation_id', 'in', chosen)
    .orderBy('c.created_at', 'desc')
    .orderBy('c.simulation_id')
    .execute()
}

export async function countSimulations(db: Handle, filter: SimulationFilter): Promise<number> {
  const simulations = db.selectFrom('simulation_runs as s')
  const row = await filtered(
    simulations.select((eb) => eb.fn.countAll<number>().as('total')),
    filter,
  ).executeTakeFirstOrThrow()
  return row.total
}

export interface TradeFilter {
  readonly side?: string | undefined
  readonly foldIndex?: number | undefined
}

const TRADE_COLUMNS = [
  'trade_index',
  'trade_id',
  'fold_index',
  'side',
  'size',
  'entry_price',
  'exit_price',
  'pnl',
  'return_pct',
  'entry_signal',
  'exit_signal',
  'entry_timestamp',
  'exit_timestamp',
  'extra',
] as const

/** In the order of time, then as sent. */
export async function listTrades(
  db: Handle,
  simulationId: string,
  filter: TradeFilter,
  page: { limit: number; offset: number },
) {
  return db
    .selectFrom('simulation_trades as t')
    .select(TRADE_COLUMNS)
    .where((eb) => wantedTrades(eb, simulationId, filter))
    .orderBy('t.entry_timestamp')
    .orderBy('t.trade_index')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
}

export async function countTrades(db: Handle, simulationId: string, filter: TradeFilter): Promise<number> {
  const row = await db
    .selectFrom('simulation_trades as t')
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .where((eb) => wantedTrades(eb, simulationId, filter))
    .executeTakeFirstOrThrow()
  return row.total
}

function wantedTrades(
  eb: ExpressionBuilder<Database & { t: SimulationTradesTable }, 't'>,
  simulationId: string,
  { side, foldIndex }: TradeFilter,
) {
  return eb.and([
    eb('t.simulation_id', '=', simulationId),
    ...(side === undefined ? [] : [eb(eb.fn<string>('lower', ['t.side']), '=', side.toLowerCase())]),
    ...(foldIndex === undefined ? [] : [eb('t.fold_index', '=', foldIndex)]),
  ])
}

type SimulationQuery<O> = SelectQueryBuilder<Database & { s: SimulationsTable }, 's', O>

function filtered<O>(query: SimulationQuery<O>, filter: SimulationFilter): SimulationQuery<O> {
  let found = query
  const { runId, runAsSent, datasetId, datasetAsSent } = filter
  if (runId !== undefined)
    found = found.where('s.simulation_id', 'in', (eb) =>
      eb
        .selectFrom('run_simulations as l')
        .select('l.simulation_id')
        .where('l.run_id', '=', runId)
        .unionAll(eb.selectFrom('simulation_runs as o').select('o.simulation_id').where(sentAs('o.run_id', runId))),
    )
  if (runAsSent !== undefined) found = found.where(sentAs('s.run_id', runAsSent))
  if (datasetId !== undefined)
    found = found.where('s.simulation_id', 'in', (eb) =>
      eb.selectFrom('dataset_simulations as l').select('l.simulation_id').where('l.dataset_id', '=', datasetId),
    )
  if (datasetAsSent !== undefined) found = found.where(sentAs('s.dataset_id', datasetAsSent))
  if (filter.status !== undefined) found = found.where('s.status', '=', filter.status)
  if (filter.search !== undefined) {
    const pattern = containing(filter.search)
    found = found.where((eb) =>
      eb.or([
        eb(sql<string>`s.simulation_id::text`, 'ilike', pattern),
        eb('s.questdb_namespace', 'ilike', pattern),
        eb('s.input_run_measurement', 'ilike', pattern),
        eb('s.run_id', 'ilike', pattern),
        eb('s.dataset_id', 'ilike', pattern),
      ]),
    )
  }
  return found
}

const sentAs = (column: string, words: string) => sql<boolean>`lower(${sql.ref(column)}) = ${words.toLowerCase()}`
