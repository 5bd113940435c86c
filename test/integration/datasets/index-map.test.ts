import * as assert from 'uvu/assert'
import { startProxy } from '../../support/cutting-proxy.js'
import { assertSame, bars, ownDataset } from '../../support/fixtures.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

const proxy = await startProxy(process.env.STAGE1_QUESTDB_URL as string)
const server = await startServer({ questdbUrl: proxy.url })
const { prefix } = server.engines
test.after(async () => {
  await proxy.restore()
  await server.stop()
  await proxy.stop()
})

interface IndexMap {
  readonly measurement: string
  readonly start_index: number
  readonly end_index: number
  readonly total: number
  readonly rows: { index: number; timestamp_ms: number }[]
  readonly count: number
}

const SLUG = `${prefix}map`
const BARS = 2500
const HOUR = 3_600_000
const [FIRST] = bars(1).map((bar) => bar.timestamp) as [number]
/** Every other bar has indicators, so that the two frames count differently. */
const indicatorTimes = Array.from({ length: BARS / 2 }, (_, i) => FIRST + 2 * i * HOUR)

test.before(async () => {
  await server.post('/api/datasets', ownDataset(prefix, 'map'))
  // The later half first: an index is a position in time, not in the order of arrival.
  const rows = bars(BARS)
  for (const part of [rows.slice(1000), rows.slice(0, 1000)])
    assert.is((await server.post(`/api/datasets/${SLUG}/ohlcv/append`, { rows: part })).status, 200)
  const indicators = indicatorTimes.map((timestamp, a) => ({ timestamp, a }))
  assert.is((await server.post(`/api/datasets/${SLUG}/indicators/append`, { rows: indicators })).status, 200)
})

async function indexMap(query: string, slug = SLUG): Promise<IndexMap> {
  const answer = await server.get(`/api/datasets/${slug}/index_map?${query}`)
  assert.is(answer.status, 200, answer.text)
  return answer.json as IndexMap
}

const expected = (times: readonly number[], start: number, end: number) =>
  times.slice(start, end).map((timestamp_ms, i) => ({ index: start + i, timestamp_ms }))

test('each index of a range has its time, the end left out; indicators unless bars are asked for', async () => {
  const ranges = [
    [0, 1],
    [0, BARS / 2],
    [7, 7],
    [999, 1003],
    [BARS / 2 - 1, BARS / 2],
  ] as const
  const barTimes = bars(BARS).map((bar) => bar.timestamp)
  for (const [start, end] of ranges)
    for (const [type, times, table] of [
      ['', indicatorTimes, 'ind'],
      ['&type=indicator', indicatorTimes, 'ind'],
      ['&type=ohlcv', barTimes, 'ohlcv'],
    ] as const) {
      const { rows, ...head } = await indexMap(`start_idx=${start}&end_idx=${end}${type}`)
      assertSame(rows, expected(times, start, end), `${start}–${end}${type}`)
      assert.equal(head, {
        measurement: `${SLUG}_${table}`,
        start_index: start,
        end_index: end,
        total: times.length,
        count: end - start,
      })
    }
})

test('the times are those that the rows themselves have at these indices', async () => {
  const { rows } = await indexMap('start_idx=100&end_idx=120')
  const read = await server.get(`/api/datasets/${SLUG}/indicators?start_index=100&end_index=120`)
  assert.equal(
    rows.map((row) => row.timestamp_ms),
    (read.json as { rows: { timestamp_ms: number }[] }).rows.map((row) => row.timestamp_ms),
  )
})

test('a range that reaches past the last row is cut there and says so', async () => {
  const total = indicatorTimes.length
  const map = await indexMap(`start_idx=${total - 3}&end_idx=${total + 1000}`)
  assert.equal([map.start_index, map.end_index, map.total, map.count], [total - 3, total, total, 3])
  assertSame(map.rows, expected(indicatorTimes, total - 3, total))
})

test('a range that lies past the last row has no rows', async () => {
  const total = indicatorTimes.length
  for (const start of [total, total + 1, 2_000_000_000]) {
    const map = await indexMap(`start_idx=${start}&end_idx=2000000000`)
    assert.equal([map.start_index, map.end_index, map.total, map.rows, map.count], [start, start, total, [], 0])
  }
})

test('a frame without any rows has an empty map', async () => {
  const body = ownDataset(prefix, 'empty')
  await server.post('/api/datasets', body)
  const map = await indexMap('start_idx=0&end_idx=10', body.dataset_slug)
  assert.equal(map, {
    measurement: `${body.dataset_slug}_ind`,
    start_index: 0,
    end_index: 0,
    total: 0,
    rows: [],
    count: 0,
  })
})

test('a range that is missing, broken or backwards is refused by the name of its parameter', async () => {
  for (const [query, name] of [
    ['', 'start_idx'],
    ['start_idx=0', 'end_idx'],
    ['end_idx=5', 'start_idx'],
    ['start_idx=-1&end_idx=5', 'start_idx'],
    ['start_idx=0&end_idx=many', 'end_idx'],
    ['start_idx=0&end_idx=1.5', 'end_idx'],
    ['start_idx=6&end_idx=5', 'end_idx'],
    ['start_idx=0&end_idx=5&type=bars', 'type'],
  ] as const) {
    const { status, json } = await server.get(`/api/datasets/${SLUG}/index_map?${query}`)
    const problem = json as { code: string; details: { pointer: string }[] }
    assert.equal([status, problem.code], [400, 'REQUEST_INVALID'], query)
    assert.ok(
      problem.details.some((detail) => detail.pointer === `/${name}`),
      `${query}: ${JSON.stringify(problem.details)}`,
    )
  }
})

test('an unknown dataset is a 404; QuestDB away a 503, not an empty map', async () => {
  const missing = await server.get(`/api/datasets/${prefix}nobody/index_map?start_idx=0&end_idx=5`)
  assert.equal([missing.status, (missing.json as { code: string }).code], [404, 'DATASET_NOT_FOUND'])
  await proxy.cut()
  const away = await server.get(`/api/datasets/${SLUG}/index_map?start_idx=0&end_idx=5`)
  assert.equal([away.status, (away.json as { code: string }).code], [503, 'QUESTDB_UNAVAILABLE'])
  assert.ok(away.headers.get('retry-after'))
})

test.run()
