/** Where the demo works on the engines: a database of its own, and measurements whose names begin with a name of its own. */
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { QuestDbClient } from '../../src/questdb/client.js'
import { dropTable } from '../../src/questdb/tables.js'
import type { Engines } from '../engines.js'

export interface Place {
  /** The database, empty; its name ends with `id`. */
  readonly postgresUrl: string
  /** Random, so that the demo meets nothing that is there already. */
  readonly id: string
  /** Drops the database and, by their prefix, the measurements. */
  clear(): Promise<void>
}

/** @param measurementPrefix what the names of all measurements begin with, followed by `id` */
export async function makePlace(engines: Engines, measurementPrefix: string): Promise<Place> {
  const id = randomBytes(4).toString('hex')
  const database = `stage1_demo_${id}`
  await asAdmin(engines.postgresUrl, (admin) => admin.query(`create database ${database}`))
  const url = new URL(engines.postgresUrl)
  url.pathname = `/${database}`
  return {
    postgresUrl: url.href,
    id,
    async clear() {
      // What an interrupted load left behind is told by the database only.
      const staged = await asAdmin(url.href, stagedTables)
      await dropMeasurements(engines.questdbUrl, `${measurementPrefix}${id}`, staged)
      await asAdmin(engines.postgresUrl, (admin) => admin.query(`drop database ${database} with (force)`))
    },
  }
}

async function stagedTables(admin: pg.Client): Promise<string[]> {
  const known = await admin.query(`select to_regclass('stage1_staged_tables') as name`)
  if (known.rows[0]?.name === null) return []
  const staged = await admin.query<{ table_name: string }>('select table_name from stage1_staged_tables')
  return staged.rows.map((row) => row.table_name)
}

async function dropMeasurements(questdbUrl: string, prefix: string, others: readonly string[]): Promise<void> {
  const questdb = new QuestDbClient(questdbUrl)
  try {
    const { dataset } = await questdb.exec('SELECT table_name FROM tables()')
    const ours = dataset.map(([name]) => String(name)).filter((name) => name.startsWith(prefix))
    for (const name of [...ours, ...others]) await dropTable(questdb, name)
  } finally {
    await questdb.close()
  }
}

async function asAdmin<T>(url: string, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: url })
  admin.on('error', () => {}) // a connection that breaks between two statements must not end the process
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.end()
  }
}
