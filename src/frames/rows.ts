/**
 * Reads a frame from the bytes of a JSON array of row objects, `[{"timestamp": 1704067200000, "close": 1.5}, …]`.
 *
 * The array may be larger than memory should hold, so it is cut into whole rows by their brackets (row-slices.ts) and
 * parsed a slice at a time with the parser that is built in, which is faster than any streaming one. It promises what
 * csv.ts promises: columns of one type each, times in microseconds UTC, every member a value of its column's type,
 * null (missing), or an error with the row, the column and the value, unless such rows are to be left out. Rows need not have the same members: one that
 * is absent is missing, a new one makes a new column. Values are never nested, and no name stands twice in a row.
 * A source that ends early is an error; leaving the generator closes the source. Rows handed out before an error say
 * nothing about the rest. An empty array gives no batch.
 */
import type { DomainError } from '../errors.js'
import type { ColumnBatch, ColumnType } from './batch.js'
import { TimestampBuilder } from './builders.js'
import { CLOCK_EXPECTED, ClockReader, DATE_EXPECTED, microsOfDate } from './clock.js'
import { ColumnNames } from './column-names.js'
import { type DecodeOptions, isFullBatch, typesByName } from './decode.js'
import { LeftOutRows } from './left-out.js'
import { type Place, type Refusal, refusedAt, unexpected } from './refusal.js'
import { RowColumn } from './row-column.js'
import { parseRows } from './row-parse.js'
import { rowSlices } from './row-slices.js'
import { microsFromNumber, microsToIso, microsToMillis, timeToMicros, timeToMillis } from './time.js'
import { findTimeSource, isTimeName, type TimeSource } from './time-column.js'

type Row = Readonly<Record<string, unknown>>

/**
 * The batches of a JSON array of flat row objects. Rows keep their order. `firstByte` is the position of the array
 * in the body it stands in, for errors.
 * Throws `JSON_MALFORMED` with `byte`, and with `row` (0-based) and `column` `FRAME_MALFORMED`,
 * `TIMESTAMP_COLUMN_MISSING`, `TIMESTAMP_OUT_OF_RANGE`, `CELL_INVALID`, `COLUMN_NAME_INVALID`.
 */
export async function* decodeRows(
  source: AsyncIterable<Uint8Array>,
  options: DecodeOptions,
  firstByte = 0,
): AsyncGenerator<ColumnBatch> {
  const frame = new RowFrame(options)
  for await (const slice of rowSlices(source, firstByte)) {
    frame.bytes += slice.bytes.length
    for (const row of parseRows(slice)) {
      frame.read(row)
      if (frame.isFull) yield frame.takeBatch()
    }
  }
  if (frame.rows > 0) yield frame.takeBatch()
}

/** A member as the rows spell it. */
interface Slot {
  readonly name: string
  readonly mayBeTime: boolean
  /** Made when a value is to be kept: a member that is the time has none. */
  column: RowColumn | undefined
  /** The row that has made the column. */
  since: number
}

/** Where the rows at hand have their time, and which members are not columns because of it. */
interface TimePlan {
  readonly source: TimeSource
  readonly candidates: readonly Slot[]
  readonly skipped: readonly Slot[]
  /** A `timestamp_ms` beside `timestamp`, as this server's own answers have it: it must say the same. */
  readonly twin: string | undefined
}

class RowFrame {
  rows = 0
  /** Bytes of text behind the batch, counted a slice at a time. */
  bytes = 0
  private firstRow = 0
  private times = new TimestampBuilder()
  private readonly clock = new ClockReader()
  private readonly names = new ColumnNames()
  private readonly slots = new Map<string, Slot>()
  /** The members of the last row, in its order, which is mostly the order of the next. */
  private readonly order: Slot[] = []
  private plan: TimePlan | undefined
  private readonly types: ReadonlyMap<string, ColumnType>
  private readonly leftOut: LeftOutRows

  constructor(private readonly options: DecodeOptions) {
    this.types = typesByName(options)
    this.leftOut = new LeftOutRows(options.leaveOut)
  }

  get isFull(): boolean {
    return isFullBatch(this.rows, this.slots.size, this.bytes, this.options)
  }

  read(row: Row): void {
    try {
      this.readMembers(row)
    } catch (error) {
      this.leftOut.add(this.nextRow, error)
      // A column that this row has begun knows its type from it only.
      for (const slot of this.order) if (slot.since === this.nextRow) slot.column = undefined
    }
    this.rows++
  }

  /** The rows read since the last batch, without those left out. */
  takeBatch(): ColumnBatch {
    const { rows, firstRow } = this
    const columns = [...this.slots.values()].flatMap((slot) => slot.column?.finish(rows) ?? [])
    const timestamps = this.times.finish('timestamp', rows).values
    this.times = new TimestampBuilder()
    this.firstRow += rows
    this.rows = 0
    this.bytes = 0
    return this.leftOut.cutFrom({ rows, firstRow, timestamps, columns })
  }

  /** Place in the whole frame of the row that is read or comes next. */
  private get nextRow(): number {
    return this.firstRow + this.rows
  }

  private readMembers(row: Row): void {
    const plan = this.putInOrder(row) || this.plan === undefined ? this.planTime() : this.plan
    this.times.set(this.rows, this.timeOf(row, plan))
    for (const slot of this.order) {
      const value = row[slot.name]
      if (value === null || plan.skipped.includes(slot)) continue
      slot.column ??= this.newColumn(slot)
      const unstorable = typeof value === 'string' ? this.leftOut.refusalOf(value) : undefined
      const refusal = unstorable ?? slot.column.read(value, this.rows)
      if (refusal !== undefined) throw this.refused(slot.name, value, refusal)
    }
  }

  /** Brings `order` to the members of this row; true when they are not those of the row before. */
  private putInOrder(row: Row): boolean {
    let changed = false
    let index = 0
    for (const name in row) {
      if (this.order[index]?.name !== name) {
        this.order[index] = this.slots.get(name) ?? this.newSlot(name)
        changed = true
      }
      index++
    }
    if (index < this.order.length) {
      this.order.length = index
      changed = true
    }
    return changed
  }

  private planTime(): TimePlan {
    const candidates = this.order.filter((slot) => slot.mayBeTime)
    const known = this.plan?.candidates
    if (this.plan !== undefined && sameSlots(known ?? [], candidates)) return this.plan
    this.plan = undefined
    const names = this.order.map((slot) => slot.name)
    const source = findTimeSource(names, this.options.timestampColumn, { row: this.nextRow })
    const own = source.kind === 'column' ? candidates.filter((slot) => slot.name === source.column) : []
    const isTimestamp = source.kind === 'column' && source.column.toLowerCase() === 'timestamp'
    const twins = isTimestamp ? candidates.filter((slot) => slot.name.toLowerCase() === 'timestamp_ms') : []
    this.plan = { source, candidates, skipped: [...own, ...twins], twin: twins[0]?.name }
    return this.plan
  }

  private timeOf(row: Row, { source, twin }: TimePlan): number {
    if (source.kind === 'date and time') return this.timeOfDate(row, source.date, source.time)
    const value = row[source.column]
    const micros = typeof value === 'number' ? microsFromNumber(value, this.options.timestampUnit) : undefined
    const time = micros ?? timeToMicros(value, this.options.timestampUnit, this.place(source.column))
    if (twin !== undefined) this.checkTwin(twin, row[twin], time)
    return time
  }

  private timeOfDate(row: Row, dateName: string, timeName: string): number {
    const date = microsOfDate(String(row[dateName]))
    if (date === undefined) throw this.refused(dateName, row[dateName], unexpected(row[dateName], DATE_EXPECTED))
    const clock = this.clock.micros(String(row[timeName]))
    if (clock === undefined) throw this.refused(timeName, row[timeName], unexpected(row[timeName], CLOCK_EXPECTED))
    return date + clock
  }

  private checkTwin(name: string, value: unknown, time: number): void {
    if (value === null || timeToMillis(value, this.place(name)) === microsToMillis(time)) return
    throw this.refused(name, value, unexpected(value, `the same time as "timestamp", ${microsToIso(time)}`))
  }

  private newSlot(name: string): Slot {
    this.names.add(name, { row: this.nextRow })
    const chosen = this.options.timestampColumn?.toLowerCase() === name.toLowerCase()
    const slot = { name, mayBeTime: chosen || isTimeName(name), column: undefined, since: -1 }
    this.slots.set(name, slot)
    return slot
  }

  private newColumn(slot: Slot): RowColumn {
    const { name } = slot
    slot.since = this.nextRow
    const otherwise = this.options.otherwise === 'double' ? 'double' : undefined
    return new RowColumn(name, this.types.get(name.toLowerCase()) ?? otherwise)
  }

  private refused(column: string, value: unknown, refusal: Refusal): DomainError {
    return refusedAt(this.place(column), value, refusal)
  }

  private place(column: string): Place {
    return { row: this.nextRow, column }
  }
}

function sameSlots(some: readonly Slot[], others: readonly Slot[]): boolean {
  return some.length === others.length && some.every((slot, index) => slot === others[index])
}
