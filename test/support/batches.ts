/** Batches of decoders as tests look at them, and frames in files for decoders that read files. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DomainError } from '../../src/errors.js'
import type { ColumnBatch } from '../../src/frames/batch.js'
import type { DecodeOptions } from '../../src/frames/decode.js'
import { decodeFrame, type FrameSource } from '../../src/frames/open.js'

export const INFER: DecodeOptions = { otherwise: 'infer' }

/** All batches of a frame that is laid down in a file. */
export async function decodeBytes(
  format: FrameSource['format'],
  bytes: Uint8Array,
  options: DecodeOptions = INFER,
): Promise<ColumnBatch[]> {
  const path = freePaths.pop() ?? join(laidDown(), `frame-${paths++}`)
  try {
    writeFileSync(path, bytes)
    const batches: ColumnBatch[] = []
    for await (const batch of decodeFrame({ path, format }, options)) batches.push(batch)
    return batches
  } finally {
    freePaths.push(path)
  }
}

// Files are written over again: thousands of new ones would cost more than all decoding.
const freePaths: string[] = []
let paths = 0
let folder: string | undefined

function laidDown(): string {
  if (folder !== undefined) return folder
  const made = mkdtempSync(join(tmpdir(), 'stage1-test-frames-'))
  process.once('exit', () => rmSync(made, { recursive: true, force: true }))
  folder = made
  return made
}

/** The refusal of a frame; anything else that is thrown, or nothing, fails the test. */
export async function refusalOf(
  format: FrameSource['format'],
  bytes: Uint8Array,
  options: DecodeOptions = INFER,
): Promise<DomainError> {
  try {
    await decodeBytes(format, bytes, options)
  } catch (error) {
    if (error instanceof DomainError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

/** Microseconds of every row. */
export function timesOf(batches: readonly ColumnBatch[]): number[] {
  return batches.flatMap((batch) => [...batch.timestamps].map(Number))
}

/** The columns' types by name. */
export function typesOf(batches: readonly ColumnBatch[]): Record<string, string> {
  return Object.fromEntries((batches[0]?.columns ?? []).map((column) => [column.name, column.type]))
}

/** The cells of one column, undefined where one is missing. */
export function cellsOf(batches: readonly ColumnBatch[], name: string): unknown[] {
  return batches.flatMap((batch) => {
    const column = batch.columns.find((other) => other.name === name)
    if (column === undefined) return []
    if (column.values.length !== batch.rows) throw new Error(`${name} has ${column.values.length} cells`)
    return Array.from<unknown, unknown>(column.values, (value, row) =>
      column.valid === undefined || column.valid[row] === 1 ? value : undefined,
    )
  })
}
