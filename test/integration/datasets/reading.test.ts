import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { assertSame, bars, ownDataset } from '../../support/fixtures.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

interface RowList {
  readonly measurement: string
  readonly total: number
  readonly offset: number
  readonly has_more: boolean
  readonly rows: Record<string, unknown>[]
  readonly count: number
}

const server = await startServer()
const { prefix } = server.engines
test.after(() => server.stop())

const COUNT = 1200
const HOUR = 3_600_000
const rows = bars(COUNT)
const times = rows.map((row) => row.timestamp)
const path = await datasetWithRows()

async function datasetWithRows(): Promise<string> {
  const body = ownDataset(prefix, 'read')
  await server.post('/api/datasets', body)
  const at = `/api/datasets/${body.dataset_slug}/ohlcv`
  const answer = await server.post(`${at}/append`, { rows })
  if (answer.status !== 200) throw new Error(answer.text)
  return at
}

async function read(query: Record<string, unknown>): Promise<RowList> {
  const answer = await server.get(`${path}?${new URLSearchParams(query as Record<string, string>)}`)
  assert.is(answer.status, 200, answer.text.slice(0, 500))
  const list = answer.json as RowList
  assert.is(list.count, list.rows.length)
  return list
}

async function timesOf(query: Record<string, unknown>): Promise<unknown[]> {
  return (await read(query)).rows.map((row) => row.timestamp_ms)
}

test('without a limit every row is sent, oldest first, with its time in both forms and all columns', async () => {
  const list = await read({})
  assert.equal([list.measurement, list.total, list.offset, list.has_more], [`${prefix}read_ohlcv`, COUNT, 0, false])
  assert.equal(Object.keys(list.rows[0] ?? {}), ['timestamp', 'open', 'high', 'low', 'close', 'volume', 'timestamp_ms'])
  assertSame(
    list.rows,
    rows.map(({ timestamp, ...values }) => ({
      timestamp: new Date(timestamp).toISOString().replace('Z', '000Z'),
      timestamp_ms: timestamp,
      ...values,
    })),
  )
})

test('any mix of index range, offset, limit and order gives the rows that it names, and their number', async () => {
  const position = fc.option(fc.integer({ min: 0, max: COUNT + 50 }), { nil: undefined })
  const query = fc.record({
    start_index: position,
    end_index: position,
    offset: position,
    limit: fc.option(fc.integer({ min: 1, max: COUNT + 50 }), { nil: undefined }),
    desc: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(query, async ({ start_index, end_index, offset, limit, desc }) => {
      const asked = Object.fromEntries(
        Object.entries({ start_index, end_index, offset, limit, desc, columns: 'open' }).filter(
          ([, v]) => v !== undefined,
        ),
      )
      const range = times.slice(start_index ?? 0, Math.max(start_index ?? 0, end_index ?? COUNT))
      const ordered = desc ? [...range].reverse() : range
      const from = offset ?? 0
      const page = ordered.slice(from, limit === undefined ? undefined : from + limit)
      const list = await read(asked)
      assert.equal(
        list.rows.map((row) => row.timestamp_ms),
        page,
        JSON.stringify(asked),
      )
      assert.equal([list.total, list.offset], [range.length, from], JSON.stringify(asked))
      assert.is(list.has_more, limit !== undefined && from + limit < range.length, JSON.stringify(asked))
    }),
    { numRuns: 60 },
  )
})

test('pages of any size lead through all rows once', async () => {
  for (const limit of [1200, 1199, 500, 400, 113]) {
    const seen: unknown[] = []
    for (let offset = 0; ; offset += limit) {
      const page = await read({ limit, offset, columns: 'close' })
      seen.push(...page.rows.map((row) => row.timestamp_ms))
      assert.is(page.has_more, offset + page.count < COUNT, `limit ${limit}, offset ${offset}`)
      if (!page.has_more) break
    }
    assertSame(seen, times)
  }
})

test('a time range takes both of its ends, in any unit and as text', async () => {
  const [from, to] = [times[10] as number, times[20] as number]
  const expected = times.slice(10, 21)
  for (const [start_timestamp, end_timestamp] of [
    [from, to],
    [from / 1000, to / 1000],
    [from * 1000, to * 1000],
    [new Date(from).toISOString(), new Date(to).toISOString()],
    [from - HOUR + 1, to + HOUR - 1],
  ])
    assert.equal(await timesOf({ start_timestamp, end_timestamp }), expected, `${start_timestamp} to ${end_timestamp}`)
  assert.equal(await timesOf({ start_timestamp: times[1195] }), times.slice(1195))
  assert.equal(await timesOf({ end_timestamp: times[3] }), times.slice(0, 4))
})

test('a range by time and position counts positions inside of the time', async () => {
  assert.equal(await timesOf({ start_timestamp: times[100], start_index: 5, end_index: 8 }), times.slice(105, 108))
  assert.equal(await timesOf({ end_timestamp: times[9], desc: true, limit: 2 }), [times[9], times[8]])
})

test('a range that holds nothing is an empty list, not an error', async () => {
  for (const query of [
    { start_timestamp: '2030-01-01T00:00:00Z' },
    { start_timestamp: times[5], end_timestamp: times[4] },
    { start_index: COUNT },
    { start_index: 9, end_index: 9 },
    { start_index: 9, end_index: 3 },
  ]) {
    const list = await read(query)
    assert.equal([list.rows, list.total, list.has_more], [[], 0, false], JSON.stringify(query))
  }
  assert.equal((await read({ offset: COUNT })).rows, [])
})

test("only the columns that are asked for are sent, in the table's order and in any case; the time always", async () => {
  const names = async (columns: string) => Object.keys((await read({ limit: 1, columns })).rows[0] ?? {})
  assert.equal(await names('volume,open'), ['timestamp', 'timestamp_ms', 'open', 'volume'])
  assert.equal(await names('CLOSE'), ['timestamp', 'timestamp_ms', 'close'])
  assert.equal(await names('timestamp,timestamp_ms,low'), ['timestamp', 'timestamp_ms', 'low'])
  assert.equal(await names('timestamp'), ['timestamp', 'timestamp_ms'])
})

test('a column that is not stored, and what is no number or time, is refused with its name', async () => {
  for (const [query, status, place] of [
    ['columns=open,bogus', 400, '/columns'],
    ['limit=0', 400, '/limit'],
    ['limit=x', 400, '/limit'],
    ['offset=-1', 400, '/offset'],
    ['start_index=-1', 400, '/start_index'],
    ['end_index=1.5', 400, '/end_index'],
    ['start_timestamp=yesterday', 400, '/start_timestamp'],
    ['start_timestamp=5', 422, '/start_timestamp'],
    ['desc=maybe', 400, '/desc'],
    ['bogus=1', 400, '/bogus'],
  ] as const) {
    const answer = await server.get(`${path}?${query}`)
    assert.is(answer.status, status, `${query}: ${answer.text}`)
    assert.match(answer.text, place.slice(1), query)
  }
  const { message, details } = (await server.get(`${path}?columns=open,bogus`)).json as Record<string, unknown>
  assert.match(message as string, 'there is no column bogus')
  assert.is((details as { expected: string }[])[0]?.expected, 'open, high, low, close, volume')
})

test.run()
