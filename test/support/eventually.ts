/** Waiting for what happens by itself: a job that ends, a server that recovers. */
import { setTimeout as sleep } from 'node:timers/promises'

/** Asks again and again until `check` gives something; fails with `what` and the last error when the time is over. */
export async function eventually<T>(
  what: string,
  check: () => Promise<T | undefined | false> | T | undefined | false,
  limitMs = 10_000,
): Promise<T> {
  const end = performance.now() + limitMs
  for (let last: unknown; ; await sleep(25)) {
    try {
      const found = await check()
      if (found !== undefined && found !== false) return found
    } catch (error) {
      last = error
    }
    if (performance.now() > end)
      throw new Error(`not within ${limitMs} ms: ${what}${last === undefined ? '' : `; last: ${last}`}`, {
        cause: last,
      })
  }
}
