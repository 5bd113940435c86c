/**
 * Reads a table of a FlatBuffer, the form of all metadata in Arrow files. Every offset and length in it may be a lie: reads
 * outside the buffer throw a RangeError, and a list is only as long as the bytes it has, so that metadata of some bytes can
 * neither be read for ever nor make gigabytes. The reader that comes with Arrow's own library promises neither.
 */
export class FlatTable {
  private constructor(
    private readonly view: DataView,
    private readonly position: number,
  ) {}

  /** The root table of a buffer. */
  static root(bytes: Uint8Array): FlatTable {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    return new FlatTable(view, view.getUint32(0, true))
  }

  /** A number of one, two or four bytes, or an enumeration; `otherwise` when the field was left out. */
  int(field: number, bytes: 1 | 2 | 4, otherwise: number): number {
    const at = this.place(field)
    if (at === 0) return otherwise
    if (bytes === 1) return this.view.getInt8(at)
    return bytes === 2 ? this.view.getInt16(at, true) : this.view.getInt32(at, true)
  }

  /** A 64-bit number, 0 when it was left out; beyond 2^53 it is no longer exact, and no size in a file is as large. */
  long(field: number): number {
    const at = this.place(field)
    return at === 0 ? 0 : Number(this.view.getBigInt64(at, true))
  }

  text(field: number): string | undefined {
    const at = this.place(field)
    if (at === 0) return undefined
    const start = at + this.view.getUint32(at, true)
    const length = this.view.getUint32(start, true)
    this.requireBytes(start + 4, length)
    return Buffer.from(this.view.buffer, this.view.byteOffset + start + 4, length).toString('utf8')
  }

  table(field: number): FlatTable | undefined {
    const at = this.place(field)
    return at === 0 ? undefined : new FlatTable(this.view, at + this.view.getUint32(at, true))
  }

  tables(field: number): FlatTable[] {
    return this.list(field, 4, (at) => new FlatTable(this.view, at + this.view.getUint32(at, true)))
  }

  /** A list of structs, `width` bytes each. */
  structs<T>(field: number, width: number, read: (view: DataView, at: number) => T): T[] {
    return this.list(field, width, (at) => read(this.view, at))
  }

  private list<T>(field: number, width: number, read: (at: number) => T): T[] {
    const at = this.place(field)
    if (at === 0) return []
    const start = at + this.view.getUint32(at, true)
    const length = this.view.getUint32(start, true)
    this.requireBytes(start + 4, length * width)
    const items: T[] = []
    for (let index = 0; index < length; index++) items.push(read(start + 4 + index * width))
    return items
  }

  /** Where a field's value lies; 0 when it was left out. */
  private place(field: number): number {
    const directory = this.position - this.view.getInt32(this.position, true)
    const entry = 4 + field * 2
    if (entry >= this.view.getUint16(directory, true)) return 0
    const offset = this.view.getUint16(directory + entry, true)
    return offset === 0 ? 0 : this.position + offset
  }

  private requireBytes(start: number, length: number): void {
    if (start + length > this.view.byteLength) throw new RangeError('a list is longer than the metadata that holds it')
  }
}
