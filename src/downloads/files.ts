/**
 * Files to download, until their time is over: written as the bytes come, with back-pressure, counted and digested on the way, on
 * the disk before anybody is told of them, readable by nobody else. A file that was not finished is removed at once; what a
 * crash left behind, by the sweep.
 */
import { createHash, randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { DomainError } from '../errors.js'
import type { Content, SharedFiles } from '../storage/shared-files.js'

export interface WrittenFile {
  readonly downloadId: string
  readonly bytes: number
  /** As in Content-Digest (RFC 9530). */
  readonly digest: string
  readonly rows: number
}

/** Tells how many rows a file holds. */
export interface RowCount {
  /** Sees the bytes on their way. */
  push(chunk: Buffer): void
  /** The rows of the file, once it is whole. */
  rows(path: string): Promise<number>
}

/** The ending of the names of downloads. */
export const DOWNLOAD = '.download'

export class DownloadFiles {
  constructor(
    private readonly files: SharedFiles,
    private readonly maxBytes: number,
  ) {}

  /**
   * Writes a stream to a new file.
   * @param onBytes told how many bytes there are so far
   * @throws DomainError EXPORT_TOO_LARGE, or what broke the stream; no file is left then
   */
  async write(stream: Readable, count: RowCount, onBytes: (bytes: number) => void): Promise<WrittenFile> {
    const { maxBytes } = this
    const { downloadId, path } = await this.place()
    const hash = createHash('sha256')
    let bytes = 0
    async function* counted(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      for await (const chunk of chunks) {
        bytes += chunk.length
        if (bytes > maxBytes) throw tooLarge(maxBytes)
        hash.update(chunk)
        count.push(chunk)
        onBytes(bytes)
        yield chunk
      }
    }
    try {
      await pipeline(stream, counted, createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }))
      return { downloadId, bytes, digest: `sha-256=:${hash.digest('base64')}:`, rows: await count.rows(path) }
    } catch (error) {
      await this.abandon(downloadId)
      throw error
    }
  }

  /** Where a new file may be written by somebody else, who keeps others from reading it. It is shared or abandoned then. */
  async place(): Promise<{ downloadId: string; path: string }> {
    const downloadId = randomUUID()
    return { downloadId, path: await this.files.create(nameOf(downloadId)) }
  }

  /** Lets every process read a file that is whole. @throws DomainError SPOOL_UNAVAILABLE; no file is left then */
  async share(id: string, content: Content): Promise<void> {
    try {
      await this.files.share(nameOf(id), content)
    } catch (error) {
      await this.abandon(id)
      throw error
    }
    await this.files.letGo(nameOf(id))
  }

  /** Removes a file that was not shared. */
  async abandon(id: string): Promise<void> {
    await this.files.abandon(nameOf(id))
  }

  /** Whether a shared file is there with this size. @throws DomainError SPOOL_UNAVAILABLE */
  async has(id: string, bytes: number): Promise<boolean> {
    return (await this.files.size(nameOf(id))) === bytes
  }

  /** The bytes from `start` to `end`, the latter exclusive. */
  read(id: string, start: number, end: number): Readable {
    return this.files.read(nameOf(id), start, end)
  }

  async remove(id: string): Promise<void> {
    await this.files.remove(nameOf(id))
  }

  /** Removes files that nobody remembers and nobody is writing. */
  async sweep(remembered: readonly string[]): Promise<void> {
    await this.files.sweep(new Set(remembered.map(nameOf)))
  }
}

function nameOf(id: string): string {
  return id + DOWNLOAD
}

function tooLarge(limit: number): DomainError {
  return new DomainError('EXPORT_TOO_LARGE', `the export has more than ${limit} bytes; ask for less at a time`, {
    limit,
  })
}
