/**
 * A piece of a frame on its way through the server: whole rows, laid out by column.
 *
 * Every decoder makes batches and every encoder takes them, so a format meets the database here and nowhere
 * else. A batch owns its arrays: whoever receives it may keep them, send them to another thread or write to them.
 */
export type ColumnType = 'double' | 'long' | 'boolean' | 'varchar' | 'symbol' | 'timestamp'

interface Named {
  readonly name: string
  /** One byte a row, 1 = the cell has a value. Left out when every cell has one. */
  readonly valid?: Uint8Array
}

/** A missing double is NaN in `values` too, so that an encoder which knows only NaN loses nothing. */
export interface DoubleColumn extends Named {
  readonly type: 'double'
  readonly values: Float64Array
}

export interface LongColumn extends Named {
  readonly type: 'long'
  readonly values: BigInt64Array
}

/** 0 or 1 a row. */
export interface BooleanColumn extends Named {
  readonly type: 'boolean'
  readonly values: Uint8Array
}

/** A missing text is '' in `values`; only `valid` tells it from text that is empty. */
export interface TextColumn extends Named {
  readonly type: 'varchar' | 'symbol'
  readonly values: string[]
}

/** Microseconds since 1970, UTC. */
export interface TimestampColumn extends Named {
  readonly type: 'timestamp'
  readonly values: BigInt64Array
}

export type Column = DoubleColumn | LongColumn | BooleanColumn | TextColumn | TimestampColumn

export interface ColumnBatch {
  readonly rows: number
  /** Place of the first row in the whole frame, 0-based. Where rows were left out, the later ones stood further on than it tells. */
  readonly firstRow: number
  /** The designated timestamp of each row: microseconds since 1970, UTC. Never missing. */
  readonly timestamps: BigInt64Array
  /** Each as long as the batch; names differ by more than case. The designated timestamp is not among them. */
  readonly columns: readonly Column[]
}
