/**
 * The handle that repository functions run on. Services hold it without knowing what it is: they pass it on, or open a
 * transaction with it, so that nothing inside a transaction can slip outside it.
 */
import type { Kysely, Transaction } from 'kysely'
import type { Database } from './schema.js'

export type Handle = Kysely<Database> | Transaction<Database>

/** Runs `work` in one transaction: all of it is committed, or none when it throws. */
export function inTransaction<T>(db: Handle, work: (tx: Handle) => Promise<T>): Promise<T> {
  return db.transaction().execute(work)
}
