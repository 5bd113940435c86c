import type { Readable } from 'node:stream'
import type { components } from '../../generated/api.js'
import { crashPoint } from '../crash.js'
import type { DownloadService } from '../downloads/service.js'
import type { JobContext, JobOrigin, JobService } from '../jobs/service.js'
import { Deadline } from '../questdb/deadline.js'
import { despiteReplacement } from '../questdb/replaced.js'
import { type ExportEngines, type ExportLimits, FORMATS, type Format, requireFormat, streamRows } from './formats.js'
import { rowCountOf } from './row-count.js'
import { type ExportRequest, type Selection, selectionOf } from './selection.js'

export type ExportAccepted = components['schemas']['ExportAccepted']
export { FORMATS, type Format } from './formats.js'
export type { ExportRequest } from './selection.js'

export interface ExportParts extends ExportEngines {
  readonly jobs: JobService
  readonly downloads: DownloadService
  /** Time limit of an export that is done by a job. */
  readonly jobSeconds: number
}

const EXPORT = 'export'

/** Rows on their way out of QuestDB: at once as a stream, or by a job into a file that waits to be downloaded. */
export class ExportService {
  constructor(private readonly parts: ExportParts) {
    parts.jobs.register(EXPORT, {
      work: (input, context) => this.#export(input as unknown as ExportInput, context),
      ended: (_, { jobId, result }) => parts.downloads.keepOnly(jobId, result?.url as string | undefined),
    })
  }

  /**
   * Streams the rows. The signal, or destroying the stream, ends the query in QuestDB.
   * @throws DomainError REQUEST_INVALID, QUERY_REFUSED, SQL_INVALID, MEASUREMENT_NOT_FOUND, QUESTDB_UNAVAILABLE, TIME_LIMIT
   */
  async exportNow(request: ExportRequest, format: Format, limits: ExportLimits) {
    const { stream } = await this.#rows(request, format, limits)
    return { stream, filename: filenameOf(request, format) }
  }

  /**
   * Accepts an export as a job, unless the job of this id is there already.
   * @throws DomainError for a mistake in the request, as `exportNow`
   */
  async exportLater(
    request: ExportRequest,
    format: Format,
    signal: AbortSignal,
    origin: JobOrigin,
  ): Promise<ExportAccepted> {
    await despiteReplacement(async () => {
      const selection = await selectionOf(this.parts.questdb, request, { signal, always: true })
      await requireFormat(this.parts, selection, format, { signal })
    }, signal)
    const filename = filenameOf(request, format)
    const input: ExportInput = { request, format, filename }
    const { sql, measurement } = request
    const job = await this.parts.jobs.enqueue({
      ...origin,
      type: EXPORT,
      payload: { format, filename, ...(sql === undefined ? { measurement } : { sql }) },
      input: input as unknown as Record<string, unknown>,
    })
    return { job_id: job.job_id, status: job.status, format, filename }
  }

  #rows(
    request: ExportRequest,
    format: Format,
    limits: ExportLimits,
  ): Promise<{ selection: Selection; stream: Readable }> {
    const { signal, timeoutSeconds } = limits
    return despiteReplacement(async () => {
      const selection = await selectionOf(this.parts.questdb, request, { signal, timeoutMs: timeoutSeconds * 1000 })
      return { selection, stream: await streamRows(this.parts, selection, format, limits) }
    }, signal)
  }

  /** Each start makes a file of its own, so that one whose lease was lost spoils nothing of the next. */
  async #export({ request, format, filename }: ExportInput, context: JobContext): Promise<Record<string, unknown>> {
    const { downloads, jobSeconds } = this.parts
    const deadline = new Deadline(jobSeconds * 1000, context.signal)
    try {
      const limits = { signal: deadline.signal, timeoutSeconds: jobSeconds }
      context.progress({ phase: 'exporting', unit: 'bytes' })
      const { selection, stream } = await this.#rows(request, format, limits)
      const onBytes = (progress: number) => context.progress({ progress, message: `${progress} bytes written` })
      const file = await downloads.write(stream, rowCountOf(format), onBytes).catch((error: unknown) => {
        throw selection.explain(error)
      })
      await crashPoint('export-written')
      const kept = await downloads.keep(file, { jobId: context.jobId, filename, media: FORMATS[format] })
      await crashPoint('export-kept')
      const { bytes, rows } = kept
      context.progress({ phase: 'done', progress: bytes, total: bytes, message: `${rows} rows exported` })
      return { ...kept }
    } finally {
      deadline.release()
    }
  }
}

/** An export as its job remembers it. */
interface ExportInput {
  readonly request: ExportRequest
  readonly format: Format
  readonly filename: string
}

function filenameOf({ filename, measurement }: ExportRequest, format: Format): string {
  // `.arrow` is the ending of Arrow files, which have their footer; of streams it is `.arrows`.
  return filename ?? `${measurement ?? 'export'}.${format === 'arrow' ? 'arrows' : format}`
}
