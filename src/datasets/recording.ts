/**
 * Recording a dataset in QuestDB at its registration: the frames that come along, as members of the body or as uploads, are
 * loaded by one job, one after the other and each whole or not at all. The job works from the spooled body, so that after a
 * crash another process runs it again; rows that are there already are then written over by themselves.
 */
import { DomainError } from '../errors.js'
import type { FrameSource } from '../frames/open.js'
import type { SpooledBody } from '../frames/spooled.js'
import type { JobContext, JobService } from '../jobs/service.js'
import type { QuestDbClient } from '../questdb/client.js'
import type { SpoolTicket, TransferService } from '../transfers/service.js'
import { appendReceipt, type FrameKind, frameLoad, measurementOf } from './frame-load.js'
import type { DatasetWrite } from './manifest.js'
import type { Dataset, DatasetService, StoredDataset } from './service.js'

const RECORD_DATASET = 'record_dataset'
const KINDS: readonly FrameKind[] = ['ohlcv', 'indicators']
const UPLOAD_FIELD = { ohlcv: 'ohlcv_upload_id', indicators: 'indicator_upload_id' } as const
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
interface RecordInput {
  readonly dataset_id: string
  readonly spool: SpoolTicket
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

export class DatasetRecording {
  constructor(private readonly parts: RecordingParts) {
    parts.jobs.register(RECORD_DATASET, {
      work: (input, context) => this.#work(input as unknown as RecordInput, context),
      ended: (input) => parts.transfers.discard((input as unknown as RecordInput).spool),
    })
  }

  /**
   * Registers a dataset (see `DatasetService.save`) and, with `record_questdb`, has its frames loaded or its tables made.
   * @throws DomainError FRAME_UNASKED, UPLOAD_UNKNOWN, REQUEST_INVALID and what `save` throws, before anything is stored
   */
  async save(
    body: DatasetWrite,
    spooled: SpooledBody,
    signal: AbortSignal,
  ): Promise<{ created: boolean; dataset: Dataset }> {
    const { datasets, transfers, jobs, questdb } = this.parts
    const frames = KINDS.filter((kind) => sentAs(kind, body, spooled) !== undefined)
    if (body.record_questdb !== true) {
      refuseUnasked(frames, body, spooled)
      return datasets.save(body)
    }
    const uploads = await this.#uploadTickets(body)
    if (frames.length === 0) {
      await questdb.exec('SELECT 1', { signal })
      const { created, dataset } = await datasets.save(body)
      await this.#makeTables(dataset.dataset_id, signal)
      await datasets.refreshFigures(dataset.dataset_id, signal)
      return { created, dataset: { ...(await datasets.get(dataset.dataset_id)), job_ids: [] } }
    }
    const { created, dataset } = await datasets.save(body)
    const { dataset_id, dataset_slug } = dataset
    const input: RecordInput = { dataset_id, spool: transfers.ticket(spooled), ...uploads }
    const job = await jobs.enqueue({
      type: RECORD_DATASET,
      payload: { dataset_id, dataset_slug, frames },
      input: { ...input },
    })
    transfers.adopt(spooled)
    return { created, dataset: { ...dataset, job_ids: [job.job_id] } }
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
    const dataset = await this.parts.datasets.require(input.dataset_id)
    const frames = await this.#framesOf(input)
    const total = frames.reduce((sum, { bytes }) => sum + bytes, 0)
    const result: Record<string, unknown> = { dataset_id: dataset.dataset_id }
    let before = 0
    for (const frame of frames) {
      result[frame.kind] = await this.#load(dataset, frame, partOf(context, frame.kind, before, total))
      before += frame.bytes
    }
    await this.parts.datasets.refreshFigures(dataset.dataset_id, context.signal)
    return result
  }

  async #framesOf(input: RecordInput): Promise<Frame[]> {
    const { transfers } = this.parts
    const { spooled } = await transfers.redeem(input.spool)
    const frames: Frame[] = []
    for (const kind of KINDS) {
      const upload = input[`${kind}_upload`]
      const source = upload ? await transfers.uploads.redeem(upload) : frameIn(kind, spooled)
      if (!source) continue
      const bytes = source.range ? source.range.end - source.range.start : (upload ?? spooled).bytes
      // How long an upload has waited is no part of what the load took.
      const received = upload ? { ...upload, startedAt: Date.now() } : spooled
      frames.push({ kind, source, bytes, received })
    }
    return frames
  }

  async #load(dataset: StoredDataset, { kind, source, bytes, received }: Frame, context: JobContext) {
    const { transfers, questdb } = this.parts
    try {
      const result = await transfers.loadInJob(frameLoad(dataset, kind, source), bytes, context)
      return await appendReceipt(questdb, dataset, kind, result, received)
    } catch (error) {
      throw error instanceof DomainError && !context.signal.aborted
        ? new DomainError(error.code, `${kind}: ${error.message}`, error.details, { cause: error })
        : error
    }
  }

  async #makeTables(datasetId: string, signal: AbortSignal): Promise<void> {
    const dataset = await this.parts.datasets.require(datasetId)
    for (const kind of KINDS) {
      const columns = COLUMNS[kind].map((name) => ({ name, type: 'double' as const }))
      await this.parts.transfers.ensure(
        { name: measurementOf(dataset, kind), columns, partitionBy: 'MONTH', dedupKeys: ['timestamp'] },
        { kind: 'dataset', id: datasetId },
        signal,
      )
    }
  }
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

/** The field by which a frame came, if it came. @throws DomainError REQUEST_INVALID when it came by two, or broken */
function sentAs(kind: FrameKind, body: DatasetWrite, spooled: SpooledBody): string | undefined {
  const fields = [kind, `${kind}_csv`].filter((field) => spooled.members.has(field))
  const all = body[UPLOAD_FIELD[kind]] === undefined ? fields : [...fields, UPLOAD_FIELD[kind]]
  if (all.length > 1) throw invalid(all[0] as string, `one of ${all.join(' and ')}`)
  frameIn(kind, spooled)
  return all[0]
}

function frameIn(kind: FrameKind, spooled: SpooledBody): FrameSource | undefined {
  const rows = spooled.members.get(kind)
  const csv = spooled.members.get(`${kind}_csv`)
  if (rows && rows.kind !== 'array') throw invalid(kind, 'an array of row objects')
  if (csv && csv.kind !== 'string') throw invalid(`${kind}_csv`, 'text')
  if (rows) return { path: spooled.path, format: 'rows', range: { start: rows.start, end: rows.end } }
  if (csv) return { path: spooled.path, format: 'csv', quoted: true, range: { start: csv.start, end: csv.end } }
  return undefined
}

function refuseUnasked(frames: readonly FrameKind[], body: DatasetWrite, spooled: SpooledBody): void {
  const [first] = frames
  if (first === undefined) return
  const field = sentAs(first, body, spooled)
  throw new DomainError(
    'FRAME_UNASKED',
    `${field} was sent without record_questdb: true, so it would not be stored; nothing was registered`,
    [{ in: 'body', pointer: '/record_questdb', expected: `true, or no ${field}` }],
  )
}

function invalid(field: string, expected: string): DomainError {
  return new DomainError('REQUEST_INVALID', `${field}: expected ${expected}`, [
    { in: 'body', pointer: `/${field}`, expected },
  ])
}
