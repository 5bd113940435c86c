import type { Readable } from 'node:stream'
import { DomainError } from '../errors.js'

/**
 * The stream's chunks until the signal ends, whose reason is then thrown. The stream is left open: it is a request whose client
 * is still to be answered.
 */
export async function* chunksUntil(stream: Readable, signal: AbortSignal): AsyncGenerator<Buffer> {
  const chunks = stream.iterator({ destroyOnReturn: false })
  let end = () => {}
  const aborted = new Promise<never>((_, reject) => {
    end = () => reject(signal.reason)
    signal.addEventListener('abort', end, { once: true })
  })
  aborted.catch(() => {})
  try {
    signal.throwIfAborted()
    for (;;) {
      const next = await Promise.race([chunks.next(), aborted])
      if (next.done) return
      yield next.value
    }
  } catch (error) {
    signal.throwIfAborted()
    throw stream.destroyed && !(error instanceof DomainError)
      ? new DomainError('CANCELLED', 'the client has left')
      : error
  } finally {
    signal.removeEventListener('abort', end)
  }
}
