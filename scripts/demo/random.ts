/** Random numbers that are the same in every run: the seed names the whole sequence. Not for secrets. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** 32 random bits (the generator called mulberry32). */
  bits(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }

  /** From 0 up to, not including, 1; with all the 53 bits that a double has there. */
  uniform(): number {
    return ((this.bits() >>> 5) * 2 ** 26 + (this.bits() >>> 6)) / 2 ** 53
  }

  /** Normally distributed around 0 with deviation 1 (Box and Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform())
  }

  /** Any finite double, each pattern of bits as likely as any other: tiny, huge, and everything between. */
  anyDouble(): number {
    const view = new DataView(new ArrayBuffer(8))
    for (;;) {
      view.setUint32(0, this.bits())
      view.setUint32(4, this.bits())
      const value = view.getFloat64(0)
      // JSON has no infinities and no NaN, and JSON.stringify writes -0 as 0.
      if (Number.isFinite(value) && value !== 0) return value
    }
  }
}
