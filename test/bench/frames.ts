/** The frames that imports are measured with, as batches and as files of each format. */
import { createWriteStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import {
  Field as ArrowField,
  Float64,
  Int64,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  TimestampMicrosecond,
} from 'apache-arrow'
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer'
import type { Column, ColumnBatch } from '../../src/frames/batch.js'

export type Format = 'csv' | 'arrow' | 'parquet'

export interface BenchFrame {
  readonly name: string
  readonly rows: number
  readonly columns: readonly { readonly name: string; readonly type: 'double' | 'long' }[]
}

const BATCH_ROWS = 100_000
const MINUTE_US = 60_000_000n
const START_US = 1_577_836_800_000_000n // 2020-01-01

/** Bars, indicators and predictions as the desktop has them; `rows` is how many bars there are. */
export function benchFrames(rows: number): BenchFrame[] {
  const doubles = (names: readonly string[]) => names.map((name) => ({ name, type: 'double' as const }))
  return [
    { name: 'ohlcv', rows, columns: doubles(['open', 'high', 'low', 'close', 'volume', 'turnover']) },
    {
      name: 'indicators',
      rows: Math.ceil(rows / 10),
      columns: doubles(Array.from({ length: 100 }, (_, i) => `indicator_${i}`)),
    },
    {
      name: 'predictions',
      rows: Math.ceil(rows / 2),
      columns: [
        { name: 'fold_number', type: 'long' },
        ...doubles(['prediction', 'actual', 'confidence', 'long_threshold', 'short_threshold']),
      ],
    },
  ]
}

/** The rows of a frame, in time order and the same on each call. */
export function* batchesOf(frame: BenchFrame): Generator<ColumnBatch> {
  for (let firstRow = 0; firstRow < frame.rows; firstRow += BATCH_ROWS) {
    const rows = Math.min(BATCH_ROWS, frame.rows - firstRow)
    const timestamps = new BigInt64Array(rows)
    for (let i = 0; i < rows; i++) timestamps[i] = START_US + BigInt(firstRow + i) * MINUTE_US
    const columns = frame.columns.map(({ name, type }, at): Column => {
      if (type === 'long')
        return { name, type, values: BigInt64Array.from({ length: rows }, (_, i) => BigInt((firstRow + i) % 312)) }
      return { name, type, values: Float64Array.from({ length: rows }, (_, i) => priceAt(firstRow + i, at)) }
    })
    yield { rows, firstRow, timestamps, columns }
  }
}

/** Numbers with as many digits as measured ones have. */
function priceAt(row: number, column: number): number {
  return 95_000 + 4_000 * Math.sin(row / 997 + column) + Math.cos(row * 1.7 + column * 3.1)
}

/** Writes the frame as a file of its own and returns the path. */
export async function writeFrame(frame: BenchFrame, format: Format, folder: string): Promise<string> {
  const path = join(folder, `${frame.name}.${format}`)
  if (format === 'csv') await pipeline(Readable.from(csvOf(frame)), createWriteStream(path))
  else if (format === 'arrow') await writeFile(path, arrowOf(frame))
  else await writeFile(path, parquetOf(frame))
  return path
}

function* csvOf(frame: BenchFrame): Generator<string> {
  yield `timestamp,${frame.columns.map((column) => column.name).join(',')}\n`
  for (const { rows, timestamps, columns } of batchesOf(frame)) {
    let text = ''
    for (let row = 0; row < rows; row++) {
      const time = new Date(Number((timestamps[row] as bigint) / 1000n)).toISOString().replace('Z', '000Z')
      text += `${time},${columns.map(({ values }) => String(values[row])).join(',')}\n`
    }
    yield text
  }
}

function arrowOf(frame: BenchFrame): Uint8Array {
  const time = new TimestampMicrosecond('UTC')
  const schema = new Schema([
    new ArrowField('timestamp', time),
    ...frame.columns.map(({ name, type }) => new ArrowField(name, type === 'long' ? new Int64() : new Float64())),
  ])
  const writer = new RecordBatchStreamWriter()
  for (const { rows, timestamps, columns } of batchesOf(frame)) {
    const children = [
      makeData({ type: time, length: rows, data: timestamps }),
      ...columns.map(({ type, values }) =>
        type === 'long'
          ? makeData({ type: new Int64(), length: rows, data: values as BigInt64Array })
          : makeData({ type: new Float64(), length: rows, data: values as Float64Array }),
      ),
    ]
    const data = makeData({ type: new Struct(schema.fields), length: rows, nullCount: 0, children })
    writer.write(new RecordBatch(schema, data as never))
  }
  writer.finish()
  return writer.toUint8Array(true)
}

/** hyparquet-writer's TIMESTAMP counts milliseconds. */
const toMillis = (micros: bigint) => micros / 1000n

/** As pandas would write it: Snappy, which is the usual codec. */
function parquetOf(frame: BenchFrame): Uint8Array {
  const batches = [...batchesOf(frame)]
  const joined = (of: (batch: ColumnBatch) => ArrayLike<number> | BigInt64Array) =>
    batches.flatMap((batch) => Array.from(of(batch) as ArrayLike<number>))
  const columnData: ColumnSource[] = [
    { name: 'timestamp', data: joined((batch) => batch.timestamps.map(toMillis)), type: 'TIMESTAMP' },
    ...frame.columns.map(({ name, type }, at) => ({
      name,
      data: joined((batch) => (batch.columns[at] as Column).values as ArrayLike<number>),
      type: type === 'long' ? ('INT64' as const) : ('DOUBLE' as const),
    })),
  ]
  return new Uint8Array(parquetWriteBuffer({ columnData, codec: 'SNAPPY', rowGroupSize: BATCH_ROWS }))
}
