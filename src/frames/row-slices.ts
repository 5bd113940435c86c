import { DomainError } from '../errors.js'
import { pieces } from './bytes.js'
import {
  CLOSE_ARRAY,
  COMMA,
  isJsonSpace,
  jsonMalformed,
  OPEN_ARRAY,
  OPEN_OBJECT,
  showByte,
  ValueScanner,
} from './json-scan.js'

/** Whole rows of a JSON array, cut out of it as they stand: `{…}, {…}`, without the array's brackets. */
export interface RowSlice {
  readonly bytes: Buffer
  /** Place of the first row in the array, 0-based. */
  readonly firstRow: number
  readonly rows: number
  /** Members of all objects in it, so that one that is there twice is missed once it is parsed. */
  readonly members: number
  /** Position of the first byte in the body. */
  readonly firstByte: number
}

const MAX_ROW_BYTES = 8 * 1024 * 1024

/**
 * Cuts a JSON array of objects into slices of whole rows, about 256 KiB each, so that each can be parsed by itself.
 * What is inside the rows is not looked at. `firstByte` is the position of the array in the body, for errors.
 * Throws `JSON_MALFORMED` when the array around the rows is broken or ends early, `FRAME_MALFORMED` for an element
 * that is no object or longer than 8 MiB.
 */
export async function* rowSlices(source: AsyncIterable<Uint8Array>, firstByte: number): AsyncGenerator<RowSlice> {
  const cutter = new RowCutter(firstByte)
  for await (const piece of pieces(source)) {
    const slice = cutter.push(piece)
    if (slice !== undefined) yield slice
    if (cutter.fault !== undefined) throw cutter.fault
  }
  cutter.end()
}

type State = 'start' | 'first row' | 'row' | 'in row' | 'comma' | 'end'

class RowCutter {
  /** What stopped the cutting, after the slice of the rows that came before it. */
  fault: DomainError | undefined
  private state: State = 'start'
  private readonly scanner = new ValueScanner(1)
  private row = 0
  private held: Buffer[] = []
  private heldBytes = 0
  /** Names of members in the rows that have ended, and in those of them that have left in slices. */
  private names = 0
  private namesHandedOut = 0

  /** `position` is that of the next piece in the body. */
  constructor(private position: number) {}

  push(piece: Buffer): RowSlice | undefined {
    const firstRow = this.row
    let begin = this.state === 'in row' ? 0 : -1
    let rowStart = begin
    let end = -1
    let at = 0
    try {
      while (at < piece.length) {
        if (this.state !== 'in row') {
          if (this.beginsRow(piece[at] as number, this.position + at)) {
            rowStart = at
            if (begin === -1) begin = at
          } else at++
          continue
        }
        at = this.scanner.scan(piece, at, this.position)
        if (at === -1) break
        end = at
        this.row++
        this.names = this.scanner.names
        this.state = 'comma'
      }
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      this.fault = error
    }
    const slice = end === -1 ? undefined : this.slice(piece.subarray(begin, end), this.position + begin, firstRow)
    if (this.state === 'in row') this.hold(piece.subarray(rowStart))
    this.position += piece.length
    return slice
  }

  end(): void {
    if (this.state === 'end') return
    if (this.state === 'start') throw jsonMalformed(this.position, 'there is no array of rows')
    const where = this.state === 'in row' ? `inside row ${this.row}` : `after ${this.row} rows`
    throw jsonMalformed(this.position, `the rows end early, ${where}: was the body sent completely?`)
  }

  /** Takes one byte outside of rows; true when a row begins with it. */
  private beginsRow(byte: number, position: number): boolean {
    if (isJsonSpace(byte)) return false
    if (this.state === 'start' && byte === OPEN_ARRAY) this.state = 'first row'
    else if ((this.state === 'first row' || this.state === 'comma') && byte === CLOSE_ARRAY) this.state = 'end'
    else if (this.state === 'comma' && byte === COMMA) this.state = 'row'
    else if ((this.state === 'first row' || this.state === 'row') && byte === OPEN_OBJECT) this.state = 'in row'
    else throw this.unexpected(byte, position)
    return this.state === 'in row'
  }

  /** The rows that ended in a piece, the first of them with what earlier pieces held of it. */
  private slice(part: Buffer, position: number, firstRow: number): RowSlice {
    const bytes = this.held.length === 0 ? part : Buffer.concat([...this.held, part])
    const firstByte = position - this.heldBytes
    const members = this.names - this.namesHandedOut
    this.held = []
    this.heldBytes = 0
    this.namesHandedOut = this.names
    return { bytes, firstRow, rows: this.row - firstRow, members, firstByte }
  }

  private hold(part: Buffer): void {
    this.heldBytes += part.length
    if (this.heldBytes > MAX_ROW_BYTES && this.fault === undefined) {
      const sentence = `row ${this.row} is longer than ${MAX_ROW_BYTES} bytes: is a bracket or quote left open in it?`
      this.fault = new DomainError('FRAME_MALFORMED', sentence, { row: this.row })
    }
    // A copy: the piece belongs to the source, and this outlives it.
    this.held.push(Buffer.from(part))
  }

  private unexpected(byte: number, position: number): DomainError {
    const found = showByte(byte)
    if (this.state === 'start') return jsonMalformed(position, `expected an array of rows, found ${found}`)
    if (this.state === 'comma')
      return jsonMalformed(position, `expected "," or "]" after row ${this.row - 1}, found ${found}`)
    if (this.state === 'end') return jsonMalformed(position, `text follows the array of rows: ${found}`)
    if (byte === CLOSE_ARRAY || byte === COMMA)
      return jsonMalformed(position, `expected row ${this.row}, found ${found}`)
    const sentence = `row ${this.row}: a row must be an object such as {"timestamp": …, "close": …}, found ${found}`
    return new DomainError('FRAME_MALFORMED', sentence, { row: this.row, byte: position })
  }
}
