/** Frames as Arrow tables; an entry of its own, since it needs the package `apache-arrow`. */
import { RecordBatchReader, Table, tableToIPC } from 'apache-arrow'
import type { Schemas, Stage1 } from './client.js'
import {
  type CallOptions,
  exportFrame,
  type ImportOptions,
  type ImportReceipt,
  importFrame,
  type SendFrameOptions,
} from './frames.js'

/** The rows that the request asks for as a table. @throws Stage1Error */
export async function readTable(
  client: Stage1,
  request: Omit<Schemas['ExportRequest'], 'format'>,
  options: CallOptions = {},
): Promise<Table> {
  const bytes = await exportFrame(client, { ...request, format: 'arrow' }, options)
  const reader = await RecordBatchReader.from(bytes)
  return new Table(await reader.readAll())
}

/** Stores the table's rows in a measurement. @throws Stage1Error that names row and column of a fault */
export async function writeTable(
  client: Stage1,
  frame: { readonly measurement: string; readonly table: Table } & ImportOptions,
  options: SendFrameOptions = {},
): Promise<ImportReceipt> {
  const { table, ...target } = frame
  const body = tableToIPC(table, 'stream') as Uint8Array<ArrayBuffer>
  return importFrame(client, { ...target, media: 'application/vnd.apache.arrow.stream', body }, options)
}
