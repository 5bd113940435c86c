import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { EngineHome, Program, Running } from './engine-home.js'
import { freePorts } from './free-ports.js'
import { requireJava } from './java.js'
import { questdbJar } from './questdb-jar.js'
import { waitForQuestdb } from './readiness.js'

const USER = 'stage1'
const JVM_FLAGS = ['-XX:+UseParallelGC', '-Xmx512m']

/** A QuestDB that may be stopped and started again with its data. */
export interface QuestdbServer {
  /** http://user:password@127.0.0.1:port, with the credentials for HTTP basic authentication. */
  readonly url: string
  /** The folder that it reads files from. */
  readonly importDir: string
  /** Returns when it answers. */
  start(): Promise<void>
  /** Kills it. */
  kill(): Promise<void>
  /** Stops it where it is; connections stay open and nothing is answered. */
  freeze(): void
  thaw(): void
}

/** Starts a fresh QuestDB inside the home and returns its URL and the folder it reads files from when it answers. */
export async function startQuestdb(home: EngineHome, log: (line: string) => void): Promise<QuestdbServer> {
  const server = await createQuestdb(home, log)
  await server.start()
  return server
}

/** Makes a fresh QuestDB, to be started; `root` is a folder for its data, one of the home's own unless told. */
export async function createQuestdb(
  home: EngineHome,
  log: (line: string) => void,
  root = join(home.folder, 'questdb'),
): Promise<QuestdbServer> {
  await requireJava()
  const jar = await questdbJar(home, log)
  const importDir = join(root, 'import')
  const temporary = join(home.folder, 'questdb-tmp')
  for (const folder of [temporary, root, importDir]) mkdirSync(folder, { recursive: true, mode: 0o700 })

  const password = randomBytes(16).toString('hex')
  const [httpPort, healthPort] = (await freePorts(2)) as [number, number]
  const url = `http://${USER}:${password}@127.0.0.1:${httpPort}`
  const program: Program = {
    name: 'questdb',
    command: 'java',
    // QuestDB unpacks its native libraries into the temporary folder and leaves them there when it is killed.
    args: [`-Djava.io.tmpdir=${temporary}`, ...JVM_FLAGS, '-cp', jar, 'io.questdb.ServerMain', '-d', root, '-n'],
    env: {
      ...SETTINGS,
      QDB_HTTP_USER: USER,
      QDB_HTTP_PASSWORD: password,
      QDB_HTTP_NET_BIND_TO: `127.0.0.1:${httpPort}`,
      QDB_HTTP_MIN_NET_BIND_TO: `127.0.0.1:${healthPort}`,
      QDB_CAIRO_SQL_COPY_ROOT: importDir,
    },
  }
  let running: Running | undefined
  return {
    url,
    importDir,
    async start() {
      running = home.launch(program)
      await waitForQuestdb({ url, program: running, signal: home.closing })
    },
    async kill() {
      running?.send('SIGKILL')
      await running?.exitCode
    },
    freeze: () => running?.freeze(),
    thaw: () => running?.thaw(),
  }
}

const SETTINGS = {
  QDB_PG_ENABLED: 'false',
  QDB_LINE_TCP_ENABLED: 'false',
  QDB_TELEMETRY_ENABLED: 'false',
  QDB_METRICS_ENABLED: 'true',
  QDB_CAIRO_MAT_VIEW_ENABLED: 'false',
  // As long as `?timeout=` may ask for; the server ends what has less time by itself.
  QDB_QUERY_TIMEOUT: '600s',
  // As many runaway queries as there are network workers hang all of HTTP; the default on two cores is two workers.
  QDB_SHARED_NETWORK_WORKER_COUNT: '6',
  // The default is the number of cores, and one export more is answered 429.
  QDB_HTTP_EXPORT_CONNECTION_LIMIT: '16',
  // How often a running query looks whether it was cancelled or timed out; the default of 2,000,000 is far too rarely.
  QDB_CIRCUIT_BREAKER_THROTTLE: '500',
  // Tables are made by the application only: a typing error in a row is an answer 400, not a new table.
  QDB_LINE_AUTO_CREATE_NEW_TABLES: 'false',
  QDB_LINE_AUTO_CREATE_NEW_COLUMNS: 'false',
  // QuestDB allots the disk by the page for each column: at the default of 16 MB a table of 2 000 columns takes 32 GB.
  QDB_CAIRO_WRITER_DATA_APPEND_PAGE_SIZE: '1M',
  // A table that was written or read keeps some thirty files open for ten minutes: a machine's limit of 20 000 is reached by 700 tables.
  QDB_CAIRO_IDLE_CHECK_INTERVAL: '10000',
  QDB_CAIRO_INACTIVE_READER_TTL: '30000',
  QDB_CAIRO_INACTIVE_WRITER_TTL: '30000',
  QDB_CAIRO_WAL_INACTIVE_WRITER_TTL: '30000',
  // Without the four lines that it else logs for every query.
  QDB_LOG_W_STDOUT_LEVEL: 'CRITICAL,ERROR,ADVISORY',
}
