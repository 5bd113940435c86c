/** Writing a handler's typed answer to the wire. */
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import type { Context } from 'koa'
import type { OperationId, OperationReply, StoredDocument } from './contract.js'
import { matchesETag, writeFile } from './file.js'

const unzip = promisify(gunzip)

/** The page that a list was asked for; validation has filled in the contract's defaults. */
export function pageOf(query: { limit?: number; offset?: number }): { limit: number; offset: number } {
  return { limit: query.limit as number, offset: query.offset as number }
}

/** What every list says of itself, so that nothing is cut in silence. */
export function pageFigures(items: readonly unknown[], total: number, page: { limit: number; offset: number }) {
  const count = items.length
  return {
    count,
    returned: count,
    total,
    limit: page.limit,
    offset: page.offset,
    has_more: page.offset + count < total,
  }
}

/** The one of these media types that `Accept` names first; undefined when it names none. */
export function preferredMedia<M extends string>(
  accept: string | string[] | undefined,
  medias: readonly M[],
): M | undefined {
  const wanted = String(accept ?? '').toLowerCase()
  const named = medias.filter((media) => wanted.includes(media))
  return named.sort((a, b) => wanted.indexOf(a) - wanted.indexOf(b))[0]
}

/** Whether `Prefer` asks for an answer before the work is done (RFC 7240). */
export function wantsNoWait(prefer: string | string[] | undefined): boolean {
  const wishes = [prefer ?? []].flat().join(',').split(',')
  return wishes.some((wish) => wish.trim().toLowerCase() === 'respond-async')
}

export async function writeReply(ctx: Context, reply: OperationReply<OperationId>): Promise<void> {
  ctx.status = reply.status
  if ('json' in reply) {
    if (reply.location !== undefined) ctx.set('Location', reply.location)
    ctx.type = 'application/json'
    ctx.body = JSON.stringify(reply.json)
  } else if ('document' in reply) {
    await writeDocument(ctx, reply.document)
  } else if ('file' in reply) {
    writeFile(ctx, reply)
  } else {
    ctx.type = reply.media
    if (reply.media === 'text/event-stream') unbuffered(ctx)
    if ('filename' in reply && reply.filename) ctx.attachment(reply.filename)
    ctx.body = reply.stream
  }
}

/** Each event at once: no proxy on the way may gather or compress them. */
function unbuffered(ctx: Context): void {
  ctx.set('Cache-Control', 'no-store, no-transform')
  ctx.set('X-Accel-Buffering', 'no')
}

async function writeDocument(ctx: Context, { gzipped, etag }: StoredDocument): Promise<void> {
  ctx.set('ETag', etag)
  ctx.set('Cache-Control', 'private, no-cache')
  ctx.vary('Accept-Encoding')
  if (matchesETag(ctx.get('if-none-match'), etag)) {
    ctx.status = 304
    return
  }
  ctx.type = 'application/json'
  if (ctx.acceptsEncodings('gzip', 'identity') === 'gzip' && ctx.get('accept-encoding') !== '') {
    ctx.set('Content-Encoding', 'gzip')
    ctx.body = gzipped
  } else {
    ctx.body = await unzip(gzipped)
  }
}
