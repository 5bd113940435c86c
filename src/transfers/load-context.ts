import type { QuestDbClient } from '../questdb/client.js'
import type { LoadProgress } from './load-plan.js'
import type { Relay } from './relay.js'

/** What a load works with, in the thread that runs it. */
export interface LoadContext {
  readonly client: QuestDbClient
  readonly questdbUrl: string
  /** How long QuestDB may take for one call. */
  readonly questdbTimeoutMs: number
  /** Undefined where no folder is shared with QuestDB. */
  readonly relay: Relay | undefined
  readonly signal: AbortSignal
  readonly onProgress: (progress: LoadProgress) => void
  /** To be awaited before rows are sent to the measurement itself; when it throws, they are not. */
  readonly beforeEffect: () => Promise<void>
}
