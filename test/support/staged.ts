/** The staged tables of one test file: PostgreSQL remembers every one that was ever recorded there. */
import { listStagedTables } from '../../src/questdb/table-states.js'
import type { OwnEngines } from './engines.js'
import { asAdmin } from './template.js'

export interface StagedWatch {
  /** All that were recorded since the watch began. */
  seen(): Promise<string[]>
  /** Those that are still in QuestDB, or still recorded. */
  left(): Promise<string[]>
}

/** Begins to watch; the database is the file's own, so all that is recorded in it comes from its own servers. */
export async function watchStaged(engines: OwnEngines): Promise<StagedWatch> {
  const names = (sql: string) =>
    asAdmin(engines.postgresUrl, async (admin) => {
      const { rows } = await admin.query<{ table_name: string }>(sql)
      return rows.map((row) => row.table_name)
    })
  await asAdmin(engines.postgresUrl, (admin) =>
    admin.query(`
      create table if not exists test_staged_seen (table_name text not null);
      create or replace function test_remember_staged() returns trigger language plpgsql as $$
        begin insert into test_staged_seen values (new.table_name); return new; end $$;
      create or replace trigger test_remember_staged after insert on stage1_staged_tables
        for each row execute function test_remember_staged()`),
  )
  const seen = () => names('select table_name from test_staged_seen')
  return {
    seen,
    async left() {
      const [mine, recorded] = [await seen(), await names('select table_name from stage1_staged_tables')]
      const present = await listStagedTables(engines.questdb)
      return [...new Set([...recorded, ...present.filter((name) => mine.includes(name))])]
    },
  }
}
