/** The body's digest as a client declares it in `Content-Digest` (RFC 9530), so that a body altered on its way is noticed. */
import { createHash } from 'node:crypto'
import { DomainError } from '../errors.js'

/**
 * The declared SHA-256, as `sha-256=:<base64>:`; undefined when there is none. Other algorithms are ignored, as the RFC allows.
 * @throws DomainError REQUEST_INVALID when the header can't be read
 */
export function declaredDigest(header: string): string | undefined {
  for (const item of header.split(',').map((part) => part.trim())) {
    if (!/^sha-256=/i.test(item)) continue
    const value = /^sha-256=:([A-Za-z0-9+/]{43}=):$/i.exec(item)?.[1]
    if (value !== undefined) return `sha-256=:${value}:`
    throw new DomainError('REQUEST_INVALID', 'Content-Digest: expected sha-256=:<base64>:', [
      { in: 'header', pointer: '/content-digest', expected: 'sha-256=:<base64 of 32 bytes>:' },
    ])
  }
  return undefined
}

/** @throws DomainError DIGEST_MISMATCH when the body is not the one that was declared */
export function requireDigest(declared: string | undefined, received: () => string): void {
  if (declared === undefined) return
  const digest = received()
  if (digest !== declared)
    throw new DomainError(
      'DIGEST_MISMATCH',
      'the body is not the one that Content-Digest declares; nothing was stored',
      {
        declared,
        received: digest,
      },
    )
}

export function digestOf(text: string): string {
  return `sha-256=:${createHash('sha256').update(text).digest('base64')}:`
}
