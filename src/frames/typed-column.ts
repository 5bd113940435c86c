import type { Column, ColumnType } from './batch.js'
import type { CellFaults } from './left-out.js'
import { fitsDouble } from './number.js'
import { type Refusal, unexpected } from './refusal.js'
import { RowColumn } from './row-column.js'
import { areMicros, microsFromLong, refuseTime } from './time.js'
import type { TypedCells } from './typed-cells.js'

/** QuestDB keeps the least long for "no value", so it would come back as missing. */
const LEAST_LONG = -(2n ** 63n)

/**
 * The part of a batch that these cells make in a column of type `to`.
 *
 * Cells of that type are taken as they are. Others are converted where nothing is lost: whole numbers and doubles into each
 * other, 0 and 1 to booleans, text that writes a number or a time. `CELL_INVALID` or `TIMESTAMP_OUT_OF_RANGE` with row and column
 * goes to `faults` for each cell that can't be taken. Not-a-number is a missing double, as everywhere.
 */
export function columnFrom(name: string, cells: TypedCells, to: ColumnType, rows: number, faults: CellFaults): Column {
  switch (cells.kind) {
    case 'double':
      if (to === 'double') return doubles(name, cells, faults)
      break
    case 'long':
      if (to === 'long') return longs(name, cells, faults)
      break
    case 'timestamp':
      if (to === 'timestamp') return timestamps(name, cells, faults)
      break
    case 'boolean':
      if (to === 'boolean') return { name, type: to, values: cells.values, ...presence(cells.valid) }
      break
    case 'text':
      if (to === 'varchar' || to === 'symbol') return texts(name, cells, to, faults)
      break
  }
  return converted(name, cells, to, rows, faults)
}

type CellsOf<K extends TypedCells['kind']> = Extract<TypedCells, { kind: K }>

function doubles(name: string, { values, valid }: CellsOf<'double'>, faults: CellFaults): Column {
  let present = valid
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number
    // A difference of a finite number with itself is 0, of all others it is not: one test for the common case.
    if (value - value === 0 && valid === undefined) continue
    if (valid?.[row] === 0) values[row] = Number.NaN
    else if (Number.isNaN(value)) {
      present ??= new Uint8Array(values.length).fill(1)
      present[row] = 0
    } else if (!Number.isFinite(value)) faults.refuse(row, value, unexpected(value, 'a finite number or null'))
  }
  return { name, type: 'double', values, ...presence(present) }
}

function longs(name: string, { values, valid }: CellsOf<'long'>, faults: CellFaults): Column {
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as bigint
    if (valid?.[row] === 0) values[row] = 0n
    else if (value === LEAST_LONG)
      faults.refuse(row, value, unexpected(value, 'a whole number above -2^63, which tables keep for "no value"'))
  }
  return { name, type: 'long', values, ...presence(valid) }
}

function texts(
  name: string,
  { values, valid }: CellsOf<'text'>,
  type: 'varchar' | 'symbol',
  faults: CellFaults,
): Column {
  for (let row = 0; row < values.length; row++) faults.checkText(row, values[row] as string)
  return { name, type, values, ...presence(valid) }
}

function timestamps(name: string, { values, valid, unit }: CellsOf<'timestamp'>, faults: CellFaults): Column {
  if (unit === 'us' && valid === undefined && areMicros(values)) return { name, type: 'timestamp', values }
  const micros = new BigInt64Array(values.length)
  for (let row = 0; row < values.length; row++) {
    if (valid?.[row] === 0) continue
    const value = values[row] as bigint
    const time = microsFromLong(value, unit)
    if (time === undefined) faults.refuse(row, value, refuseTime(value, unit))
    else micros[row] = time
  }
  return { name, type: 'timestamp', values: micros, ...presence(valid) }
}

function converted(name: string, cells: TypedCells, to: ColumnType, rows: number, faults: CellFaults): Column {
  const column = new RowColumn(name, to)
  for (let row = 0; row < rows; row++) {
    if (cells.kind === 'missing' || cells.valid?.[row] === 0) continue
    const value = cells.kind === 'boolean' ? cells.values[row] === 1 : (cells.values[row] as number | bigint | string)
    const refusal =
      cells.kind === 'timestamp' ? unexpected(value, `${to} and no timestamp`) : readInto(column, value, to, row)
    if (refusal !== undefined) faults.refuse(row, value, refusal)
  }
  return column.finish(rows) as Column
}

function readInto(
  column: RowColumn,
  value: number | bigint | string | boolean,
  to: ColumnType,
  row: number,
): Refusal | undefined {
  if (typeof value === 'number' && Number.isNaN(value)) return undefined
  if (typeof value !== 'bigint') return column.read(value, row)
  if (to === 'double' && !fitsDouble(value)) return unexpected(value, 'a whole number that a double holds exactly')
  const safe = value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER
  return column.read(safe || to === 'double' ? Number(value) : String(value), row)
}

function presence(valid: Uint8Array | undefined): { valid?: Uint8Array } {
  return valid === undefined ? {} : { valid }
}
