import type { AreaHandlers } from '../http/contract.js'
import type { AuthService } from './service.js'

export function authOperations(auth: AuthService): AreaHandlers<'issueToken' | 'createStreamTicket'> {
  return {
    issueToken: async ({ body }) => {
      const expiresIn = body.expires_in as number
      const issued = await auth.issue(body.secret, body.name ?? '', expiresIn)
      return {
        status: 201,
        json: {
          token: issued.token,
          token_type: 'X-Stage1-Token',
          token_id: issued.tokenId,
          expires_at: issued.expiresAt.toISOString(),
          expires_in: expiresIn,
        },
      }
    },
    createStreamTicket: async ({ tokenId }) => {
      const { ticket, expiresAt } = await auth.issueTicket(tokenId)
      return { status: 201, json: { ticket, expires_at: expiresAt.toISOString() } }
    },
  }
}
