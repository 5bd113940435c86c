/** `count` bits from bit `from` of `bytes` on, least significant bit first, as one byte each. */
export function unpackBits(bytes: Uint8Array, from: number, count: number): Uint8Array<ArrayBuffer> {
  const bits = new Uint8Array(count)
  for (let index = 0; index < count; index++) {
    const at = from + index
    bits[index] = ((bytes[at >> 3] as number) >> (at & 7)) & 1
  }
  return bits
}
