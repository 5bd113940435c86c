/** How far the server's memory grows while a large batch is taken, and while a slow reader is sent a large table. */
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { waitUntilVisible } from '../../src/questdb/visibility.js'
import { ownEngines } from '../support/engines.js'
import { bars, ownDataset } from '../support/fixtures.js'
import { SHARED_SECRET, TestClient, testEnvironment } from '../support/server.js'
import { startProcess } from '../support/server-process.js'
import { report } from './figures.js'

const GOAL_MB = 120
const ROWS_READ = 1_000_000
const READER_BYTES_PER_SECOND = 12_000_000
const MB = 1024 * 1024

const engines = await ownEngines()
const spoolDir = mkdtempSync(join(tmpdir(), 'stage1-bench-spool-'))
const server = await startProcess(testEnvironment(engines, spoolDir))
try {
  const issued = await new TestClient(server.url, '').post('/api/auth/token', { secret: SHARED_SECRET, name: 'bench' })
  const { token } = issued.json as { token: string }
  const client = new TestClient(server.url, token)
  const dataset = ownDataset(engines.prefix, 'memory')
  await client.post('/api/datasets', dataset)
  const path = `/api/datasets/${dataset.dataset_slug}`
  await client.post(`${path}/ohlcv/append`, { rows: bars(5_000) })
  await client.post(`${path}/indicators/append`, { rows: [{ timestamp: 1_732_831_200_000, i0: 1 }] })
  await client.get(`${path}/ohlcv`)

  const body = wideBatch(10_000, 150)
  const append = await growth(async () => {
    const answer = await client.send('POST', `${path}/indicators/append`, { body })
    if (answer.status !== 200) throw new Error(answer.text.slice(0, 500))
  })
  held(`append of ${(body.length / MB).toFixed(0)} MB JSON, 10 000 × 150`, append)

  await fill(`${dataset.dataset_slug}_ohlcv`)
  const read = await growth(async () => {
    const { rows, bytes } = await slowRead(`${server.url}${path}/ohlcv`, token)
    if (rows !== ROWS_READ) throw new Error(`${rows} rows came instead of ${ROWS_READ}`)
    console.log(`  read ${rows} rows, ${(bytes / MB).toFixed(0)} MB, at ${READER_BYTES_PER_SECOND / 1e6} MB/s`)
  })
  held('1 000 000 rows for a slow reader', read)
} finally {
  await server.terminate()
  await engines.release()
  rmSync(spoolDir, { recursive: true, force: true })
}

function held(what: string, { before, peak, seconds }: Growth): void {
  const grown = peak - before
  const figures = `${before.toFixed(0)} → ${peak.toFixed(0)} MB in ${seconds.toFixed(1)} s: +${grown.toFixed(0)} MB`
  report(what, figures, { text: `< ${GOAL_MB} MB`, held: grown < GOAL_MB })
}

interface Growth {
  /** MB of resident memory. */
  readonly before: number
  readonly peak: number
  readonly seconds: number
}

async function growth(work: () => Promise<void>): Promise<Growth> {
  await sleep(1_000)
  const before = residentMb()
  let peak = before
  const looking = setInterval(() => {
    peak = Math.max(peak, residentMb())
  }, 20)
  const began = performance.now()
  try {
    await work()
  } finally {
    clearInterval(looking)
  }
  return { before, peak: Math.max(peak, residentMb()), seconds: (performance.now() - began) / 1000 }
}

/** Linux alone tells it this way. */
function residentMb(): number {
  const status = readFileSync(`/proc/${server.pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024
}

/** Doubles with all their digits, as the desktop prints them. */
function wideBatch(rows: number, columns: number): string {
  const parts: string[] = []
  for (let n = 0; n < rows; n++) {
    const cells = Array.from({ length: columns }, (_, c) => `"i${c}":${Math.sin(n * 1.7 + c) * 10_000}`)
    parts.push(`{"timestamp":${1_732_831_200_000 + n * 3_600_000},${cells.join(',')}}`)
  }
  return `{"rows":[${parts.join(',')}]}`
}

async function fill(table: string): Promise<void> {
  await engines.questdb.run(`TRUNCATE TABLE "${table}"`)
  await engines.questdb.run(
    `INSERT INTO "${table}" (timestamp, open, high, low, close, volume)
     SELECT timestamp_sequence('2020-01-01', 60000000L), rnd_double() * 100000, rnd_double() * 100000,
       rnd_double() * 100000, rnd_double() * 100000, rnd_double() * 1000 FROM long_sequence(${ROWS_READ})`,
  )
  await waitUntilVisible(engines.questdb, table)
}

async function slowRead(url: string, token: string): Promise<{ rows: number; bytes: number }> {
  const request = get(url, { headers: { 'x-stage1-token': token }, agent: false })
  const [response] = (await once(request, 'response')) as [import('node:http').IncomingMessage]
  const began = performance.now()
  let rows = 0
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length
    for (const byte of chunk) if (byte === 0x7d) rows++
    const ahead = (bytes / READER_BYTES_PER_SECOND) * 1000 - (performance.now() - began)
    if (ahead > 20) await sleep(ahead)
  }
  // One brace closes the answer itself.
  return { rows: rows - 1, bytes }
}
