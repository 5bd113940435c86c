/** The contract and its docs page; outside the contract, so by @koa/router, and without a token. */
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import Router from '@koa/router'
import type { Context, Middleware } from 'koa'
import { DomainError } from '../errors.js'
import { nextTurn } from '../turns.js'
import { matchesETag } from './file.js'

const CONTRACT = '/api/openapi.json'
const CONTRACT_YAML = '/api/openapi.yaml'
const PAGE = '/api/docs'

/** So much is handed to a connection at a time: the page at once to hundreds of slow readers would hold up everyone else. */
const CHUNK_BYTES = 64 << 10

const compress = promisify(gzip)

export function documentation(document: object, contractYaml: Buffer, docsPage: Buffer): Middleware {
  const router = new Router({ sensitive: true, strict: true })
  const contract = new FixedText(Buffer.from(JSON.stringify(document)))
  const yaml = new FixedText(contractYaml)
  const page = new FixedText(docsPage)
  router.get(CONTRACT, async (ctx) => {
    ctx.type = 'application/json'
    await contract.write(ctx)
  })
  router.get(CONTRACT_YAML, async (ctx) => {
    // Its media type by RFC 9512.
    ctx.type = 'application/yaml'
    await yaml.write(ctx)
  })
  router.get(PAGE, async (ctx) => {
    ctx.type = 'text/html; charset=utf-8'
    // The page carries its own script and style and asks no other host for anything.
    ctx.set(
      'Content-Security-Policy',
      "default-src 'none'; script-src 'unsafe-inline' blob:; worker-src blob:; style-src 'unsafe-inline'; img-src 'self' data:; font-src data:; connect-src 'self'; frame-ancestors 'none'",
    )
    await page.write(ctx)
  })
  router.all([CONTRACT, CONTRACT_YAML, PAGE], (ctx) => {
    const allowed = ['GET', 'HEAD']
    ctx.set('Allow', allowed.join(', '))
    throw new DomainError('METHOD_NOT_ALLOWED', `${ctx.method} is not served here; use GET`, { allowed })
  })
  return router.routes() as unknown as Middleware
}

/** Text that stays the same as long as the process lives; compressed once, when it is first asked for so. */
class FixedText {
  readonly #etag: string
  #gzipped: Promise<Buffer> | undefined

  constructor(private readonly plain: Buffer) {
    this.#etag = createHash('sha256').update(plain).digest('hex').slice(0, 32)
  }

  async write(ctx: Context): Promise<void> {
    const zipped = ctx.get('accept-encoding') !== '' && ctx.acceptsEncodings('gzip', 'identity') === 'gzip'
    // Two forms, two strong tags.
    const etag = zipped ? `"${this.#etag}-gzip"` : `"${this.#etag}"`
    ctx.set({ ETag: etag, 'Cache-Control': 'private, no-cache' })
    ctx.vary('Accept-Encoding')
    if (matchesETag(ctx.get('if-none-match'), etag)) {
      ctx.status = 304
      return
    }
    if (zipped) ctx.set('Content-Encoding', 'gzip')
    const bytes = zipped ? await this.#compressed() : this.plain
    ctx.body = Readable.from(chunksOf(bytes), { objectMode: false, highWaterMark: CHUNK_BYTES })
    ctx.length = bytes.length
  }

  #compressed(): Promise<Buffer> {
    this.#gzipped ??= compress(this.plain)
    return this.#gzipped
  }
}

async function* chunksOf(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    await nextTurn()
    yield bytes.subarray(at, at + CHUNK_BYTES)
  }
}
