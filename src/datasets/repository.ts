import { type Expression, type ExpressionBuilder, type Insertable, type SqlBool, sql } from 'kysely'
import type { Handle } from '../postgres/handle.js'
import { containing } from '../postgres/like.js'
import type { Database, DatasetsTable } from '../postgres/schema.js'

/** The columns that a save writes; times of the system are set by the statements. */
export type DatasetValues = Omit<Insertable<DatasetsTable>, 'created_at' | 'updated_at'>

/** Registrations go one after the other: each looks at ids, aliases and slugs of all datasets before it writes. */
export async function lockRegistrations(db: Handle): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('dataset registrations', 0))`.execute(db)
}

/** Undefined when the slug is taken. */
export async function insertDataset(db: Handle, values: DatasetValues, createdAt: Date | undefined) {
  return db
    .insertInto('stage1_datasets')
    .values({ ...values, created_at: createdAt ?? sql<Date>`now()`, updated_at: sql<Date>`now()` })
    .onConflict((conflict) => conflict.column('dataset_slug').doNothing())
    .returningAll()
    .executeTakeFirst()
}

/** The dataset with this slug, locked until the transaction ends. */
export async function lockBySlug(db: Handle, slug: string) {
  return db.selectFrom('stage1_datasets').selectAll().where('dataset_slug', '=', slug).forUpdate().executeTakeFirst()
}

export async function updateDataset(
  db: Handle,
  datasetId: string,
  values: Omit<DatasetValues, 'dataset_id' | 'dataset_slug' | 'made_by'>,
) {
  return db
    .updateTable('stage1_datasets')
    .set({ ...values, updated_at: sql<Date>`now()` })
    .where('dataset_id', '=', datasetId)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Counts and bounds of a dataset's tables. */
export type DatasetFigures = Partial<
  Pick<
    DatasetValues,
    | 'ohlcv_row_count'
    | 'indicator_row_count'
    | 'first_ohlcv_ts'
    | 'last_ohlcv_ts'
    | 'first_indicator_ts'
    | 'last_indicator_ts'
  >
>

/** Changes nothing when the dataset names other tables by now. */
export async function updateFigures(
  db: Handle,
  tables: Pick<DatasetValues, 'dataset_id' | 'ohlcv_measurement' | 'indicator_measurement'>,
  figures: DatasetFigures,
): Promise<void> {
  await db
    .updateTable('stage1_datasets')
    .set({ ...figures, updated_at: sql<Date>`now()` })
    .where('dataset_id', '=', tables.dataset_id)
    .where('ohlcv_measurement', '=', tables.ohlcv_measurement)
    .where('indicator_measurement', '=', tables.indicator_measurement)
    .execute()
}

/** The slug of the dataset that has this id, as its own or as an alias. */
export async function findSlugOfId(db: Handle, id: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('stage1_datasets as d')
    .select('d.dataset_slug')
    .where(answersTo(id))
    .executeTakeFirst()
  return row?.dataset_slug
}

export async function insertAlias(db: Handle, aliasId: string, datasetId: string): Promise<void> {
  await db
    .insertInto('stage1_dataset_aliases')
    .values({ alias_id: aliasId, dataset_id: datasetId })
    .onConflict((conflict) => conflict.column('alias_id').doNothing())
    .execute()
}

export async function findById(db: Handle, id: string) {
  return withCounts(db).where(answersTo(id)).executeTakeFirst()
}

export async function findBySlug(db: Handle, slug: string) {
  return withCounts(db).where('d.dataset_slug', '=', slug).executeTakeFirst()
}

/** A dataset that names this measurement (in any case) as one of its frames. */
export async function findByMeasurement(db: Handle, measurement: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('stage1_datasets')
    .select('dataset_slug')
    .where((eb) =>
      eb.or([
        eb(eb.fn('lower', ['ohlcv_measurement']), '=', measurement.toLowerCase()),
        eb(eb.fn('lower', ['indicator_measurement']), '=', measurement.toLowerCase()),
      ]),
    )
    .limit(1)
    .executeTakeFirst()
  return row?.dataset_slug
}

/** The ids of all datasets whose slug contains this text, upper and lower case being the same. */
export async function findIdsBySlugPart(db: Handle, text: string): Promise<string[]> {
  const rows = await db
    .selectFrom('stage1_datasets')
    .select('dataset_id')
    .where('dataset_slug', 'ilike', containing(text))
    .execute()
  return rows.map((row) => row.dataset_id)
}

/** What a list is narrowed to; what is absent narrows nothing. */
export interface DatasetFilter {
  /** In any case. */
  readonly symbol?: string | undefined
  /** As it is stored. */
  readonly granularity?: string | undefined
  /** Part of slug or symbol, in any case. */
  readonly search?: string | undefined
}

/** The page is chosen first, so that what refers to a dataset is counted for those that it shows, not for those it skips. */
export async function listDatasets(db: Handle, filter: DatasetFilter, page: { limit: number; offset: number }) {
  const chosen = db
    .selectFrom('stage1_datasets')
    .select('dataset_id')
    .where((eb) => eb.and(matching(eb, filter)))
    .orderBy('created_at', 'desc')
    .orderBy('dataset_id')
    .limit(page.limit)
    .offset(page.offset)
  return withCounts(db)
    .where('d.dataset_id', 'in', chosen)
    .orderBy('d.created_at', 'desc')
    .orderBy('d.dataset_id')
    .execute()
}

export async function countDatasets(db: Handle, filter: DatasetFilter): Promise<number> {
  const row = await db
    .selectFrom('stage1_datasets')
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .where((eb) => eb.and(matching(eb, filter)))
    .executeTakeFirstOrThrow()
  return row.total
}

function matching(
  eb: ExpressionBuilder<Database, 'stage1_datasets'>,
  { symbol, granularity, search }: DatasetFilter,
): Expression<SqlBool>[] {
  return [
    ...(symbol === undefined ? [] : [eb(eb.fn('lower', ['symbol']), '=', symbol.toLowerCase())]),
    ...(granularity === undefined ? [] : [eb('granularity', '=', granularity)]),
    ...(search === undefined ? [] : [eb('search_text', 'like', containing(search.toLowerCase()))]),
  ]
}

/** Holds for the dataset whose own id or alias this is. */
const answersTo = (id: string) => sql<boolean>`
  (d.dataset_id = ${id} or d.dataset_id = (select a.dataset_id from stage1_dataset_aliases a where a.alias_id = ${id}))`

const withCounts = (db: Handle) =>
  db
    .selectFrom('stage1_datasets as d')
    .innerJoin('dataset_catalog as c', 'c.dataset_id', 'd.dataset_id')
    .selectAll('d')
    .select(['c.run_count', 'c.simulation_count'])
    .select((eb) =>
      eb
        .selectFrom('stage1_dataset_aliases as a')
        .select(sql<string[]>`coalesce(array_agg(a.alias_id::text order by a.created_at), '{}')`.as('alias_ids'))
        .whereRef('a.dataset_id', '=', 'd.dataset_id')
        .as('alias_ids'),
    )
