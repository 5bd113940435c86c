/**
 * Finds rows of a frame that agree in all keys, in flat memory whatever the number of rows.
 *
 * A filter of hashes (a Bloom filter of at most 32 MB) tells of each row that it has no earlier twin, or that it may have
 * one. That alone is quick and errs to one side only. To find twins for certain the frame is read twice: once to gather
 * the first rows that may have one, and once more to compare the keys of those, and of the rows before them with the same
 * hash, as they are. When too few of them were twins, the next ones are gathered, until enough are found or none is left.
 */
import type { ColumnBatch } from '../frames/batch.js'
import { RowKeys } from './row-keys.js'

/** Two rows, counted from 0, that agree in all keys. */
export interface Twins {
  /** The first row with this key. */
  readonly earlier: number
  readonly later: number
  /** Time and key columns as both have them. */
  readonly key: Record<string, unknown>
}

type Batches = Iterable<ColumnBatch> | AsyncIterable<ColumnBatch>

/** So many rows that may have a twin are compared at once: this bounds the keys that are held. */
const SUSPECTS = 16_384

/** False when no two of these rows agree in all keys; true when some may. */
export function mayCollapse(batches: readonly ColumnBatch[], keys: readonly string[]): boolean {
  const filter = new KeyFilter(batches.reduce((sum, batch) => sum + batch.rows, 0))
  for (const batch of batches) {
    const rowKeys = new RowKeys(batch, keys)
    for (let row = 0; row < batch.rows; row++) {
      rowKeys.hash(row)
      if (filter.add(rowKeys.first, rowKeys.second)) return true
    }
  }
  return false
}

/**
 * The first rows, at most `wanted`, that have the key of an earlier row.
 * @param read gives the batches of the frame from its first row, each time it is called
 * @param rows how many rows the frame has
 * @param suspects how many rows are compared at once
 */
export async function firstTwins(
  read: () => Batches,
  keys: readonly string[],
  rows: number,
  wanted: number,
  suspects = SUSPECTS,
): Promise<Twins[]> {
  const found: Twins[] = []
  for (let from = 0; from < rows && found.length < wanted; ) {
    const gathered = await gather(read(), keys, rows, from, suspects)
    found.push(...(await compare(read(), keys, gathered, from, wanted - found.length)))
    from = gathered.until
  }
  return found
}

/** Rows from `from` up to `until` (exclusive) that may have a twin, by their hashes. */
interface Suspects {
  readonly hashes: ReadonlySet<number>
  readonly until: number
}

async function gather(
  batches: Batches,
  keys: readonly string[],
  rows: number,
  from: number,
  most: number,
): Promise<Suspects> {
  const filter = new KeyFilter(rows)
  const hashes = new Set<number>()
  for await (const batch of batches) {
    const rowKeys = new RowKeys(batch, keys)
    for (let row = 0; row < batch.rows; row++) {
      rowKeys.hash(row)
      if (!filter.add(rowKeys.first, rowKeys.second) || batch.firstRow + row < from) continue
      hashes.add(rowKeys.first)
      if (hashes.size === most) return { hashes, until: batch.firstRow + row + 1 }
    }
  }
  return { hashes, until: rows }
}

async function compare(
  batches: Batches,
  keys: readonly string[],
  { hashes, until }: Suspects,
  from: number,
  wanted: number,
): Promise<Twins[]> {
  const found: Twins[] = []
  if (hashes.size === 0) return found
  const seen = new Map<string, number>()
  for await (const batch of batches) {
    if (batch.firstRow >= until) break
    const rowKeys = new RowKeys(batch, keys)
    const end = Math.min(batch.rows, until - batch.firstRow)
    for (let row = 0; row < end; row++) {
      rowKeys.hash(row)
      if (!hashes.has(rowKeys.first)) continue
      const text = rowKeys.text(row)
      const later = batch.firstRow + row
      const earlier = seen.get(text)
      if (earlier === undefined) seen.set(text, later)
      else if (later >= from) found.push({ earlier, later, key: rowKeys.shown(row) })
      if (found.length === wanted) return found
    }
  }
  return found
}

/** 32 bits a row let one row in 4 000 pass for one that may have a twin; beyond 8 million rows it becomes more. */
const BITS_PER_ROW = 32
const MOST_BITS = 28

class KeyFilter {
  readonly #bits: Int32Array
  readonly #shift: number

  constructor(rows: number) {
    const exponent = Math.min(MOST_BITS, Math.max(10, Math.ceil(Math.log2(rows * BITS_PER_ROW + 1))))
    this.#bits = new Int32Array(2 ** (exponent - 5))
    this.#shift = 32 - exponent
  }

  /** Takes a key in by its two hashes; true when it may have been there. */
  add(first: number, second: number): boolean {
    let known = true
    let hash = first
    for (let i = 0; i < 3; i++) {
      const at = hash >>> this.#shift
      const bit = 1 << (at & 31)
      const word = this.#bits[at >>> 5] as number
      if ((word & bit) === 0) {
        known = false
        this.#bits[at >>> 5] = word | bit
      }
      hash = (hash + second) | 0
    }
    return known
  }
}
