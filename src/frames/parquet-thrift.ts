import { frameMalformed } from './refusal.js'

/** Parquet's own structures nest four deep. */
const MOST_DEPTH = 16
const LONGEST_VARINT = 10

/** Kinds of values in Thrift's compact protocol. */
const STOP = 0
const TRUE = 1
const FALSE = 2
const BYTE = 3
const I64 = 6
const DOUBLE = 7
const BINARY = 8
const LIST = 9
const STRUCT = 12

/**
 * Where the Thrift struct that begins at `from` ends; undefined when `bytes` end before it does. To be asked before a library
 * reads it: that one makes arrays of whatever length a list claims, and numbers of whatever length they go on.
 * Throws `FRAME_MALFORMED` for what is no struct.
 */
export function endOfThrift(bytes: Uint8Array, from: number): number | undefined {
  return endOf(bytes, from, (walk) => walk.struct(0))
}

/** Where the field `id` of the struct that begins at 0 ends, fields before it passed over. As `endOfThrift`. */
export function endOfField(bytes: Uint8Array, id: number): number | undefined {
  return endOf(bytes, 0, (walk) => walk.fieldsTo(id))
}

/** The length of a list, and where its first element begins. As `endOfThrift`. */
export function listAt(bytes: Uint8Array, from: number): { length: number; start: number } | undefined {
  let length = 0
  const start = endOf(bytes, from, (walk) => {
    length = walk.lengthOfList()
  })
  return start === undefined ? undefined : { length, start }
}

function endOf(bytes: Uint8Array, from: number, pass: (walk: Walk) => void): number | undefined {
  const walk = new Walk(bytes, from)
  try {
    pass(walk)
    return walk.at
  } catch (error) {
    if (error instanceof RanOut) return undefined
    throw error
  }
}

class RanOut extends Error {}

class Walk {
  constructor(
    private readonly bytes: Uint8Array,
    public at: number,
  ) {}

  struct(depth: number): void {
    if (depth > MOST_DEPTH) throw damaged()
    for (;;) {
      const head = this.byte()
      const kind = head & 0x0f
      if (kind === STOP) return
      if (head >> 4 === 0) this.varint()
      // In a struct, the kind of a boolean is its value.
      if (kind !== TRUE && kind !== FALSE) this.value(kind, depth)
    }
  }

  fieldsTo(last: number): void {
    for (let id = 0; id !== last; ) {
      const head = this.byte()
      const kind = head & 0x0f
      if (kind === STOP) throw damaged()
      // The id is written as twice itself when it does not follow closely.
      id = head >> 4 === 0 ? this.varint() / 2 : id + (head >> 4)
      if (kind !== TRUE && kind !== FALSE) this.value(kind, 0)
    }
  }

  lengthOfList(): number {
    const head = this.byte()
    return head >> 4 === 15 ? this.varint() : head >> 4
  }

  private value(kind: number, depth: number): void {
    if (kind === TRUE || kind === FALSE || kind === BYTE) this.skip(1)
    else if (kind > BYTE && kind <= I64) this.varint()
    else if (kind === DOUBLE) this.skip(8)
    else if (kind === BINARY) this.skip(this.varint())
    else if (kind === STRUCT) this.struct(depth + 1)
    else if (kind === LIST) this.list(depth + 1)
    else throw damaged()
  }

  private list(depth: number): void {
    if (depth > MOST_DEPTH) throw damaged()
    const head = this.byte()
    const length = head >> 4 === 15 ? this.varint() : head >> 4
    // Every element takes a byte at least.
    if (length > this.bytes.length - this.at) throw new RanOut()
    for (let index = 0; index < length; index++) this.value(head & 0x0f, depth)
  }

  private varint(): number {
    let value = 0
    for (let index = 0; index < LONGEST_VARINT; index++) {
      const byte = this.byte()
      value += (byte & 0x7f) * 2 ** (7 * index)
      if (byte < 0x80) return value
    }
    throw damaged()
  }

  private byte(): number {
    const byte = this.bytes[this.at++]
    if (byte === undefined) throw new RanOut()
    return byte
  }

  private skip(count: number): void {
    this.at += count
    if (this.at > this.bytes.length) throw new RanOut()
  }
}

function damaged(): Error {
  return frameMalformed('the metadata of the Parquet file is damaged')
}
