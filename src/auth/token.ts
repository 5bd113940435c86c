/**
 * The form of a token: `st1_` (of a ticket: `stt_`), 30 random base62 characters, and their CRC-32 as 6 more, so that a scanner finds leaked tokens
 * without false alarms and a mistyped one is refused without asking the database. Only its SHA-256 is stored.
 */
import { createHash, randomInt } from 'node:crypto'
import { crc32 } from 'node:zlib'

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const FORM = /^(st1|stt)_([0-9A-Za-z]{30})([0-9A-Za-z]{6})$/

/** What opens the server, and what opens one stream of events. */
type Kind = 'st1' | 'stt'

export function newToken(kind: Kind = 'st1'): string {
  const random = Array.from({ length: 30 }, () => BASE62[randomInt(BASE62.length)]).join('')
  return tokenOf(random, kind)
}

/** The token with this random part. */
export function tokenOf(random: string, kind: Kind = 'st1'): string {
  return `${kind}_${random}${checksum(random)}`
}

/** True when the text has the form of a token of this kind and its checksum fits. */
export function isWellFormed(token: string, kind: Kind = 'st1'): boolean {
  const [, found, random = '', check] = FORM.exec(token) ?? []
  return found === kind && checksum(random) === check
}

export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

function checksum(random: string): string {
  let rest = crc32(random)
  let text = ''
  for (let i = 0; i < 6; i++) {
    text = BASE62[rest % 62] + text
    rest = Math.floor(rest / 62)
  }
  return text
}
