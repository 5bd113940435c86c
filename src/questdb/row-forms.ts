import type { ResultColumn } from './client.js'
import type { RowForm } from './dataset.js'
import { nonsense } from './failures.js'

/** What stands before the rows' key: the opening brace, and other members each followed by a comma. */
export type Prefix = string | ((columns: readonly ResultColumn[]) => string)

/** QuestDB's own bytes: `prefix` + `"dataset":[[…],…],"count":N}`. */
export class RowArrays implements RowForm {
  readonly #prefix: Prefix

  constructor(prefix: Prefix) {
    this.#prefix = prefix
  }

  begin(columns: readonly ResultColumn[]): Buffer {
    return Buffer.from(`${textOf(this.#prefix, columns)}"dataset":[`)
  }

  next(rows: Buffer): Buffer {
    return rows
  }

  end(count: string): Buffer {
    return Buffer.from(`],"count":${count}}`)
  }
}

/** `prefix` + `"rows":[{"column":cell,…},…],"count":N` + `suffix` + `}`; the cells are QuestDB's own bytes. */
export class RowObjects implements RowForm {
  readonly #prefix: Prefix
  readonly #suffix: string
  #keys: readonly Buffer[] = []
  #longestKey = 0
  #depth = 0
  #cell = 0
  #inString = false
  #escaped = false

  constructor(prefix: Prefix, suffix = '') {
    this.#prefix = prefix
    this.#suffix = suffix
  }

  begin(columns: readonly ResultColumn[]): Buffer {
    this.#keys = columns.map(({ name }, i) => Buffer.from(`${i === 0 ? '{' : ','}${JSON.stringify(name)}:`))
    this.#longestKey = Math.max(0, ...this.#keys.map(({ length }) => length))
    return Buffer.from(`${textOf(this.#prefix, columns)}"rows":[`)
  }

  next(rows: Buffer): Buffer {
    const keys = this.#keys
    let out: Buffer = Buffer.allocUnsafe(rows.length * 2 + this.#longestKey)
    let at = 0
    let depth = this.#depth
    let cell = this.#cell
    let inString = this.#inString
    let escaped = this.#escaped

    for (let i = 0; i < rows.length; i++) {
      const byte = rows[i]!
      if (inString) {
        if (escaped) escaped = false
        else if (byte === BACKSLASH) escaped = true
        else if (byte === QUOTE) inString = false
        out[at++] = byte
      } else if (SYNTAX[byte] === 0) {
        out[at++] = byte
      } else if (byte === QUOTE) {
        inString = true
        out[at++] = byte
      } else if ((byte === COMMA && depth === 1) || (byte === OPEN && depth === 0)) {
        cell = byte === COMMA ? cell + 1 : 0
        if (byte === OPEN) depth = 1
        const key = keys[cell]
        if (key === undefined) throw wrongWidth(keys.length)
        // Room for this key and for all that is left, so that no other store needs a check.
        if (out.length - at < key.length + rows.length - i) out = roomier(out, at, key.length + 2 * (rows.length - i))
        for (let k = 0; k < key.length; k++) out[at++] = key[k]!
      } else if (byte === CLOSE && --depth === 0) {
        if (cell !== keys.length - 1) throw wrongWidth(keys.length)
        out[at++] = CLOSE_OBJECT
      } else {
        if (byte === OPEN) depth++
        out[at++] = byte
      }
    }

    this.#depth = depth
    this.#cell = cell
    this.#inString = inString
    this.#escaped = escaped
    return out.subarray(0, at)
  }

  end(count: string): Buffer {
    return Buffer.from(`],"count":${count}${this.#suffix}}`)
  }
}

const QUOTE = 0x22
const COMMA = 0x2c
const OPEN = 0x5b
const BACKSLASH = 0x5c
const CLOSE = 0x5d
const CLOSE_OBJECT = 0x7d

/** 1 for the bytes that mean something outside a string. */
const SYNTAX = new Uint8Array(256)
for (const byte of [QUOTE, COMMA, OPEN, CLOSE]) SYNTAX[byte] = 1

function roomier(out: Buffer, used: number, more: number): Buffer {
  const larger = Buffer.allocUnsafe(used + more)
  out.copy(larger, 0, 0, used)
  return larger
}

function textOf(prefix: Prefix, columns: readonly ResultColumn[]): string {
  return typeof prefix === 'string' ? prefix : prefix(columns)
}

function wrongWidth(columns: number): Error {
  return nonsense(`a row that has not ${columns} cells`)
}
