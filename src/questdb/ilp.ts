import type { Column, ColumnBatch } from '../frames/batch.js'
import { DIGITS_MAX, putInteger, putText, QUOTED, UNQUOTED } from './ilp-cells.js'
import { unstorableText } from './storable-text.js'

/**
 * Column batches as InfluxDB line protocol, version 2 of QuestDB's dialect (doubles travel as their eight bytes).
 *
 * Promises: the bytes are those that QuestDB's official client would send for the same rows, symbols first, then
 * the other columns in their order; every value that goes in comes out of QuestDB as it was. A missing cell is left
 * out of its line. A row in which every cell is missing is kept: its line carries the designated timestamp twice,
 * as a field too, because a line needs at least one.
 *
 * What cannot be kept is refused with CELL_INVALID and its row and column: text with a U+0000 (a symbol is refused
 * by QuestDB, a VARCHAR breaks its JSON) or with half a surrogate pair (has no UTF-8). Two numbers mean "missing" to
 * QuestDB and come out as null: NaN, and the lowest 64-bit integer in a long or a timestamp.
 *
 * It does not check names, types or times: the table and QuestDB do. Everything that is the same in each row is
 * prepared once, so that a row costs a few stores a cell; the official client does 20 to 40 times less a second.
 */
export interface EncodedLines {
  readonly bytes: Buffer
  /** Place of the first of these rows in the whole frame, 0-based. */
  readonly firstRow: number
  readonly rows: number
}

export interface EncodeOptions {
  /** The table's designated timestamp column; `timestamp` unless said. */
  readonly designated?: string
}

/** All rows of a batch as lines for one table. */
export function encodeBatch(table: string, batch: ColumnBatch, options: EncodeOptions = {}): Buffer {
  return encodeRows(planOf(table, batch, options), batch, 0, batch.rows)
}

/** The rows of a batch in pieces of whole lines, each about `targetBytes` (4 MB) long or less. */
export function* encodeInPieces(
  table: string,
  batch: ColumnBatch,
  options: EncodeOptions & { readonly targetBytes?: number } = {},
): Generator<EncodedLines> {
  const plan = planOf(table, batch, options)
  const perRow = plan.rowBytes + averageTextBytes(plan, batch.rows)
  const step = Math.max(1, Math.floor((options.targetBytes ?? 4_194_304) / perRow))
  for (let from = 0; from < batch.rows; from += step) {
    const to = Math.min(from + step, batch.rows)
    yield { bytes: encodeRows(plan, batch, from, to), firstRow: batch.firstRow + from, rows: to - from }
  }
}

const KIND = { double: 0, long: 1, timestamp: 2, boolean: 3, varchar: 4, symbol: 5 } as const
const VALUE_BYTES = { double: 8, long: DIGITS_MAX + 1, timestamp: DIGITS_MAX + 1, boolean: 1, varchar: 2, symbol: 0 }

/** The bytes that stand before a value, in steps of four: the rest of the last step is overwritten by what follows. */
interface Fragment {
  readonly words: Int32Array
  readonly length: number
}

/** One column made ready; all have the same shape, and only the array of their kind is filled, which keeps rows fast. */
interface CellPlan {
  readonly kind: number
  readonly name: string
  readonly before: Fragment
  readonly valid: Uint8Array | undefined
  readonly doubles: Float64Array
  readonly words: Int32Array
  readonly flags: Uint8Array
  readonly texts: readonly string[]
}

interface Plan {
  readonly table: Fragment
  readonly symbols: readonly CellPlan[]
  readonly fields: readonly CellPlan[]
  readonly times: Int32Array
  readonly timeAsField: Fragment
  /** What a row takes at most, without the characters of its text. */
  readonly rowBytes: number
}

function planOf(table: string, batch: ColumnBatch, options: EncodeOptions): Plan {
  const cells = batch.columns.map(cellPlanOf)
  const plan = {
    table: fragment(escaped(table)),
    symbols: cells.filter(({ kind }) => kind === KIND.symbol),
    fields: cells.filter(({ kind }) => kind !== KIND.symbol),
    times: wordsOf(batch.timestamps),
    timeAsField: fragment(` ${escaped(options.designated ?? 'timestamp')}=`),
  }
  const cellBytes = cells.reduce((sum, { before }, i) => sum + before.length + VALUE_BYTES[batch.columns[i]!.type], 0)
  const timeBytes = 2 * (DIGITS_MAX + 3) + plan.timeAsField.length
  return { ...plan, rowBytes: plan.table.length + cellBytes + timeBytes }
}

function cellPlanOf(column: Column): CellPlan {
  const { type, name, values, valid } = column
  const name_ = escaped(name)
  return {
    kind: KIND[type],
    name,
    before: fragment(type === 'double' ? `,${name_}==\x10` : type === 'varchar' ? `,${name_}="` : `,${name_}=`),
    valid,
    doubles: type === 'double' ? values : NO_DOUBLES,
    words: type === 'long' || type === 'timestamp' ? wordsOf(values) : NO_WORDS,
    flags: type === 'boolean' ? values : NO_FLAGS,
    texts: type === 'varchar' || type === 'symbol' ? values : NO_TEXTS,
  }
}

const NO_DOUBLES = new Float64Array(0)
const NO_WORDS = new Int32Array(0)
const NO_FLAGS = new Uint8Array(0)
const NO_TEXTS: readonly string[] = []

function encodeRows(plan: Plan, batch: ColumnBatch, from: number, to: number): Buffer {
  const { table, symbols, fields, times, timeAsField } = plan
  // An upper bound, so that no store below needs a check; memory that stays untouched costs nothing.
  const bytes = Buffer.allocUnsafeSlow((to - from) * plan.rowBytes + textBytes(plan, from, to) + 8)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  for (let row = from; row < to; row++) {
    at = putFragment(view, at, table)
    const afterTable = at
    for (let i = 0; i < symbols.length; i++) {
      const cell = symbols[i]!
      if (cell.valid !== undefined && cell.valid[row] === 0) continue
      at = putFragment(view, at, cell.before)
      at = putText(bytes, at, cell.texts[row]!, UNQUOTED)
      if (at < 0) throw unstorableText(batch.firstRow + row, cell.name)
    }
    const afterSymbols = at
    for (let i = 0; i < fields.length; i++) {
      const cell = fields[i]!
      if (cell.valid !== undefined && cell.valid[row] === 0) continue
      const start = at
      at = putFragment(view, at, cell.before)
      if (start === afterSymbols) bytes[start] = SPACE
      switch (cell.kind) {
        case KIND.double:
          view.setFloat64(at, cell.doubles[row]!, true)
          at += 8
          break
        case KIND.long:
          at = putInteger(view, at, cell.words[2 * row]!, cell.words[2 * row + 1]!)
          bytes[at++] = LETTER_I
          break
        case KIND.timestamp:
          at = putInteger(view, at, cell.words[2 * row]!, cell.words[2 * row + 1]!)
          bytes[at++] = LETTER_T
          break
        case KIND.boolean:
          bytes[at++] = cell.flags[row] === 0 ? LETTER_F : LETTER_T
          break
        default:
          at = putText(bytes, at, cell.texts[row]!, QUOTED)
          if (at < 0) throw unstorableText(batch.firstRow + row, cell.name)
          bytes[at++] = QUOTE
      }
    }
    if (at === afterTable) {
      at = putFragment(view, at, timeAsField)
      at = putInteger(view, at, times[2 * row]!, times[2 * row + 1]!)
      bytes[at++] = LETTER_T
    }
    bytes[at++] = SPACE
    at = putInteger(view, at, times[2 * row]!, times[2 * row + 1]!)
    bytes[at++] = LETTER_T
    bytes[at++] = LINE_END
  }
  return bytes.subarray(0, at)
}

const SPACE = 0x20
const QUOTE = 0x22
const LINE_END = 0x0a
const LETTER_F = 0x66
const LETTER_I = 0x69
const LETTER_T = 0x74

function putFragment(view: DataView, at: number, { words, length }: Fragment): number {
  for (let i = 0; i < words.length; i++) view.setInt32(at + 4 * i, words[i]!, true)
  return at + length
}

function fragment(text: string): Fragment {
  const bytes = Buffer.from(text)
  const padded = new Uint8Array(Math.ceil(bytes.length / 4) * 4)
  padded.set(bytes)
  return { words: new Int32Array(padded.buffer), length: bytes.length }
}

function escaped(name: string): string {
  return name.replace(/[ ,=\n\r\\]/g, '\\$&')
}

/** 64-bit integers as pairs of halves, the low one first: BigInt arithmetic would be the most expensive step. */
function wordsOf(values: BigInt64Array): Int32Array {
  return new Int32Array(values.buffer, values.byteOffset, 2 * values.length)
}

function textBytes({ symbols, fields }: Plan, from: number, to: number): number {
  let characters = 0
  for (const { texts } of [...symbols, ...fields]) {
    for (let row = from; row < Math.min(to, texts.length); row++) characters += texts[row]!.length
  }
  return 3 * characters
}

function averageTextBytes(plan: Plan, rows: number): number {
  return rows === 0 ? 0 : textBytes(plan, 0, rows) / 3 / rows
}
