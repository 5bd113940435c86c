import { createHash, timingSafeEqual } from 'node:crypto'
import { DomainError } from '../errors.js'
import type { Handle } from '../postgres/handle.js'
import * as repository from './repository.js'
import { hashToken, isWellFormed, newToken } from './token.js'

export interface IssuedToken {
  readonly token: string
  readonly tokenId: string
  readonly expiresAt: Date
}

export interface TokenHolder {
  readonly tokenId: string
  readonly name: string
}

/** How long a ticket waits to be used. */
const TICKET_SECONDS = 30

/** Issues tokens against the shared secret, and tickets against tokens; tells who holds one. */
export class AuthService {
  constructor(
    private readonly db: Handle,
    private readonly sharedSecret: string,
    /** Told of every token issued, since this way in is temporary. */
    private readonly onIssued: (holder: TokenHolder) => void,
  ) {}

  /** @throws DomainError SECRET_WRONG */
  async issue(secret: string, name: string, expiresInSeconds: number): Promise<IssuedToken> {
    if (this.sharedSecret === '' || !sameText(secret, this.sharedSecret))
      throw new DomainError('SECRET_WRONG', 'the shared secret is wrong')
    const token = newToken()
    const row = await repository.insertToken(this.db, { hash: hashToken(token), name, expiresInSeconds })
    this.onIssued({ tokenId: row.token_id, name })
    return { token, tokenId: row.token_id, expiresAt: row.expires_at }
  }

  /** @throws DomainError UNAUTHORIZED when the token is missing, malformed, unknown or expired */
  async verify(token: string): Promise<TokenHolder> {
    const row = isWellFormed(token) ? await repository.findLiveToken(this.db, hashToken(token)) : undefined
    if (!row)
      throw new DomainError('UNAUTHORIZED', 'send a valid token in X-Stage1-Token; POST /api/auth/token issues one')
    return { tokenId: row.token_id, name: row.name }
  }

  /** A ticket that opens one stream in the place of this token, for clients that can send no header. */
  async issueTicket(tokenId: string | undefined): Promise<{ ticket: string; expiresAt: Date }> {
    const ticket = newToken('stt')
    const stored = { hash: hashToken(ticket), tokenId: tokenId ?? null, expiresInSeconds: TICKET_SECONDS }
    return { ticket, expiresAt: await repository.insertTicket(this.db, stored) }
  }

  /** Uses a ticket up. @throws DomainError UNAUTHORIZED when it is malformed, unknown, used or expired, or its token is */
  async redeemTicket(ticket: string): Promise<TokenHolder> {
    const known = isWellFormed(ticket, 'stt')
    const row = known ? await repository.spendTicket(this.db, hashToken(ticket)) : undefined
    if (!row)
      throw new DomainError(
        'UNAUTHORIZED',
        'the ticket is unknown, expired or used; POST /api/events/tickets issues another',
      )
    return { tokenId: row.token_id, name: row.name }
  }
}

/** Compares digests, so that neither the length nor a common beginning shows in the time it takes. */
function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}
