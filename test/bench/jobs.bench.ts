/** How soon a job is taken, and how many a second, by the database's clock. */
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '../support/eventually.js'
import { startServer } from '../support/server.js'
import { asAdmin } from '../support/template.js'
import { median, report } from './figures.js'

const SINGLE = 300
const AT_ONCE = 1000
const CLAIM_P50_MS = 10

const server = await startServer({ settings: { STAGE1_JOBS_SWEEP_SECONDS: '600' } })
try {
  // Such a job has used up its starts, so it ends with its first: what is measured is the queue.
  const input = { measurement: 'b', format: { format: 'csv' }, options: {}, spool: { file: 'gone.body', bytes: 1 } }
  const insert = (count: number) =>
    asAdmin(server.engines.postgresUrl, (admin) =>
      admin.query(
        `insert into stage1_jobs (type, status, payload, input, attempts_allowed)
         select 'import', 'PENDING', '{}', $1, 0 from generate_series(1, $2::int)`,
        [input, count],
      ),
    )
  for (let i = 0; i < SINGLE; i++) {
    await insert(1)
    await sleep(10)
  }
  const waits = await eventually('all are taken', () => waited(SINGLE), 30_000)
  waits.sort((a, b) => a - b)
  const p50 = median(waits)
  const p99 = waits[Math.floor(waits.length * 0.99)] ?? Number.NaN
  report('inserted → claimed, one at a time', `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`, {
    text: `p50 ≤ ${CLAIM_P50_MS} ms`,
    held: p50 <= CLAIM_P50_MS,
  })
  const began = performance.now()
  await insert(AT_ONCE)
  await eventually('all are done', () => waited(SINGLE + AT_ONCE), 120_000)
  console.log(`  ${AT_ONCE} at once: ${((AT_ONCE / (performance.now() - began)) * 1000).toFixed(0)} jobs/s`)
} finally {
  await server.stop()
}

/** Milliseconds from the insert to the claim, once so many jobs have ended. */
function waited(count: number): Promise<number[] | undefined> {
  return asAdmin(server.engines.postgresUrl, async (admin) => {
    const { rows } = await admin.query<{ ms: number }>(
      `select extract(epoch from started_at - created_at)::float8 * 1000 as ms from stage1_jobs where completed_at is not null`,
    )
    return rows.length === count ? rows.map(({ ms }) => ms) : undefined
  })
}
