import type { components } from '../../generated/api.js'
import type { DownloadService } from '../downloads/service.js'
import { DomainError } from '../errors.js'
import type { FrameSource } from '../frames/open.js'
import type { SpooledBody } from '../frames/spooled.js'
import type { Job, JobContext, JobOrigin, JobService } from '../jobs/service.js'
import { requireMeasurementName } from '../questdb/names.js'
import type { NewTable } from '../questdb/tables.js'
import { type ImportOptions, importLoad, keysIn } from './import-options.js'
import { loadLeniently, rejectionReceipt } from './lenient.js'
import { Loader, type LoaderParts, type LoadHooks, type LoadRequest, type LoadResult } from './loader.js'
import { endingOf, formatOf } from './media.js'
import type { Spool, SpoolTicket, SpoolUser } from './spool.js'
import { Uploads } from './uploads.js'

export type { ImportOptions } from './import-options.js'
export type ImportReceipt = components['schemas']['ImportReceipt']
export type { LoadHooks, LoadRequest, LoadResult } from './loader.js'
export type { SpoolTicket } from './spool.js'

/** What a client asks for with an import. */
export interface ImportRequest {
  readonly measurement: string
  /** As the client calls it; the measurement's name with the ending of the format when it does not say. */
  readonly filename: string | undefined
  readonly options: ImportOptions
  readonly spooled: SpooledBody
  /** An import whose job is there already is not done again. */
  readonly origin: JobOrigin
}

export interface TransferParts extends LoaderParts {
  readonly spool: Spool
  readonly jobs: JobService
  readonly downloads: DownloadService
  /** How long an upload waits. */
  readonly uploadHours: number
}

const IMPORT = 'import'
const SWEEP_LIMIT_MS = 30_000

/** Frames on their way in: spool, load, publish, receipt; at once or as a job. */
export class TransferService {
  readonly #loader: Loader
  readonly #spool: Spool
  readonly #jobs: JobService
  readonly #downloads: DownloadService
  readonly uploads: Uploads

  constructor(parts: TransferParts) {
    this.#loader = new Loader(parts)
    this.#spool = parts.spool
    this.#jobs = parts.jobs
    this.#downloads = parts.downloads
    this.uploads = new Uploads(parts.db, parts.spool, parts.uploadHours)
    this.#jobs.register(IMPORT, {
      work: (input, context) => this.#import(input as unknown as ImportInput, context),
      ended: async (input, { jobId, result }) => {
        const { spool, options } = input as unknown as ImportInput
        await this.#spool.discard(spool)
        if (options.validation === 'lenient')
          await this.#downloads.keepOnly(jobId, result?.rejected_url as string | undefined)
      },
    })
  }

  /** Loads a frame; see `Loader.load`. */
  load(request: LoadRequest, hooks: LoadHooks): Promise<LoadResult> {
    return this.#loader.load(request, hooks)
  }

  /** Makes a measurement without rows unless it is there; see `Loader.ensure`. */
  ensure(table: NewTable, signal: AbortSignal): Promise<void> {
    return this.#loader.ensure(table, signal)
  }

  /** Loads a frame as the work of a job, whose progress is the bytes read. `bytes` is the size of a frame without a range. */
  async loadInJob(
    request: LoadRequest,
    bytes: number,
    context: JobContext,
    confirm?: LoadHooks['confirm'],
  ): Promise<LoadResult> {
    const { range } = request.source
    const total = range ? range.end - range.start : bytes
    return this.#loader.load(request, {
      signal: context.signal,
      beforePublish: (table) => context.beginEffect(table === undefined ? undefined : { table }),
      tableBefore: context.intent?.table as number | undefined,
      onProgress: ({ bytesRead, rows }) =>
        context.progress({ progress: bytesRead, total, unit: 'bytes', phase: 'loading', message: `${rows} rows read` }),
      confirm: async (result, settle) => {
        const message = `${result.rowsReceived} rows read`
        context.progress({ progress: total, total, unit: 'bytes', phase: 'publishing', message })
        await (confirm ? confirm(result, settle) : settle())
      },
    })
  }

  /** A body as a job may remember it, on whichever machine it runs; see `adopt`. @throws DomainError SPOOL_UNAVAILABLE */
  ticket(spooled: SpooledBody): Promise<SpoolTicket> {
    return this.#spool.ticket(spooled)
  }

  /** Leaves a body to the job that has its ticket, once that job is stored. */
  adopt(spooled: SpooledBody): void {
    this.#spool.adopt(spooled)
  }

  /** The body that a job was given, for as long as the run lasts. */
  body(ticket: SpoolTicket, run: SpoolUser): Promise<SpooledBody> {
    return this.#spool.redeem(ticket, run)
  }

  /** The body that a job was given, and the members of it that hold no frame. */
  async redeem(ticket: SpoolTicket, run: SpoolUser): Promise<{ spooled: SpooledBody; head: Record<string, unknown> }> {
    const spooled = await this.#spool.redeem(ticket, run)
    return { spooled, head: await this.#spool.readHead(spooled) }
  }

  discard(ticket: SpoolTicket): Promise<void> {
    return this.#spool.discard(ticket)
  }

  /** Imports while the caller waits. @throws DomainError for a fault of the frame */
  async importNow(request: ImportRequest, signal: AbortSignal): Promise<ImportReceipt> {
    const job = await this.#importJob(request)
    const { jobId, result } = await this.#jobs.runHere(job, signal, () => this.adopt(request.spooled))
    return { ...result, job_id: jobId, status: 'COMPLETED', measurement: request.measurement }
  }

  async importLater(request: ImportRequest): Promise<Job> {
    return this.#jobs.enqueue(await this.#importJob(request), () => this.adopt(request.spooled))
  }

  /** Removes what crashes left: staging tables, and bodies that no job and no upload remembers. */
  async sweep(): Promise<void> {
    const waiting = await this.uploads.sweep()
    const inJobs = (await this.#jobs.liveInputs()).flatMap(ticketsIn)
    await Promise.all([
      this.#spool.sweep(new Set([...waiting, ...inJobs].map((ticket) => ticket.file))),
      this.#loader.sweep(AbortSignal.timeout(SWEEP_LIMIT_MS)),
    ])
  }

  async #importJob(request: ImportRequest) {
    const { spooled, origin, ...asked } = request
    requireMeasurementName(request.measurement)
    keysIn(request.options.dedup_keys)
    const frame = importFrame(spooled)
    const input: ImportInput = { ...asked, format: frame, spool: await this.#spool.ticket(spooled) }
    return {
      ...origin,
      type: IMPORT,
      bytes: spooled.bytes,
      measurement: request.measurement,
      payload: {
        measurement: request.measurement,
        filename: request.filename ?? `${request.measurement}.${endingOf(spooled.media)}`,
        bytes: spooled.bytes,
        digest: spooled.digest,
      },
      input: input as unknown as Record<string, unknown>,
    }
  }

  async #import(input: ImportInput, context: JobContext): Promise<Record<string, unknown>> {
    const spooled = await this.#spool.redeem(input.spool, context)
    const request = importLoad(input.measurement, { ...input.format, path: spooled.path }, input.options)
    const about = { jobId: context.jobId, measurement: input.measurement }
    const result =
      input.options.validation === 'lenient'
        ? await loadLeniently(this.#downloads, about, (rejectedFile, confirm) =>
            this.loadInJob({ ...request, rejectedFile }, spooled.bytes, context, confirm),
          )
        : await this.loadInJob(request, spooled.bytes, context)
    return { measurement: input.measurement, ...loadReceipt(result, spooled), ...rejectionReceipt(result) }
  }
}

/** An import as its job remembers it. */
interface ImportInput extends Omit<ImportRequest, 'spooled' | 'origin'> {
  readonly spool: SpoolTicket
  readonly format: Omit<FrameSource, 'path'>
}

/** The bodies that a job needs: any member of its input that is a ticket. */
function ticketsIn(input: Record<string, unknown>): SpoolTicket[] {
  return Object.values(input).filter(
    (value): value is SpoolTicket =>
      typeof value === 'object' && value !== null && typeof (value as { file?: unknown }).file === 'string',
  )
}

/** What every receipt says of a load. */
export function loadReceipt(result: LoadResult, spooled: Pick<SpooledBody, 'bytes' | 'digest' | 'startedAt'>) {
  return {
    rows_received: result.rowsReceived,
    rows_written: result.rowsWritten,
    rows_deduplicated: result.rowsDeduplicated,
    total_rows: result.totalRows,
    first_ts: new Date(result.firstMs).toISOString(),
    last_ts: new Date(result.lastMs).toISOString(),
    first_ts_ms: result.firstMs,
    last_ts_ms: result.lastMs,
    bytes: spooled.bytes,
    digest: spooled.digest,
    seconds: Math.max(0, Date.now() - spooled.startedAt) / 1000,
    readable_at: new Date().toISOString(),
    warnings:
      result.rowsDeduplicated > 0
        ? [`${result.rowsDeduplicated} rows had a key that was there already and took the earlier row's place`]
        : [],
  }
}

/** Where the frame lies in the body of an import. @throws DomainError REQUEST_INVALID when the JSON body holds none */
function importFrame(spooled: SpooledBody): Omit<FrameSource, 'path'> {
  const format = formatOf(spooled.media)
  if (format !== undefined) return { format }
  const data = spooled.members.get('data')
  if (data?.kind !== 'string')
    throw new DomainError('REQUEST_INVALID', 'data is required: the CSV text with its header line', [
      { in: 'body', pointer: '/data', expected: 'text' },
    ])
  return { format: 'csv', quoted: true, range: { start: data.start, end: data.end } }
}
