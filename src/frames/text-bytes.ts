import { isAscii, isUtf8 } from 'node:buffer'
import type { CellFaults } from './left-out.js'
import { describePlace, frameMalformed, type Place, RowFault } from './refusal.js'

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

  /** As `text`; what can't be taken goes to `faults` as a fault of that row, and is empty text here. */
  taken(start: number, end: number, row: number, faults: CellFaults): string {
    try {
      return this.text(start, end, () => faults.place(row))
    } catch (error) {
      faults.add(row, error)
      return ''
    }
  }
}

function refused(place: Place, sentence: string): RowFault {
  return new RowFault('CELL_INVALID', `${describePlace(place)}: ${sentence}`, { ...place, expected: 'UTF-8 text' })
}

/** The error for a cell whose text the frame says to be where there is none. */
export function textOutside(place: Place): Error {
  return frameMalformed(`${describePlace(place)}: the text lies outside of its column`, { ...place })
}
