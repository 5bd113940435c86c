/** Holding a lock from outside, as another process does that loads into a measurement or saves a run. */
import pg from 'pg'

export interface OutsideLock {
  release(): Promise<void>
}

export function lockMeasurement(postgresUrl: string, measurement: string): Promise<OutsideLock> {
  return lock(postgresUrl, `measurement:${measurement.toLowerCase()}`)
}

export function lockRun(postgresUrl: string, runId: string): Promise<OutsideLock> {
  return lock(postgresUrl, `run:${runId}`)
}

async function lock(postgresUrl: string, name: string): Promise<OutsideLock> {
  const client = new pg.Client({ connectionString: postgresUrl })
  // The test may end with the lock held, and the database go away under it.
  client.on('error', () => {})
  await client.connect()
  await client.query('select pg_advisory_lock(hashtextextended($1, 0))', [name])
  return { release: () => client.end() }
}
