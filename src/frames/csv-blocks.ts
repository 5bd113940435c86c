/**
 * The rows of a CSV text, block by block. Up to the first quote below the header the text is split at its commas and line ends,
 * and the cells stay bytes, which is what lets numbers be read fast. From the line with that quote on csv-parse splits it, and a
 * header in quotes too, since databases write them around names that need none. Both promise the same: comma-separated cells, lines ended by LF or CRLF, a byte order mark skipped, blank lines left out.
 */
import type { DomainError } from '../errors.js'
import { pieces } from './bytes.js'
import { firstQuotedLine, lastLineEnd, PlainRows, QUOTE } from './csv-plain.js'
import { type CsvRow, MAX_CELL_CHARACTERS, MAX_ROW_BYTES, malformedCsv, QuotedRows } from './csv-rows.js'
import { Utf8Gate } from './utf8.js'

/** A plain block is good until the next one is asked for. */
export type CsvBlock =
  | { readonly kind: 'plain'; readonly rows: PlainRows }
  | { readonly kind: 'quoted'; readonly rows: readonly CsvRow[] }

const BYTE_ORDER_MARK = Buffer.from('\uFEFF')

/**
 * The blocks of a text, about 256 KiB each; all rows before a fault come before its error.
 * Throws `FRAME_MALFORMED` with the line for a broken or open quote, an overlong cell or row, and invalid UTF-8.
 */
export async function* csvBlocks(source: AsyncIterable<Uint8Array>): AsyncGenerator<CsvBlock> {
  const gate = new Utf8Gate()
  const plain = new PlainText()
  let quoted: QuotedRows | undefined
  let started = false
  for await (const piece of pieces(source)) {
    const { text, broken } = gate.push(piece)
    let rest = text
    if (!started && text.length > 0) {
      started = true
      const { header, below } = splitHeader(text)
      if (header !== undefined) {
        const line = new QuotedRows(1)
        yield { kind: 'quoted', rows: [...(await line.push(header)), ...(await line.end())] }
        if (line.fault !== undefined) throw line.fault
        plain.line = 2
      }
      rest = below
    }
    if (quoted === undefined) {
      const { rows, quotedFrom } = plain.push(rest)
      yield { kind: 'plain', rows }
      plain.throwFault()
      if (quotedFrom !== undefined) {
        quoted = new QuotedRows(plain.line)
        rest = quotedFrom
      }
    }
    if (quoted !== undefined) {
      yield { kind: 'quoted', rows: await quoted.push(rest) }
      if (quoted.fault !== undefined) throw quoted.fault
    }
    if (broken) throw notUtf8(quoted?.lastLine() ?? plain.line)
  }
  const lastLine = quoted?.lastLine() ?? plain.line
  if (quoted === undefined) {
    yield { kind: 'plain', rows: plain.end() }
    plain.throwFault()
  } else {
    yield { kind: 'quoted', rows: await quoted.end() }
    if (quoted.fault !== undefined) throw quoted.fault
  }
  if (!gate.end()) throw notUtf8(lastLine)
}

/** The text before the first quote: whole lines of it at a time, the last unfinished one kept for later. */
class PlainText {
  /** 1-based line on which what was kept begins. */
  line = 1
  private readonly rows = new PlainRows()
  private kept: Buffer = Buffer.alloc(0)
  private fault: DomainError | undefined

  /** The whole lines up to here; `quotedFrom` is the text from the line with the first quote on, when there is one. */
  push(text: Buffer): { rows: PlainRows; quotedFrom?: Buffer } {
    const bytes = joined(this.kept, text)
    const quoteAt = firstQuotedLine(bytes)
    const end = lastLineEnd(bytes, quoteAt)
    this.split(bytes, end)
    if (quoteAt < bytes.length) return { rows: this.rows, quotedFrom: bytes.subarray(quoteAt) }
    // A copy: the piece that it lies in belongs to whoever read it.
    this.kept = Buffer.from(bytes.subarray(end))
    if (this.kept.length > MAX_ROW_BYTES) this.fault ??= rowTooLong(this.line)
    return { rows: this.rows }
  }

  /** The last line, which needs no line end. */
  end(): PlainRows {
    const bytes = this.kept.length === 0 ? this.kept : joined(this.kept, Buffer.from('\n'))
    this.split(bytes, bytes.length)
    return this.rows
  }

  throwFault(): void {
    if (this.fault !== undefined) throw this.fault
  }

  private split(bytes: Buffer, end: number): void {
    this.line = this.rows.split(bytes, 0, end, this.line)
    this.fault = overlong(this.rows)
  }
}

/** The rows from the first that is too long on are left out, and the error for it is returned. */
function overlong(rows: PlainRows): DomainError | undefined {
  for (let row = 0; row < rows.rows; row++) {
    if (rows.bytesOf(row) <= MAX_CELL_CHARACTERS) continue
    const { cells, line } = rows.row(row)
    const fault =
      rows.bytesOf(row) > MAX_ROW_BYTES
        ? rowTooLong(line)
        : cells.some((cell) => cell.length > MAX_CELL_CHARACTERS)
          ? cellTooLong(line)
          : undefined
    if (fault === undefined) continue
    rows.rows = row
    return fault
  }
  return undefined
}

function joined(kept: Buffer, text: Buffer): Buffer {
  return kept.length === 0 ? text : Buffer.concat([kept, text])
}

/** The start of a text without its byte order mark: the first line when it is whole and has quotes, and what is below it. */
function splitHeader(text: Buffer): { header?: Buffer; below: Buffer } {
  const marked = text.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK)
  const bytes = marked ? text.subarray(BYTE_ORDER_MARK.length) : text
  const end = bytes.indexOf('\n') + 1
  const quotes = bytes.subarray(0, end).filter((byte) => byte === QUOTE).length
  // An odd number leaves a quote open: the line is not the whole header.
  if (quotes === 0 || quotes % 2 === 1) return { below: bytes }
  return { header: bytes.subarray(0, end), below: bytes.subarray(end) }
}

function rowTooLong(line: number): DomainError {
  return malformedCsv(line, `the row is longer than ${MAX_ROW_BYTES} bytes: is a quote left open in it?`)
}

function cellTooLong(line: number): DomainError {
  return malformedCsv(line, `a cell is longer than ${MAX_CELL_CHARACTERS} characters: is a quote left open before it?`)
}

function notUtf8(line: number): DomainError {
  return malformedCsv(line, 'the text is not UTF-8: save the file as UTF-8 and send it again')
}
