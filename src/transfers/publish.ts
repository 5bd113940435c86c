/**
 * Makes staged rows part of their measurement; the caller holds the measurement's lock.
 *
 * QuestDB has no swap: a table is replaced by two renames, and readers may find none for some milliseconds. Before the first
 * rename the former table's new name is recorded in PostgreSQL, so that whoever finds it after a crash knows where it belongs:
 * `recover` puts it back when the measurement is missing, and drops it when the new rows have taken its place.
 */
import type { Handle } from '../postgres/handle.js'
import type { QuestDbClient } from '../questdb/client.js'
import { stagedTableName } from '../questdb/names.js'
import { exactBounds, type TableColumn, tableColumns } from '../questdb/table-states.js'
import { dropTable, insertSelect, renameTable } from '../questdb/tables.js'
import { waitUntilVisible } from '../questdb/visibility.js'
import { dedupKeysFor, type Loaded, type LoadPlan } from './load-plan.js'
import * as repository from './repository.js'
import { measurementExists } from './table-terms.js'
import { fitTable } from './target.js'

export interface PublishContext {
  readonly db: Handle
  readonly client: QuestDbClient
  readonly signal: AbortSignal
}

export interface Published {
  /** Rows by which the measurement has grown; all of its rows when it was replaced. */
  readonly rowsAdded: number
  readonly totalRows: number
}

/**
 * @param confirm runs when the rows are in place and before they can no longer be taken back; when it throws, the
 *   measurement is as it was before
 */
export async function publish(
  plan: LoadPlan,
  loaded: Loaded,
  context: PublishContext,
  confirm: () => Promise<void>,
): Promise<Published> {
  if (loaded.place === 'target') {
    await confirm()
    return { rowsAdded: loaded.rowsAdded, totalRows: loaded.totalRows }
  }
  const existing = await tableColumns(context.client, plan.target, { signal: context.signal })
  if (existing && plan.madeBefore) return keep(plan, loaded, existing, context, confirm)
  if (existing && plan.mode === 'create') throw measurementExists(plan.target)
  if (existing && plan.mode === 'append') return merge(plan, loaded, existing, context, confirm)
  return existing ? replace(plan, loaded, context, confirm) : create(plan, loaded, context, confirm)
}

/** What an earlier start made stands, with whatever rows others have added since; the rows of this one are the same. */
async function keep(
  plan: LoadPlan,
  loaded: Loaded,
  existing: readonly TableColumn[],
  { client, signal }: PublishContext,
  confirm: () => Promise<void>,
): Promise<Published> {
  const designated = existing.find((column) => column.designated)?.name ?? null
  const bounds = await exactBounds(client, plan.target, designated, { signal })
  await confirm()
  return { rowsAdded: loaded.rowsAdded, totalRows: bounds?.count ?? 0 }
}

async function create(
  plan: LoadPlan,
  loaded: Loaded,
  { client }: PublishContext,
  confirm: () => Promise<void>,
): Promise<Published> {
  await renameTable(client, plan.stagingTable, plan.target)
  try {
    await confirm()
  } catch (error) {
    await renameTable(client, plan.target, plan.stagingTable)
    throw error
  }
  return { rowsAdded: loaded.rowsAdded, totalRows: loaded.totalRows }
}

async function replace(
  plan: LoadPlan,
  loaded: Loaded,
  { db, client }: PublishContext,
  confirm: () => Promise<void>,
): Promise<Published> {
  const former = stagedTableName()
  await repository.insertStaged(db, { table: former, target: plan.target, role: 'replaced' })
  await renameTable(client, plan.target, former)
  try {
    await renameTable(client, plan.stagingTable, plan.target)
    await confirm()
  } catch (error) {
    await takeBack(plan, former, client)
    await repository.deleteStaged(db, former)
    throw error
  }
  await dropTable(client, former)
  await repository.deleteStaged(db, former)
  return { rowsAdded: loaded.rowsAdded, totalRows: loaded.totalRows }
}

async function takeBack(plan: LoadPlan, former: string, client: QuestDbClient): Promise<void> {
  if (await tableColumns(client, plan.target)) await renameTable(client, plan.target, plan.stagingTable)
  await renameTable(client, former, plan.target)
}

/** One INSERT … SELECT, which QuestDB commits as one transaction whatever its size. */
async function merge(
  plan: LoadPlan,
  loaded: Loaded,
  existing: Awaited<ReturnType<typeof tableColumns>> & object,
  { client, signal }: PublishContext,
  confirm: () => Promise<void>,
): Promise<Published> {
  const designated = existing.find((column) => column.designated)?.name ?? 'timestamp'
  await fitTable(client, plan.target, existing, loaded.columns, dedupKeysFor(plan, loaded.columns), signal)
  // Rows that came before these and are not shown yet, after a full disk perhaps, must not be counted with them.
  await waitUntilVisible(client, plan.target, { signal })
  const before = await exactBounds(client, plan.target, designated, { signal })
  const columns = (await sameColumns(plan, client, signal))
    ? undefined
    : ['timestamp', ...loaded.columns.map((column) => column.name)]
  await insertSelect(client, plan.stagingTable, plan.target, columns, { signal, designated })
  await waitUntilVisible(client, plan.target, { signal })
  const after = await exactBounds(client, plan.target, designated, { signal })
  await confirm()
  return { rowsAdded: (after?.count ?? 0) - (before?.count ?? 0), totalRows: after?.count ?? 0 }
}

/** True when both tables have the same columns in the same order: those of a wide one are more than a statement can name. */
async function sameColumns(plan: LoadPlan, client: QuestDbClient, signal: AbortSignal): Promise<boolean> {
  const names = async (table: string) =>
    (await tableColumns(client, table, { signal }))?.map((column) =>
      column.designated ? '' : column.name.toLowerCase(),
    )
  const [staged, stored] = [await names(plan.stagingTable), await names(plan.target)]
  return staged !== undefined && staged.join('\n') === stored?.join('\n')
}

/** Sets right what a crash left of one load: called under the measurement's lock, so nobody else is at work on it. */
export async function recover(
  staged: repository.StagedTable,
  { db, client }: Omit<PublishContext, 'signal'>,
): Promise<void> {
  const targetMissing = staged.role === 'replaced' && !(await tableColumns(client, staged.target))
  const present = (await tableColumns(client, staged.table)) !== null
  if (present && targetMissing) await renameTable(client, staged.table, staged.target)
  else if (present) await dropTable(client, staged.table)
  await repository.deleteStaged(db, staged.table)
}
