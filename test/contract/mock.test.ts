/** The mock answers as the contract shows, and tells a wrong request from a right one. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import * as assert from 'uvu/assert'
import {
  dataOf,
  events,
  folds,
  importFrame,
  Stage1Error,
  stage1,
  upload,
  waitForJob,
} from '../../clients/typescript/src/index.js'
import { test } from '../support/test.js'

const MOCK = fileURLToPath(new URL('../../scripts/mock.js', import.meta.url))
const child = spawn(process.execPath, [MOCK], {
  env: { ...process.env, PORT: '0' },
  stdio: ['ignore', 'pipe', 'inherit'],
})
const baseUrl = await new Promise<string>((resolve, reject) => {
  let said = ''
  child.once('close', () => reject(new Error(`the mock has ended: ${said}`)))
  child.stdout.on('data', (text) => {
    said += text
    const url = /http:\S+/.exec(said)?.[0]
    if (url) resolve(url)
  })
})
const client = stage1({ baseUrl })
test.after(() => {
  child.kill()
})

test('lists, jobs and streams come to an end', async () => {
  const job = await waitForJob(client, '7f0a3f51-5f1e-4a57-9a1c-0a4c5d1b2e3f')
  assert.is(job.status, 'COMPLETED')
  let count = 0
  for await (const fold of folds(client, '8620f8da-8f74-4dd9-8ee2-d14d2c672873')) count += Number(fold.fold_number >= 0)
  assert.is(count, 1)
  const { value } = await events(client).next()
  assert.match(value?.type ?? '', /^[a-z]+\.[a-z_]+$/)
})

test('frames are taken in every form', async () => {
  const body = 'timestamp,close\n1732831200000,1\n'
  assert.ok((await upload(client, { media: 'text/csv', body })).upload_id)
  const arrow = new Uint8Array([255, 255, 255, 255, 0, 0, 0, 0])
  const frame = { measurement: 'btc', media: 'application/vnd.apache.arrow.stream', body: arrow } as const
  assert.is(typeof (await importFrame(client, frame)).rows_written, 'number')
})

test('what the contract does not allow is refused', async () => {
  const refused = await client.api
    .POST('/api/questdb/query', { body: { sql: 7 as never, limit: 'x' as never } })
    .catch((error) => error)
  assert.instance(refused, Stage1Error)
  assert.equal([refused.status, refused.code], [400, 'REQUEST_INVALID'])
  const { datasets } = dataOf(await client.api.GET('/api/datasets'))
  assert.is(datasets?.length, 1)
})

test.run()
