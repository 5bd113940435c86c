/** The rows that a lenient load leaves out: counted, the first of them remembered, all of them listed in a CSV file as they come. */
import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { DomainError, storableText } from '../errors.js'
import type { LeaveOut } from '../frames/decode.js'
import type { RowFault } from '../frames/refusal.js'
import { isWritable } from '../questdb/ilp-cells.js'

/** A row that was left out: where it stands, and the first fault in it. */
export interface RejectedRow {
  /** 1-based line of a text file. */
  readonly line?: number
  /** 0-based row of any other frame. */
  readonly row?: number
  /** Absent when the row has too few or too many cells. */
  readonly column?: string
  readonly value: string
  readonly expected: string
  readonly message: string
}

/** All rows that were left out, and the file that lists them. */
export interface Rejected {
  readonly rows: number
  readonly first: readonly RejectedRow[]
  readonly bytes: number
  /** As in Content-Digest (RFC 9530). */
  readonly digest: string
}

const REMEMBERED = 100
/** Some five million rows: a frame with more that are wrong is not what its sender thinks. */
const MOST_BYTES = 1 << 30
const COLUMNS = ['line', 'row', 'column', 'value', 'expected', 'message'] as const

export class RejectedRows implements LeaveOut {
  rows = 0
  readonly #first: RejectedRow[] = []
  readonly #hash = createHash('sha256')
  #waiting: string = csvLine(COLUMNS)
  #bytes = 0

  private constructor(
    private readonly file: FileHandle,
    private readonly mostBytes: number,
  ) {}

  /** Begins the list in a file of its own, in the place of one that an abandoned reading has begun there. */
  static async open(path: string, mostBytes = MOST_BYTES): Promise<RejectedRows> {
    return new RejectedRows(await open(path, 'w', 0o600), mostBytes)
  }

  takesText(text: string): boolean {
    return isWritable(text)
  }

  rejected(fault: RowFault): void {
    const row = rejectedRow(fault)
    this.rows++
    if (this.#first.length < REMEMBERED) this.#first.push(row)
    this.#waiting += csvLine(COLUMNS.map((name) => row[name]))
  }

  /** Writes down what has come since the last time; to be called after each batch. @throws DomainError FRAME_MALFORMED when the list is too long to be of use */
  async flush(): Promise<void> {
    const bytes = Buffer.from(this.#waiting)
    this.#waiting = ''
    this.#bytes += bytes.length
    if (this.#bytes > this.mostBytes)
      throw new DomainError(
        'FRAME_MALFORMED',
        `${this.rows} rows can't be taken, more than a list of ${this.mostBytes} bytes names; nothing was stored`,
        { rows_rejected: this.rows },
      )
    this.#hash.update(bytes)
    if (bytes.length > 0) await this.file.appendFile(bytes)
  }

  /** The list, once it is whole and on the disk. */
  async end(): Promise<Rejected> {
    await this.flush()
    await this.file.sync()
    return {
      rows: this.rows,
      first: this.#first,
      bytes: this.#bytes,
      digest: `sha-256=:${this.#hash.digest('base64')}:`,
    }
  }

  close(): Promise<void> {
    return this.file.close()
  }
}

/** Leaves out the same rows in another reading of the frame, when they are on the list already. */
export class ListedRows implements LeaveOut {
  rows = 0

  takesText(text: string): boolean {
    return isWritable(text)
  }

  rejected(): void {
    this.rows++
  }
}

/** @throws DomainError FRAME_EMPTY when rows were left out and no other is there */
export function requireOneTaken(taken: number, { rows, first }: Rejected): void {
  if (taken > 0 || rows === 0) return
  throw new DomainError('FRAME_EMPTY', `none of the ${rows} rows can be stored; ${first[0]?.message}`, {
    rows_received: rows,
    rows_rejected: rows,
    rejected: first,
  })
}

function rejectedRow({ details, message }: RowFault): RejectedRow {
  const { line, row, column, value, expected } = details as Partial<RejectedRow> & { readonly value?: unknown }
  return {
    ...(line !== undefined && { line }),
    ...(row !== undefined && { row }),
    ...(column !== undefined && { column }),
    value: storableText(String(value ?? '')),
    expected: expected ?? '',
    message: storableText(message),
  }
}

function csvLine(cells: readonly (string | number | undefined)[]): string {
  return `${cells.map((cell) => csvCell(cell ?? '')).join(',')}\r\n`
}

function csvCell(cell: string | number): string {
  const text = String(cell)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
