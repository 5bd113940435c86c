import { sql } from 'kysely'
import type { Handle } from '../postgres/handle.js'

export async function ping(db: Handle): Promise<void> {
  await sql`select 1`.execute(db)
}
