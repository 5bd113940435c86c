/** What a request passes on its way to its operation, in this order, and the server that takes it. */
import { createServer, type Server } from 'node:http'
import Koa from 'koa'
import type { Config } from '../config.js'
import type { Log } from '../log.js'
import type { Api } from './api.js'
import type { BodySpool } from './body.js'
import { allowOrigins, securityHeaders } from './headers.js'
import type { Limiter } from './limits.js'
import { accessLog, problems, requestIds } from './middleware.js'
import { healthOnly, type requestSignals } from './signals.js'

export interface ApplicationParts {
  readonly config: Config
  readonly log: Log
  readonly api: Api
  readonly signals: ReturnType<typeof requestSignals>
  readonly documentation: Koa.Middleware
  readonly byAddress: Limiter
  readonly secretTries: Limiter
  readonly spool: Pick<BodySpool, 'release'>
}

export function createApplication(parts: ApplicationParts): Koa {
  const { config, log, api, spool } = parts
  const koa = new Koa({ proxy: config.server.trust_proxy })
  koa.silent = true
  koa.use(requestIds())
  koa.use(accessLog(log))
  koa.use(securityHeaders())
  koa.use(allowOrigins(config.cors.origins))
  koa.use(problems(log))
  if (!config.server.roles.includes('api')) koa.use(healthOnly())
  koa.use(parts.signals.middleware)
  koa.use(async (ctx, next) => {
    if (ctx.path.startsWith('/api/')) await parts.byAddress(ctx)
    return next()
  })
  koa.use(parts.documentation)
  koa.use(async (ctx) => {
    if (!ctx.path.startsWith('/api/')) return api.handle(ctx)
    if (ctx.path === '/api/auth/token') await parts.secretTries(ctx)
    try {
      await api.handle(ctx)
    } finally {
      if (ctx.state.spooled) await spool.release(ctx.state.spooled)
    }
  })
  return koa
}

/** Resolves when the port is taken. */
export async function listen(koa: Koa, config: Config): Promise<Server> {
  const server = createServer(koa.callback())
  // A large frame over a slow line may take longer than Node's own five minutes.
  server.requestTimeout = config.limits.transfer_seconds * 1000
  server.headersTimeout = 10_000
  await new Promise<void>((done, fail) => {
    server.once('error', fail)
    server.listen(config.server.port, config.server.host, done)
  })
  return server
}
