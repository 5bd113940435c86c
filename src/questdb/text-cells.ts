import type { ResultColumn } from './client.js'
import type { RowForm } from './dataset.js'
import { type Prefix, RowArrays } from './row-forms.js'

/**
 * `prefix` + `"dataset":[[…],…],"count":N}` where every cell is a JSON string or null: numbers with the digits that
 * QuestDB wrote, `true` and `false`, arrays as the text of their JSON.
 */
export class TextCells implements RowForm {
  readonly #arrays: RowArrays
  #depth = 0
  #cell: 'none' | 'null' | 'quoted' | 'bare' = 'none'
  #inString = false
  #escaped = false

  constructor(prefix: Prefix) {
    this.#arrays = new RowArrays(prefix)
  }

  begin(columns: readonly ResultColumn[]): Buffer {
    return this.#arrays.begin(columns)
  }

  next(rows: Buffer): Buffer {
    // A cell of one byte gains two quotes; so does each quote and backslash inside an array.
    const out = Buffer.allocUnsafe(rows.length * 3 + 2)
    let at = 0
    for (let i = 0; i < rows.length; i++) {
      const byte = rows[i]!
      if (this.#inString) {
        if (this.#depth > ROW && (byte === QUOTE || byte === BACKSLASH)) out[at++] = BACKSLASH
        out[at++] = byte
        this.#inString = this.#escaped || byte !== QUOTE
        this.#escaped = !this.#escaped && byte === BACKSLASH
      } else if (this.#depth === ROW) {
        at = this.#inRow(byte, out, at)
      } else {
        if (byte === OPEN) this.#depth++
        if (byte === CLOSE) this.#depth--
        if (byte === QUOTE) {
          this.#inString = true
          out[at++] = BACKSLASH
        }
        out[at++] = byte
        if (byte === CLOSE && this.#depth === ROW) out[at++] = QUOTE
        if (byte === OPEN && this.#depth === ROW) this.#cell = 'none'
      }
    }
    return out.subarray(0, at)
  }

  end(count: string): Buffer {
    return this.#arrays.end(count)
  }

  /** A byte between the brackets of a row and outside of strings and arrays. */
  #inRow(byte: number, out: Buffer, start: number): number {
    let at = start
    if (byte === COMMA || byte === CLOSE) {
      if (this.#cell === 'bare') out[at++] = QUOTE
      this.#cell = 'none'
      if (byte === CLOSE) this.#depth--
    } else if (this.#cell === 'none') {
      this.#cell = byte === QUOTE || byte === OPEN ? 'quoted' : byte === LETTER_N ? 'null' : 'bare'
      if (byte === QUOTE) this.#inString = true
      if (byte === OPEN) this.#depth++
      if (byte === OPEN || this.#cell === 'bare') out[at++] = QUOTE
    }
    out[at++] = byte
    return at
  }
}

/** How many brackets are open where the cells of a row stand. */
const ROW = 1
const QUOTE = 0x22
const COMMA = 0x2c
const OPEN = 0x5b
const BACKSLASH = 0x5c
const CLOSE = 0x5d
/** No cell but null begins with it: QuestDB writes NaN as null too. */
const LETTER_N = 0x6e
