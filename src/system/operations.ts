import type { AreaHandlers } from '../http/contract.js'
import type { SystemService } from './service.js'

export function systemOperations(system: SystemService): AreaHandlers<'healthz' | 'readyz' | 'getHealth'> {
  return {
    healthz: async () => ({ status: 200, json: { status: 'ok' } }),
    readyz: async () => ({ status: 200, json: await system.ready() }),
    getHealth: async () => ({ status: 200, json: await system.health() }),
  }
}
