/** A server on engines of its own, new and empty, for as long as one piece of work needs it. */
import { randomBytes } from 'node:crypto'
import { ServerProcess } from './demo/server-process.js'
import { settingsOf, startEngines } from './engines.js'

export interface OwnServer {
  readonly url: string
  /** The shared secret that tokens are issued against. */
  readonly secret: string
}

export interface OwnServerOptions {
  /** Settings by environment name, beside those of the engines and the secret. */
  readonly settings?: Readonly<Record<string, string>>
  /** Told every line of the server's log. */
  readonly onLine?: (line: string) => void
  readonly signal: AbortSignal
}

/**
 * Starts engines and server, does the work and ends them.
 * @throws EngineError or ServerError when they can't be started, and what the work throws
 */
export async function withOwnServer<T>(
  { settings, onLine, signal }: OwnServerOptions,
  work: (server: OwnServer) => Promise<T>,
): Promise<T> {
  const engines = await startEngines({ log: console.log, signal })
  try {
    const secret = randomBytes(32).toString('base64url')
    const server = await ServerProcess.start({
      settings: {
        ...settings,
        STAGE1_SERVER_PORT: '0',
        ...settingsOf(engines),
        STAGE1_AUTH_SHARED_SECRET: secret,
      },
      ...(onLine ? { onLine } : {}),
      signal,
    })
    try {
      return await work({ url: server.url, secret })
    } finally {
      await server.stop()
    }
  } finally {
    await engines.stop()
  }
}
