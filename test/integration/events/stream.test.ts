/** GET /api/events on two servers that share a database: what is saved is heard, in order, once, over every change of server. */
import * as assert from 'uvu/assert'
import { type HeardStream, listen } from '../../support/event-stream.js'
import { eventually } from '../../support/eventually.js'
import { bars, ownDataset } from '../../support/fixtures.js'
import { SHARED_SECRET, startServer } from '../../support/server.js'
import { asAdmin } from '../../support/template.js'
import { test } from '../../support/test.js'

const ORIGIN = 'https://agenticresearch.info'
const JOB = '7f0a3f51-5f1e-4a57-9a1c-0a4c5d1b2e3f'
const settings = { STAGE1_EVENTS_HEARTBEAT_SECONDS: '1' }
const one = await startServer({ settings })
const two = await startServer({ settings, engines: one.engines })
const open = new Set<HeardStream>()
test.after.each(() => {
  for (const stream of open) stream.leave()
  open.clear()
})
test.after(async () => {
  await two.stop()
  await one.stop()
})

const sql = (text: string, values: unknown[] = []) =>
  asAdmin(one.engines.postgresUrl, (admin) => admin.query(text, values))

async function hear(query = '', on = one, headers: Record<string, string> = {}): Promise<HeardStream> {
  const stream = await listen(on.url, on.token, query, headers)
  open.add(stream)
  return stream
}

/** Stores events as a service would. */
async function happen(count: number, topic = 'jobs', jobId: string | null = null, bytes = 0): Promise<number[]> {
  const { rows } = await sql(
    `insert into stage1_events (topic, type, subject, job_id, data)
     select $1, 'thing.done', i::text, $2, jsonb_build_object('i', i, 'pad', repeat('x', $4)) from generate_series(1, $3) i
     returning event_id`,
    [topic, jobId, count, bytes],
  )
  await sql(`select pg_notify('stage1_events', '')`)
  return rows.map(({ event_id }) => Number(event_id))
}

test('what is saved on one server is told on both, in the order of its numbers', async () => {
  const streams = [await hear('', one), await hear('', two)]
  const dataset = ownDataset(one.engines.prefix, 'told')
  await one.post('/api/datasets', dataset)
  await two.post(`/api/datasets/${dataset.dataset_id}/ohlcv/append`, { rows: bars(3) })
  const run = { run_id: '8620f8da-8f74-4dd9-8ee2-d14d2c672873', dataset_id: dataset.dataset_id, folds: [] }
  const measurement = `${one.engines.prefix}wf`
  const save = { ...run, prediction_measurement: measurement, status: 'COMPLETED' }
  assert.is((await one.post('/api/runs', save)).status, 201)
  assert.is((await two.post('/api/runs', save)).status, 200, 'the same again, which changes nothing')
  const simulation = { simulation_id: '76c0d152-0b70-42a0-be34-2cac592261b0', run_id: run.run_id, status: 'COMPLETED' }
  assert.is((await two.post('/api/simulations', simulation)).status, 201)
  const told = (stream: HeardStream) => stream.events.filter(({ data }) => data.topic !== 'jobs')
  for (const stream of streams) {
    await eventually('all is told', () => told(stream).length >= 4)
    assert.equal(
      told(stream).map(({ type, data }) => [type, data.type, data.topic, data.subject]),
      [
        ['dataset.registered', 'dataset.registered', 'datasets', dataset.dataset_id],
        ['dataset.rows_changed', 'dataset.rows_changed', 'datasets', dataset.dataset_id],
        ['run.saved', 'run.saved', 'runs', run.run_id],
        ['simulation.saved', 'simulation.saved', 'simulations', simulation.simulation_id],
      ],
    )
    for (const { id, data } of stream.events) assert.is(id, String(data.event_id))
    assert.equal(
      stream.numbers,
      [...new Set(stream.numbers)].sort((a, b) => a - b),
    )
    const [registered, changed, saved] = told(stream).map(({ data }) => data.data)
    assert.equal(registered, { dataset_slug: dataset.dataset_slug, created: true })
    assert.equal([changed?.frame, changed?.rows_written, changed?.total_rows], ['ohlcv', 3, 3])
    assert.equal([saved?.prediction_measurement, saved?.fold_count, saved?.created], [measurement, 0, true])
  }
  assert.equal(streams[0]?.numbers, streams[1]?.numbers)
})

test('a save that is refused, or fails at its end, is not told', async () => {
  const stream = await hear('?topics=datasets')
  assert.is((await one.post('/api/datasets', { dataset_slug: 'x', dataset_id: 'no uuid' })).status, 400)
  const [number] = await happen(1, 'datasets')
  await stream.atLeast(1)
  assert.equal(stream.numbers, [number])
})

test('the head says what proxies and browsers must know, and the first line comes at once', async () => {
  const { status, headers, comments, lastId } = await hear('', one, { origin: ORIGIN, 'accept-encoding': 'gzip' })
  assert.is(status, 200)
  assert.is(headers['content-type'], 'text/event-stream; charset=utf-8')
  assert.is(headers['cache-control'], 'no-store, no-transform')
  assert.is(headers['x-accel-buffering'], 'no')
  assert.is(headers['content-encoding'], undefined)
  assert.is(headers['access-control-allow-origin'], ORIGIN)
  assert.is(comments.length, 1)
  assert.match(lastId, /^\d+$/)
})

test('a quiet stream is kept alive, and tells how far it has got though its filter lets nothing through', async () => {
  const stream = await hear('?topics=simulations')
  const numbers = await happen(2)
  await eventually('a heartbeat', () => stream.comments.length >= 2 && stream.lastId === String(numbers[1]), 4_000)
  assert.equal(stream.events, [])
})

test('filters let through what fits all of them, from the table and live', async () => {
  const first = await happen(1, 'runs', JOB)
  const since = (first[0] as number) - 1
  await happen(1, 'jobs')
  await happen(1, 'jobs', JOB)
  const both = await hear(`?topics=jobs&job_id=${JOB.toUpperCase()}&since=${since}`)
  const either = await hear(`?topics=runs,jobs&since=${since}`)
  const ofJob = await hear(`?job_id=${JOB}&since=${since}`)
  await happen(1, 'jobs', JOB)
  await happen(1, 'datasets', JOB)
  for (const [stream, expected] of [
    [both, ['jobs', 'jobs']],
    [either, ['runs', 'jobs', 'jobs', 'jobs']],
    [ofJob, ['runs', 'jobs', 'jobs', 'datasets']],
  ] as const) {
    await stream.atLeast(expected.length)
    assert.equal(
      stream.events.map(({ data }) => data.topic),
      expected,
    )
  }
})

test('over a hundred changes of server, with the last id in hand, nothing is missed and nothing comes twice', async () => {
  const [from] = await happen(1)
  let last = String(from)
  let busy = true
  const written: number[] = []
  const writing = (async () => {
    for (let i = 0; busy; i++) written.push(...(await happen(1 + (i % 7))))
  })()
  const heard: number[] = []
  for (let i = 0; i < 100; i++) {
    const on = i % 2 === 0 ? two : one
    const stream = await hear(
      i % 3 === 0 ? `?since=${last}` : '?since=0',
      on,
      i % 3 === 0 ? {} : { 'last-event-id': last },
    )
    if (i % 4 > 0) await eventually('something is heard', () => stream.events.length > 0)
    stream.leave()
    heard.push(...stream.numbers)
    last = stream.lastId
  }
  busy = false
  await writing
  const rest = await hear('', one, { 'last-event-id': last })
  await eventually('the last is heard', () => rest.lastId === String(written.at(-1)))
  assert.equal([...heard, ...rest.numbers], written)
})

test('thousands of stored events are replayed whole to a client that reads slowly, and those that come meanwhile', async () => {
  const stored = await happen(1_500, 'jobs', null, 2_000)
  const stream = await hear(`?since=${(stored[0] as number) - 1}`)
  stream.response.pause()
  const more = await happen(30)
  await new Promise((resolve) => setTimeout(resolve, 100))
  stream.response.resume()
  const all = [...stored, ...more]
  await stream.atLeast(all.length)
  assert.equal(stream.numbers, all)
})

test('a client that reads nothing is cut off, and hears the rest when it comes again', async () => {
  const stream = await hear()
  const last = stream.lastId
  stream.response.pause()
  const written: number[] = []
  const cut = () => /too slow/.test(one.log())
  for (let i = 0; i < 60 && !cut(); i++) written.push(...(await happen(10, 'jobs', null, 40_000)))
  await eventually('it is cut off', cut)
  const again = await hear('', two, { 'last-event-id': last })
  await again.atLeast(written.length)
  assert.equal(again.numbers, written)
})

test('who was away for longer than events are kept is told so, and told again until it begins anew', async () => {
  const stored = await happen(5)
  await sql(`update stage1_events set created_at = now() - interval '8 days' where event_id <= $1`, [stored[2]])
  const live = await hear(`?since=${stored[4]}`)
  const brief = await startServer({ settings, engines: one.engines })
  try {
    await eventually('the sweep has removed them', async () => {
      const { rows } = await sql('select min(event_id) as oldest from stage1_events')
      return Number(rows[0].oldest) === stored[3]
    })
    const stream = await hear('?since=1', brief)
    await stream.atLeast(3)
    assert.is(stream.events[0]?.type, 'events.lost')
    assert.equal(stream.events[0]?.data as unknown, { since: 1, oldest_event_id: stored[3] })
    assert.is(stream.events[0]?.id, '1', 'it has no number of its own')
    assert.equal(
      stream.events.slice(1).map(({ data }) => data.event_id),
      stored.slice(3),
    )
    const exact = await hear(`?since=${stored[2]}`, brief)
    await exact.atLeast(2)
    assert.equal(exact.numbers, stored.slice(3), 'nothing that it has not got is lost')
  } finally {
    await brief.stop()
  }
  const [next] = await happen(1)
  await live.atLeast(1)
  assert.equal(live.numbers, [next], 'what is removed is no gap for those who are there')
})

test('numbers that can not be one are refused, and name where they stood', async () => {
  const [last] = await happen(1)
  const beyond = (last as number) + 1
  for (const bad of ['x', '-1', '1.5', '1e3', '', '9007199254740993', String(beyond)]) {
    const answer = await one.get(`/api/events?since=${bad}`)
    assert.is(answer.status, 400, bad)
    assert.match(answer.text, /since/)
  }
  for (const bad of ['x', '-1', '1.5', '1 2', '99999999999999999999', String(beyond)]) {
    const answer = await one.get('/api/events', { headers: { 'last-event-id': bad } })
    assert.is(answer.status, 400, bad)
    assert.match(answer.text, /last-event-id/i)
  }
  for (const bad of ['topics=', 'topics=jobs,none', 'job_id=x', 'token=x', 'limit=1'])
    assert.is((await one.get(`/api/events?${bad}`)).status, 400, bad)
})

test('a server that stops ends its streams at once and cleanly, and the client goes on with another', async () => {
  const brief = await startServer({ settings, engines: one.engines })
  const stream = await hear('', brief)
  await happen(3)
  await stream.atLeast(3)
  const began = performance.now()
  await brief.stop()
  assert.ok(performance.now() - began < 1_500)
  await eventually('the stream has ended', () => stream.ended)
  const more = await happen(2)
  const next = await hear('', two, { 'last-event-id': stream.lastId })
  await next.atLeast(2)
  assert.equal(next.numbers, more)
})

interface Ticket {
  readonly ticket: string
  readonly expires_at: string
  readonly last_event_id: number
}

async function ticketOf(client = one): Promise<Ticket> {
  const answer = await client.send('POST', '/api/events/tickets')
  assert.is(answer.status, 201)
  return answer.json as Ticket
}

test('a ticket opens one stream on any server without a token, and no second one', async () => {
  const { ticket, expires_at } = await ticketOf()
  const left = Date.parse(expires_at) - Date.now()
  assert.ok(left > 0 && left <= 60_000, `${left} ms`)
  const stream = await listen(two.url, '', `?ticket=${ticket}&topics=runs`)
  open.add(stream)
  assert.is(stream.status, 200)
  const [number] = await happen(1, 'runs')
  await stream.atLeast(1)
  assert.equal(stream.numbers, [number])
  for (const server of [one, two]) assert.is((await listen(server.url, '', `?ticket=${ticket}`)).status, 401)
})

test('what happens after a ticket is made and before its stream opens is heard, also what was begun before', async () => {
  const { began, known, ticket } = await asAdmin(one.engines.postgresUrl, async (admin) => {
    await admin.query('begin')
    const { rows } = await admin.query(
      `insert into stage1_events (topic, type, subject, data) values ('runs', 'thing.done', 'slow', '{}') returning event_id`,
    )
    // Higher than the one that is not committed yet.
    await happen(1, 'runs')
    const { ticket, last_event_id } = await ticketOf()
    await admin.query('commit')
    return { began: Number(rows[0].event_id), known: last_event_id, ticket }
  })
  const [after] = await happen(1, 'runs')
  assert.ok(known < began, `${known}`)
  const stream = await listen(two.url, '', `?ticket=${ticket}&topics=runs&since=${known}`)
  open.add(stream)
  await eventually('the last is heard', () => stream.numbers.includes(after as number))
  assert.ok(stream.numbers.includes(began))
  await eventually('the next ticket knows of it', async () => (await ticketOf(two)).last_event_id === after)
})

test('of two that use a ticket at the same moment one is let in', async () => {
  const { ticket } = await ticketOf()
  const both = await Promise.all([one, two, one, two].map((server) => listen(server.url, '', `?ticket=${ticket}`)))
  for (const stream of both) open.add(stream)
  assert.equal(both.map(({ status }) => status).sort(), [200, 401, 401, 401])
})

test('a ticket is worth nothing when it or its token has expired or is gone, and anywhere else', async () => {
  const attempt = async (ticket: string) => (await listen(one.url, '', `?ticket=${ticket}`)).status
  const { ticket: old } = await ticketOf()
  await sql(`update stage1_stream_tickets set expires_at = now()`)
  assert.is(await attempt(old), 401)
  const issue = async () => {
    const { json } = await one.post('/api/auth/token', { secret: SHARED_SECRET, name: 'page' })
    const { token, token_id } = json as { token: string; token_id: string }
    const answer = await one.send('POST', '/api/events/tickets', { headers: { 'x-stage1-token': token } })
    return { token, token_id, ticket: (answer.json as Ticket).ticket }
  }
  const expired = await issue()
  await sql(`update stage1_tokens set expires_at = now() where token_id = $1`, [expired.token_id])
  assert.is(await attempt(expired.ticket), 401)
  const revoked = await issue()
  await sql(`delete from stage1_tokens where token_id = $1`, [revoked.token_id])
  assert.is(await attempt(revoked.ticket), 401)
  const { ticket } = await ticketOf()
  for (const bad of ['', 'x', one.token, `${ticket}x`, `${ticket}&ticket=${ticket}`]) assert.is(await attempt(bad), 401)
  assert.is((await listen(one.url, ticket)).status, 401, 'in the header of a token')
  assert.is((await fetch(`${one.url}/api/jobs?ticket=${ticket}`)).status, 401)
  assert.is(await attempt(ticket), 200, 'none of which has used it up')
})

test('neither tickets nor tokens stand in the log or in the database', async () => {
  const { ticket } = await ticketOf()
  const stream = await listen(one.url, '', `?ticket=${ticket}`)
  assert.is((await listen(one.url, '', `?ticket=${ticket}`)).status, 401)
  const { rows } = await sql(`select encode(ticket_sha256, 'escape') as t, * from stage1_stream_tickets`)
  assert.not(JSON.stringify(rows).includes(ticket))
  stream.leave()
  await eventually('it is logged', () => /"operation":"streamEvents"[^\n]*"status":200/.test(one.log()))
  for (const { log } of [one, two]) assert.not(log().includes(ticket.slice(4, 30)) || log().includes('ticket='))
})

test.run()
