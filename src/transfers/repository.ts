import { sql } from 'kysely'
import type { Handle } from '../postgres/handle.js'

export interface StagedTable {
  readonly table: string
  readonly target: string
  readonly role: 'staging' | 'replaced' | 'created'
}

export async function insertStaged(db: Handle, staged: StagedTable): Promise<void> {
  await db
    .insertInto('stage1_staged_tables')
    .values({ table_name: staged.table, target: staged.target, role: staged.role })
    .execute()
}

/** A step of the load whose table this is; false when somebody has begun to take it back, so that it must not go on. */
export async function moveOn(db: Handle, table: string, role: StagedTable['role']): Promise<boolean> {
  const result = await db
    .updateTable('stage1_staged_tables')
    .set({ role })
    .where('table_name', '=', table)
    .where('recovering', '=', false)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** From here on the load whose table this is can't go on. Returns where it stood; undefined when it has been set right by now. */
export async function beginRecovery(db: Handle, table: string): Promise<StagedTable | undefined> {
  const row = await db
    .updateTable('stage1_staged_tables')
    .set({ recovering: true })
    .where('table_name', '=', table)
    .returning(['table_name', 'target', 'role'])
    .executeTakeFirst()
  return row && { table: row.table_name, target: row.target, role: row.role }
}

/** What was a measurement for a while is to be dropped. */
export async function stageAgain(db: Handle, table: string): Promise<void> {
  await db.updateTable('stage1_staged_tables').set({ role: 'staging' }).where('table_name', '=', table).execute()
}

export async function deleteStaged(db: Handle, table: string): Promise<void> {
  await db.deleteFrom('stage1_staged_tables').where('table_name', '=', table).execute()
}

export async function listStaged(db: Handle, target?: string): Promise<StagedTable[]> {
  const rows = await db
    .selectFrom('stage1_staged_tables')
    .select(['table_name', 'target', 'role'])
    .$if(target !== undefined, (query) => query.where(sql`lower(target)`, '=', (target as string).toLowerCase()))
    .orderBy('created_at')
    .execute()
  return rows.map((row) => ({ table: row.table_name, target: row.target, role: row.role }))
}

/** Whose rows a measurement holds. */
export interface MeasurementOwner {
  readonly kind: 'dataset' | 'run'
  readonly id: string
}

export async function findOwner(db: Handle, measurement: string): Promise<MeasurementOwner | undefined> {
  const row = await db
    .selectFrom('stage1_measurement_owners')
    .select(['owner_kind', 'owner_id'])
    .where('measurement', '=', measurement.toLowerCase())
    .executeTakeFirst()
  return row && { kind: row.owner_kind, id: row.owner_id }
}

export async function claimMeasurement(db: Handle, measurement: string, owner: MeasurementOwner): Promise<void> {
  await db
    .insertInto('stage1_measurement_owners')
    .values({ measurement: measurement.toLowerCase(), owner_kind: owner.kind, owner_id: owner.id })
    .onConflict((conflict) => conflict.column('measurement').doNothing())
    .execute()
}

export interface NewUpload {
  readonly uploadId?: string | undefined
  readonly filename: string
  readonly spool: Record<string, unknown>
  readonly hours: number
}

/** Undefined when the upload of this id is there. */
export async function insertUpload(db: Handle, { uploadId, filename, spool, hours }: NewUpload) {
  return db
    .insertInto('stage1_uploads')
    .values({
      ...(uploadId === undefined ? {} : { upload_id: uploadId }),
      filename,
      spool: JSON.stringify(spool),
      expires_at: sql<Date>`now() + make_interval(hours => ${hours})`,
    })
    .onConflict((conflict) => conflict.column('upload_id').doNothing())
    .returningAll()
    .executeTakeFirst()
}

/** Undefined when there is none, or when its time is over. */
export async function findUpload(db: Handle, uploadId: string) {
  return db
    .selectFrom('stage1_uploads')
    .selectAll()
    .where('upload_id', '=', uploadId)
    .where('expires_at', '>', sql<Date>`now()`)
    .executeTakeFirst()
}

export async function deleteUpload(db: Handle, uploadId: string): Promise<void> {
  await db.deleteFrom('stage1_uploads').where('upload_id', '=', uploadId).execute()
}

/** Forgets the uploads whose time is over. */
export async function deleteExpiredUploads(db: Handle): Promise<void> {
  await db.deleteFrom('stage1_uploads').where('expires_at', '<=', sql<Date>`now()`).execute()
}

/** Where the bodies of all uploads lie. */
export async function listUploadSpools(db: Handle): Promise<Record<string, unknown>[]> {
  const rows = await db.selectFrom('stage1_uploads').select('spool').execute()
  return rows.map((row) => row.spool)
}
