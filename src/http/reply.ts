/** Writing a handler's typed answer to the wire. */
import type { Readable } from 'node:stream'
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
    if (reply.media === 'text/event-stream') return follow(ctx, reply.stream)
    if ('filename' in reply && reply.filename) ctx.attachment(reply.filename)
    ctx.body = reply.stream
  }
}

/**
 * A stream of events, each sent at once: no proxy on the way may gather or compress them. Thousands stay open, so there is less around each
 * than Koa puts around a body.
 */
function follow(ctx: Context, stream: Readable): void {
  const { res } = ctx
  ctx.set('Cache-Control', 'no-store, no-transform')
  ctx.set('X-Accel-Buffering', 'no')
  ctx.respond = false
  if (res.destroyed || res.closed) {
    stream.destroy()
    return
  }
  res.flushHeaders()
  stream.on('data', (piece: Buffer) => {
    if (!res.write(piece)) stream.pause()
  })
  stream.once('end', () => res.end())
  stream.once('error', () => res.destroy())
  res.on('drain', () => stream.resume())
  // What is written to a connection that has just broken is told as an error.
  for (const ending of ['close', 'error']) res.on(ending, () => stream.destroy())
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
