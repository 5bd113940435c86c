import { sql } from 'kysely'
import type { Handle } from '../postgres/handle.js'

export interface NewDownload {
  readonly download_id: string
  readonly job_id: string
  readonly filename: string
  readonly media_type: string
  readonly bytes: number
  readonly digest: string
  readonly row_count: number
  readonly hours: number
}

export async function insertDownload(db: Handle, { hours, ...download }: NewDownload) {
  return db
    .insertInto('stage1_downloads')
    .values({ ...download, expires_at: sql<Date>`now() + make_interval(hours => ${hours})` })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Undefined when there is none, or when its time is over. */
export async function findDownload(db: Handle, downloadId: string) {
  return db
    .selectFrom('stage1_downloads')
    .selectAll()
    .where('download_id', '=', downloadId)
    .where('expires_at', '>', sql<Date>`now()`)
    .executeTakeFirst()
}

/** Forgets the downloads whose time is over, and returns which those were. */
export async function deleteExpiredDownloads(db: Handle): Promise<string[]> {
  const rows = await db
    .deleteFrom('stage1_downloads')
    .where('expires_at', '<=', sql<Date>`now()`)
    .returning('download_id')
    .execute()
  return rows.map((row) => row.download_id)
}

export async function deleteDownload(db: Handle, downloadId: string): Promise<void> {
  await db.deleteFrom('stage1_downloads').where('download_id', '=', downloadId).execute()
}

/** Forgets the downloads of a job but one, and returns which those were. */
export async function deleteDownloadsOf(db: Handle, jobId: string, butNot: string | undefined): Promise<string[]> {
  const rows = await db
    .deleteFrom('stage1_downloads')
    .where('job_id', '=', jobId)
    .$if(butNot !== undefined, (query) => query.where('download_id', '<>', butNot as string))
    .returning('download_id')
    .execute()
  return rows.map((row) => row.download_id)
}

export async function listDownloads(db: Handle): Promise<string[]> {
  const rows = await db.selectFrom('stage1_downloads').select('download_id').execute()
  return rows.map((row) => row.download_id)
}
