/** A frame in a form: stored as if it had come raw, and refused by the name of the part that is wrong. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { minutesCsv } from '../../support/csv.js'
import { eventually } from '../../support/eventually.js'
import { type FilePart, formOf } from '../../support/form.js'
import { ended, type ImportReceipt, type Problem, rowCount, storedRows } from '../../support/imports.js'
import { rawRequest } from '../../support/raw-http.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

const LIMIT = 3_000_000
const server = await startServer({ settings: { STAGE1_LIMITS_FRAME_BYTES: String(LIMIT) } })
const { engines } = server
test.after(() => server.stop())

const names = { count: 0 }
const fresh = () => `${engines.prefix}form_${names.count++}`
const IMPORT = '/api/questdb/import'
const csvFile = (bytes: string): FilePart => ({ filename: 'bars.csv', media: 'text/csv', bytes })
const digestOf = (bytes: string | Uint8Array) => `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`

async function post(fields: Record<string, string>, ...files: FilePart[]) {
  return server.send('POST', IMPORT, await formOf(Object.entries(fields), ...files))
}

/** Refused with 400 because of this part; nothing is stored and nothing stays in the spool. */
async function refused(pointer: string, form: { body: Uint8Array; media: string }, name: string): Promise<string> {
  const answer = await server.send('POST', IMPORT, form)
  assert.is(answer.status, 400, answer.text)
  const { code, details, message } = answer.json as Problem & { details: { pointer: string }[] }
  assert.equal([code, details[0]?.pointer], ['REQUEST_INVALID', pointer], message)
  assert.is(await rowCount(engines, name), undefined)
  await eventually('the spool is empty', () => readdirSync(server.spoolDir).length === 0)
  return message
}

test('a CSV in a form is stored and receipted as its bytes are', async () => {
  const measurement = fresh()
  const csv = minutesCsv(3)
  const answer = await post({ measurement }, csvFile(csv))
  assert.is(answer.status, 200, answer.text)
  const receipt = answer.json as ImportReceipt
  assert.equal([receipt.status, receipt.rows_written, receipt.bytes], ['COMPLETED', 3, csv.length])
  assert.is(receipt.digest, digestOf(csv))
  assert.equal(await storedRows(engines, measurement, 'n, c0'), [
    ['0', 0.5],
    ['1', 1.5],
    ['2', 2.5],
  ])
})

test('the format is told by the media type of the part, or else by the ending of its name', async () => {
  const parquet = readFileSync(new URL('../../../fixtures/frames/snappy.parquet', import.meta.url))
  const arrow = readFileSync(new URL('../../../fixtures/frames/lz4.arrow', import.meta.url))
  const files: FilePart[] = [
    { filename: 'upload', media: 'application/vnd.apache.parquet', bytes: parquet },
    { filename: 'A.PARQUET', bytes: parquet },
    { filename: 'a.arrow', media: 'application/octet-stream', bytes: arrow },
    { filename: 'a.feather', bytes: arrow },
  ]
  for (const file of files) {
    const answer = await post({ measurement: fresh() }, file)
    assert.is(answer.status, 200, `${file.filename}: ${answer.text}`)
    assert.is((answer.json as ImportReceipt).rows_written, 300)
  }
  const csv = await post(
    { measurement: fresh() },
    { filename: 'x.csv', media: 'application/vnd.ms-excel', bytes: minutesCsv(2) },
  )
  assert.is((csv.json as ImportReceipt).rows_written, 2)
  const unknown = await post({ measurement: fresh() }, { filename: 'x.xlsx', bytes: 'PK' })
  assert.equal([unknown.status, (unknown.json as Problem).code], [415, 'MEDIA_TYPE_UNSUPPORTED'])
})

test('the options are parts like any other, before the file or after it', async () => {
  const measurement = fresh()
  const csv = 'opened,side,x\n1704067200,a,1\n1704067200,b,2\n1704067200,a,3\n'
  const { body, media } = await formOf(
    [
      ['measurement', measurement],
      ['timestamp_column', 'opened'],
      ['timestamp_unit', 's'],
      ['dedup_keys', 'side'],
    ],
    csvFile(csv),
  )
  // FormData keeps the order of appending: one more part goes behind the file.
  const boundary = media.split('boundary=')[1] as string
  const end = Buffer.from(`--${boundary}--`)
  const at = Buffer.from(body).lastIndexOf(end)
  const late = `--${boundary}\r\nContent-Disposition: form-data; name="on_duplicate"\r\n\r\nkeep_last\r\n`
  const whole = Buffer.concat([body.subarray(0, at), Buffer.from(late), body.subarray(at)])
  const answer = await server.send('POST', IMPORT, { body: whole, media })
  assert.is(answer.status, 200, answer.text)
  assert.equal((answer.json as ImportReceipt).rows_deduplicated, 1)
  assert.equal((await storedRows(engines, measurement, 'side, x')).sort(), [
    ['a', '3'],
    ['b', '2'],
  ])
})

test('a form can be a job too, which bears the name of its file', async () => {
  const measurement = fresh()
  const named = await formOf([['measurement', measurement]], { ...csvFile(minutesCsv(4)), filename: 'Kurse März.csv' })
  const accepted = await server.send('POST', `${IMPORT}/async`, named)
  assert.is(accepted.status, 202, accepted.text)
  const job = await ended(server, (accepted.json as ImportReceipt).job_id)
  assert.equal([job.status, job.payload.filename, job.result.rows_written], ['COMPLETED', 'Kurse März.csv', 4])
  const renamed = await post({ measurement: fresh(), filename: 'other.csv' }, csvFile(minutesCsv(1)))
  const { job_id } = renamed.json as ImportReceipt
  const { payload } = (await server.get(`/api/jobs/${job_id}`)).json as { payload: { filename: string } }
  assert.is(payload.filename, 'other.csv')
})

test('a part that is missing, doubled, unknown or of the wrong kind is named', async () => {
  const name = fresh()
  const measurement = ['measurement', name] as const
  const file = csvFile(minutesCsv(2))
  await refused('/file', await formOf([measurement]), name)
  await refused('/measurement', await formOf([], file), name)
  await refused('/measurement', await formOf([measurement, measurement], file), name)
  await refused('/file', await formOf([measurement], file, file), name)
  await refused('/file', await formOf([measurement, ['file', minutesCsv(2)]]), name)
  await refused('/measurement', await formOf([], file, { ...file, name: 'measurement' }), name)
  await refused('/data', await formOf([measurement, ['data', minutesCsv(2)]], file), name)
  const told = await refused('/frame', await formOf([measurement], { ...file, name: 'frame' }), name)
  assert.match(told, /measurement.*dedup_keys.*file/)
  await refused('/mode', await formOf([measurement, ['mode', 'overwrite']], file), name)
  await refused('/dedup_keys', await formOf([measurement, ['dedup_keys', 'x'.repeat(9_000)]], file), name)
})

test('a form that is no form, or is not whole, is refused', async () => {
  const name = fresh()
  const whole = await formOf([['measurement', name]], csvFile(minutesCsv(2)))
  await refused('', { ...whole, media: 'multipart/form-data' }, name)
  await refused('', { ...whole, body: whole.body.subarray(0, -8) }, name)
  await refused('', { ...whole, body: Buffer.from('timestamp,x\n1704067200,1\n') }, name)
})

test('a fault in the file is told as if it had come raw', async () => {
  const name = fresh()
  const answer = await post({ measurement: name }, csvFile('timestamp,x\n1704067200,1\n1704067260,one\n'))
  const { code, details } = answer.json as Problem
  assert.equal([answer.status, code, details.line, details.column], [422, 'CELL_INVALID', 3, 'x'])
  assert.is(await rowCount(engines, name), undefined)
})

test('a declared digest is that of the whole form', async () => {
  const name = fresh()
  const form = await formOf([['measurement', name]], csvFile(minutesCsv(2)))
  const wrong = await server.send('POST', IMPORT, { ...form, headers: { 'content-digest': digestOf('other') } })
  assert.equal([wrong.status, (wrong.json as Problem).code], [422, 'DIGEST_MISMATCH'])
  assert.is(await rowCount(engines, name), undefined)
  const right = await server.send('POST', IMPORT, { ...form, headers: { 'content-digest': digestOf(form.body) } })
  assert.is(right.status, 200, right.text)
})

test('a form beyond the limit is refused, also when it does not say how long it is', async () => {
  const name = fresh()
  const { body, media } = await formOf([['measurement', name]], csvFile(`timestamp,x\n${'1,2\n'.repeat(LIMIT / 4)}`))
  const told = await server.send('POST', IMPORT, { body, media })
  assert.is(told.status, 413)
  const chunked = await rawRequest(server.url, `POST ${IMPORT}`, {
    'content-type': media,
    'transfer-encoding': 'chunked',
    'x-stage1-token': server.token,
  })
  chunked.write(Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n0\r\n\r\n')]))
  assert.is((await chunked.answer()).status, 413)
  const small = await formOf([['measurement', name]], csvFile(minutesCsv(1)))
  const trailed = Buffer.concat([small.body, Buffer.alloc(LIMIT, 'x')])
  const trailing = await server.send('POST', IMPORT, { body: trailed, media: small.media })
  assert.is(trailing.status, 413)
  const unsaid = await rawRequest(server.url, `POST ${IMPORT}`, {
    'content-type': small.media,
    'transfer-encoding': 'chunked',
    'x-stage1-token': server.token,
  })
  unsaid.write(
    Buffer.concat([Buffer.from(`${trailed.length.toString(16)}\r\n`), trailed, Buffer.from('\r\n0\r\n\r\n')]),
  )
  assert.is((await unsaid.answer()).status, 413)
  await eventually('the spool is empty', () => readdirSync(server.spoolDir).length === 0)
})

test('a fault in a part behind the file lets go of the file', async () => {
  const name = fresh()
  const csv = minutesCsv(1_000)
  const { body, media } = await formOf([['measurement', name]], csvFile(csv))
  const boundary = media.split('boundary=')[1] as string
  const at = Buffer.from(body).lastIndexOf(`--${boundary}--`)
  const late = `--${boundary}\r\nContent-Disposition: form-data; name="unknown"\r\n\r\n1\r\n--${boundary}--\r\n`
  const sent = await rawRequest(server.url, `POST ${IMPORT}`, {
    'content-type': media,
    'content-length': String(at + late.length),
    'x-stage1-token': server.token,
  })
  sent.write(body.subarray(0, at))
  sent.write(late.slice(0, boundary.length + 4))
  const sizes = () => readdirSync(server.spoolDir).map((file) => statSync(join(server.spoolDir, file)).size)
  await eventually('the file is there', () => sizes().includes(csv.length))
  sent.write(late.slice(boundary.length + 4))
  assert.is((await sent.answer()).status, 400)
  await eventually('the spool is empty', () => readdirSync(server.spoolDir).length === 0)
})

test('a client that leaves in the middle of the file leaves nothing', async () => {
  const name = fresh()
  const { body, media } = await formOf([['measurement', name]], csvFile(minutesCsv(20_000)))
  const cut = await rawRequest(server.url, `POST ${IMPORT}`, {
    'content-type': media,
    'content-length': String(body.length),
    'x-stage1-token': server.token,
  })
  cut.write(body.subarray(0, 300_000))
  await eventually('the file arrives', () => readdirSync(server.spoolDir).length === 1)
  cut.socket.destroy()
  await eventually('the spool is empty', () => readdirSync(server.spoolDir).length === 0)
  assert.is(await rowCount(engines, name), undefined)
  assert.is((await post({ measurement: name }, csvFile(minutesCsv(1)))).status, 200)
})

test.run()
