import { createHash, randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { DomainError } from '../errors.js'
import { ABANDONED_AFTER_MS } from './abandoned-files.js'
import { OwnFolder } from './own-folder.js'
import type { S3Bucket } from './s3-bucket.js'
import type { Content, SharedFiles } from './shared-files.js'

/** A file in parts may take its time; no other process can tell whether it is still being sent. */
const UNFINISHED_AFTER_MS = 24 * 3600 * 1000

/**
 * Files whose shared form is an object in a bucket. The local form lies in a folder of this process for as long as something here
 * writes or reads it, and is removed with the last of them.
 */
export class S3Files implements SharedFiles {
  readonly #folder: OwnFolder
  /** How many here need each local file. */
  readonly #users = new Map<string, number>()
  /** Files written and shared here that are still in use. */
  readonly #shared = new Set<string>()

  /** @param prefix of the objects' keys */
  constructor(
    private readonly bucket: S3Bucket,
    private readonly prefix: string,
    folder: string,
    private readonly onError: (error: unknown) => void,
  ) {
    this.#folder = new OwnFolder(folder)
  }

  async start(): Promise<void> {
    await this.#folder.make()
    await this.bucket.requireBucket().catch(this.onError)
  }

  async stop(): Promise<void> {
    await this.#folder.remove()
  }

  async create(name: string): Promise<string> {
    this.#hold(name)
    return this.#pathOf(name)
  }

  async share(name: string, content: Content): Promise<void> {
    // Also when the store fails to say that it has it.
    this.#shared.add(name)
    await this.bucket.put(this.#keyOf(name), this.#pathOf(name), content)
  }

  async use(name: string, content: Content, signal: AbortSignal): Promise<string | undefined> {
    const path = this.#pathOf(name)
    this.#hold(name)
    try {
      const here = await stat(path).catch(() => undefined)
      if (here?.size === content.bytes || (await this.#fetch(name, path, content, signal))) return path
    } catch (error) {
      await this.letGo(name)
      throw error
    }
    await this.letGo(name)
    return undefined
  }

  async letGo(name: string): Promise<void> {
    const others = (this.#users.get(name) ?? 1) - 1
    if (others > 0) {
      this.#users.set(name, others)
      return
    }
    this.#users.delete(name)
    this.#shared.delete(name)
    await rm(this.#pathOf(name), { force: true })
  }

  async abandon(name: string): Promise<void> {
    if (this.#shared.has(name)) await this.remove(name)
    await this.letGo(name)
  }

  size(name: string): Promise<number | undefined> {
    return this.bucket.size(this.#keyOf(name))
  }

  read(name: string, start: number, end: number): Readable {
    return Readable.from(this.bucket.read(this.#keyOf(name), start, end), { objectMode: false })
  }

  async remove(name: string): Promise<void> {
    await this.bucket.delete(this.#keyOf(name)).catch(this.onError)
  }

  async sweep(remembered: ReadonlySet<string>): Promise<void> {
    const now = Date.now()
    for await (const { key, writtenAt } of this.bucket.list(this.prefix)) {
      const isOld = now - writtenAt.getTime() > ABANDONED_AFTER_MS
      if (isOld && !remembered.has(key.slice(this.prefix.length))) await this.bucket.delete(key)
    }
    await this.bucket.dropUnfinished(this.prefix, new Date(now - UNFINISHED_AFTER_MS))
  }

  sweepHere(): Promise<void> {
    return this.#folder.sweep()
  }

  /** False when there is no such object. The file has its name only when it is whole and right. */
  async #fetch(name: string, path: string, content: Content, signal: AbortSignal): Promise<boolean> {
    const key = this.#keyOf(name)
    if ((await this.bucket.size(key)) !== content.bytes) return false
    const part = `${path}.${randomUUID()}`
    const hash = createHash('sha256')
    const { bucket } = this
    async function* digested(): AsyncGenerator<Buffer> {
      for await (const chunk of bucket.read(key, 0, content.bytes, signal)) {
        hash.update(chunk)
        yield chunk
      }
    }
    try {
      await pipeline(digested, createWriteStream(part, { flags: 'wx', mode: 0o600 }))
      if (`sha-256=:${hash.digest('base64')}:` !== content.digest)
        throw new DomainError('SPOOL_UNAVAILABLE', 'what the store of files gave is not what it was given')
      await rename(part, path)
      return true
    } catch (error) {
      await rm(part, { force: true })
      throw error
    }
  }

  #hold(name: string): void {
    this.#users.set(name, (this.#users.get(name) ?? 0) + 1)
  }

  #pathOf(name: string): string {
    return join(this.#folder.path, name)
  }

  #keyOf(name: string): string {
    return this.prefix + name
  }
}
