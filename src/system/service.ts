import { DomainError } from '../errors.js'
import type { Handle } from '../postgres/handle.js'
import type { QuestDbClient } from '../questdb/client.js'
import * as repository from './repository.js'

export interface EngineState {
  status: 'up' | 'down'
  latency_ms?: number
}

interface Engines {
  readonly postgres: EngineState
  readonly questdb: EngineState
}

/** How long an engine may take to show that it lives: supervisors want an answer within two seconds. */
const PING_LIMIT_MS = 1500

/** Whether this server and its engines can work. */
export class SystemService {
  #asked: Promise<Engines> | undefined
  readonly #startedAt = performance.now()

  constructor(
    private readonly db: Handle,
    private readonly questdb: QuestDbClient,
    private readonly version: string,
    private readonly phase: () => { readonly starting: boolean; readonly draining: boolean },
  ) {}

  async health() {
    const { postgres, questdb } = await this.#engines()
    return {
      status: postgres.status === 'up' && questdb.status === 'up' ? 'healthy' : 'degraded',
      timestamp: new Date().toISOString(),
      uptime: Math.floor((performance.now() - this.#startedAt) / 1000),
      version: this.version,
      postgres,
      questdb,
    }
  }

  /** @throws DomainError when an engine does not answer or the server is stopping */
  async ready() {
    const { starting, draining } = this.phase()
    if (draining) throw new DomainError('DRAINING', 'this server is stopping; use another one')
    const { postgres, questdb } = await this.#engines()
    if (postgres.status === 'down')
      throw new DomainError('POSTGRES_UNAVAILABLE', 'PostgreSQL does not answer', { postgres, questdb })
    if (starting) throw new DomainError('POSTGRES_UNAVAILABLE', 'the server is starting', { postgres, questdb })
    if (questdb.status === 'down')
      throw new DomainError('QUESTDB_UNAVAILABLE', 'QuestDB does not answer', { postgres, questdb })
    return { status: 'ready', postgres, questdb }
  }

  /** Asked once for all who want to know meanwhile: probes need no token, and must be no load on the engines. */
  #engines(): Promise<Engines> {
    this.#asked ??= this.#ping().finally(() => {
      this.#asked = undefined
    })
    return this.#asked
  }

  async #ping(): Promise<Engines> {
    const [postgres, questdb] = await Promise.all([
      timed(() => repository.ping(this.db)),
      timed(() => this.questdb.exec('select 1', { timeoutMs: PING_LIMIT_MS })),
    ])
    return { postgres, questdb }
  }
}

async function timed(ping: () => Promise<unknown>): Promise<EngineState> {
  const start = performance.now()
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('too late')), PING_LIMIT_MS)
  })
  try {
    await Promise.race([ping(), tooLate])
    return { status: 'up', latency_ms: Math.round((performance.now() - start) * 100) / 100 }
  } catch {
    return { status: 'down' }
  } finally {
    clearTimeout(timer)
  }
}
