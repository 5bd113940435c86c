/**
 * Makes staged rows part of their measurement; the caller holds the measurement's lock.
 *
 * QuestDB has no swap: a table is replaced by two renames, and readers may find none for some milliseconds. Before the first
 * rename PostgreSQL is told what belongs where, and it is told that the new rows stay in the transaction that stores what goes
 * with them (`Settle`). So whoever comes after a failure or a crash knows: rows that were not settled are taken back, and the
 * measurement is as it was; of rows that were, what they have replaced is dropped. `recover` does both.
 *
 * The lock goes with its connection, so a load may have lost it without knowing. Whoever recovers therefore marks the load in
 * PostgreSQL before anything else, and a load that is marked can't go on nor settle: what goes with its rows is not stored either.
 * QuestDB knows neither marks nor locks. Before each statement that moves or drops a measurement the lock is therefore asked after
 * once more; what is left is a process that loses its connection and stands still between that question and its statement.
 */
import { crashPoint } from '../crash.js'
import { DomainError } from '../errors.js'
import { type Handle, inTransaction } from '../postgres/handle.js'
import type { HeldLock } from '../postgres/lock.js'
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
  readonly lock: HeldLock
  readonly signal: AbortSignal
}

export interface Published {
  /** Rows by which the measurement has grown; all of its rows when it was replaced. */
  readonly rowsAdded: number
  readonly totalRows: number
}

/** Says that the new rows stay, as a part of the transaction that stores what goes with them. */
export type Settle = (tx: Handle) => Promise<void>

/**
 * When it throws, `recover` takes back what was not settled.
 * @param confirm runs when the rows are in place, and settles them or throws
 */
export async function publish(
  plan: LoadPlan,
  loaded: Loaded,
  context: PublishContext,
  confirm: (settle: Settle) => Promise<void>,
): Promise<Published> {
  if (loaded.place === 'target') {
    await confirm(nothingToSettle)
    return { rowsAdded: loaded.rowsAdded, totalRows: loaded.totalRows }
  }
  const existing = await tableColumns(context.client, plan.target, { signal: context.signal })
  if (existing && plan.madeBefore) return keep(plan, loaded, existing, context, () => confirm(nothingToSettle))
  if (existing && plan.mode === 'create') throw measurementExists(plan.target)
  if (existing && plan.mode === 'append') return merge(plan, loaded, existing, context, () => confirm(nothingToSettle))
  await (existing ? replace(plan, context, confirm) : create(plan, context, confirm))
  return { rowsAdded: loaded.rowsAdded, totalRows: loaded.totalRows }
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

async function nothingToSettle(): Promise<void> {}

async function create(
  { stagingTable, target }: LoadPlan,
  { db, client, lock }: PublishContext,
  confirm: (settle: Settle) => Promise<void>,
): Promise<void> {
  await goOn(db, stagingTable, 'created')
  await crashPoint('create-recorded')
  await lock.requireHeld()
  await renameTable(client, stagingTable, target)
  await crashPoint('create-renamed')
  await confirm((tx) => goOn(tx, stagingTable, 'staging'))
  await crashPoint('create-confirmed')
}

async function replace(
  { stagingTable, target }: LoadPlan,
  { db, client, lock }: PublishContext,
  confirm: (settle: Settle) => Promise<void>,
): Promise<void> {
  const former = stagedTableName()
  await inTransaction(db, async (tx) => {
    await goOn(tx, stagingTable, 'staging')
    await repository.insertStaged(tx, { table: former, target, role: 'replaced' })
  })
  await crashPoint('replace-recorded')
  await lock.requireHeld()
  await renameTable(client, target, former)
  await crashPoint('replace-emptied')
  await lock.requireHeld()
  await renameTable(client, stagingTable, target)
  await crashPoint('replace-renamed')
  await confirm((tx) => goOn(tx, former, 'staging'))
  await crashPoint('replace-confirmed')
  await dropTable(client, former)
  await crashPoint('replace-dropped')
  await repository.deleteStaged(db, former)
}

/** @throws DomainError POSTGRES_UNAVAILABLE when the load is being taken back by somebody who got its lock */
async function goOn(db: Handle, table: string, role: repository.StagedTable['role']): Promise<void> {
  if (await repository.moveOn(db, table, role)) return
  throw new DomainError(
    'POSTGRES_UNAVAILABLE',
    'PostgreSQL went away while rows were put in their place, and they were taken back; try again',
  )
}

/** One INSERT … SELECT, which QuestDB commits as one transaction whatever its size. */
async function merge(
  plan: LoadPlan,
  loaded: Loaded,
  existing: Awaited<ReturnType<typeof tableColumns>> & object,
  { db, client, lock, signal }: PublishContext,
  confirm: () => Promise<void>,
): Promise<Published> {
  const designated = existing.find((column) => column.designated)?.name ?? 'timestamp'
  await fitTable(client, plan.target, existing, loaded.columns, dedupKeysFor(plan, loaded.columns), signal)
  await crashPoint('merge-fitted')
  // Rows that came before these and are not shown yet, after a full disk perhaps, must not be counted with them.
  await waitUntilVisible(client, plan.target, { signal })
  const before = await exactBounds(client, plan.target, designated, { signal })
  const columns = (await sameColumns(plan, client, signal))
    ? undefined
    : ['timestamp', ...loaded.columns.map((column) => column.name)]
  await goOn(db, plan.stagingTable, 'staging')
  await lock.requireHeld()
  await insertSelect(client, plan.stagingTable, plan.target, columns, { signal, designated })
  await crashPoint('merge-inserted')
  await waitUntilVisible(client, plan.target, { signal })
  const after = await exactBounds(client, plan.target, designated, { signal })
  await confirm()
  await crashPoint('merge-confirmed')
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

/**
 * Sets right what a failure or a crash left of one load. Called under the measurement's lock, so nobody else sets it right; where the
 * load stands is asked anew, since it may have ended well between the look that found it and the lock.
 */
export async function recover(table: string, context: Omit<PublishContext, 'signal'>): Promise<void> {
  const { db, client } = context
  const staged = await repository.beginRecovery(db, table)
  if (!staged) return
  if (staged.role === 'replaced') await putBack(staged, context)
  else {
    if (staged.role === 'created') await unmake(staged, context)
    await dropTable(client, staged.table)
    await crashPoint('recover-dropped')
  }
  await repository.deleteStaged(db, staged.table)
}

/** The former table is the measurement again, in the place of rows that were not settled. */
async function putBack(
  { table, target }: repository.StagedTable,
  { client, lock }: Omit<PublishContext, 'signal'>,
): Promise<void> {
  if (!(await tableColumns(client, table))) return
  if (await tableColumns(client, target)) {
    await lock.requireHeld()
    await dropTable(client, target)
    await crashPoint('recover-undone')
  }
  await lock.requireHeld()
  await renameTable(client, table, target)
  await crashPoint('recover-renamed')
}

/**
 * The measurement is a staging table again. That is recorded before the table is dropped: a measurement that somebody makes
 * afterwards must not be taken for it.
 */
async function unmake(
  { table, target }: repository.StagedTable,
  { db, client, lock }: Omit<PublishContext, 'signal'>,
): Promise<void> {
  if (!(await tableColumns(client, table)) && (await tableColumns(client, target))) {
    await lock.requireHeld()
    await renameTable(client, target, table)
    await crashPoint('recover-unmade')
  }
  await repository.stageAgain(db, table)
}
