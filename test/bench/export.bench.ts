/** Exports through the server against the same rows straight from QuestDB: rows a second, and when the first byte comes. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { request } from 'undici'
import { engineAddress } from '../../src/questdb/address.js'
import { waitUntilVisible } from '../../src/questdb/visibility.js'
import { ownEngines } from '../support/engines.js'
import { SHARED_SECRET, TestClient, testEnvironment } from '../support/server.js'
import { startProcess } from '../support/server-process.js'
import { median, report } from './figures.js'

const ROWS = Number(process.env.ROWS ?? 1_000_000)
const ROUNDS = 5
const FIRST_BYTE_MS = 50
const SLOW_READERS = 20
const GROWTH_MB = 64

const FORMATS = [
  { format: 'csv', path: '/exp', params: {}, goal: 0.9 },
  { format: 'parquet', path: '/exp', params: { fmt: 'parquet', compression_codec: 'snappy' }, goal: 0.9 },
  { format: 'json', path: '/exec', params: {}, goal: 0.9 },
  // Against QuestDB's own CSV, since it writes no Arrow; the first byte waits for the last row.
  { format: 'arrow', path: '/exp', params: {}, goal: 1.3 },
] as const

const engines = await ownEngines()
const spool = mkdtempSync(join(tmpdir(), 'stage1-bench-spool-'))
const environment = testEnvironment(engines, spool)
const server = await startProcess(environment)
const issued = await new TestClient(server.url, '').post('/api/auth/token', { secret: SHARED_SECRET })
const { token } = issued.json as { token: string }
const table = `${engines.prefix}bars`
const sql = `SELECT * FROM ${table}`

interface Taken {
  readonly firstMs: number
  readonly allMs: number
}

try {
  await fill()
  for (const { format, path, params, goal } of FORMATS) {
    const direct: Taken[] = []
    const through: Taken[] = []
    for (let round = 0; round <= ROUNDS; round++) {
      const pair = [await straight(path, params), await exported(format)] as const
      // The first round only warms up.
      if (round > 0) {
        direct.push(pair[0])
        through.push(pair[1])
      }
    }
    const speeds = [direct, through].map((taken) => taken.map(({ allMs }) => ROWS / allMs / 1000))
    const [own, ours] = speeds.map(median) as [number, number]
    const figures = `${range(speeds[1] as number[])} M rows/s, QuestDB ${range(speeds[0] as number[])}`
    report(`${format} out`, figures, { text: `≥ ${goal}, is ${(ours / own).toFixed(2)}`, held: ours / own >= goal })
    if (format === 'arrow') continue
    const later = median(through.map(({ firstMs }) => firstMs)) - median(direct.map(({ firstMs }) => firstMs))
    report(`${format} first byte`, `${later.toFixed(1)} ms after QuestDB's own`, {
      text: `≤ ${FIRST_BYTE_MS} ms`,
      held: later <= FIRST_BYTE_MS,
    })
  }
  await slowReaders()
} finally {
  await server.terminate()
  await engines.release()
  rmSync(spool, { recursive: true, force: true })
}

async function fill(): Promise<void> {
  await engines.questdb.run(
    `CREATE TABLE ${table} AS (SELECT timestamp_sequence('2020-01-01', 60000000) timestamp, rnd_double() * 1e5 open, rnd_double() * 1e5 high,
     rnd_double() * 1e5 low, rnd_double() * 1e5 close, rnd_double() * 1e3 volume FROM long_sequence(${ROWS}))
     TIMESTAMP(timestamp) PARTITION BY MONTH WAL`,
  )
  await waitUntilVisible(engines.questdb, table, { timeoutMs: 120_000 })
}

async function straight(path: string, params: Readonly<Record<string, string>>): Promise<Taken> {
  const { origin, headers } = engineAddress(engines.questdbUrl)
  return taken(() => request(`${origin}${path}?${new URLSearchParams({ query: sql, ...params })}`, { headers }))
}

function exported(format: string): Promise<Taken> {
  return taken(() => ask({ sql, format }))
}

function ask(json: unknown) {
  return request(`${server.url}/api/questdb/export`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-stage1-token': token },
    body: JSON.stringify(json),
  })
}

async function taken(send: () => ReturnType<typeof request>): Promise<Taken> {
  const started = performance.now()
  const { statusCode, body } = await send()
  if (statusCode !== 200) throw new Error(`${statusCode}: ${await body.text()}`)
  let firstMs = 0
  for await (const _ of body) if (firstMs === 0) firstMs = performance.now() - started
  return { firstMs, allMs: performance.now() - started }
}

/** More clients than QuestDB has places for CSV take a large export byte by byte. */
async function slowReaders(): Promise<void> {
  const before = residentMb()
  const answers = Array.from({ length: SLOW_READERS }, () =>
    ask({ sql: `SELECT a.* FROM ${table} a CROSS JOIN (SELECT volume v FROM ${table} LIMIT 100) b`, format: 'json' }),
  )
  const bodies = (await Promise.all(answers)).map(({ body }) => body)
  let growth = 0
  for (let i = 0; i < 50; i++) {
    for (const body of bodies) body.read(16_384)
    await sleep(100)
    growth = Math.max(growth, residentMb() - before)
  }
  for (const body of bodies) body.on('error', () => {}).destroy()
  report(`memory with ${SLOW_READERS} slow readers`, `grew by ${growth.toFixed(0)} MB`, {
    text: `≤ ${GROWTH_MB} MB`,
    held: growth <= GROWTH_MB,
  })
}

function residentMb(): number {
  const [, kb] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8')) ?? []
  return Number(kb) / 1024
}

function range(values: readonly number[]): string {
  return `${median(values).toFixed(2)} (${Math.min(...values).toFixed(2)}–${Math.max(...values).toFixed(2)})`
}
