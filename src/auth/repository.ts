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
