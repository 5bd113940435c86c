/**
 * Loads one frame into QuestDB; runs in a worker thread. It decodes columnar batches, checks them and sends them, then waits
 * until the rows are readable and counts them.
 *
 * Rows reach a measurement whole or not at all. A frame that is small and whose measurement exists goes there in one request,
 * which QuestDB commits as one transaction; nothing is sent before the last row was checked. Any other frame fills a staging
 * table of its own, as files through a folder shared with QuestDB or as line protocol, which the main thread publishes under
 * the measurement's lock. A fault in the frame, an engine that fails
 * or a signal that ends leaves at most the staging table, which the caller drops.
 */
import type { ColumnBatch, ColumnType } from '../frames/batch.js'
import { ColumnWidened } from '../frames/decode.js'
import { decodeFrame } from '../frames/open.js'
import { writableAs } from '../questdb/column-types.js'
import { type TableColumn, tableColumns } from '../questdb/table-states.js'
import { dropTable } from '../questdb/tables.js'
import { FrameColumns } from './frame-columns.js'
import { LineLane } from './line-lane.js'
import type { LoadContext } from './load-context.js'
import type { Loaded, LoadPlan } from './load-plan.js'
import { OneRequest } from './one-request.js'
import { RelayRefused } from './relay-lane.js'
import { StagingTable } from './staging-table.js'

/** @throws DomainError for a fault of the frame or an engine that is away */
export async function load(plan: LoadPlan, context: LoadContext): Promise<Loaded> {
  const existing = await tableColumns(context.client, plan.target, { signal: context.signal })
  const kept = plan.mode === 'append' ? existing : null
  const types = new Map([...plan.types, ...typesOf(kept ?? [])])
  let { relay } = context
  for (;;) {
    try {
      return await loadOnce(plan, types, kept, { ...context, relay })
    } catch (error) {
      // Once more from the first row: with the wider type of a column whose whole numbers turned out to be decimals after
      // batches had been handed out, or as line protocol, which tells of a row that QuestDB does not take.
      if (error instanceof ColumnWidened) types.set(error.column, error.to)
      else if (error instanceof RelayRefused) {
        relay?.turnOff(error.message)
        relay = undefined
      } else throw error
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
  let staging = direct ? undefined : await stagingTable(plan, context)
  try {
    for await (const decoded of batches(plan, types, columns, context)) {
      const batch = columns.take(decoded)
      if (!staging && direct?.hold(batch)) continue
      if (!staging) {
        staging = await stagingTable(plan, context)
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

async function stagingTable(plan: LoadPlan, context: LoadContext): Promise<StagingTable> {
  const lane = await context.relay?.laneTo(plan.stagingTable, context.signal)
  return new StagingTable(plan, context, lane ?? new LineLane(plan.stagingTable, context))
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
