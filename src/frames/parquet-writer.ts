/**
 * Writes column batches as a Parquet file: plain values without compression, so that writing is little more than a copy of the
 * arrays, one row group a batch.
 *
 * Promises: what is written is what was given, every value to its last bit, and missing cells are told from empty text and NaN.
 * The first column holds the rows' times and is required, all others are optional. A batch that lacks a column has no values in it.
 * Memory is flat: bytes go to the file batch by batch, and only the place of each column is remembered.
 *
 * The file is readable once `finish` has returned; before that it lacks the footer, without which nothing in it can be found.
 */
import type { FileHandle } from 'node:fs/promises'
import type { Column, ColumnBatch, ColumnType } from './batch.js'
import { writeWhole } from './batched-file.js'
import { optionalCells, type PageBody, requiredNumbers } from './parquet-cells.js'
import { ThriftWriter } from './thrift-writer.js'

export interface WrittenColumn {
  readonly name: string
  readonly type: ColumnType
}

/** Where a column lies in a row group. */
interface Chunk {
  readonly start: number
  readonly bytes: number
}

interface Group {
  readonly rows: number
  readonly chunks: readonly Chunk[]
}

const MAGIC = Buffer.from('PAR1')

/** Codes of the format. */
const INT64 = 2
const PHYSICAL = { boolean: 0, long: INT64, timestamp: INT64, double: 5, varchar: 6, symbol: 6 } as const
const MEANING: { readonly [T in ColumnType]?: number } = { varchar: 0, symbol: 0, timestamp: 10 }
const REQUIRED = 0
const OPTIONAL = 1
const PLAIN = 0
const RLE = 3
const DATA_PAGE = 0
const UNCOMPRESSED = 0

/** Pieces of a group are handed to the file together; the system takes no more than 1024 at once. */
const MOST_PIECES = 1000

export class ParquetWriter {
  readonly #columns: readonly WrittenColumn[]
  readonly #groups: Group[] = []
  #at = 0

  /**
   * @param file is empty, and stays open
   * @param time what the column of the rows' times is called
   * @param columns all others, in the order in which the file has them; names differ by more than case
   */
  constructor(
    private readonly file: FileHandle,
    time: string,
    columns: readonly WrittenColumn[],
  ) {
    this.#columns = [{ name: time, type: 'timestamp' }, ...columns]
  }

  /** Bytes written so far. */
  get bytes(): number {
    return this.#at
  }

  /** Writes the rows; the batch's arrays may be changed afterwards. Its columns are found by name, whatever their case. */
  async write(batch: ColumnBatch): Promise<void> {
    if (batch.rows === 0) return
    const given = new Map(batch.columns.map((column) => [column.name.toLowerCase(), column]))
    const pieces: Uint8Array[] = this.#at === 0 ? [MAGIC] : []
    let at = this.#at === 0 ? MAGIC.length : this.#at
    const chunks: Chunk[] = []
    for (const [index, column] of this.#columns.entries()) {
      const body = index === 0 ? requiredNumbers(batch.timestamps) : optionalCells(cellsOf(column, given), batch.rows)
      const header = pageHeader(body, batch.rows)
      pieces.push(header, ...body.pieces)
      const bytes = header.length + body.bytes
      chunks.push({ start: at, bytes })
      at += bytes
    }
    await this.#put(pieces)
    this.#groups.push({ rows: batch.rows, chunks })
  }

  /** Writes the footer, which makes the file whole. */
  async finish(): Promise<void> {
    const footer = footerOf(this.#columns, this.#groups)
    const tail = Buffer.concat([Buffer.alloc(4), MAGIC])
    tail.writeUInt32LE(footer.length)
    await this.#put([...(this.#at === 0 ? [MAGIC] : []), footer, tail])
  }

  async #put(pieces: readonly Uint8Array[]): Promise<void> {
    for (let from = 0; from < pieces.length; from += MOST_PIECES) {
      const some = pieces.slice(from, from + MOST_PIECES)
      await writeWhole(this.file, some)
      this.#at += some.reduce((sum, piece) => sum + piece.length, 0)
    }
  }
}

function cellsOf({ name, type }: WrittenColumn, given: ReadonlyMap<string, Column>): Column | undefined {
  const column = given.get(name.toLowerCase())
  if (column && column.type !== type) throw new Error(`column ${name} was ${type} and is ${column.type} now`)
  return column
}

function pageHeader({ bytes }: PageBody, rows: number): Buffer {
  return new ThriftWriter()
    .int32(1, DATA_PAGE)
    .int32(2, bytes)
    .int32(3, bytes)
    .struct(5, (page) => page.int32(1, rows).int32(2, PLAIN).int32(3, RLE).int32(4, RLE))
    .finish()
}

function footerOf(columns: readonly WrittenColumn[], groups: readonly Group[]): Buffer {
  return new ThriftWriter()
    .int32(1, 1)
    .structs(2, [undefined, ...columns], (element, column, index) =>
      column === undefined
        ? element.text(4, 'schema').int32(5, columns.length)
        : schemaElement(element, column, index === 1 ? REQUIRED : OPTIONAL),
    )
    .int64(
      3,
      groups.reduce((sum, { rows }) => sum + rows, 0),
    )
    .structs(4, groups, (group, { rows, chunks }) => {
      group.structs(1, chunks, (chunk, { start, bytes }, index) => {
        const { name, type } = columns[index] as WrittenColumn
        chunk.int64(2, start).struct(3, (meta) => {
          meta.int32(1, PHYSICAL[type]).int32s(2, [PLAIN, RLE]).texts(3, [name]).int32(4, UNCOMPRESSED)
          meta.int64(5, rows).int64(6, bytes).int64(7, bytes).int64(9, start)
        })
      })
      const bytes = chunks.reduce((sum, chunk) => sum + chunk.bytes, 0)
      group.int64(2, bytes).int64(3, rows)
    })
    .text(6, 'stage1')
    .finish()
}

function schemaElement(element: ThriftWriter, { name, type }: WrittenColumn, repetition: number): void {
  element.int32(1, PHYSICAL[type]).int32(3, repetition).text(4, name)
  const meaning = MEANING[type]
  if (meaning !== undefined) element.int32(6, meaning)
  // Some readers know times by the newer way to say so only: microseconds, UTC.
  if (type === 'timestamp')
    element.struct(10, (logical) =>
      logical.struct(8, (time) => time.yes(1).struct(2, (unit) => unit.struct(2, () => {}))),
    )
}
