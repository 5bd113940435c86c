import type { ColumnType, JSONColumnType } from 'kysely'

/** `bigint` comes as a number (all of ours are far below 2^53) and may be written as one. */
export type Int8 = ColumnType<number, number, number>
export type Timestamp = ColumnType<Date, Date | string, Date | string>
export type Json = JSONColumnType<Record<string, unknown>>
