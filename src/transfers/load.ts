/**
 * Loads one frame into QuestDB; runs in a worker thread. It decodes columnar batches, checks them, encodes line protocol and
 * sends it, then waits until the rows are readable and counts them.
 *
 * Rows reach a measurement whole or not at all. A frame that is small and whose measurement exists goes there in one request,
 * which QuestDB commits as one transaction; nothing is sent before the last row was checked. Any other frame fills a staging
 * table of its own, which the main thread publishes under the measurement's lock. A fault in the frame, an engine that fails
 * or a signal that ends leaves at most the staging table, which the caller drops.
 */
import type { ColumnBatch, ColumnType } from '../frames/batch.js'
import { ColumnWidened } from '../frames/decode.js'
import { decodeFrame } from '../frames/open.js'
import { writableAs } from '../questdb/column-types.js'
import { type TableColumn, tableColumns } from '../questdb/table-states.js'
import { dropTable } from '../questdb/tables.js'
import { FrameColumns } from './frame-columns.js'
import type { LoadContext } from './load-context.js'
import type { Loaded, LoadPlan } from './load-plan.js'
import { OneRequest } from './one-request.js'
import { StagingTable } from './staging-table.js'

/** @throws DomainError for a fault of the frame or an engine that is away */
export async function load(plan: LoadPlan, context: LoadContext): Promise<Loaded> {
  const existing = await tableColumns(context.client, plan.target, { signal: context.signal })
  const kept = plan.mode === 'append' ? existing : null
  const types = new Map([...plan.types, ...typesOf(kept ?? [])])
  for (;;) {
    try {
      return await loadOnce(plan, types, kept, context)
    } catch (error) {
      if (!(error instanceof ColumnWidened)) throw error
      // Whole numbers turned out to be decimals after batches had been handed out: once more with the wider type.
      types.set(error.column, error.to)
      await dropTable(context.client, plan.stagingTable, { signal: context.signal })
    }
  }
}

async function loadOnce(
  plan: LoadPlan,
  types: ReadonlyMap<string, ColumnType>,
  existing: TableColumn[] | null,
  context: LoadContext,
): Promise<Loaded> {
  const columns = new FrameColumns(plan)
  const direct = existing ? new OneRequest(plan, existing, context) : undefined
  let staging = direct ? undefined : new StagingTable(plan, context)
  try {
    for await (const decoded of batches(plan, types, columns, context)) {
      const batch = columns.take(decoded)
      if (!staging && direct?.hold(batch)) continue
      if (!staging) {
        staging = new StagingTable(plan, context)
        for (const waiting of direct?.release() ?? []) await staging.add(waiting)
      }
      await staging.add(batch)
    }
    columns.requireComplete()
    return staging ? await staging.finish(columns) : await (direct as OneRequest).send(columns)
  } finally {
    await staging?.close()
  }
}

async function* batches(
  plan: LoadPlan,
  types: ReadonlyMap<string, ColumnType>,
  columns: FrameColumns,
  context: LoadContext,
): AsyncGenerator<ColumnBatch> {
  const options = {
    types,
    otherwise: plan.otherwise,
    ...(plan.timestampColumn === undefined ? {} : { timestampColumn: plan.timestampColumn }),
    ...(plan.timestampUnit === undefined ? {} : { timestampUnit: plan.timestampUnit }),
  }
  let read = 0
  const onBytes = (bytesRead: number) => {
    read = bytesRead
  }
  for await (const batch of decodeFrame(plan.source, options, onBytes)) {
    context.signal.throwIfAborted()
    yield batch
    // After the batch was taken, so that rows and bytes tell of the same moment.
    context.onProgress({ bytesRead: read, rows: columns.rows })
  }
}

function typesOf(existing: readonly TableColumn[]): [string, ColumnType][] {
  return existing.flatMap((column) => {
    const type = column.designated ? undefined : writableAs(column.type)
    return type ? [[column.name, type] as [string, ColumnType]] : []
  })
}
