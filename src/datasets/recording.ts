/**
 * Recording a dataset in QuestDB at its registration: the frames that come along, as members of the body or as uploads, are
 * loaded by one job, one after the other and each whole or not at all. The job works from the spooled body, so that after a
 * crash another process runs it again; rows that are there already are then written over by themselves.
 */
import { crashPoint } from '../crash.js'
import { DomainError } from '../errors.js'
import type { FrameSource } from '../frames/open.js'
import type { SpooledBody } from '../frames/spooled.js'
import type { JobContext, JobOrigin, JobService } from '../jobs/service.js'
import { mayBeCommitted } from '../postgres/failure.js'
import type { QuestDbClient } from '../questdb/client.js'
import type { SpoolTicket, TransferService } from '../transfers/service.js'
import { type FrameKind, measurementOf } from './frame-kind.js'
import { appendReceipt, frameLoad } from './frame-load.js'
import { type DatasetWrite, invalid } from './manifest.js'
import { frameIn, KINDS, refuseUnasked, sentAs, UPLOAD_FIELD } from './sent-frames.js'
import type { Dataset, DatasetService, NamedTables, StoredDataset } from './service.js'

const RECORD_DATASET = 'record_dataset'
/** Columns of a table that is made before any row; the frame's own are added when they come. */
const COLUMNS: Record<FrameKind, readonly string[]> = {
  ohlcv: ['open', 'high', 'low', 'close', 'volume'],
  indicators: [],
}

export interface RecordingParts {
  readonly datasets: DatasetService
  readonly transfers: TransferService
  readonly jobs: JobService
  readonly questdb: QuestDbClient
}

/** The job's input; tickets stand at the top, where the sweep of the spool looks for them. */
interface RecordInput extends NamedTables {
  /** The body, when a frame lies in it. */
  readonly spool?: SpoolTicket
  readonly ohlcv_upload?: SpoolTicket
  readonly indicators_upload?: SpoolTicket
}

/** A frame of a job: where it lies, and how much of it there is. */
interface Frame {
  readonly kind: FrameKind
  readonly source: FrameSource
  readonly bytes: number
  readonly received: Pick<SpooledBody, 'bytes' | 'digest' | 'startedAt'>
}

interface Recorded {
  readonly created: boolean
  readonly dataset: Dataset
}

export class DatasetRecording {
  constructor(private readonly parts: RecordingParts) {
    parts.jobs.register(RECORD_DATASET, {
      work: (input, context) => this.#work(input as unknown as RecordInput, context),
      ended: async (input) => {
        const { spool } = input as unknown as RecordInput
        if (spool) await parts.transfers.discard(spool)
      },
    })
  }

  /**
   * Registers a dataset (see `DatasetService.save`) and, with `record_questdb`, has its frames loaded or its tables made.
   * @throws DomainError FRAME_UNASKED, UPLOAD_UNKNOWN, REQUEST_INVALID and what `save` throws, before anything is stored
   */
  async save(body: DatasetWrite, spooled: SpooledBody, signal: AbortSignal, origin: JobOrigin): Promise<Recorded> {
    const frames = KINDS.filter((kind) => sentAs(kind, body, spooled) !== undefined)
    if (body.record_questdb !== true) {
      refuseUnasked(frames, body, spooled)
      return this.parts.datasets.save(body, origin.jobId)
    }
    return frames.length === 0
      ? this.#fromTables(body, signal, origin.jobId)
      : this.#withFrames(body, frames, spooled, origin)
  }

  /** Registration and job are stored in one transaction: neither is ever there without the other. */
  async #withFrames(
    body: DatasetWrite,
    frames: readonly FrameKind[],
    spooled: SpooledBody,
    origin: JobOrigin,
  ): Promise<Recorded> {
    const { datasets, transfers, jobs } = this.parts
    const uploads = await this.#uploadTickets(body)
    const spool = spooled.members.size > 0 ? { spool: await transfers.ticket(spooled) } : {}
    const jobIds: string[] = []
    let stored = false
    const registering = datasets.register(body, origin.jobId, async (tx, registered) => {
      if (frames.length > 1) requireTwoTables(registered)
      const tables = tablesOf(registered)
      const input: RecordInput = { ...tables, ...spool, ...uploads }
      const payload = { dataset_id: tables.dataset_id, dataset_slug: body.dataset_slug, frames }
      const measurement = measurementOf(tables, frames[0] as FrameKind)
      const job = { ...origin, type: RECORD_DATASET, bytes: spooled.bytes, measurement, payload, input: { ...input } }
      const accepted = await jobs.accept(tx, job, () => {
        stored = true
      })
      jobIds.push(accepted.job_id)
    })
    const created = await registering.catch((error: unknown) => {
      if (stored && spool.spool && mayBeCommitted(error)) transfers.adopt(spooled)
      throw error
    })
    await crashPoint('dataset-registered')
    if (stored && spool.spool) transfers.adopt(spooled)
    return { created, dataset: { ...(await datasets.get(body.dataset_slug)), job_ids: jobIds } }
  }

  /** The tables come first and the registration last, so that a QuestDB that is away leaves nothing registered. */
  async #fromTables(body: DatasetWrite, signal: AbortSignal, workId?: string): Promise<Recorded> {
    const { datasets } = this.parts
    const tables = tablesOf(await datasets.foresee(body))
    await this.#makeTables(tables, signal)
    await crashPoint('dataset-tables-made')
    const figures = await datasets.figures(tables, signal)
    const created = await datasets.register(body, workId, async (tx, registered) => {
      requireSameTables(body.dataset_slug, tables, registered)
      await datasets.storeFigures(registered, figures, tx)
    })
    return { created, dataset: { ...(await datasets.get(body.dataset_slug)), job_ids: [] } }
  }

  async #uploadTickets(body: DatasetWrite): Promise<Pick<RecordInput, 'ohlcv_upload' | 'indicators_upload'>> {
    const { uploads } = this.parts.transfers
    const ticket = (kind: FrameKind) => {
      const field = UPLOAD_FIELD[kind]
      return body[field] === undefined ? undefined : uploads.ticket(body[field], field)
    }
    const [ohlcv, indicators] = [await ticket('ohlcv'), await ticket('indicators')]
    return { ...(ohlcv && { ohlcv_upload: ohlcv }), ...(indicators && { indicators_upload: indicators }) }
  }

  /** The job: every frame, then the registered figures. */
  async #work(input: RecordInput, context: JobContext): Promise<Record<string, unknown>> {
    const { datasets } = this.parts
    const tables = tablesOf(input)
    // The tables that the request meant, also when the dataset was registered with others meanwhile.
    const dataset = { ...(await datasets.require(input.dataset_id)), ...tables }
    const frames = await this.#framesOf(input, context)
    const total = frames.reduce((sum, { bytes }) => sum + bytes, 0)
    const result: Record<string, unknown> = { dataset_id: dataset.dataset_id }
    let before = 0
    for (const frame of frames) {
      result[frame.kind] = await this.#load(dataset, frame, partOf(context, frame.kind, before, total))
      before += frame.bytes
    }
    await datasets.storeFigures(tables, await datasets.figures(tables, context.signal))
    await crashPoint('dataset-figures-stored')
    return result
  }

  async #framesOf(input: RecordInput, context: JobContext): Promise<Frame[]> {
    const { transfers } = this.parts
    const spooled = input.spool && (await transfers.body(input.spool, context))
    const frames: Frame[] = []
    for (const kind of KINDS) {
      const upload = input[`${kind}_upload`]
      const source = upload ? await transfers.uploads.redeem(upload, context) : spooled && frameIn(kind, spooled)
      // How long an upload has waited is no part of what the load took.
      const received = upload ? { ...upload, startedAt: Date.now() } : spooled
      if (!source || !received) continue
      const bytes = source.range ? source.range.end - source.range.start : received.bytes
      frames.push({ kind, source, bytes, received })
    }
    return frames
  }

  async #load(dataset: StoredDataset, { kind, source, bytes, received }: Frame, context: JobContext) {
    const { datasets, transfers, questdb } = this.parts
    try {
      const result = await transfers.loadInJob(frameLoad(dataset, kind, source), bytes, context)
      await crashPoint('dataset-frame-loaded')
      await datasets.tellRowsChanged(dataset, kind, result, context.jobId)
      await crashPoint('dataset-frame-told')
      return await appendReceipt(questdb, dataset, kind, result, received)
    } catch (error) {
      throw error instanceof DomainError && !context.signal.aborted
        ? new DomainError(error.code, `${kind}: ${error.message}`, error.details, { cause: error })
        : error
    }
  }

  async #makeTables(tables: NamedTables, signal: AbortSignal): Promise<void> {
    for (const kind of KINDS) {
      const columns = COLUMNS[kind].map((name) => ({ name, type: 'double' as const }))
      const table = {
        name: measurementOf(tables, kind),
        columns,
        partitionBy: 'MONTH',
        dedupKeys: ['timestamp'],
      } as const
      await this.parts.transfers.ensure(table, signal)
    }
  }
}

/** Just the names, whatever else the value carries. */
function tablesOf({ dataset_id, ohlcv_measurement, indicator_measurement }: NamedTables): NamedTables {
  return { dataset_id, ohlcv_measurement, indicator_measurement }
}

/** @throws DomainError REQUEST_INVALID when both frames lie in one table, where each row would take the other's place */
function requireTwoTables({ ohlcv_measurement: ohlcv, indicator_measurement: indicators }: NamedTables): void {
  if (ohlcv.toLowerCase() === indicators.toLowerCase())
    throw invalid(
      'indicator_measurement',
      `another table than ohlcv_measurement (${ohlcv}), since both frames were sent`,
    )
}

function requireSameTables(slug: string, foreseen: NamedTables, registered: NamedTables): void {
  if (KINDS.some((kind) => measurementOf(foreseen, kind) !== measurementOf(registered, kind)))
    throw new DomainError(
      'SUPERSEDED',
      `dataset ${slug} was registered with other measurements at the same moment; send this again`,
      { dataset_slug: slug },
    )
}

/** The progress of one frame as a part of the whole job's. */
function partOf(context: JobContext, kind: FrameKind, before: number, total: number): JobContext {
  return {
    ...context,
    progress: (step) =>
      context.progress({
        ...step,
        ...(step.progress !== undefined && { progress: before + step.progress }),
        ...(step.total !== undefined && { total }),
        ...(step.message !== undefined && { message: `${kind}: ${step.message}` }),
      }),
  }
}
