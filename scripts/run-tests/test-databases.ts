import pg from 'pg'

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
