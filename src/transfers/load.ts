/**
 * Loads one frame into QuestDB; runs in a worker thread. It decodes columnar batches, checks them and sends them, then waits
 * until the rows are readable and counts them.
 *
 * Rows reach a measurement whole or not at all. A frame that is small and whose measurement exists goes there in one request,
 * which QuestDB commits as one transaction; nothing is sent before the last row was checked. Any other frame fills a staging
 * table of its own, as files through a folder shared with QuestDB or as line protocol, which the main thread publishes under
 * the measurement's lock; so does a small one some of whose rows may have the same key where that is a fault, since only
 * QuestDB's count says for certain. A fault in the frame, an engine that fails
 * or a signal that ends leaves at most the staging table, which the caller drops.
 */
import { crashPoint } from '../crash.js'
import type { ColumnBatch, ColumnType } from '../frames/batch.js'
import { ColumnWidened } from '../frames/decode.js'
import { decodeFrame } from '../frames/open.js'
import { writableAs } from '../questdb/column-types.js'
import { type TableColumn, tableColumns } from '../questdb/table-states.js'
import { dropTable } from '../questdb/tables.js'
import { FrameColumns } from './frame-columns.js'
import { FrameKeys, KeyAppeared } from './frame-keys.js'
import { LineLane } from './line-lane.js'
import type { LoadContext } from './load-context.js'
import type { Loaded, LoadPlan } from './load-plan.js'
import { OneRequest } from './one-request.js'
import { ListedRows, RejectedRows, requireOneTaken } from './rejected-rows.js'
import { RelayRefused } from './relay-lane.js'
import { StagingTable } from './staging-table.js'
import { planFor } from './table-terms.js'

/** Columns that began as whole numbers and turned out to be wider. */
type Widened = Map<string, ColumnWidened['to']>

/** @throws DomainError for a fault of the frame, a table that is not as the client says, or an engine that is away */
export async function load(asked: LoadPlan, context: LoadContext): Promise<Loaded> {
  const existing = await tableColumns(context.client, asked.target, { signal: context.signal })
  const kept = asked.mode === 'append' ? existing : null
  const types = new Map([...asked.types, ...typesOf(kept ?? [])])
  const widened: Widened = new Map()
  const plan = { ...(await planFor(asked, existing, context)), types }
  let { relay } = context
  for (;;) {
    try {
      return await loadOnce(plan, widened, kept, { ...context, relay })
    } catch (error) {
      // Once more from the first row: with the right type of a column that turned out to be of another after batches had been
      // handed out, or as line protocol, which tells of a row that QuestDB does not take.
      if (error instanceof ColumnWidened) widened.set(error.column, error.to)
      else if (error instanceof KeyAppeared) types.set(error.column, error.to)
      else if (error instanceof RelayRefused) {
        relay?.turnOff(error.message)
        relay = undefined
      } else throw error
      await dropTable(context.client, plan.stagingTable, { signal: context.signal })
      await crashPoint('load-begun-anew')
    }
  }
}

async function loadOnce(
  plan: LoadPlan,
  widened: Widened,
  existing: TableColumn[] | null,
  context: LoadContext,
): Promise<Loaded> {
  const columns = new FrameColumns(plan)
  const keys = new FrameKeys(plan)
  const rejected = plan.rejectedFile === undefined ? undefined : await RejectedRows.open(plan.rejectedFile)
  const direct = existing ? new OneRequest(plan, existing, context) : undefined
  let staging = direct ? undefined : await stagingTable(plan, context)
  const stage = async () => {
    if (staging) return staging
    staging = await stagingTable(plan, context)
    for (const waiting of direct?.release() ?? []) await staging.add(waiting)
    return staging
  }
  try {
    for await (const batch of batches(plan, widened, rejected, columns, context)) {
      keys.note(batch)
      if (!staging && direct?.hold(batch)) continue
      await (await stage()).add(batch)
    }
    const list = await rejected?.end()
    if (list) await crashPoint('rejected-rows-listed')
    if (list) requireOneTaken(columns.rows, list)
    columns.requireComplete()
    if (direct && !staging && !columns.strictlyIncreasing && keys.inDoubt(direct.held)) await stage()
    const loaded = staging ? await staging.finish(columns) : await (direct as OneRequest).send(columns)
    if (staging) {
      const again = rejected && new ListedRows()
      const readAgain = () => batches(plan, widened, again, new FrameColumns(plan), context)
      await keys.requireAll(columns.rows, loaded.rowsAdded, readAgain)
    }
    return list ? { ...loaded, rejected: list } : loaded
  } finally {
    await rejected?.close()
    await staging?.close()
  }
}

async function stagingTable(plan: LoadPlan, context: LoadContext): Promise<StagingTable> {
  const lane = await context.relay?.laneTo(plan.stagingTable, context.signal)
  return new StagingTable(plan, context, lane ?? new LineLane(plan, context))
}

/** The batches that have rows, under their stored names, as `columns` takes note of them. */
async function* batches(
  plan: LoadPlan,
  widened: Widened,
  leaveOut: RejectedRows | ListedRows | undefined,
  columns: FrameColumns,
  context: LoadContext,
): AsyncGenerator<ColumnBatch> {
  const options = {
    types: plan.types,
    widened,
    otherwise: plan.otherwise,
    ...(plan.timestampColumn === undefined ? {} : { timestampColumn: plan.timestampColumn }),
    ...(plan.timestampUnit === undefined ? {} : { timestampUnit: plan.timestampUnit }),
    ...(leaveOut === undefined ? {} : { leaveOut }),
  }
  let read = 0
  const onBytes = (bytesRead: number) => {
    read = bytesRead
  }
  for await (const batch of decodeFrame(plan.source, options, onBytes)) {
    context.signal.throwIfAborted()
    if (leaveOut instanceof RejectedRows) await leaveOut.flush()
    if (batch.rows > 0) yield columns.take(batch)
    // After the batch was taken, so that rows and bytes tell of the same moment.
    context.onProgress({ bytesRead: read, rows: columns.rows + (leaveOut?.rows ?? 0) })
  }
}

function typesOf(existing: readonly TableColumn[]): [string, ColumnType][] {
  return existing.flatMap((column) => {
    const type = column.designated ? undefined : writableAs(column.type)
    return type ? [[column.name, type] as [string, ColumnType]] : []
  })
}
