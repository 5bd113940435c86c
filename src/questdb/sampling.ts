/**
 * Many rows made few for a plot, by QuestDB itself: the span of the rows is cut into buckets of equal length, and each bucket tells of
 * every column its extremes with their times (minmax), or its first, greatest, least and last value (ohlc). So the least and the
 * greatest value of every column are always among what is shown; NULL is no value, and a bucket without rows is none.
 *
 * QuestDB takes doubles for equal that differ by less than 1e-10, so the row of an extreme is looked for by its digits too. Columns are taken some at a time, since a statement has room for so many.
 */
import type { CallOptions, ExecResult, QuestDbClient } from './client.js'
import { quoteIdentifier } from './names.js'

export type SampleMethod = 'minmax' | 'ohlc'

export interface SampledRows {
  /** A SELECT of rows that has the time and all columns; not empty. */
  readonly rows: string
  readonly time: string
  /** Numbers, whose values are taken as doubles. */
  readonly columns: readonly string[]
}

/** Times are Unix µs. */
export interface Span {
  readonly count: number
  readonly first: number
  readonly last: number
}

/** A value and its time in Unix ms. */
export interface Point {
  readonly ms: number
  readonly value: number
}

/** What one column has in one bucket, null without values; `first` and `last` are the extremes in the order of time for minmax. */
export interface Cells {
  readonly first: Point | null
  readonly last: Point | null
  readonly high: number | null
  readonly low: number | null
  readonly sum: number | null
}

export interface Bucket {
  readonly rows: number
  /** ISO text, as QuestDB writes it, and Unix ms of the first and last row. */
  readonly from: { readonly iso: string; readonly ms: number }
  readonly to: { readonly iso: string; readonly ms: number }
  /** In the order of the columns. */
  readonly cells: Cells[]
}

const COLUMNS_AT_ONCE = 40
const MICROS = 1000

/** How many rows there are, and from when to when. */
export async function spanOf(client: QuestDbClient, { rows, time }: SampledRows, options: CallOptions): Promise<Span> {
  const t = quoteIdentifier(time)
  const { dataset } = await client.exec(
    `SELECT count(), cast(min(${t}) AS long), cast(max(${t}) AS long) FROM (${rows})`,
    options,
  )
  const [count, first, last] = (dataset[0] ?? []).map(Number) as [number, number, number]
  return { count, first, last }
}

/**
 * The length in ms of the buckets of which at most `most` cover the span; whole, so that it can be told. The last row has its
 * stretch of time too, so rows at equal distances fill all buckets alike.
 */
export function bucketMs({ count, first, last }: Span, most: number): number {
  const micros = BigInt(last - first) * BigInt(count)
  const buckets = BigInt(count - 1) * BigInt(most * MICROS)
  return Math.max(1, Number((micros + buckets - 1n) / buckets))
}

/** The buckets that have rows, in the order of time. */
export async function sampleBuckets(
  client: QuestDbClient,
  source: SampledRows,
  span: Span,
  method: SampleMethod,
  lengthMs: number,
  options: CallOptions,
): Promise<Bucket[]> {
  let buckets: Bucket[] = []
  for (let from = 0; from < Math.max(1, source.columns.length); from += COLUMNS_AT_ONCE) {
    const columns = source.columns.slice(from, from + COLUMNS_AT_ONCE)
    const sql = method === 'minmax' ? extremes : ohlc
    const found = await client.exec(sql({ ...source, columns }, span, lengthMs * MICROS), options)
    const some = bucketsOf(found, columns.length, method)
    buckets =
      from === 0
        ? some
        : buckets.map((bucket, i) => ({ ...bucket, cells: [...bucket.cells, ...(some[i] as Bucket).cells] }))
  }
  return buckets
}

/** Rows with their bucket `b`, time `t` and values `c0`, `c1`, … */
function bucketed({ rows, time, columns }: SampledRows, span: Span, length: number): string {
  const t = quoteIdentifier(time)
  const values = columns.map((name, i) => `, cast(${quoteIdentifier(name)} AS double) c${i}`).join('')
  return `SELECT ${t} t, (cast(${t} AS long) - ${span.first}) / ${length} b${values} FROM (${rows})`
}

function extremes(source: SampledRows, span: Span, length: number): string {
  const each = (text: (i: number) => string) => source.columns.map((_, i) => text(i)).join('')
  const timeOf = (value: string, extreme: string) =>
    `cast(min(CASE WHEN ${value} = ${extreme} AND cast(${value} AS string) = cast(${extreme} AS string) THEN k.t END) AS long)`
  return `WITH k AS (${bucketed(source, span, length)}),
    e AS (SELECT b, count() n, min(t) f, max(t) z${each((i) => `, min(c${i}) l${i}, max(c${i}) h${i}`)} FROM k)
    SELECT k.b, first(e.n), first(e.f), first(e.z)${each(
      (i) => `, first(e.l${i}), first(e.h${i}), ${timeOf(`k.c${i}`, `e.l${i}`)}, ${timeOf(`k.c${i}`, `e.h${i}`)}`,
    )} FROM k JOIN e ON (b) ORDER BY b`
}

function ohlc(source: SampledRows, span: Span, length: number): string {
  const inTime = { ...source, rows: `SELECT * FROM (${source.rows}) ORDER BY ${quoteIdentifier(source.time)}` }
  const values = source.columns.map(
    (_, i) => `, first_not_null(c${i}), max(c${i}), min(c${i}), last_not_null(c${i}), sum(c${i})`,
  )
  return `SELECT b, count(), min(t), max(t)${values.join('')} FROM (${bucketed(inTime, span, length)}) ORDER BY b`
}

function bucketsOf({ dataset }: ExecResult, columns: number, method: SampleMethod): Bucket[] {
  const width = method === 'minmax' ? 4 : 5
  return dataset.map((row) => {
    const from = instant(row[2])
    const to = instant(row[3])
    const cells = Array.from({ length: columns }, (_, i) => {
      const own = row.slice(4 + i * width, 4 + (i + 1) * width)
      return method === 'minmax' ? cellsOfExtremes(own) : cellsOfBar(own, from.ms, to.ms)
    })
    return { rows: Number(row[1]), from, to, cells }
  })
}

const NO_VALUE: Cells = { first: null, last: null, high: null, low: null, sum: null }

function cellsOfExtremes([low, high, lowAt, highAt]: readonly unknown[]): Cells {
  if (low === null || high === null || lowAt === null || highAt === null) return NO_VALUE
  const points = [
    { ms: msOf(lowAt), value: low as number },
    { ms: msOf(highAt), value: high as number },
  ] as const
  const [first, last] = Number(lowAt) <= Number(highAt) ? points : [points[1], points[0]]
  return { first, last, low: low as number, high: high as number, sum: null }
}

function cellsOfBar([first, high, low, last, sum]: readonly unknown[], fromMs: number, toMs: number): Cells {
  if (first === null || last === null) return NO_VALUE
  return {
    first: { ms: fromMs, value: first as number },
    last: { ms: toMs, value: last as number },
    high: high as number,
    low: low as number,
    sum: sum as number,
  }
}

function instant(iso: unknown): { iso: string; ms: number } {
  return { iso: String(iso), ms: Date.parse(String(iso)) }
}

function msOf(micros: unknown): number {
  return Math.floor(Number(micros) / MICROS)
}
