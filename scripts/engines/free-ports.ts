import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/**
 * Below the range from which systems hand out ports by themselves (from 32768 up on Linux), so that no connection and
 * no server on port 0 takes the port between this look and the engine's start.
 */
const LOWEST = 20_000
const HIGHEST = 32_000
const TRIES = 100

/** Different ports of 127.0.0.1 that nothing listens on. */
export async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>()
  for (let tries = 0; found.size < count && tries < TRIES; tries++) {
    const port = randomInt(LOWEST, HIGHEST)
    if (await isFree(port)) found.add(port)
  }
  if (found.size < count) throw new Error(`found no free port between ${LOWEST} and ${HIGHEST}`)
  return [...found]
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
