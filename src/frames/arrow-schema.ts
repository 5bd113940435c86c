import type { FlatTable } from './arrow-flatbuffer.js'
import type { ColumnType } from './batch.js'
import { frameMalformed } from './refusal.js'
import type { TimeUnit } from './time.js'
import { type TypedField, typeNotTaken } from './typed-cells.js'

/** How the values of a column lie in a record batch. */
export type ArrowLayout =
  | { readonly kind: 'float'; readonly width: 4 | 8 }
  | { readonly kind: 'int'; readonly width: 1 | 2 | 4 | 8; readonly signed: boolean }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'timestamp'; readonly width: 4 | 8; readonly unit: TimeUnit; readonly perValue: bigint }
  | { readonly kind: 'text'; readonly offsetWidth: 4 | 8 }
  | { readonly kind: 'text view' }
  | { readonly kind: 'dictionary'; readonly id: number; readonly index: IntLayout; readonly values: TextLayout }
  | { readonly kind: 'missing' }

export type IntLayout = Extract<ArrowLayout, { kind: 'int' }>
export type TextLayout = Extract<ArrowLayout, { kind: 'text' | 'text view' }>

export interface ArrowField extends TypedField {
  readonly layout: ArrowLayout
}

/** Types by their number in Arrow's Schema.fbs. */
const TYPE_NAMES = [
  'none',
  'null',
  'int',
  'float',
  'binary',
  'utf8',
  'bool',
  'decimal',
  'date',
  'time',
  'timestamp',
  'interval',
  'list',
  'struct',
  'union',
  'fixed_size_binary',
  'fixed_size_list',
  'map',
  'duration',
  'large_binary',
  'large_utf8',
  'large_list',
  'run_end_encoded',
  'binary_view',
  'utf8_view',
  'list_view',
  'large_list_view',
]

const TIMESTAMP_UNITS: readonly TimeUnit[] = ['s', 'ms', 'us', 'ns']
const SECONDS_OF_DAY = 86_400n

/** The columns of a schema. Throws `FRAME_MALFORMED` naming the column whose type has no place in a table. */
export function readSchema(schema: FlatTable): ArrowField[] {
  if (schema.int(0, 2, 0) !== 0) throw frameMalformed('the numbers are big-endian: send them little-endian')
  return schema.tables(1).map(readField)
}

function readField(field: FlatTable): ArrowField {
  const name = field.text(0) ?? ''
  const layout = readLayout(field, name)
  const encoding = field.table(4)
  if (encoding === undefined) return { name, type: typeOf(layout), layout }
  if (layout.kind !== 'text' && layout.kind !== 'text view')
    throw typeNotTaken(name, `dictionary of ${describeType(field)}`)
  const index = encoding.table(1)
  const indexLayout = index === undefined ? INT32 : readInt(index)
  if (indexLayout === undefined) throw typeNotTaken(name, 'dictionary with indices of an unknown width')
  return {
    name,
    type: 'symbol',
    layout: { kind: 'dictionary', id: encoding.long(0), index: indexLayout, values: layout },
  }
}

const INT32: IntLayout = { kind: 'int', width: 4, signed: true }

function readLayout(field: FlatTable, name: string): ArrowLayout {
  const type = field.table(3)
  switch (typeName(field)) {
    case 'null':
      return { kind: 'missing' }
    case 'int': {
      const layout = type && readInt(type)
      if (layout) return layout
      break
    }
    case 'float': {
      const precision = type?.int(0, 2, 0)
      if (precision === 1) return { kind: 'float', width: 4 }
      if (precision === 2) return { kind: 'float', width: 8 }
      break
    }
    case 'bool':
      return { kind: 'boolean' }
    case 'utf8':
      return { kind: 'text', offsetWidth: 4 }
    case 'large_utf8':
      return { kind: 'text', offsetWidth: 8 }
    case 'utf8_view':
      return { kind: 'text view' }
    case 'date':
      if (type?.int(0, 2, 1) === 0) return { kind: 'timestamp', width: 4, unit: 's', perValue: SECONDS_OF_DAY }
      return { kind: 'timestamp', width: 8, unit: 'ms', perValue: 1n }
    case 'timestamp': {
      const unit = TIMESTAMP_UNITS[type?.int(0, 2, 0) ?? -1]
      if (unit) return { kind: 'timestamp', width: 8, unit, perValue: 1n }
      break
    }
  }
  throw typeNotTaken(name, describeType(field))
}

function readInt(type: FlatTable): IntLayout | undefined {
  const width = type.int(0, 4, 0) / 8
  if (width !== 1 && width !== 2 && width !== 4 && width !== 8) return undefined
  return { kind: 'int', width, signed: type.int(1, 1, 0) !== 0 }
}

function typeName(field: FlatTable): string {
  return TYPE_NAMES[field.int(2, 1, 0)] ?? 'unknown'
}

function describeType(field: FlatTable): string {
  const name = typeName(field)
  return name === 'float' && field.table(3)?.int(0, 2, 0) === 0 ? 'half-precision float' : name
}

function typeOf(layout: ArrowLayout): ColumnType | 'missing' {
  switch (layout.kind) {
    case 'float':
      return 'double'
    case 'int':
      return 'long'
    case 'text':
    case 'text view':
      return 'varchar'
    case 'dictionary':
      return 'symbol'
    default:
      return layout.kind
  }
}
