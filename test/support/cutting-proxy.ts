/** A TCP proxy before an engine that can play the engine's faults: gone, frozen, or gone without a word. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface CuttingProxy {
  /** The engine's URL with the proxy's address in it. */
  readonly url: string
  /** Breaks all connections and refuses new ones, as a process that was killed. */
  cut(): Promise<void>
  /** Keeps all connections and takes new ones, but passes nothing on, as a process that was stopped. */
  freeze(): void
  /** The connections of now are never heard of again, as behind a lost network path; new ones work. */
  strand(): void
  /** Ends a cut or a freeze. */
  restore(): Promise<void>
  stop(): Promise<void>
}

export async function startProxy(engineUrl: string): Promise<CuttingProxy> {
  const target = new URL(engineUrl)
  const pairs = new Set<readonly [Socket, Socket]>()
  const stranded = new Set<Socket>()
  let frozen = false

  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname)
    const pair = [near, far] as const
    pairs.add(pair)
    forward(near, far)
    forward(far, near)
    if (frozen) for (const socket of pair) socket.pause()
  })

  function forward(from: Socket, to: Socket): void {
    from.on('data', (chunk) => {
      if (!to.write(chunk)) from.pause()
    })
    to.on('drain', () => frozen || stranded.has(from) || from.resume())
    from.on('end', () => to.end())
    from.on('error', () => to.destroy())
    from.on('close', () => {
      to.destroy()
      for (const pair of pairs) if (pair.includes(from)) pairs.delete(pair)
    })
  }

  const listen = (port: number) => once(server.listen(port, '127.0.0.1'), 'listening')
  const reset = () => {
    for (const socket of [...pairs].flat()) socket.resetAndDestroy()
    for (const socket of stranded) socket.resetAndDestroy()
    stranded.clear()
  }
  await listen(0)
  const { port } = server.address() as AddressInfo
  const own = new URL(engineUrl)
  own.hostname = '127.0.0.1'
  own.port = String(port)

  return {
    url: own.href.replace(/\/$/, ''),
    async cut() {
      if (!server.listening) return
      const closed = once(server, 'close')
      server.close()
      reset()
      await closed
    },
    freeze() {
      frozen = true
      for (const pair of pairs) for (const socket of pair) socket.pause()
    },
    strand() {
      for (const pair of pairs) {
        for (const socket of pair) stranded.add(socket.pause())
        pairs.delete(pair)
      }
    },
    async restore() {
      frozen = false
      for (const pair of pairs) for (const socket of pair) socket.resume()
      if (!server.listening) await listen(port)
    },
    async stop() {
      reset()
      if (server.listening) await new Promise((done) => server.close(done))
    },
  }
}
