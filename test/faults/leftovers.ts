/** What must not be left when everything has ended. */
import { readdirSync } from 'node:fs'
import { eventually } from '../support/eventually.js'
import type { StagedWatch } from '../support/staged.js'
import { asAdmin } from '../support/template.js'

/** No job runs or waits within the limit; returns how many there are of each status. */
export async function jobsEnd(postgresUrl: string, limitMs: number): Promise<Record<string, number>> {
  const counts = () =>
    asAdmin(postgresUrl, async (admin) => {
      const { rows } = await admin.query<{ status: string; jobs: string }>(
        'select status, count(*) as jobs from stage1_jobs group by status',
      )
      return Object.fromEntries(rows.map(({ status, jobs }) => [status, Number(jobs)]))
    })
  return eventually(
    'all jobs have ended',
    async () => {
      const found = await counts()
      return found.RUNNING || found.PENDING ? undefined : found
    },
    limitMs,
  )
}

/** No staged table, no body of a job that ended, within the limit. */
export async function nothingLeft(staged: StagedWatch, spool: string, limitMs: number): Promise<void> {
  let left: string[] = []
  await eventually(
    'no staged table is left',
    async () => {
      left = await staged.left()
      return left.length === 0
    },
    limitMs,
  ).catch((error: Error) => {
    throw new Error(`${error.message}: ${left.join(', ')}`)
  })
  await eventually(
    'no body of a job is left',
    () => readdirSync(spool).filter((name) => name.endsWith('.body')).length === 0,
    limitMs,
  )
}
