/**
 * Events as they happen. The stream is read with fetch, which can send the token; so no ticket is needed, in browsers neither.
 * After a cut the reader connects again and goes on after the last event it has given out: none is missed, none comes twice.
 */
import type { Stage1 } from './client.js'
import { Stage1Error, succeeded } from './problem.js'
import { sleep } from './retry.js'

export interface Stage1Event {
  readonly event_id: number
  readonly topic: string
  readonly type: string
  readonly subject: string
  readonly job_id: string | null
  readonly created_at: string
  readonly data: Readonly<Record<string, unknown>>
}

/** Events after the number that was asked for are no longer kept: what is shown must be loaded anew. What still is kept follows. */
export interface EventsLost {
  readonly type: 'events.lost'
  readonly data: { readonly since: number; readonly oldest_event_id: number }
}

export interface EventsOptions {
  readonly topics?: readonly ('jobs' | 'datasets' | 'runs' | 'simulations')[]
  readonly jobId?: string
  /** Begin after the event with this number; 0 begins with the oldest that is kept. Without it, now. */
  readonly since?: number
  readonly signal?: AbortSignal
  /** Told when the stream stands: from then on everything that happens will come. */
  readonly onOpen?: () => void
}

const RECONNECT_MS = 1000
/** A comment comes every 15 s; a line that is silent for so long is dead. */
const SILENCE_MS = 45_000

/**
 * Goes on until the signal ends it or the loop is left, however long the server is away.
 * @throws Stage1Error when the server refuses the stream, Error when the answer is no stream, and what fails before a request is sent
 */
export async function* events(client: Stage1, options: EventsOptions = {}): AsyncGenerator<Stage1Event | EventsLost> {
  let last = options.since
  const url = urlOf(client, options)
  for (;;) {
    const cut = new AbortController()
    const signal = options.signal ? AbortSignal.any([options.signal, cut.signal]) : cut.signal
    let pause = RECONNECT_MS
    try {
      const response = await open(client, url, last, signal)
      options.onOpen?.()
      for await (const block of blocks(response, cut)) {
        if (block.id !== undefined) last = Number(block.id)
        if (block.data !== undefined) yield told(block.event, JSON.parse(block.data))
      }
    } catch (error) {
      if (options.signal?.aborted) return
      // A silent line was cut here.
      if (!cut.signal.aborted && !passes(error)) throw error
      if (error instanceof Stage1Error) pause = Math.max(pause, (error.retryAfter ?? 0) * 1000)
    } finally {
      cut.abort()
    }
    await sleep(pause, options.signal).catch(() => {})
    if (options.signal?.aborted) return
  }
}

/** Whether the stream may stand the next time; fetch says TypeError of a connection that breaks. */
function passes(error: unknown): boolean {
  if (error instanceof Stage1Error) return error.status >= 500 || error.status === 429
  return error instanceof TypeError
}

function urlOf(client: Stage1, { topics, jobId }: EventsOptions): URL {
  const url = new URL('/api/events', client.baseUrl)
  if (topics) url.searchParams.set('topics', topics.join(','))
  if (jobId) url.searchParams.set('job_id', jobId)
  return url
}

async function open(client: Stage1, url: URL, since: number | undefined, signal: AbortSignal): Promise<Response> {
  if (since !== undefined) url.searchParams.set('since', String(since))
  const request = new Request(url, { headers: { Accept: 'text/event-stream' }, signal })
  const response = await succeeded(await client.send(request))
  const media = response.headers.get('content-type') ?? 'nothing'
  if (!media.startsWith('text/event-stream')) throw new Error(`${url.origin} answers ${media} where events should be`)
  return response
}

function told(type: string | undefined, data: unknown): Stage1Event | EventsLost {
  return type === 'events.lost' ? { type, data: data as EventsLost['data'] } : (data as Stage1Event)
}

interface Block {
  readonly id: string | undefined
  readonly event: string | undefined
  readonly data: string | undefined
}

async function* blocks(response: Response, cut: AbortController): AsyncGenerator<Block> {
  const text = (response.body as ReadableStream<Uint8Array<ArrayBuffer>>).pipeThrough(new TextDecoderStream())
  const reader = text.getReader()
  let rest = ''
  for (;;) {
    const silence = setTimeout(() => cut.abort(), SILENCE_MS)
    const { value, done } = await reader.read().finally(() => clearTimeout(silence))
    if (done) return
    const whole = (rest + value).split('\n\n')
    rest = whole.pop() as string
    for (const text of whole) yield { id: field(text, 'id'), event: field(text, 'event'), data: field(text, 'data') }
  }
}

function field(block: string, name: string): string | undefined {
  const line = block.split('\n').find((text) => text.startsWith(`${name}:`))
  return line?.slice(name.length + 1).trimStart()
}
