import type { Handle } from '../postgres/handle.js'

export interface StagedTable {
  readonly table: string
  readonly target: string
  readonly role: 'staging' | 'replaced'
}

export async function insertStaged(db: Handle, staged: StagedTable): Promise<void> {
  await db
    .insertInto('stage1_staged_tables')
    .values({ table_name: staged.table, target: staged.target, role: staged.role })
    .execute()
}

export async function deleteStaged(db: Handle, table: string): Promise<void> {
  await db.deleteFrom('stage1_staged_tables').where('table_name', '=', table).execute()
}

export async function listStaged(db: Handle): Promise<StagedTable[]> {
  const rows = await db
    .selectFrom('stage1_staged_tables')
    .select(['table_name', 'target', 'role'])
    .orderBy('created_at')
    .execute()
  return rows.map((row) => ({ table: row.table_name, target: row.target, role: row.role }))
}
