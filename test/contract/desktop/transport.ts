/** Sends as the desktop's libcurl does. What it receives is held to the contract. */
import { Agent, type IncomingMessage, request } from 'node:http'
import { contractBreach } from '../../support/contract.js'

/** Above this libcurl asks for leave before it sends a body. */
const EXPECT_ABOVE_BYTES = 1024 * 1024

export interface DesktopAnswer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  /** What the desktop shows to its user when the status is none of success. */
  readonly text: string
  /** Whether the server asked for the body by a 100. */
  readonly continued: boolean
}

export class Desktop {
  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  get(path: string): Promise<DesktopAnswer> {
    return this.send('GET', path)
  }

  post(path: string, body: unknown): Promise<DesktopAnswer> {
    return this.send('POST', path, JSON.stringify(body))
  }

  /** A connection for this call alone, IPv4, the JSON content type on every method, the path as it is, no redirects. */
  async send(method: string, path: string, body?: string): Promise<DesktopAnswer> {
    const bytes = body === undefined ? undefined : Buffer.from(body)
    const { response, continued } = await this.exchange(method, path, bytes)
    const text = await wholeText(response)
    const status = response.statusCode as number
    if (response.headers['content-encoding'] !== undefined)
      throw new Error(`${path} came as ${response.headers['content-encoding']}, which the desktop did not ask for`)
    const media = (response.headers['content-type'] ?? '').split(';')[0] as string
    const json = /json$/.test(media) ? JSON.parse(text) : undefined
    const breach = contractBreach(method, path, { status, media, json })
    if (breach) throw new Error(`${breach}\n${text.slice(0, 1000)}`)
    return { status, headers: response.headers, text, continued }
  }

  private exchange(method: string, path: string, bytes: Buffer | undefined) {
    const { hostname, port } = new URL(this.url)
    const asksFirst = bytes !== undefined && bytes.length > EXPECT_ABOVE_BYTES
    return new Promise<{ response: IncomingMessage; continued: boolean }>((resolve, reject) => {
      let continued = false
      const sent = request(
        {
          agent: new Agent({ keepAlive: false }),
          family: 4,
          hostname,
          port,
          method,
          path,
          headers: {
            accept: '*/*',
            'content-type': 'application/json',
            ...(this.token ? { 'x-stage1-token': this.token } : {}),
            ...(bytes ? { 'content-length': bytes.length } : {}),
            ...(asksFirst ? { expect: '100-continue' } : {}),
          },
        },
        (response) => resolve({ response, continued }),
      )
      sent.once('error', reject)
      if (!asksFirst) sent.end(bytes)
      else {
        sent.flushHeaders()
        sent.once('continue', () => {
          continued = true
          sent.end(bytes)
        })
      }
    })
  }
}

async function wholeText(response: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of response) pieces.push(piece as Buffer)
  return Buffer.concat(pieces).toString('utf8')
}

export function isSuccess({ status }: DesktopAnswer): boolean {
  return status >= 200 && status < 300
}
