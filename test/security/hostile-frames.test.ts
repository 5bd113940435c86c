/** Frames that lie about their size, their numbers or their times, and text that could end a line of the protocol to QuestDB. */
import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { ownDataset } from '../support/fixtures.js'
import { assertUnharmed, refusalOf, storingNothing } from '../support/hostile.js'
import { importCsv, postCsv, rowCount, storedRows, storedTypes } from '../support/imports.js'
import { startServer } from '../support/server.js'
import { test } from '../support/test.js'

const server = await startServer()
test.after(() => server.stop())

const { prefix } = server.engines
let tables = 0
const fresh = () => `${prefix}frame_${++tables}`
const dataset = ownDataset(prefix, 'frames')
const appendPath = `/api/datasets/${dataset.dataset_slug}/ohlcv/append`
test.before(async () => {
  assert.is((await server.post('/api/datasets', dataset)).status, 201)
})

const ARROW = 'application/vnd.apache.arrow.stream'
const ARROW_FILE = 'application/vnd.apache.arrow.file'
const PARQUET = 'application/vnd.apache.parquet'

const post = (body: Uint8Array, media: string) =>
  server.send('POST', `/api/questdb/import?measurement=${fresh()}`, { body, media })

/** A real frame in this format, made by the server itself. */
async function realFrame(format: 'arrow' | 'parquet'): Promise<Buffer> {
  const measurement = fresh()
  const rows = Array.from({ length: 200 }, (_, i) => `${1732831200 + i},${i / 3},text ${i}\n`)
  await importCsv(server, measurement, `timestamp,close,note\n${rows.join('')}`)
  const answer = await fetch(`${server.url}/api/questdb/export`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-stage1-token': server.token },
    body: JSON.stringify({ measurement, format }),
  })
  assert.is(answer.status, 200)
  return Buffer.from(await answer.arrayBuffer())
}

test('B15: a file that claims to be larger than it is is refused, whatever it claims', async () => {
  const arrow = await realFrame('arrow')
  const parquet = await realFrame('parquet')
  const size = (bytes: number) => {
    const field = Buffer.alloc(4)
    field.writeUInt32LE(bytes >>> 0)
    return field
  }
  const forged: [string, Uint8Array, string][] = []
  for (const claim of [0xffffffff, 0x7fffffff, 0x80000000, 0x40000000]) {
    forged.push(['head of an Arrow message', Buffer.concat([size(0xffffffff), size(claim), arrow.subarray(8)]), ARROW])
    forged.push([
      'footer of an Arrow file',
      Buffer.concat([Buffer.from('ARROW1\0\0'), arrow, size(claim), Buffer.from('ARROW1')]),
      ARROW_FILE,
    ])
    forged.push([
      'footer of a Parquet file',
      Buffer.concat([parquet.subarray(0, -8), size(claim), Buffer.from('PAR1')]),
      PARQUET,
    ])
    forged.push([
      'a Parquet file of nothing else',
      Buffer.concat([Buffer.from('PAR1'), size(claim), Buffer.from('PAR1')]),
      PARQUET,
    ])
  }
  for (const [name, body, media] of [
    ['Arrow', arrow, ARROW],
    ['Parquet', parquet, PARQUET],
  ] as const)
    for (const part of [0, 1, 7, 100, Math.floor(body.length / 2), body.length - 1])
      forged.push([`${name} cut at ${part}`, body.subarray(0, part), media])
  await storingNothing(server, async () => {
    for (const [what, body, media] of forged) {
      if (body.length === 0) continue
      const refused = refusalOf(await post(body, media), what)
      assert.is(refused.status, 422, `${what}: ${refused.message}`)
    }
  })
})

test('B15: of a file with any four bytes changed, either nothing is stored or as many rows as it has', async () => {
  for (const [format, media] of [
    ['arrow', ARROW],
    ['parquet', PARQUET],
  ] as const) {
    const frame = await realFrame(format)
    const property = fc.asyncProperty(
      fc.nat(frame.length - 4),
      fc.constantFrom(0xffffffff, 0x7fffffff, 0x80000000, 0, 0x10000),
      async (at, claim) => {
        const forged = Buffer.from(frame)
        forged.writeUInt32LE(claim, at)
        const answer = await post(forged, media)
        if (answer.status === 200) assert.is((answer.json as { rows_received: number }).rows_received, 200)
        else assert.ok([409, 422].includes(refusalOf(answer, `${format} ${at}`).status), answer.text)
      },
    )
    await fc.assert(property, { numRuns: 60 })
  }
})

const LINES = [
  'a\nb',
  'a\r\nb',
  'a b',
  'a,b',
  'a=b',
  'a"b',
  "a'b",
  'a\\b',
  'a\\',
  '\\n',
  ',x=1 1',
  '"\nother,x=1 y=2 3\n',
  'a\tb',
  '#a',
  '',
  ' ',
  'é\u{1f600}',
  '1i',
  't',
]

test('B28: text that could end a line or a field comes back as it was, in symbols and texts', async () => {
  const measurement = fresh()
  await server.engines.questdb.run(
    `CREATE TABLE "${measurement}" (timestamp TIMESTAMP, side SYMBOL, note VARCHAR) TIMESTAMP(timestamp) PARTITION BY MONTH WAL`,
  )
  const cell = (text: string) => `"${text.replaceAll('"', '""')}"`
  await importCsv(
    server,
    measurement,
    `timestamp,side,note\n${LINES.map((text, i) => `${1732831200 + i},${cell(text)},${cell(text)}\n`).join('')}`,
  )
  assert.equal(
    await storedRows(server.engines, measurement, 'side, note'),
    LINES.map((text) => [text, text]),
  )
  assert.is(await rowCount(server.engines, 'other'), undefined)
})

test('B28: a name of a column that could end a line is kept or refused, and is no other column', async () => {
  for (const name of LINES.filter((text) => text.trim() !== '')) {
    const measurement = fresh()
    const answer = await postCsv(server, measurement, `timestamp,"${name.replaceAll('"', '""')}"\n1732831200,1\n`)
    if (answer.status === 200)
      assert.equal(
        Object.keys((await storedTypes(server.engines, measurement)) ?? {}).sort(),
        [name, 'timestamp'].sort(),
      )
    else assert.ok(['COLUMN_NAME_INVALID', 'FRAME_MALFORMED'].includes(refusalOf(answer, name).code))
  }
})

test('B30: what is no finite number is refused by its cell, or has no value where the contract says so', async () => {
  await storingNothing(server, async () => {
    for (const text of ['Infinity', '-Infinity', 'inf', '1e400', '-1e999']) {
      const csv = `timestamp,close\n1732831200,1.5\n1732831260,${text}\n`
      const refused = refusalOf(await postCsv(server, fresh(), csv), text)
      assert.equal([refused.status, refused.code, refused.details.line], [422, 'CELL_INVALID', 3], text)
      const inRows = refusalOf(await server.post(appendPath, { rows: [{ timestamp: 1732931200, close: text }] }), text)
      assert.equal([inRows.status, inRows.code, inRows.details.column], [422, 'CELL_INVALID', 'close'])
    }
    for (const body of [{ trades: [{ pnl: 'NaN' }] }, { buckets: [{ side: 'x', profit_factor: 'Infinity' }] }])
      assert.is(refusalOf(await server.post('/api/simulations', body)).status, 400)
  })
  const measurement = fresh()
  await importCsv(server, measurement, 'timestamp,close\n1732831200,1.5\n1732831260,NaN\n')
  assert.equal(await storedRows(server.engines, measurement, 'close'), [[1.5], [null]])
})

test('B34: a time outside of 1980 to 2100 is refused with the likely unit, in every unit', async () => {
  const odd = [
    '-1',
    '1',
    '1000',
    '-1732831200',
    '1900-01-01',
    '2200-01-01',
    '0001-01-01',
    '99999-01-01',
    '4102444801',
    '9'.repeat(19),
    '9'.repeat(30),
    '1e400',
    'NaN',
    'infinity',
    '2024-02-30',
    '2024-13-01T00:00:00Z',
    '24:00',
  ]
  await storingNothing(server, async () => {
    for (const time of odd) {
      const refused = refusalOf(await postCsv(server, fresh(), `timestamp,close\n1732831200,1\n${time},2\n`), time)
      assert.is(refused.status, 422, time)
      assert.ok(['TIMESTAMP_OUT_OF_RANGE', 'CELL_INVALID'].includes(refused.code), `${time}: ${refused.code}`)
      const inRows = refusalOf(await server.post(appendPath, { rows: [{ timestamp: time, close: 1 }] }), time)
      assert.is(inRows.status, 422, time)
    }
    const seconds = refusalOf(
      await server.post('/api/simulations', { trades: [{ entry_timestamp: 1732831200e6 * 1e6 }] }),
    )
    assert.ok([400, 422].includes(seconds.status))
  })
  const units = ['1732831200', '1732831200000', '1732831200000000', '1732831200000000000']
  for (const unit of units) {
    const measurement = fresh()
    const { first_ts_ms } = await importCsv(server, measurement, `timestamp,close\n${unit},1\n`)
    assert.is(first_ts_ms, 1_732_831_200_000)
  }
})

test('B35: a CSV that is torn is refused with its line', async () => {
  const torn: readonly (readonly [string, string, string])[] = [
    ['a row too short', 'timestamp,a,b\n1732831200,1,2\n1732831260,1\n', 'FRAME_MALFORMED'],
    ['a row too long', 'timestamp,a\n1732831200,1\n1732831260,1,2\n', 'FRAME_MALFORMED'],
    ['a quote that stays open', 'timestamp,a\n1732831200,"x\n', 'FRAME_MALFORMED'],
    ['text behind a quote', 'timestamp,a\n1732831200,"x"y\n', 'FRAME_MALFORMED'],
    ['the header once more', 'timestamp,a\n1732831200,1\ntimestamp,a\n', 'CELL_INVALID'],
    ['two columns of one name', 'timestamp,a,a\n1732831200,1,2\n', 'FRAME_MALFORMED'],
    ['no rows', 'timestamp,a\n', 'FRAME_EMPTY'],
    ['nothing', '\n\n', 'FRAME_MALFORMED'],
    ['semicolons', 'timestamp;a\n1732831200;1\n', 'FRAME_MALFORMED'],
    ['decimal commas', 'timestamp,a\n1732831200,"1,5"\n1732831260,2.5\n', 'CELL_INVALID'],
    ['a cell of ten megabytes', `timestamp,a\n1732831200,"${'x'.repeat(10 << 20)}"\n`, 'FRAME_MALFORMED'],
    ['no name', 'timestamp,\n1732831200,1\n', 'FRAME_MALFORMED'],
  ]
  const found: [string, string][] = []
  await storingNothing(server, async () => {
    for (const [what, csv] of torn) {
      const refused = refusalOf(await postCsv(server, fresh(), csv), what)
      assert.is(refused.status, 422, what)
      found.push([what, refused.code])
    }
  })
  assert.equal(
    found,
    torn.map(([what, , code]) => [what, code]),
  )
})

test('B35: line ends of any kind, a byte order mark and cells that a spreadsheet would run are data', async () => {
  const cells = ['=cmd()', '+1+1', '-1-1', '@SUM(A1)', '=HYPERLINK("http://x","y")', '\t=1', "'=1"]
  const measurement = fresh()
  const csv = `\ufefftimestamp,note\r\n${cells.map((text, i) => `${1732831200 + i},"${text.replaceAll('"', '""')}"\r\n`).join('')}`
  await importCsv(server, measurement, csv)
  assert.equal(
    await storedRows(server.engines, measurement, 'note'),
    cells.map((text) => [text]),
  )
})

test('all of this was answered without a failure, and no object was changed', () => assertUnharmed(server))

test.run()
