/**
 * The objects of one bucket of an S3-compatible store. Bytes are streamed from and to files and never gathered; what the store was sent
 * it checks by SHA-256 (one that does not know the header leaves that to the reader). Failures are SPOOL_UNAVAILABLE, whatever the
 * store said: who asks for a file can do nothing but ask later, and the log has the reason.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
  S3ServiceException,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { DomainError } from '../errors.js'
import type { Content } from './shared-files.js'

export interface S3Options {
  readonly bucket: string
  /** URL of the store; AWS when empty. */
  readonly endpoint: string
  readonly region: string
  readonly accessKey: string
  readonly secretKey: string
  /** The bucket stands in the path of URLs, not in the name of the host. */
  readonly pathStyle: boolean
  /** Larger files are sent in parts of this size, each of which can be sent again alone. */
  readonly partBytes?: number
}

export interface StoredObject {
  readonly key: string
  readonly writtenAt: Date
}

/** Small enough that a store has a part put away before it seems to be silent. */
const PART_BYTES = 32 << 20
/** As many as the protocol allows. */
const MOST_PARTS = 10_000
const CONNECT_MS = 3000
/** A store that is silent for so long in the middle of a request is away. */
const SILENT_MS = 10_000
/** Putting the parts of a large file together may take a store this long, without a word. */
const JOIN_MS = 120_000
const TRIES = 3
const PAUSE_MS = 200
const SILENCE = { trace() {}, debug() {}, info() {}, warn() {}, error() {} }

export class S3Bucket {
  readonly #client: S3Client
  /** For what takes long by its nature. */
  readonly #patient: S3Client
  readonly #bucket: string
  readonly #partBytes: number

  constructor({ bucket, endpoint, region, accessKey, secretKey, pathStyle, partBytes = PART_BYTES }: S3Options) {
    this.#bucket = bucket
    this.#partBytes = partBytes
    const settings = {
      ...(endpoint === '' ? {} : { endpoint }),
      region,
      forcePathStyle: pathStyle,
      credentials: { accessKeyId: accessKey, secretAccessKey: secretKey },
      // Its own checksums come behind the body, which many compatible stores do not understand; ours are in the header.
      requestChecksumCalculation: 'WHEN_REQUIRED' as const,
      responseChecksumValidation: 'WHEN_REQUIRED' as const,
      maxAttempts: 2,
      // What fails is told to the caller.
      logger: SILENCE,
    }
    const client = (socketTimeout: number) =>
      new S3Client({ ...settings, requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout } })
    this.#client = client(SILENT_MS)
    this.#patient = client(JOIN_MS)
  }

  /** Looks whether the store answers and has the bucket. */
  async requireBucket(): Promise<void> {
    await told(() => this.#client.send(new HeadBucketCommand({ Bucket: this.#bucket })))
  }

  /** Stores a file under the key; when it returns, the store has it. */
  async put(key: string, path: string, { bytes, digest }: Content): Promise<void> {
    if (bytes > this.#partBytes) return told(() => this.#putInParts(key, path, bytes))
    const ChecksumSHA256 = digest.replace(/^sha-256=:|:$/g, '')
    const object = { ...this.#named(key), ContentLength: bytes, ChecksumSHA256 }
    await told(() => streamed(path, 0, bytes, (Body) => this.#client.send(new PutObjectCommand({ ...object, Body }))))
  }

  /** Undefined when there is no such object. */
  async size(key: string): Promise<number | undefined> {
    return told(async () => {
      try {
        return (await this.#client.send(new HeadObjectCommand(this.#named(key)))).ContentLength
      } catch (error) {
        if (statusOf(error) === 404) return undefined
        throw error
      }
    })
  }

  /**
   * The bytes from `start` to `end`, the latter exclusive. A connection that breaks is made anew and goes on where it stood, also when it
   * broke because whoever reads was slow.
   */
  async *read(key: string, start: number, end: number, signal?: AbortSignal): AsyncGenerator<Buffer> {
    let at = start
    for (let failures = 0; at < end; ) {
      try {
        const asked = new GetObjectCommand({ ...this.#named(key), Range: `bytes=${at}-${end - 1}` })
        const { Body } = await this.#client.send(asked, signal ? { abortSignal: signal } : {})
        for await (const chunk of Body as Readable) {
          at += (chunk as Buffer).length
          failures = 0
          yield chunk as Buffer
        }
        if (at < end) throw new Error('the object ended too early')
      } catch (error) {
        signal?.throwIfAborted()
        if (++failures === TRIES || statusOf(error) === 404) throw unavailable(error)
        await sleep(PAUSE_MS)
      }
    }
  }

  async delete(key: string): Promise<void> {
    await told(() => this.#client.send(new DeleteObjectCommand(this.#named(key))))
  }

  async *list(prefix: string): AsyncGenerator<StoredObject> {
    const pages = paginateListObjectsV2({ client: this.#client }, { Bucket: this.#bucket, Prefix: prefix })
    try {
      for await (const { Contents = [] } of pages)
        for (const { Key, LastModified } of Contents)
          if (Key && LastModified) yield { key: Key, writtenAt: LastModified }
    } catch (error) {
      throw unavailable(error)
    }
  }

  /** Drops parts of files that were begun before and never became whole. */
  async dropUnfinished(prefix: string, before: Date): Promise<void> {
    await told(async () => {
      const { Uploads = [] } = await this.#client
        .send(new ListMultipartUploadsCommand({ Bucket: this.#bucket, Prefix: prefix }))
        .catch((error: unknown) => {
          // Not every compatible store can tell; its own rules of life cycle must do then.
          if (statusOf(error) === 501) return { Uploads: [] }
          throw error
        })
      for (const { Key, UploadId, Initiated } of Uploads)
        if (Key && Initiated && Initiated < before) await this.#abort(Key, UploadId)
    })
  }

  close(): void {
    this.#client.destroy()
    this.#patient.destroy()
  }

  async #putInParts(key: string, path: string, bytes: number): Promise<void> {
    const named = this.#named(key)
    const partBytes = Math.max(this.#partBytes, Math.ceil(bytes / MOST_PARTS))
    const { UploadId } = await this.#client.send(
      new CreateMultipartUploadCommand({ ...named, ChecksumAlgorithm: 'SHA256' }),
    )
    try {
      const Parts: CompletedPart[] = []
      for (let start = 0, PartNumber = 1; start < bytes; start += partBytes, PartNumber++) {
        const end = Math.min(start + partBytes, bytes)
        const ChecksumSHA256 = await sha256Of(path, start, end)
        const part = { ...named, UploadId, PartNumber, ContentLength: end - start, ChecksumSHA256 }
        const { ETag } = await streamed(path, start, end, (Body) =>
          this.#client.send(new UploadPartCommand({ ...part, Body })),
        )
        Parts.push({ PartNumber, ETag, ChecksumSHA256 })
      }
      await this.#patient.send(new CompleteMultipartUploadCommand({ ...named, UploadId, MultipartUpload: { Parts } }))
    } catch (error) {
      await this.#abort(key, UploadId).catch(() => {})
      throw error
    }
  }

  async #abort(key: string, UploadId: string | undefined): Promise<void> {
    await this.#client.send(new AbortMultipartUploadCommand({ ...this.#named(key), UploadId }))
  }

  #named(key: string) {
    return { Bucket: this.#bucket, Key: key }
  }
}

/** Sends a part of a file; the client can't send a stream again by itself, so each try opens it anew. */
async function streamed<T>(path: string, start: number, end: number, send: (body: Readable) => Promise<T>): Promise<T> {
  // Whoever has waited until the store counts as away is not made to wait for that again.
  const until = performance.now() + SILENT_MS
  for (let tries = 1; ; tries++) {
    const body = createReadStream(path, { start, end: Math.max(start, end - 1) })
    const unreadable = new Promise<never>((_, reject) => body.once('error', reject))
    try {
      return await Promise.race([send(body), unreadable])
    } catch (error) {
      const status = statusOf(error)
      const isRefused = status !== undefined && status >= 400 && status < 500
      if (isRefused || tries === TRIES || performance.now() >= until) throw error
      await sleep(PAUSE_MS * tries)
    } finally {
      body.destroy()
    }
  }
}

async function sha256Of(path: string, start: number, end: number): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { start, end: end - 1 })) hash.update(chunk as Buffer)
  return hash.digest('base64')
}

async function told<T>(asked: () => Promise<T>): Promise<T> {
  try {
    return await asked()
  } catch (error) {
    throw unavailable(error)
  }
}

function unavailable(cause: unknown): DomainError {
  if (cause instanceof DomainError) return cause
  const said = cause instanceof S3ServiceException ? ` (it says ${cause.name})` : ''
  return new DomainError('SPOOL_UNAVAILABLE', `the store of files does not answer as it should${said}`, {}, { cause })
}

function statusOf(error: unknown): number | undefined {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined
}
