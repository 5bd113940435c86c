/** The TypeScript client in Node against a whole server: what a web team does with it, and what it does when things go wrong. */
import { tableFromArrays } from 'apache-arrow'
import * as assert from 'uvu/assert'
import { readTable, writeTable } from '../../clients/typescript/src/arrow.js'
import {
  dataOf,
  datasets,
  events,
  folds,
  importFrame,
  type Job,
  JobError,
  predictionRows,
  queueImport,
  runs,
  type Stage1,
  Stage1Error,
  type Stage1Event,
  stage1,
  upload,
  waitForJob,
} from '../../clients/typescript/src/index.js'
import { FIRST_MS, minutesCsv } from '../support/csv.js'
import { ownDataset, ownRun, predictionRows as predictionsOf } from '../support/fixtures.js'
import { rowCount } from '../support/imports.js'
import { lockMeasurement } from '../support/outside-lock.js'
import { SHARED_SECRET, startServer } from '../support/server.js'
import { test } from '../support/test.js'

const server = await startServer()
const { engines, token } = server
const { prefix } = engines
test.after(() => server.stop())

const client = stage1({ baseUrl: server.url, token })
const dataset = ownDataset(prefix, 'sdk')
const FOLDS = 25
const PER_FOLD = 30

async function rejection(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => assert.unreachable('it did not fail'),
    (error: unknown) => error,
  )
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

/** A client whose first requests fare as told; counts what is sent, and under which keys. */
function troubled(...troubles: readonly (() => Promise<Response>)[]) {
  const left = [...troubles]
  const keys: (string | null)[] = []
  const fetch = (request: Request): Promise<Response> => {
    keys.push(request.headers.get('idempotency-key'))
    const trouble = left.shift()
    return trouble ? trouble() : globalThis.fetch(request)
  }
  return { client: stage1({ baseUrl: server.url, token, fetch }), keys }
}

const refused =
  (status: number, headers = {}, code = 'DRAINING') =>
  async () =>
    new Response(JSON.stringify({ code }), { status, headers })
const STREAM = { 'content-type': 'text/event-stream' }
const broken = async () => {
  throw new TypeError('fetch failed')
}

test('a dataset and a run are saved and read back with the types of the contract', async () => {
  const saved = dataOf(await client.api.POST('/api/datasets', { body: dataset as never }))
  assert.is(saved.dataset_id, dataset.dataset_id)
  const body = { ...ownRun(prefix, dataset.dataset_id, FOLDS), fold_count: FOLDS }
  const sent = { ...body, predictions: predictionsOf(FOLDS, PER_FOLD) }
  const receipt = dataOf(await client.api.POST('/api/runs', { body: sent as never }))
  assert.equal([receipt.folds_written, receipt.questdb_rows_written], [FOLDS, FOLDS * PER_FOLD])

  const listed = (await all(datasets(client, { pageSize: 1 }))).map(({ dataset_id }) => dataset_id)
  assert.equal(listed, [dataset.dataset_id])
  const bySlug = await all(datasets(client, { filters: { search: 'no such slug' } }))
  assert.equal(bySlug, [])
  const found = await all(runs(client, { filters: { dataset_id: dataset.dataset_id } }))
  assert.equal(
    found.map(({ run_id }) => run_id),
    [receipt.run_id],
  )
  const numbers = (await all(folds(client, receipt.run_id, { pageSize: 7 }))).map(({ fold_number }) => fold_number)
  assert.equal(
    numbers,
    body.folds.map(({ fold_number }) => fold_number),
    'every fold, over four pages',
  )
  const rows = await all(predictionRows(client, receipt.run_id, { pageSize: 100 }))
  assert.is(rows.length, FOLDS * PER_FOLD)
  const whole = await all(predictionRows(client, receipt.run_id))
  assert.equal(rows, whole, 'the same rows whatever the size of a page')
})

test('an answer outside 2xx is an error with code, place and request id', async () => {
  const error = (await rejection(
    client.api.GET('/api/runs/{run_id}', { params: { path: { run_id: 'a0000000-0000-4000-8000-000000000000' } } }),
  )) as Stage1Error
  assert.instance(error, Stage1Error)
  assert.equal([error.status, error.code], [404, 'RUN_NOT_FOUND'])
  assert.match(error.requestId, /^[\w-]{8,}$/)
  const csv = 'timestamp,close\n1732831200000,1\n1732831260000,x\n'
  const fault = (await rejection(
    importFrame(client, { measurement: `${prefix}faulty`, media: 'text/csv', body: csv }),
  )) as Stage1Error
  assert.is(fault.status, 422)
  assert.match(JSON.stringify(fault.details), /"line":3/)
  const stranger = stage1({ baseUrl: server.url })
  assert.is(((await rejection(stranger.api.GET('/api/runs'))) as Stage1Error).code, 'UNAUTHORIZED')
})

test('what passes is tried again, under the same key, after as long as the server asks', async () => {
  const { client: tried, keys } = troubled(refused(503, { 'retry-after': '1' }), broken, refused(429))
  const before = performance.now()
  const made = dataOf(await tried.api.POST('/api/datasets', { body: ownDataset(prefix, 'sdk_tried') as never }))
  assert.is(made.dataset_slug, `${prefix}sdk_tried`)
  assert.is(keys.length, 4)
  assert.ok(keys[0], 'a POST has a key')
  assert.is(new Set(keys).size, 1)
  assert.ok(performance.now() - before >= 1000, 'a second was waited')
})

test('the answer to a request that is still at work is asked for until it is there', async () => {
  const atWork = refused(409, { 'retry-after': '0' }, 'IDEMPOTENCY_IN_PROGRESS')
  const { client: patient, keys } = troubled(broken, ...Array.from({ length: 12 }, () => atWork))
  const made = dataOf(await patient.api.POST('/api/datasets', { body: ownDataset(prefix, 'sdk_patient') as never }))
  assert.is(made.dataset_slug, `${prefix}sdk_patient`)
  assert.equal([keys.length, new Set(keys).size], [14, 1])
  const fetch = () => atWork()
  const hasty = stage1({ baseUrl: server.url, token, fetch, retry: { inProgressSeconds: 0 } })
  assert.is(
    (
      (await rejection(
        hasty.api.POST('/api/datasets', { body: ownDataset(prefix, 'sdk_hasty') as never }),
      )) as Stage1Error
    ).status,
    409,
  )
})

test('what does not pass is not tried again, nor for longer than was asked for', async () => {
  for (const trouble of [refused(400), refused(409), refused(500), refused(504, {}, 'TIME_LIMIT')]) {
    const { client: once, keys } = troubled(trouble)
    await rejection(once.api.GET('/api/runs'))
    assert.is(keys.length, 1)
  }
  const { client: never, keys } = troubled(refused(503, { 'retry-after': '3600' }))
  assert.is(((await rejection(never.api.GET('/api/runs'))) as Stage1Error).retryAfter, 3600)
  assert.is(keys.length, 1)
  const given = new AbortController()
  const { client: left } = troubled(refused(503, { 'retry-after': '20' }))
  setTimeout(() => given.abort(new Error('the user left')), 50)
  assert.is(((await rejection(left.api.GET('/api/runs', { signal: given.signal }))) as Error).message, 'the user left')
})

for (const by of ['events', 'long-poll', 'poll'] as const) {
  test(`a queued import is waited for by ${by}`, async () => {
    const measurement = `${prefix}sdk_${by.replace('-', '_')}`
    const lock = await lockMeasurement(engines.postgresUrl, measurement)
    const { job_id } = await queueImport(client, { measurement, media: 'text/csv', body: minutesCsv(5000) })
    const seen: Job[] = []
    const job = await waitForJob(client, job_id, {
      by,
      onProgress(change) {
        if (seen.push(change) === 1) void lock.release()
      },
    })
    assert.equal(
      [job.status, job.result?.rows_written, await rowCount(engines, measurement)],
      ['COMPLETED', 5000, 5000],
    )
    assert.is.not(seen[0]?.status, 'COMPLETED', 'it was heard of before it ended')
  })

  test(`a job that fails is an error that has it, by ${by}`, async () => {
    const body = 'timestamp,close\n1732831200000,1\n1732831260000,x\n'
    const { job_id } = await queueImport(client, { measurement: `${prefix}sdk_bad`, media: 'text/csv', body })
    const error = (await rejection(waitForJob(client, job_id, { by }))) as JobError
    assert.instance(error, JobError)
    assert.equal([error.job.job_id, error.job.status, error.message], [job_id, 'FAILED', error.job.error])
  })
}

test('a server that is not there, or whose stream never begins, leaves nobody waiting for a job', async () => {
  const nobody = stage1({ baseUrl: 'http://127.0.0.1:1', retry: { tries: 1 } })
  const jobId = 'a0000000-0000-4000-8000-000000000000'
  assert.instance(await rejection(waitForJob(nobody, jobId, { by: 'events' })), TypeError)

  const measurement = `${prefix}sdk_held_back`
  const lock = await lockMeasurement(engines.postgresUrl, measurement)
  const { job_id } = await queueImport(client, { measurement, media: 'text/csv', body: minutesCsv(10) })
  const heldBack = (request: Request) =>
    request.url.includes('/api/events') ? new Promise<Response>(() => {}) : globalThis.fetch(request)
  const behindProxy = stage1({ baseUrl: server.url, token, fetch: heldBack })
  const waiting = waitForJob(behindProxy, job_id, { by: 'events' })
  await lock.release()
  assert.is((await waiting).status, 'COMPLETED')
})

test('events that are no longer kept are said to be lost', async () => {
  const blocks = 'id: 7\n\nevent: events.lost\ndata: {"since":3,"oldest_event_id":8}\n\n'
  const behind: Stage1 = { ...client, send: async () => new Response(blocks, { headers: STREAM }) }
  for await (const event of events(behind, { since: 3 })) {
    assert.equal(event, { type: 'events.lost', data: { since: 3, oldest_event_id: 8 } })
    break
  }
})

test('a stream that can never stand is an error, and one that is refused for a time is asked for after that time', async () => {
  const first = (client: Stage1) => events(client).next()
  await rejection(first({ ...client, baseUrl: 'nonsense' }))
  const page = { ...client, send: async () => new Response('<html>', { headers: { 'content-type': 'text/html' } }) }
  assert.match(((await rejection(first(page))) as Error).message, /answers text\/html where events should be/)
  const sent: number[] = []
  const send = async () => {
    sent.push(performance.now())
    if (sent.length > 1) return new Response('data: {"type":"run.saved"}\n\n', { headers: STREAM })
    return new Response('{}', { status: 429, headers: { 'retry-after': '2' } })
  }
  assert.equal((await first({ ...client, send })).value, { type: 'run.saved' })
  assert.ok((sent[1] as number) - (sent[0] as number) >= 1999)
})

test('what has a default may be left out', async () => {
  const { columns, dataset } = dataOf(await client.api.POST('/api/questdb/query', { body: { sql: 'select 1 one' } }))
  assert.equal([columns, dataset], [['one'], [[1]]])
  const own = { body: { secret: SHARED_SECRET, name: 'sdk' } }
  const issued = dataOf(await client.api.POST('/api/auth/token', own))
  const rotating = stage1({ baseUrl: server.url, token: issued.token })
  const rotated = dataOf(await rotating.api.POST('/api/auth/rotation', { body: {} }))
  assert.is.not(rotated.token_id, issued.token_id)
})

test('events come in order, each once, over connections that break', async () => {
  const over = new AbortController()
  let streams = 0
  const cutting: Stage1 = {
    ...client,
    async send(request) {
      const response = await client.send(request)
      if (!request.url.includes('/api/events')) return response
      streams += 1
      return streams > 3 ? response : cutAfterEvent(response)
    },
  }
  const heard: Stage1Event[] = []
  const slugs = ['one', 'two', 'three', 'four', 'five'].map((name) => `${prefix}sdk_ev_${name}`)
  const saveNext = () => {
    const slug = slugs[heard.length]
    if (slug === undefined) over.abort()
    else void client.api.POST('/api/datasets', { body: ownDataset('', slug) as never })
  }
  let begun = false
  const onOpen = () => {
    if (!begun) saveNext()
    begun = true
  }
  for await (const event of events(cutting, { topics: ['datasets'], signal: over.signal, onOpen })) {
    if (event.type === 'events.lost') assert.unreachable('nothing is lost')
    heard.push(event as Stage1Event)
    saveNext()
  }
  assert.equal(
    heard.map(({ type, data }) => [type, data.dataset_slug]),
    slugs.map((slug) => ['dataset.registered', slug]),
  )
  assert.ok(streams >= 4, `${streams} connections`)
})

/** The answer, whose stream ends after the first event in it. */
function cutAfterEvent(response: Response): Response {
  let text = ''
  const decoder = new TextDecoder()
  const cut = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      controller.enqueue(chunk)
      text += decoder.decode(chunk, { stream: true })
      if (/^data: [\s\S]*\n\n/m.test(text)) controller.terminate()
    },
  })
  return new Response(response.body?.pipeThrough(cut), response)
}

test('a file is uploaded as a stream, with its progress', async () => {
  const bytes = new TextEncoder().encode(minutesCsv(20_000))
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < bytes.length; at += 65_536) controller.enqueue(bytes.subarray(at, at + 65_536))
      controller.close()
    },
  })
  const told: number[] = []
  const file = { filename: 'minutes.csv', media: 'text/csv', body } as const
  const kept = await upload(client, file, { onProgress: (sent) => told.push(sent) })
  assert.equal([kept.bytes, kept.filename, told.at(-1)], [bytes.length, 'minutes.csv', bytes.length])
  assert.ok(told.length > 2 && told.every((sent, i) => i === 0 || sent > (told[i - 1] as number)))
})

test('a file that can be read again is sent again after a broken connection, with its progress', async () => {
  const { client: tried, keys } = troubled(broken)
  const csv = minutesCsv(20_000)
  const told: number[] = []
  const file = { media: 'text/csv', body: new Blob([csv]) } as const
  const kept = await upload(tried, file, { onProgress: (sent) => told.push(sent) })
  assert.equal([kept.bytes, told.at(-1), keys.length, new Set(keys).size], [csv.length, csv.length, 2, 1])
  assert.ok(told.length > 2)
  const { client: again } = troubled(broken)
  assert.is((await upload(again, { media: 'text/csv', body: csv })).bytes, csv.length)
  const body = new Blob([csv]).stream()
  assert.instance(await rejection(upload(troubled(broken).client, { media: 'text/csv', body })), TypeError)
})

test('an Arrow table comes back as it was stored', async () => {
  const measurement = `${prefix}sdk_arrow`
  const times = Array.from({ length: 3000 }, (_, i) => BigInt(FIRST_MS + i * 60_000))
  const close = Float64Array.from(times, (_, i) => 95_000 + i / 3)
  const stored = await writeTable(client, {
    measurement,
    table: tableFromArrays({ timestamp: BigInt64Array.from(times), close }),
  })
  assert.is(stored.rows_written, 3000)
  const table = await readTable(client, { measurement, columns: ['close'] })
  assert.is(table.numRows, 3000)
  assert.equal(Array.from(table.getChild('close')?.toArray() as Float64Array), Array.from(close))
})

test.run()
