/** A real queue on which the work is played. */
import { randomUUID } from 'node:crypto'
import { type JobOptions, JobService } from '../../src/jobs/service.js'
import type { JobWork } from '../../src/jobs/work.js'
import { Listener } from '../../src/postgres/listener.js'
import { createDatabase, createPool } from '../../src/postgres/pool.js'
import type { OwnEngines } from './engines.js'
import { asAdmin } from './template.js'

/** What a process that runs jobs has seen. */
export interface PlayedProcess {
  readonly jobs: JobService
  /** Inputs of the jobs that have ended for good here. */
  readonly ends: unknown[]
  readonly errors: unknown[]
}

/** The signal of whoever never gives up. */
export const forever = () => new AbortController().signal

export function playedQueue(engines: OwnEngines, leaseSeconds: number) {
  const pool = createPool({
    url: engines.postgresUrl,
    size: 8,
    connectSeconds: 3,
    statementSeconds: 15,
    silentTransactionSeconds: 10,
    onIdleError() {},
  })
  const db = createDatabase(pool)
  const listener = new Listener({ url: engines.postgresUrl, connectSeconds: 3, onLost() {} })
  listener.start()
  const sql = (text: string, values: unknown[] = []) =>
    asAdmin(engines.postgresUrl, (admin) => admin.query(text, values))
  return {
    db,
    sql,
    /** A process that knows jobs of one type; `options` say what is not as usual. */
    process(type: string, work: JobWork, options: Partial<JobOptions> = {}): PlayedProcess {
      const ends: unknown[] = []
      const errors: unknown[] = []
      const jobs = new JobService(options.db ?? db, {
        db,
        lease: { owner: randomUUID(), seconds: leaseSeconds },
        retryHours: 24,
        keepDays: 30,
        largeAtATime: 1,
        perToken: 0,
        queuedPerToken: 0,
        listener,
        onError: (error) => errors.push(error),
        ...options,
      })
      jobs.register(type, {
        work,
        ended: async (input) => {
          ends.push(input)
        },
      })
      return { jobs, ends, errors }
    },
    /** Forgets every job, so that the next claim is the caller's. */
    async clear(): Promise<void> {
      await sql('delete from stage1_jobs')
    },
    /** Lets the lease of a job run out, as if its process had been silent. */
    async expire(jobId: string): Promise<void> {
      await sql(`update stage1_jobs set lease_until = now() - interval '1 s' where job_id = $1`, [jobId])
    },
    /** Ends the pause after which a job may be taken again; returns how long it was, in seconds. */
    async hurry(jobId: string): Promise<number> {
      const { rows } = await sql(
        'select extract(epoch from run_after - now())::float8 as pause from stage1_jobs where job_id = $1',
        [jobId],
      )
      await sql('update stage1_jobs set run_after = now() where job_id = $1', [jobId])
      return (rows[0] as { pause: number }).pause
    },
    async close(): Promise<void> {
      await listener.close()
      await db.destroy()
    },
  }
}
