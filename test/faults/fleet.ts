/** Two servers that take requests and two that work on jobs, on one PostgreSQL, QuestDB and spool. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type OwnEngines, ownEngines } from '../support/engines.js'
import { SHARED_SECRET, TestClient, testEnvironment } from '../support/server.js'
import { type ServerProcess, startProcess } from '../support/server-process.js'

export class Fleet {
  private constructor(
    readonly engines: OwnEngines,
    readonly token: string,
    readonly apis: readonly ServerProcess[],
    readonly workers: readonly ServerProcess[],
    private readonly spool: string,
  ) {}

  static async start(): Promise<Fleet> {
    const engines = await ownEngines()
    const spool = mkdtempSync(join(tmpdir(), 'stage1-test-spool-'))
    const start = (roles: string) =>
      startProcess(
        testEnvironment(engines, spool, {
          settings: {
            STAGE1_ROLES: roles,
            STAGE1_JOBS_PER_TOKEN: '0',
            STAGE1_LIMITS_ADDRESS_PER_MINUTE: '1000000',
            STAGE1_LIMITS_TOKEN_PER_MINUTE: '1000000',
          },
        }),
      )
    const [apis, workers] = await Promise.all([
      Promise.all([start('api'), start('api')]),
      Promise.all([start('worker'), start('worker')]),
    ])
    const issued = await new TestClient(apis[0].url, '').post('/api/auth/token', { secret: SHARED_SECRET })
    return new Fleet(engines, (issued.json as { token: string }).token, apis, workers, spool)
  }

  /** A client of one of the servers, in turn. */
  client(n: number): TestClient {
    return new TestClient(this.apiUrl(n), this.token)
  }

  apiUrl(n: number): string {
    return (this.apis[n % this.apis.length] as ServerProcess).url
  }

  async release(): Promise<void> {
    await Promise.all([...this.apis, ...this.workers].map((server) => server.kill()))
    await this.engines.release()
    rmSync(this.spool, { recursive: true, force: true })
  }
}
