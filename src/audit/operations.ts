import type { AreaHandlers } from '../http/contract.js'
import { pageOf } from '../http/reply.js'
import type { AuditService } from './service.js'

export function auditOperations(audit: AuditService): AreaHandlers<'listAudit'> {
  return {
    listAudit: async ({ query }) => {
      const { before, token_id, operation, subject } = query
      const { limit } = pageOf(query)
      const { entries, hasMore } = await audit.list({ before, tokenId: token_id, operation, subject }, limit)
      return {
        status: 200,
        json: {
          entries: entries.map(({ at, token_id, ...entry }) => ({
            ...entry,
            at: at.toISOString(),
            token_id: token_id ?? '',
          })),
          count: entries.length,
          has_more: hasMore,
        },
      }
    },
  }
}
