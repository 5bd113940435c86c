import { closeSync, openSync, readSync } from 'node:fs'

/** Follows a log file that another process writes. */
export class LogFile {
  #at = 0
  #rest = Buffer.alloc(0)

  constructor(readonly path: string) {}

  /** The lines that have become whole since the last call; none while the file can't be opened. */
  newLines(): string[] {
    const text = Buffer.concat([this.#rest, this.#newBytes()])
    const end = text.lastIndexOf('\n') + 1
    this.#rest = text.subarray(end)
    return text
      .subarray(0, end)
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '')
  }

  #newBytes(): Buffer {
    let file: number
    try {
      file = openSync(this.path, 'r')
    } catch {
      return Buffer.alloc(0)
    }
    try {
      const chunks: Buffer[] = []
      for (;;) {
        const chunk = Buffer.alloc(64 * 1024)
        const length = readSync(file, chunk, 0, chunk.length, this.#at)
        if (length === 0) return Buffer.concat(chunks)
        this.#at += length
        chunks.push(chunk.subarray(0, length))
      }
    } finally {
      closeSync(file)
    }
  }
}
