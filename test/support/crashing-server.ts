/** A server process that is started to die at a named point, and started again on the same engines and spool. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { type OwnEngines, ownEngines } from './engines.js'
import { SHARED_SECRET, TestClient, testEnvironment } from './server.js'
import { type Ended, type ServerProcess, startProcess } from './server-process.js'

export interface CrashingServer {
  readonly engines: OwnEngines
  readonly sql: pg.Pool
  client(): TestClient
  process(): ServerProcess
  /** Starts it again, to die at the point if one is given. */
  start(crashAt?: string): Promise<void>
  /** Sends requests of which one has the process die, and returns how it ended. */
  dieOf(...requests: Promise<unknown>[]): Promise<Ended>
  /** Has the leases of keys run out, as time would. */
  passLeases(): Promise<void>
  release(): Promise<void>
}

/** The first start dies at the given point; what has no key comes past it. */
export async function crashingServer(crashAt: string): Promise<CrashingServer> {
  const engines = await ownEngines()
  const spool = mkdtempSync(join(tmpdir(), 'stage1-test-spool-'))
  const settings = { STAGE1_JOBS_LEASE_SECONDS: '2', STAGE1_JOBS_SWEEP_SECONDS: '1', STAGE1_SERVER_DRAIN_SECONDS: '2' }
  const environment = testEnvironment(engines, spool, { settings })
  const sql = new pg.Pool({ connectionString: engines.postgresUrl, max: 1 })
  // Dropping the database may end an idle connection before the pool has closed it.
  sql.on('error', () => {})
  let server = await startProcess({ ...environment, CRASH_AT: crashAt })
  const issued = await new TestClient(server.url, '').post('/api/auth/token', { secret: SHARED_SECRET })
  const { token } = issued.json as { token: string }
  return {
    engines,
    sql,
    client: () => new TestClient(server.url, token),
    process: () => server,
    async start(crashAt) {
      await server.terminate()
      server = await startProcess({ ...environment, ...(crashAt === undefined ? {} : { CRASH_AT: crashAt }) })
    },
    async dieOf(...requests) {
      await Promise.allSettled(requests)
      return server.ended
    },
    async passLeases() {
      await sql.query('update stage1_idempotency_keys set lease_until = now() where status is null')
    },
    async release() {
      await server.terminate()
      await sql.end()
      await engines.release()
      rmSync(spool, { recursive: true, force: true })
    },
  }
}
