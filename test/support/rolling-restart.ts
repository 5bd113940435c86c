/** Two servers on ports of their own, replaced one after the other while clients work and listen: what the short and the long test share. */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePorts } from '../../scripts/engines/free-ports.js'
import { ownEngines } from './engines.js'
import { type HeardStream, listen } from './event-stream.js'
import { eventually } from './eventually.js'
import { ownSimulation } from './fixtures.js'
import { RetryingClient } from './retrying-client.js'
import { SHARED_SECRET, TestClient, testEnvironment } from './server.js'
import { type Ended, startProcess } from './server-process.js'
import { asAdmin } from './template.js'

const CLIENTS = 4
const LISTENERS = 4

export interface RollingCounts {
  readonly requests: number
  readonly failed: readonly string[]
  /** Requests that were sent to the other server. */
  readonly passedOn: number
  readonly restarts: number
  readonly ends: readonly Ended[]
  /** Saves that were acknowledged, and those that are stored. */
  readonly saved: number
  readonly stored: number
  /** Events that the table has, and for each listener the numbers that it was told. */
  readonly events: readonly number[]
  readonly heard: readonly (readonly number[])[]
}

/** Sends so many requests while the servers are replaced in turn, without a pause. */
export async function rollingRestart(requests: number): Promise<RollingCounts> {
  const engines = await ownEngines()
  const spool = mkdtempSync(join(tmpdir(), 'stage1-test-spool-'))
  const ports = await freePorts(2)
  const many = '1000000'
  const start = (port: number) =>
    startProcess(
      testEnvironment(engines, spool, {
        settings: {
          STAGE1_SERVER_PORT: String(port),
          STAGE1_LIMITS_ADDRESS_PER_MINUTE: many,
          STAGE1_LIMITS_TOKEN_PER_MINUTE: many,
        },
      }),
    )
  const servers = await Promise.all(ports.map(start))
  const urls = servers.map(({ url }) => url)
  const issued = await new TestClient(urls[0] as string, '').post('/api/auth/token', { secret: SHARED_SECRET })
  const { token } = issued.json as { token: string }
  const listeners = Array.from(
    { length: LISTENERS },
    (_, i) => new Listening(i % 2 ? urls : [...urls].reverse(), token),
  )
  const failed: string[] = []
  const saved: string[] = []
  let sent = 0
  const clients = Array.from(
    { length: CLIENTS },
    (_, i) => new RetryingClient(i % 2 ? urls : [...urls].reverse(), token),
  )
  try {
    await Promise.all(listeners.map((one) => one.ready))
    const work = async (client: RetryingClient) => {
      while (sent < requests) {
        const n = sent++
        const body = n % 5 === 0 ? ownSimulation(2, { simulation_id: randomUUID() }) : undefined
        const answered = body
          ? await client.send('POST', '/api/simulations', body).catch(told)
          : await client.send('GET', n % 5 === 1 ? '/api/datasets' : '/api/jobs').catch(told)
        if (answered instanceof Error || answered.status >= 300) failed.push(`${n}: ${JSON.stringify(answered)}`)
        else if (body) saved.push(body.simulation_id)
      }
    }
    const working = Promise.all(clients.map(work))
    const ends: Ended[] = []
    let restarts = 0
    do {
      for (const [i, port] of ports.entries()) {
        ends.push(await (servers[i] as (typeof servers)[number]).terminate())
        servers[i] = await start(port)
        restarts++
      }
    } while (sent < requests)
    await working
    const { stored, events } = await asAdmin(engines.postgresUrl, async (admin) => {
      const found = await admin.query('select from simulation_runs where simulation_id = any($1)', [saved])
      const { rows } = await admin.query<{ event_id: string }>('select event_id from stage1_events order by event_id')
      return { stored: found.rows.length, events: rows.map((row) => Number(row.event_id)) }
    })
    await eventually('all has been heard', () =>
      listeners.every(({ numbers }) => numbers.at(-1) === events.at(-1)),
    ).catch(() => {})
    const passedOn = clients.reduce((sum, client) => sum + client.passedOn, 0)
    const heard = listeners.map(({ numbers }) => numbers)
    return { requests: sent, failed, passedOn, restarts, ends, saved: saved.length, stored, events, heard }
  } finally {
    for (const one of listeners) one.leave()
    for (const client of clients) client.close()
    for (const server of servers) await server.kill()
    await engines.release()
    rmSync(spool, { recursive: true, force: true })
  }
}

function told(error: unknown): Error {
  return error as Error
}

/** A listener that comes back with the last id that it has got, to whichever server takes it. */
class Listening {
  readonly ready: Promise<void>
  readonly #before: number[] = []
  #stream: HeardStream | undefined
  #left = false

  constructor(
    private readonly urls: readonly string[],
    private readonly token: string,
  ) {
    let begin = () => {}
    this.ready = new Promise((resolve) => {
      begin = resolve
    })
    void this.#run(begin)
  }

  get numbers(): number[] {
    return [...this.#before, ...(this.#stream?.numbers ?? [])]
  }

  leave(): void {
    this.#left = true
    this.#stream?.leave()
  }

  async #run(begin: () => void): Promise<void> {
    for (let turn = 0, lastId = '0'; !this.#left; turn++) {
      const url = this.urls[turn % this.urls.length] as string
      const stream = await listen(url, this.token, '', { 'last-event-id': lastId }).catch(() => undefined)
      if (stream?.status === 200) {
        begin()
        this.#stream = stream
        if (!stream.response.closed) await new Promise((resolve) => stream.response.once('close', resolve))
        this.#before.push(...stream.numbers)
        this.#stream = undefined
        lastId = stream.lastId || lastId
      } else await sleep(50)
    }
  }
}
