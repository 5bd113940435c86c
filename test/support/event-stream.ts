/** Reads a stream of events as a client does: blocks by the rules of text/event-stream, the last id remembered. */
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { eventually } from './eventually.js'

export interface HeardEvent {
  readonly id: string
  readonly type: string
  readonly data: {
    readonly event_id: number
    readonly topic: string
    readonly type: string
    readonly subject: string
    readonly job_id: string | null
    readonly created_at: string
    readonly data: Record<string, unknown>
  }
}

export class HeardStream {
  readonly events: HeardEvent[] = []
  readonly comments: string[] = []
  lastId = ''
  ended = false
  #rest = ''

  constructor(
    readonly status: number,
    readonly headers: IncomingMessage['headers'],
    readonly response: IncomingMessage,
    private readonly sent: ClientRequest,
  ) {
    response.setEncoding('utf8')
    response.on('data', (text: string) => this.#take(text))
    response.on('end', () => {
      this.ended = true
    })
    response.on('error', () => {})
  }

  /** The numbers of what was heard. */
  get numbers(): number[] {
    return this.events.map(({ data }) => data.event_id)
  }

  /** Waits until so many events have come. */
  async atLeast(count: number): Promise<HeardEvent[]> {
    await eventually(`${count} events`, () => this.events.length >= count, 20_000)
    return this.events
  }

  leave(): void {
    this.sent.destroy()
  }

  #take(text: string): void {
    const blocks = (this.#rest + text).split('\n\n')
    this.#rest = blocks.pop() as string
    for (const block of blocks) this.#block(block.split('\n'))
  }

  #block(lines: readonly string[]): void {
    let type = 'message'
    const data: string[] = []
    for (const line of lines) {
      const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? []
      if (field === '') this.comments.push(value)
      if (field === 'id') this.lastId = value
      if (field === 'event') type = value
      if (field === 'data') data.push(value)
    }
    if (data.length > 0) this.events.push({ id: this.lastId, type, data: JSON.parse(data.join('\n')) })
  }
}

/** Opens a stream; resolves when its head, and of a success the first comment, have come. */
export async function listen(
  url: string,
  token: string,
  query = '',
  headers: Readonly<Record<string, string>> = {},
): Promise<HeardStream> {
  const own = token === '' ? {} : { 'x-stage1-token': token }
  const stream = await new Promise<HeardStream>((resolve, reject) => {
    const sent = request(`${url}/api/events${query}`, { agent: false, headers: { ...own, ...headers } }, (response) =>
      resolve(new HeardStream(response.statusCode ?? 0, response.headers, response, sent)),
    )
    sent.on('error', reject)
    sent.end()
  })
  if (stream.status === 200) await eventually('the first comment', () => stream.comments.length > 0, 2_000)
  return stream
}
