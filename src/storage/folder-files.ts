import { createReadStream } from 'node:fs'
import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { removeAbandoned } from './abandoned-files.js'
import type { Content, SharedFiles } from './shared-files.js'

/** Files in a folder that all processes have: what one writes there, the others can read. */
export class FolderFiles implements SharedFiles {
  /** @param suffix of the files that are swept */
  constructor(
    private readonly folder: string,
    private readonly suffix: string,
  ) {}

  async start(): Promise<void> {}

  async stop(): Promise<void> {}

  async create(name: string): Promise<string> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 })
    return this.#pathOf(name)
  }

  async share(): Promise<void> {}

  async use(name: string, { bytes }: Content): Promise<string | undefined> {
    return (await this.size(name)) === bytes ? this.#pathOf(name) : undefined
  }

  async letGo(): Promise<void> {}

  abandon(name: string): Promise<void> {
    return this.remove(name)
  }

  async size(name: string): Promise<number | undefined> {
    return (await stat(this.#pathOf(name)).catch(() => undefined))?.size
  }

  read(name: string, start: number, end: number): Readable {
    return createReadStream(this.#pathOf(name), { start, end: end - 1 })
  }

  async remove(name: string): Promise<void> {
    await rm(this.#pathOf(name), { force: true })
  }

  async sweep(remembered: ReadonlySet<string>): Promise<void> {
    await removeAbandoned(this.folder, (name) => name.endsWith(this.suffix) && !remembered.has(name))
  }

  async sweepHere(): Promise<void> {}

  #pathOf(name: string): string {
    return join(this.folder, name)
  }
}
