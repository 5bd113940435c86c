/**
 * Reads a frame from a Parquet file.
 *
 * It promises what the reader of Arrow promises: exact values, types by the schema, flat memory, and that a file of a stranger is
 * read or refused and nothing else. Row groups may be of any size, since columns are read side by side, a page of each at a time.
 * Nested columns, decimals, binary, UUIDs and times of day are refused by name, and encrypted files too. Dictionaries are an encoding
 * here and no type: text is text.
 *
 * The library `hyparquet` reads the footer, the headers of pages and packed differences, each after a check that it can't be led astray; its
 * runs and its Snappy go on for ever in some damaged files, and of whole columns it holds every value as an object.
 */
import type { ColumnBatch } from './batch.js'
import { BATCH_BYTES, type DecodeOptions, rowsPerBatch } from './decode.js'
import type { FrameFile } from './frame-file.js'
import { loadCodecs } from './parquet-codecs.js'
import { OpenPages, ParquetColumn } from './parquet-column.js'
import { type ColumnChunk, type RowGroup, readParquetFooter } from './parquet-footer.js'
import type { ValueField } from './parquet-page.js'
import type { ParquetField } from './parquet-schema.js'
import { sliceCells, type TypedCells } from './typed-cells.js'
import { TypedFrame } from './typed-frame.js'

/**
 * The batches of a Parquet file. Rows keep their order.
 * Throws `FRAME_MALFORMED`, `TIMESTAMP_COLUMN_MISSING`, `TIMESTAMP_OUT_OF_RANGE` and `CELL_INVALID`, of cells with `row`
 * (0-based) and `column`.
 */
export async function* decodeParquet(file: FrameFile, options: DecodeOptions): AsyncGenerator<ColumnBatch> {
  const { fields, groups } = await readParquetFooter(file)
  const frame = new TypedFrame(fields, options)
  const step = rowsPerBatch(fields.length, options)
  for (const group of groups) {
    await loadCodecs(group.chunks)
    const columns = openColumns(file, fields, group)
    for (let from = 0; from < group.rows; from += step) {
      const rows = Math.min(step, group.rows - from)
      const cells: TypedCells[] = []
      for (const column of columns)
        cells.push((await column?.take(rows, frame.nextRow, frame.leftOut)) ?? { kind: 'missing' })
      for (const part of partsOfText(cells, rows)) yield frame.batch(part.cells, part.rows)
    }
    for (const column of columns) column?.close()
  }
}

/** By field; undefined for columns without a type. */
function openColumns(file: FrameFile, fields: readonly ParquetField[], group: RowGroup): (ParquetColumn | undefined)[] {
  const open = new OpenPages()
  return fields.map((field, index) =>
    field.layout.kind === 'missing'
      ? undefined
      : new ParquetColumn(file, field as ValueField, group.chunks[index] as ColumnChunk, open, group.rows),
  )
}

/** The rows in as few parts as have no more text than a batch may: a dictionary's long text can stand in every row. */
function* partsOfText(
  cells: readonly TypedCells[],
  rows: number,
): Generator<{ cells: readonly TypedCells[]; rows: number }> {
  let bytes = 0
  for (const column of cells) if (column.kind === 'text') for (const text of column.values) bytes += text.length
  if (bytes <= BATCH_BYTES || rows === 1) return yield { cells, rows }
  const half = Math.ceil(rows / 2)
  for (const [from, to] of [
    [0, half],
    [half, rows],
  ] as const) {
    yield* partsOfText(
      cells.map((column) => sliceCells(column, from, to)),
      to - from,
    )
  }
}
