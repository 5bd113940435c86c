import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import * as assert from 'uvu/assert'
import type { DomainError } from '../../../src/errors.js'
import { type Place, refusedAt, unexpected } from '../../../src/frames/refusal.js'
import { RejectedRows, requireOneTaken } from '../../../src/transfers/rejected-rows.js'
import { test } from '../../support/test.js'

const folder = mkdtempSync(join(tmpdir(), 'rejected-'))
const path = join(folder, 'list')
test.after(() => rmSync(folder, { recursive: true }))

const fault = (place: Place, value: unknown) => refusedAt(place, value, unexpected(value, 'a number'))

test('the list holds every row with quotes where they must be, and its digest is that of the file', async () => {
  const list = await RejectedRows.open(path)
  list.rejected(fault({ line: 2, column: 'a "b", c' }, 'x,\r\n"y"'))
  await list.flush()
  list.rejected(fault({ row: 7, column: 'n' }, null))
  list.rejected(fault({ row: 8, column: 'n' }, `\0${'ü'.repeat(76)}🚀🚀🚀`))
  const { rows, bytes, digest, first } = await list.end()
  await list.close()
  const text = readFileSync(path)
  assert.equal([rows, bytes], [3, text.length])
  assert.is(digest, `sha-256=:${createHash('sha256').update(text).digest('base64')}:`)
  const records = parse(text, { columns: true }) as Record<string, string>[]
  assert.equal(
    records.map(({ line, row, column, value }) => [line, row, column, value]),
    [
      ['2', '', 'a "b", c', 'x,\r\n"y"'],
      ['', '7', 'n', ''],
      ['', '8', 'n', `\ufffd${'ü'.repeat(76)}🚀\ufffd…`],
    ],
  )
  assert.equal(
    records.map(({ expected, message }) => [expected, message]),
    first.map(({ expected, message }) => [expected, message]),
  )
})

test('a list that was begun before is begun anew, and a hundred rows are remembered', async () => {
  const list = await RejectedRows.open(path)
  for (let row = 0; row < 250; row++) list.rejected(fault({ row, column: 'n' }, 'x'))
  const { rows, first } = await list.end()
  await list.close()
  assert.equal([rows, first.length, first[99]?.row], [250, 100, 99])
  assert.is(parse(readFileSync(path), { columns: true }).length, 250)
})

test('a list that grows too long refuses the frame', async () => {
  const list = await RejectedRows.open(path, 1_000)
  for (let row = 0; row < 100; row++) list.rejected(fault({ row, column: 'n' }, 'x'))
  const error: DomainError = await list.flush().then(
    () => assert.unreachable(),
    (thrown) => thrown,
  )
  await list.close()
  assert.equal([error.code, error.details], ['FRAME_MALFORMED', { rows_rejected: 100 }])
})

test('a frame needs one row that is taken, unless none was left out either', () => {
  const list = { rows: 3, first: [], bytes: 0, digest: '' }
  requireOneTaken(1, list)
  requireOneTaken(0, { ...list, rows: 0 })
  assert.throws(() => requireOneTaken(0, list), /none of the 3 rows/)
})

test.run()
