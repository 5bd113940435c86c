import { sql } from 'kysely'
import type { Handle } from '../postgres/handle.js'

export interface NewEntry {
  readonly tokenId: string | null
  readonly tokenName: string
  readonly operation: string
  readonly requestId: string
  readonly address: string
}

export async function insertEntry(db: Handle, entry: NewEntry): Promise<number> {
  const { audit_id } = await db
    .insertInto('stage1_audit')
    .values({
      token_id: entry.tokenId,
      token_name: entry.tokenName,
      operation: entry.operation,
      request_id: entry.requestId,
      address: entry.address,
    })
    .returning('audit_id')
    .executeTakeFirstOrThrow()
  return audit_id
}

export interface Outcome {
  readonly status: number
  readonly errorCode: string
  readonly subject: string
}

export async function setOutcome(db: Handle, auditId: number, outcome: Outcome): Promise<void> {
  await db
    .updateTable('stage1_audit')
    .set({ status: outcome.status, error_code: outcome.errorCode, subject: outcome.subject })
    .where('audit_id', '=', auditId)
    .execute()
}

export interface AuditFilter {
  readonly before?: number | undefined
  readonly tokenId?: string | undefined
  readonly operation?: string | undefined
  readonly subject?: string | undefined
}

/** Newest first, at most `limit`. */
export async function listEntries(db: Handle, { before, tokenId, operation, subject }: AuditFilter, limit: number) {
  return db
    .selectFrom('stage1_audit')
    .selectAll()
    .$if(before !== undefined, (query) => query.where('audit_id', '<', before as number))
    .$if(tokenId !== undefined, (query) => query.where('token_id', '=', tokenId as string))
    .$if(operation !== undefined, (query) => query.where('operation', '=', operation as string))
    .$if(subject !== undefined, (query) => query.where('subject', '=', subject as string))
    .orderBy('audit_id', 'desc')
    .limit(limit)
    .execute()
}

/** Removes at most `limit` of the entries that are so old; returns how many it were. */
export async function removeOldEntries(db: Handle, olderThanDays: number, limit: number): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('stage1_audit')
    .where('audit_id', 'in', (query) =>
      query
        .selectFrom('stage1_audit')
        .select('audit_id')
        .where('at', '<', sql<Date>`now() - make_interval(days => ${olderThanDays})`)
        .limit(limit),
    )
    .executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}
