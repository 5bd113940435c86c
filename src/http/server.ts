/**
 * The server that takes connections: how many, how long they may take for their headers, and the answers that Node gives by itself, such
 * as to a request that is no HTTP. These too carry the headers that every answer carries, and a problem where Node leaves a body to us.
 */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type Koa from 'koa'
import type { Config } from '../config.js'
import { DomainError } from '../errors.js'
import type { Log } from '../log.js'
import { SAFE_HEADERS } from './headers.js'
import { problemOf } from './problem.js'

const HEADERS_MS = 10_000
/** How long a connection waits for its next request. */
const KEPT_ALIVE_MS = 5000
/** How often the times above are looked at; Node's own half a minute would hold slow connections for three times as long. */
const CHECKED_EVERY_MS = 1000
const REQUESTS_OF_A_CONNECTION = 1000
/** By then the time limit of the request has ended it, and has said so. */
const AFTER_THE_LIMIT_MS = 5000
/** What a client that was refused has yet to take of its answer. */
const FAREWELL_MS = 1000

export interface Listening {
  readonly config: Config
  readonly log: Log
  /** Of the contract. */
  readonly version: string
}

/** Resolves when the port is taken. */
export async function listen(koa: Koa, { config, log, version }: Listening): Promise<Server> {
  const handle = koa.callback()
  const headers = { ...SAFE_HEADERS, 'X-Stage1-Version': version }
  const refuse = refusalsWith(headers)
  const answering = new WeakMap<Duplex, ServerResponse>()
  const options = {
    ServerResponse: responseWith(headers),
    keepAliveTimeout: KEPT_ALIVE_MS,
    connectionsCheckingInterval: CHECKED_EVERY_MS,
    requireHostHeader: false, // refused with a problem in doors.ts
  }
  const server = createServer(options, (req, res) => {
    answering.set(req.socket, res)
    void handle(req, res)
  })
  server.headersTimeout = HEADERS_MS
  // A large frame over a slow line may take longer than Node's own five minutes.
  server.requestTimeout = config.limits.transfer_seconds * 1000 + AFTER_THE_LIMIT_MS
  server.maxRequestsPerSocket = REQUESTS_OF_A_CONNECTION
  server.maxConnections = config.server.max_connections
  server.on('drop', sayingSo(log, config.server.max_connections))
  server.on('checkExpectation', (req, res) => void handle(req, res))
  server.on('connect', (req, socket) =>
    refuse(socket, new DomainError('METHOD_NOT_ALLOWED', `${req.method} is not served here`), 405),
  )
  server.on('clientError', (error: Unreadable, socket) => {
    const current = answering.get(socket)
    const begun = current?.headersSent && !current.writableFinished
    if (!socket.writable || begun || error.code === 'ECONNRESET') socket.destroy()
    else refuse(socket, ...whatWasWrong(error), isHead(error))
  })
  await new Promise<void>((done, fail) => {
    server.once('error', fail)
    server.listen(config.server.port, config.server.host, done)
  })
  return server
}

type Headers = Readonly<Record<string, string>>

/** Every answer begins with these headers, whoever gives it. */
function responseWith(headers: Headers) {
  return class<Request extends IncomingMessage> extends ServerResponse<Request> {
    constructor(...given: ConstructorParameters<typeof ServerResponse<Request>>) {
      super(...given)
      // Each that holds something for the request waits for its end, and there are a dozen.
      this.setMaxListeners(20)
      for (const [name, value] of Object.entries(headers)) this.setHeader(name, value)
    }
  }
}

interface Unreadable extends NodeJS.ErrnoException {
  /** What could not be read. */
  readonly rawPacket?: Buffer
}

function isHead({ rawPacket }: Unreadable): boolean {
  return rawPacket?.toString('latin1', 0, 5) === 'HEAD '
}

function whatWasWrong({ code, message }: Unreadable): [DomainError, number] {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return [new DomainError('BODY_TOO_SLOW', 'the request took too long to arrive'), 408]
    case 'HPE_HEADER_OVERFLOW':
      return [new DomainError('REQUEST_INVALID', 'the headers are larger than 16 KB'), 431]
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return [new DomainError('REQUEST_INVALID', 'the extensions of the chunks are larger than 16 KB'), 413]
    default:
      return [new DomainError('REQUEST_INVALID', `the request is not HTTP/1.1 as it should be: ${message}`), 400]
  }
}

/** Answers without a request that could be parsed, and closes. */
function refusalsWith(always: Headers) {
  return (socket: Duplex, error: DomainError, status: number, withoutBody = false): void => {
    const requestId = randomUUID()
    const { body } = problemOf(error, requestId)
    const text = JSON.stringify({ ...body, title: STATUS_CODES[status] ?? body.title, status })
    const headers = {
      ...always,
      Vary: 'Origin',
      'X-Request-Id': requestId,
      'Content-Type': 'application/problem+json',
      'Content-Length': Buffer.byteLength(text),
      ...(status === 405 ? { Allow: 'GET, POST, DELETE' } : {}),
      Connection: 'close',
    }
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.on('error', () => {})
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${withoutBody ? '' : text}`)
    setTimeout(() => socket.destroy(), FAREWELL_MS).unref()
  }
}

/** At most one line a minute: whoever floods the server must not flood its log too. */
function sayingSo(log: Log, most: number): () => void {
  let quietUntil = 0
  return () => {
    if (performance.now() < quietUntil) return
    quietUntil = performance.now() + 60_000
    log.warn({ most }, 'connections are turned away, as many are open as server.max_connections allows')
  }
}
