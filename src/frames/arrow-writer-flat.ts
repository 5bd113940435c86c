/**
 * Writes a FlatBuffer, the form of all metadata in Arrow files: the counterpart of arrow-flatbuffer.ts, for the few shapes that
 * Arrow needs. It writes forwards: each table stands before what it refers to, so every offset points ahead, as the format wants.
 */
export type FlatValue =
  | { readonly int: number; readonly bytes: 1 | 2 | 4 }
  | { readonly long: number }
  | { readonly text: string }
  | FlatTableValue
  | { readonly tables: readonly FlatTableValue[] }
  /** A list of structs that hold two 64-bit numbers each. */
  | { readonly pairs: readonly (readonly [number, number])[] }

/** By the numbers of the fields; undefined for one that is left out. */
export interface FlatTableValue {
  readonly table: readonly (FlatValue | undefined)[]
}

/** The bytes of a buffer whose root is this table; their number is a multiple of 8. */
export function writeFlat(root: FlatTableValue): Uint8Array {
  const writer = new FlatWriter()
  writer.write(root)
  return writer.bytes()
}

class FlatWriter {
  private buffer = Buffer.alloc(1024)
  private at = 4

  write(root: FlatTableValue): void {
    this.pointTo(0, this.table(root))
  }

  bytes(): Uint8Array {
    this.align(8, 0)
    return this.buffer.subarray(0, this.at)
  }

  private table({ table }: FlatTableValue): number {
    const widths = table.map(widthOf)
    const places: number[] = []
    let size = 4
    for (const width of widths) {
      if (width > 0) size = Math.ceil(size / width) * width
      places.push(width > 0 ? size : 0)
      size += width
    }
    const directoryBytes = 4 + 2 * table.length
    this.align(8, directoryBytes)
    const directory = this.take(directoryBytes)
    const start = this.take(size)
    this.buffer.writeUInt16LE(directoryBytes, directory)
    this.buffer.writeUInt16LE(size, directory + 2)
    this.buffer.writeInt32LE(start - directory, start)
    places.forEach((place, field) => {
      this.buffer.writeUInt16LE(place, directory + 4 + 2 * field)
    })
    table.forEach((value, field) => {
      if (value !== undefined) this.value(value, start + (places[field] as number))
    })
    return start
  }

  private value(value: FlatValue, place: number): void {
    if ('int' in value) this.buffer.writeIntLE(value.int, place, value.bytes)
    else if ('long' in value) this.buffer.writeBigInt64LE(BigInt(value.long), place)
    else if ('text' in value) this.pointTo(place, this.text(value.text))
    else if ('table' in value) this.pointTo(place, this.table(value))
    else if ('tables' in value) this.pointTo(place, this.tables(value.tables))
    else this.pointTo(place, this.pairs(value.pairs))
  }

  private text(text: string): number {
    const bytes = Buffer.from(text)
    this.align(4, 0)
    const start = this.take(4 + bytes.length + 1)
    this.buffer.writeUInt32LE(bytes.length, start)
    bytes.copy(this.buffer, start + 4)
    return start
  }

  private tables(tables: readonly FlatTableValue[]): number {
    this.align(4, 0)
    const start = this.take(4 + 4 * tables.length)
    this.buffer.writeUInt32LE(tables.length, start)
    tables.forEach((table, index) => {
      this.pointTo(start + 4 + 4 * index, this.table(table))
    })
    return start
  }

  private pairs(pairs: readonly (readonly [number, number])[]): number {
    this.align(8, 4)
    const start = this.take(4 + 16 * pairs.length)
    this.buffer.writeUInt32LE(pairs.length, start)
    let at = start + 4
    for (const pair of pairs) for (const number of pair) at = this.buffer.writeBigInt64LE(BigInt(number), at)
    return start
  }

  private pointTo(place: number, target: number): void {
    this.buffer.writeUInt32LE(target - place, place)
  }

  /** Goes on until what follows after `before` bytes is aligned. */
  private align(width: number, before: number): void {
    this.take((width - ((this.at + before) % width)) % width)
  }

  private take(bytes: number): number {
    const start = this.at
    this.at += bytes
    if (this.at > this.buffer.length) {
      const larger = Buffer.alloc(this.at * 2)
      this.buffer.copy(larger)
      this.buffer = larger
    }
    return start
  }
}

/** What a field takes in its table: its value, or the offset to it. */
function widthOf(value: FlatValue | undefined): number {
  if (value === undefined) return 0
  if ('int' in value) return value.bytes
  return 'long' in value ? 8 : 4
}
