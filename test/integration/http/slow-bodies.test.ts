/** Bodies that stop coming: the time limit counts for them too. */
import { readdirSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { eventually } from '../../support/eventually.js'
import { rawRequest } from '../../support/raw-http.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

const server = await startServer({
  settings: { STAGE1_LIMITS_TRANSFER_SECONDS: '1', STAGE1_LIMITS_REQUEST_SECONDS: '1' },
})
test.after(() => server.stop())

/** Sends the beginning of a body and then nothing more; returns the answer and when it came. */
async function stall(path: string, media: string, beginning: string) {
  const started = performance.now()
  const sent = await rawRequest(server.url, `POST ${path}`, {
    'x-stage1-token': server.token,
    'content-type': media,
    'content-length': '100000',
  })
  sent.write(beginning)
  return { ...(await sent.answer()), ms: performance.now() - started }
}

test('a frame that stalls is ended by the time limit, its client told so, and no file left', async () => {
  const answer = await stall(
    `/api/questdb/import?measurement=${server.engines.prefix}slow`,
    'text/csv',
    'timestamp,x\n',
  )
  assert.is(answer.status, 504)
  assert.is(JSON.parse(answer.body).code, 'TIME_LIMIT')
  assert.ok(answer.ms >= 900 && answer.ms < 5_000, `${answer.ms} ms`)
  await eventually('the spool is empty', () => readdirSync(server.spoolDir).length === 0)
})

test('JSON that stalls is ended by the time limit, and its client told so', async () => {
  const answer = await stall('/api/datasets', 'application/json', '{"dataset_slug":')
  assert.is(answer.status, 504)
  assert.is(JSON.parse(answer.body).code, 'TIME_LIMIT')
  assert.ok(answer.ms < 5_000, `${answer.ms} ms`)
})

test('a frame that comes slowly and in time is stored', async () => {
  const text = 'timestamp,x\n1732831200,1\n1732831201,2\n'
  const sent = await rawRequest(server.url, `POST /api/questdb/import?measurement=${server.engines.prefix}slow`, {
    'x-stage1-token': server.token,
    'content-type': 'text/csv',
    'content-length': String(text.length),
  })
  for (const character of text) {
    sent.write(character)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  const answer = await sent.answer()
  assert.is(answer.status, 200, answer.body)
  assert.is(JSON.parse(answer.body).rows_written, 2)
})

test.run()
