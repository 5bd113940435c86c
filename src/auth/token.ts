/**
 * The form of a token: `st1_`, 30 random base62 characters, and their CRC-32 as 6 more, so that a scanner finds leaked tokens
 * without false alarms and a mistyped one is refused without asking the database. Only its SHA-256 is stored.
 */
import { createHash, randomInt } from 'node:crypto'
import { crc32 } from 'node:zlib'

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const FORM = /^st1_([0-9A-Za-z]{30})([0-9A-Za-z]{6})$/

export function newToken(): string {
  const random = Array.from({ length: 30 }, () => BASE62[randomInt(BASE62.length)]).join('')
  return `st1_${random}${checksum(random)}`
}

/** True when the text has the form of a token and its checksum fits. */
export function isWellFormed(token: string): boolean {
  const match = FORM.exec(token)
  return match !== null && checksum(match[1] as string) === match[2]
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
