/** The migrated database that every test file's own database is cloned from. */
import pg from 'pg'
import { migrate } from '../../src/postgres/migrate.js'
import { createDatabase, createPool } from '../../src/postgres/pool.js'

/** Names begin with this, so that they can be told from databases of other runs. */
export function databasePrefix(): string {
  return `stage1_test_${process.env.STAGE1_TEST_RUN ?? 'alone'}`
}

export function templateName(): string {
  return `${databasePrefix()}_template`
}

/** Makes the template once a run, before any file starts. */
export async function prepareTemplate(postgresUrl: string): Promise<void> {
  await asAdmin(postgresUrl, async (admin) => {
    await admin.query(`create database ${templateName()}`)
  })
  const pool = createPool({
    url: databaseUrl(postgresUrl, templateName()),
    size: 2,
    connectSeconds: 10,
    statementSeconds: 60,
    silentTransactionSeconds: 10,
    onIdleError: () => {},
  })
  const db = createDatabase(pool)
  await migrate(db)
  await db.destroy()
}

export async function asAdmin<T>(postgresUrl: string, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: postgresUrl })
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.end()
  }
}

export function databaseUrl(postgresUrl: string, name: string): string {
  const url = new URL(postgresUrl)
  url.pathname = `/${name}`
  return url.href
}
