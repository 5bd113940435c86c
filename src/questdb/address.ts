import { DomainError } from '../errors.js'

/** Where an engine answers and how to be let in; the credentials are kept apart so that no log shows them. */
export interface EngineAddress {
  readonly origin: string
  readonly headers: Readonly<Record<string, string>>
}

/** Reads `http(s)://user:password@host:port`; the credentials may be left out, a path is not taken. */
export function engineAddress(url: string): EngineAddress {
  const parsed = URL.parse(url)
  if (parsed === null || !/^https?:$/.test(parsed.protocol) || parsed.pathname !== '/') {
    throw new DomainError('INTERNAL', 'The address of QuestDB must look like http://user:password@host:9000.')
  }
  if (parsed.username === '') return { origin: parsed.origin, headers: {} }
  const credentials = `${decodeURIComponent(parsed.username)}:${decodeURIComponent(parsed.password)}`
  return {
    origin: parsed.origin,
    headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
  }
}
