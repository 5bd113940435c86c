import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Dispatcher, Pool } from 'undici'
import { DomainError, isDomainError } from '../errors.js'
import { engineAddress } from './address.js'
import { Deadline } from './deadline.js'
import { brokenConnection, failedStatement, nonsense, refusedStatement, unavailable } from './failures.js'
import { statementPath } from './statement.js'

/**
 * QuestDB over its HTTP port: statements with small answers, and large answers as a stream of bytes.
 *
 * Promises: every failure is a DomainError that says who must act (failures.ts); longs keep all their digits;
 * an abort or a time limit closes the connection, which ends a running query in QuestDB within tens of milliseconds;
 * a stream is as slow as its reader. Redirects are not followed, and nothing is sent twice except an /exp that
 * was turned away with 429.
 *
 * It is not a guard: whatever SQL it is given runs. It never sends a Statement-Timeout header, because /exec
 * keeps the first one it sees for every later request on that server-side connection, whoever makes it.
 * An aborted DDL statement may still have been carried out.
 */
export interface ResultColumn {
  readonly name: string
  readonly type: string
  /** Of an ARRAY: what it holds, and in how many dimensions. */
  readonly elemType?: string
  readonly dim?: number
}

/** `dataset` holds rows of cells as JSON: LONG cells are text (all digits), timestamps ISO text, missing ones null. */
export interface ExecResult {
  readonly columns: readonly ResultColumn[]
  readonly dataset: readonly (readonly unknown[])[]
  readonly count: number
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined
  readonly timeoutMs?: number | undefined
}

export type PingResult =
  | { readonly ok: true; readonly latencyMs: number }
  | { readonly ok: false; readonly latencyMs: number; readonly reason: string }

export interface QueryStream {
  readonly headers: Dispatcher.ResponseData['headers']
  readonly body: Readable
}

const ANSWER_LIMIT = 64 * 1024 * 1024
const ERROR_LIMIT = 64 * 1024
const SIGN_OF_LIFE_MS = 500

export class QuestDbClient {
  readonly #headers: Readonly<Record<string, string>>
  readonly #timeoutMs: number
  readonly #statements: Pool
  // Of their own, so that clients who read slowly cannot hold up statements and health checks.
  readonly #streams: Pool

  /** `url` is http(s)://user:password@host:port; `timeoutMs` (60 s) limits each call that names no limit. */
  constructor(url: string, options: { timeoutMs?: number } = {}) {
    const { origin, headers } = engineAddress(url)
    const pool = { connect: { timeout: 3_000 }, headersTimeout: 0 }
    this.#headers = headers
    this.#timeoutMs = options.timeoutMs ?? 60_000
    this.#statements = new Pool(origin, { ...pool, connections: 32, bodyTimeout: 0 })
    this.#streams = new Pool(origin, { ...pool, connections: 64, bodyTimeout: 300_000 })
  }

  /**
   * Runs one statement and returns its whole (small) answer; DDL answers with no columns and no rows.
   * Fails with QUESTDB_REFUSED, QUESTDB_UNAVAILABLE, INSUFFICIENT_STORAGE, TIME_LIMIT or the signal's reason.
   */
  async exec(sql: string, options: CallOptions = {}): Promise<ExecResult> {
    return execResult(await this.#answer(statementPath('/exec', { query: sql, quoteLargeNum: 'true' }), options))
  }

  /**
   * What QuestDB takes a statement for, without running it: SELECT for all that answer with rows, else its own word
   * (UPDATE, INSERT AS SELECT, EXPLAIN, …). It is no guard by itself: it looks no further than a semicolon, and a few statements are
   * carried out. Fails like `exec`.
   */
  async kindOf(sql: string, options: CallOptions = {}): Promise<string> {
    const answer = await this.#validated(sql, options)
    return Array.isArray(answer.columns) ? 'SELECT' : String(answer.queryType)
  }

  /** The columns that a statement would answer with, without running it; undefined where QuestDB does not say. As `kindOf`. */
  async columnsOf(sql: string, options: CallOptions = {}): Promise<readonly ResultColumn[] | undefined> {
    const { columns } = await this.#validated(sql, options)
    return Array.isArray(columns) ? columns : undefined
  }

  /** Runs a statement whose answer is only that it was done. */
  async run(statement: string, options: CallOptions = {}): Promise<void> {
    await this.exec(statement, options)
  }

  /**
   * Starts a query and hands over its bytes as they come, once QuestDB has answered 200; `timeoutMs` limits the
   * wait for that, `signal` the whole transfer. Destroying the body ends the query. The body fails with
   * undici's own error, or the signal's reason, when the transfer breaks.
   */
  async stream(
    endpoint: '/exec' | '/exp',
    params: Readonly<Record<string, string>>,
    options: CallOptions = {},
  ): Promise<QueryStream> {
    const path = statementPath(endpoint, params)
    const deadline = new Deadline(options.timeoutMs ?? this.#timeoutMs, options.signal)
    try {
      const { headers, body } = await this.#getWhenFree(path, deadline.signal)
      deadline.stopClock()
      body.once('close', () => deadline.release())
      return { headers, body }
    } catch (error) {
      deadline.release()
      throw await this.#failure(error, deadline.signal, options.signal)
    }
  }

  /** Asks for an answer to `SELECT 1` within `timeoutMs`; never throws. */
  async ping(timeoutMs: number): Promise<PingResult> {
    const started = performance.now()
    const latencyMs = () => performance.now() - started
    try {
      await this.exec('SELECT 1', { timeoutMs })
      return { ok: true, latencyMs: latencyMs() }
    } catch (error) {
      return { ok: false, latencyMs: latencyMs(), reason: error instanceof Error ? error.message : String(error) }
    }
  }

  /** Ends all calls under way and closes the connections. */
  async close(): Promise<void> {
    const reason = unavailable('The connection to QuestDB was closed by this server.')
    await Promise.all([this.#statements.destroy(reason), this.#streams.destroy(reason)])
  }

  /** /exp has a fixed number of places and answers 429 when all are taken: worth waiting for, within the limit. */
  async #getWhenFree(path: string, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    let refused = false
    try {
      for (let pauseMs = 50; ; pauseMs = Math.min(pauseMs * 2, 1_000)) {
        const answer = await this.#get(this.#streams, path, signal)
        if (answer.statusCode === 200) return answer
        const text = await textOf(answer.body, ERROR_LIMIT)
        if (answer.statusCode !== 429) throw failedStatement(answer.statusCode, text)
        refused = true
        await sleep(pauseMs, undefined, { signal })
      }
    } catch (error) {
      if (!refused || !isDomainError(signal.reason, 'TIME_LIMIT')) throw error
      throw unavailable('All places for exports in QuestDB stayed taken; try again later.', { status: 429 })
    }
  }

  async #validated(sql: string, options: CallOptions): Promise<Record<string, unknown>> {
    return parsedAnswer(await this.#answer(statementPath('/api/v1/sql/validate', { query: sql }), options))
  }

  async #answer(path: string, options: CallOptions): Promise<string> {
    const deadline = new Deadline(options.timeoutMs ?? this.#timeoutMs, options.signal)
    try {
      const { statusCode, body } = await this.#get(this.#statements, path, deadline.signal)
      const text = await textOf(body, ANSWER_LIMIT)
      if (statusCode !== 200) throw failedStatement(statusCode, text)
      return text
    } catch (error) {
      throw await this.#failure(error, deadline.signal, options.signal)
    } finally {
      deadline.release()
    }
  }

  /** What ended a call. A statement that took too long is one thing, an engine that answers nothing any more another. */
  async #failure(error: unknown, signal: AbortSignal, caller: AbortSignal | undefined): Promise<unknown> {
    const failure = failureOf(error, signal)
    if (caller?.aborted || !isDomainError(failure, 'TIME_LIMIT') || (await this.#answers())) return failure
    return unavailable('QuestDB does not answer; try again shortly.')
  }

  async #answers(): Promise<boolean> {
    try {
      const path = statementPath('/exec', { query: 'SELECT 1' })
      const { body } = await this.#get(this.#statements, path, AbortSignal.timeout(SIGN_OF_LIFE_MS))
      await body.dump()
      return true
    } catch {
      return false
    }
  }

  #get(pool: Pool, path: string, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    return pool.request({ method: 'GET', path, headers: this.#headers, signal })
  }
}

/** Domain errors know what happened; of the rest, an abort explains whatever broke after it. */
function failureOf(error: unknown, signal: AbortSignal): unknown {
  return error instanceof DomainError || !signal.aborted ? brokenConnection(error) : signal.reason
}

async function textOf(body: Readable, limit: number): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    size += chunk.length
    if (size > limit) throw new DomainError('INTERNAL', `An answer of QuestDB is larger than ${limit} bytes.`)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function execResult(text: string): ExecResult {
  const answer = parsedAnswer(text)
  if (typeof answer.error === 'string') throw refusedStatement(answer.error)
  if (Array.isArray(answer.columns) && Array.isArray(answer.dataset)) {
    return { columns: answer.columns, dataset: answer.dataset, count: Number(answer.count) }
  }
  if (answer.ddl === 'OK' || answer.dml === 'OK') return { columns: [], dataset: [], count: 0 }
  throw nonsense(text)
}

function parsedAnswer(text: string): Record<string, unknown> {
  try {
    // The one character that QuestDB leaves unescaped in a VARCHAR cell.
    const answer: unknown = JSON.parse(text.replaceAll('\0', '\\u0000'))
    if (typeof answer === 'object' && answer !== null) return answer as Record<string, unknown>
  } catch {}
  throw nonsense(text)
}
