import { createHash, timingSafeEqual } from 'node:crypto'
import { DomainError } from '../errors.js'
import { type Handle, inTransaction } from '../postgres/handle.js'
import { UUID } from '../records/uuid.js'
import * as repository from './repository.js'
import { requireScope, type Scope } from './scope.js'
import { hashToken, isWellFormed, newToken } from './token.js'

export { EVERY_SCOPE } from './scope.js'

export interface IssuedToken {
  readonly token: string
  readonly tokenId: string
  readonly scopes: readonly string[]
  readonly expiresAt: Date
  readonly expiresInSeconds: number
}

export interface TokenHolder {
  readonly tokenId: string
  readonly name: string
  readonly scopes: readonly string[]
}

export type KnownToken = NonNullable<Awaited<ReturnType<typeof repository.findToken>>>

export interface TokenWish {
  readonly name: string
  readonly scopes: readonly string[]
  readonly expiresInSeconds: number
}

/** How long a ticket waits to be used. */
const TICKET_SECONDS = 30
/** How long tokens that have ended are still listed. */
const LISTED_DAYS = 30

/** Issues tokens against the shared secret, and tickets against tokens; tells who holds one and what it allows. */
export class AuthService {
  constructor(
    private readonly db: Handle,
    private readonly sharedSecret: string,
    /** Told of every token issued against the secret, since this way in is temporary. */
    private readonly onIssued: (holder: TokenHolder) => void,
  ) {}

  /** @throws DomainError SECRET_WRONG */
  async issue(secret: string, wish: TokenWish): Promise<IssuedToken> {
    if (this.sharedSecret === '' || !sameText(secret, this.sharedSecret))
      throw new DomainError('SECRET_WRONG', 'the shared secret is wrong')
    const issued = await this.#make(this.db, wish)
    this.onIssued({ tokenId: issued.tokenId, name: wish.name, scopes: wish.scopes })
    return issued
  }

  /**
   * A new token like the one with this id, which goes on for `overlapSeconds`. It lasts no longer than that one was made to last, or a token
   * of a minute could be turned into one of a year. @throws DomainError TOKEN_NOT_FOUND
   */
  async rotate(tokenId: string, expiresInSeconds: number, overlapSeconds: number): Promise<IssuedToken> {
    return inTransaction(this.db, async (tx) => {
      const { name, scopes, created_at, expires_at } = await this.#known(tx, tokenId)
      const lifetime = Math.ceil((expires_at.getTime() - created_at.getTime()) / 1000)
      const wish = { name, scopes, expiresInSeconds: Math.min(expiresInSeconds, lifetime) }
      const issued = await this.#make(tx, wish, tokenId)
      await repository.shortenToken(tx, tokenId, overlapSeconds)
      return issued
    })
  }

  /** @throws DomainError UNAUTHORIZED when the token is missing, malformed, unknown, expired or revoked; SCOPE_MISSING */
  async verify(token: string): Promise<TokenHolder> {
    const row = isWellFormed(token) ? await repository.findLiveToken(this.db, hashToken(token)) : undefined
    if (!row)
      throw new DomainError('UNAUTHORIZED', 'send a valid token in X-Stage1-Token; POST /api/auth/token issues one')
    // Who only reads is let in also where nothing can be written, such as on a full disk.
    if (row.is_stale) await repository.noteUse(this.db, row.token_id).catch(() => {})
    return holderIn(row)
  }

  /** @throws DomainError SCOPE_MISSING */
  allow(holder: TokenHolder, needed: Scope): void {
    requireScope(holder.scopes, needed)
  }

  /** Those of the tokens that still open the server. */
  async liveAmong(tokenIds: readonly string[]): Promise<ReadonlySet<string>> {
    return new Set(tokenIds.length === 0 ? [] : await repository.liveTokens(this.db, tokenIds))
  }

  /** @throws DomainError TOKEN_NOT_FOUND */
  async known(tokenId: string): Promise<KnownToken> {
    return this.#known(this.db, tokenId)
  }

  async list(page: { limit: number; offset: number }): Promise<{ tokens: KnownToken[]; total: number }> {
    const [tokens, total] = await Promise.all([repository.listTokens(this.db, page), repository.countTokens(this.db)])
    return { tokens, total }
  }

  /** From now on neither the token nor any that was made of it by rotation opens anything. @throws DomainError TOKEN_NOT_FOUND */
  async revoke(tokenId: string): Promise<KnownToken> {
    const row = UUID.test(tokenId) ? await repository.revokeToken(this.db, tokenId) : undefined
    if (!row) throw unknownToken()
    return row
  }

  /** A ticket that opens one stream in the place of this token, for clients that can send no header. */
  async issueTicket(tokenId: string | undefined): Promise<{ ticket: string; expiresAt: Date }> {
    const ticket = newToken('stt')
    const stored = { hash: hashToken(ticket), tokenId: tokenId ?? null, expiresInSeconds: TICKET_SECONDS }
    return { ticket, expiresAt: await repository.insertTicket(this.db, stored) }
  }

  /** Uses a ticket up. @throws DomainError UNAUTHORIZED when it is malformed, unknown, used or expired, or its token has ended */
  async redeemTicket(ticket: string): Promise<TokenHolder> {
    const known = isWellFormed(ticket, 'stt')
    const row = known ? await repository.spendTicket(this.db, hashToken(ticket)) : undefined
    if (!row)
      throw new DomainError(
        'UNAUTHORIZED',
        'the ticket is unknown, expired or used; POST /api/events/tickets issues another',
      )
    return holderIn(row)
  }

  /** Forgets tokens that ended long ago. */
  async sweep(): Promise<void> {
    await repository.removeEndedTokens(this.db, LISTED_DAYS)
  }

  async #make(db: Handle, wish: TokenWish, rotatedFrom: string | null = null): Promise<IssuedToken> {
    const token = newToken()
    const row = await repository.insertToken(db, { ...wish, hash: hashToken(token), rotatedFrom })
    const { scopes, expiresInSeconds } = wish
    return { token, tokenId: row.token_id, scopes, expiresInSeconds, expiresAt: row.expires_at }
  }

  async #known(db: Handle, tokenId: string): Promise<KnownToken> {
    const row = UUID.test(tokenId) ? await repository.findToken(db, tokenId) : undefined
    if (!row) throw unknownToken()
    return row
  }
}

function holderIn(row: { token_id: string; name: string; scopes: string[] }): TokenHolder {
  return { tokenId: row.token_id, name: row.name, scopes: row.scopes }
}

function unknownToken(): DomainError {
  return new DomainError('TOKEN_NOT_FOUND', 'there is no token with this id')
}

/** Compares digests, so that neither the length nor a common beginning shows in the time it takes. */
function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}
