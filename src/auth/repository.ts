import { sql } from 'kysely'
import type { Handle } from '../postgres/handle.js'

export async function insertToken(db: Handle, token: { hash: Buffer; name: string; expiresInSeconds: number }) {
  return db
    .insertInto('stage1_tokens')
    .values({
      token_sha256: token.hash,
      name: token.name,
      expires_at: sql<Date>`now() + make_interval(secs => ${token.expiresInSeconds})`,
    })
    .returning(['token_id', 'expires_at'])
    .executeTakeFirstOrThrow()
}

/** The token with this hash unless it has expired by the database's clock. */
export async function findLiveToken(db: Handle, hash: Buffer) {
  return db
    .selectFrom('stage1_tokens')
    .select(['token_id', 'name'])
    .where('token_sha256', '=', hash)
    .where('expires_at', '>', sql<Date>`now()`)
    .executeTakeFirst()
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
      expires_at: sql<Date>`now() + make_interval(secs => ${ticket.expiresInSeconds})`,
    })
    .returning('expires_at')
    .executeTakeFirstOrThrow()
  return expires_at
}

/** Uses up a ticket; the token behind it, unless one of the two has expired by the database's clock. */
export async function spendTicket(db: Handle, hash: Buffer) {
  return db
    .deleteFrom('stage1_stream_tickets as ticket')
    .using('stage1_tokens as token')
    .whereRef('token.token_id', '=', 'ticket.token_id')
    .where('ticket.ticket_sha256', '=', hash)
    .where('ticket.expires_at', '>', sql<Date>`now()`)
    .where('token.expires_at', '>', sql<Date>`now()`)
    .returning(['token.token_id', 'token.name'])
    .executeTakeFirst()
}
