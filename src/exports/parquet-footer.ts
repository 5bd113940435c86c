/**
 * The number of rows in the footer of a Parquet file: `FileMetaData.num_rows`, in Thrift's compact protocol. The footer begins
 * with version and schema, so what stands behind, column chunk by column chunk, is never read, however many there are.
 */
import type { FileHandle } from 'node:fs/promises'

const MAGIC = 'PAR1'
const NUM_ROWS = 3
const TRAILER = 8

/** @throws Error when the file is no Parquet, or ends before its end */
export async function parquetRows(file: FileHandle, bytes: number): Promise<number> {
  const trailer = await readAt(file, bytes - TRAILER, TRAILER)
  const length = trailer.readUInt32LE(0)
  if (trailer.toString('latin1', 4) !== MAGIC || length + TRAILER > bytes) throw new Error('this is no Parquet file')
  return numRows(await readAt(file, bytes - TRAILER - length, length))
}

/** @throws Error when the footer has no number of rows */
export function numRows(footer: Buffer): number {
  const thrift = new CompactThrift(footer)
  for (let id = 0; ; ) {
    const { delta, type } = thrift.field()
    if (type === 0) throw new Error('this Parquet footer has no number of rows')
    id = delta === 0 ? thrift.zigzag() : id + delta
    if (id === NUM_ROWS) return thrift.zigzag()
    thrift.skip(type)
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length)
  const { bytesRead } = position < 0 ? { bytesRead: 0 } : await file.read(buffer, 0, length, position)
  if (bytesRead < length) throw new Error('this Parquet file is cut')
  return buffer
}

/** Of the compact protocol only what lies before the number of rows: whole numbers, text, lists and structs. */
class CompactThrift {
  #at = 0

  constructor(private readonly bytes: Buffer) {}

  /** The head of a field; `type` 0 ends the struct, `delta` 0 says that the id follows. */
  field(): { delta: number; type: number } {
    const head = this.#byte()
    return { delta: head >> 4, type: head & 15 }
  }

  zigzag(): number {
    const value = this.#varint()
    return Number((value >> 1n) ^ -(value & 1n))
  }

  skip(type: number): void {
    if (type === 1 || type === 2) return
    if (type === 3) this.#at += 1
    else if (type >= 4 && type <= 6) this.#varint()
    else if (type === 7) this.#at += 8
    else if (type === 8) this.#skipText()
    else if (type === 9 || type === 10) this.#skipList()
    else if (type === 12) this.#skipStruct()
    else throw new Error(`type ${type} in a Parquet footer is not known`)
  }

  #skipText(): void {
    const length = Number(this.#varint())
    this.#at += length
  }

  #skipList(): void {
    const head = this.#byte()
    const size = head >> 4 === 15 ? Number(this.#varint()) : head >> 4
    const type = head & 15
    for (let i = 0; i < size; i++) this.skip(type <= 2 ? 3 : type)
  }

  #skipStruct(): void {
    for (;;) {
      const { delta, type } = this.field()
      if (type === 0) return
      if (delta === 0) this.#varint()
      this.skip(type)
    }
  }

  #varint(): bigint {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.#byte()
      value |= BigInt(byte & 127) << shift
      if (byte < 128) return value
    }
  }

  #byte(): number {
    const byte = this.bytes[this.#at++]
    if (byte === undefined) throw new Error('this Parquet footer is cut')
    return byte
  }
}
