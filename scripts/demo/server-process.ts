/**
 * The server as a process of its own, started from its sources. It runs in an engine home: its log and spool lie in a private
 * temporary folder, Ctrl-C reaches only the starter, and a later start ends what a starter that was killed has left.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { EngineHome } from '../engines/engine-home.js'
import { LogFile } from './log-file.js'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
const READY_LIMIT_MS = 60_000
const LOOK_EVERY_MS = 50

/** The server could not be started, or has ended; the message is for the person at the keyboard. */
export class ServerError extends Error {
  override readonly name = 'ServerError'
}

export interface ServerOptions {
  /** Settings by environment name; one that is undefined is taken from the server though it is set here. */
  readonly settings: Readonly<Record<string, string | undefined>>
  /** Told every line of the server's log. */
  readonly onLine?: (line: string) => void
  readonly signal: AbortSignal
}

export interface ServerProcess {
  readonly url: string
  readonly logFile: string
  /** Settles when the server has ended by itself: its exit code. */
  readonly ended: Promise<number>
  /** The end of its log. */
  lastLines(): string
  /** Ends it and removes its folder. */
  stop(): Promise<void>
}

/**
 * Starts the server and returns when it takes requests. Its log level must include `info`, as its line `ready` names the URL.
 * @throws ServerError when it ends before or takes too long
 */
export async function startServer({ settings, onLine = () => {}, signal }: ServerOptions): Promise<ServerProcess> {
  const home = new EngineHome()
  try {
    const program = home.launch({
      name: 'server',
      command: process.execPath,
      args: ['--import', import.meta.resolve('tsx'), MAIN],
      env: { STAGE1_TRANSFERS_SPOOL_DIR: join(home.folder, 'spool'), ...settings },
    })
    const log = new LogFile(join(home.folder, 'server.log'))
    let url: string | undefined
    const look = () => {
      for (const line of log.newLines()) {
        onLine(line)
        url ??= urlWhenReady(line)
      }
    }
    const deadline = Date.now() + READY_LIMIT_MS
    for (look(); url === undefined; look()) {
      signal.throwIfAborted()
      if (program.hasEnded()) {
        look()
        throw new ServerError(`The server ended before it was ready. Its log:\n${program.lastLines()}`)
      }
      if (Date.now() > deadline)
        throw new ServerError(`The server was not ready within a minute. The end of its log:\n${program.lastLines()}`)
      await delay(LOOK_EVERY_MS)
    }
    const timer = setInterval(look, LOOK_EVERY_MS)
    const stop = async () => {
      clearInterval(timer)
      await home.close()
    }
    return {
      url,
      logFile: log.path,
      ended: program.exitCode.finally(() => existsSync(log.path) && look()),
      lastLines: () => program.lastLines(),
      stop,
    }
  } catch (error) {
    await home.close()
    throw error
  }
}

function urlWhenReady(line: string): string | undefined {
  try {
    const { msg, url } = JSON.parse(line) as { msg?: string; url?: string }
    return msg === 'ready' ? url : undefined
  } catch {
    return undefined // not a line of the log itself, such as a warning of Node
  }
}
