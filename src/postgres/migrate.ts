/** Brings the database to the version that this code needs; several processes may start at once. */
import { type Kysely, type Migration, Migrator } from 'kysely'
import * as initial from './migrations/0001_initial.js'
import type { Database } from './schema.js'

const MIGRATIONS: Record<string, Migration> = { '0001_initial': initial }

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
