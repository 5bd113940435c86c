import type { Readable } from 'node:stream'
import type { operations } from '../../generated/api.js'
import { DomainError } from '../errors.js'
import type { Handle } from '../postgres/handle.js'
import { UUID } from '../records/uuid.js'
import type { DownloadFiles, RowCount, WrittenFile } from './files.js'
import * as repository from './repository.js'

export type { RowCount, WrittenFile } from './files.js'

/** The media types that a download may have. */
export type Media = keyof operations['getDownload']['responses'][200]['content']

export interface DownloadParts {
  readonly db: Handle
  readonly files: DownloadFiles
  /** How long a file waits to be downloaded. */
  readonly hours: number
}

/** What a client is told of a file that it may download. */
export interface KeptDownload {
  readonly download_id: string
  readonly url: string
  readonly filename: string
  readonly media_type: Media
  readonly bytes: number
  readonly digest: string
  readonly rows: number
  readonly expires_at: string
}

/** A file as it is sent. */
export interface Download {
  readonly media: Media
  readonly filename: string
  readonly bytes: number
  readonly etag: string
  readonly read: (start: number, end: number) => Readable
}

/** Files that jobs make for clients to download: written, then kept until their time is over. */
export class DownloadService {
  constructor(private readonly parts: DownloadParts) {}

  /** Writes a stream to a new file; see `DownloadFiles.write`. Nobody can download it before `keep`. */
  write(stream: Readable, count: RowCount, onBytes: (bytes: number) => void): Promise<WrittenFile> {
    return this.parts.files.write(stream, count, onBytes)
  }

  /** Where a new file may be written by a worker thread. One that is not kept must be discarded. */
  async place(): Promise<{ downloadId: string; path: string; url: string }> {
    const { downloadId, path } = await this.parts.files.place()
    return { downloadId, path, url: urlOf(downloadId) }
  }

  /** Offers a written file for download, from every process. No file is left when that fails. */
  async keep(
    file: WrittenFile,
    about: { readonly jobId: string; readonly filename: string; readonly media: Media },
  ): Promise<KeptDownload> {
    const { db, files, hours } = this.parts
    const { downloadId, bytes, digest, rows } = file
    const { filename, media } = about
    await files.share(downloadId, { bytes, digest })
    try {
      const stored = await repository.insertDownload(db, {
        download_id: downloadId,
        job_id: about.jobId,
        filename,
        media_type: media,
        bytes,
        digest,
        row_count: rows,
        hours,
      })
      return {
        download_id: downloadId,
        url: urlOf(downloadId),
        filename,
        media_type: media,
        bytes,
        digest,
        rows,
        expires_at: stored.expires_at.toISOString(),
      }
    } catch (error) {
      await files.remove(downloadId)
      throw error
    }
  }

  /** Takes back what a job has offered on starts that came to nothing: all but the one that it names in the end. */
  async keepOnly(jobId: string, url: string | undefined): Promise<void> {
    const { db, files } = this.parts
    const downloadId = url?.slice(urlOf('').length)
    for (const id of await repository.deleteDownloadsOf(db, jobId, downloadId)) await files.remove(id)
  }

  /** Takes back a file, whether it was kept or not. */
  async discard(downloadId: string): Promise<void> {
    const { db, files } = this.parts
    await files.abandon(downloadId)
    await files.remove(downloadId)
    await repository.deleteDownload(db, downloadId)
  }

  /** @throws DomainError DOWNLOAD_NOT_FOUND when there is none, or its time is over */
  async get(downloadId: string): Promise<Download> {
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
    await files.sweep(await repository.listDownloads(db))
  }
}

function urlOf(downloadId: string): string {
  return `/api/downloads/${downloadId}`
}
