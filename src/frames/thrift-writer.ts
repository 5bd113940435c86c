/** Kinds of values in Thrift's compact protocol. */
const TRUE = 1
const I32 = 5
const I64 = 6
const BINARY = 8
const LIST = 9
const STRUCT = 12

/** Lists up to this length have it in their first byte. */
const SHORT_LIST = 14

/**
 * Writes one struct in Thrift's compact protocol. Fields are given in ascending order of their ids; numbers are whole,
 * from 0 to 2^53.
 */
export class ThriftWriter {
  private bytes = Buffer.allocUnsafe(256)
  private at = 0
  /** The id of the last field, of each struct that is open. */
  private readonly last = [0]

  int32(id: number, value: number): this {
    return this.field(id, I32).number(value)
  }

  int64(id: number, value: number): this {
    return this.field(id, I64).number(value)
  }

  text(id: number, value: string): this {
    return this.field(id, BINARY).characters(value)
  }

  /** A boolean field that is true. */
  yes(id: number): this {
    return this.field(id, TRUE)
  }

  struct(id: number, fill: (writer: this) => void): this {
    return this.field(id, STRUCT).nested(fill)
  }

  structs<T>(id: number, items: readonly T[], fill: (writer: this, item: T, index: number) => void): this {
    this.list(id, STRUCT, items.length)
    items.forEach((item, index) => {
      this.nested(() => fill(this, item, index))
    })
    return this
  }

  int32s(id: number, values: readonly number[]): this {
    this.list(id, I32, values.length)
    for (const value of values) this.number(value)
    return this
  }

  texts(id: number, values: readonly string[]): this {
    this.list(id, BINARY, values.length)
    for (const value of values) this.characters(value)
    return this
  }

  /** Ends the struct and hands its bytes out. */
  finish(): Buffer {
    this.byte(0)
    return this.bytes.subarray(0, this.at)
  }

  private list(id: number, kind: number, length: number): void {
    this.field(id, LIST)
    if (length <= SHORT_LIST) this.byte((length << 4) | kind)
    else {
      this.byte(0xf0 | kind)
      this.varint(length)
    }
  }

  private nested(fill: (writer: this) => void): this {
    this.last.push(0)
    fill(this)
    this.last.pop()
    this.byte(0)
    return this
  }

  private field(id: number, kind: number): this {
    const open = this.last.length - 1
    this.byte(((id - (this.last[open] as number)) << 4) | kind)
    this.last[open] = id
    return this
  }

  private characters(value: string): this {
    const length = Buffer.byteLength(value)
    this.varint(length)
    this.reserve(length)
    this.at += this.bytes.write(value, this.at)
    return this
  }

  /** Zigzag, which doubles what is not negative. */
  private number(value: number): this {
    this.varint(value * 2)
    return this
  }

  private varint(value: number): void {
    let rest = value
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.byte((rest % 0x80) | 0x80)
    this.byte(rest)
  }

  private byte(value: number): void {
    this.reserve(1)
    this.bytes[this.at++] = value
  }

  private reserve(count: number): void {
    if (this.at + count <= this.bytes.length) return
    const longer = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.at + count))
    this.bytes.copy(longer, 0, 0, this.at)
    this.bytes = longer
  }
}
