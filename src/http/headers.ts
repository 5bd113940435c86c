/** Headers that every answer carries, and CORS. */
import cors from '@koa/cors'
import type { Middleware } from 'koa'

/** OWASP's REST headers; nothing here is ever framed, sniffed, embedded or cached without revalidation. */
export const SAFE_HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
} as const

const YEAR_SECONDS = 31_536_000

/** Where the request came by TLS, browsers are told to come by nothing else. */
export function staySecure(): Middleware {
  return async (ctx, next) => {
    if (ctx.secure) ctx.set('Strict-Transport-Security', `max-age=${YEAR_SECONDS}`)
    await next()
  }
}

/** CORS for the listed origins, compared exactly; a preflight needs no token. */
export function allowOrigins(origins: readonly string[]): Middleware {
  const allowed = new Set(origins)
  return cors({
    // @koa/cors reads an empty string as "not allowed" and sends no header then.
    origin: (ctx) => (allowed.has(ctx.get('origin')) ? ctx.get('origin') : ''),
    allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'],
    allowHeaders: [
      'Content-Type',
      'X-Stage1-Token',
      'If-None-Match',
      'If-Range',
      'Range',
      'Prefer',
      'Idempotency-Key',
      'Last-Event-ID',
      'Content-Digest',
    ],
    exposeHeaders: [
      'ETag',
      'Retry-After',
      'Location',
      'Content-Disposition',
      'Accept-Ranges',
      'Content-Range',
      'X-Request-Id',
      'X-Stage1-Version',
      'Idempotency-Replayed',
      'RateLimit',
      'RateLimit-Policy',
      'X-RateLimit-Limit',
      'X-RateLimit-Remaining',
      'X-RateLimit-Reset',
    ],
    maxAge: 600,
    keepHeadersOnError: true,
  })
}
