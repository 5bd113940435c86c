/** What stands around every request: its id, its log line, and the place where anything thrown becomes a problem. */
import { randomUUID } from 'node:crypto'
import type { Context, Middleware } from 'koa'
import { isDomainError } from '../errors.js'
import type { Log } from '../log.js'
import { problemOf } from './problem.js'
import { watchAnswer } from './progress.js'

const OWN_ID = /^[A-Za-z0-9_-]{8,64}$/

/** A request id: the client's own when it is harmless, so that its log and ours can be read together. */
export function requestIds(): Middleware {
  return async (ctx, next) => {
    const given = ctx.get('x-request-id')
    ctx.state.requestId = OWN_ID.test(given) ? given : randomUUID()
    ctx.set('X-Request-Id', ctx.state.requestId)
    await next()
  }
}

/** One line a request, written when its answer has been sent or broken off. */
export function accessLog(log: Log): Middleware {
  return async (ctx, next) => {
    const start = performance.now()
    ctx.res.once('close', () => {
      const line = {
        request_id: ctx.state.requestId,
        operation: ctx.state.operationId,
        method: ctx.method,
        path: ctx.path.slice(0, 300),
        status: ctx.status,
        ms: Math.round(performance.now() - start),
        address: ctx.ip,
        token_id: ctx.state.tokenId,
        complete: ctx.res.writableFinished,
      }
      // It is for the client to end what has no end of its own.
      const brokenOff = !ctx.res.writableFinished && !ctx.state.openEnded
      if (ctx.status >= 500 || brokenOff) log.warn(line, 'request')
      else log.info(line, 'request')
    })
    await next()
  }
}

/** Cuts off readers who take their answers too slowly. */
export function watchedAnswers(seconds: number, log: Log): Middleware {
  return async (ctx, next) => {
    watchAnswer(ctx.res, seconds, () =>
      log.warn({ request_id: ctx.state.requestId, address: ctx.ip }, 'a reader of an answer is too slow'),
    )
    await next()
  }
}

/** A body that was not read to its end would be taken for the next request, or waited for. */
export function closesUnreadBodies(): Middleware {
  return async (ctx, next) => {
    await next()
    if (!ctx.req.complete) ctx.set('Connection', 'close')
  }
}

/** Outermost but for headers and log: whatever is thrown inside is answered as problem+json. */
export function problems(log: Log): Middleware {
  return async (ctx, next) => {
    try {
      await next()
      watchStream(ctx, log)
    } catch (error) {
      writeProblem(ctx, error, log)
    }
  }
}

function writeProblem(ctx: Context, error: unknown, log: Log): void {
  const problem = problemOf(error, ctx.state.requestId)
  if (problem.status >= 500) log.error({ err: error, request_id: ctx.state.requestId }, problem.body.message)
  // What an engine has refused, and nobody before it, may be a check that is missing here.
  else if (isDomainError(error, 'REQUEST_INVALID') && error.cause !== undefined)
    log.warn({ err: error, request_id: ctx.state.requestId }, 'an engine refused a value')
  ctx.status = problem.status
  ctx.set(problem.headers)
  ctx.remove('Content-Encoding')
  ctx.remove('ETag')
  ctx.body = JSON.stringify(problem.body)
  ctx.type = 'application/problem+json'
}

/** A stream that breaks midway must never look whole: the connection is cut. */
function watchStream(ctx: Context, log: Log): void {
  const body: unknown = ctx.body
  if (typeof body !== 'object' || body === null || !('once' in body)) return
  const stream = body as NodeJS.ReadableStream
  stream.once('error', (error) => {
    log.warn({ err: error, request_id: ctx.state.requestId }, 'an answer broke off')
    ctx.res.destroy()
  })
}
