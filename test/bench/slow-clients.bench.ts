/**
 * Four hundred connections that are slow in each of slowhttptest's ways (headers, bodies, readers), and twenty of the worst requests that are
 * allowed: how long `/healthz` takes meanwhile, and how long the server holds the slow ones.
 */
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { setPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { ownEngines } from '../support/engines.js'
import { SHARED_SECRET, TestClient, testEnvironment } from '../support/server.js'
import { startProcess } from '../support/server-process.js'
import { report } from './figures.js'

const CONNECTIONS = 400
const PARALLEL = 20
const PLAYED_MS = 25_000
const HELD_SECONDS = 15
const P99_MS = 50
const NICENESS = 10

const engines = await ownEngines()
const spoolDir = mkdtempSync(join(tmpdir(), 'stage1-bench-spool-'))
// Of all limits but those of the minute the defaults are tried.
const settings = {
  STAGE1_LIMITS_ADDRESS_PER_MINUTE: '1000000',
  STAGE1_LIMITS_TOKEN_PER_MINUTE: '1000000',
  STAGE1_LIMITS_EXPORTS_AT_ONCE: '8',
  STAGE1_LIMITS_QUERIES_AT_ONCE: '5',
}
const server = await startProcess(testEnvironment(engines, spoolDir, { settings }))
const { hostname, port } = new URL(server.url)
// From here on this thread is the clients, which have machines of their own.
setPriority(NICENESS)
try {
  const issued = await new TestClient(server.url, '').post('/api/auth/token', { secret: SHARED_SECRET, name: 'bench' })
  const { token } = issued.json as { token: string }
  const client = new TestClient(server.url, token)
  const many = `${engines.prefix}many`
  await engines.questdb.run(
    `CREATE TABLE ${many} AS (SELECT timestamp_sequence('2024-01-01', 1000000) timestamp, x, rnd_str(200, 200, 0) rnd
     FROM long_sequence(200000)) TIMESTAMP(timestamp) PARTITION BY MONTH WAL`,
  )
  await sleep(2000)

  const alone = await during(sleep(5000))
  console.log(`  /healthz alone: ${shown(alone)}`)

  await attack('slow headers', {
    begin: 'GET /api/datasets HTTP/1.1\r\nHost: x\r\n',
    follow: (socket) => socket.write(`X-${Math.random().toString(36).slice(2)}: a\r\n`),
  })
  await attack('slow bodies', {
    begin: 'POST /api/auth/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 4096\r\n\r\n',
    follow: (socket) => socket.write(' '.repeat(30)),
  })
  await attack('slow bodies, with a token', {
    begin: `POST /api/questdb/import?measurement=${many}_x HTTP/1.1\r\nHost: x\r\nX-Stage1-Token: ${token}\r\nContent-Type: text/csv\r\nContent-Length: 4096\r\n\r\ntimestamp,x\n`,
    follow: (socket) => socket.write('1,1\n'),
  })
  const sql = JSON.stringify({ sql: `select * from ${many}`, format: 'csv' })
  await attack('slow readers of the docs page', {
    begin: 'GET /api/docs HTTP/1.1\r\nHost: x\r\n\r\n',
    follow: (socket) => void socket.read(32),
    paused: true,
  })
  await attack('slow readers of exports', {
    begin: `POST /api/questdb/export HTTP/1.1\r\nHost: x\r\nX-Stage1-Token: ${token}\r\nContent-Type: application/json\r\nContent-Length: ${sql.length}\r\n\r\n${sql}`,
    follow: (socket) => void socket.read(32),
    paused: true,
  })

  /** Takes the answer as fast as it comes and keeps nothing of it: what a client does with the bytes is done on its own machine. */
  const drained = async (path: string, body: unknown) => {
    const headers = { 'content-type': 'application/json', 'x-stage1-token': token }
    const { status, body: bytes } = await fetch(server.url + path, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    })
    for await (const _ of bytes ?? []);
    return { status }
  }
  const run = (folds: number) => {
    const metrics = Object.fromEntries(Array.from({ length: 90 }, (_, i) => [`metric_${i}`, i / 7]))
    const all = Array.from({ length: folds }, (_, i) => ({ fold_number: i, metrics }))
    return { run: { run_id: crypto.randomUUID(), dataset_id: crypto.randomUUID() }, folds: all }
  }
  const simulation = (count: number) => {
    const trade = {
      fold_index: 1,
      side: 'long',
      size: 1.5,
      pnl: -3.25,
      return_pct: 0.125,
      entry_timestamp: 1_735_837_200_000,
    }
    return {
      simulation_id: crypto.randomUUID(),
      trades: Array.from({ length: count }, (_, i) => ({
        ...trade,
        trade_id: `t${i}`,
        entry_price: i / 7,
        exit_price: i / 3,
      })),
    }
  }
  const worst: Record<string, () => Promise<{ status: number }>> = {
    'queries that take all their time': () =>
      client.post('/api/questdb/query?timeout=10', {
        sql: `select count() from ${many} a cross join ${many} b cross join ${many} c where a.x + b.x + c.x < 0`,
      }),
    exports: () => drained('/api/questdb/export', { sql: `select * from ${many}`, format: 'csv' }),
    'JSON with as many values as are allowed': () =>
      client.post('/api/simulations', { simulation_id: crypto.randomUUID(), config: { x: Array(499_000).fill(1) } }),
    'simulations of 20 000 trades': () => client.post('/api/simulations', simulation(20_000)),
    'runs of 2 600 folds': () => client.post('/api/runs', run(2600)),
    'JSON of empty objects': () =>
      client.post('/api/simulations', { simulation_id: crypto.randomUUID(), config: { x: Array(249_000).fill({}) } }),
  }
  for (const [name, ask] of Object.entries(worst)) {
    const statuses = new Map<number, number>()
    const all = Promise.all(
      Array.from({ length: PARALLEL }, async () => {
        const { status } = await ask().catch(() => ({ status: 0 }))
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
      }),
    )
    const delays = await during(all)
    const answers = [...statuses].map(([status, count]) => `${count} × ${status}`).join(', ')
    report(`${PARALLEL} × ${name}`, `/healthz ${shown(delays)}; ${answers}`, goal(delays))
  }
} finally {
  await server.terminate()
  await engines.release()
  rmSync(spoolDir, { recursive: true, force: true })
}

interface Attack {
  /** What is sent at once. */
  readonly begin: string
  /** What is done every few seconds. */
  readonly follow: (socket: Socket) => void
  /** Whether the answer is not read by itself. */
  readonly paused?: boolean
}

async function attack(name: string, { begin, follow, paused }: Attack): Promise<void> {
  const before = openFiles()
  const sockets = Array.from({ length: CONNECTIONS }, () => {
    const socket = connect(Number(port), hostname, () => socket.write(begin))
    socket.on('error', () => {})
    if (paused) socket.pause()
    else socket.resume()
    return socket
  })
  const drip = setInterval(() => {
    for (const socket of sockets) if (!socket.destroyed) follow(socket)
  }, 3000)
  const began = performance.now()
  let last = 0
  const watch = setInterval(() => {
    // What the server holds: what a slow reader has yet to take of the system is no longer its matter.
    if (openFiles() > before + CONNECTIONS / 20) last = performance.now() - began
  }, 250)
  const delays = await during(sleep(PLAYED_MS))
  clearInterval(drip)
  clearInterval(watch)
  for (const socket of sockets) socket.destroy()
  const held = last / 1000
  report(`${CONNECTIONS} ${name}`, `/healthz ${shown(delays)}; held for ${held.toFixed(1)} s`, {
    text: `p99 < ${P99_MS} ms, held ≤ ${HELD_SECONDS} s`,
    held: goal(delays).held && held <= HELD_SECONDS,
  })
  await sleep(1000)
}

function openFiles(): number {
  return readdirSync(`/proc/${server.pid}/fd`).length
}

/** Milliseconds that `/healthz` takes, asked twenty-five times a second from a thread of its own, until the work has ended. */
async function during(work: Promise<unknown>): Promise<number[]> {
  const prober = new Worker(new URL('health-prober.js', import.meta.url), { workerData: `${server.url}/healthz` })
  await work
  prober.postMessage('end')
  const [delays] = (await once(prober, 'message')) as [number[]]
  return delays.sort((a, b) => a - b)
}

function at(delays: readonly number[], share: number): number {
  return delays[Math.min(delays.length - 1, Math.floor(delays.length * share))] ?? Number.NaN
}

function shown(delays: readonly number[]): string {
  return `p50 ${at(delays, 0.5).toFixed(1)}, p99 ${at(delays, 0.99).toFixed(1)}, max ${at(delays, 1).toFixed(0)} ms of ${delays.length}`
}

function goal(delays: readonly number[]) {
  return { text: `p99 < ${P99_MS} ms`, held: at(delays, 0.99) < P99_MS }
}
