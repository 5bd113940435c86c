import type { AreaHandlers } from '../http/contract.js'
import { pageFigures, pageOf } from '../http/reply.js'
import { type AuthService, EVERY_SCOPE, type IssuedToken, type KnownToken } from './service.js'

/** @param position the number of the newest event, for streams that tickets open */
export function authOperations(
  auth: AuthService,
  position: () => Promise<number>,
): AreaHandlers<'issueToken' | 'rotateToken' | 'getMe' | 'listTokens' | 'revokeToken' | 'createStreamTicket'> {
  return {
    issueToken: async ({ body }) => {
      const { secret, name = '', scopes = ['read', 'write'], expires_in: expiresInSeconds = 0 } = body
      const issued = await auth.issue(secret, { name, scopes, expiresInSeconds })
      return { status: 201, json: shown(issued) }
    },
    rotateToken: async ({ body, tokenId }) => {
      const { expires_in: expiresInSeconds = 0, overlap = 0 } = body
      return { status: 201, json: shown(await auth.rotate(tokenId ?? '', expiresInSeconds, overlap)) }
    },
    getMe: async ({ tokenId, limits }) => {
      const spent = [...(await limits())]
      if (tokenId === undefined)
        return { status: 200, json: { token_id: '', name: '', scopes: [...EVERY_SCOPE], limits: spent } }
      const { token_id, name, scopes, created_at, expires_at } = infoOf(await auth.known(tokenId))
      return { status: 200, json: { token_id, name, scopes, created_at, expires_at, limits: spent } }
    },
    listTokens: async ({ query }) => {
      const page = pageOf(query)
      const { tokens, total } = await auth.list(page)
      return { status: 200, json: { tokens: tokens.map(infoOf), ...pageFigures(tokens, total, page) } }
    },
    revokeToken: async ({ params }) => ({ status: 200, json: infoOf(await auth.revoke(params.token_id)) }),
    createStreamTicket: async ({ tokenId }) => {
      const lastEventId = await position()
      const { ticket, expiresAt } = await auth.issueTicket(tokenId)
      return { status: 201, json: { ticket, expires_at: expiresAt.toISOString(), last_event_id: lastEventId } }
    },
  }
}

function shown({ token, tokenId, scopes, expiresAt, expiresInSeconds }: IssuedToken) {
  return {
    token,
    token_type: 'X-Stage1-Token',
    token_id: tokenId,
    expires_at: expiresAt.toISOString(),
    expires_in: expiresInSeconds,
    scopes: [...scopes],
  }
}

function infoOf(token: KnownToken) {
  return {
    token_id: token.token_id,
    name: token.name,
    scopes: token.scopes,
    status: token.status,
    created_at: token.created_at.toISOString(),
    expires_at: token.expires_at.toISOString(),
    last_used_at: token.last_used_at?.toISOString() ?? '',
    revoked_at: token.revoked_at?.toISOString() ?? '',
    rotated_from: token.rotated_from ?? '',
  }
}
