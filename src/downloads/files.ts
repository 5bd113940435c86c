/**
 * Files to download, until their time is over: written as the bytes come, with back-pressure, counted and digested on the way, on
 * the disk before anybody is told of them, readable by nobody else. A file that was not finished is removed at once; what a
 * crash left behind, by the sweep.
 */
import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { DomainError } from '../errors.js'
import { removeAbandoned } from '../records/abandoned-files.js'

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

const SUFFIX = '.download'

export class DownloadFiles {
  constructor(
    private readonly folder: string,
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
      await this.remove(downloadId)
      throw error
    }
  }

  /** Where a new file may be written by somebody else, who keeps others from reading it. */
  async place(): Promise<{ downloadId: string; path: string }> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 })
    const downloadId = randomUUID()
    return { downloadId, path: this.#pathOf(downloadId) }
  }

  /** Whether the file is here with this size. */
  async has(id: string, bytes: number): Promise<boolean> {
    const found = await stat(this.#pathOf(id)).catch(() => undefined)
    return found?.size === bytes
  }

  /** The bytes from `start` to `end`, the latter exclusive. */
  read(id: string, start: number, end: number): Readable {
    return createReadStream(this.#pathOf(id), { start, end: end - 1 })
  }

  async remove(id: string): Promise<void> {
    await rm(this.#pathOf(id), { force: true })
  }

  /** Removes files that nobody remembers and nobody is writing. */
  async sweep(remembered: ReadonlySet<string>): Promise<void> {
    await removeAbandoned(
      this.folder,
      (name) => name.endsWith(SUFFIX) && !remembered.has(name.slice(0, -SUFFIX.length)),
    )
  }

  #pathOf(id: string): string {
    return join(this.folder, id + SUFFIX)
  }
}

function tooLarge(limit: number): DomainError {
  return new DomainError('EXPORT_TOO_LARGE', `the export has more than ${limit} bytes; ask for less at a time`, {
    limit,
  })
}
