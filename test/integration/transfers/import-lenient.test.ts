/** Lenient imports: rows that can't be taken are left out and listed; the same frames, strictly imported, store nothing. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Float64, Int64, Table, tableToIPC, Uint64, Utf8, vectorFromArray } from 'apache-arrow'
import { parse } from 'csv-parse/sync'
import { parquetWriteBuffer } from 'hyparquet-writer'
import * as assert from 'uvu/assert'
import { laboriousCsv, FIRST_MS as T } from '../../support/csv.js'
import { eventually } from '../../support/eventually.js'
import { fetchBytes } from '../../support/exports.js'
import {
  ended,
  type ImportReceipt,
  importCsv,
  type Problem,
  postCsv,
  rowCount,
  storedRows,
  storedTypes,
} from '../../support/imports.js'
import { startServer } from '../../support/server.js'
import { asAdmin } from '../../support/template.js'
import { test } from '../../support/test.js'

const server = await startServer()
const { engines } = server
const folder = join(server.spoolDir, 'downloads')
test.after(() => server.stop())

const names = { count: 0 }
const fresh = () => `${engines.prefix}lenient_${names.count++}`
const lenient = { validation: 'lenient' }
const files = () => readdirSync(folder).length

/** The list of rejected rows, as records. */
async function listed(url: string | undefined): Promise<Record<string, string>[]> {
  const { status, headers, bytes } = await fetchBytes(server, 'GET', url ?? 'none', {})
  assert.is(status, 200)
  assert.match(headers.get('content-type') ?? '', /^text\/csv/)
  return parse(bytes, { columns: true })
}

/** Receipt entries as the list spells them. */
const asListed = (rejected: ImportReceipt['rejected']) =>
  rejected.map(({ line = '', row = '', column = '', ...rest }) => ({
    line: String(line),
    row: String(row),
    column,
    ...rest,
  }))

const BAD = [
  'timestamp,close,n,note',
  `${T},1.5,1,a`,
  `${T + 1},"1,5",2,b`,
  `12,2.5,3,c`,
  `${T + 3},3.5,x,"say ""no"",`,
  `twice"`,
  `${T + 4},4.5`,
  `${T + 5},5.5,5,"nul \0"`,
  `${T + 6},6.5,6,g`,
  '',
].join('\n')

test('a CSV with bad rows stores nothing when strict, and all others when lenient, with a list of those left out', async () => {
  const name = fresh()
  for (const more of [{}, { validation: 'strict' }]) {
    const refused = await postCsv(server, name, BAD, more)
    assert.is(refused.status, 422, refused.text)
    assert.equal([(refused.json as Problem).code, (refused.json as Problem).details.line], ['CELL_INVALID', 3])
    assert.is(await storedTypes(engines, name), undefined)
  }
  const receipt = await importCsv(server, name, BAD, lenient)
  assert.equal([receipt.rows_received, receipt.rows_written, receipt.rows_rejected, receipt.total_rows], [7, 2, 5, 2])
  assert.equal([receipt.rows_deduplicated, receipt.warnings, receipt.last_ts_ms], [0, [], T + 6])
  assert.equal(await storedRows(engines, name, 'close, n, note'), [
    [1.5, '1', 'a'],
    [6.5, '6', 'g'],
  ])
  assert.equal(
    receipt.rejected.map(({ line, row, column, value, expected }) => [line, row, column, value, expected]),
    [
      [3, undefined, 'close', '1,5', 'a number with a decimal point'],
      [4, undefined, 'timestamp', '12', 'a time from 1980 up to 2100'],
      [5, undefined, 'n', 'x', 'a number'],
      [7, undefined, undefined, '2 cells', '4 cells'],
      [8, undefined, 'note', 'nul \ufffd', 'text without U+0000 and halves of surrogate pairs'],
    ],
  )
  assert.match(receipt.rejected[2]?.message ?? '', /^line 5, column "n": expected a number, got "x"$/)
  assert.equal(await listed(receipt.rejected_url), asListed(receipt.rejected))
})

test('a job tells in its result what it has left out, also for a CSV in JSON, and of rows for a table that is there', async () => {
  const name = fresh()
  await importCsv(server, name, `timestamp,x,flag\n${T},1.5,true\n`)
  const data = `timestamp,x,flag\n${T + 1},2.5,perhaps\n${T + 2},n/a,false\n${T + 3},3.5,false\n`
  const accepted = await server.post('/api/questdb/import/async', { measurement: name, data, ...lenient })
  assert.is(accepted.status, 202, accepted.text)
  const job = await ended(server, (accepted.json as { job_id: string }).job_id)
  assert.equal([job.status, job.error], ['COMPLETED', ''])
  const result = job.result as unknown as ImportReceipt
  assert.equal([result.rows_received, result.rows_written, result.rows_rejected, result.total_rows], [3, 1, 2, 2])
  assert.equal(
    result.rejected.map(({ line, column, value }) => [line, column, value]),
    [
      [2, 'flag', 'perhaps'],
      [3, 'x', 'n/a'],
    ],
  )
  assert.equal(await listed(result.rejected_url), asListed(result.rejected))
  assert.equal(await storedRows(engines, name, 'x, flag'), [
    [1.5, true],
    [3.5, false],
  ])
})

test('what becomes of bad rows is said once, in the query or in the body', async () => {
  const data = `timestamp,x\n${T},1\n${T + 1},n/a\n`
  const body = { measurement: fresh(), data }
  assert.is(
    (await server.post('/api/questdb/import?validation=lenient', { ...body, validation: 'strict' })).status,
    400,
  )
  assert.is((await server.post('/api/questdb/import?validation=lenient', { ...body, ...lenient })).status, 200)
  assert.is((await server.post('/api/questdb/import', { ...body, validation: 'some' })).status, 400)
  assert.is((await postCsv(server, fresh(), data, { validation: 'some' })).status, 400)
})

test('rows that collapse are refused and told of among those that are taken', async () => {
  const csv = `timestamp,x\n${T + 1},1\nnever,2\n${T + 1},3\n${T},4\n`
  const { status, json } = await postCsv(server, fresh(), csv, lenient)
  assert.equal([status, (json as Problem).code], [422, 'ROWS_COLLAPSE'])
  const name = fresh()
  const kept = (await postCsv(server, name, csv, { ...lenient, on_duplicate: 'keep_last' })).json as ImportReceipt
  assert.equal([kept.rows_received, kept.rows_written, kept.rows_deduplicated, kept.rows_rejected], [4, 2, 1, 1])
  assert.equal(await storedRows(engines, name, 'x'), [['4'], ['3']])
})

const times = [T, T + 1, 7, T + 3, T + 4].map(BigInt)
const doubles = [0.5, 1.5, 2.5, Number.POSITIVE_INFINITY, 4.5]
const longs = [1n, -(2n ** 63n), 3n, 4n, 5n]
const texts = ['a', 'b', 'c', 'd', 'e']
const columnar = {
  'application/vnd.apache.arrow.stream': tableToIPC(
    new Table({
      ts: vectorFromArray(times, new Int64()),
      d: vectorFromArray(doubles, new Float64()),
      i: vectorFromArray(longs, new Int64()),
      u: vectorFromArray([1n, 2n, 3n, 4n, 2n ** 63n], new Uint64()),
      t: vectorFromArray(texts, new Utf8()),
    }),
    'stream',
  ),
  'application/vnd.apache.parquet': new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: 'ts', data: times, type: 'INT64' },
        { name: 'd', data: doubles, type: 'DOUBLE' },
        { name: 'i', data: longs, type: 'INT64' },
        { name: 't', data: ['a', 'b', 'c', 'd', 'e\0'], type: 'STRING' },
      ],
    }),
  ),
}

for (const [media, body] of Object.entries(columnar)) {
  test(`${media}: rows with a bad cell or time are left out by their number`, async () => {
    const name = fresh()
    const send = (validation: string) =>
      server.send('POST', `/api/questdb/import?measurement=${name}&validation=${validation}`, { body, media })
    assert.is((await send('strict')).status, 422)
    assert.is(await storedTypes(engines, name), undefined)
    const answer = await send('lenient')
    assert.is(answer.status, 200, answer.text)
    const receipt = answer.json as ImportReceipt
    assert.equal([receipt.rows_received, receipt.rows_written, receipt.rows_rejected], [5, 1, 4])
    assert.equal(
      receipt.rejected.map(({ line, row, column, value }) => [line, row, column, value]),
      [
        [undefined, 1, 'i', '-9223372036854775808'],
        [undefined, 2, 'ts', '7'],
        [undefined, 3, 'd', 'Infinity'],
        [undefined, 4, ...(media.endsWith('parquet') ? ['t', 'e\ufffd'] : ['u', '9223372036854775808'])],
      ],
    )
    assert.equal(await listed(receipt.rejected_url), asListed(receipt.rejected))
    assert.equal(await storedRows(engines, name, 'd, i, t'), [[0.5, '1', 'a']])
  })
}

test('of many the receipt has the first hundred and the file all, each once, though the file is read twice', async () => {
  const [name, lines] = [fresh(), ['timestamp,a,b']]
  const bad: string[] = []
  for (let n = 0; n < 30_000; n++) {
    // Decimals begin late, so what was read as whole numbers is read again; `true` is still none of them then.
    if (n % 7 === 3) bad.push(String(n + 2))
    lines.push(`${T + n},${n % 7 === 3 ? (n % 2 ? 'n/a' : 'true') : n > 25_000 ? `${n}.5` : n},${n}`)
  }
  const receipt = await importCsv(server, name, lines.join('\n'), lenient)
  assert.equal([receipt.rows_received, receipt.rows_rejected], [30_000, bad.length])
  assert.equal([receipt.rows_written, await rowCount(engines, name)], [30_000 - bad.length, 30_000 - bad.length])
  assert.equal([receipt.rejected.length, receipt.rejected[99]?.line], [100, Number(bad[99])])
  const list = await listed(receipt.rejected_url)
  assert.equal(
    list.map(({ line }) => line),
    bad,
  )
  assert.equal((await storedTypes(engines, name))?.a, 'DOUBLE')
  const sum = await engines.questdb.exec(`SELECT sum(b) FROM "${name}" WHERE a = b OR a = b + 0.5`)
  assert.is(Number(sum.dataset[0]?.[0]), (29_999 * 30_000) / 2 - bad.reduce((all, line) => all + Number(line) - 2, 0))
})

test('a frame of which no row is left, or that is wrong as a whole, stores nothing and leaves no list', async () => {
  const before = files()
  const none = await postCsv(server, fresh(), `timestamp,x\n${T},1,2\n0,2\n`, lenient)
  assert.is(none.status, 422, none.text)
  const { code, message, details } = none.json as Problem
  assert.is(code, 'FRAME_EMPTY')
  assert.match(message, /none of the 2 rows.*line 2/)
  assert.equal([details.rows_rejected, (details.rejected as unknown[]).length], [2, 2])
  for (const [csv, expected] of [
    ['timestamp,x\n', 'FRAME_EMPTY'],
    [`when,x\n${T},1\n`, 'TIMESTAMP_COLUMN_MISSING'],
    [`timestamp,x\n${T},1\n${T},n/a\n${T},"open\n`, 'FRAME_MALFORMED'],
    [`timestamp,a.b\n${T},1\n0,2\n`, 'COLUMN_NAME_INVALID'],
  ] as const) {
    const name = fresh()
    const answer = await postCsv(server, name, csv, lenient)
    assert.equal([answer.status, (answer.json as Problem).code], [422, expected], answer.text)
    assert.is(await storedTypes(engines, name), undefined)
  }
  const job = await postCsv(server, fresh(), `timestamp,x\n${T},1,2\n`, lenient, { async: true })
  const { status, error_code } = await ended(server, (job.json as { job_id: string }).job_id)
  assert.equal([status, error_code], ['FAILED', 'FRAME_EMPTY'])
  const whole = await importCsv(server, fresh(), `timestamp,x\n${T},1\n`, lenient)
  assert.equal([whole.rows_rejected, whole.rejected, 'rejected_url' in whole], [0, [], false])
  assert.is(files(), before)
})

test('a client that leaves before all is loaded takes the list with it', async () => {
  const [name, before] = [fresh(), files()]
  const leaving = new AbortController()
  const sent = postCsv(server, name, `timestamp,n,c0\n0,1,2\n${laboriousCsv(400_000).slice(15)}`, lenient, {
    signal: leaving.signal,
  }).catch((error: unknown) => error)
  await eventually('the list has begun', () => files() > before)
  leaving.abort()
  assert.ok((await sent) instanceof Error)
  await eventually('the list is gone', () => files() === before)
  assert.is(await storedTypes(engines, name), undefined)
})

test('after its time the list is gone, as every download', async () => {
  const { rejected_url: url } = await importCsv(server, fresh(), `timestamp,x\n${T},1\n0,2\n`, lenient)
  assert.is((await listed(url)).length, 1)
  await asAdmin(engines.postgresUrl, (admin) =>
    admin.query('update stage1_downloads set expires_at = now() where download_id = $1', [url?.split('/').at(-1)]),
  )
  assert.is((await server.get(url ?? '')).status, 404)
})

test.run()
