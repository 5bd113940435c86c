/**
 * A client with a list of servers, as a load balancer or a careful client has one: connections are kept alive, and a request that a
 * server turns away (503), refuses to take, or drops before its answer is sent to the next. A POST carries an Idempotency-Key, so that it
 * may be sent again.
 */
import { randomUUID } from 'node:crypto'
import { Agent, type IncomingMessage, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Answered {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly json: unknown
  /** The server that answered. */
  readonly url: string
}

const ROUNDS = 40
const PAUSE_MS = 50

export class RetryingClient {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 8 })
  /** Requests that were sent to another server than the first. */
  passedOn = 0

  constructor(
    private readonly urls: readonly string[],
    private readonly token: string,
  ) {}

  /** @throws when no server has answered with anything but 503 for two seconds */
  async send(method: string, path: string, json?: unknown): Promise<Answered> {
    const key = randomUUID()
    for (let round = 0; round < ROUNDS; round++) {
      for (const url of this.urls) {
        const answered = await this.#once(url, method, path, json, key).catch(() => undefined)
        if (answered && answered.status !== 503) return answered
        this.passedOn++
      }
      await sleep(PAUSE_MS)
    }
    throw new Error(`no server answers ${method} ${path}`)
  }

  close(): void {
    this.#agent.destroy()
  }

  #once(url: string, method: string, path: string, json: unknown, key: string): Promise<Answered> {
    const body = json === undefined ? undefined : JSON.stringify(json)
    return new Promise((resolve, reject) => {
      const headers = {
        'x-stage1-token': this.token,
        ...(body === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), 'idempotency-key': key }),
      }
      const sent = request(url + path, { method, agent: this.#agent, headers }, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (piece) => {
          text += piece
        })
        response.on('error', reject)
        response.on('end', () => {
          const answered = { status: response.statusCode ?? 0, headers: response.headers, url }
          resolve({ ...answered, json: text === '' ? undefined : JSON.parse(text) })
        })
      })
      sent.on('error', reject)
      sent.end(body)
    })
  }
}
