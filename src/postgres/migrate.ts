/** Brings the database to the version that this code needs; several processes may start at once. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Kysely, type Migration, Migrator } from 'kysely'
import { isDomainError } from '../errors.js'
import * as initial from './migrations/0001_initial.js'
import * as simulations from './migrations/0002_simulations.js'
import * as uploads from './migrations/0003_uploads.js'
import * as runs from './migrations/0004_runs.js'
import * as runCounts from './migrations/0005_run_counts.js'
import * as datasets from './migrations/0006_datasets.js'
import * as downloads from './migrations/0007_downloads.js'
import * as events from './migrations/0008_events.js'
import * as jobs from './migrations/0009_jobs.js'
import * as idempotencyKeys from './migrations/0010_idempotency_keys.js'
import * as streamTickets from './migrations/0011_stream_tickets.js'
import * as jobTokens from './migrations/0012_job_tokens.js'
import * as scopesAndAudit from './migrations/0013_scopes_and_audit.js'
import * as recovery from './migrations/0014_recovery.js'
import * as fencedLoads from './migrations/0015_fenced_loads.js'
import * as repeatedRequests from './migrations/0016_repeated_requests.js'
import * as jobMeasurements from './migrations/0017_job_measurements.js'
import * as tokenSuccessors from './migrations/0018_token_successors.js'
import type { Database } from './schema.js'

const MIGRATIONS: Record<string, Migration> = {
  '0001_initial': initial,
  '0002_simulations': simulations,
  '0003_uploads': uploads,
  '0004_runs': runs,
  '0005_run_counts': runCounts,
  '0006_datasets': datasets,
  '0007_downloads': downloads,
  '0008_events': events,
  '0009_jobs': jobs,
  '0011_stream_tickets': streamTickets,
  '0010_idempotency_keys': idempotencyKeys,
  '0012_job_tokens': jobTokens,
  '0013_scopes_and_audit': scopesAndAudit,
  '0014_recovery': recovery,
  '0015_fenced_loads': fencedLoads,
  '0016_repeated_requests': repeatedRequests,
  '0017_job_measurements': jobMeasurements,
  '0018_token_successors': tokenSuccessors,
}

/** Runs what is missing, under the Migrator's own advisory lock. @throws what the failing migration threw */
export async function migrate(db: Kysely<Database>): Promise<string[]> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => MIGRATIONS },
    migrationTableName: 'stage1_migrations',
    migrationLockTableName: 'stage1_migrations_lock',
  })
  const { error, results } = await migrator.migrateToLatest()
  if (error) throw error
  return (results ?? []).map((result) => result.migrationName)
}

const RETRY_MS = 500

/**
 * Migrates as soon as PostgreSQL answers, since it may start after this server; undefined when given up before that.
 * @throws what a migration throws for any other reason
 */
export async function migrateWhenReachable(
  db: Kysely<Database>,
  hooks: { readonly onWaiting: (error: unknown) => void; readonly givenUp: () => boolean },
): Promise<string[] | undefined> {
  for (let first = true; !hooks.givenUp(); first = false) {
    try {
      return await migrate(db)
    } catch (error) {
      if (!isDomainError(error, 'POSTGRES_UNAVAILABLE')) throw error
      if (first) hooks.onWaiting(error)
      await sleep(RETRY_MS)
    }
  }
  return undefined
}
