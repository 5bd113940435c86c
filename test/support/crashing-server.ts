/** A server process that dies at named points, and is started again on the same engines and spool. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { CrashPoint } from '../../src/crash.js'
import { type OwnEngines, ownEngines } from './engines.js'
import { eventually } from './eventually.js'
import { SHARED_SECRET, TestClient, testEnvironment } from './server.js'
import { type ServerProcess, startProcess } from './server-process.js'

type Settings = Readonly<Record<string, string>>

export interface CrashingServer {
  readonly engines: OwnEngines
  readonly sql: pg.Pool
  readonly spool: string
  client(): TestClient
  process(): ServerProcess
  /** Starts it again, to be held at the point if one is given. */
  start(crashAt?: CrashPoint, settings?: Settings): Promise<void>
  /** From now on whoever comes to this point stays there. */
  holdAt(point: CrashPoint): void
  /** Waits until so many have come to the point. */
  isHeldAt(point: CrashPoint, times?: number): Promise<void>
  /** Kills it as it stands, and waits for what was sent to it to break. */
  die(...requests: Promise<unknown>[]): Promise<void>
  /** The requests bring it to the point, where it dies. */
  diesAt(point: CrashPoint, ...requests: Promise<unknown>[]): Promise<void>
  /** Has the leases of keys run out, as time would. */
  passLeases(): Promise<void>
  release(): Promise<void>
}

/** Who does not come to a point is a fault of the test, told after so long. */
const NOT_HELD_MS = 30_000
const DEFAULTS = { STAGE1_JOBS_LEASE_SECONDS: '2', STAGE1_JOBS_SWEEP_SECONDS: '1', STAGE1_SERVER_DRAIN_SECONDS: '2' }

/** The first start is to be held at the given point, if one is given; what has no key comes past those of requests with one. */
export async function crashingServer(crashAt?: CrashPoint, own: Settings = {}): Promise<CrashingServer> {
  const engines = await ownEngines()
  const spool = mkdtempSync(join(tmpdir(), 'stage1-test-spool-'))
  const pointFile = join(mkdtempSync(join(tmpdir(), 'stage1-test-crash-')), 'at')
  const holdAt = (point: CrashPoint | '') => writeFileSync(pointFile, point)
  const environment = {
    ...testEnvironment(engines, spool, { settings: { ...DEFAULTS, ...own } }),
    CRASH_AT_FILE: pointFile,
  }
  const sql = new pg.Pool({ connectionString: engines.postgresUrl, max: 1 })
  // Dropping the database may end an idle connection before the pool has closed it.
  sql.on('error', () => {})
  holdAt(crashAt ?? '')
  let server = await startProcess(environment)
  const issued = await new TestClient(server.url, '').post('/api/auth/token', { secret: SHARED_SECRET })
  const { token } = issued.json as { token: string }
  const isHeldAt = async (point: CrashPoint, times = 1) => {
    const held = () => server.output().split(`held at ${point}\n`).length > times
    await eventually(`it is held at ${point}`, held, NOT_HELD_MS).catch((error: Error) => {
      throw new Error(`${error.message}\n${server.output().slice(-3000)}`)
    })
  }
  const die = async (...requests: Promise<unknown>[]) => {
    const { signal } = await server.kill()
    if (signal !== 'SIGKILL') throw new Error(`it did not die by its kill, but by ${signal}`)
    await Promise.allSettled(requests)
  }
  return {
    engines,
    sql,
    spool,
    client: () => new TestClient(server.url, token),
    process: () => server,
    async start(point, settings) {
      holdAt('')
      await server.terminate()
      holdAt(point ?? '')
      server = await startProcess({ ...environment, ...settings })
    },
    holdAt,
    isHeldAt,
    die,
    async diesAt(point, ...requests) {
      const broken = Promise.allSettled(requests)
      await isHeldAt(point)
      await die(broken)
    },
    async passLeases() {
      await sql.query('update stage1_idempotency_keys set lease_until = now() where status is null')
    },
    async release() {
      await server.terminate()
      await sql.end()
      await engines.release()
      for (const folder of [spool, join(pointFile, '..')]) rmSync(folder, { recursive: true, force: true })
    },
  }
}
