import { setTimeout as sleep } from 'node:timers/promises'
import type { DomainError } from '../errors.js'

export interface RetryOptions {
  /** How long it is tried again after the first failure; 20 s. */
  readonly budgetMs?: number
  readonly signal: AbortSignal
}

/**
 * Tries again while QuestDB is sick or away. Only for what may be done twice: rows for a table with deduplication.
 *
 * @param attempt returns undefined when it is done and a failure that may pass, and throws one that will not
 * @throws the last failure when the time is over, or the signal's reason
 */
export async function untilStored(
  attempt: () => Promise<DomainError | undefined>,
  { budgetMs = 20_000, signal }: RetryOptions,
): Promise<void> {
  let giveUpAt = Number.POSITIVE_INFINITY
  for (let pauseMs = 50; ; pauseMs = Math.min(pauseMs * 2, 1_000)) {
    const failure = await attempt()
    if (failure === undefined) return
    giveUpAt = Math.min(giveUpAt, performance.now() + budgetMs)
    if (performance.now() + pauseMs > giveUpAt) throw failure
    await sleep(pauseMs, undefined, { signal }).catch(() => signal.throwIfAborted())
  }
}
