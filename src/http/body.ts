/**
 * Reading a request's body, by what the contract says of the operation: ordinary JSON is read as text, a body that
 * carries frames (`x-spooled`) is written to the spool while it arrives and only its small members are parsed. It runs after
 * the token was checked, so that a stranger can't fill the disk, and refuses by headers before it reads a byte.
 */
import type { Readable } from 'node:stream'
import type { Context } from 'koa'
import type { Operation } from 'openapi-backend'
import { DomainError, isDomainError } from '../errors.js'
import { type MemberText, memberPointer } from '../frames/small-member.js'
import type { ReceivedBody, ReceivedForm, ReceiveFormOptions, ReceiveOptions, SpooledBody } from '../frames/spooled.js'
import { refuseUnstorable } from '../records/storable.js'
import { declaredDigest, digestOf, requireDigest } from './digest.js'
import { parseJson } from './json.js'
import { JsonThread } from './json-thread.js'
import { watchBody } from './progress.js'

/** Where bodies that carry frames are written; made by the area that owns the spool. */
export interface BodySpool {
  /** Writes the body to a file; `head` is a JSON body without the members named in `frameMembers`. */
  receive(stream: Readable, options: ReceiveOptions): Promise<ReceivedBody>
  /** Writes the file part of a form to a file; `head` is the text of its other parts. */
  receiveForm(stream: Readable, options: ReceiveFormOptions): Promise<ReceivedForm>
  /** Removes the file unless something has taken it over. */
  release(spooled: SpooledBody): Promise<void>
}

export interface BodyLimits {
  readonly jsonBytes: number
  readonly frameBytes: number
  /** Most members and items in JSON, frames not counted. */
  readonly jsonValues: number
  /** A body that makes so little progress for so long is not waited for. */
  readonly slowSeconds: number
}

export interface ReadBody {
  readonly json: unknown
  readonly spooled: SpooledBody | undefined
  /** Text that tells this body from every other: its digest, and what else it came with. */
  readonly identity: () => string
}

export const NO_BODY: ReadBody = { json: undefined, spooled: undefined, identity: () => '' }

export function bodyReader(spool: BodySpool, thread: JsonThread, limits: BodyLimits) {
  return async function readBody(ctx: Context, operation: Operation, signal: AbortSignal): Promise<ReadBody> {
    const media = acceptedMedia(ctx, operation)
    if (media === undefined) return NO_BODY
    if (ctx.req.destroyed) throw new DomainError('CANCELLED', 'the client has left')
    const tooSlow = new AbortController()
    const unwatch = watchBody(ctx.req, limits.slowSeconds, (error) => tooSlow.abort(error))
    try {
      return await bodyOf(ctx, operation, media, AbortSignal.any([signal, tooSlow.signal]))
    } finally {
      unwatch()
    }
  }

  async function bodyOf(ctx: Context, operation: Operation, media: string, signal: AbortSignal): Promise<ReadBody> {
    const frameMembers = frameMembersOf(operation)
    refuseTooLarge(ctx, frameMembers ? limits.frameBytes : limits.jsonBytes)
    const declared = declaredDigest(ctx.get('content-digest'))
    if (!frameMembers) {
      const text = await orAborted(signal, textOf(ctx.req, limits.jsonBytes))
      const { json, digest } = JsonThread.isLarge(text)
        ? await orAborted(signal, thread.parse(text, limits.jsonValues, declared))
        : { json: parseJson(text, limits.jsonValues, declared), digest: undefined }
      return { json, spooled: undefined, identity: () => digest ?? digestOf(text) }
    }
    const bounds = { maxBytes: limits.frameBytes, signal }
    const checked = new Set<string>()
    const later = {
      isForLater: JsonThread.isLarge,
      parse: (member: MemberText, values: number) => {
        checked.add(member.pointer)
        return orAborted(signal, thread.parseMember(member, limits.jsonValues, values))
      },
    }
    const { spooled, head, digest } =
      media === FORM
        ? await spool.receiveForm(ctx.req, {
            ...formParts(ctx, operation),
            ...bounds,
            digested: declared !== undefined,
          })
        : await wholeBody(
            spool.receive(ctx.req, {
              media,
              frameMembers,
              maxHeadBytes: limits.jsonBytes,
              maxHeadValues: limits.jsonValues,
              later,
              ...bounds,
            }),
          )
    try {
      requireDigest(declared, () => digest)
      refuseUnstorable(notIn(checked, head))
    } catch (error) {
      await spool.release(spooled)
      throw error
    }
    // Of a form the digest is that of its file part, and the head is its fields.
    const beside = media === FORM ? JSON.stringify(head) : ''
    return { json: head, spooled, identity: () => `${spooled.media} ${spooled.digest} ${beside}` }
  }
}

/**
 * The body as text, to be looked at before it is parsed. It is pulled chunk by chunk: listening for its data would let Node read two megabytes
 * of each of many bodies before anyone else is heard. @throws DomainError BODY_TOO_LARGE, CANCELLED
 */
async function textOf(stream: Readable, limit: number): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  // What is refused is still answered, so the connection stays.
  const chunks: AsyncIterable<Buffer> = stream.iterator({ destroyOnReturn: false })
  try {
    for await (const chunk of chunks) {
      bytes += chunk.length
      if (bytes > limit) throw tooLarge(limit, bytes)
      text += decoder.decode(chunk, { stream: true })
    }
  } catch (error) {
    throw isDomainError(error) ? error : new DomainError('CANCELLED', 'the client has left')
  }
  return text + decoder.decode()
}

const FORM = 'multipart/form-data'

/** What the contract lets a form hold: fields beside the file part, and media types of that. */
function formParts(ctx: Context, operation: Operation): Pick<ReceiveFormOptions, 'contentType' | 'fields' | 'media'> {
  const { content } = operation.requestBody as { content: Record<string, { schema: { properties?: object } }> }
  return {
    contentType: ctx.get('content-type'),
    fields: Object.keys(content[FORM]?.schema.properties ?? {}).filter((name) => name !== 'file'),
    media: Object.keys(content).filter((media) => media !== FORM && media !== 'application/json'),
  }
}

/** The head without the members at these places. */
function notIn(pointers: ReadonlySet<string>, head: Record<string, unknown> | undefined): unknown {
  if (pointers.size === 0 || head === undefined) return head
  return Object.fromEntries(Object.entries(head).filter(([name]) => !pointers.has(memberPointer(name))))
}

async function wholeBody(receiving: Promise<ReceivedBody>): Promise<ReceivedBody & { readonly digest: string }> {
  const received = await receiving
  return { ...received, digest: received.spooled.digest }
}

/** The work's result, unless the signal ends first: a client that stops sending is told so instead of waited for. */
async function orAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  let end = () => {}
  const aborted = new Promise<never>((_, reject) => {
    end = () => reject(signal.reason)
    signal.addEventListener('abort', end, { once: true })
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', end)
  }
}

/** The frame members of an operation that takes its body through the spool, else undefined. */
export function frameMembersOf(operation: Operation): readonly string[] | undefined {
  return (operation as { 'x-spooled'?: { frame: string[] } })['x-spooled']?.frame
}

/**
 * The body's media type when the operation takes it; undefined when there is no body to read.
 * @throws DomainError MEDIA_TYPE_UNSUPPORTED, or REQUEST_INVALID when a body is needed and none came
 */
function acceptedMedia(ctx: Context, operation: Operation): string | undefined {
  const declared = operation.requestBody as { required?: boolean; content: Record<string, unknown> } | undefined
  if (!declared) return undefined
  if (!hasBody(ctx)) {
    if (bodyNeeded(operation)) throw new DomainError('REQUEST_INVALID', 'a body is required', { pointer: '' })
    return undefined
  }
  const [type = '', ...parameters] = (ctx.get('content-type') || '').toLowerCase().split(';')
  const media = type.trim()
  const charset = parameters.map((p) => p.trim()).find((p) => p.startsWith('charset='))
  const encoding = ctx.get('content-encoding').toLowerCase()
  const supported = Object.keys(declared.content)
  const refuse = (what: string) => new DomainError('MEDIA_TYPE_UNSUPPORTED', what, { supported })
  if (!supported.includes(media)) throw refuse(`media type "${media}" is not read here; send ${supported.join(' or ')}`)
  if (charset && !/^charset="?utf-?8"?$/.test(charset)) throw refuse(`${charset} is not read here; send UTF-8`)
  if (encoding && encoding !== 'identity')
    throw refuse(`content encoding "${encoding}" is not read here; send the body as it is`)
  return media
}

/** Operations whose body comes in several media types lose the validator's own `required`; this flag keeps it. */
export function bodyNeeded(operation: Operation): boolean {
  const declared = operation.requestBody as { required?: boolean; 'x-needed'?: boolean } | undefined
  return declared?.required === true || declared?.['x-needed'] === true
}

function hasBody(ctx: Context): boolean {
  return ctx.req.headers['transfer-encoding'] !== undefined || Number(ctx.req.headers['content-length'] ?? 0) > 0
}

function refuseTooLarge(ctx: Context, limit: number): void {
  const declared = Number(ctx.req.headers['content-length'] ?? 0)
  if (declared > limit) throw tooLarge(limit, declared)
}

function tooLarge(limit: number, bytes: number): DomainError {
  return new DomainError('BODY_TOO_LARGE', `the body has ${bytes} bytes; at most ${limit} are taken here`, {
    limit,
    bytes,
  })
}
