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

/** Values of one kind, one after the other. */
export type Dense = Float64Array | BigInt64Array | Uint8Array | string[]

/** The same values as cells of that many rows: a value for each row that `valid` marks. */
export function spread(dense: Dense, valid: Uint8Array): Dense {
  if (Array.isArray(dense)) {
    let next = 0
    return Array.from(valid, (present) => (present === 1 ? (dense[next++] as string) : ''))
  }
  const cells = new (dense.constructor as new (rows: number) => Exclude<Dense, string[]>)(valid.length)
  for (let row = 0, next = 0; row < valid.length; row++) if (valid[row] === 1) cells[row] = dense[next++] as never
  return cells
}

/** The cells of rows [from, to), in arrays of their own. */
export function sliceCells(cells: TypedCells, from: number, to: number): TypedCells {
  if (cells.kind === 'missing') return cells
  const valid = cells.valid === undefined ? {} : { valid: cells.valid.slice(from, to) }
  return { ...cells, values: cells.values.slice(from, to), ...valid } as TypedCells
}

/** Cells of one column as one, the later rows after the earlier ones. */
export function joinCells(parts: readonly TypedCells[]): TypedCells {
  const [first] = parts
  if (parts.length === 1 || first === undefined || first.kind === 'missing') return first as TypedCells
  const columns = parts as readonly Exclude<TypedCells, { kind: 'missing' }>[]
  const values = joinDense(columns.map((part) => part.values))
  if (columns.every((part) => part.valid === undefined)) return { ...first, values } as TypedCells
  const valid = joinDense(columns.map((part) => part.valid ?? new Uint8Array(part.values.length).fill(1)))
  return { ...first, values, valid } as TypedCells
}

function joinDense(parts: readonly Dense[]): Dense {
  const first = parts[0] as Dense
  if (Array.isArray(first)) return (parts as readonly string[][]).flat()
  const rows = parts.reduce((sum, part) => sum + part.length, 0)
  const whole = new (first.constructor as new (rows: number) => Float64Array)(rows)
  let at = 0
  for (const part of parts) {
    whole.set(part as Float64Array, at)
    at += part.length
  }
  return whole
}
