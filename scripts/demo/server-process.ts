/**
 * The server as a process of its own, as it is compiled. It runs in an engine home: its log and spool lie in a private
 * temporary folder, Ctrl-C reaches only the starter, and a later start ends what a starter that was killed has left.
 */
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { EngineHome, type Running } from '../engines/engine-home.js'
import { ROOT } from '../root.js'
import { LogFile } from './log-file.js'

const MAIN = fileURLToPath(new URL('../../src/main.js', import.meta.url))
/**
 * Programs of an engine home begin in its folder; the server works in the project's, where relative paths are meant.
 * Its worker threads load this too, and may not change the folder.
 */
const FROM_ROOT = `data:text/javascript,${encodeURIComponent(
  `import { isMainThread } from 'node:worker_threads'\nif (isMainThread) process.chdir(${JSON.stringify(ROOT)})`,
)}`
const READY_LIMIT_MS = 60_000
const LOOK_EVERY_MS = 50

/** The server could not be started, or has ended; the message is for the person at the keyboard. */
export class ServerError extends Error {
  override readonly name = 'ServerError'
}

export interface ServerOptions {
  /** Settings by environment name; undefined hides one that is set here from the server. */
  readonly settings: Readonly<Record<string, string | undefined>>
  /** Told every line of the server's log. */
  readonly onLine?: (line: string) => void
  readonly signal: AbortSignal
}

export class ServerProcess {
  readonly logFile: string
  readonly #home: EngineHome
  readonly #program: Running
  readonly #log: LogFile
  readonly #onLine: (line: string) => void
  readonly #looking: NodeJS.Timeout
  #url: string | undefined

  private constructor({ settings, onLine = () => {} }: ServerOptions) {
    this.#home = new EngineHome()
    this.#program = this.#home.launch({
      name: 'server',
      command: process.execPath,
      args: ['--enable-source-maps', '--import', FROM_ROOT, MAIN],
      env: { STAGE1_TRANSFERS_SPOOL_DIR: join(this.#home.folder, 'spool'), ...settings },
    })
    this.logFile = join(this.#home.folder, 'server.log')
    this.#log = new LogFile(this.logFile)
    this.#onLine = onLine
    this.#looking = setInterval(() => this.#look(), LOOK_EVERY_MS)
  }

  /**
   * Starts the server and returns when it takes requests. Its log level must include `info`, as the line `ready` names its URL.
   * @throws ServerError when it ends before that, or takes too long
   */
  static async start(options: ServerOptions): Promise<ServerProcess> {
    const server = new ServerProcess(options)
    try {
      await server.#ready(options.signal)
      return server
    } catch (error) {
      await server.stop()
      throw error
    }
  }

  get url(): string {
    if (this.#url === undefined) throw new Error('the server is not ready')
    return this.#url
  }

  /** Settles when the server has ended: its exit code. */
  get ended(): Promise<number> {
    return this.#program.exitCode
  }

  /** The end of its log. */
  lastLines(): string {
    return this.#program.lastLines()
  }

  /** Ends the server and removes its folder. */
  async stop(): Promise<void> {
    clearInterval(this.#looking)
    this.#look()
    await this.#home.close()
  }

  async #ready(signal: AbortSignal): Promise<void> {
    const deadline = Date.now() + READY_LIMIT_MS
    while (this.#url === undefined) {
      signal.throwIfAborted()
      const failure = this.#program.hasEnded()
        ? 'ended before it was ready'
        : Date.now() > deadline && 'was not ready within a minute'
      if (failure) throw new ServerError(`The server ${failure}. The end of its log:\n${this.lastLines()}`)
      await delay(LOOK_EVERY_MS)
    }
  }

  #look(): void {
    for (const line of this.#log.newLines()) {
      this.#url ??= urlWhenReady(line)
      this.#onLine(line)
    }
  }
}

function urlWhenReady(line: string): string | undefined {
  try {
    const { msg, url } = JSON.parse(line) as { msg?: string; url?: string }
    return msg === 'ready' ? url : undefined
  } catch {
    return undefined // not of the log itself, such as a warning of Node
  }
}
