/** What a plot gets of a measurement: that nothing that matters is lost, and that it says what it is. */
import * as assert from 'uvu/assert'
import type { components } from '../../../generated/api.js'
import { waitUntilVisible } from '../../../src/questdb/visibility.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

type Series = components['schemas']['Series']

const server = await startServer()
const { prefix, questdb } = server.engines
test.after(() => server.stop())

const HOUR = 3_600_000
const START = Date.parse('2024-01-01T00:00:00Z')

type Cell = number | null
type Row = readonly [ms: number, ...cells: Cell[]]

/** A measurement with these columns of doubles, a text and a whole number. */
async function measurement(name: string, columns: readonly string[], rows: readonly Row[]): Promise<string> {
  const table = `${prefix}${name}`
  const types = columns.map((column) => `${column} DOUBLE`).join(', ')
  await questdb.run(
    `CREATE TABLE ${table} (timestamp TIMESTAMP, ${types}, note VARCHAR, n LONG) TIMESTAMP(timestamp) PARTITION BY MONTH WAL`,
  )
  for (let from = 0; from < rows.length; from += 200) {
    const values = rows
      .slice(from, from + 200)
      .map(([ms, ...cells]) => `(${ms * 1000}, ${cells.map(String)}, 'x', ${ms})`)
    await questdb.run(`INSERT INTO ${table} VALUES ${values.join(',')}`)
  }
  if (rows.length > 0) await waitUntilVisible(questdb, table)
  return table
}

async function series(table: string, query: Record<string, string | number> = {}): Promise<Series> {
  const text = new URLSearchParams(query as Record<string, string>)
  const answer = await server.get(`/api/questdb/measurement/${table}/series?${text}`)
  assert.is(answer.status, 200, answer.text.slice(0, 500))
  return answer.json as Series
}

const points = (answer: Series, column: string) => {
  const found = answer.series.find((one) => one.column === column)
  assert.ok(found?.values, column)
  assert.is(found.values.length, found.timestamp_ms.length)
  return found.timestamp_ms.map((ms, i) => [ms, (found.values as number[])[i]] as const)
}

const present = (rows: readonly Row[], index: number) =>
  rows.flatMap((row) => (row[index] === null ? [] : [[row[0], row[index] as number] as const]))

const shapes: Record<string, (i: number, random: () => number) => number | null> = {
  noise: (_, random) => random() * 1e6 - 5e5,
  tiny: (_, random) => random() * 1e-13,
  spike: (i, random) => (i === 577 ? -1e300 : random()),
  rising: (i) => i,
  constant: () => 42.5,
  sparse: (i, random) => (random() < 0.97 ? null : i % 17),
  missing: () => null,
}

test('the extremes of every column are among the points, at their own times, whatever the shape', async () => {
  const random = mulberry(7)
  const names = Object.keys(shapes)
  // Gaps of weeks and several rows at one time.
  let ms = START
  const rows: Row[] = Array.from({ length: 1000 }, (_, i) => {
    ms += i % 400 === 399 ? 30 * 24 * HOUR : i % 5 === 0 ? 0 : Math.floor(random() * HOUR)
    return [ms, ...Object.values(shapes).map((shape) => shape(i, random))]
  })
  const table = await measurement('shapes', names, rows)
  for (const max_points of [2, 3, 50, 900]) {
    const answer = await series(table, { max_points })
    assert.equal(
      [answer.sampled, answer.source_rows, answer.first_ts_ms, answer.last_ts_ms, answer.method],
      [true, 1000, rows[0]?.[0], rows.at(-1)?.[0], 'minmax'],
    )
    assert.equal(
      answer.series.map(({ column }) => column),
      [...names, 'n'],
    )
    for (const [i, name] of names.entries()) {
      const source = present(rows, i + 1)
      const found = points(answer, name)
      assert.ok(found.length <= max_points, `${name} ${max_points}`)
      const values = found.map(([, value]) => value as number)
      const range = (of: readonly number[]) => (of.length === 0 ? [] : [Math.min(...of), Math.max(...of)])
      assert.equal(range(values), range(source.map(([, value]) => value)), `${name} ${max_points}`)
      const times = found.map(([at]) => at)
      const inTime = [...times].sort((x, y) => x - y)
      assert.equal(times, inTime, `${name} ${max_points}`)
      const known = new Set(source.map(([at, value]) => `${at} ${value}`))
      const invented = found.filter(([at, value]) => !known.has(`${at} ${value}`))
      assert.equal(invented, [], `${name} ${max_points}`)
    }
  }
})

function mulberry(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

test('what fits is sent whole and says so; ranges cut at both ends, inclusive', async () => {
  const rows: Row[] = Array.from({ length: 100 }, (_, i) => [START + i * HOUR, i % 3 === 0 ? null : i / 7, -i])
  const table = await measurement('whole', ['a', 'b'], rows)
  const answer = await series(table, { columns: 'B,a', max_points: 100 })
  assert.equal([answer.sampled, answer.source_rows, answer.bucket_ms], [false, 100, undefined])
  assert.equal(
    answer.series.map(({ column }) => column),
    ['b', 'a'],
  )
  assert.equal(points(answer, 'a'), present(rows, 1))
  assert.equal(points(answer, 'b'), present(rows, 2))
  const range = {
    start_timestamp: START + 10 * HOUR,
    end_timestamp: new Date(START + 20 * HOUR).toISOString(),
    columns: 'b',
  }
  const part = await series(table, range)
  assert.equal([part.source_rows, part.first_ts_ms, part.last_ts_ms], [11, START + 10 * HOUR, START + 20 * HOUR])
  assert.equal(points(part, 'b'), present(rows.slice(10, 21), 2))
  const sampled = await series(table, { ...range, max_points: 4 })
  assert.equal([sampled.sampled, sampled.source_rows], [true, 11])
  assert.ok(points(sampled, 'b').every(([ms]) => ms >= START + 10 * HOUR && ms <= START + 20 * HOUR))
})

test('one row, and none', async () => {
  const one = await series(await measurement('one', ['a', 'b'], [[START, 1.5, null]]), { max_points: 2 })
  assert.equal([one.sampled, one.source_rows, points(one, 'a'), points(one, 'b')], [false, 1, [[START, 1.5]], []])
  const none = await series(await measurement('none', ['a', 'b'], []))
  assert.equal([none.sampled, none.source_rows, none.first_ts_ms, points(none, 'a')], [false, 0, undefined, []])
})

test('ohlc says of each bucket where it began, how far it went and where it ended', async () => {
  const rows: Row[] = Array.from({ length: 48 }, (_, i) => [
    START + i * HOUR,
    Math.sin(i) * 100,
    i % 24 === 0 ? null : i,
  ])
  const answer = await series(await measurement('bars_of_a', ['a', 'b'], rows), { method: 'ohlc', max_points: 4 })
  assert.equal([answer.sampled, answer.method, answer.source_rows], [true, 'ohlc', 48])
  const buckets = [0, 12, 24, 36].map((from) => rows.slice(from, from + 12).map(([, a]) => a as number))
  const [a, b] = answer.series
  assert.equal(
    a?.timestamp_ms,
    [0, 12, 24, 36].map((i) => START + i * HOUR),
  )
  assert.equal(
    a?.open,
    buckets.map((values) => values[0]),
  )
  assert.equal(
    a?.high,
    buckets.map((values) => Math.max(...values)),
  )
  assert.equal(
    a?.low,
    buckets.map((values) => Math.min(...values)),
  )
  assert.equal(
    a?.close,
    buckets.map((values) => values.at(-1)),
  )
  assert.is(a?.values, undefined)
  assert.equal(
    [b?.open, b?.close],
    [
      [1, 12, 25, 36],
      [11, 23, 35, 47],
    ],
  )
})

test('bars stay bars: first open, highest high, lowest low, last close, all the volume', async () => {
  const table = `${prefix}bars`
  await questdb.run(
    `CREATE TABLE ${table} AS (SELECT timestamp_sequence(${START * 1000}, ${HOUR * 1000}L) timestamp, x * 1.0 open, x + 10.0 high, x - 10.0 low, x + 0.5 close, 2.0 volume
     FROM long_sequence(1000)) TIMESTAMP(timestamp) PARTITION BY MONTH WAL`,
  )
  await waitUntilVisible(questdb, table)
  const answer = await series(table, { method: 'ohlc', max_points: 10 })
  const of = (name: string) => points(answer, name).map(([, value]) => value)
  const hundreds = Array.from({ length: 10 }, (_, i) => i * 100)
  assert.equal(
    of('open'),
    hundreds.map((i) => i + 1),
  )
  assert.equal(
    of('high'),
    hundreds.map((i) => i + 110),
  )
  assert.equal(
    of('low'),
    hundreds.map((i) => i - 9),
  )
  assert.equal(
    of('close'),
    hundreds.map((i) => i + 100.5),
  )
  assert.equal(
    of('volume'),
    hundreds.map(() => 200),
  )
  assert.is(answer.bucket_ms, 100 * HOUR)
})

test('a wide table is taken some columns at a time', async () => {
  const table = `${prefix}wide`
  const names = Array.from({ length: 95 }, (_, i) => `c${i}`)
  await questdb.run(
    `CREATE TABLE ${table} AS (SELECT timestamp_sequence(${START * 1000}, ${HOUR * 1000}L) timestamp, ${names.map((name, i) => `x * ${i + 1}.0 ${name}`)}
     FROM long_sequence(500)) TIMESTAMP(timestamp) PARTITION BY MONTH WAL`,
  )
  await waitUntilVisible(questdb, table)
  const answer = await series(table, { max_points: 10 })
  names.forEach((name, i) => {
    const values = points(answer, name).map(([, value]) => value)
    assert.equal([values[0], values.at(-1), values.length], [i + 1, 500 * (i + 1), 10])
  })
})

test('what can not be plotted is named', async () => {
  const table = await measurement('odd', ['a', 'b'], [[START, 1, 2]])
  const refused = async (path: string) => {
    const { status, json } = await server.get(`/api/questdb/measurement/${path}`)
    const { code, details } = json as { code: string; details: unknown }
    return [status, code, (details as { pointer?: string }[])[0]?.pointer]
  }
  assert.equal(await refused(`${table}/series?columns=a,note`), [422, 'COLUMN_NOT_NUMERIC', '/columns'])
  assert.equal(await refused(`${table}/series?columns=a,nope`), [400, 'REQUEST_INVALID', '/columns/1'])
  assert.equal((await refused(`${prefix}nothing/series`)).slice(0, 2), [404, 'MEASUREMENT_NOT_FOUND'])
  assert.equal(await refused(`${table}/series?max_points=1`), [400, 'REQUEST_INVALID', '/max_points'])
  assert.equal((await refused(`${prefix}wide/series?max_points=20000`)).slice(1), ['REQUEST_INVALID', '/max_points'])
  await questdb.run(`CREATE TABLE ${prefix}timeless (a DOUBLE)`)
  assert.equal(await refused(`${prefix}timeless/series`), [400, 'REQUEST_INVALID', '/name'])
})

test.run()
