/**
 * Who asks, and whether the request can be taken one way only. Requests whose form lets two servers on the way understand different
 * things are refused before anything else looks at them: more than one Host or none, a target that is not a path, an expectation that is
 * not met here.
 */
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import type { Middleware } from 'koa'
import { DomainError } from '../errors.js'

/** Some proxies write the port too, and IPv6 in brackets then. */
const WITH_PORT = /^(?:\[([0-9A-Fa-f:.]{2,45})\]|([0-9.]{7,15}))(?::\d{1,5})?$/

/** What a proxy says of where the request came from is an address; where it is none, the request counts as the proxy's own. */
export function knownAddresses(): Middleware {
  return async (ctx, next) => {
    const [, six, four] = WITH_PORT.exec(ctx.ip) ?? []
    const address = six ?? four ?? ctx.ip
    ctx.request.ip = isIP(address) === 0 ? (ctx.req.socket.remoteAddress ?? '') : address
    await next()
  }
}

/** @throws DomainError REQUEST_INVALID (from the returned function) */
export function plainRequestsOnly(): Middleware {
  return async (ctx, next) => {
    refuseAmbiguous(ctx.req)
    return next()
  }
}

function refuseAmbiguous(req: IncomingMessage): void {
  if (!req.url?.startsWith('/')) throw refusal('the target of a request must be a path, such as /api/datasets')
  const hosts = req.rawHeaders.filter((text, i) => i % 2 === 0 && text.toLowerCase() === 'host').length
  if (hosts > 1 || (hosts === 0 && req.httpVersion !== '1.0'))
    throw refusal(`a request must have one Host header, and this has ${hosts}`)
  const { expect } = req.headers
  if (expect !== undefined && expect.toLowerCase() !== '100-continue')
    throw refusal('no other expectation than 100-continue is met here')
}

function refusal(sentence: string): DomainError {
  return new DomainError('REQUEST_INVALID', sentence)
}
