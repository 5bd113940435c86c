/** The API as a client sees it: plain fetch, a token, JSON. */
import type { components } from '../../generated/api.js'

export type Schemas = components['schemas']

export interface Answer<T> {
  readonly status: number
  readonly headers: Headers
  /** Parsed for JSON media types, else the text; undefined for a 304. */
  readonly body: T
  readonly bytesSent: number
  readonly bytesReceived: number
}

export interface SendOptions {
  readonly json?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** The server refused a request that the demo needs; the message says which one and why. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
}

export class ApiClient {
  constructor(
    readonly url: string,
    private readonly signal: AbortSignal,
    private readonly token = '',
  ) {}

  withToken(token: string): ApiClient {
    return new ApiClient(this.url, this.signal, token)
  }

  async get<T>(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer<T>> {
    return this.#send<T>('GET', path, { headers })
  }

  async post<T>(path: string, json: unknown): Promise<Answer<T>> {
    return this.#send<T>('POST', path, { json })
  }

  /** @throws ApiError for any other status than 2xx and 304 */
  async #send<T>(method: string, path: string, { json, headers }: SendOptions): Promise<Answer<T>> {
    const body = json === undefined ? null : JSON.stringify(json)
    const { ok, status, headers: received, text } = await this.#exchange(method, path, body, headers)
    if (!ok && status !== 304) throw new ApiError(refusal(method, path, status, text))
    const isJson = received.get('content-type')?.startsWith('application/json') === true
    return {
      status,
      headers: received,
      body: (isJson ? JSON.parse(text) : text) as T,
      bytesSent: body === null ? 0 : Buffer.byteLength(body),
      bytesReceived: Buffer.byteLength(text),
    }
  }

  async #exchange(method: string, path: string, body: string | null, headers: SendOptions['headers']) {
    const own = {
      'content-type': 'application/json',
      ...(this.token === '' ? {} : { 'x-stage1-token': this.token }),
    }
    try {
      const response = await fetch(this.url + path, {
        method,
        headers: { ...own, ...headers },
        body,
        signal: this.signal,
      })
      return { ok: response.ok, status: response.status, headers: response.headers, text: await response.text() }
    } catch (error) {
      throw new ApiError(`${method} ${path} got no whole answer: ${reasonOf(error)}`)
    }
  }
}

/** `fetch` says only "fetch failed" and hides the reason in the error's cause. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as Error
  return cause instanceof Error ? reasonOf(cause) : message
}

function refusal(method: string, path: string, status: number, text: string): string {
  try {
    const { code, message } = JSON.parse(text) as { code: string; message: string }
    return `${method} ${path} answered ${status} ${code}: ${message}`
  } catch {
    return `${method} ${path} answered ${status}: ${text.slice(0, 500)}`
  }
}
