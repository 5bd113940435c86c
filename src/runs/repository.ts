import { type Expression, type ExpressionBuilder, type Insertable, type SqlBool, sql } from 'kysely'
import type { Handle } from '../postgres/handle.js'
import { containing } from '../postgres/like.js'
import type { Database, FoldsTable, RunsTable } from '../postgres/schema.js'

export type RunValues = Omit<Insertable<RunsTable>, 'accepted_at' | 'created_at' | 'updated_at' | 'receipt'>
export type FoldValues = Omit<FoldsTable, 'run_id' | 'thresholds' | 'metrics' | 'extra'> & {
  thresholds: Record<string, unknown>
  metrics: Record<string, unknown>
  extra: Record<string, unknown>
}

/** What is stored under this id, locked until the transaction ends; undefined when the run is new. */
export async function lockRun(db: Handle, runId: string) {
  return db
    .selectFrom('walkforward_runs')
    .select(['content_digest', 'accepted_at', 'made_by'])
    .where('run_id', '=', runId)
    .forUpdate()
    .executeTakeFirst()
}

/** Keeps saves of one run id apart even while it has no row to lock. */
export async function lockRunId(db: Handle, runId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`run:${runId}`}, 0))`.execute(db)
}

/** A save that names no time was accepted now, by the database's clock. */
export async function upsertRun(db: Handle, columns: RunValues, acceptedAt?: Date) {
  const values = { ...columns, accepted_at: acceptedAt ?? sql<Date>`now()` }
  const { run_id: _, made_by: __, ...changes } = values
  return db
    .insertInto('walkforward_runs')
    .values({ ...values, created_at: sql<Date>`now()`, updated_at: sql<Date>`now()` })
    .onConflict((conflict) =>
      conflict.column('run_id').doUpdateSet({
        ...changes,
        updated_at: sql<Date>`now()`,
      }),
    )
    .returning(['created_at', 'updated_at'])
    .executeTakeFirstOrThrow()
}

export async function deleteFolds(db: Handle, runId: string): Promise<void> {
  await db.deleteFrom('walkforward_folds').where('run_id', '=', runId).execute()
}

/** A batch of folds in one statement with one parameter, however many there are. */
export async function insertFolds(db: Handle, runId: string, folds: readonly FoldValues[]): Promise<number> {
  const result = await sql`
    insert into walkforward_folds (
      run_id, fold_number, train_start_idx, train_end_idx, test_start_idx, test_end_idx,
      train_start_ts_ms, train_end_ts_ms, test_start_ts_ms, test_end_ts_ms, samples_train, samples_test,
      best_iteration, best_score, thresholds, metrics, extra
    )
    select
      ${runId}::uuid, fold_number, train_start_idx, train_end_idx, test_start_idx, test_end_idx,
      train_start_ts_ms, train_end_ts_ms, test_start_ts_ms, test_end_ts_ms, samples_train, samples_test,
      best_iteration, best_score, thresholds, metrics, extra
    from jsonb_to_recordset(${JSON.stringify(folds)}::jsonb) as fold (
      fold_number integer, train_start_idx bigint, train_end_idx bigint, test_start_idx bigint, test_end_idx bigint,
      train_start_ts_ms bigint, train_end_ts_ms bigint, test_start_ts_ms bigint, test_end_ts_ms bigint,
      samples_train bigint, samples_test bigint, best_iteration bigint, best_score double precision,
      thresholds jsonb, metrics jsonb, extra jsonb
    )`.execute(db)
  return Number(result.numAffectedRows ?? 0n)
}

export async function setReceipt(db: Handle, runId: string, receipt: Record<string, unknown>): Promise<void> {
  await db
    .updateTable('walkforward_runs')
    .set({ receipt: JSON.stringify(receipt) })
    .where('run_id', '=', runId)
    .execute()
}

export async function findReceipt(db: Handle, runId: string): Promise<Record<string, unknown> | undefined> {
  const row = await db.selectFrom('walkforward_runs').select('receipt').where('run_id', '=', runId).executeTakeFirst()
  return row?.receipt
}

export async function upsertDocument(
  db: Handle,
  document: { runId: string; rendererVersion: number; etag: string; gzipped: Buffer },
): Promise<void> {
  const values = { renderer_version: document.rendererVersion, etag: document.etag, document_gzip: document.gzipped }
  await db
    .insertInto('walkforward_run_documents')
    .values({ run_id: document.runId, ...values })
    .onConflict((conflict) => conflict.column('run_id').doUpdateSet(values))
    .execute()
}

export async function findDocument(db: Handle, runId: string) {
  return db
    .selectFrom('walkforward_run_documents')
    .select(['renderer_version', 'etag', 'document_gzip'])
    .where('run_id', '=', runId)
    .executeTakeFirst()
}

export async function findRun(db: Handle, runId: string) {
  return withDataset(db).where('r.run_id', '=', runId).executeTakeFirst()
}

export async function findFolds(db: Handle, runId: string, page?: { limit: number | undefined; offset: number }) {
  return db
    .selectFrom('walkforward_folds')
    .selectAll()
    .where('run_id', '=', runId)
    .orderBy('fold_number')
    .$if(page?.limit !== undefined, (query) => query.limit(page?.limit as number))
    .$if((page?.offset ?? 0) > 0, (query) => query.offset(page?.offset as number))
    .execute()
}

/** The runs that name this measurement (in any case) as that of their predictions; two tell as much as all. */
export async function findNamers(db: Handle, measurement: string): Promise<string[]> {
  const rows = await db
    .selectFrom('walkforward_runs')
    .select('run_id')
    .where((eb) => eb(eb.fn('lower', ['prediction_measurement']), '=', measurement.toLowerCase()))
    .limit(2)
    .execute()
  return rows.map((row) => row.run_id)
}

/** Text to be found in a run's id, measurement or target, or the datasets whose slugs hold it. */
export interface Search {
  readonly text: string
  readonly datasetIds: readonly string[]
}

export interface RunFilter {
  readonly datasetId?: string | undefined
  readonly status?: string | undefined
  readonly measurement?: string | undefined
  readonly search?: Search | undefined
}

/** The page is chosen by an index alone, so that the runs which it skips are not read. */
export async function listRuns(
  db: Handle,
  filter: RunFilter,
  page: { readonly limit: number; readonly offset: number },
) {
  const chosen = db
    .selectFrom('walkforward_runs as r')
    .select('r.run_id')
    .where((eb) => eb.and(matching(eb, filter)))
    .orderBy('r.created_at', 'desc')
    .orderBy('r.run_id')
    .limit(page.limit)
    .offset(page.offset)
  return withDataset(db).where('r.run_id', 'in', chosen).orderBy('r.created_at', 'desc').orderBy('r.run_id').execute()
}

/** Read from the counts that are kept, where the filter asks for nothing else than these know. */
export async function countRuns(db: Handle, filter: RunFilter): Promise<number> {
  const { datasetId, status, measurement, search } = filter
  if (measurement !== undefined || search !== undefined) return countMatching(db, filter)
  const row = await db
    .selectFrom('walkforward_run_counts')
    .select(sql<number>`coalesce(sum(runs), 0)::bigint`.as('total'))
    .$if(datasetId !== undefined, (query) => query.where('dataset_id', '=', datasetId as string))
    .$if(status !== undefined, (query) => query.where('status', '=', status as string))
    .executeTakeFirstOrThrow()
  return row.total
}

async function countMatching(db: Handle, filter: RunFilter): Promise<number> {
  const row = await db
    .selectFrom('walkforward_runs as r')
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .where((eb) => eb.and(matching(eb, filter)))
    .executeTakeFirstOrThrow()
  return row.total
}

const withDataset = (db: Handle) =>
  db
    .selectFrom('walkforward_runs as r')
    .innerJoin('stage1_datasets as d', 'd.dataset_id', 'r.dataset_id')
    .selectAll('r')
    .select('d.dataset_slug')

type RunConditions = ExpressionBuilder<Database & { r: RunsTable }, 'r'>

function matching(eb: RunConditions, { datasetId, status, measurement, search }: RunFilter): Expression<SqlBool>[] {
  return [
    ...(datasetId === undefined ? [] : [eb('r.dataset_id', '=', datasetId)]),
    ...(status === undefined ? [] : [eb('r.status', '=', status)]),
    ...(measurement === undefined ? [] : [eb('r.prediction_measurement', '=', measurement)]),
    ...(search === undefined ? [] : [eb.or(found(eb, search))]),
  ]
}

function found(eb: RunConditions, { text, datasetIds }: Search): Expression<SqlBool>[] {
  const inRun = eb('r.search_text', 'like', containing(text.toLowerCase()))
  return datasetIds.length > 0 ? [inRun, eb('r.dataset_id', 'in', datasetIds)] : [inRun]
}
