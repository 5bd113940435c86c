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
    const response = await fetch(this.url + path, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(this.token === '' ? {} : { 'x-stage1-token': this.token }),
        ...headers,
      },
      body,
      signal: this.signal,
    })
    const text = await response.text()
    if (!response.ok && response.status !== 304) throw new ApiError(refusal(method, path, response.status, text))
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true
    return {
      status: response.status,
      headers: response.headers,
      body: (isJson ? JSON.parse(text) : text) as T,
      bytesSent: body === null ? 0 : Buffer.byteLength(body),
      bytesReceived: Buffer.byteLength(text),
    }
  }
}

function refusal(method: string, path: string, status: number, text: string): string {
  try {
    const { code, message } = JSON.parse(text) as { code: string; message: string }
    return `${method} ${path} answered ${status} ${code}: ${message}`
  } catch {
    return `${method} ${path} answered ${status}: ${text.slice(0, 500)}`
  }
}
