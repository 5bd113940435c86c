/** What a test file has to itself on the engines that the run shares: a database of its own and a prefix for measurements. */
import { randomBytes } from 'node:crypto'
import { QuestDbClient } from '../../src/questdb/client.js'
import { dropTable } from '../../src/questdb/tables.js'
import { asAdmin, databasePrefix, databaseUrl, templateName } from './template.js'

export interface OwnEngines {
  readonly postgresUrl: string
  readonly questdbUrl: string
  /** Every measurement that the file makes begins with this. */
  readonly prefix: string
  readonly questdb: QuestDbClient
  /** Drops the database and the measurements. */
  release(): Promise<void>
}

/** Clones the template; run the file through `make test ONLY=<part of its path>`, which starts the engines. */
export async function ownEngines(): Promise<OwnEngines> {
  const postgresUrl = required('STAGE1_POSTGRES_URL')
  const questdbUrl = required('STAGE1_QUESTDB_URL')
  const id = randomBytes(5).toString('hex')
  const database = `${databasePrefix()}_${id}`
  await asAdmin(postgresUrl, (admin) => admin.query(`create database ${database} template ${templateName()}`))
  const prefix = `t${id}_`
  const questdb = new QuestDbClient(questdbUrl)
  return {
    postgresUrl: databaseUrl(postgresUrl, database),
    questdbUrl,
    prefix,
    questdb,
    async release() {
      const { dataset } = await questdb.exec(`SELECT table_name FROM tables() WHERE table_name LIKE '${prefix}%'`)
      for (const [name] of dataset) await dropTable(questdb, String(name))
      await questdb.close()
      await asAdmin(postgresUrl, (admin) => admin.query(`drop database if exists ${database} with (force)`))
    },
  }
}

function required(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: run this file with \`make test ONLY=<part of its path>\``)
  return value
}
