import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { isDomainError } from '../../../src/errors.js'
import type { ColumnBatch } from '../../../src/frames/batch.js'
import type { DecodeOptions } from '../../../src/frames/decode.js'
import { JsonMembers } from '../../../src/frames/members.js'
import { decodeFrame, type FrameSource, frameBytes } from '../../../src/frames/open.js'

const test = suite('frames at rest')
const folder = mkdtempSync(join(tmpdir(), 'frames-'))
test.after(() => rmSync(folder, { recursive: true }))

const INFER: DecodeOptions = { otherwise: 'infer' }
const CSV = `timestamp,close\n${Array.from({ length: 5000 }, (_, i) => `${1704067200 + i},${i / 4 + 0.125}`).join('\n')}\n`
const ROWS = Array.from({ length: 5000 }, (_, i) => ({ timestamp: 1704067200 + i, close: i / 4 + 0.125 }))

test('a frame reads the same from a CSV file, from CSV in a JSON body and from rows in one', async () => {
  const body = { measurement: 'btc', data: CSV, rows: ROWS, filename: 'é.csv' }
  const text = Buffer.from(JSON.stringify(body))
  const members = new JsonMembers(new Set(['data', 'rows']), 1000)
  members.push(text)
  const { head, large } = members.end()
  assert.equal(head, { measurement: 'btc', filename: 'é.csv' })
  const file = write('frame.csv', CSV)
  const whole = write('body.json', text)
  const data = large.get('data')
  const rows = large.get('rows')
  if (data === undefined || rows === undefined) throw new Error('the members were not found')
  for (const source of [
    { path: file, format: 'csv' },
    { path: whole, format: 'csv', range: data, quoted: true },
    { path: whole, format: 'rows', range: rows },
  ] satisfies FrameSource[]) {
    const read: number[] = []
    const batches = await collect(source, (bytes) => read.push(bytes))
    assert.is(batches.length, 1)
    assert.equal(
      [...(batches[0]?.columns[0]?.values ?? [])],
      ROWS.map((row) => row.close),
    )
    assert.equal(
      [...(batches[0]?.timestamps ?? [])],
      ROWS.map((row) => BigInt(row.timestamp) * 1_000_000n),
    )
    const range = 'range' in source ? source.range : { start: 0, end: Buffer.byteLength(CSV) }
    assert.is(read.at(-1), range.end - range.start)
    assert.equal(
      read,
      [...read].sort((a, b) => a - b),
    )
  }
})

test('errors in a part of a body count bytes from the start of the body', async () => {
  const path = write('wrong.json', '{"rows":[{"ts":1704067200},{"ts":01}],"data":"ts\\n1704067200\\x"}')
  const rows = await failure({ path, format: 'rows', range: { start: 8, end: 37 } })
  assert.match(rows.message, /^row 1, which begins at byte 27, is not valid JSON/)
  const data = await failure({ path, format: 'csv', range: { start: 45, end: 63 }, quoted: true })
  assert.is(data.message, 'byte 60: this escape is not known in JSON')
})

test('a byte range is read exactly, an empty one not at all', async () => {
  const path = write('digits', '0123456789')
  const read = async (range?: { start: number; end: number }) => {
    const parts: Uint8Array[] = []
    for await (const bytes of frameBytes(path, range)) parts.push(bytes)
    return Buffer.concat(parts).toString()
  }
  assert.is(await read(), '0123456789')
  assert.is(await read({ start: 2, end: 5 }), '234')
  assert.is(await read({ start: 0, end: 1 }), '0')
  assert.is(await read({ start: 5, end: 5 }), '')
})

test('a file is closed when the reading ends early or fails', async () => {
  const path = write('frame.csv', CSV.repeat(1))
  const wrong = write('late.csv', `${CSV}x,1\n`)
  const before = openFiles()
  for await (const batch of decodeFrame({ path, format: 'csv' }, { otherwise: 'infer', batchRows: 10 })) {
    assert.is(batch.rows, 10)
    break
  }
  await failure({ path: wrong, format: 'csv' })
  await new Promise((resolve) => setTimeout(resolve, 50))
  assert.is(openFiles(), before)
})

function openFiles(): number {
  return readdirSync('/proc/self/fd').length
}

function write(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

async function collect(source: FrameSource, onBytes?: (bytes: number) => void): Promise<ColumnBatch[]> {
  const batches: ColumnBatch[] = []
  for await (const batch of decodeFrame(source, INFER, onBytes)) batches.push(batch)
  return batches
}

async function failure(source: FrameSource): Promise<Error> {
  try {
    await collect(source)
  } catch (error) {
    if (isDomainError(error)) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

test.run()
