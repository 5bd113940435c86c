/** The client: every operation of the contract, typed, with the token, tries and errors taken care of. */
import createClient, { type Client } from 'openapi-fetch'
import type { components, paths } from './api.js'
import { stage1Error } from './problem.js'
import { type Fetch, type RetryOptions, retrying, type Send } from './retry.js'

export type Schemas = components['schemas']

export interface Stage1Options {
  /** Where the server is, e.g. `http://127.0.0.1:8080`; no path. */
  readonly baseUrl: string
  /** What `POST /api/auth/token` gave, or whoever keeps it. */
  readonly token?: string | (() => string | Promise<string>)
  readonly retry?: RetryOptions
  /** In the place of the platform's own. */
  readonly fetch?: Fetch
}

export interface Stage1 {
  /** `api.GET('/api/runs', { params: { query: { limit: 10 } } })`: paths, parameters, bodies and answers are those of the contract. */
  readonly api: Client<paths>
  /** Sends a request by hand: with the token, and tried again like all others. */
  readonly send: Send
  readonly baseUrl: string
}

/** A client of one server. Answers outside 2xx are thrown as `Stage1Error`. */
export function stage1({
  baseUrl,
  token,
  retry,
  fetch = (request) => globalThis.fetch(request),
}: Stage1Options): Stage1 {
  const tried = retrying(fetch, retry)
  const send: Send = async (request, how) => {
    const held = typeof token === 'function' ? await token() : token
    if (held !== undefined && !request.headers.has('X-Stage1-Token')) request.headers.set('X-Stage1-Token', held)
    return tried(request, how)
  }
  const api = createClient<paths>({ baseUrl, fetch: (request) => send(request) })
  api.use({
    async onResponse({ response }) {
      if (response.ok || response.status === 304) return undefined
      throw stage1Error(
        response,
        await response
          .clone()
          .json()
          .catch(() => undefined),
      )
    },
  })
  return { api, send, baseUrl }
}

/** The data of an answer that has some. @throws Error when it has none, as a 304 */
export function dataOf<T>(answer: { readonly data?: T; readonly response: Response }): T {
  if (answer.data === undefined) throw new Error(`the server answered ${answer.response.status} without data`)
  return answer.data
}
