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
import { ColumnWidened, type DecodeOptions } from '../frames/decode.js'
import { decodeFrame } from '../frames/open.js'
import { writableAs } from '../questdb/column-types.js'
import { type TableColumn, tableColumns } from '../questdb/table-states.js'
import { dropTable } from '../questdb/tables.js'
import { FrameColumns } from './frame-columns.js'
import type { LoadContext } from './load-context.js'
import type { Loaded, LoadPlan } from './load-plan.js'
import { OneRequest } from './one-request.js'
import { RejectedRows, requireOneTaken } from './rejected-rows.js'
import { StagingTable } from './staging-table.js'

/** What is known of the columns before the frame is read. */
type KnownColumns = Required<Pick<DecodeOptions, 'types' | 'widened'>>

/** @throws DomainError for a fault of the frame or an engine that is away */
export async function load(plan: LoadPlan, context: LoadContext): Promise<Loaded> {
  const existing = await tableColumns(context.client, plan.target, { signal: context.signal })
  const kept = plan.mode === 'append' ? existing : null
  const types = new Map([...plan.types, ...typesOf(kept ?? [])])
  const widened = new Map<string, ColumnWidened['to']>()
  for (;;) {
    try {
      return await loadOnce(plan, { types, widened }, kept, context)
    } catch (error) {
      if (!(error instanceof ColumnWidened)) throw error
      // Whole numbers turned out to be decimals after batches had been handed out: once more with the wider type.
      widened.set(error.column, error.to)
      await dropTable(context.client, plan.stagingTable, { signal: context.signal })
    }
  }
}

async function loadOnce(
  plan: LoadPlan,
  known: KnownColumns,
  existing: TableColumn[] | null,
  context: LoadContext,
): Promise<Loaded> {
  const columns = new FrameColumns(plan)
  const rejected = plan.rejectedFile === undefined ? undefined : await RejectedRows.open(plan.rejectedFile)
  const direct = existing ? new OneRequest(plan, existing, context) : undefined
  let staging = direct ? undefined : new StagingTable(plan, context)
  try {
    for await (const decoded of batches(plan, known, { columns, rejected }, context)) {
      if (decoded.rows === 0) continue
      const batch = columns.take(decoded)
      if (!staging && direct?.hold(batch)) continue
      if (!staging) {
        staging = new StagingTable(plan, context)
        for (const waiting of direct?.release() ?? []) await staging.add(waiting)
      }
      await staging.add(batch)
    }
    const list = await rejected?.end()
    if (list) requireOneTaken(columns.rows, list)
    columns.requireComplete()
    const loaded = staging ? await staging.finish(columns) : await (direct as OneRequest).send(columns)
    return list ? { ...loaded, rejected: list } : loaded
  } finally {
    await rejected?.close()
    await staging?.close()
  }
}

async function* batches(
  plan: LoadPlan,
  known: KnownColumns,
  { columns, rejected }: { readonly columns: FrameColumns; readonly rejected: RejectedRows | undefined },
  context: LoadContext,
): AsyncGenerator<ColumnBatch> {
  const options = {
    ...known,
    otherwise: plan.otherwise,
    ...(plan.timestampColumn === undefined ? {} : { timestampColumn: plan.timestampColumn }),
    ...(plan.timestampUnit === undefined ? {} : { timestampUnit: plan.timestampUnit }),
    ...(rejected === undefined ? {} : { leaveOut: rejected }),
  }
  let read = 0
  const onBytes = (bytesRead: number) => {
    read = bytesRead
  }
  for await (const batch of decodeFrame(plan.source, options, onBytes)) {
    context.signal.throwIfAborted()
    await rejected?.flush()
    yield batch
    // After the batch was taken, so that rows and bytes tell of the same moment.
    context.onProgress({ bytesRead: read, rows: columns.rows + (rejected?.rows ?? 0) })
  }
}

function typesOf(existing: readonly TableColumn[]): [string, ColumnType][] {
  return existing.flatMap((column) => {
    const type = column.designated ? undefined : writableAs(column.type)
    return type ? [[column.name, type] as [string, ColumnType]] : []
  })
}
