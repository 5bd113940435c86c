import type { ColumnType } from './batch.js'
import { frameMalformed } from './refusal.js'
import type { TimeUnit } from './time.js'

/**
 * Cells of one column as a columnar format holds them, for some rows: the type is the format's word, nothing is found out from values. `valid`
 * has one byte a row, 1 = the cell has a value; left out when every cell has one.
 */
export type TypedCells = (
  | { readonly kind: 'double'; readonly values: Float64Array }
  | { readonly kind: 'long'; readonly values: BigInt64Array }
  | { readonly kind: 'boolean'; readonly values: Uint8Array }
  | { readonly kind: 'text'; readonly values: string[] }
  | { readonly kind: 'timestamp'; readonly values: BigInt64Array; readonly unit: TimeUnit }
  | { readonly kind: 'missing' }
) & { readonly valid?: Uint8Array }

/** One column as the format's schema tells it. A 'missing' column has a name and no type and no value. */
export interface TypedField {
  readonly name: string
  readonly type: ColumnType | 'missing'
}

/** A column whose type has no place in a table. */
export function typeNotTaken(column: string, type: string): Error {
  return frameMalformed(
    `column ${JSON.stringify(column)} is of type ${type}, which is not taken: send numbers, booleans, text, dates or timestamps`,
    { column, type },
  )
}
