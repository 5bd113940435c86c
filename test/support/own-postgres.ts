/** A PostgreSQL of the test's own, to be crashed, frozen and filled, where the one that the run shares would take others along. */
import { EngineHome } from '../../scripts/engines/engine-home.js'
import { createPostgres, type PostgresOptions, type PostgresServer } from '../../scripts/engines/postgres.js'
import { type OwnEngines, ownEngines } from './engines.js'
import { prepareTemplate } from './template.js'

export interface OwnPostgres {
  readonly postgres: PostgresServer
  /** With a database on that server. */
  readonly engines: OwnEngines
  release(): Promise<void>
}

export async function ownPostgres(options: PostgresOptions = {}): Promise<OwnPostgres> {
  const home = new EngineHome()
  try {
    const postgres = await createPostgres(home, options)
    await postgres.start()
    process.env.STAGE1_POSTGRES_URL = postgres.url
    await prepareTemplate(postgres.url)
    const engines = await ownEngines()
    return {
      postgres,
      engines,
      async release() {
        await engines.release()
        await home.close()
      },
    }
  } catch (error) {
    await home.close()
    throw error
  }
}
