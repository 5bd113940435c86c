/** An HTTP proxy before QuestDB in which a request is overtaken by the next one of its kind, if that is sent without waiting for it. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export interface OvertakingProxy {
  readonly url: string
  /** The next request of the kind waits until another one has been answered, or for this long. */
  holdNext(ms: number): void
  stop(): Promise<void>
}

/** @param ofKind tells the requests that are held back from all others */
export async function startOvertakingProxy(
  engineUrl: string,
  ofKind: (request: IncomingMessage) => boolean,
): Promise<OvertakingProxy> {
  const target = new URL(engineUrl)
  let holdMs = 0
  let overtaken = () => {}

  const server = createServer(async (near, answer) => {
    try {
      if (!ofKind(near)) return await pass(near, answer)
      if (holdMs === 0) {
        await pass(near, answer)
        return overtaken()
      }
      const limit = holdMs
      holdMs = 0
      await Promise.race([
        sleep(limit),
        new Promise<void>((resolve) => {
          overtaken = resolve
        }),
      ])
      await pass(near, answer)
    } catch {
      answer.destroy()
    }
  })

  async function pass(near: IncomingMessage, answer: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/', headers } = near
    const far = request({ hostname: target.hostname, port: target.port, method, path: url, headers })
    if (near.destroyed) far.end()
    else near.pipe(far)
    const [response] = (await once(far, 'response')) as [IncomingMessage]
    answer.writeHead(response.statusCode ?? 502, response.headers)
    // Whoever asked may have left while the request was held.
    if (answer.destroyed) return void response.resume()
    response.pipe(answer)
    await once(answer, 'close')
  }

  await once(server.listen(0, '127.0.0.1'), 'listening')
  const own = new URL(engineUrl)
  own.hostname = '127.0.0.1'
  own.port = String((server.address() as AddressInfo).port)
  return {
    url: own.href.replace(/\/$/, ''),
    holdNext(ms) {
      holdMs = ms
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}
