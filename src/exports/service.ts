import { randomUUID } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { components } from '../../generated/api.js'
import { DomainError } from '../errors.js'
import type { JobContext, JobService } from '../jobs/service.js'
import type { Handle } from '../postgres/handle.js'
import { Deadline } from '../questdb/deadline.js'
import { UUID } from '../records/uuid.js'
import type { ExportFiles } from './files.js'
import {
  type ExportEngines,
  type ExportLimits,
  FORMATS,
  type Format,
  type Media,
  requireFormat,
  streamRows,
} from './formats.js'
import * as repository from './repository.js'
import { rowCountOf } from './row-count.js'
import { type ExportRequest, type Selection, selectionOf } from './selection.js'

export type ExportAccepted = components['schemas']['ExportAccepted']
export { FORMATS, type Format } from './formats.js'
export type { ExportRequest } from './selection.js'

export interface ExportParts extends ExportEngines {
  readonly db: Handle
  readonly jobs: JobService
  readonly files: ExportFiles
  /** How long a file waits to be downloaded. */
  readonly hours: number
  /** Time limit of an export that is done by a job. */
  readonly jobSeconds: number
}

/** A file that an export job has made. */
export interface Download {
  readonly media: Media
  readonly filename: string
  readonly bytes: number
  readonly etag: string
  readonly read: (start: number, end: number) => Readable
}

const EXPORT = 'export'

/** Rows on their way out of QuestDB: at once as a stream, or by a job into a file that waits to be downloaded. */
export class ExportService {
  constructor(private readonly parts: ExportParts) {
    parts.jobs.register(EXPORT, {
      work: (input, context) => this.#export(input as unknown as ExportInput, context),
      ended: async () => {},
    })
  }

  /**
   * Streams the rows. The signal, or destroying the stream, ends the query in QuestDB.
   * @throws DomainError REQUEST_INVALID, QUERY_REFUSED, SQL_INVALID, MEASUREMENT_NOT_FOUND, QUESTDB_UNAVAILABLE, TIME_LIMIT
   */
  async exportNow(request: ExportRequest, format: Format, limits: ExportLimits) {
    const selection = await this.#selection(request, limits)
    const stream = await streamRows(this.parts, selection, format, limits)
    return { stream, filename: filenameOf(request, format) }
  }

  /** Accepts an export as a job. @throws DomainError for a mistake in the request, as `exportNow` */
  async exportLater(request: ExportRequest, format: Format, signal: AbortSignal): Promise<ExportAccepted> {
    const selection = await selectionOf(this.parts.questdb, request, { signal, always: true })
    await requireFormat(this.parts, selection, format, { signal })
    const filename = filenameOf(request, format)
    const input: ExportInput = { request, format, filename }
    const { sql, measurement } = request
    const job = await this.parts.jobs.enqueue({
      type: EXPORT,
      payload: { format, filename, ...(sql === undefined ? { measurement } : { sql }) },
      input: input as unknown as Record<string, unknown>,
    })
    return { job_id: job.job_id, status: job.status, format, filename }
  }

  /** @throws DomainError DOWNLOAD_NOT_FOUND when there is none, or its time is over */
  async download(downloadId: string): Promise<Download> {
    const { db, files } = this.parts
    const found = UUID.test(downloadId) ? await repository.findDownload(db, downloadId) : undefined
    if (!found || !(await files.has(found.download_id, found.bytes)))
      throw new DomainError('DOWNLOAD_NOT_FOUND', `there is no download ${downloadId}, or it has expired`, {
        download_id: downloadId,
      })
    return {
      media: found.media_type as Media,
      filename: found.filename,
      bytes: found.bytes,
      etag: `"${found.digest.replace(/^sha-256=:|:$/g, '')}"`,
      read: (start, end) => files.read(found.download_id, start, end),
    }
  }

  /** Removes the files whose time is over, and what crashes left. */
  async sweep(): Promise<void> {
    const { db, files } = this.parts
    for (const id of await repository.deleteExpiredDownloads(db)) await files.remove(id)
    await files.sweep(new Set(await repository.listDownloads(db)))
  }

  #selection(request: ExportRequest, { signal, timeoutSeconds }: ExportLimits): Promise<Selection> {
    return selectionOf(this.parts.questdb, request, { signal, timeoutMs: timeoutSeconds * 1000 })
  }

  /** Each start makes a file of its own, so that one whose lease was lost spoils nothing of the next. */
  async #export({ request, format, filename }: ExportInput, context: JobContext): Promise<Record<string, unknown>> {
    const { db, files, hours, jobSeconds } = this.parts
    const deadline = new Deadline(jobSeconds * 1000, context.signal)
    try {
      const limits = { signal: deadline.signal, timeoutSeconds: jobSeconds }
      const selection = await this.#selection(request, limits)
      context.progress({ phase: 'exporting', unit: 'bytes' })
      const stream = await streamRows(this.parts, selection, format, limits)
      const downloadId = randomUUID()
      const onBytes = (progress: number) => context.progress({ progress, message: `${progress} bytes written` })
      const { bytes, digest, rows } = await files
        .write(downloadId, stream, rowCountOf(format), onBytes)
        .catch((error: unknown) => {
          throw selection.explain(error)
        })
      const stored = await repository.insertDownload(db, {
        download_id: downloadId,
        job_id: context.jobId,
        filename,
        media_type: FORMATS[format],
        bytes,
        digest,
        row_count: rows,
        hours,
      })
      context.progress({ phase: 'done', progress: bytes, total: bytes, message: `${rows} rows exported` })
      return {
        download_id: downloadId,
        url: `/api/downloads/${downloadId}`,
        filename,
        media_type: FORMATS[format],
        bytes,
        digest,
        rows,
        expires_at: stored.expires_at.toISOString(),
      }
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
