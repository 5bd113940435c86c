/** A proxy before QuestDB that answers in its place: with errors, with what is not QuestDB's, with half of an answer, or not at all. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export const SICKNESSES = {
  'answers 500': (response: ServerResponse) => response.writeHead(500).end('{"error":"out of memory"}'),
  'is another program, which answers 200 with HTML': (response: ServerResponse) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Welcome to /srv/www</html>'),
  'breaks off in the middle of an answer': (response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'application/json' }).write('{"columns":[{"na')
    setTimeout(() => response.destroy(), 20)
  },
  'says nothing': () => {},
} as const

export type Sickness = keyof typeof SICKNESSES

export interface SickQuestdb {
  readonly url: string
  /** Plays the sickness for paths that begin so, until `cure`. */
  fall(sickness: Sickness, paths?: string): void
  cure(): void
  stop(): Promise<void>
}

export async function sickQuestdb(engineUrl: string): Promise<SickQuestdb> {
  const target = new URL(engineUrl)
  let playing: { readonly sickness: Sickness; readonly paths: string } | undefined
  const pass = (from: IncomingMessage, to: ServerResponse) => {
    const { hostname, port } = target
    const sent = request({ hostname, port, method: from.method, path: from.url, headers: from.headers }, (answer) => {
      to.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(to)
      answer.on('error', () => to.destroy())
    })
    sent.on('error', () => to.destroy())
    to.on('close', () => sent.destroy())
    from.pipe(sent)
  }
  const server = createServer((from, to) => {
    if (playing === undefined || !from.url?.startsWith(playing.paths)) return pass(from, to)
    from.resume()
    SICKNESSES[playing.sickness](to)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const own = new URL(engineUrl)
  own.hostname = '127.0.0.1'
  own.port = String((server.address() as AddressInfo).port)
  return {
    url: own.href.replace(/\/$/, ''),
    fall(sickness, paths = '/') {
      playing = { sickness, paths }
    },
    cure() {
      playing = undefined
      // What was told nothing is told that the connection is over.
      server.closeAllConnections()
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}
