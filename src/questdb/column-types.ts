import type { ColumnType } from '../frames/batch.js'

const QUESTDB_TYPES: Readonly<Record<ColumnType, string>> = {
  double: 'DOUBLE',
  long: 'LONG',
  boolean: 'BOOLEAN',
  varchar: 'VARCHAR',
  symbol: 'SYMBOL',
  timestamp: 'TIMESTAMP',
}

// What line protocol lets into a column of each type: a float never into a whole-number column, a date as a timestamp.
const WRITABLE_AS: Readonly<Record<string, ColumnType>> = {
  DOUBLE: 'double',
  FLOAT: 'double',
  DECIMAL: 'double',
  LONG: 'long',
  INT: 'long',
  SHORT: 'long',
  BYTE: 'long',
  BOOLEAN: 'boolean',
  VARCHAR: 'varchar',
  STRING: 'varchar',
  CHAR: 'varchar',
  UUID: 'varchar',
  IPV4: 'varchar',
  LONG256: 'varchar',
  GEOHASH: 'varchar',
  SYMBOL: 'symbol',
  TIMESTAMP: 'timestamp',
  TIMESTAMP_NS: 'timestamp',
  DATE: 'timestamp',
}

/** The type a new column is created with. */
export function questDbType(type: ColumnType): string {
  return QUESTDB_TYPES[type]
}

/**
 * The type a batch must carry for an existing column; undefined when rows cannot reach it (BINARY, arrays).
 * A narrower column (INT, CHAR, UUID, …) still refuses values that it cannot hold.
 */
export function writableAs(type: string): ColumnType | undefined {
  return WRITABLE_AS[type.replace(/\(.*$/, '').toUpperCase()]
}
