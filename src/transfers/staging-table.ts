/** The long way in: a table of the load's own, filled request by request, to be published when all of it is there. */
import { DomainError } from '../errors.js'
import type { ColumnBatch, ColumnType } from '../frames/batch.js'
import { encodeInPieces } from '../questdb/ilp.js'
import { exactBounds } from '../questdb/table-states.js'
import { addColumns, createTable } from '../questdb/tables.js'
import { waitUntilVisible } from '../questdb/visibility.js'
import { LineWriter } from '../questdb/writer.js'
import type { FrameColumns } from './frame-columns.js'
import type { LoadContext } from './load-context.js'
import { dedupKeysFor, type Loaded, type LoadPlan } from './load-plan.js'

export class StagingTable {
  readonly #columns = new Set<string>()
  readonly #writer: LineWriter
  #created = false

  constructor(
    private readonly plan: LoadPlan,
    private readonly context: LoadContext,
  ) {
    this.#writer = new LineWriter(context.questdbUrl, {
      signal: context.signal,
      answerTimeoutMs: context.questdbTimeoutMs,
      ordered: plan.onDuplicate === 'keep_last',
    })
  }

  async add(batch: ColumnBatch): Promise<void> {
    await this.#makeRoom(batch)
    // Where rows were left out, a line's place in a request no longer tells its place in the frame.
    const placed = this.plan.rejectedFile === undefined
    for (const { bytes, firstRow } of encodeInPieces(this.plan.stagingTable, batch))
      await this.#writer.send(bytes, placed ? firstRow : undefined)
  }

  /** Waits until every row is readable and counts them. */
  async finish(columns: FrameColumns): Promise<Loaded> {
    const { client, signal } = this.context
    await this.#writer.finish()
    await waitUntilVisible(client, this.plan.stagingTable, { signal })
    const stored = await exactBounds(client, this.plan.stagingTable, 'timestamp', { signal })
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
    return this.#writer.close()
  }

  async #makeRoom(batch: ColumnBatch): Promise<void> {
    const { client, signal } = this.context
    const { stagingTable: name, partitionBy } = this.plan
    const dedupKeys = dedupKeysFor(this.plan, batch.columns)
    const missing = batch.columns.filter((column) => !this.#columns.has(column.name.toLowerCase()))
    if (!this.#created) {
      await createTable(client, { name, columns: withKeys(missing, this.plan), partitionBy, dedupKeys }, { signal })
      this.#created = true
    } else if (missing.length > 0) {
      // Requests under way were encoded without the new columns; QuestDB takes those as missing values.
      await addColumns(client, name, missing, { signal })
    }
    for (const column of missing) this.#columns.add(column.name.toLowerCase())
  }
}

/** A key column must exist when the table is made, even when its first batch has no value in it. */
function withKeys(columns: readonly { name: string; type: ColumnType }[], plan: LoadPlan) {
  const present = new Set(columns.map((column) => column.name.toLowerCase()))
  const keys = plan.dedupKeys.filter((key) => key !== 'timestamp' && !present.has(key))
  return [...columns, ...keys.map((name) => ({ name, type: plan.types.get(name) ?? ('long' as const) }))]
}
