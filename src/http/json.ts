/** JSON as it is taken from clients, on whatever thread it is looked at. */
import { DomainError } from '../errors.js'
import { JsonBounds } from '../frames/json-bounds.js'
import { requireKept } from '../records/storable.js'
import { digestOf, requireDigest } from './digest.js'

/**
 * A JSON body, which must be an object or a list, and one that the engines keep as it is.
 * @param declared the digest that the client declares
 * @throws DomainError DIGEST_MISMATCH, JSON_MALFORMED, REQUEST_INVALID, or BODY_TOO_LARGE for more than `maxValues` members and items
 */
export function parseJson(text: string, maxValues: number, declared?: string): unknown {
  requireDigest(declared, () => digestOf(text))
  refuseReplaced(text)
  new JsonBounds(maxValues).take(text)
  if (!/^[ \t\n\r]*[{[]/.test(text)) throw malformed('it must be an object or a list')
  const json = parse(text)
  requireKept(text, json)
  return json
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw malformed((error as Error).message)
  }
}

/** Bytes that are no UTF-8 have become U+FFFD by now, so a body that holds it is not known to be as it was sent. */
function refuseReplaced(text: string): void {
  if (text.includes('\uFFFD'))
    throw new DomainError('JSON_MALFORMED', 'the body is not UTF-8, or holds U+FFFD, which stands for what is not')
}

function malformed(why: string): DomainError {
  return new DomainError('JSON_MALFORMED', `the body is not valid JSON: ${why}`.slice(0, 500))
}
