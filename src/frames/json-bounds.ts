import { DomainError } from '../errors.js'
import { MAX_DEPTH } from './json-scan.js'

const QUOTE = 0x22
const BACKSLASH = 0x5c

/**
 * Counts the members and items of a JSON text before it is parsed, which would take a hundred times its size in memory.
 * Text that is no JSON may pass: it is for the parser to refuse it.
 * @param around what stands before the text and around it in the same body
 * @returns how many there are, those before included
 * @throws DomainError JSON_MALFORMED when it is nested deeper than `MAX_DEPTH`, BODY_TOO_LARGE for more than `maxValues`
 */
export function countValues(text: string, maxValues: number, around = { values: 0, depth: 0 }): number {
  let open = around.depth
  let values = around.values
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(text, at)
        break
      case 0x5b: // [
      case 0x7b: // {
        values++
        if (++open > MAX_DEPTH) throw tooDeep()
        break
      case 0x5d: // ]
      case 0x7d: // }
        open--
        break
      case 0x2c: // ,
        if (++values > maxValues) throw tooMany(maxValues)
    }
  }
  if (values > maxValues) throw tooMany(maxValues)
  return values
}

/** Where the closing quote is, or the end of a text that lacks it. */
function endOfString(text: string, quote: number): number {
  for (let at = quote + 1; ; at++) {
    at = text.indexOf('"', at)
    if (at === -1) return text.length
    let before = at
    while (text.charCodeAt(before - 1) === BACKSLASH) before--
    if ((at - before) % 2 === 0) return at
  }
}

function tooDeep(): DomainError {
  return new DomainError('JSON_MALFORMED', `the body is nested deeper than ${MAX_DEPTH} levels`, { limit: MAX_DEPTH })
}

function tooMany(limit: number): DomainError {
  return new DomainError('BODY_TOO_LARGE', `the body has more than ${limit} members and items`, { limit })
}
