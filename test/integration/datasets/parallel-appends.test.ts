import * as assert from 'uvu/assert'
import { assertSame, bars, ownDataset } from '../../support/fixtures.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

interface Receipt {
  readonly rows_received: number
  readonly rows_written: number
  readonly duplicates: number
  readonly total_rows: number
}

// With one worker only one frame at a time would be loaded.
const server = await startServer({ settings: { STAGE1_TRANSFERS_WORKERS: '4' } })
const { prefix } = server.engines
test.after(() => server.stop())

async function dataset(name: string): Promise<string> {
  const body = ownDataset(prefix, name)
  assert.is((await server.post('/api/datasets', body)).status, 201)
  return `/api/datasets/${body.dataset_slug}/ohlcv`
}

async function append(path: string, rows: readonly unknown[]): Promise<Receipt> {
  const answer = await server.post(`${path}/append`, { rows })
  assert.is(answer.status, 200, answer.text.slice(0, 500))
  return answer.json as Receipt
}

async function assertHolds(path: string, expected: ReturnType<typeof bars>): Promise<void> {
  const { rows } = (await server.get(path)).json as { rows: Record<string, unknown>[] }
  const sentPart = rows.map(({ timestamp, timestamp_ms, ...values }) => ({ timestamp: timestamp_ms, ...values }))
  assertSame(sentPart, expected)
}

/** Each new row was written by one append and was a duplicate for every other one that carried it. */
function assertCounted(receipts: readonly Receipt[], newRows: number): void {
  const sum = (of: keyof Receipt) => receipts.reduce((total, receipt) => total + receipt[of], 0)
  assert.is(sum('rows_written'), newRows)
  assert.is(sum('duplicates'), sum('rows_received') - newRows)
}

test('appends to one measurement at the same moment are all stored, and each row is counted once', async () => {
  const path = await dataset('many')
  const rows = bars(2000)
  await append(path, rows.slice(0, 1))
  const parts = [0, 250, 500, 750, 1000, 1250, 1500].map((from) => rows.slice(from, from + 500))
  const receipts = await Promise.all(parts.map((part) => append(path, part)))
  assertCounted(receipts, 1999)
  await assertHolds(path, rows)
})

test('the same rows four times at the same moment are stored once', async () => {
  const path = await dataset('same')
  const rows = bars(1000)
  for (const fresh of [1000, 0]) {
    const receipts = await Promise.all(Array.from({ length: 4 }, () => append(path, rows)))
    assertCounted(receipts, fresh)
    assert.ok(receipts.every((receipt) => receipt.total_rows === 1000))
  }
  await assertHolds(path, rows)
})

test('the first appends of a new dataset, at the same moment, are all stored', async () => {
  const path = await dataset('first')
  const rows = bars(400)
  const receipts = await Promise.all([0, 100, 200, 300].map((from) => append(path, rows.slice(from, from + 100))))
  assertCounted(receipts, 400)
  await assertHolds(path, rows)
})

test("appends to many measurements at the same moment do not get in each other's way", async () => {
  const paths = await Promise.all(Array.from({ length: 8 }, (_, i) => dataset(`own_${i}`)))
  const frames = paths.map((_, i) => bars(50 + i, Date.UTC(2024, i, 1)))
  const receipts = await Promise.all(paths.map((path, i) => append(path, frames[i] ?? [])))
  assert.equal(
    receipts.map((receipt) => receipt.total_rows),
    frames.map((rows) => rows.length),
  )
  for (const [i, path] of paths.entries()) await assertHolds(path, frames[i] ?? [])
})

test('reads between appends see whole batches only', async () => {
  const path = await dataset('between')
  const rows = bars(3000)
  await append(path, rows.slice(0, 300))
  const seen: number[] = []
  let appending = true
  const reading = (async () => {
    while (appending) seen.push(((await server.get(`${path}?columns=open`)).json as { count: number }).count)
  })()
  reading.catch(() => {})
  for (let from = 300; from < 3000; from += 300) await append(path, rows.slice(from, from + 300))
  appending = false
  await reading
  assert.ok(seen.length > 3, `${seen.length} reads`)
  assert.equal(
    seen.filter((count) => count % 300 !== 0),
    [],
  )
})

test.run()
