/** Arrow and Parquet through HTTP: values come out of QuestDB as they went in, and what is wrong with a frame stores nothing. */
import { readFileSync } from 'node:fs'
import {
  Bool,
  Dictionary,
  Float64,
  Int32,
  Int64,
  Table,
  TimestampMicrosecond,
  tableToIPC,
  Uint64,
  Utf8,
  vectorFromArray,
} from 'apache-arrow'
import { parquetWriteBuffer } from 'hyparquet-writer'
import * as assert from 'uvu/assert'
import { FIRST_MS } from '../../support/csv.js'
import {
  ended,
  type ImportReceipt,
  importCsv,
  type Job,
  type Problem,
  rowCount,
  storedRows,
  storedTypes,
} from '../../support/imports.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

const server = await startServer()
const { engines } = server
test.after(() => server.stop())

const names = { count: 0 }
const fresh = () => `${engines.prefix}columnar_${names.count++}`
const STREAM = 'application/vnd.apache.arrow.stream'
const PARQUET = 'application/vnd.apache.parquet'
const FILE = 'application/vnd.apache.arrow.file'

type Vectors = Record<string, unknown>
const ipc = (vectors: Vectors, format: 'stream' | 'file' = 'stream') =>
  tableToIPC(new Table(vectors as ConstructorParameters<typeof Table>[0] & object), format)
const times = (rows: number) =>
  vectorFromArray(
    Array.from({ length: rows }, (_, n) => BigInt(FIRST_MS + n)),
    new Int64(),
  )

function send(measurement: string, body: Uint8Array, media: string, path = '/api/questdb/import') {
  return server.send('POST', `${path}?measurement=${measurement}`, { body, media })
}

const MAX = 2n ** 63n - 1n

test('the extremes of every type come back exactly; not-a-number and null are both null', async () => {
  const doubles = [Number.MAX_VALUE, Number.MIN_VALUE, -Number.MAX_VALUE, 0.1 + 0.2, Number.NaN, null]
  const longs = [MAX, -MAX, 0n, 2n ** 53n + 1n, null, 1n]
  const texts = ['', 'a "quoted", line\nand \\ = ,', 'Zürich 東京 🚀', null, 'x', ' ']
  const flags = [true, false, null, true, false, true]
  const vectors = {
    timestamp: times(6),
    d: vectorFromArray(doubles, new Float64()),
    i: vectorFromArray(longs, new Int64()),
    t: vectorFromArray(texts, new Utf8()),
    side: vectorFromArray(['long', 'short', null, 'a b,c=d', 'long', 'ü'], new Dictionary(new Utf8(), new Int32())),
    b: vectorFromArray(flags, new Bool()),
    at: vectorFromArray([FIRST_MS, null, FIRST_MS, FIRST_MS, FIRST_MS, FIRST_MS], new TimestampMicrosecond()),
  }
  for (const [media, form] of [
    [STREAM, 'stream'],
    [FILE, 'file'],
  ] as const) {
    const name = fresh()
    const answer = await send(name, ipc(vectors, form), media)
    assert.is(answer.status, 200, answer.text)
    const receipt = answer.json as ImportReceipt
    assert.equal([receipt.rows_received, receipt.rows_written, receipt.total_rows], [6, 6, 6])
    assert.is(receipt.first_ts_ms, FIRST_MS)
    assert.equal(await storedTypes(engines, name), {
      ...{
        timestamp: 'TIMESTAMP',
        d: 'DOUBLE',
        i: 'LONG',
        t: 'VARCHAR',
        side: 'SYMBOL',
        b: 'BOOLEAN',
        at: 'TIMESTAMP',
      },
    })
    const cell = (column: string) => storedRows(engines, name, column).then((rows) => rows.map(([value]) => value))
    assert.equal(await cell('d'), [...doubles.slice(0, 4), null, null])
    assert.equal(
      await cell('i'),
      longs.map((value) => (value === null ? null : String(value))),
    )
    assert.equal(await cell('t'), texts)
    assert.equal(await cell('side'), ['long', 'short', null, 'a b,c=d', 'long', 'ü'])
    // A BOOLEAN of QuestDB knows no null.
    assert.equal(await cell('b'), [true, false, false, true, false, true])
    const start = new Date(FIRST_MS).toISOString().replace('Z', '000Z')
    assert.equal(await cell('at'), [start, null, start, start, start, start])
  }
})

test('rows for a measurement that exists take its types', async () => {
  const name = fresh()
  await importCsv(server, name, `timestamp,close,n,note\n${FIRST_MS},1.5,7,x\n`)
  const more = {
    ts: vectorFromArray([BigInt(FIRST_MS + 1)], new Int64()),
    close: vectorFromArray([2n], new Int64()),
    n: vectorFromArray([8], new Float64()),
    note: vectorFromArray(['y'], new Dictionary(new Utf8(), new Int32())),
  }
  const answer = await send(name, ipc(more), STREAM)
  assert.is(answer.status, 200, answer.text)
  assert.equal(await storedRows(engines, name, 'close, n, note'), [
    [1.5, '7', 'x'],
    [2, '8', 'y'],
  ])
})

test('a frame with a fault stores nothing and says where it is', async () => {
  const wide = vectorFromArray([1n, MAX + 1n], new Uint64())
  const good = ipc({ timestamp: times(2), x: vectorFromArray([1, 2], new Float64()) })
  const cases: [Uint8Array, string, string][] = [
    [ipc({ timestamp: times(2), wide }), 'CELL_INVALID', 'row 1, column "wide"'],
    [ipc({ x: vectorFromArray([1], new Float64()) }), 'TIMESTAMP_COLUMN_MISSING', 'no time column'],
    [good.subarray(0, good.length - 8), 'FRAME_MALFORMED', 'it was cut'],
    [Buffer.from('timestamp,x\n1,2\n'), 'FRAME_MALFORMED', 'no Arrow message begins here'],
  ]
  for (const [body, code, words] of cases) {
    const name = fresh()
    const answer = await send(name, body, STREAM)
    assert.is(answer.status, 422, answer.text)
    const problem = answer.json as Problem
    assert.is(problem.code, code)
    assert.match(problem.message, words)
    assert.is(await rowCount(engines, name), undefined)
  }
})

test('as a job, in many batches, under a name of the time that is given', async () => {
  const rows = 60_000
  const name = fresh()
  const vectors = {
    opened: times(rows),
    n: vectorFromArray(
      Array.from({ length: rows }, (_, n) => n),
      new Int32(),
    ),
  }
  const path = `/api/questdb/import/async?measurement=${name}&timestamp_column=opened&timestamp_unit=ms`
  const answer = await server.send('POST', path, { body: ipc(vectors, 'file'), media: FILE })
  assert.is(answer.status, 202, answer.text)
  const job: Job = await ended(server, (answer.json as { job_id: string }).job_id)
  assert.is(job.status, 'COMPLETED', job.error)
  assert.is(job.payload.filename, `${name}.arrow`)
  assert.is(job.progress_pct, 100)
  const { dataset } = await engines.questdb.exec(`SELECT count(), sum(n), max(timestamp) FROM "${name}"`)
  const last = new Date(FIRST_MS + rows - 1).toISOString().replace('Z', '000Z')
  assert.equal(
    dataset.map((row) => row.map(String)),
    [[String(rows), String((rows * (rows - 1)) / 2), last]],
  )
})

for (const [file, media] of [
  ['lz4.arrow', FILE],
  ['zstd.arrows', STREAM],
  ['snappy.parquet', PARQUET],
  ['v2.parquet', PARQUET],
] as const) {
  test(`${file} is stored`, async () => {
    const name = fresh()
    const body = readFileSync(new URL(`../../../fixtures/frames/${file}`, import.meta.url))
    const answer = await send(name, body, media)
    assert.is(answer.status, 200, answer.text)
    const found = await storedRows(engines, name, 'close, n, note, side')
    assert.is(found.length, 300)
    assert.equal(found[5], [5 / 3, String(2n ** 62n + 5n), 'é5é5é5', 'flat'])
    assert.equal(found[0], [null, null, null, null])
  })
}

test('the extremes of Parquet come back exactly; not-a-number and null are both null', async () => {
  const doubles = [Number.MAX_VALUE, Number.MIN_VALUE, 0.1 + 0.2, Number.NaN, null]
  const longs = [MAX, -MAX, 2n ** 53n + 1n, null, 1n]
  const texts = ['', 'a "quoted", line\nand \\ = ,', 'Zürich 東京 🚀', null, ' ']
  const columnData = [
    { name: 'ts', data: longs.map((_, n) => BigInt(FIRST_MS + n)), type: 'INT64' as const },
    { name: 'd', data: doubles, type: 'DOUBLE' as const },
    { name: 'i', data: longs, type: 'INT64' as const },
    { name: 't', data: texts, type: 'STRING' as const },
  ]
  const name = fresh()
  const answer = await send(name, new Uint8Array(parquetWriteBuffer({ columnData })), PARQUET)
  assert.is(answer.status, 200, answer.text)
  assert.equal(await storedRows(engines, name, 'd, i, t'), [
    [doubles[0], String(MAX), texts[0]],
    [doubles[1], String(-MAX), texts[1]],
    [doubles[2], String(2n ** 53n + 1n), texts[2]],
    [null, null, null],
    [null, '1', ' '],
  ])
  const cut = new Uint8Array(parquetWriteBuffer({ columnData })).subarray(0, -1)
  const refused = await send(fresh(), cut, PARQUET)
  assert.is(refused.status, 422)
  assert.is((refused.json as Problem).code, 'FRAME_MALFORMED')
})

test.run()
