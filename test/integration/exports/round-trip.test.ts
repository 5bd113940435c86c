/** Values that formats are prone to bend, in by each format and out by each: bit for bit what was sent. */
import {
  Bool,
  Float64,
  Int64,
  makeData,
  makeVector,
  Table,
  TimestampMicrosecond,
  tableFromIPC,
  tableToIPC,
  Utf8,
  vectorFromArray,
} from 'apache-arrow'
import { parquetWriteBuffer } from 'hyparquet-writer'
import * as assert from 'uvu/assert'
import { csvOf } from '../../support/csv.js'
import { fetchBytes, parquetRowsOf } from '../../support/exports.js'
import { ownDataset } from '../../support/fixtures.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

const server = await startServer()
test.after(() => server.stop())

const T0 = 1_732_831_200_000n * 1000n

interface Row {
  readonly timestamp: bigint
  readonly x: number | null
  readonly n: bigint | null
  readonly flag: boolean
  readonly note: string | null
}

const DOUBLES = [
  0.1,
  -0,
  5e-324,
  2.2250738585072014e-308,
  1.7976931348623157e308,
  -1.7976931348623157e308,
  1 / 3,
  95210.70000000001,
  null,
  Number.NaN,
]
const LONGS = [0n, 1n, -1n, 2n ** 63n - 1n, -(2n ** 63n) + 1n, 2n ** 53n + 1n, -(2n ** 53n) - 1n, null, 42n, 7n]
const NOTES = ['', 'a', null, 'ünïcödé 收益 😀', 'two\nlines', 'quote " and \\', 'a,b;c\td', ' spaces ', "it's", 'null']

const rows: readonly Row[] = DOUBLES.map((x, i) => ({
  // Every second row between two milliseconds.
  timestamp: T0 + BigInt(i) * 60_000_001n,
  x,
  n: LONGS[i] as bigint | null,
  flag: i % 2 === 0,
  note: NOTES[i] as string | null,
}))

/** What a reader is to find: QuestDB has one word, NULL, for a missing double and for not-a-number. */
const expected = rows.map(({ x, ...rest }) => ({ ...rest, x: Number.isNaN(x) ? null : x }))

const ways = {
  async csv(measurement: string) {
    const cells = rows.map((row) => ({
      ...row,
      x: row.x === null ? null : Object.is(row.x, -0) ? '-0' : String(row.x),
      timestamp: isoMicros(row.timestamp),
    }))
    await post(measurement, 'text/csv', csvOf(cells.map(({ note, ...rest }) => ({ ...rest, note }))))
  },
  async arrow(measurement: string) {
    const table = new Table({
      timestamp: makeVector(
        makeData({ type: new TimestampMicrosecond('UTC'), data: BigInt64Array.from(rows.map((row) => row.timestamp)) }),
      ),
      x: vectorFromArray(
        rows.map((row) => row.x),
        new Float64(),
      ),
      n: vectorFromArray(
        rows.map((row) => row.n),
        new Int64(),
      ),
      flag: vectorFromArray(
        rows.map((row) => row.flag),
        new Bool(),
      ),
      note: vectorFromArray(
        rows.map((row) => row.note),
        new Utf8(),
      ),
    })
    await post(measurement, 'application/vnd.apache.arrow.stream', tableToIPC(table, 'stream'))
  },
  async parquet(measurement: string) {
    const file = parquetWriteBuffer({
      columnData: [
        { name: 'timestamp', data: rows.map((row) => row.timestamp), type: 'INT64' },
        { name: 'x', data: rows.map((row) => row.x), type: 'DOUBLE' },
        { name: 'n', data: rows.map((row) => row.n), type: 'INT64' },
        { name: 'flag', data: rows.map((row) => row.flag), type: 'BOOLEAN' },
        { name: 'note', data: rows.map((row) => row.note), type: 'STRING' },
      ],
    })
    await post(measurement, 'application/vnd.apache.parquet', new Uint8Array(file))
  },
}

async function post(measurement: string, media: string, body: string | Uint8Array): Promise<void> {
  const answer = await server.send('POST', `/api/questdb/import?measurement=${measurement}`, { body, media })
  assert.is(answer.status, 200, answer.text)
}

function isoMicros(micros: bigint): string {
  return `${new Date(Number(micros / 1000n)).toISOString().slice(0, -1)}${String(micros % 1000n).padStart(3, '0')}Z`
}

const readers: Readonly<Record<string, (bytes: Buffer) => Promise<unknown[]>>> = {
  async arrow(bytes) {
    return tableFromIPC(bytes)
      .toArray()
      .map((row) => {
        const { timestamp: _, ...cells } = row.toJSON() as Record<string, unknown>
        return cells
      })
  },
  async parquet(bytes) {
    return (await parquetRowsOf(bytes)).map(({ timestamp: _, ...cells }) => cells)
  },
  async json(bytes) {
    // The digits are all there; JavaScript's own reader would round them.
    const exact = bytes.toString().replaceAll(/(?<=[[,])-?\d{16,}(?=[,\]])/g, '"$&"')
    const { columns, dataset } = JSON.parse(exact) as { columns: string[]; dataset: unknown[][] }
    return dataset.map((cells) => {
      const row = Object.fromEntries(columns.map((name, i) => [name, cells[i]]))
      const { timestamp: _, n, ...rest } = row
      return { ...rest, n: n === null ? null : BigInt(n as string | number) }
    })
  },
  async csv(bytes) {
    const [header, ...lines] = csvCells(bytes.toString())
    return lines.map((cells) => {
      const at = (name: string) => cells[header?.findIndex((cell) => cell?.text === name) as number]
      const given = (name: string) => at(name)?.text || null
      return {
        x: given('x') === null ? null : Number(given('x')),
        n: given('n') === null ? null : BigInt(given('n') as string),
        flag: given('flag') === 'true',
        // Text is in quotes, a missing one is an empty cell without; what CSV readers trip over is escaped as in JSON.
        note: at('note')?.quoted ? JSON.parse(`"${at('note')?.text.replaceAll('"', '\\"')}"`) : null,
      }
    })
  },
}

/** The cells of a CSV with line breaks inside quotes. */
function csvCells(text: string): { readonly text: string; readonly quoted: boolean }[][] {
  const lines: { text: string; quoted: boolean }[][] = [[]]
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\r]*))(,|\r\n|$)/g)) {
    if (quoted === undefined && plain === '' && end === '') break
    lines.at(-1)?.push({ text: quoted?.replaceAll('""', '"') ?? plain ?? '', quoted: quoted !== undefined })
    if (end === '\r\n') lines.push([])
  }
  return lines.filter((line) => line.length > 0)
}

/** As texts, so that -0 is not 0, and a long no double. */
function plainly(found: readonly unknown[]): string[] {
  return found.map((row) => {
    const { x, n, flag, note } = row as Row
    return [Object.is(x, -0) ? '-0' : String(x), n === null ? 'null' : `${n}n`, flag, JSON.stringify(note)].join(' | ')
  })
}

for (const [format, send] of Object.entries(ways)) {
  test(`what came as ${format} leaves in every format as it came`, async () => {
    const measurement = `${server.engines.prefix}${format}`
    await send(measurement)
    for (const [out, read] of Object.entries(readers)) {
      const { status, bytes } = await fetchBytes(server, 'POST', '/api/questdb/export', {
        json: { measurement, format: out },
      })
      assert.is(status, 200, bytes.toString().slice(0, 500))
      assert.equal(plainly(await read(bytes)), plainly(expected), `${format} to ${out}`)
    }
  })
}

test('times keep their microseconds in every format', async () => {
  const measurement = `${server.engines.prefix}arrow`
  const out = async (format: string) =>
    (await fetchBytes(server, 'POST', '/api/questdb/export', { json: { measurement, columns: ['timestamp'], format } }))
      .bytes
  const texts = expected.map(({ timestamp }) => isoMicros(timestamp))
  assert.equal(
    (await out('csv')).toString().trim().split('\r\n').slice(1),
    texts.map((text) => `"${text}"`),
  )
  assert.equal((JSON.parse((await out('json')).toString()) as { dataset: unknown[][] }).dataset.flat(), texts)
  const [column] = tableFromIPC(await out('arrow')).getChild('timestamp')?.data ?? []
  assert.equal(
    Array.from((column?.values ?? []) as BigInt64Array),
    expected.map(({ timestamp }) => timestamp),
  )
})

test('JSON rows of a dataset keep every double', async () => {
  const dataset = ownDataset(server.engines.prefix, 'rows')
  await server.post('/api/datasets', dataset)
  const path = `/api/datasets/${dataset.dataset_slug}/indicators`
  const hour = 3_600_000
  const sent = expected.map(({ x }, i) => ({ timestamp: Number(T0 / 1000n) + i * hour, x }))
  const appended = await server.post(`${path}/append`, { rows: sent })
  assert.is(appended.status, 200, appended.text)
  const { rows: read } = (await server.get(path)).json as { rows: Row[] }
  // JSON.stringify writes -0 as 0, so it never left this test.
  assert.equal(
    read.map(({ x }) => x),
    sent.map(({ x }) => (x === 0 ? 0 : x)),
  )
})

test.run()
