import { Readable } from 'node:stream'
import { Pool } from 'undici'
import { DomainError, diskFull } from '../errors.js'
import { engineAddress } from './address.js'
import { bounded, brokenConnection, tellsOfFullDisk, unavailable, wrongCredentials } from './failures.js'
import { untilStored } from './retry.js'

/**
 * Sends encoded lines to one table over connections of its own: one writer a load, never one for all.
 *
 * QuestDB keeps a writer per connection and table, and when the table is dropped it goes on acknowledging rows on
 * that connection and throws them away, even after the table was created again. Fresh connections are the only cure.
 *
 * Promises: lines are gathered to requests of 16 MB (each is a commit, and fewer commits are up to twice as fast as
 * many); a request is stored whole or not at all; at most two are under way, and `send` waits for a place, so the
 * encoder is as slow as QuestDB; a request that meets a sick engine or a broken connection is sent again for 20 s,
 * which is safe because every table has deduplication. An acknowledged row is durable in the write-ahead log
 * and not yet visible: waitUntilVisible (visibility.ts) is the next step. Two requests under way may be stored in
 * either order, so of two rows with the same key in one load either may win, unless the load is `ordered`: then one
 * request is under way at a time, and one whose answer was lost ends the load, because its first copy may still be
 * stored after requests that came later.
 *
 * Fails with QUESTDB_REFUSED (the engine's text, `row` in the frame and `line` in the request), QUESTDB_UNAVAILABLE, INSUFFICIENT_STORAGE or
 * the signal's reason. After the first failure nothing more is sent; what other requests stored stays stored.
 */
export interface WriterOptions {
  readonly signal?: AbortSignal | undefined
  /** How long one request is tried again after its first failure; 20 s. */
  readonly retryBudgetMs?: number
  /** How long QuestDB may think about a request that it has received; 60 s. */
  readonly answerTimeoutMs?: number
  /** How many requests are under way at once; 2. */
  readonly maxInFlight?: number
  /** Of two rows with the same key the later one stays, whatever requests they travel in; slower. */
  readonly ordered?: boolean
  /** How many bytes are gathered before they are sent as one request; 16 MB. */
  readonly requestBytes?: number
}

interface Request {
  readonly chunks: readonly Buffer[]
  /** Place of the first line in the frame, where the caller told it. */
  readonly firstRow: number | undefined
}

export class LineWriter {
  readonly #pool: Pool
  readonly #headers: Readonly<Record<string, string>>
  readonly #retry: { readonly budgetMs?: number }
  readonly #maxInFlight: number
  readonly #requestBytes: number
  readonly #ordered: boolean
  readonly #outer: AbortSignal | undefined
  readonly #stop = new AbortController()
  readonly #onAbort = () => this.#fail(this.#outer?.reason)
  readonly #inFlight = new Set<Promise<void>>()
  #gathered: Buffer[] = []
  #gatheredBytes = 0
  #gatheredFrom: number | undefined
  #failure: { readonly error: unknown } | undefined

  /** `url` is http(s)://user:password@host:port. */
  constructor(url: string, options: WriterOptions = {}) {
    const { origin, headers } = engineAddress(url)
    this.#headers = { ...headers, 'content-type': 'text/plain' }
    this.#retry = options.retryBudgetMs === undefined ? {} : { budgetMs: options.retryBudgetMs }
    this.#ordered = options.ordered ?? false
    this.#maxInFlight = this.#ordered ? 1 : (options.maxInFlight ?? 2)
    this.#requestBytes = options.requestBytes ?? 16 * 1024 * 1024
    this.#outer = options.signal
    this.#pool = new Pool(origin, {
      connections: this.#maxInFlight,
      connect: { timeout: 3_000 },
      headersTimeout: options.answerTimeoutMs ?? 60_000,
    })
    if (this.#outer?.aborted) this.#onAbort()
    else this.#outer?.addEventListener('abort', this.#onAbort, { once: true })
  }

  /**
   * Takes whole lines; returns when there is room for more, not when they are stored. The bytes must not change
   * until `finish`. `firstRow` is the place of the first line in the frame, for errors; the next call's lines are
   * taken to follow on.
   */
  async send(bytes: Buffer, firstRow?: number): Promise<void> {
    this.#throwFailure()
    if (this.#gathered.length === 0) this.#gatheredFrom = firstRow
    this.#gathered.push(bytes)
    this.#gatheredBytes += bytes.length
    if (this.#gatheredBytes >= this.#requestBytes) await this.#sendGathered()
  }

  /** Sends all chunks as one request, so that QuestDB stores all of their lines or none; returns when it has. */
  async sendAtomic(chunks: readonly Buffer[], firstRow?: number): Promise<void> {
    if (chunks.some((chunk) => chunk.length > 0)) await (await this.#begin({ chunks, firstRow })).stored
    this.#throwFailure()
  }

  /** Sends the rest, waits until everything is stored and closes the connections; throws the first failure. */
  async finish(): Promise<void> {
    try {
      await this.#sendGathered()
      await Promise.all(this.#inFlight)
    } finally {
      await this.close()
    }
    this.#throwFailure()
  }

  /** Gives up what is under way (QuestDB may still store it) and closes the connections. */
  async close(): Promise<void> {
    this.#outer?.removeEventListener('abort', this.#onAbort)
    if (this.#inFlight.size > 0) this.#fail(unavailable('The load was ended by this server.'))
    await this.#pool.destroy()
  }

  async #sendGathered(): Promise<void> {
    const request = { chunks: this.#gathered, firstRow: this.#gatheredFrom }
    this.#gathered = []
    this.#gatheredBytes = 0
    if (request.chunks.length > 0) await this.#begin(request)
  }

  async #begin(request: Request): Promise<{ stored: Promise<void> }> {
    while (this.#inFlight.size >= this.#maxInFlight) await Promise.race(this.#inFlight)
    this.#throwFailure()
    const stored = untilStored(() => this.#attempt(request), { ...this.#retry, signal: this.#stop.signal })
      .catch((error: unknown) => this.#fail(error))
      .finally(() => this.#inFlight.delete(stored))
    this.#inFlight.add(stored)
    return { stored }
  }

  /** One try: undefined when stored, an error that may pass when tried again, or a throw for one that will not. */
  async #attempt({ chunks, firstRow }: Request): Promise<DomainError | undefined> {
    let status: number
    let text: string
    try {
      const answer = await this.#pool.request({
        method: 'POST',
        path: '/write?precision=us',
        headers: { ...this.#headers, 'content-length': String(chunks.reduce((sum, { length }) => sum + length, 0)) },
        body: chunks.length === 1 ? chunks[0]! : Readable.from(chunks, { objectMode: false }),
        signal: this.#stop.signal,
      })
      status = answer.statusCode
      text = await answer.body.text()
    } catch (error) {
      if (this.#stop.signal.aborted) throw error
      const broken = brokenConnection(error)
      if (this.#ordered) throw broken
      return broken
    }
    if (status === 204) return undefined
    // Trying again for twenty seconds makes no room.
    if (tellsOfFullDisk(text)) throw diskFull('QuestDB')
    if (status >= 500) return sick(status, text)
    throw refusedLines(status, text, firstRow)
  }

  #fail(error: unknown): void {
    this.#failure ??= { error }
    this.#stop.abort(error)
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error
  }
}

function sick(status: number, text: string): DomainError {
  return unavailable(`QuestDB could not store the rows (${status}).`, { status, text: bounded(text) })
}

function refusedLines(status: number, body: string, firstRow: number | undefined): DomainError {
  if (status === 401 || status === 403) return wrongCredentials()
  const told = status === 400 ? toldBy(body) : undefined
  if (told === undefined) return sick(status, body)
  const text = bounded(told.message.replace(/^failed to parse line protocol:errors encountered on line\(s\):\n/, ''))
  const column = /column: (.+?)(?:; | does not exist)/.exec(text)?.[1]
  const details = {
    text,
    ...(told.line !== undefined && { line: told.line }),
    ...(told.line !== undefined && firstRow !== undefined && { row: firstRow + told.line - 1 }),
    ...(column !== undefined && { column }),
  }
  return new DomainError('QUESTDB_REFUSED', `QuestDB refused the rows: ${text}`, details)
}

function toldBy(body: string): { message: string; line?: number } | undefined {
  try {
    const { message, line } = JSON.parse(body) as { message?: unknown; line?: unknown }
    if (typeof message !== 'string') return undefined
    return Number.isInteger(line) ? { message, line: line as number } : { message }
  } catch {
    return undefined
  }
}
