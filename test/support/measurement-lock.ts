/** Holding the lock of a measurement from outside, as another process does that loads into it. */
import pg from 'pg'

export interface OutsideLock {
  release(): Promise<void>
}

export async function lockMeasurement(postgresUrl: string, measurement: string): Promise<OutsideLock> {
  const client = new pg.Client({ connectionString: postgresUrl })
  // The test may end with the lock held, and the database go away under it.
  client.on('error', () => {})
  await client.connect()
  await client.query('select pg_advisory_lock(hashtextextended($1, 0))', [`measurement:${measurement.toLowerCase()}`])
  return { release: () => client.end() }
}
