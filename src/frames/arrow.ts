/**
 * Reads a frame from Arrow IPC, stream or file.
 *
 * It promises that the values are those of the file bit for bit, that a type is the one the schema names, and that memory stays
 * flat: of a batch only the rows of the next piece are read, and nothing is allocated for a number of rows before the file was
 * seen to have the bytes for them. Files of strangers are expected: every length and offset is checked, and what leads outside
 * of the file or of itself is refused. Nested types, decimals, binary, times of day and durations are refused by name.
 *
 * Arrow's own library is not used: its metadata reader loops over whatever count the file claims, and it takes a record batch
 * only whole, which is often the whole frame.
 */
import { ArrowBody, type RowsOfBatch, readBodyHeader } from './arrow-body.js'
import { type ArrowColumn, type ArrowDictionary, placeColumns, readCells, textBytes } from './arrow-columns.js'
import { ArrowDictionaries } from './arrow-dictionaries.js'
import { type ArrowMessage, arrowMessages, understood } from './arrow-messages.js'
import { type ArrowField, readSchema } from './arrow-schema.js'
import type { ColumnBatch } from './batch.js'
import { BATCH_BYTES, type DecodeOptions, rowsPerBatch } from './decode.js'
import type { FrameFile } from './frame-file.js'
import { frameMalformed } from './refusal.js'
import { TypedFrame } from './typed-frame.js'

/**
 * The batches of an Arrow IPC file or stream. Rows keep their order.
 * Throws `FRAME_MALFORMED`, `TIMESTAMP_COLUMN_MISSING`, `TIMESTAMP_OUT_OF_RANGE` and `CELL_INVALID`, of cells with `row`
 * (0-based) and `column`.
 */
export async function* decodeArrow(file: FrameFile, options: DecodeOptions): AsyncGenerator<ColumnBatch> {
  let frame: ArrowFrame | undefined
  for await (const message of arrowMessages(file)) {
    if (message.kind === 'schema') {
      if (frame !== undefined)
        throw frameMalformed('a second schema stands among the rows', { byte: message.body.start })
      frame = new ArrowFrame(
        understood(message.body.start, () => readSchema(message.header)),
        file,
        options,
      )
    } else if (frame === undefined) {
      throw frameMalformed('rows come before the schema that names their columns', { byte: message.body.start })
    } else if (message.kind === 'dictionary') await frame.dictionaries.read(message)
    else yield* frame.batches(message)
  }
  if (frame === undefined) throw frameMalformed('there is no schema: the stream is empty')
}

class ArrowFrame {
  readonly dictionaries: ArrowDictionaries
  private readonly typed: TypedFrame

  constructor(
    private readonly fields: readonly ArrowField[],
    private readonly file: FrameFile,
    private readonly options: DecodeOptions,
  ) {
    this.typed = new TypedFrame(fields, options)
    this.dictionaries = new ArrowDictionaries(fields, file)
  }

  /** The rows of one record batch. */
  async *batches(message: ArrowMessage): AsyncGenerator<ColumnBatch> {
    const header = readBodyHeader(message.header, message)
    if (header.rows === 0) return
    const body = await ArrowBody.open(this.file, header, message)
    const columns = placeColumns(this.fields, header, body)
    const step = rowsPerBatch(columns.length, this.options)
    for (let from = 0; from < header.rows; ) {
      const rows = await this.fitting(columns, body, from, Math.min(header.rows, from + step))
      const cells = await Promise.all(
        columns.map((column) => readCells(column, body, rows, this.dictionaryOf(column), this.typed.leftOut)),
      )
      yield this.typed.batch(cells, rows.to - rows.from)
      from = rows.to
    }
  }

  /** As many of the rows [from, most) as have text that fits a batch. */
  private async fitting(
    columns: readonly ArrowColumn[],
    body: ArrowBody,
    from: number,
    most: number,
  ): Promise<RowsOfBatch> {
    const firstRow = this.typed.nextRow
    for (let to = most; ; to = from + Math.ceil((to - from) / 2)) {
      const rows = { from, to, firstRow }
      let bytes = 0
      for (const column of columns) bytes += await textBytes(column, body, rows, this.dictionaryOf(column))
      if (bytes <= BATCH_BYTES || to - from === 1) return rows
    }
  }

  private dictionaryOf({ layout }: ArrowColumn): ArrowDictionary | undefined {
    return layout.kind === 'dictionary' ? this.dictionaries.get(layout.id) : undefined
  }
}
