import type { SchemaElement } from 'hyparquet'
import { frameMalformed } from './refusal.js'
import type { TimeUnit } from './time.js'
import { type TypedField, typeNotTaken } from './typed-cells.js'

/** How the values of a column lie in its pages, and what they mean. */
export type ParquetLayout =
  | { readonly kind: 'float'; readonly physical: 'FLOAT' | 'DOUBLE' }
  | { readonly kind: 'int'; readonly physical: 'INT32' | 'INT64'; readonly signed: boolean }
  | { readonly kind: 'boolean'; readonly physical: 'BOOLEAN' }
  | { readonly kind: 'text'; readonly physical: 'BYTE_ARRAY' }
  | {
      readonly kind: 'timestamp'
      readonly physical: 'INT32' | 'INT64' | 'INT96'
      readonly unit: TimeUnit
      readonly perValue: bigint
    }
  | { readonly kind: 'missing'; readonly physical: SchemaElement['type'] }

export interface ParquetField extends TypedField {
  readonly layout: ParquetLayout
  /** Cells may be missing. */
  readonly optional: boolean
}

const SECONDS_OF_DAY = 86_400n
const UNITS: Readonly<Record<string, TimeUnit>> = { MILLIS: 'ms', MICROS: 'us', NANOS: 'ns' }

/** The columns of a schema. Throws `FRAME_MALFORMED` naming the column whose type has no place in a table. */
export function readParquetSchema(schema: readonly SchemaElement[]): ParquetField[] {
  const [root, ...columns] = schema
  for (const { name, num_children, repetition_type } of columns) {
    if (typeof name !== 'string') throw frameMalformed('a column has no name')
    if (num_children !== undefined && num_children > 0) throw typeNotTaken(name, 'group (nested)')
    if (repetition_type === 'REPEATED') throw typeNotTaken(name, 'list')
  }
  if (root?.num_children !== columns.length) throw frameMalformed('the schema names another number of columns')
  return columns.map((element) => {
    const layout = readLayout(element)
    if (layout === undefined) throw typeNotTaken(element.name, describe(element))
    const type = typeOf(layout)
    return { name: element.name, type, layout, optional: element.repetition_type !== 'REQUIRED' }
  })
}

function readLayout({ type, converted_type, logical_type }: SchemaElement): ParquetLayout | undefined {
  const meaning = logical_type?.type ?? converted_type
  if (meaning === 'NULL') return { kind: 'missing', physical: type }
  switch (type) {
    case 'FLOAT':
    case 'DOUBLE':
      return meaning === undefined ? { kind: 'float', physical: type } : undefined
    case 'BOOLEAN':
      return { kind: 'boolean', physical: type }
    case 'BYTE_ARRAY':
      return ['STRING', 'UTF8', 'ENUM', 'JSON'].includes(meaning ?? '') ? { kind: 'text', physical: type } : undefined
    case 'INT96':
      return { kind: 'timestamp', physical: type, unit: 'ns', perValue: 1n }
    case 'INT32':
    case 'INT64':
      if (meaning === 'DATE' && type === 'INT32')
        return { kind: 'timestamp', physical: type, unit: 's', perValue: SECONDS_OF_DAY }
      if (meaning?.startsWith('TIMESTAMP') && type === 'INT64') {
        const name = logical_type?.type === 'TIMESTAMP' ? logical_type.unit : converted_type?.replace('TIMESTAMP_', '')
        const unit = UNITS[name ?? '']
        return unit && { kind: 'timestamp', physical: type, unit, perValue: 1n }
      }
      if (meaning === undefined || meaning === 'INTEGER' || meaning.startsWith('INT_') || meaning.startsWith('UINT_')) {
        const signed = logical_type?.type === 'INTEGER' ? logical_type.isSigned : !meaning?.startsWith('UINT_')
        return { kind: 'int', physical: type, signed }
      }
      return undefined
    default:
      return undefined
  }
}

function typeOf(layout: ParquetLayout): TypedField['type'] {
  if (layout.kind === 'float') return 'double'
  if (layout.kind === 'int') return 'long'
  return layout.kind === 'text' ? 'varchar' : layout.kind
}

function describe({ type, converted_type, logical_type }: SchemaElement): string {
  const meaning = logical_type?.type ?? converted_type
  return `${meaning ?? (type === 'BYTE_ARRAY' ? 'binary' : (type ?? 'unknown'))}`.toLowerCase()
}
