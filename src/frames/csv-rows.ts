import { CsvError, type InfoRecord, Parser } from 'csv-parse'
import { DomainError } from '../errors.js'
import { countLines } from './bytes.js'

/** One row of a CSV text, its header included. */
export interface CsvRow {
  readonly cells: string[]
  /** 1-based line of the text on which the row begins; a quoted cell may carry the row over several lines. */
  readonly line: number
  /** The row as it stands in the text, line end included. */
  readonly bytes: Buffer
}

export const MAX_CELL_CHARACTERS = 1024 * 1024
export const MAX_ROW_BYTES = 8 * 1024 * 1024

/** The rows of a text with quotes: csv-parse, driven synchronously, plus what it does not tell, the line and the bytes of each row. */
export class QuotedRows {
  /** What stopped the splitting, after the rows that came before it. */
  fault: Error | undefined
  private readonly parser: Parser
  private rows: CsvRow[] = []
  /** The text from the end of the last row on; joined only when it is looked at, since a row may come in many chunks. */
  private parts: Buffer[] = []
  private pendingStart = 0

  /** `pendingLine` is the number of the line that the text begins with. */
  constructor(private pendingLine: number) {
    this.parser = new Parser({
      record_delimiter: ['\r\n', '\n'],
      skip_empty_lines: true,
      relax_column_count: true,
      max_record_size: MAX_ROW_BYTES,
      // Rows are taken here and not from the stream's readable side: that costs an event per row.
      on_record: (cells: string[], info: InfoRecord) => this.take(cells, info.bytes),
    })
    this.parser.on('error', () => {})
  }

  async push(text: Buffer): Promise<CsvRow[]> {
    this.parts.push(text)
    const failure = await new Promise<Error | null | undefined>((resolve) => this.parser.write(text, resolve))
    return this.taken(failure)
  }

  async end(): Promise<CsvRow[]> {
    if (this.fault !== undefined) return []
    const failure = await new Promise<Error | null | undefined>((resolve) => {
      this.parser.once('error', resolve)
      this.parser.end(resolve)
    })
    return this.taken(failure)
  }

  /** The line that the text read so far ends on. */
  lastLine(): number {
    return this.pendingLine + countLines(this.pending())
  }

  private take(cells: string[], end: number): null {
    const pending = this.pending()
    const bytes = pending.subarray(0, end - this.pendingStart)
    const blank = blankLines(bytes)
    const line = this.pendingLine + blank
    this.parts[0] = pending.subarray(bytes.length)
    this.pendingStart = end
    this.pendingLine = line + countLines(bytes) - blank
    if (bytes.length > MAX_CELL_CHARACTERS && cells.some((cell) => cell.length > MAX_CELL_CHARACTERS)) {
      throw malformedCsv(
        line,
        `a cell is longer than ${MAX_CELL_CHARACTERS} characters: is a quote left open before it?`,
      )
    }
    this.rows.push({ cells, line, bytes })
    return null
  }

  private pending(): Buffer {
    if (this.parts.length !== 1) this.parts = [Buffer.concat(this.parts)]
    return this.parts[0] as Buffer
  }

  private taken(failure: Error | null | undefined): CsvRow[] {
    if (failure) this.fault = failure instanceof CsvError ? this.explain(failure) : failure
    const rows = this.rows
    this.rows = []
    return rows
  }

  private explain(failure: CsvError): DomainError {
    const line = this.pendingLine + blankLines(this.pending())
    const code: string = failure.code
    if (code === 'CSV_QUOTE_NOT_CLOSED')
      return malformedCsv(line, 'a quote that this row opens is never closed', failure)
    if (code === 'CSV_MAX_RECORD_SIZE') {
      return malformedCsv(line, `the row is longer than ${MAX_ROW_BYTES} bytes: is a quote left open in it?`, failure)
    }
    if (code === 'CSV_INVALID_CLOSING_QUOTE') {
      return malformedCsv(
        line,
        'a closing quote must be followed by a comma or the line end (write "" for a quote)',
        failure,
      )
    }
    if (code === 'INVALID_OPENING_QUOTE') {
      return malformedCsv(
        line,
        'a quote stands inside a cell that does not begin with one: quote the whole cell',
        failure,
      )
    }
    return malformedCsv(line, `the row can't be read: ${failure.message}`, failure)
  }
}

/** How many empty lines come before the row. */
function blankLines(bytes: Buffer): number {
  let lines = 0
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] === 0x0a) lines++
    else if (bytes[at] !== 0x0d) break
  }
  return lines
}

export function malformedCsv(line: number, sentence: string, cause?: Error): DomainError {
  return new DomainError('FRAME_MALFORMED', `line ${line}: ${sentence}`, { line }, cause && { cause })
}
