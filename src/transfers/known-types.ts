import type { ColumnType } from '../frames/batch.js'

/** Columns of the desktop's own frames whose type is not left to what their first cells look like. */
export const KNOWN_TYPES: ReadonlyMap<string, ColumnType> = new Map([
  ['bar_index', 'long'],
  ['fold_number', 'long'],
  ['fold_index', 'long'],
  ['trade_index', 'long'],
  ['exit_timestamp_unix', 'long'],
])
