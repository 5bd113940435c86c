import { DomainError } from '../errors.js'
import { JsonBounds } from '../frames/json-bounds.js'

/**
 * A JSON body, which must be an object or a list.
 * @throws DomainError JSON_MALFORMED, or BODY_TOO_LARGE for more than `maxValues` members and items
 */
export function parseJson(text: string, maxValues: number): unknown {
  new JsonBounds(maxValues).take(text)
  if (!/^[ \t\n\r]*[{[]/.test(text)) throw malformed('it must be an object or a list')
  try {
    return JSON.parse(text)
  } catch (error) {
    throw malformed((error as Error).message)
  }
}

function malformed(why: string): DomainError {
  return new DomainError('JSON_MALFORMED', `the body is not valid JSON: ${why}`.slice(0, 500))
}
