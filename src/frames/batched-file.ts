import type { FileHandle } from 'node:fs/promises'

/** Each call to the file system costs more than a chunk of a request is worth. */
const BATCH_BYTES = 1024 * 1024

/** What one call takes (IOV_MAX is 1024 on Linux and macOS). */
const BATCH_CHUNKS = 1000

/** Writes chunks to a file in the order they come, a megabyte at a time, while more of them arrive. Holds two batches at most. */
export class BatchedFile {
  #waiting: Uint8Array[] = []
  #waitingBytes = 0
  #writing: Promise<void> = Promise.resolve()

  constructor(private readonly file: FileHandle) {}

  /** Takes a chunk; returns when there is room for more. Throws what writing one before it has thrown. */
  async write(chunk: Uint8Array): Promise<void> {
    this.#waiting.push(chunk)
    this.#waitingBytes += chunk.length
    if (this.#waitingBytes >= BATCH_BYTES || this.#waiting.length >= BATCH_CHUNKS) await this.#next()
  }

  /** Returns when the file has every byte. */
  async end(): Promise<void> {
    await this.#next()
    await this.#writing
  }

  /** Returns when nothing is being written, so that the file may be closed; what failed does not matter any more. */
  async settle(): Promise<void> {
    await this.#writing.catch(() => {})
  }

  async #next(): Promise<void> {
    await this.#writing
    const batch = this.#waiting
    this.#waiting = []
    this.#waitingBytes = 0
    this.#writing = writeWhole(this.file, batch)
    // A failure is told to the next call; until then nobody listens.
    this.#writing.catch(() => {})
  }
}

/**
 * Writes the pieces, at most a thousand, one after the other: a disk that fills up takes a part without an error, and says so
 * only when it is given the rest.
 */
export async function writeWhole(file: FileHandle, pieces: readonly Uint8Array[]): Promise<void> {
  let left = pieces.filter((piece) => piece.length > 0)
  while (left.length > 0) {
    let { bytesWritten } = await file.writev(left)
    left = left.flatMap((piece) => {
      const taken = Math.min(bytesWritten, piece.length)
      bytesWritten -= taken
      return taken === piece.length ? [] : [piece.subarray(taken)]
    })
  }
}
