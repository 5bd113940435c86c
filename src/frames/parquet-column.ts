import type { FrameFile } from './frame-file.js'
import { CellFaults, type LeftOutRows } from './left-out.js'
import type { ColumnChunk } from './parquet-footer.js'
import { pageAt, readCellsOfPage, readDictionary, type StoredPage, type ValueField } from './parquet-page.js'
import { frameMalformed, unexpected } from './refusal.js'
import { type Dense, joinCells, sliceCells, type TypedCells } from './typed-cells.js'

/** Bytes of the pages that are open at once, decoded: one of each column, usually a megabyte. */
const MOST_OPEN_BYTES = 512 * 1024 * 1024

/** What a decoded cell takes beside the bytes of its page. */
const CELL_BYTES = 9

/** Counts what the open pages of a row group take, so that headers of some bytes can't claim gigabytes. */
export class OpenPages {
  private bytes = 0

  /** Takes room. Throws `FRAME_MALFORMED` when there is none. */
  open(bytes: number, column: string): number {
    this.bytes += bytes
    if (this.bytes > MOST_OPEN_BYTES) {
      throw frameMalformed(
        `pages of ${this.bytes} bytes are open at once at column ${JSON.stringify(column)}, and ${MOST_OPEN_BYTES} are taken: ` +
          'write smaller pages or row groups',
        { column },
      )
    }
    return bytes
  }

  close(bytes: number): void {
    this.bytes -= bytes
  }
}

/** The cells of one column in one row group, read page by page. */
export class ParquetColumn {
  private at: number
  private dictionary: Dense | undefined
  private page: { readonly cells: TypedCells; readonly rows: number; readonly taken: number } | undefined
  private taken = 0
  private pageRoom = 0
  private dictionaryRoom = 0

  constructor(
    private readonly file: FrameFile,
    private readonly field: ValueField,
    private readonly chunk: ColumnChunk,
    private readonly open: OpenPages,
    private readonly groupRows: number,
  ) {
    this.at = chunk.start
  }

  /**
   * The next `rows` cells; `firstRow` is the place of the first in the whole frame. Cells that can't be taken go to `leftOut`.
   * Throws `FRAME_MALFORMED`, and `CELL_INVALID` without a row for text that is no UTF-8.
   */
  async take(rows: number, firstRow: number, leftOut: LeftOutRows): Promise<TypedCells> {
    const parts: TypedCells[] = []
    for (let missing = rows; missing > 0; ) {
      this.page ??= await this.nextPage()
      const { cells, rows: whole, taken } = this.page
      const count = Math.min(missing, whole - taken)
      parts.push(sliceCells(cells, taken, taken + count))
      missing -= count
      this.page = taken + count === whole ? this.closePage() : { cells, rows: whole, taken: taken + count }
    }
    const cells = joinCells(parts)
    if (this.field.layout.kind === 'int' && !this.field.layout.signed) this.requireSigned(cells, firstRow, leftOut)
    return cells
  }

  /** Gives back the room of what is still open, at the end of the row group. */
  close(): void {
    this.closePage()
    this.open.close(this.dictionaryRoom)
    this.dictionaryRoom = 0
  }

  private closePage(): undefined {
    this.open.close(this.pageRoom)
    this.pageRoom = 0
    return undefined
  }

  private async nextPage(): Promise<{ cells: TypedCells; rows: number; taken: number }> {
    const { file, field, chunk } = this
    for (;;) {
      if (this.at >= chunk.end) throw this.malformed('has fewer rows than its row group')
      const page = await pageAt(file, this.at, chunk)
      this.at = page.end
      if (page.kind === 'dictionary') await this.readDictionary(page)
      if (page.kind === 'other' || page.kind === 'dictionary' || page.count === 0) continue
      this.taken += page.count
      if (this.taken > this.groupRows) throw this.malformed('has more rows than its row group')
      this.pageRoom = this.open.open(page.size + page.count * CELL_BYTES, field.name)
      const cells = readCellsOfPage(await this.bytesOf(page), page, field, chunk, this.dictionary)
      return { cells, rows: page.count, taken: 0 }
    }
  }

  private async readDictionary(page: StoredPage): Promise<void> {
    if (this.dictionary !== undefined) throw this.malformed('has two dictionaries')
    this.dictionaryRoom = this.open.open(page.size * 2, this.field.name)
    this.dictionary = readDictionary(await this.bytesOf(page), page, this.field, this.chunk)
  }

  private bytesOf(page: StoredPage): Promise<Uint8Array> {
    return this.file.read(page.start, page.end - page.start)
  }

  /** Numbers without a sign that need their highest bit show here as negative. */
  private requireSigned(cells: TypedCells, firstRow: number, leftOut: LeftOutRows): void {
    if (cells.kind !== 'long') return
    const faults = new CellFaults(leftOut, this.field.name, firstRow)
    for (let row = 0; row < cells.values.length; row++) {
      if (!((cells.values[row] as bigint) < 0n) || cells.valid?.[row] === 0) continue
      const value = BigInt.asUintN(64, cells.values[row] as bigint)
      faults.refuse(row, value, unexpected(value, 'a whole number up to 2^63 - 1'))
    }
  }

  private malformed(what: string): Error {
    const { name } = this.field
    return frameMalformed(`column ${JSON.stringify(name)} ${what}: the file is damaged`, { column: name })
  }
}
