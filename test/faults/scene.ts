/** What the loops share: engines, a server on a port of its own, clients at work, and the account at the end. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts } from '../../scripts/engines/free-ports.js'
import { type OwnEngines, ownEngines } from '../support/engines.js'
import { ownDataset } from '../support/fixtures.js'
import { SHARED_SECRET, TestClient, testEnvironment } from '../support/server.js'
import { type ServerProcess, startProcess } from '../support/server-process.js'
import { watchStaged } from '../support/staged.js'
import { EVERY_KIND } from './deeds.js'
import { Ledger } from './ledger.js'
import { age, invariants, jobsEnd } from './leftovers.js'

export const LOOPS = Number(process.env.LOOPS ?? 50)
export const CLIENTS = 4

/** Lease, sweep and a pause between tries: no job may be unfinished for longer after its process died. */
export const SETTLED_MS = 40_000

export class Scene {
  private constructor(
    readonly engines: OwnEngines,
    readonly ledger: Ledger,
    private readonly environment: Readonly<Record<string, string>>,
    private readonly spool: string,
    private readonly staged: Awaited<ReturnType<typeof watchStaged>>,
    private server: ServerProcess,
  ) {}

  /** @param settings of the server, by environment name */
  static async open(settings: Readonly<Record<string, string>> = {}, kinds = EVERY_KIND): Promise<Scene> {
    const engines = await ownEngines()
    const spool = mkdtempSync(join(tmpdir(), 'stage1-test-spool-'))
    const [port] = await freePorts(1)
    const environment = testEnvironment(engines, spool, {
      settings: {
        STAGE1_SERVER_PORT: String(port),
        STAGE1_LIMITS_ADDRESS_PER_MINUTE: '1000000',
        STAGE1_LIMITS_TOKEN_PER_MINUTE: '1000000',
        ...settings,
      },
    })
    const server = await startProcess(environment)
    const issued = await new TestClient(server.url, '').post('/api/auth/token', { secret: SHARED_SECRET })
    const client = new TestClient(server.url, (issued.json as { token: string }).token)
    const dataset = ownDataset(engines.prefix, 'faults')
    await client.post('/api/datasets', dataset)
    const ledger = new Ledger({ engines, datasetId: dataset.dataset_id }, client, kinds)
    return new Scene(engines, ledger, environment, spool, await watchStaged(engines), server)
  }

  async killServer(): Promise<void> {
    await this.server.kill()
  }

  async startServer(): Promise<void> {
    this.server = await startProcess(this.environment)
  }

  /** Stops the server's process without a word to anyone: its connections and its leases stay. */
  freezeServer(): void {
    process.kill(this.server.pid, 'SIGSTOP')
  }

  thawServer(): void {
    process.kill(this.server.pid, 'SIGCONT')
  }

  /** Another server on the same database, spool and QuestDB. */
  startAnother(settings: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
    return startProcess({ ...this.environment, ...settings, STAGE1_SERVER_PORT: '0' })
  }

  /** Looks everything up for the last time and prints the account. */
  async close(what: string): Promise<void> {
    const jobs = await jobsEnd(this.engines.postgresUrl, SETTLED_MS)
    const looked = await this.ledger.settleAll(SETTLED_MS)
    await this.server.terminate()
    age(this.spool, join(this.spool, 'downloads'))
    await this.startServer()
    await invariants({ postgresUrl: this.engines.postgresUrl, spool: this.spool, staged: this.staged }, SETTLED_MS)
    console.log(`  ${what}, ${looked} deeds: ${JSON.stringify({ ...this.ledger.counts, jobs })}`)
    console.log('  0 acknowledged lost, 0 half done, 0 jobs left running, 0 leftovers')
  }

  async release(): Promise<void> {
    await this.server.kill()
    await this.engines.release()
    rmSync(this.spool, { recursive: true, force: true })
  }
}
