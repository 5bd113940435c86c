/** Frames that wait in the spool until a save names them, or until their time is over. */

import type { components } from '../../generated/api.js'
import { crashPoint } from '../crash.js'
import { DomainError } from '../errors.js'
import type { FrameSource } from '../frames/open.js'
import type { SpooledBody } from '../frames/spooled.js'
import { mayBeCommitted } from '../postgres/failure.js'
import type { Handle } from '../postgres/handle.js'
import { UUID } from '../records/uuid.js'
import { formatOf } from './media.js'
import * as repository from './repository.js'
import type { Spool, SpoolTicket, SpoolUser } from './spool.js'

export type Upload = components['schemas']['Upload']

export class Uploads {
  constructor(
    private readonly db: Handle,
    private readonly spool: Spool,
    private readonly hours: number,
  ) {}

  /** Keeps a body, unless the upload of this id is there already. @throws DomainError REQUEST_INVALID when it is JSON without rows */
  async keep(spooled: SpooledBody, filename: string, uploadId?: string): Promise<Upload> {
    frameIn(spooled)
    const ticket = await this.spool.ticket(spooled)
    const values = { uploadId, filename, spool: { ...ticket }, hours: this.hours }
    const row = await repository.insertUpload(this.db, values).catch((error: unknown) => {
      // If it was stored, its body must be there when the request is sent again; if not, the sweep finds it.
      if (mayBeCommitted(error)) this.spool.adopt(spooled)
      throw error
    })
    if (!row) return this.get(uploadId as string)
    await crashPoint('upload-stored')
    this.spool.adopt(spooled)
    return toUpload(row)
  }

  /** @throws DomainError UPLOAD_NOT_FOUND */
  async get(uploadId: string): Promise<Upload> {
    const row = UUID.test(uploadId) ? await repository.findUpload(this.db, uploadId) : undefined
    if (!row) throw new DomainError('UPLOAD_NOT_FOUND', `there is no upload ${uploadId}`, { upload_id: uploadId })
    return toUpload(row)
  }

  /** Forgets an upload; its body goes with the next sweep that finds no job at work on it. @throws DomainError UPLOAD_NOT_FOUND */
  async remove(uploadId: string): Promise<Upload> {
    const upload = await this.get(uploadId)
    await repository.deleteUpload(this.db, uploadId)
    return upload
  }

  /** An upload as the job that will load it remembers it. @throws DomainError UPLOAD_UNKNOWN naming the field that names it */
  async ticket(uploadId: string, field: string): Promise<SpoolTicket> {
    const row = UUID.test(uploadId) ? await repository.findUpload(this.db, uploadId) : undefined
    if (row) return row.spool as unknown as SpoolTicket
    throw new DomainError('UPLOAD_UNKNOWN', `${field} names upload ${uploadId}, which is not there or has expired`, [
      { in: 'body', pointer: `/${field}`, expected: 'an upload_id of POST /api/uploads' },
    ])
  }

  /** The frame behind a ticket. @throws DomainError FRAME_MALFORMED when its body is gone, SPOOL_UNAVAILABLE */
  async redeem(ticket: SpoolTicket, run: SpoolUser): Promise<FrameSource> {
    return frameIn(await this.spool.redeem(ticket, run))
  }

  /** Forgets what has expired and returns what must stay in the spool. */
  async sweep(): Promise<SpoolTicket[]> {
    await repository.deleteExpiredUploads(this.db)
    return (await repository.listUploadSpools(this.db)) as unknown as SpoolTicket[]
  }
}

function frameIn(spooled: SpooledBody): FrameSource {
  const format = formatOf(spooled.media)
  if (format !== undefined) return { path: spooled.path, format }
  const rows = spooled.members.get('rows')
  if (rows?.kind !== 'array')
    throw new DomainError('REQUEST_INVALID', 'rows is required: an array of row objects', [
      { in: 'body', pointer: '/rows', expected: 'an array' },
    ])
  return { path: spooled.path, format: 'rows', range: { start: rows.start, end: rows.end } }
}

function toUpload(row: NonNullable<Awaited<ReturnType<typeof repository.insertUpload>>>): Upload {
  const { media, bytes, digest } = row.spool as unknown as SpoolTicket
  return {
    upload_id: row.upload_id,
    media_type: media,
    filename: row.filename,
    bytes,
    digest,
    created_at: row.created_at.toISOString(),
    expires_at: row.expires_at.toISOString(),
  }
}
