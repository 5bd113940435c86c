/**
 * Reads a form (multipart/form-data, RFC 7578) with a frame in its file part, which goes to the spool while it arrives. It
 * promises that every part was known, came once and was read to its end; of a form that is refused or cut nothing is kept.
 * The request's stream is left open, since its client is still to be answered.
 */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import busboy from 'busboy'
import { DomainError } from '../errors.js'
import type { ReceivedForm, ReceiveFormOptions, SpooledBody } from '../frames/spooled.js'
import { mediaOfName } from './media.js'
import { chunksUntil } from './request-chunks.js'

/** Where the file part goes. */
export interface FileStore {
  keep(content: Readable, media: string): Promise<SpooledBody>
  drop(spooled: SpooledBody): Promise<void>
}

const FILE = 'file'
const MOST_FIELD_BYTES = 8 * 1024

/**
 * @throws DomainError REQUEST_INVALID naming the part that is missing, unknown, doubled or broken, MEDIA_TYPE_UNSUPPORTED when the
 *   format of the file is not known, BODY_TOO_LARGE, or the signal's reason
 */
export async function receiveForm(
  stream: Readable,
  options: ReceiveFormOptions,
  store: FileStore,
): Promise<ReceivedForm> {
  const parser = parserFor(options.contentType)
  const parts = new FormParts(options, store)
  const failed = new Promise<never>((_, reject) => {
    const orReject = (take: () => void) => {
      try {
        take()
      } catch (error) {
        reject(error)
      }
    }
    parser.on('field', (name, value, info) => orReject(() => parts.field(name, value, info)))
    parser.on('file', (name, content, info) => orReject(() => parts.file(name, content, info).catch(reject)))
    parser.on('error', (error) => reject(malformed(error)))
  })
  failed.catch(() => {})
  const hash = options.digested ? createHash('sha256') : undefined
  let bytes = 0
  try {
    for await (const chunk of chunksUntil(stream, options.signal)) {
      bytes += chunk.length
      if (bytes > options.maxBytes) throw tooLarge(options.maxBytes)
      hash?.update(chunk)
      await Promise.race([failed, parser.write(chunk) ? undefined : once(parser, 'drain')])
    }
    parser.end()
    await Promise.race([failed, once(parser, 'close')])
    const digest = hash ? `sha-256=:${hash.digest('base64')}:` : ''
    return { ...(await Promise.race([failed, parts.whole()])), digest }
  } catch (error) {
    parser.destroy()
    await parts.discard()
    throw error
  }
}

/** The parts that have come. */
class FormParts {
  readonly #fields = new Map<string, string>()
  #filename: string | undefined
  #spooled: Promise<SpooledBody> | undefined

  constructor(
    private readonly options: ReceiveFormOptions,
    private readonly store: FileStore,
  ) {}

  field(name: string | undefined, value: string, { valueTruncated }: busboy.FieldInfo): void {
    if (name === FILE) throw invalidPart(FILE, 'a file: give the part a filename')
    this.#requireKnown(name)
    if (this.#fields.has(name)) throw invalidPart(name, 'one part of this name')
    if (valueTruncated) throw invalidPart(name, `fewer than ${MOST_FIELD_BYTES} bytes`)
    // Bytes that are no UTF-8 have become U+FFFD by now.
    if (value.includes('\uFFFD')) throw invalidPart(name, 'UTF-8')
    this.#fields.set(name, value)
  }

  file(
    name: string | undefined,
    content: Readable,
    { filename, mimeType, encoding }: busboy.FileInfo,
  ): Promise<unknown> {
    // A parser that is given up breaks the file's stream, whether somebody still reads it or not.
    content.on('error', () => {})
    if (name !== FILE) {
      this.#requireKnown(name)
      throw invalidPart(name, 'text: give the part no filename')
    }
    if (this.#spooled) throw invalidPart(FILE, 'one part of this name')
    if (!PLAIN_ENCODINGS.includes(encoding)) throw invalidPart(FILE, 'bytes as they are, in no transfer encoding')
    this.#filename = filename
    this.#spooled = this.store.keep(content, this.#mediaOf(mimeType.toLowerCase(), filename ?? ''))
    return this.#spooled
  }

  async whole(): Promise<Omit<ReceivedForm, 'digest'>> {
    if (!this.#spooled) throw invalidPart(FILE, 'the frame, in a part with a filename')
    const spooled = await this.#spooled
    const filename = this.#filename === undefined ? {} : { filename: this.#filename }
    return { spooled, head: { ...filename, ...Object.fromEntries(this.#fields) } }
  }

  /** Removes what was kept. */
  async discard(): Promise<void> {
    const spooled = await this.#spooled?.catch(() => undefined)
    if (spooled) await this.store.drop(spooled)
  }

  #requireKnown(name: string | undefined): asserts name is string {
    const { fields } = this.options
    if (name !== undefined && fields.includes(name)) return
    throw invalidPart(name?.slice(0, 100) ?? '', `a part that is known: ${[...fields, FILE].join(', ')}`)
  }

  #mediaOf(mimeType: string, filename: string): string {
    const supported = this.options.media
    if (supported.includes(mimeType)) return mimeType
    const told = mediaOfName(filename)
    if (told !== undefined && supported.includes(told)) return told
    throw new DomainError(
      'MEDIA_TYPE_UNSUPPORTED',
      `the format of the file part is not known by its media type "${mimeType.slice(0, 100)}" and its filename "${filename.slice(0, 100)}"`,
      { supported },
    )
  }
}

const PLAIN_ENCODINGS = ['7bit', '8bit', 'binary']

function parserFor(contentType: string): busboy.Busboy {
  try {
    return busboy({
      headers: { 'content-type': contentType },
      defParamCharset: 'utf8',
      limits: { fieldSize: MOST_FIELD_BYTES },
    })
  } catch (error) {
    throw malformed(error)
  }
}

function malformed(error: unknown): DomainError {
  const reason = error instanceof Error ? error.message : String(error)
  return new DomainError('REQUEST_INVALID', `the form can't be read: ${reason.slice(0, 200)}`, [
    { in: 'body', pointer: '', expected: 'multipart/form-data to its last boundary' },
  ])
}

function invalidPart(name: string, expected: string): DomainError {
  return new DomainError('REQUEST_INVALID', `part "${name}" of the form: expected ${expected}`, [
    { in: 'body', pointer: `/${name}`, expected },
  ])
}

function tooLarge(limit: number): DomainError {
  return new DomainError('BODY_TOO_LARGE', `the body has more than ${limit} bytes`, { limit })
}
