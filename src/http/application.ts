/** What a request passes on its way to its operation, in this order. */
import Koa from 'koa'
import type { Config } from '../config.js'
import type { Log } from '../log.js'
import type { Api } from './api.js'
import type { BodySpool } from './body.js'
import { knownAddresses, plainRequestsOnly } from './doors.js'
import { allowOrigins, staySecure } from './headers.js'
import type { Limiter } from './limits.js'
import { accessLog, closesUnreadBodies, problems, requestIds, watchedAnswers } from './middleware.js'
import { HEALTH_PATHS, healthOnly, type requestSignals } from './signals.js'

export interface ApplicationParts {
  readonly config: Config
  readonly log: Log
  readonly api: Api
  readonly signals: ReturnType<typeof requestSignals>
  readonly documentation: Koa.Middleware
  readonly byAddress: Limiter
  readonly spool: Pick<BodySpool, 'release'>
}

export function createApplication(parts: ApplicationParts): Koa {
  const { config, log, api, spool } = parts
  // Only what the proxies wrote is believed: what stands before it in X-Forwarded-For the client has made up itself.
  const koa = new Koa({ proxy: config.server.trust_proxy, maxIpsCount: config.server.proxies })
  koa.silent = true
  koa.use(requestIds())
  koa.use(knownAddresses())
  koa.use(accessLog(log))
  koa.use(watchedAnswers(config.limits.slow_seconds, log))
  koa.use(closesUnreadBodies())
  koa.use(staySecure())
  koa.use(allowOrigins(config.cors.origins))
  koa.use(problems(log))
  koa.use(plainRequestsOnly())
  if (!config.server.roles.includes('api')) koa.use(healthOnly())
  koa.use(parts.signals.middleware)
  koa.use(async (ctx, next) => {
    if (!HEALTH_PATHS.has(ctx.path)) await parts.byAddress.count(ctx)
    return next()
  })
  koa.use(parts.documentation)
  koa.use(async (ctx) => {
    try {
      await api.handle(ctx)
    } finally {
      if (ctx.state.spooled) await spool.release(ctx.state.spooled)
    }
  })
  return koa
}
