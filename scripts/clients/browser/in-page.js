/** What a web page does with the client. It runs in the browser, and gives back what it has seen. */
import { dataOf, datasets, events, folds, runs, stage1, upload, waitForJob } from '@stage1/client'
import { readTable } from '@stage1/client/arrow'

/** Enough that it leaves in more than one piece. */
const LARGE_ROWS = 1_000_000

/** From an allowed origin: everything, from the token on. */
export async function work({ url, secret, dataset, run }) {
  const stranger = stage1({ baseUrl: url })
  const { token } = dataOf(await stranger.api.POST('/api/auth/token', { body: { secret, name: 'web' } }))
  const client = stage1({ baseUrl: url, token })

  dataOf(await client.api.POST('/api/datasets', { body: dataset }))
  const slugs = []
  for await (const { dataset_slug } of datasets(client)) slugs.push(dataset_slug)

  const headers = { Prefer: 'respond-async' }
  const accepted = await client.api.POST('/api/runs', { body: run, headers })
  const phases = []
  const { job_id } = dataOf(accepted)
  const job = await waitForJob(client, job_id, { by: 'events', onProgress: ({ status }) => phases.push(status) })

  const numbers = []
  for await (const { fold_number } of folds(client, run.run.run_id, { pageSize: 10 })) numbers.push(fold_number)
  const receipt = dataOf(
    await client.api.GET('/api/runs/{run_id}/receipt', { params: { path: { run_id: run.run.run_id } } }),
  )
  const table = await readTable(client, { measurement: receipt.prediction_measurement })
  const predictions = Array.from(table.getChild('prediction') ?? [], Number)

  const sent = []
  const file = { filename: 'close.csv', media: 'text/csv', body: new Blob(['timestamp,close\n1732831200000,1.5\n']) }
  const uploaded = await upload(client, file, { onProgress: (bytes) => sent.push(bytes) })
  const large = new Blob(['timestamp,close\n', '1732831200000,1.5\n'.repeat(LARGE_ROWS)])
  const told = []
  const uploadedLarge = await upload(
    client,
    { media: 'text/csv', body: large },
    { onProgress: (bytes) => told.push(bytes) },
  )
  const streamed = await upload(client, { media: 'text/csv', body: large.stream() })

  const unknown = { params: { path: { run_id: 'a0000000-0000-4000-8000-000000000000' } } }
  const refusal = await client.api.GET('/api/runs/{run_id}', unknown).catch((error) => error)
  const version = accepted.response.headers.get('X-Stage1-Version')
  return {
    accepted: accepted.response.status,
    slugs,
    phases,
    status: job.status,
    numbers,
    rows: table.numRows,
    predictions,
    uploaded: [uploaded.bytes, uploadedLarge.bytes - large.size, streamed.bytes - large.size],
    sent,
    told: [told.length > 1, told.at(-1) - large.size],
    refusal: [refusal.name, refusal.status, refusal.code],
    version,
    ticket: await openedByTicket(client),
  }
}

/** What becomes of an EventSource, which can send no header: a ticket lets it in. */
async function openedByTicket(client) {
  const { ticket } = dataOf(await client.api.POST('/api/events/tickets'))
  return opened(`${client.baseUrl}/api/events?ticket=${ticket}`)
}

/** @throws TypeError when the stream is refused, as fetch does */
function opened(url) {
  const source = new EventSource(url)
  return new Promise((resolve, reject) => {
    source.onopen = () => resolve('open')
    source.onerror = () => reject(new TypeError('refused'))
  }).finally(() => source.close())
}

/** From another origin: what becomes of each call, though the token is right. */
export async function tryAll({ url, secret, token, dataset, run }) {
  const client = stage1({ baseUrl: url, token, retry: { tries: 1 } })
  const first = async (items) => {
    for await (const item of items) return item
  }
  const heard = new AbortController()
  setTimeout(() => heard.abort(), 3000)
  const calls = {
    token: () => client.api.POST('/api/auth/token', { body: { secret, name: 'web' } }),
    datasets: () => first(datasets(client)),
    runs: () => first(runs(client)),
    'save a dataset': () => client.api.POST('/api/datasets', { body: dataset }),
    'save a run': () => client.api.POST('/api/runs', { body: run }),
    export: () => readTable(client, { sql: 'select 1 x' }),
    upload: () =>
      upload(client, { filename: 'a.csv', media: 'text/csv', body: new Blob(['timestamp,x\n1732831200000,1\n']) }),
    events: () =>
      first(events(client, { since: 0, signal: heard.signal })).then(
        (event) => event ?? Promise.reject(new TypeError('nothing was heard')),
      ),
    health: () => fetch(`${url}/api/health`),
    'a request without a preflight': () => fetch(`${url}/api/openapi.json`),
    'a body without a preflight': () =>
      fetch(`${url}/api/datasets`, {
        method: 'POST',
        body: JSON.stringify(dataset),
        headers: { 'Content-Type': 'text/plain' },
      }),
    EventSource: () => opened(`${url}/api/events`),
  }
  const fates = {}
  for (const [name, call] of Object.entries(calls))
    fates[name] = await call().then(
      () => 'answered',
      (error) => error.name,
    )
  return fates
}
