import { isWellFormed } from '../../src/auth/token.js'

const TOKENS = /st[1t]_[0-9A-Za-z]{36}/g

/** Throws when a log tells a token, a ticket or one of the secrets: every suite's server is held to that when it ends. */
export function requireNoSecret(log: string, secrets: readonly (string | undefined)[]): void {
  const told = [
    ...(log.match(TOKENS) ?? []).filter((text) => isWellFormed(text) || isWellFormed(text, 'stt')),
    ...secrets.filter((secret) => secret && log.includes(secret)),
  ]
  const line = log.split('\n').find((text) => told.some((secret) => text.includes(secret as string)))
  if (line) throw new Error(`the log tells a secret: ${line.slice(0, 1000)}`)
}
