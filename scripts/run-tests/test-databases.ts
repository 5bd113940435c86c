import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import pg from 'pg'

/** Lets the tests' own set-up make the migrated database that every test copies, where there is such a set-up. */
export async function prepareTemplateDatabase(root: string, postgresUrl: string): Promise<void> {
  const module = join(root, 'test', 'support', 'template.ts')
  if (!existsSync(module)) return
  const { prepareTemplate } = await import(pathToFileURL(module).href)
  await prepareTemplate(postgresUrl)
}

/** Drops what a run left on a server that outlives it. */
export async function dropTestDatabases(postgresUrl: string, prefix: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgresUrl })
  await client.connect()
  try {
    const found = await client.query<{ datname: string }>(
      'select datname from pg_database where starts_with(datname, $1)',
      [prefix],
    )
    for (const { datname } of found.rows) {
      // A template database can't be dropped while it is marked as one.
      await client.query(`alter database ${client.escapeIdentifier(datname)} is_template false`)
      await client.query(`drop database ${client.escapeIdentifier(datname)} with (force)`)
    }
  } finally {
    await client.end()
  }
}
