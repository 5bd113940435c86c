/**
 * Deeds whose server dies when each stands at a named point, and the account afterwards. Some deeds stand in one server when it
 * dies; the servers die one after the other on one database, with leases so long that no later one takes up a job. Then the
 * leases run out, as time would have them, and one server finds what all of them have left.
 */
import { readdirSync } from 'node:fs'
import { utimes } from 'node:fs/promises'
import { join } from 'node:path'
import type { CrashPoint } from '../../src/crash.js'
import { type CrashingServer, crashingServer } from '../support/crashing-server.js'
import { minutesCsv } from '../support/csv.js'
import { eventually } from '../support/eventually.js'
import { ownDataset } from '../support/fixtures.js'
import { importCsv } from '../support/imports.js'
import type { Received, SendOptions, TestClient } from '../support/server.js'
import { type StagedWatch, watchStaged } from '../support/staged.js'
import { type CrashWorld, NUMBERS, newKey, underKey } from './crash-deeds.js'
import type { Deed } from './deeds.js'
import { age, invariants, jobsEnd } from './leftovers.js'

/** How a deed comes to its point, and what must be found of it when all has been recovered. */
export interface Scenario {
  readonly deed: Deed
  readonly left: 'whole' | 'absent'
  /** Settings of the server that dies. */
  readonly settings?: Readonly<Record<string, string>>
  /** Nobody else can stand at a point of this server. */
  readonly alone?: true
  /** Where the server dies first, when the point lies in the recovery from that. */
  readonly first?: CrashPoint
  /** More than sending it. */
  readonly reach?: (stage: CrashStage, send: () => Promise<Received>) => Promise<unknown>
  /** What a client does after the next start, before the leases run out. */
  readonly meanwhile?: (client: TestClient) => Promise<unknown>
  /** What the same request under the same key says afterwards; `replay` of an answer that was given before the death. */
  readonly again?: number | 'replay'
}

export type MakeScenario = (stage: CrashStage) => Promise<Scenario>

interface Death {
  readonly point: CrashPoint
  readonly scenario: Scenario
  readonly options: SendOptions
  readonly keyed: boolean
}

const LIMIT_MS = 30_000
/** Leases that nobody outlives, and room for all who stand at a point. */
const SETTINGS = {
  STAGE1_JOBS_LEASE_SECONDS: '600',
  STAGE1_JOBS_CONCURRENCY: '8',
  STAGE1_JOBS_PER_TOKEN: '0',
  STAGE1_TRANSFERS_WORKERS: '6',
}
const IMPORT_DIR = process.env.STAGE1_QUESTDB_IMPORT_DIR as string

export class CrashStage {
  readonly #relayFiles = new Set<string>()
  readonly #wrong: string[] = []

  private constructor(
    readonly server: CrashingServer,
    readonly world: CrashWorld,
    private readonly staged: StagedWatch,
  ) {}

  static async open(): Promise<CrashStage> {
    const server = await crashingServer(undefined, SETTINGS)
    const staged = await watchStaged(server.engines)
    const dataset = ownDataset(server.engines.prefix, 'crashes')
    await server.client().post('/api/datasets', dataset)
    await server.sql.query(HINDRANCES)
    const numbers = `${server.engines.prefix}numbers`
    await importCsv(server.client(), numbers, minutesCsv(NUMBERS))
    return new CrashStage(server, { engines: server.engines, datasetId: dataset.dataset_id, numbers }, staged)
  }

  /**
   * Has a server die at every point, and looks at what is left when the next has recovered it.
   * @param keyed whether the deeds are sent under an Idempotency-Key
   */
  async play(scenarios: readonly (readonly [CrashPoint, MakeScenario])[], keyed: boolean, atATime = 6): Promise<void> {
    const prepared: Death[] = []
    for (const [point, make] of scenarios)
      prepared.push({ point, scenario: await make(this), options: keyed ? underKey(newKey()) : {}, keyed })
    for (const deaths of groupsOf(prepared, atATime)) await this.#die(deaths)
    await this.#recover(prepared)
    const recovered = await this.#each(prepared, (death) => this.#look(death, 'after the next start'))
    const ended = await this.#endedJobs()
    await this.#each(recovered, (death) => this.#repeat(death))
    const jobsNow = await this.#endedJobs()
    const changed = ended.filter((job) => !jobsNow.includes(job))
    if (changed.length > 0) this.#wrong.push(`jobs that had ended changed: ${changed}`)
    await this.#leftNothing()
    if (this.#wrong.length > 0) throw new Error(this.#wrong.splice(0).join('\n'))
  }

  /** One that goes wrong keeps nobody from hearing of the others; returns those that went well. */
  async #each(deaths: readonly Death[], check: (death: Death) => Promise<void>): Promise<Death[]> {
    const well: Death[] = []
    for (const death of deaths) {
      try {
        await check(death)
        well.push(death)
      } catch (error) {
        this.#wrong.push((error as Error).message)
      }
    }
    return well
  }

  /** Has the trigger of that name stand in the way of what concerns the subject, until the recovery. */
  async hinder(what: 'save' | 'claim', subject: string): Promise<void> {
    await this.server.sql.query('insert into test_hindrances values ($1, $2)', [what, subject])
  }

  /** The id of the deed's newest job, once there is one of this status. */
  jobOf(deed: Deed, status = 'RUNNING'): Promise<string> {
    return eventually(`${deed.what} has a job that is ${status}`, async () => {
      const { rows } = await this.server.sql.query(
        'select job_id from stage1_jobs where position($1 in payload::text) > 0 and status = $2 order by created_at desc',
        [deed.subject, status],
      )
      return (rows[0] as { job_id: string } | undefined)?.job_id
    })
  }

  async uploads(): Promise<string[]> {
    const { rows } = await this.server.sql.query<{ filename: string }>('select filename from stage1_uploads')
    return rows.map(({ filename }) => filename)
  }

  release(): Promise<void> {
    return this.server.release()
  }

  /** One server comes to all these points, each by a deed of its own, and dies. */
  async #die(deaths: readonly Death[]): Promise<void> {
    const { server } = this
    const sent: Promise<unknown>[] = []
    const held: Partial<Record<CrashPoint, number>> = {}
    await server.start(undefined, deaths[0]?.scenario.settings)
    await this.#each(deaths, async ({ point, scenario, options }) => {
      const send = () => scenario.deed.send(server.client(), options)
      const at = scenario.first ?? point
      server.holdAt(at)
      const reached = (scenario.reach ? scenario.reach(this, send) : send()).catch((error: unknown) => error)
      sent.push(reached)
      let answered: unknown = 'nothing'
      void reached.then((answer) => {
        answered = answer instanceof Error ? answer.message : answer
      })
      held[at] = (held[at] ?? 0) + 1
      await server.isHeldAt(at, held[at]).catch((error: Error) => {
        throw new Error(`${point}: ${error.message}; it was answered ${JSON.stringify(answered)}`)
      })
    })
    await server.die(...sent)
    for (const { point, scenario } of deaths) {
      if (!scenario.first) continue
      await server.start(point)
      await server.diesAt(point)
    }
    for (const name of relayFiles()) this.#relayFiles.add(name)
    await server.sql.query(`update stage1_jobs set run_after = now() + interval '1 hour' where status = 'PENDING'`)
  }

  async #recover(deaths: readonly Death[]): Promise<void> {
    const { server } = this
    await server.start()
    for (const { scenario } of deaths) await scenario.meanwhile?.(server.client())
    await server.sql.query('delete from test_hindrances')
    await server.passLeases()
    await server.sql.query(`update stage1_jobs set run_after = now(), lease_until = now() - interval '1 s'
      where status in ('PENDING', 'RUNNING')`)
    await jobsEnd(server.engines.postgresUrl, LIMIT_MS)
  }

  async #look({ point, scenario: { deed, left } }: Death, when: string, expected = left): Promise<void> {
    const found = await deed.look(this.server.client())
    if (found !== expected)
      throw new Error(`${point}: ${deed.what} is ${JSON.stringify(found)} ${when}, and should be ${expected}`)
  }

  /** The same request again, under its key if it had one, and then without: each that is taken leaves the deed whole, and once. */
  async #repeat(death: Death): Promise<void> {
    const { point, scenario, options, keyed } = death
    const { deed, left, again } = scenario
    if (keyed) {
      const answer = await this.#send(death, options)
      const wanted = typeof again === 'number' ? [again] : [200, 201, 202]
      if (!wanted.includes(answer.status))
        throw new Error(`${point}: the same request under its key says ${answer.status} ${answer.text}`)
      const isRefused = answer.status >= 400
      await this.#look(death, 'after the same request under its key', again === 'replay' || isRefused ? left : 'whole')
      if (!isRefused) await this.#doneOnce(death)
    }
    const answer = await this.#send(death, {})
    if (answer.status >= 300) throw new Error(`${point}: ${deed.what} again says ${answer.status} ${answer.text}`)
    await this.#look(death, 'when it was done again', 'whole')
  }

  /** Sends it and waits for its job. */
  async #send({ scenario }: Death, options: SendOptions): Promise<Received> {
    const answer = await eventually('it is answered', async () => {
      const received = await scenario.deed.send(this.server.client(), options)
      return received.status === 409 && received.text.includes('IDEMPOTENCY_IN_PROGRESS') ? undefined : received
    })
    await jobsEnd(this.server.engines.postgresUrl, LIMIT_MS)
    return answer
  }

  async #doneOnce({ point, scenario: { deed } }: Death): Promise<void> {
    const { rows } = await this.server.sql.query(
      `select job_id from stage1_jobs where position($1 in payload::text) > 0 and status = 'COMPLETED'`,
      [deed.subject],
    )
    const prepared = deed.jobsBefore ?? 0
    if (rows.length > prepared + 1) throw new Error(`${point}: ${deed.what} was done by ${rows.length - prepared} jobs`)
  }

  /** What no job that has ended may change any more. */
  async #endedJobs(): Promise<string[]> {
    const { rows } = await this.server.sql.query<{ text: string }>(
      `select concat_ws(' ', job_id, status, attempts, completed_at, result) as text from stage1_jobs where completed_at is not null`,
    )
    return rows.map(({ text }) => text)
  }

  async #leftNothing(): Promise<void> {
    const { engines, spool, process } = this.server
    await process().terminate()
    age(spool, join(spool, 'downloads'))
    const abandoned = () => relayFiles().filter((name) => this.#relayFiles.has(name))
    // The sweep of a server of another test may have found it by now.
    for (const name of abandoned()) await utimes(join(IMPORT_DIR, name), 0, 0).catch(() => {})
    await this.server.start()
    await invariants({ postgresUrl: engines.postgresUrl, spool, staged: this.staged }, LIMIT_MS)
    await eventually('no file is left for QuestDB', () => abandoned().length === 0)
  }
}

/** Deeds whose servers have the same settings, so many to a server. */
function groupsOf(deaths: readonly Death[], atATime: number): Death[][] {
  const groups: Death[][] = []
  const kindOf = ({ scenario }: Death) => JSON.stringify([scenario.settings ?? {}, scenario.alone])
  for (const death of deaths) {
    const open = groups.find(
      (group) => !death.scenario.alone && group.length < atATime && kindOf(group[0] as Death) === kindOf(death),
    )
    if (open) open.push(death)
    else groups.push([death])
  }
  return groups
}

/** Those of all servers that share the folder; one that is there for longer than a test was left by a death. */
function relayFiles(): string[] {
  return readdirSync(IMPORT_DIR).filter((name) => name.startsWith('stage1_'))
}

/** Saves that fail and jobs that wait, for as long as their subject is in the table. */
const HINDRANCES = `
  create table test_hindrances (what text not null, subject text not null);
  create function test_hinder_save() returns trigger language plpgsql as $$
    begin
      if exists (select from test_hindrances where what = 'save' and subject = new.run_id::text)
        then raise exception 'hindered'; end if;
      return new;
    end $$;
  create trigger test_hinder_save before insert or update on walkforward_runs
    for each row execute function test_hinder_save();
  create function test_hinder_claim() returns trigger language plpgsql as $$
    begin
      if exists (select from test_hindrances where what = 'claim' and position(subject in new.payload::text) > 0)
        then new.run_after = now() + interval '1 hour'; end if;
      return new;
    end $$;
  create trigger test_hinder_claim before insert on stage1_jobs for each row execute function test_hinder_claim()`
