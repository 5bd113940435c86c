import { isAscii, isUtf8 } from 'node:buffer'
import { DomainError } from '../errors.js'
import { describePlace, type Place } from './refusal.js'

/** As in CSV. */
const LONGEST_CELL = 1024 * 1024

/** Text that stands in one piece of bytes. Throws `CELL_INVALID` for text that is no UTF-8 or longer than a megabyte. */
export class TextBytes {
  private readonly latin1: string | undefined

  constructor(private readonly bytes: Buffer) {
    this.latin1 = isAscii(bytes) ? bytes.toString('latin1') : undefined
  }

  /** The text in [start, end), which stands at `place` in the frame. */
  text(start: number, end: number, place: () => Place): string {
    if (end - start > LONGEST_CELL) throw refused(place(), `the text is longer than ${LONGEST_CELL} bytes`)
    if (this.latin1 !== undefined) return this.latin1.slice(start, end)
    const own = this.bytes.subarray(start, end)
    if (!isUtf8(own)) throw refused(place(), 'the text is not valid UTF-8')
    return own.toString('utf8')
  }
}

function refused(place: Place, sentence: string): DomainError {
  return new DomainError('CELL_INVALID', `${describePlace(place)}: ${sentence}`, { ...place, expected: 'UTF-8 text' })
}
