/** The long way in: a table of the load's own, filled through a lane, to be published when all of it is there. */
import { crashPoint } from '../crash.js'
import { DomainError } from '../errors.js'
import type { ColumnBatch, ColumnType } from '../frames/batch.js'
import { exactBounds } from '../questdb/table-states.js'
import { addColumns, createTable } from '../questdb/tables.js'
import { waitUntilVisible } from '../questdb/visibility.js'
import type { FrameColumns } from './frame-columns.js'
import type { Lane, LaneColumn } from './lane.js'
import type { LoadContext } from './load-context.js'
import { dedupKeysFor, type Loaded, type LoadPlan } from './load-plan.js'

export class StagingTable {
  /** As the table has them, in its order. */
  readonly #columns: LaneColumn[] = []
  #created = false

  constructor(
    private readonly plan: LoadPlan,
    private readonly context: LoadContext,
    private readonly lane: Lane,
  ) {}

  async add(batch: ColumnBatch): Promise<void> {
    await this.#makeRoom(batch)
    await this.lane.send(batch, this.#columns)
  }

  /** Waits until every row is readable and counts them. */
  async finish(columns: FrameColumns): Promise<Loaded> {
    const { client, signal } = this.context
    await this.lane.finish()
    await waitUntilVisible(client, this.plan.stagingTable, { signal })
    const stored = await exactBounds(client, this.plan.stagingTable, 'timestamp', { signal })
    await crashPoint('load-filled')
    if (!stored) throw new DomainError('QUESTDB_UNAVAILABLE', 'the staging table vanished while it was filled')
    return {
      place: 'staging',
      rowsReceived: columns.rows,
      rowsAdded: stored.count,
      totalRows: stored.count,
      ...columns.times(),
      columns: columns.seen,
    }
  }

  close(): Promise<void> {
    return this.lane.close()
  }

  async #makeRoom(batch: ColumnBatch): Promise<void> {
    const { client, signal } = this.context
    const { stagingTable: name, partitionBy } = this.plan
    const dedupKeys = dedupKeysFor(this.plan, batch.columns)
    const present = new Set(this.#columns.map((column) => column.name.toLowerCase()))
    const missing = batch.columns.filter((column) => !present.has(column.name.toLowerCase()))
    const wanted = this.#created ? missing : withKeys(missing, this.plan)
    if (!this.#created) {
      // Not broken off: QuestDB goes on with a statement whose client has left, and would make the table after it was dropped.
      await createTable(client, { name, columns: wanted, partitionBy, dedupKeys })
      await crashPoint('load-table-made')
      signal.throwIfAborted()
      this.#created = true
    } else if (wanted.length > 0) {
      await this.lane.settle()
      await addColumns(client, name, wanted, { signal })
      await crashPoint('load-columns-added')
    }
    this.#columns.push(...wanted.map(({ name, type }) => ({ name, type })))
  }
}

/** A key column must exist when the table is made, even when its first batch has no value in it. */
function withKeys(columns: readonly { name: string; type: ColumnType }[], plan: LoadPlan) {
  const present = new Set(columns.map((column) => column.name.toLowerCase()))
  const keys = plan.dedupKeys.filter((key) => key !== 'timestamp' && !present.has(key))
  return [...columns, ...keys.map((name) => ({ name, type: plan.types.get(name) ?? ('long' as const) }))]
}
