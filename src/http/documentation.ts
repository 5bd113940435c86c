/** The contract and its docs page; outside the contract, so by @koa/router, and without a token. */
import Router from '@koa/router'
import type { Middleware } from 'koa'
import { DomainError } from '../errors.js'

const CONTRACT = '/api/openapi.json'
const PAGE = '/api/docs'

export function documentation(document: object, docsPage: Buffer): Middleware {
  const router = new Router({ sensitive: true, strict: true })
  const json = JSON.stringify(document)
  router.get(CONTRACT, (ctx) => {
    ctx.type = 'application/json'
    ctx.body = json
  })
  router.get(PAGE, (ctx) => {
    ctx.type = 'text/html; charset=utf-8'
    // The page carries its own script and style and asks no other host for anything.
    ctx.set(
      'Content-Security-Policy',
      "default-src 'none'; script-src 'unsafe-inline' blob:; worker-src blob:; style-src 'unsafe-inline'; img-src 'self' data:; font-src data:; connect-src 'self'; frame-ancestors 'none'",
    )
    ctx.body = docsPage
  })
  router.all([CONTRACT, PAGE], (ctx) => {
    const allowed = ['GET', 'HEAD']
    ctx.set('Allow', allowed.join(', '))
    throw new DomainError('METHOD_NOT_ALLOWED', `${ctx.method} is not served here; use GET`, { allowed })
  })
  return router.routes() as unknown as Middleware
}
