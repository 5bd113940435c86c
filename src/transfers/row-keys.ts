/**
 * What tells the rows of a batch apart: their time and the cells of their key columns, equal where QuestDB takes them to be
 * equal. A missing number is one with not-a-number and with the lowest whole number, a missing boolean with false, 0 and -0
 * are two, and a missing text is not the empty one.
 */
import type { Column, ColumnBatch } from '../frames/batch.js'
import { microsToIso } from '../frames/time.js'

const LOWEST = -(2n ** 63n)
const MISSING_WORD = 0x6d697373

export class RowKeys {
  readonly #times: Int32Array
  readonly #cells: readonly { readonly name: string; readonly column: Column | undefined; readonly words: Int32Array }[]
  /** The two hashes of the row last asked for. */
  first = 0
  second = 0

  /** @param keys lower-case names of the key columns beside the time; a column that the batch lacks is missing in every row */
  constructor(
    private readonly batch: ColumnBatch,
    keys: readonly string[],
  ) {
    this.#times = wordsOf(batch.timestamps)
    this.#cells = keys.map((name) => {
      const column = batch.columns.find((found) => found.name.toLowerCase() === name)
      return { name, column, words: hasWords(column) ? wordsOf(column.values) : NO_WORDS }
    })
  }

  /** Sets `first` and `second`; rows with the same key have the same. */
  hash(row: number): void {
    this.first = 0x2545f491
    this.second = 0x5bd1e995
    this.#mix(this.#times[2 * row] as number)
    this.#mix(this.#times[2 * row + 1] as number)
    for (const { column, words } of this.#cells) {
      if (column === undefined || isMissing(column, row)) this.#mix(MISSING_WORD)
      else if (words.length > 0) {
        this.#mix(words[2 * row] as number)
        this.#mix(words[2 * row + 1] as number)
      } else if (column.type === 'boolean') this.#mix(column.values[row] as number)
      else this.#mixText(column.values[row] as string)
    }
    this.first = spread(this.first)
    this.second = spread(this.second)
  }

  /** Rows with the same key, and only those, have the same text. */
  text(row: number): string {
    const cells = this.#cells.map(({ column, words }) => {
      if (column === undefined || isMissing(column, row)) return null
      if (words.length > 0) return [words[2 * row], words[2 * row + 1]]
      return column.values[row]
    })
    return cells.length === 0
      ? String(this.batch.timestamps[row])
      : JSON.stringify([String(this.batch.timestamps[row]), ...cells])
  }

  /** The key of a row for a person to read. */
  shown(row: number): Record<string, unknown> {
    const cells = this.#cells.map(({ name, column }): [string, unknown] => [name, shownCell(column, row)])
    return { timestamp: microsToIso(this.batch.timestamps[row] as bigint), ...Object.fromEntries(cells) }
  }

  #mix(word: number): void {
    this.first = Math.imul(this.first ^ word, 0x85ebca6b)
    this.first ^= this.first >>> 15
    this.second = Math.imul(this.second ^ word, 0xc2b2ae35)
    this.second ^= this.second >>> 13
  }

  #mixText(text: string): void {
    this.#mix(text.length)
    for (let i = 0; i < text.length; i++) this.#mix(text.charCodeAt(i))
  }
}

const NO_WORDS = new Int32Array(0)

type WordColumn = Extract<Column, { values: Float64Array | BigInt64Array }>

function hasWords(column: Column | undefined): column is WordColumn {
  return column?.type === 'double' || column?.type === 'long' || column?.type === 'timestamp'
}

/** 64-bit values as pairs of halves. */
function wordsOf(values: Float64Array | BigInt64Array): Int32Array {
  return new Int32Array(values.buffer, values.byteOffset, 2 * values.length)
}

/** A missing boolean is false to QuestDB, and its value is 0. */
function isMissing(column: Column, row: number): boolean {
  if (column.type === 'boolean') return false
  if (column.valid?.[row] === 0) return true
  if (column.type === 'double') return Number.isNaN(column.values[row])
  return (column.type === 'long' || column.type === 'timestamp') && column.values[row] === LOWEST
}

const MOST_CHARACTERS = 100

function shownCell(column: Column | undefined, row: number): unknown {
  if (column === undefined || isMissing(column, row)) return null
  if (column.type === 'boolean') return column.values[row] === 1
  if (column.type === 'timestamp') return microsToIso(column.values[row] as bigint)
  if (column.type === 'double') return column.values[row]
  return String(column.values[row]).slice(0, MOST_CHARACTERS)
}

function spread(hash: number): number {
  let h = hash ^ (hash >>> 16)
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  return h ^ (h >>> 16)
}
