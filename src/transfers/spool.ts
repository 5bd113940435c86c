/**
 * Bodies that carry frames wait here, in files of their own, until they are loaded: written as they arrive with back-pressure,
 * counted and digested on the way, readable by nobody else. A file lives as long as its request, or as the job that has taken
 * it over, which any process may run; what a crash left behind is removed by the sweep once it is older than any request may be.
 */

import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Readable } from 'node:stream'
import { crashPoint } from '../crash.js'
import { DomainError } from '../errors.js'
import { BatchedFile } from '../frames/batched-file.js'
import { JsonMembers } from '../frames/members.js'
import type {
  ReceivedBody,
  ReceivedForm,
  ReceiveFormOptions,
  ReceiveOptions,
  SpooledBody,
  SpooledMember,
} from '../frames/spooled.js'
import type { JobContext } from '../jobs/service.js'
import type { SharedFiles } from '../storage/shared-files.js'
import { receiveForm } from './form.js'
import { chunksUntil } from './request-chunks.js'

/** A spooled body as a job remembers it: no path of this machine in it. */
export interface SpoolTicket {
  readonly file: string
  readonly bytes: number
  readonly digest: string
  readonly media: string
  readonly members: Record<string, SpooledMember>
  readonly startedAt: number
}

/** The ending of the names of bodies. */
export const BODY = '.body'

/** Whoever works with a body: a run of a job. */
export type SpoolUser = Pick<JobContext, 'signal' | 'defer'>

export class Spool {
  readonly #adopted = new Set<string>()

  constructor(private readonly files: SharedFiles) {}

  /**
   * Writes a body to a file; of a JSON body, the members that hold no frame come back parsed.
   * @throws DomainError BODY_TOO_LARGE, JSON_MALFORMED, or the signal's reason; nothing is left behind then
   */
  async receive(stream: Readable, options: ReceiveOptions): Promise<ReceivedBody> {
    const name = randomUUID() + BODY
    const path = await this.files.create(name)
    try {
      const file = await open(path, 'wx', 0o600)
      try {
        return await this.#write(stream, file, path, options)
      } finally {
        await file.close()
      }
    } catch (error) {
      await this.files.abandon(name)
      throw error
    }
  }

  /**
   * Writes the file part of a form to a file; the other parts come back as text.
   * @throws DomainError as `receiveForm` does; nothing is left behind then
   */
  receiveForm(stream: Readable, options: ReceiveFormOptions): Promise<ReceivedForm> {
    return receiveForm(stream, options, {
      keep: async (content, media) => {
        const { spooled } = await this.receive(content, {
          ...options,
          media,
          frameMembers: [],
          maxHeadBytes: 0,
          maxHeadValues: 0,
        })
        return spooled
      },
      drop: (spooled) => this.release(spooled),
    })
  }

  /** The body as a job may remember it; every process can read it from now on. @throws DomainError SPOOL_UNAVAILABLE */
  async ticket(spooled: SpooledBody): Promise<SpoolTicket> {
    const { bytes, digest, media, startedAt } = spooled
    const file = basename(spooled.path)
    await this.files.share(file, { bytes, digest })
    return {
      file,
      bytes,
      digest,
      media,
      members: Object.fromEntries(spooled.members),
      startedAt,
    }
  }

  /** Leaves the body to the job that has its ticket: it stays when the request ends. Only once that job is stored. */
  adopt(spooled: SpooledBody): void {
    this.#adopted.add(spooled.path)
  }

  /**
   * The body behind a ticket, for as long as the run lasts.
   * @throws DomainError SPOOL_UNAVAILABLE; also when the file is not there: a job's body stays until the job has ended, so it is the
   * folder or the bucket that this process does not see
   */
  async redeem(ticket: SpoolTicket, run: SpoolUser): Promise<SpooledBody> {
    const path = await this.files.use(ticket.file, ticket, run.signal)
    if (path === undefined)
      throw new DomainError('SPOOL_UNAVAILABLE', 'the body of this job is not in the spool that this process sees')
    run.defer(() => this.files.letGo(ticket.file))
    return { ...ticket, path, members: new Map(Object.entries(ticket.members)) }
  }

  /** The small members of a JSON body that was received before. */
  async readHead(spooled: SpooledBody): Promise<Record<string, unknown>> {
    const scanner = new JsonMembers(new Set(spooled.members.keys()), Number.MAX_SAFE_INTEGER)
    for await (const chunk of createReadStream(spooled.path)) scanner.push(chunk)
    return scanner.end().head
  }

  /** Removes the body of a request, unless a job has it now. */
  async release(spooled: SpooledBody): Promise<void> {
    const name = basename(spooled.path)
    await (this.#adopted.delete(spooled.path) ? this.files.letGo(name) : this.files.abandon(name))
  }

  /** Removes the body of a job that has ended. */
  async discard(ticket: SpoolTicket): Promise<void> {
    await this.files.remove(ticket.file)
  }

  /** Removes bodies that no request can still be using and no job remembers. */
  async sweep(remembered: ReadonlySet<string>): Promise<void> {
    await this.files.sweep(remembered)
  }

  async #write(stream: Readable, file: FileHandle, path: string, options: ReceiveOptions): Promise<ReceivedBody> {
    const startedAt = Date.now()
    const hash = createHash('sha256')
    const isJson = options.media === 'application/json'
    const scanner = isJson
      ? new JsonMembers(
          new Set(options.frameMembers),
          options.maxHeadBytes,
          options.maxHeadValues,
          options.later?.isForLater,
        )
      : undefined
    const batched = new BatchedFile(file)
    let bytes = 0
    try {
      for await (const chunk of chunksUntil(stream, options.signal)) {
        bytes += chunk.length
        if (bytes > options.maxBytes)
          throw new DomainError('BODY_TOO_LARGE', `the body has more than ${options.maxBytes} bytes`, {
            limit: options.maxBytes,
          })
        hash.update(chunk)
        scanner?.push(chunk)
        await batched.write(chunk)
      }
      await batched.end()
    } finally {
      await batched.settle()
    }
    if (options.later) await scanner?.settle(options.later.parse)
    const scanned = scanner?.end()
    const spooled: SpooledBody = {
      path,
      bytes,
      digest: `sha-256=:${hash.digest('base64')}:`,
      media: options.media,
      members: scanned?.large ?? new Map(),
      startedAt,
    }
    await crashPoint('spool-written')
    return { spooled, head: scanned?.head }
  }
}
