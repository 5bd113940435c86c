import { once } from 'node:events'
import type { Readable, Transform } from 'node:stream'
import { brokenConnection, unavailable } from './failures.js'

/**
 * Sends an answer of QuestDB on through `out`, as fast as it is read. Resolves with `out` when its first bytes (or
 * its end) are there, so that whatever goes wrong before them is a rejection; later `out` is destroyed with the error
 * and never ends as if it were whole. Destroying `out` closes the connection to QuestDB, which ends the query.
 *
 * @param explain turns the error of a broken transfer into the one to report
 */
export async function relay(
  upstream: Readable,
  out: Transform,
  explain: (error: unknown) => unknown = brokenConnection,
): Promise<Readable> {
  // Whoever reads learns of the error; without a listener, one that comes before the reader would end the process.
  out.on('error', () => {})
  upstream.on('error', (error) => out.destroy(explain(error) as Error))
  upstream.on('close', () => {
    if (!upstream.readableEnded) out.destroy(unavailable('QuestDB ended the transfer before its end.'))
  })
  out.on('close', () => upstream.destroy())
  upstream.pipe(out)
  await once(out, 'readable')
  return out
}
