/**
 * Starts the two database engines for development and tests: a real PostgreSQL and a real QuestDB, both fresh, private
 * and on free ports of 127.0.0.1. On its own (`node --import tsx scripts/engines.ts`) it prints their URLs and keeps
 * them running until SIGINT or SIGTERM.
 */
import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { EngineError } from './engines/engine-error.js'
import { EngineHome } from './engines/engine-home.js'
import { removeLeftovers } from './engines/leftovers.js'
import { startPostgres } from './engines/postgres.js'
import { startQuestdb } from './engines/questdb.js'
import { waitForPostgres, waitForQuestdb } from './engines/readiness.js'
import { interruptController } from './interrupt.js'

export { EngineError }

export interface Engines {
  /** postgres://user:password@127.0.0.1:port/postgres, of a superuser. */
  postgresUrl: string
  /** http://user:password@127.0.0.1:port, with the credentials for HTTP basic authentication. */
  questdbUrl: string
  /** Folder from which QuestDB reads files; empty for a server that was not started here, unless STAGE1_QUESTDB_IMPORT_DIR tells. */
  questdbImportDir: string
  /** Stops what was started and removes its data; calling it again does no harm. */
  stop(): Promise<void>
}

export interface EngineOptions {
  /** Told about the steps of the start, line by line. */
  log?: (line: string) => void
  /** Breaks off a start that is under way; engines that have started are stopped with `stop()`. */
  signal?: AbortSignal
}

/** The settings by which a server, or a test, works on these engines; by environment name. */
export function settingsOf({ postgresUrl, questdbUrl, questdbImportDir }: Engines): Record<string, string> {
  return {
    STAGE1_POSTGRES_URL: postgresUrl,
    STAGE1_QUESTDB_URL: questdbUrl,
    STAGE1_QUESTDB_IMPORT_DIR: questdbImportDir,
  }
}

/**
 * Starts both engines and returns when both answer queries. A server named by STAGE1_POSTGRES_URL or
 * STAGE1_QUESTDB_URL is used instead of a new one, and is never stopped.
 */
export async function startEngines({ log = () => undefined, signal }: EngineOptions = {}): Promise<Engines> {
  await removeLeftovers(log)
  const home = new EngineHome()
  const stop = () => home.close()
  signal?.addEventListener('abort', stop, { once: true })
  try {
    signal?.throwIfAborted()
    const [postgresUrl, questdb] = await Promise.all([providePostgres(home, log), provideQuestdb(home, log)])
    return { postgresUrl, questdbUrl: questdb.url, questdbImportDir: questdb.importDir, stop }
  } catch (error) {
    await stop()
    throw error
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}

async function providePostgres(home: EngineHome, log: (line: string) => void): Promise<string> {
  const given = process.env.STAGE1_POSTGRES_URL
  if (given) {
    await waitForPostgres({ url: given, signal: home.closing })
    return given
  }
  return timed('PostgreSQL', log, () => startPostgres(home))
}

async function provideQuestdb(
  home: EngineHome,
  log: (line: string) => void,
): Promise<{ url: string; importDir: string }> {
  const given = process.env.STAGE1_QUESTDB_URL
  if (given) {
    await waitForQuestdb({ url: given, signal: home.closing })
    return { url: given, importDir: process.env.STAGE1_QUESTDB_IMPORT_DIR ?? '' }
  }
  return timed('QuestDB', log, () => startQuestdb(home, log))
}

async function timed<T>(name: string, log: (line: string) => void, start: () => Promise<T>): Promise<T> {
  const began = Date.now()
  const result = await start()
  log(`${name} answers after ${((Date.now() - began) / 1000).toFixed(1)} s`)
  return result
}

async function main(): Promise<void> {
  const interrupt = interruptController()
  const log = (line: string) => console.error(`engines: ${line}`)
  try {
    const engines = await startEngines({ log, signal: interrupt.signal })
    for (const [name, value] of Object.entries(settingsOf(engines))) console.log(`export ${name}=${value}`)
    await aborted(interrupt.signal)
    log('stopping')
    await engines.stop()
  } catch (error) {
    if (interrupt.signal.aborted) return
    console.error(error instanceof EngineError ? error.message : error)
    process.exitCode = 1
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    // A pending promise alone does not keep the process alive.
    const keepAlive = setInterval(() => undefined, 2 ** 30)
    signal.addEventListener('abort', () => {
      clearInterval(keepAlive)
      resolve()
    })
  })
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) await main()
