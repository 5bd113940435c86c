import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ABANDONED_AFTER_MS, timeIn } from './abandoned-files.js'

const SUFFIX = '.process'

/**
 * A folder for this process alone, beside those of others. Each touches its own now and then, so one that was not touched for hours is
 * that of a process that died.
 */
export class OwnFolder {
  readonly path: string

  constructor(private readonly parent: string) {
    this.path = join(parent, randomUUID() + SUFFIX)
  }

  async make(): Promise<void> {
    await mkdir(this.path, { recursive: true, mode: 0o700 })
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true })
  }

  /** Shows that this process lives, and removes the folders of those that don't. */
  async sweep(): Promise<void> {
    const now = await timeIn(this.path)
    for (const name of await readdir(this.parent)) {
      if (!name.endsWith(SUFFIX)) continue
      const path = join(this.parent, name)
      const found = await stat(path).catch(() => undefined)
      if (found && now - found.mtimeMs > ABANDONED_AFTER_MS) await rm(path, { recursive: true, force: true })
    }
  }
}
