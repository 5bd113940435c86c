/** A member of a JSON body that holds no frame: its text, checked and parsed. */
import type { DomainError } from '../errors.js'
import type { JsonBounds } from './json-bounds.js'
import { requireExact } from './json-exact.js'
import { jsonMalformed } from './json-scan.js'

export interface MemberText {
  /** As an error calls it. */
  readonly what: string
  readonly pointer: string
  readonly text: string
  /** Where it begins in the body. */
  readonly start: number
}

/** @throws DomainError JSON_MALFORMED, REQUEST_INVALID or BODY_TOO_LARGE */
export function parseMember({ what, pointer, text, start }: MemberText, bounds: JsonBounds): unknown {
  bounds.take(text, 1)
  const value = parse(text, (why) => jsonMalformed(start, `${what} is not valid JSON: ${why}`))
  requireExact(text, value, pointer)
  return value
}

function parse(text: string, malformed: (why: string) => DomainError): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw malformed((error as Error).message)
  }
}

/** The place of a member at the top of the body. */
export function memberPointer(name: string): string {
  return `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
}
