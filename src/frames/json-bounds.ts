/**
 * Looks at JSON before it is parsed: a body of 16 MB may hold millions of values, which take a hundred times its size in memory and the
 * process for seconds. Different member names are the dearest, as each is kept once for the whole process.
 */
import { DomainError } from '../errors.js'
import { MAX_DEPTH } from './json-scan.js'

/** Most different member names in a body. */
export const MAX_NAMES = 10_000

const BACKSLASH = 0x5c

/** What the texts of one body hold together. */
export class JsonBounds {
  /** Members and items so far. */
  values = 0
  private readonly names = new Set<string>()

  constructor(private readonly maxValues = Number.POSITIVE_INFINITY) {}

  /**
   * Counts what a text holds. Text that is no JSON may pass: it is for the parser to refuse it.
   * @param depth how many containers the text stands in
   * @throws DomainError JSON_MALFORMED when it is nested deeper than `MAX_DEPTH`, BODY_TOO_LARGE when the body holds too much by now
   */
  take(text: string, depth = 0): void {
    let open = depth
    for (let at = 0; at < text.length; at++) {
      switch (text.charCodeAt(at)) {
        case 0x22: {
          // A name, or text
          const end = endOfString(text, at)
          if (isName(text, end)) this.takeName(text.slice(at, end))
          at = end
          break
        }
        case 0x5b: // [
        case 0x7b: // {
          if (++open > MAX_DEPTH) throw tooDeep()
          this.takeValue()
          break
        case 0x5d: // ]
        case 0x7d: // }
          open--
          break
        case 0x2c: // ,
          this.takeValue()
      }
    }
  }

  takeValue(): void {
    if (++this.values > this.maxValues) throw tooMuch(this.maxValues, 'members and items')
  }

  private takeName(name: string): void {
    if (this.names.add(name).size > MAX_NAMES) throw tooMuch(MAX_NAMES, 'different names of members')
  }
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

/** Whether a colon follows the string that ends here. */
function isName(text: string, end: number): boolean {
  let at = end + 1
  while (text.charCodeAt(at) <= 0x20) at++
  return text[at] === ':'
}

function tooDeep(): DomainError {
  return new DomainError('JSON_MALFORMED', `the body is nested deeper than ${MAX_DEPTH} levels`, { limit: MAX_DEPTH })
}

function tooMuch(limit: number, what: string): DomainError {
  return new DomainError('BODY_TOO_LARGE', `the body has more than ${limit} ${what}`, { limit })
}
