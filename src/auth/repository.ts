import { sql } from 'kysely'
import type { Handle } from '../postgres/handle.js'

export interface NewToken {
  readonly hash: Buffer
  readonly name: string
  readonly scopes: readonly string[]
  readonly expiresInSeconds: number
  /** The token that it replaces. */
  readonly rotatedFrom: string | null
}

export async function insertToken(db: Handle, token: NewToken) {
  return db
    .insertInto('stage1_tokens')
    .values({
      token_sha256: token.hash,
      name: token.name,
      scopes: [...token.scopes],
      expires_at: secondsFromNow(token.expiresInSeconds),
      rotated_from: token.rotatedFrom,
    })
    .returning(['token_id', 'expires_at'])
    .executeTakeFirstOrThrow()
}

/** The token with this hash, unless it has expired or was revoked, by the database's clock; `is_stale` when its use is to be noted again. */
export async function findLiveToken(db: Handle, hash: Buffer) {
  return db
    .selectFrom('stage1_tokens')
    .select(['token_id', 'name', 'scopes'])
    .select(sql<boolean>`coalesce(last_used_at < now() - interval '1 minute', true)`.as('is_stale'))
    .where('token_sha256', '=', hash)
    .where('expires_at', '>', sql<Date>`now()`)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
}

export async function noteUse(db: Handle, tokenId: string): Promise<void> {
  await db
    .updateTable('stage1_tokens')
    .set({ last_used_at: sql<Date>`now()` })
    .where('token_id', '=', tokenId)
    .execute()
}

/** Those of the tokens that are neither expired nor revoked. */
export async function liveTokens(db: Handle, tokenIds: readonly string[]): Promise<string[]> {
  const rows = await db
    .selectFrom('stage1_tokens')
    .select('token_id')
    .where('token_id', '=', sql<string>`any(${[...tokenIds]}::uuid[])`)
    .where('expires_at', '>', sql<Date>`now()`)
    .where('revoked_at', 'is', null)
    .execute()
  return rows.map((row) => row.token_id)
}

/** Lets a token end so many seconds from now, unless it ends before. */
export async function shortenToken(db: Handle, tokenId: string, seconds: number): Promise<void> {
  await db
    .updateTable('stage1_tokens')
    .set({ expires_at: sql<Date>`least(expires_at, ${secondsFromNow(seconds)})` })
    .where('token_id', '=', tokenId)
    .execute()
}

/** The token, revoked now or before with every one that was made of it by rotation; undefined when there is none. */
export async function revokeToken(db: Handle, tokenId: string) {
  const revoked = await db
    .withRecursive('successors', (cte) =>
      cte
        .selectFrom('stage1_tokens')
        .select('token_id')
        .where('token_id', '=', tokenId)
        .union(
          cte
            .selectFrom('stage1_tokens as token')
            .innerJoin('successors', 'successors.token_id', 'token.rotated_from')
            .select('token.token_id'),
        ),
    )
    .updateTable('stage1_tokens')
    .set({ revoked_at: sql<Date>`coalesce(revoked_at, now())` })
    .where('token_id', 'in', (where) => where.selectFrom('successors').select('token_id'))
    .returning(KNOWN)
    .execute()
  return revoked.find((token) => token.token_id === tokenId)
}

export async function findToken(db: Handle, tokenId: string) {
  return db.selectFrom('stage1_tokens').select(KNOWN).where('token_id', '=', tokenId).executeTakeFirst()
}

export async function listTokens(db: Handle, page: { limit: number; offset: number }) {
  return db
    .selectFrom('stage1_tokens')
    .select(KNOWN)
    .orderBy('created_at', 'desc')
    .orderBy('token_id')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
}

export async function countTokens(db: Handle): Promise<number> {
  const { total } = await db
    .selectFrom('stage1_tokens')
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  return total
}

/** Forgets tokens that ended so long ago. */
export async function removeEndedTokens(db: Handle, olderThanDays: number): Promise<void> {
  const before = sql<Date>`now() - make_interval(days => ${olderThanDays})`
  await db
    .deleteFrom('stage1_tokens')
    .where((where) => where.or([where('expires_at', '<', before), where('revoked_at', '<', before)]))
    .execute()
}

/** Stores a ticket, and removes those that have expired unused. */
export async function insertTicket(
  db: Handle,
  ticket: { hash: Buffer; tokenId: string | null; expiresInSeconds: number },
): Promise<Date> {
  await db.deleteFrom('stage1_stream_tickets').where('expires_at', '<=', sql<Date>`now()`).execute()
  const { expires_at } = await db
    .insertInto('stage1_stream_tickets')
    .values({
      ticket_sha256: ticket.hash,
      token_id: ticket.tokenId,
      expires_at: secondsFromNow(ticket.expiresInSeconds),
    })
    .returning('expires_at')
    .executeTakeFirstOrThrow()
  return expires_at
}

/** Uses up a ticket; the token behind it, unless one of the two has ended by the database's clock. */
export async function spendTicket(db: Handle, hash: Buffer) {
  return db
    .deleteFrom('stage1_stream_tickets as ticket')
    .using('stage1_tokens as token')
    .whereRef('token.token_id', '=', 'ticket.token_id')
    .where('ticket.ticket_sha256', '=', hash)
    .where('ticket.expires_at', '>', sql<Date>`now()`)
    .where('token.expires_at', '>', sql<Date>`now()`)
    .where('token.revoked_at', 'is', null)
    .returning(['token.token_id', 'token.name', 'token.scopes'])
    .executeTakeFirst()
}

const KNOWN = [
  'token_id',
  'name',
  'scopes',
  'created_at',
  'expires_at',
  'last_used_at',
  'revoked_at',
  'rotated_from',
  sql<string>`case when revoked_at is not null then 'revoked' when expires_at <= now() then 'expired' else 'live' end`.as(
    'status',
  ),
] as const

function secondsFromNow(seconds: number) {
  return sql<Date>`now() + make_interval(secs => ${seconds})`
}
