import { Redis } from 'ioredis'

/** A count that takes longer costs more than it is worth. */
const ANSWER_MS = 250
const CONNECT_MS = 2000
/** A Redis that was away is asked again after this long. */
const ASK_AGAIN_MS = 1000

/**
 * Counts of requests that all processes share, in Redis. It is asked only while it is there: whoever counts goes on by itself
 * meanwhile, and no request waits for a Redis that hangs more than once a second.
 */
export class SharedCounts {
  readonly redis: Redis
  #away = false
  #askAfter = 0

  /** @param onAway told once for each time that Redis goes away, or is not there from the start */
  constructor(
    url: string,
    private readonly onAway: (error: unknown) => void,
  ) {
    this.redis = new Redis(url, {
      connectTimeout: CONNECT_MS,
      commandTimeout: ANSWER_MS,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      retryStrategy: () => ASK_AGAIN_MS,
    })
    this.redis.on('error', (error) => this.lost(error))
  }

  /** Whether it is worth asking. */
  get isThere(): boolean {
    return this.redis.status === 'ready' && performance.now() >= this.#askAfter
  }

  /** To be told of a count that failed. */
  lost(error: unknown): void {
    this.#askAfter = performance.now() + ASK_AGAIN_MS
    if (this.#away) return
    this.#away = true
    this.onAway(error)
  }

  /** To be told of a count that was made. */
  found(): void {
    this.#away = false
  }

  close(): void {
    this.redis.disconnect()
  }
}
