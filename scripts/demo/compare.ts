/** Holds what came back against what was sent, value by value and bit by bit. */
import type { Row } from './generated-frames.js'

/** Something came back other than it was sent; the message says what and where. */
export class DifferenceError extends Error {
  override readonly name = 'DifferenceError'
}

const MOST_SHOWN = 10

/** One comparison of many values; its differences are told all together at the end. */
class Comparison {
  readonly #shown: string[] = []
  #differences = 0
  #values = 0

  constructor(private readonly what: string) {}

  /** Numbers are the same only when all their 64 bits are. */
  value(where: () => string, sent: unknown, received: unknown): void {
    this.#values += 1
    if (Object.is(sent, received)) return
    this.#differences += 1
    if (this.#shown.length < MOST_SHOWN) this.#shown.push(`  ${where()}: sent ${shown(sent)}, got ${shown(received)}`)
  }

  /** How many values were compared. @throws DifferenceError when some of them differ */
  end(): number {
    if (this.#differences === 0) return this.#values
    const more = this.#differences - this.#shown.length
    const lines = [...this.#shown, ...(more > 0 ? [`  and ${more} more`] : [])]
    const head = `${this.what}: ${this.#differences} of ${this.#values} values differ from what was sent`
    throw new DifferenceError([head, ...lines].join('\n'))
  }
}

/** Whether a received row carries its time as ISO text too, as row objects do. */
export interface RowTimes {
  readonly iso: boolean
}

/**
 * Holds every cell of every row against the sent one, which has its time in `timestamp`, in s or ms. A key that was left
 * out must come back as null, and no column may come back that was not sent.
 * @returns how many values were compared
 */
export function compareRows(
  what: string,
  columns: readonly string[],
  sent: readonly Row[],
  received: readonly Readonly<Record<string, unknown>>[],
  times: RowTimes,
): number {
  const comparison = new Comparison(what)
  const expected = [...columns, 'timestamp_ms', ...(times.iso ? ['timestamp'] : [])].sort().join(' ')
  comparison.value(() => 'number of rows', sent.length, received.length)
  comparison.value(
    () => 'columns',
    expected,
    Object.keys(received[0] ?? {})
      .sort()
      .join(' '),
  )
  sent.forEach((row, i) => {
    const got = received[i] ?? {}
    const ms = millis(row.timestamp as number)
    const at = (column: string) => () => `row ${i} (${new Date(ms).toISOString()}), ${column}`
    comparison.value(at('timestamp_ms'), ms, got.timestamp_ms)
    if (times.iso) comparison.value(at('timestamp'), ms, Date.parse(String(got.timestamp)))
    for (const column of columns) comparison.value(at(column), row[column] ?? null, got[column])
  })
  return comparison.end()
}

/**
 * Holds every key that was sent, at any depth, against the one that came back under the same name; further keys are an
 * answer's own. @returns how many values were compared
 */
export function compareSent(what: string, sent: unknown, received: unknown): number {
  const comparison = new Comparison(what)
  descend(comparison, '', sent, received)
  return comparison.end()
}

function descend(comparison: Comparison, path: string, sent: unknown, received: unknown): void {
  if (typeof sent !== 'object' || sent === null) {
    comparison.value(() => path || 'value', sent, received)
    return
  }
  const got = (typeof received === 'object' && received !== null ? received : {}) as Record<string, unknown>
  if (Array.isArray(sent)) {
    comparison.value(() => `length of ${path}`, sent.length, Array.isArray(received) ? received.length : undefined)
  }
  for (const [key, value] of Object.entries(sent)) descend(comparison, path ? `${path}.${key}` : key, value, got[key])
}

function millis(timestamp: number): number {
  return timestamp < 1e11 ? timestamp * 1000 : timestamp
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  return Object.is(value, -0) ? '-0' : (JSON.stringify(value) ?? String(value))
}
