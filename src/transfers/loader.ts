/**
 * The one way for a frame into a measurement: lock the measurement, load in a worker, publish. Whatever happens on the way,
 * readers find the measurement as it was or with all the rows.
 */
import { crashPoint } from '../crash.js'
import { DomainError } from '../errors.js'
import type { Handle } from '../postgres/handle.js'
import type { HeldLock, NamedLocks } from '../postgres/lock.js'
import type { QuestDbClient } from '../questdb/client.js'
import { requireMeasurementName, stagedTableName } from '../questdb/names.js'
import { tableColumns, tableId } from '../questdb/table-states.js'
import { createTable, dropTable, type NewTable } from '../questdb/tables.js'
import type { FrameTimes, LoadPlan, LoadProgress } from './load-plan.js'
import { publish, recover, type Settle } from './publish.js'
import type { Rejected } from './rejected-rows.js'
import * as repository from './repository.js'
import type { WorkerPool } from './worker-pool.js'

/** What a load needs to know; the staging table is the loader's own affair. */
export interface LoadRequest extends Omit<LoadPlan, 'stagingTable' | 'madeBefore'> {
  /** Whose rows these are: the measurement becomes theirs, and is refused while it is another's. Absent for a plain import. */
  readonly owner?: repository.MeasurementOwner
  /** Somebody else counts on this measurement: it may be made, but rows of unknown origin in it are not replaced. */
  readonly reserved?: boolean
}

export interface LoadHooks {
  readonly signal: AbortSignal
  readonly onProgress?: (progress: LoadProgress) => void
  /**
   * Runs before rows are put in their place; when it throws, they are not.
   * @param table id of the table that will be the measurement, where that is to be made
   */
  readonly beforePublish?: (table?: number) => Promise<void>
  /** What `beforePublish` was told by an earlier start of the same work, which may have gone on to do it. */
  readonly tableBefore?: number | undefined
  /**
   * Runs when the rows are readable and can still be taken back, and settles that they stay, in its own transaction if it has one.
   * When it throws, the measurement stays as it was.
   */
  readonly confirm?: (result: LoadResult, settle: (tx?: Handle) => Promise<void>) => Promise<void>
}

/** Counts of a load, and the times of its rows. */
export interface LoadResult extends FrameTimes {
  /** Rows of the frame, without those left out. */
  readonly rowsReceived: number
  /** Rows that were left out, where that was asked for. */
  readonly rejected?: Rejected
  /** Rows by which the measurement has grown, or which it has now when it was replaced. */
  readonly rowsWritten: number
  /** Rows whose key was there already, in the measurement or earlier in the frame. */
  readonly rowsDeduplicated: number
  readonly totalRows: number
}

export interface LoaderParts {
  readonly db: Handle
  readonly locks: NamedLocks
  readonly questdb: QuestDbClient
  readonly workers: WorkerPool
}

export class Loader {
  constructor(private readonly parts: LoaderParts) {}

  /** @throws DomainError for a fault of the frame or an engine that is away; nothing is stored then */
  async load(
    request: LoadRequest,
    { signal, onProgress = () => {}, beforePublish, tableBefore, confirm }: LoadHooks,
  ): Promise<LoadResult> {
    const { db, locks, questdb: client, workers } = this.parts
    const { owner, reserved, ...frame } = request
    const target = requireMeasurementName(request.target)
    return locks.withLock(lockName(target), signal, async (lock) => {
      await this.#setRight(target, lock)
      const madeBefore = tableBefore !== undefined && (await tableId(client, target, { signal })) === tableBefore
      const plan: LoadPlan = { ...frame, target, stagingTable: stagedTableName(), madeBefore }
      if (owner) await this.#requireOwn(plan, owner, reserved ?? false, signal)
      else if (plan.mode === 'replace') await this.#requireNoRun(plan.target)
      await repository.insertStaged(db, { table: plan.stagingTable, target: plan.target, role: 'staging' })
      await crashPoint('load-recorded')
      try {
        const beforeEffect = async (table?: number) => {
          await lock.requireHeld()
          signal.throwIfAborted()
          await beforePublish?.(table)
          await crashPoint('effect-begun')
        }
        const loaded = await workers.run(plan, signal, { onProgress, beforeEffect })
        await crashPoint('load-done')
        if (loaded.place === 'staging') await beforeEffect(await this.#tableToMake(plan, signal))
        const provisional = resultOf(loaded.rowsReceived, loaded)
        const published = await publish(plan, loaded, { db, client, lock, signal }, (rowsStay) => {
          const settle: Settle = async (tx) => {
            await rowsStay(tx)
            if (owner) await repository.claimMeasurement(tx, plan.target, owner)
          }
          return confirm ? confirm(provisional, (tx = db) => settle(tx)) : settle(db)
        })
        await crashPoint('load-published')
        await this.#dropStaging(plan.stagingTable)
        return resultOf(loaded.rowsReceived, { ...loaded, ...published })
      } catch (error) {
        await this.#takeBack(plan.target, lock)
        throw error
      }
    })
  }

  /** What tells a table that may only be made once from one that is there already. */
  async #tableToMake({ mode, madeBefore, stagingTable }: LoadPlan, signal: AbortSignal): Promise<number | undefined> {
    if (mode !== 'create' || madeBefore) return undefined
    return (await tableId(this.parts.questdb, stagingTable, { signal })) ?? undefined
  }

  /** Makes a measurement without rows unless it is there. It becomes its owner's with the first rows. */
  async ensure(table: NewTable, signal: AbortSignal): Promise<void> {
    const { locks, questdb: client } = this.parts
    const target = requireMeasurementName(table.name)
    await locks.withLock(lockName(target), signal, async (lock) => {
      await this.#setRight(target, lock)
      if (!(await tableColumns(client, target, { signal }))) await createTable(client, table, { signal })
    })
  }

  /**
   * Removes what crashed loads left; a table whose measurement is being loaded now is left alone, and one that can't be set right does
   * not keep the others from it. @throws the first such failure
   */
  async sweep(signal: AbortSignal): Promise<void> {
    const { db, locks, questdb: client } = this.parts
    const failures: unknown[] = []
    for (const { table, target } of await repository.listStaged(db)) {
      signal.throwIfAborted()
      await locks
        .tryLock(lockName(target), signal, (lock) => recover(table, { db, client, lock }))
        .catch((error: unknown) => failures.push(error))
    }
    if (failures.length > 0) throw failures[0]
  }

  /**
   * What a failure or a crash has left of the measurement is put right before anything is made of it: a new table in the place of one that
   * was renamed would be taken for the one that replaced it. Called under the lock; a load that has lost it may record one more table
   * before it finds itself marked, so there is a second look.
   */
  async #setRight(target: string, lock: HeldLock): Promise<void> {
    const { db, questdb: client } = this.parts
    for (;;) {
      const left = await repository.listStaged(db, target)
      if (left.length === 0) return
      for (const { table } of left) await recover(table, { db, client, lock })
    }
  }

  /** @throws DomainError MEASUREMENT_IN_USE when the rows of another owner would be mixed with these or replaced */
  async #requireOwn(
    plan: LoadPlan,
    owner: repository.MeasurementOwner,
    reserved: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    const { target } = plan
    const holder = await repository.findOwner(this.parts.db, target)
    if (holder && (holder.kind !== owner.kind || holder.id !== owner.id)) throw heldBy(target, holder)
    if (!holder && reserved && plan.mode === 'replace' && (await tableColumns(this.parts.questdb, target, { signal })))
      throw new DomainError('MEASUREMENT_IN_USE', `measurement ${target} holds rows that belong to a dataset`, {
        measurement: target,
      })
  }

  /** A dataset's rows may be replaced by a file; a run's belong to its folds. @throws DomainError MEASUREMENT_IN_USE */
  async #requireNoRun(target: string): Promise<void> {
    const holder = await repository.findOwner(this.parts.db, target)
    if (holder?.kind === 'run') throw heldBy(target, holder)
  }

  /** As after a crash; without engines or the lock that is left to the sweep. */
  async #takeBack(target: string, lock: HeldLock): Promise<void> {
    try {
      await lock.requireHeld()
      await this.#setRight(target, lock)
    } catch {
      return
    }
  }

  /** When QuestDB is away the table stays recorded, and the sweep drops it later. */
  async #dropStaging(table: string): Promise<void> {
    try {
      await dropTable(this.parts.questdb, table)
      await crashPoint('load-staging-dropped')
      await repository.deleteStaged(this.parts.db, table)
    } catch {
      return
    }
  }
}

function heldBy(measurement: string, holder: repository.MeasurementOwner): DomainError {
  return new DomainError(
    'MEASUREMENT_IN_USE',
    `measurement ${measurement} holds the rows of ${holder.kind} ${holder.id}`,
    {
      measurement,
      [`${holder.kind}_id`]: holder.id,
    },
  )
}

function resultOf(
  rowsReceived: number,
  counts: FrameTimes & { readonly rowsAdded: number; readonly totalRows: number; readonly rejected?: Rejected },
): LoadResult {
  return {
    rowsReceived,
    rowsWritten: counts.rowsAdded,
    rowsDeduplicated: Math.max(0, rowsReceived - counts.rowsAdded),
    totalRows: counts.totalRows,
    firstMs: counts.firstMs,
    lastMs: counts.lastMs,
    ...(counts.unordered && { unordered: counts.unordered }),
    ...(counts.rejected && { rejected: counts.rejected }),
  }
}

function lockName(target: string): string {
  // QuestDB's table names are the same in any case.
  return `measurement:${target.toLowerCase()}`
}
