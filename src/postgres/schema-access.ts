/** The tables of who is let in, and of what was asked: tokens, tickets, the audit, requests that are done once. */
import type { ColumnType, Generated } from 'kysely'
import type { Timestamp } from './column-types.js'

/** What opens a stream of events once, in the place of the token that asked for it. */
export interface StreamTicketsTable {
  ticket_sha256: Buffer
  /** Null where no token is asked for. */
  token_id: string | null
  expires_at: Timestamp
}

export interface TokensTable {
  token_id: Generated<string>
  token_sha256: Buffer
  name: string
  scopes: string[]
  expires_at: Timestamp
  created_at: Generated<Date>
  last_used_at: Timestamp | null
  revoked_at: Timestamp | null
  /** The token that this one replaces. */
  rotated_from: ColumnType<string | null, string | null, never>
}

/** One row for each request that writes. */
export interface AuditTable {
  audit_id: Generated<number>
  at: Generated<Date>
  token_id: string | null
  token_name: string
  operation: string
  subject: Generated<string>
  status: Generated<number>
  error_code: Generated<string>
  request_id: string
  address: string
}

/** Requests that are done once; see idempotency/service.ts. */
export interface IdempotencyKeysTable {
  /** Id of the token; empty where none is asked for. */
  holder: string
  key: string
  target_sha256: Buffer
  body_sha256: Buffer
  /** Id of the job or upload that the request makes. */
  work_id: Generated<string>
  owner: string
  lease_until: Timestamp
  /** Null until the request is answered. */
  status: number | null
  headers: ColumnType<Record<string, string> | null, string | null, string | null>
  body: string | null
  /** Begun once more, since an earlier start did not come to an answer. */
  repeated: Generated<boolean>
  created_at: Generated<Date>
}
