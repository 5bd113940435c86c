import type { CsvRow } from './csv-rows.js'

const LINE_FEED = 0x0a
const RETURN = 0x0d
const COMMA = 0x2c
export const QUOTE = 0x22

/** Whole rows of a CSV text in which no quote stands: where their cells lie in its bytes. Good until the next rows are taken. */
export class PlainRows {
  rows = 0
  private rowStarts = new Int32Array(4096)
  private rowEnds = new Int32Array(4096)
  private rowLines = new Float64Array(4096)
  /** The first cell of each row, and one past the last cell of the last. */
  private firstCells = new Int32Array(4097)
  private ends = new Int32Array(65_536)

  bytes: Buffer = Buffer.alloc(0)

  /** Finds the cells of the whole lines in `bytes` [from, to), whose first line is number `line`; returns the number after them. */
  split(bytes: Buffer, from: number, to: number, line: number): number {
    this.bytes = bytes
    this.rows = 0
    let ends = this.ends
    let cells = 0
    let start = from
    let number = line
    for (let at = from; at < to; at++) {
      const byte = bytes[at] as number
      if (byte > COMMA || (byte !== COMMA && byte !== LINE_FEED)) continue
      if (cells === ends.length) ends = this.growCells()
      if (byte === COMMA) {
        ends[cells++] = at
        continue
      }
      const end = at > start && bytes[at - 1] === RETURN ? at - 1 : at
      if (end > start) {
        ends[cells++] = end
        this.addRow(start, end, number, cells)
      }
      start = at + 1
      number++
    }
    return number
  }

  cellsOf(row: number): number {
    return (this.firstCells[row + 1] as number) - (this.firstCells[row] as number)
  }

  cellStart(row: number, cell: number): number {
    return cell === 0
      ? (this.rowStarts[row] as number)
      : (this.ends[(this.firstCells[row] as number) + cell - 1] as number) + 1
  }

  cellEnd(row: number, cell: number): number {
    return this.ends[(this.firstCells[row] as number) + cell] as number
  }

  bytesOf(row: number): number {
    return (this.rowEnds[row] as number) - (this.rowStarts[row] as number)
  }

  textOf(row: number, cell: number): string {
    return this.bytes.toString('utf8', this.cellStart(row, cell), this.cellEnd(row, cell))
  }

  /** The row with its cells as text. */
  row(row: number): CsvRow {
    return {
      cells: Array.from({ length: this.cellsOf(row) }, (_, cell) => this.textOf(row, cell)),
      line: this.rowLines[row] as number,
      bytes: this.bytes.subarray(this.rowStarts[row], this.rowEnds[row]),
    }
  }

  private addRow(start: number, end: number, line: number, cells: number): void {
    if (this.rows === this.rowStarts.length) this.growRows()
    this.rowStarts[this.rows] = start
    this.rowEnds[this.rows] = end
    this.rowLines[this.rows] = line
    this.firstCells[++this.rows] = cells
  }

  private growRows(): void {
    const size = this.rowStarts.length * 2
    this.rowStarts = longer(this.rowStarts, size)
    this.rowEnds = longer(this.rowEnds, size)
    this.firstCells = longer(this.firstCells, size + 1)
    const lines = new Float64Array(size)
    lines.set(this.rowLines)
    this.rowLines = lines
  }

  private growCells(): Int32Array<ArrayBuffer> {
    this.ends = longer(this.ends, this.ends.length * 2)
    return this.ends
  }
}

/** Where the first line that holds a quote begins; the length of the text when there is none. */
export function firstQuotedLine(bytes: Buffer): number {
  const quote = bytes.indexOf(QUOTE)
  return quote === -1 ? bytes.length : bytes.lastIndexOf(LINE_FEED, quote) + 1
}

/** Where the last line that ends before `to` ends. */
export function lastLineEnd(bytes: Buffer, to: number): number {
  return to === 0 ? 0 : bytes.lastIndexOf(LINE_FEED, to - 1) + 1
}

function longer(from: Int32Array, size: number): Int32Array<ArrayBuffer> {
  const to = new Int32Array(size)
  to.set(from)
  return to
}
